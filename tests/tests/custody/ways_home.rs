//! Goods get home, or to their destruction, whoever has them and whatever became of its licence.

use anchor_lang::solana_program::instruction::Instruction;
use custody::{
    Consignment, CustodyError, Disposition, ExceptionCode, Lot, LotStatus, Restrictions, UnitBlock,
};
use pedigree_domain::{Permissions, Roles};
use pedigree_interface::{
    Goods, Site, TransferKind,
    instruction::custody::{
        Cut, OfferTerms, accept, decommission, destroy, dispense, handoff, handoff_batch, offer,
        open_case, open_unit_page, quarantine, recover, resolve_case, restore_units, split,
        transfer_title, verify_return, with_pages,
    },
    units::UnitRange,
};
use program_tests::{
    address,
    alter::Alter,
    ledger::NOW,
    scenario::finding,
    world::{DOCUMENT, UNITS, World, terms},
};

use crate::{INELIGIBLE_RECEIVERS, INELIGIBLE_SENDERS, expect, recall, restrict};

/// Tries a transfer in every way there is: handed over, on the hot path and beside it, in a batch, and
/// offered and accepted.
#[track_caller]
fn try_ways(
    world: &World,
    (from, to): (Site, Site),
    goods: Goods,
    kind: TransferKind,
    refusal: Option<CustodyError>,
) {
    let goods = world.now(goods);
    let document = Some(DOCUMENT);
    let at_once = handoff(from, to, goods, kind, document);
    for instruction in [at_once.clone(), at_once.the_long_way()] {
        expect(&mut world.ledger.clone(), &instruction, refusal);
    }
    let batch = handoff_batch(from, to, &[goods], kind, document);
    assert_eq!(
        world.ledger.clone().attempt(&batch).is_ok(),
        refusal.is_none()
    );
    let offering = offer(world.payer, from, to.gln, goods, terms(kind));
    let mut ledger = world.ledger.clone();
    expect(&mut ledger, &offering, refusal);
    if refusal.is_none() {
        ledger.execute(&accept(to, goods.offered_by(from.gln)));
    }
}

/// The manufacturer's goods, sold to the wholesaler, which has a 3PL store them.
fn stored() -> World {
    let mut world = World::new();
    let World {
        manufacturer,
        wholesaler,
        logistics,
        goods,
        ..
    } = world;
    world.hand_over(manufacturer, wholesaler, goods, TransferKind::Sale);
    world.hand_over(wholesaler, logistics, goods, TransferKind::Logistics);
    world
}

/// Everything that keeps goods from going on to patients, but not from going home.
const STOPS: [fn(&mut World); 6] = [
    |_| {},
    |world| {
        let goods = world.goods;
        world
            .ledger
            .edit(goods.lot, |lot: &mut Lot| recall(lot, 0, UNITS));
    },
    |world| {
        let goods = world.goods;
        world
            .ledger
            .edit(goods.lot, |lot: &mut Lot| lot.status = LotStatus::Condemned);
    },
    |world| {
        let goods = world.goods;
        world
            .ledger
            .edit(goods.lot, |lot: &mut Lot| lot.expires_at = NOW - 1);
    },
    |world| set(world, Restrictions::QUARANTINED),
    |world| set(world, Restrictions::RETURNED),
];

fn set(world: &mut World, restrictions: Restrictions) {
    let consignment = world.goods.consignment;
    world
        .ledger
        .edit(consignment, |consignment: &mut Consignment| {
            restrict(consignment, restrictions);
        });
}

#[test]
fn a_custodian_without_standing_sends_goods_home_and_to_disposal_and_nowhere_else() {
    for stop in STOPS {
        for (disqualify, refusal) in INELIGIBLE_SENDERS {
            let mut world = stored();
            stop(&mut world);
            let World {
                manufacturer,
                wholesaler,
                logistics,
                pharmacy,
                reverse_distributor,
                laboratory,
                goods,
                ..
            } = world;
            disqualify(&mut world, logistics);
            for home in [wholesaler, manufacturer] {
                try_ways(&world, (logistics, home), goods, TransferKind::Return, None);
            }
            for disposer in [reverse_distributor, manufacturer] {
                let way = (logistics, disposer);
                try_ways(&world, way, goods, TransferKind::Disposal, None);
            }
            let elsewhere = Some(CustodyError::NotReturnsSupplier);
            let other = world.other_manufacturer;
            try_ways(
                &world,
                (logistics, other),
                goods,
                TransferKind::Return,
                elsewhere,
            );
            let refused = Some(refusal);
            let way = (logistics, wholesaler);
            try_ways(&world, way, goods, TransferKind::Logistics, refused);
            let way = (logistics, pharmacy);
            try_ways(&world, way, goods, TransferKind::Sale, refused);
            let way = (logistics, laboratory);
            try_ways(&world, way, goods, TransferKind::Examination, refused);
        }
    }
}

