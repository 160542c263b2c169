use anchor_lang::solana_program::instruction::Instruction;
use custody::{
    Change, Consignment, ConsignmentStatus, CustodyError, ExceptionCode, Restrictions, Transfer,
    TransferState,
};
use pedigree_domain::{Permissions, Roles};
use pedigree_interface::{
    Site, TransferKind,
    instruction::custody::{
        accept, cancel, handoff, offer, open_case, recover, reject, release, report_stolen,
        transfer_title,
    },
};
use program_tests::{
    address,
    alter::Alter,
    ledger::NOW,
    scenario::finding,
    world::{DOCUMENT, UNITS, World, terms},
};

use crate::{
    BEYOND_THE_LOT, INELIGIBLE_OVERSEERS, INELIGIBLE_RECEIVERS, INELIGIBLE_SENDERS, State, expect,
    recall, refuse_other_signers, refuse_states, restrict, trail::link,
};

/// Where the operators' accounts begin.
const LISTED: usize = 8;

/// The wholesaler's goods at a 3PL that does not send them.
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
    world.goods = world.now(goods);
    world
}

/// The regulator has the goods brought to a site.
fn bring(world: &World, to: Site) -> Instruction {
    let World {
        regulator,
        logistics,
        goods,
        ..
    } = *world;
    recover(regulator, logistics.gln, to, goods, false, Some(DOCUMENT))
}

#[test]
fn brings_goods_from_a_custodian_that_does_not_send_them() {
    let mut world = stored();
    let World {
        wholesaler, goods, ..
    } = world;
    let effect = world
        .ledger
        .effect(goods.consignment, |consignment: &mut Consignment| {
            consignment.sequence = goods.sequence + 1;
            consignment.custodian = wholesaler.gln.number();
            restrict(consignment, Restrictions::RETURNED);
            consignment.document_hash = DOCUMENT;
            consignment.kind = Change::Recovery;
            consignment.trail = link(consignment);
        });
    let instruction = bring(&world, wholesaler);
    world.ledger.execute_with_effects(&instruction, &[effect]);
}

#[test]
fn to_whoever_may_hold_them_and_title_stays() {
    let world = stored();
    for to in [
        world.manufacturer,
        world.wholesaler,
        world.pharmacy,
        world.reverse_distributor,
        world.laboratory,
    ] {
        let after = world.after(&[bring(&world, to)]);
        let consignment: Consignment = after.ledger.read(world.goods.consignment);
        assert_eq!(consignment.custodian, to.gln.number());
        assert_eq!(consignment.owner, world.wholesaler.gln.number());
    }
}

#[test]
fn a_regulators_case_keeps_goods_from_being_offered_around_meanwhile() {
    let mut world = stored();
    let World {
        payer,
        logistics,
        wholesaler,
        regulator,
        pharmacy,
        goods,
        ..
    } = world;
    let kind = TransferKind::Logistics;
    world.offer(logistics, pharmacy, goods, terms(kind));
    let on_offer = world.now(goods);
    let suspect = finding(ExceptionCode::None);
    let case = open_case(payer, regulator, logistics.gln, on_offer, 0, suspect);
    world.ledger.execute(&case);
    let document = Some(DOCUMENT);
    let recovery = recover(regulator, logistics.gln, wholesaler, goods, true, document);
    // The custodian may take its offer back, and make no other.
    let taken_back = cancel(logistics, goods.offered_by(logistics.gln));
    world.after([&recovery]);
    world.ledger.execute(&taken_back);
    for kind in [
        TransferKind::Logistics,
        TransferKind::Return,
        TransferKind::Disposal,
    ] {
        let another = offer(
            payer,
            logistics,
            pharmacy.gln,
            world.now(goods),
            terms(kind),
        );
        assert!(world.ledger.attempt(&another).is_err(), "{kind:?}");
    }
    world.ledger.execute(&recovery);
    let consignment: Consignment = world.ledger.read(goods.consignment);
    assert_eq!(consignment.custodian, wholesaler.gln.number());
}

#[test]
fn ends_an_open_offer() {
    let mut world = stored();
    let World {
        logistics,
        wholesaler,
        regulator,
        pharmacy,
        goods,
        ..
    } = world;
    let kind = TransferKind::Logistics;
    let transfer = world.offer(logistics, pharmacy, goods, terms(kind));
    let unnamed = bring(&world, wholesaler);
    world
        .ledger
        .refuse(&unnamed, CustodyError::ConsignmentOffered);
    let instruction = recover(
        regulator,
        logistics.gln,
        wholesaler,
        goods,
        true,
        Some(DOCUMENT),
    );
    let effects = [
        world
            .ledger
            .effect(goods.consignment, |consignment: &mut Consignment| {
                consignment.sequence = goods.sequence + 2;
                consignment.status = ConsignmentStatus::Held;
                consignment.custodian = wholesaler.gln.number();
                restrict(consignment, Restrictions::RETURNED);
                consignment.document_hash = DOCUMENT;
                consignment.kind = Change::Recovery;
                consignment.trail = link(consignment);
            }),
        world.ledger.effect(transfer, |transfer: &mut Transfer| {
            transfer.state = TransferState::Recovered;
            transfer.settled_at = NOW;
        }),
    ];
    world.ledger.execute_with_effects(&instruction, &effects);
    let offered = goods.offered_by(logistics.gln);
    for late in [
        accept(pharmacy, offered),
        reject(pharmacy, offered, ExceptionCode::Damage),
        cancel(logistics, offered),
    ] {
        world.ledger.refuse(&late, CustodyError::TransferSettled);
    }
}

