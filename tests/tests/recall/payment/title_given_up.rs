//! Goods that a provider sent to their maker, to whom their owner gives title up.

use anchor_lang::Address;
use custody::{
    Consignment, ConsignmentStatus, CustodyError, Disposition, ExceptionCode, UnitBlock,
};
use pedigree_domain::Permissions;
use pedigree_interface::{
    Goods, Site, TransferKind,
    instruction::{
        custody::{
            Cut, decommission, destroy_units, dispense, open_case, open_lot_case, open_unit_page,
            recover, report_stolen, sample, split, with_pages,
        },
        recall::{LotRecall, Since},
    },
};
use program_tests::{address, recalled::units, scenario::finding, world::World};
use recall::RecallError;

use super::{Story, units_of};

#[test]
fn an_owner_whose_provider_sent_its_goods_to_the_maker_is_paid_once_it_gives_title_up() {
    let mut story = Story::new();
    let World {
        manufacturer,
        wholesaler,
        logistics,
        ..
    } = story.world;
    let [held, _, _] = story.distribute();
    let range = units_of(&story, held);
    story
        .world
        .hand_over(wholesaler, logistics, held, TransferKind::Logistics);
    let tranche = story.recall_and_fund(units(9_000, 1_000));
    let sent = story.give_back(logistics, manufacturer, held);
    // As long as it has title, it could get the goods back, or sell them once they are released.
    for site in [wholesaler, logistics] {
        let claim = story.claim(site, tranche, sent, range, Since::OPENING);
        let refusal = if site.gln == wholesaler.gln {
            RecallError::TitleKept
        } else {
            RecallError::NotOwner
        };
        story.refuse(&claim, refusal);
    }
    let goods = story.world.now(held);
    let returning = story.world.return_title(wholesaler, goods);
    story.world.ledger.execute(&returning);
    let given_up = address::transfer(&goods.consignment, goods.sequence);
    let claim = story.claim(wholesaler, tranche, given_up, range, Since::OPENING);
    story.pay(&claim);
    story.refuse(&claim, RecallError::AlreadyPaid);
    assert_eq!(story.earned(wholesaler), 8_000);
    // From then on they are the manufacturer's, who may destroy them, and nobody is paid again.
    let again = story.world.return_title(wholesaler, story.world.now(held));
    story
        .world
        .ledger
        .refuse(&again, CustodyError::SenderNotOwner);
    let destroyed = story.destroy(manufacturer, held);
    for site in [wholesaler, manufacturer] {
        let claim = story.claim(site, tranche, destroyed, range, Since::OPENING);
        let refusal = if site.gln == wholesaler.gln {
            RecallError::NotOwner
        } else {
            RecallError::ManufacturerPays
        };
        story.refuse(&claim, refusal);
    }
}

#[test]
fn goods_that_the_maker_destroys_are_paid_to_who_owns_them_there() {
    let mut story = Story::new();
    let World {
        manufacturer,
        wholesaler,
        logistics,
        ..
    } = story.world;
    let [held, _, _] = story.distribute();
    let range = units_of(&story, held);
    story
        .world
        .hand_over(wholesaler, logistics, held, TransferKind::Logistics);
    let tranche = story.recall_and_fund(units(9_000, 1_000));
    story.give_back(logistics, manufacturer, held);
    let destroyed = story.destroy(manufacturer, held);
    let claim = story.claim(wholesaler, tranche, destroyed, range, Since::OPENING);
    story.pay(&claim);
    assert_eq!(story.earned(wholesaler), 8_000);
}

/// What its maker does to goods of another owner that it has, by which the owner could be kept from giving title
/// up.
type Harm = fn(&mut Story, Goods);