#[test]
fn a_custodian_does_not_give_anothers_goods_back_to_who_once_sold_them_to_itself() {
    // The other pharmacy bought the goods, and sold title to the pharmacy, for which it stores them.
    let mut world = World::new();
    let World {
        payer,
        manufacturer,
        wholesaler: seller,
        other_pharmacy: custodian,
        pharmacy: owner,
        goods,
        ..
    } = world;
    world.hand_over(manufacturer, seller, goods, TransferKind::Sale);
    let bought = world.now(goods);
    let sale = world.offer(seller, custodian, bought, terms(TransferKind::Sale));
    let taking = accept(custodian, bought.offered_by(seller.gln));
    let title = transfer_title(custodian, owner, goods.at(bought.sequence + 1), None);
    let reversal = |sequence| {
        let terms = OfferTerms {
            reverses: Some(sale),
            ..terms(TransferKind::Return)
        };
        offer(payer, custodian, seller.gln, goods.at(sequence), terms)
    };
    world.ledger.execute(&taking);
    // As long as they are its own, it does.
    world.after(&[reversal(bought.sequence + 1)]);
    world.ledger.execute(&title);
    let refusal = CustodyError::NotReturnsSupplier;
    let backwards = reversal(bought.sequence + 2);
    world.ledger.refuse(&backwards, refusal);
    for stop in [World::suspend, World::revoke] {
        let mut world = world.clone();
        stop(&mut world, custodian);
        world.ledger.refuse(&backwards, refusal);
        let way = (custodian, owner);
        try_ways(&world, way, goods, TransferKind::Return, None);
    }
}

#[test]
fn an_owner_without_standing_gives_its_own_goods_back() {
    for (disqualify, _) in INELIGIBLE_SENDERS {
        let mut world = World::new();
        let World {
            manufacturer,
            wholesaler,
            pharmacy,
            goods,
            ..
        } = world;
        world.hand_over(manufacturer, wholesaler, goods, TransferKind::Sale);
        world.hand_over(wholesaler, pharmacy, goods, TransferKind::Sale);
        disqualify(&mut world, pharmacy);
        disqualify(&mut world, wholesaler);
        // Its supplier lost its standing too: the manufacturer is left.
        try_ways(
            &world,
            (pharmacy, manufacturer),
            goods,
            TransferKind::Return,
            None,
        );
        world.hand_over(pharmacy, manufacturer, goods, TransferKind::Return);
        let consignment: Consignment = world.ledger.read(goods.consignment);
        assert_eq!(consignment.owner, manufacturer.gln.number());
    }
}

#[test]
fn an_offer_made_in_standing_ends_as_the_sender_is_then() {
    for (disqualify, refusal) in INELIGIBLE_SENDERS {
        let mut world = stored();
        let World {
            payer,
            wholesaler,
            logistics,
            goods,
            ..
        } = world;
        let goods = world.now(goods);
        for (kind, refusal) in [
            (TransferKind::Return, None),
            (TransferKind::Logistics, Some(refusal)),
        ] {
            let mut world = world.clone();
            let offering = offer(payer, logistics, wholesaler.gln, goods, terms(kind));
            world.ledger.execute(&offering);
            disqualify(&mut world, logistics);
            let acceptance = accept(wholesaler, goods.offered_by(logistics.gln));
            expect(&mut world.ledger, &acceptance, refusal);
        }
        disqualify(&mut world, logistics);
    }
}