#[test]
fn another_offer_does_not_stand_in_for_the_open_one() {
    let mut world = stored();
    let World {
        logistics,
        wholesaler,
        regulator,
        pharmacy,
        goods,
        other_goods,
        manufacturer,
        ..
    } = world;
    let kind = TransferKind::Logistics;
    let first = world.offer(logistics, pharmacy, goods, terms(kind));
    let withdrawn = cancel(logistics, goods.offered_by(logistics.gln));
    world.ledger.execute(&withdrawn);
    let second = goods.at(goods.sequence + 1);
    let open = world.offer(logistics, pharmacy, second, terms(kind));
    let of_others = world.offer(manufacturer, pharmacy, other_goods, terms(kind));
    let instruction = recover(
        regulator,
        logistics.gln,
        wholesaler,
        second,
        true,
        Some(DOCUMENT),
    );
    for (stand_in, refusal) in [
        (first, CustodyError::TransferSettled),
        (of_others, CustodyError::NotConsignmentsTransfer),
    ] {
        let forged = instruction.clone().replacing(open, stand_in);
        world.ledger.refuse(&forged, refusal);
    }
    world.ledger.edit(first, |transfer: &mut Transfer| {
        transfer.state = TransferState::Offered;
    });
    let forged = instruction.clone().replacing(open, first);
    world
        .ledger
        .refuse(&forged, CustodyError::NotConsignmentsTransfer);
    world.ledger.execute(&instruction);
}

#[test]
fn nothing_that_the_custodian_does_in_the_meantime_makes_it_stale() {
    let world = stored();
    let World {
        logistics,
        wholesaler,
        goods,
        ..
    } = world;
    let instruction = bring(&world, wholesaler);
    let mut world = world;
    world.cut(logistics, goods, 10);
    world.ledger.execute(&instruction);
    let consignment: Consignment = world.ledger.read(goods.consignment);
    assert_eq!(consignment.quantity, UNITS - 10);
}

#[test]
fn no_stop_stands_in_the_way_and_each_stays() {
    let mut world = stored();
    let World {
        payer,
        wholesaler,
        logistics,
        regulator,
        pharmacy,
        goods,
        ..
    } = world;
    world.ledger.edit(goods.lot, |lot: &mut custody::Lot| {
        recall(lot, 0, UNITS);
        lot.open_cases = 1;
        lot.expires_at = NOW;
    });
    let suspect = finding(ExceptionCode::None);
    let opening = open_case(payer, regulator, logistics.gln, goods, 0, suspect);
    world.ledger.execute(&opening);
    world
        .ledger
        .edit(goods.consignment, |consignment: &mut Consignment| {
            restrict(consignment, Restrictions::CONDEMNED);
            restrict(consignment, Restrictions::QUARANTINED);
        });
    for (disqualify, _) in INELIGIBLE_SENDERS {
        let mut world = world.clone();
        disqualify(&mut world, logistics);
        let instruction = bring(&world, wholesaler);
        world.ledger.execute(&instruction);
        let after: Consignment = world.ledger.read(goods.consignment);
        assert_eq!(after.open_cases, 1);
        let all = Restrictions::CONDEMNED
            .union(Restrictions::QUARANTINED)
            .union(Restrictions::RETURNED);
        assert_eq!(after.restrictions(), all);
        // The case still holds them.
        let on = handoff(
            wholesaler,
            pharmacy,
            world.now(goods),
            TransferKind::Disposal,
            Some(DOCUMENT),
        );
        assert!(world.ledger.attempt(&on).is_err());
    }
}

#[test]
fn stolen_goods_that_were_found_come_back_condemned() {
    let mut world = stored();
    let World {
        wholesaler,
        logistics,
        regulator,
        pharmacy,
        goods,
        ..
    } = world;
    let theft = report_stolen(logistics, goods, None, None);
    world.ledger.execute(&theft);
    // To whoever they are brought, also to who lost them.
    for to in [wholesaler, logistics] {
        let instruction = recover(regulator, logistics.gln, to, goods, false, Some(DOCUMENT));
        let mut world = world.after(&[instruction]);
        let found: Consignment = world.ledger.read(goods.consignment);
        assert_eq!(found.status, ConsignmentStatus::Held);
        assert_eq!(found.custodian, to.gln.number());
        let expected = Restrictions::CONDEMNED.union(Restrictions::RETURNED);
        assert_eq!(found.restrictions(), expected);
        let title = transfer_title(wholesaler, pharmacy, world.now(goods), Some(DOCUMENT));
        world.ledger.refuse(&title, CustodyError::Condemned);
        // A regulator may say that they were never stolen.
        let lifted = release(regulator, goods.consignment, expected, None);
        world.ledger.execute(&lifted);
        world.ledger.execute(&title);
    }
}