/// Goods of the wholesaler that its provider has returned to their maker, which recalled them. With the transfer
/// and the tranche.
fn with_their_maker() -> (Story, Goods, Address, (LotRecall, u32)) {
    let mut story = Story::new();
    let World {
        manufacturer,
        wholesaler,
        logistics,
        ..
    } = story.world;
    let [held, _, _] = story.distribute();
    let stored = TransferKind::Logistics;
    story.world.hand_over(wholesaler, logistics, held, stored);
    let tranche = story.recall_and_fund(units(9_000, 1_000));
    let sent = story.give_back(logistics, manufacturer, held);
    (story, held, sent, tranche)
}

#[test]
fn nothing_that_the_maker_does_to_goods_of_another_keeps_their_owner_from_being_paid_once() {
    const STOPPED: Harm = |story, goods| {
        let World {
            payer,
            manufacturer: maker,
            ..
        } = story.world;
        let suspect = finding(ExceptionCode::None);
        let now = story.world.now(goods);
        for step in [
            open_case(payer, maker, maker.gln, now, 0, suspect),
            open_lot_case(payer, maker, goods.lot, 0, suspect),
        ] {
            story.world.ledger.execute(&step);
        }
    };
    const LOST: Harm = |story, goods| {
        let (maker, now) = (story.world.manufacturer, story.world.now(goods));
        let theft = report_stolen(maker, now, None, None);
        story.world.ledger.execute(&theft);
    };
    const SAMPLED: Harm = |story, goods| {
        let World {
            manufacturer: maker,
            regulator,
            ..
        } = story.world;
        let watched = Some(regulator.into());
        let sampling = sample(maker, story.world.now(goods), watched, None);
        story.world.ledger.execute(&sampling);
    };
    const STORED: Harm = |story, goods| {
        let (maker, to) = (story.world.manufacturer, story.world.logistics);
        story
            .world
            .hand_over(maker, to, goods, TransferKind::Logistics);
    };
    const DISPOSED: Harm = |story, goods| {
        let (maker, to) = (story.world.manufacturer, story.world.reverse_distributor);
        story
            .world
            .hand_over(maker, to, goods, TransferKind::Disposal);
    };
    const EXAMINED: Harm = |story, goods| {
        let (maker, to) = (story.world.manufacturer, story.world.laboratory);
        story
            .world
            .hand_over(maker, to, goods, TransferKind::Examination);
    };
    // Whom the maker gave them to loses them, too.
    const LOST_ELSEWHERE: Harm = |story, goods| {
        STORED(story, goods);
        let (accomplice, now) = (story.world.logistics, story.world.now(goods));
        let theft = report_stolen(accomplice, now, None, None);
        story.world.ledger.execute(&theft);
    };
    for harm in [
        STOPPED,
        LOST,
        SAMPLED,
        STORED,
        DISPOSED,
        EXAMINED,
        LOST_ELSEWHERE,
    ] {
        let (mut story, held, sent, tranche) = with_their_maker();
        let World {
            manufacturer,
            wholesaler,
            regulator,
            ..
        } = story.world;
        let range = units_of(&story, held);
        harm(&mut story, held);
        let left: Consignment = story.world.ledger.read(held.consignment);
        if left.custodian != manufacturer.gln.number() {
            // What it passed on a regulator has brought back.
            let now = story.world.now(held);
            let returning = story.world.return_title(wholesaler, now);
            let elsewhere = CustodyError::NotCustodian;
            story.world.ledger.refuse(&returning, elsewhere);
            let found = recover(regulator, left.custodian(), manufacturer, now, false, None);
            story.world.ledger.execute(&found);
        }
        let before: Consignment = story.world.ledger.read(held.consignment);
        let goods = story.world.now(held);
        let returning = story.world.return_title(wholesaler, goods);
        story.world.ledger.execute(&returning);
        let after: Consignment = story.world.ledger.read(held.consignment);
        assert_eq!(after.owner, manufacturer.gln.number());
        assert_eq!(
            (after.custodian, after.status),
            (before.custodian, before.status)
        );
        let given_up = address::transfer(&goods.consignment, goods.sequence);
        let claim = story.claim(wholesaler, tranche, given_up, range, Since::OPENING);
        story.pay(&claim);
        story.refuse(&claim, RecallError::AlreadyPaid);
        assert_eq!(story.earned(wholesaler), 8_000);
        // Whatever becomes of them then is nobody's loss.
        let sent = story.claim(wholesaler, tranche, sent, range, Since::OPENING);
        story.refuse(&sent, RecallError::TitleKept);
        if after.status == ConsignmentStatus::Sampled || after.open_cases > 0 {
            continue;
        }
        if after.status == ConsignmentStatus::Stolen {
            let now = story.world.now(held);
            let found = recover(regulator, manufacturer.gln, manufacturer, now, false, None);
            story.world.ledger.execute(&found);
        }
        let destroyed = story.destroy(manufacturer, held);
        let again = story.claim(wholesaler, tranche, destroyed, range, Since::OPENING);
        story.refuse(&again, RecallError::NotOwner);
    }
}