#[test]
fn a_receiver_needs_standing_but_to_take_its_own_back_after_its_licence_lapsed() {
    for (disqualify, refusal) in INELIGIBLE_RECEIVERS {
        for owner_is_receiver in [true, false] {
            let mut world = stored();
            let World {
                manufacturer,
                wholesaler,
                logistics,
                goods,
                ..
            } = world;
            let to = if owner_is_receiver {
                wholesaler
            } else {
                manufacturer
            };
            disqualify(&mut world, to);
            // Goods come back to it though it recalled them.
            world
                .ledger
                .edit(goods.lot, |lot: &mut Lot| recall(lot, 0, UNITS));
            let lapsed = refusal == CustodyError::ReceiverLicenceLapsed;
            let refused = (!lapsed).then_some(refusal);
            try_ways(
                &world,
                (logistics, to),
                goods,
                TransferKind::Return,
                refused,
            );
            let refused = Some(refusal);
            try_ways(
                &world,
                (logistics, to),
                goods,
                TransferKind::Disposal,
                refused,
            );
        }
    }
}

#[test]
fn a_lapsed_supplier_does_not_take_back_what_it_sold() {
    let mut world = World::new();
    let World {
        manufacturer,
        wholesaler,
        pharmacy,
        goods,
        ..
    } = world;
    world.hand_over(manufacturer, wholesaler, goods, TransferKind::Sale);
    world.hand_over(wholesaler, pharmacy, goods, TransferKind::Sale);
    let back = (pharmacy, wholesaler);
    try_ways(&world, back, goods, TransferKind::Return, None);
    for (disqualify, refusal) in INELIGIBLE_RECEIVERS {
        let mut world = world.clone();
        disqualify(&mut world, wholesaler);
        try_ways(&world, back, goods, TransferKind::Return, Some(refusal));
        // Nor with the sale named.
        let (payer, now) = (world.payer, world.now(goods));
        let mut named = terms(TransferKind::Return);
        named.reverses = Some(goods.consignment);
        let instruction = offer(payer, pharmacy, wholesaler.gln, now, named);
        assert!(world.ledger.attempt(&instruction).is_err());
    }
}

#[test]
fn an_owner_takes_back_what_is_stored_for_it_whatever_its_role_is_now() {
    // A pharmacy is not a supplier, and a former wholesaler stores only: they take their own back.
    for roles in [Roles::DISPENSER, Roles::LOGISTICS, Roles::LABORATORY] {
        let mut world = stored();
        let (wholesaler, logistics, goods) = (world.wholesaler, world.logistics, world.goods);
        world.license(wholesaler, roles);
        try_ways(
            &world,
            (logistics, wholesaler),
            goods,
            TransferKind::Return,
            None,
        );
    }
    let mut world = stored();
    let World {
        wholesaler,
        logistics,
        pharmacy,
        other_pharmacy,
        goods,
        ..
    } = world;
    let title = transfer_title(wholesaler, pharmacy, world.now(goods), Some(DOCUMENT));
    world.ledger.execute(&title);
    try_ways(
        &world,
        (logistics, pharmacy),
        goods,
        TransferKind::Return,
        None,
    );
    let other = (logistics, other_pharmacy);
    let refused = Some(CustodyError::ReceiverRole);
    try_ways(&world, other, goods, TransferKind::Return, refused);
}

#[test]
fn stopped_goods_are_gathered_at_a_3pl_and_go_no_further() {
    for stop in &STOPS[1..] {
        for first in [
            |world: &World| world.manufacturer,
            |world: &World| world.wholesaler,
            |world: &World| world.logistics,
        ] {
            let mut world = World::new();
            let (from, goods) = (first(&world), world.goods);
            if from != world.manufacturer {
                let maker = world.manufacturer;
                world.hand_over(maker, from, goods, TransferKind::Logistics);
            }
            stop(&mut world);
            // Another 3PL, as the first site that only stores.
            let depot = world.other_pharmacy;
            world.license(depot, Roles::LOGISTICS);
            try_ways(&world, (from, depot), goods, TransferKind::Logistics, None);
            world.hand_over(from, depot, goods, TransferKind::Logistics);
            // Where goods could be sold again they do not go.
            let now = world.now(goods);
            for (to, kind) in [
                (world.pharmacy, TransferKind::Logistics),
                (world.wholesaler, TransferKind::Logistics),
            ] {
                if to == from {
                    continue;
                }
                let instruction = handoff(depot, to, now, kind, Some(DOCUMENT));
                assert!(world.ledger.clone().attempt(&instruction).is_err());
            }
            let maker = world.manufacturer;
            if from != maker {
                try_ways(&world, (depot, maker), goods, TransferKind::Return, None);
            }
        }
    }
}