#[test]
fn what_left_the_chain_for_good_is_not_brought() {
    const GONE: [(State<Consignment>, CustodyError); 4] = [
        (
            |consignment| consignment.status = ConsignmentStatus::Destroyed,
            CustodyError::UnitsGone,
        ),
        (
            |consignment| consignment.status = ConsignmentStatus::Sampled,
            CustodyError::UnitsGone,
        ),
        (
            |consignment| consignment.status = ConsignmentStatus::Exported,
            CustodyError::UnitsGone,
        ),
        (
            |consignment| consignment.status = ConsignmentStatus::from_code(9),
            CustodyError::UnitsGone,
        ),
    ];
    let world = stored();
    let instruction = bring(&world, world.wholesaler);
    let consignment = world.goods.consignment;
    refuse_states(&world.ledger, &instruction, consignment, GONE);
    refuse_states(&world.ledger, &instruction, consignment, BEYOND_THE_LOT);
    let last: [(State<Consignment>, CustodyError); 1] = [(
        |consignment| consignment.sequence = u32::MAX,
        CustodyError::SequenceExhausted,
    )];
    refuse_states(&world.ledger, &instruction, consignment, last);
}

#[test]
fn never_the_owner_alone_nor_anybody_without_a_regulator() {
    let mut world = stored();
    let World {
        manufacturer,
        wholesaler,
        logistics,
        regulator,
        goods,
        ..
    } = world;
    for pretender in [wholesaler, manufacturer, logistics] {
        let instruction = recover(pretender, logistics.gln, wholesaler, goods, false, None);
        world
            .ledger
            .refuse(&instruction, CustodyError::NotRegulator);
    }
    let instruction = bring(&world, wholesaler);
    refuse_other_signers(&mut world.ledger, &instruction, &[regulator, wholesaler]);
    for (disqualify, refusal) in INELIGIBLE_OVERSEERS {
        let mut world = world.clone();
        disqualify(&mut world, regulator);
        let refusal = if refusal == CustodyError::NotOverseer {
            CustodyError::NotRegulator
        } else {
            refusal
        };
        world.ledger.refuse(&instruction, refusal);
    }
}

#[test]
fn the_receiver_is_in_standing_or_takes_its_own_back() {
    for (disqualify, refusal) in INELIGIBLE_RECEIVERS {
        let world = stored();
        for (to, is_its_own) in [
            (world.wholesaler, true),
            (world.manufacturer, true),
            (world.pharmacy, false),
        ] {
            let mut world = world.clone();
            disqualify(&mut world, to);
            let instruction = bring(&world, to);
            let takes_back = is_its_own && refusal == CustodyError::ReceiverLicenceLapsed;
            expect(
                &mut world.ledger,
                &instruction,
                (!takes_back).then_some(refusal),
            );
        }
    }
    let mut world = stored();
    let to = world.wholesaler;
    world.license(to, Roles::REGULATOR);
    let instruction = bring(&world, to);
    world
        .ledger
        .refuse(&instruction, CustodyError::ReceiverRole);
}

#[test]
fn from_the_custodian_that_the_ledger_names() {
    let mut world = stored();
    let World {
        manufacturer,
        wholesaler,
        logistics,
        regulator,
        goods,
        ..
    } = world;
    let elsewhere = recover(regulator, manufacturer.gln, wholesaler, goods, false, None);
    world.ledger.refuse(&elsewhere, CustodyError::NotCustodian);
    let nowhere = recover(regulator, logistics.gln, logistics, goods, false, None);
    world.ledger.refuse(&nowhere, CustodyError::SamePartner);
}

#[test]
fn operators_sign_with_the_permission() {
    let mut world = stored();
    let (regulator, wholesaler) = (world.regulator, world.wholesaler);
    let inspector = world.appoint(regulator, "inspector", Permissions::QUARANTINE);
    let dock = world.appoint(wholesaler, "dock", Permissions::RECEIVE);
    let instruction = dock.sign(
        inspector.sign(bring(&world, wholesaler), LISTED),
        LISTED + 1,
    );
    world.ledger.execute(&instruction);
}

#[test]
fn refuses_wrong_accounts() {
    let mut world = stored();
    let World {
        regulator,
        logistics,
        wholesaler,
        pharmacy,
        goods,
        other_goods,
        ..
    } = world;
    let kind = TransferKind::Logistics;
    let transfer = world.offer(logistics, pharmacy, goods, terms(kind));
    let instruction = recover(regulator, logistics.gln, wholesaler, goods, true, None);
    let accounts = [
        regulator.partner,
        logistics.partner,
        wholesaler.partner,
        goods.lot,
        goods.consignment,
        transfer,
    ];
    world.ledger.refuse_stand_ins(&instruction, &accounts);
    let other_lot = instruction.replacing(goods.lot, other_goods.lot);
    world
        .ledger
        .refuse(&other_lot, CustodyError::NotConsignmentsLot);
    assert_eq!(
        transfer,
        address::transfer(&goods.consignment, goods.sequence)
    );
}