#[test]
fn a_maker_does_not_make_goods_of_another_vanish_one_by_one() {
    let (mut story, held, _, tranche) = with_their_maker();
    let World {
        payer,
        manufacturer,
        wholesaler,
        goods,
        ..
    } = story.world;
    let range = units_of(&story, held);
    let page = range.first / custody::PAGE_UNITS;
    let opening = open_unit_page(payer, goods.lot, page);
    story.world.ledger.execute(&opening);
    let second = story
        .world
        .appoint(manufacturer, "second person", Permissions::WITNESS);
    let second = Site::by_operator(manufacturer.gln, second.key);
    let (now, unit) = (story.world.now(held), UnitBlock::of(range.first));
    let stolen = |witness| {
        let disposition = Disposition::Stolen;
        decommission(payer, manufacturer, now, unit, disposition, witness, None)
    };
    for secret in [
        stolen(None),
        stolen(Some(second.into())),
        destroy_units(manufacturer, wholesaler, now, unit, None),
    ] {
        story
            .world
            .ledger
            .refuse(&secret, CustodyError::LeavesNoRecord);
    }
    // What it splits off and reports is paid for as the rest is.
    let part = story.world.cut(manufacturer, held, 1);
    let theft = report_stolen(manufacturer, story.world.now(part), None, None);
    story.world.ledger.execute(&theft);
    for goods in [held, part] {
        let range = units_of(&story, goods);
        let goods = story.world.now(goods);
        let returning = story.world.return_title(wholesaler, goods);
        story.world.ledger.execute(&returning);
        let given_up = address::transfer(&goods.consignment, goods.sequence);
        let claim = story.claim(wholesaler, tranche, given_up, range, Since::OPENING);
        story.pay(&claim);
    }
    assert_eq!(story.earned(wholesaler), 8_000);
}

#[test]
fn what_the_maker_destroys_is_given_up_by_that_and_not_by_title() {
    // There, or where the maker sends them to be destroyed.
    for is_sent_away in [false, true] {
        let (mut story, held, _, tranche) = with_their_maker();
        let World {
            manufacturer,
            wholesaler,
            reverse_distributor,
            ..
        } = story.world;
        let range = units_of(&story, held);
        let mut custodian = manufacturer;
        if is_sent_away {
            custodian = reverse_distributor;
            let away = TransferKind::Disposal;
            story.world.hand_over(manufacturer, custodian, held, away);
        }
        let destroyed = story.destroy(custodian, held);
        if !is_sent_away {
            let returning = story.world.return_title(wholesaler, story.world.now(held));
            story
                .world
                .ledger
                .refuse(&returning, CustodyError::UnitsGone);
        }
        let claim = story.claim(wholesaler, tranche, destroyed, range, Since::OPENING);
        story.pay(&claim);
        story.refuse(&claim, RecallError::AlreadyPaid);
        assert_eq!(story.earned(wholesaler), 8_000);
    }
}