#[test]
fn condemned_goods_go_to_disposal_or_to_a_laboratory_only() {
    let mut world = stored();
    set(&mut world, Restrictions::CONDEMNED);
    let World {
        wholesaler,
        logistics,
        pharmacy,
        reverse_distributor,
        laboratory,
        goods,
        ..
    } = world;
    let condemned = Some(CustodyError::Condemned);
    for (to, kind, refusal) in [
        (reverse_distributor, TransferKind::Disposal, None),
        (wholesaler, TransferKind::Disposal, None),
        (laboratory, TransferKind::Examination, None),
        (wholesaler, TransferKind::Return, condemned),
        (pharmacy, TransferKind::Logistics, condemned),
    ] {
        try_ways(&world, (logistics, to), goods, kind, refusal);
    }
    // From there too.
    for out in [reverse_distributor, laboratory] {
        let mut world = world.clone();
        let kind = if out == laboratory {
            TransferKind::Examination
        } else {
            TransferKind::Disposal
        };
        world.hand_over(logistics, out, goods, kind);
        try_ways(
            &world,
            (out, logistics),
            goods,
            TransferKind::Disposal,
            None,
        );
        world.hand_over(out, logistics, goods, TransferKind::Disposal);
        let now = world.now(goods);
        let destruction = destroy(logistics, wholesaler, now, Some(DOCUMENT));
        world.ledger.execute(&destruction);
    }
}

/// The wholesaler's goods, whose first units became that.
fn opened(disposition: Disposition) -> World {
    let mut world = World::new();
    let World {
        payer,
        manufacturer,
        wholesaler,
        goods,
        ..
    } = world;
    world.ledger.execute(&open_unit_page(payer, goods.lot, 0));
    world.hand_over(manufacturer, wholesaler, goods, TransferKind::Sale);
    let instruction = units_become(&world, wholesaler, disposition);
    world.ledger.execute(&instruction);
    world
}

const BLOCK: UnitBlock = UnitBlock {
    number: 0,
    units: 0b101,
};

fn units_become(world: &World, custodian: Site, disposition: Disposition) -> Instruction {
    let World { payer, goods, .. } = *world;
    decommission(payer, custodian, goods, BLOCK, disposition, None, None)
}

#[test]
fn single_units_that_are_still_there_travel_and_those_that_are_not_do_not() {
    for (disposition, is_there) in [
        (Disposition::Damaged, true),
        (Disposition::Suspect, true),
        (Disposition::Illegitimate, true),
        (Disposition::Sampled, false),
        (Disposition::Stolen, false),
        (Disposition::Exported, false),
    ] {
        let world = opened(disposition);
        let World {
            manufacturer,
            wholesaler,
            logistics,
            pharmacy,
            reverse_distributor,
            laboratory,
            goods,
            ..
        } = world;
        let gone = Some(CustodyError::PartlyGone);
        for (to, kind) in [
            (manufacturer, TransferKind::Return),
            (reverse_distributor, TransferKind::Disposal),
            (laboratory, TransferKind::Examination),
            (logistics, TransferKind::Logistics),
        ] {
            let refusal = gone.filter(|_| !is_there);
            try_ways(&world, (wholesaler, to), goods, kind, refusal);
        }
        // Down the chain none of them goes.
        for (to, kind) in [
            (pharmacy, TransferKind::Sale),
            (manufacturer, TransferKind::Logistics),
        ] {
            try_ways(&world, (wholesaler, to), goods, kind, gone);
        }
        let title = transfer_title(wholesaler, pharmacy, world.now(goods), Some(DOCUMENT));
        world
            .ledger
            .clone()
            .refuse(&title, CustodyError::PartlyGone);
    }
}

#[test]
fn a_suspect_unit_goes_to_the_laboratory_and_comes_back_active() {
    let mut world = opened(Disposition::Suspect);
    let World {
        wholesaler,
        pharmacy,
        laboratory,
        goods,
        ..
    } = world;
    world.hand_over(wholesaler, laboratory, goods, TransferKind::Examination);
    // It does not trade, so it clears nothing itself, and sells nothing.
    let clearing = restore_units(laboratory, goods, BLOCK, None);
    world.ledger.refuse(&clearing, CustodyError::SenderRole);
    let sale = (laboratory, pharmacy);
    let refused = Some(CustodyError::SenderRole);
    try_ways(&world, sale, goods, TransferKind::Logistics, refused);
    world.hand_over(laboratory, wholesaler, goods, TransferKind::Return);
    for instruction in [
        restore_units(wholesaler, goods, BLOCK, Some(DOCUMENT)),
        verify_return(wholesaler, world.now(goods), Some(DOCUMENT)),
    ] {
        world.ledger.execute(&instruction);
    }
    world.hand_over(wholesaler, pharmacy, goods, TransferKind::Sale);
}

#[test]
fn a_returned_consignment_is_verified_though_single_units_are_not_active() {
    let mut world = opened(Disposition::Damaged);
    let World {
        manufacturer,
        wholesaler,
        pharmacy,
        goods,
        ..
    } = world;
    world.hand_over(wholesaler, manufacturer, goods, TransferKind::Return);
    let verification = verify_return(manufacturer, world.now(goods), None);
    world.ledger.execute(&verification);
    let gone = Some(CustodyError::PartlyGone);
    try_ways(
        &world,
        (manufacturer, pharmacy),
        goods,
        TransferKind::Sale,
        gone,
    );
    let aside = quarantine(manufacturer, goods.consignment, None);
    world.ledger.execute(&aside);
}

#[test]
fn goods_at_a_disposer_that_is_gone_are_brought_and_destroyed_elsewhere() {
    for (disqualify, _) in INELIGIBLE_SENDERS {
        for by_owner in [true, false] {
            let mut world = stored();
            let World {
                wholesaler,
                logistics,
                regulator,
                reverse_distributor,
                laboratory,
                goods,
                ..
            } = world;
            if by_owner {
                world.hand_over(logistics, wholesaler, goods, TransferKind::Return);
            }
            let sender = if by_owner { wholesaler } else { logistics };
            let disposer = reverse_distributor;
            world.hand_over(sender, disposer, goods, TransferKind::Disposal);
            // It holds them, and opens cases on them, and is gone; so is their owner.
            let (payer, suspect) = (world.payer, finding(ExceptionCode::None));
            for number in 0..2 {
                let now = world.now(goods);
                let opening = open_case(payer, disposer, disposer.gln, now, number, suspect);
                world.ledger.execute(&opening);
            }
            disqualify(&mut world, disposer);
            disqualify(&mut world, wholesaler);
            let (now, document) = (world.now(goods), Some(DOCUMENT));
            let recovery = recover(regulator, disposer.gln, laboratory, now, false, document);
            world.ledger.execute(&recovery);
            for number in 0..2 {
                let case = address::case(&goods.consignment, number);
                let resolution = resolve_case(regulator, case, goods.consignment, false, None);
                world.ledger.execute(&resolution);
            }
            // Who has them now destroys what their owner gave up; of other goods it needs a regulator.
            let second = world.appoint(laboratory, "second person", Permissions::WITNESS);
            let second = Site::by_operator(laboratory.gln, second.key);
            let now = world.now(goods);
            let alone = destroy(laboratory, second, now, None);
            let refusal = (!by_owner).then_some(CustodyError::OwnerNotAsked);
            expect(&mut world.ledger.clone(), &alone, refusal);
            let watched = destroy(laboratory, regulator, now, None);
            world.ledger.execute(&watched);
        }
    }
}

#[test]
fn units_whose_pages_nobody_opened_are_cut_off_once_anybody_opens_them() {
    let mut world = World::new();
    let World {
        payer,
        manufacturer,
        pharmacy,
        goods,
        ..
    } = world;
    world.ledger.execute(&open_unit_page(payer, goods.lot, 0));
    world.hand_over(manufacturer, pharmacy, goods, TransferKind::Sale);
    let (goods, unit) = (world.now(goods), UnitBlock::of(0));
    let dispensing = dispense(payer, pharmacy, goods, unit, None, None);
    world.ledger.execute(&dispensing);
    // What is left of the lot is on two pages, of which one is not there.
    let cutting = split(payer, pharmacy, goods, Cut::first(UNITS - 1));
    let rest = UnitRange {
        first: 1,
        quantity: UNITS - 1,
    };
    let cutting = with_pages(cutting, &goods.lot, rest);
    world.ledger.refuse(&cutting, CustodyError::NotUnitsPage);
    let stranger = world.ledger.key("stranger");
    world.ledger.fund(stranger, 1_000_000_000);
    let opening = open_unit_page(stranger, goods.lot, 1);
    world.ledger.execute(&opening);
    world.ledger.execute(&cutting);
    let left = Goods {
        consignment: address::consignment(&goods.consignment, 0),
        ..goods
    };
    try_ways(
        &world,
        (pharmacy, manufacturer),
        left,
        TransferKind::Return,
        None,
    );
}