#[test]
fn goods_that_their_maker_lost_before_the_recall_are_not_paid_for() {
    let mut story = Story::new();
    let World {
        manufacturer,
        wholesaler,
        logistics,
        ..
    } = story.world;
    let [held, _, _] = story.distribute();
    let range = units_of(&story, held);
    let stored = TransferKind::Logistics;
    story.world.hand_over(wholesaler, logistics, held, stored);
    story.give_back(logistics, manufacturer, held);
    let theft = report_stolen(manufacturer, story.world.now(held), None, None);
    story.world.ledger.execute(&theft);
    let tranche = story.recall_and_fund(units(9_000, 1_000));
    let goods = story.world.now(held);
    let returning = story.world.return_title(wholesaler, goods);
    story.world.ledger.execute(&returning);
    let given_up = address::transfer(&goods.consignment, goods.sequence);
    let claim = story.claim(wholesaler, tranche, given_up, range, Since::OPENING);
    story.refuse(&claim, RecallError::EvidenceTooOld);
}

#[test]
fn who_has_its_goods_back_is_not_paid_for_them() {
    // The maker gave them back to their owner, which keeps them itself or has another provider store them.
    for is_stored in [false, true] {
        let (mut story, held, _, _) = with_their_maker();
        let World {
            manufacturer,
            wholesaler,
            logistics,
            ..
        } = story.world;
        let back = TransferKind::Return;
        story.world.hand_over(manufacturer, wholesaler, held, back);
        if is_stored {
            let stored = TransferKind::Logistics;
            story.world.hand_over(wholesaler, logistics, held, stored);
        }
        let returning = story.world.return_title(wholesaler, story.world.now(held));
        story
            .world
            .ledger
            .refuse(&returning, CustodyError::NotCustodian);
    }
}

#[test]
fn what_was_dispensed_before_goods_came_to_their_maker_is_not_given_up() {
    let mut story = Story::new();
    let World {
        payer,
        manufacturer,
        pharmacy,
        regulator,
        goods,
        ..
    } = story.world;
    let [_, sold, _] = story.distribute();
    let range = units_of(&story, sold);
    let page = range.first / custody::PAGE_UNITS;
    for step in [
        open_unit_page(payer, goods.lot, page),
        dispense(
            payer,
            pharmacy,
            story.world.now(sold),
            UnitBlock::of(range.first),
            None,
            None,
        ),
    ] {
        story.world.ledger.execute(&step);
    }
    let tranche = story.recall_and_fund(units(9_000, 1_000));
    let now = story.world.now(sold);
    let recovery = recover(regulator, pharmacy.gln, manufacturer, now, false, None);
    story.world.ledger.execute(&recovery);
    let returning = story.world.return_title(pharmacy, story.world.now(sold));
    story
        .world
        .ledger
        .refuse(&returning, CustodyError::PartlyGone);
    // What is there is cut off, and is paid for.
    let rest = units(range.first + 1, range.quantity - 1);
    let cutting = split(
        payer,
        manufacturer,
        story.world.now(sold),
        Cut::first(rest.quantity),
    );
    let cutting = with_pages(cutting, &goods.lot, rest);
    story.world.ledger.execute(&cutting);
    let left = story.world.now(Goods {
        consignment: address::consignment(&sold.consignment, 0),
        ..sold
    });
    let returning = story.world.return_title(pharmacy, left);
    story.world.ledger.execute(&returning);
    let given_up = address::transfer(&left.consignment, left.sequence);
    let claim = story.claim(pharmacy, tranche, given_up, rest, Since::OPENING);
    story.pay(&claim);
    let all = story.claim(pharmacy, tranche, given_up, range, Since::OPENING);
    story.refuse(&all, RecallError::RangeOutsideEvidence);
    assert_eq!(story.earned(pharmacy), 990);
}
