use anchor_lang::{
    prelude::ProgramError,
    solana_program::instruction::{AccountMeta, Instruction},
};
use custody::{Consignment, CustodyError};
use pedigree_domain::Permissions;
use pedigree_interface::{Goods, Site, TransferKind, instruction::custody::handoff_batch};
use program_tests::{
    address,
    alter::Alter,
    ledger::Ledger,
    world::{DOCUMENT, World, terms},
};
use registry::Partner;
use solana_account::Account;

use crate::{
    BEYOND_THE_LOT, IMMOVABLE_LOTS, INELIGIBLE_RECEIVERS, INELIGIBLE_SENDERS, KINDS,
    LOT_UNDER_CASE, NOT_HELD, State, UNDER_CASE, UNSALEABLE, arrives, refuse_states,
};

const SALE: TransferKind = TransferKind::Sale;

/// Where the lots and consignments begin.
const LISTED: usize = 5;

/// Two consignments of one lot and all of another.
type Shipment = [Goods; 3];

/// A world in which the manufacturer has a shipment ready.
fn with_shipment() -> (World, Shipment) {
    let mut world = World::new();
    let World {
        manufacturer,
        goods,
        other_goods,
        ..
    } = world;
    let part = world.cut(manufacturer, goods, 100);
    (world, [goods.at(1), part, other_goods])
}

/// The manufacturer sells these goods to the wholesaler.
fn sell(world: &World, shipment: &[Goods]) -> Instruction {
    handoff_batch(
        world.manufacturer,
        world.wholesaler,
        shipment,
        SALE,
        Some(DOCUMENT),
    )
}

/// A refusal of the consignment at this place.
pub(crate) fn at(place: u32, refusal: CustodyError) -> ProgramError {
    match refusal.into() {
        ProgramError::Custom(code) => ProgramError::Custom(code | place << 16),
        other => other,
    }
}

/// The same states, refused for the consignment at this place.
fn all_at<T, const N: usize>(
    place: u32,
    states: [(State<T>, CustodyError); N],
) -> [(State<T>, ProgramError); N] {
    states.map(|(state, refusal)| (state, at(place, refusal)))
}

/// Expects the same refusal of a batch from the hot path and from Anchor's dispatcher.
#[track_caller]
fn refuse_either_way(ledger: &mut Ledger, instruction: &Instruction, refusal: ProgramError) {
    ledger.refuse(instruction, refusal.clone());
    ledger.refuse(&instruction.clone().the_long_way(), refusal);
}

#[test]
fn hands_everything_over_at_once() {
    for kind in KINDS {
        let (mut world, mut shipment) = with_shipment();
        let (mut from, mut to) = (world.manufacturer, world.wholesaler);
        if kind == TransferKind::Return {
            let sale = sell(&world, &shipment);
            world.ledger.execute(&sale);
            (from, to) = (to, from);
            shipment = shipment.map(|goods| goods.at(goods.sequence + 1));
        } else if kind == TransferKind::Examination {
            to = world.laboratory;
        }
        let effects = shipment.map(|goods| {
            world
                .ledger
                .effect(goods.consignment, |consignment: &mut Consignment| {
                    consignment.sequence = goods.sequence + 1;
                    arrives(consignment, from, to, kind);
                })
        });
        let instruction = handoff_batch(from, to, &shipment, kind, Some(DOCUMENT));
        for instruction in [instruction.clone().the_long_way(), instruction] {
            let mut ledger = world.ledger.clone();
            ledger.execute_with_effects(&instruction, &effects);
        }
    }
}

#[test]
fn takes_one_consignment_or_many() {
    let (world, [first, ..]) = with_shipment();
    world.after(&[sell(&world, &[first])]);

    let mut world = World::new();
    let (manufacturer, goods) = (world.manufacturer, world.goods);
    let parts: Vec<_> = (0..40).map(|_| world.cut(manufacturer, goods, 1)).collect();
    let instruction = sell(&world, &parts);
    world.ledger.execute(&instruction);
    for part in parts {
        let consignment: Consignment = world.ledger.read(part.consignment);
        assert_eq!(consignment.custodian, world.wholesaler.gln.number());
    }
}

#[test]
fn one_key_may_sign_for_both_sites() {
    let (mut world, shipment) = with_shipment();
    let World {
        manufacturer,
        wholesaler,
        ..
    } = world;
    world
        .ledger
        .edit(wholesaler.partner, |partner: &mut Partner| {
            partner.authority = manufacturer.key
        });
    let instruction = sell(&world, &shipment).replacing(wholesaler.key, manufacturer.key);
    let [first, ..] = shipment;
    let twice = sell(&world, &[first, first]).replacing(wholesaler.key, manufacturer.key);
    world
        .ledger
        .refuse(&twice, at(1, CustodyError::DuplicateConsignment));
    world.ledger.execute(&instruction);
}

#[test]
fn operators_come_before_the_lots() {
    let (mut world, shipment) = with_shipment();
    let World {
        manufacturer,
        wholesaler,
        ..
    } = world;
    let sender = world.appoint(manufacturer, "dock", Permissions::SHIP);
    let receiver = world.appoint(wholesaler, "goods-in", Permissions::RECEIVE);
    let by_sender = sender.sign(sell(&world, &shipment), LISTED);
    let by_both = receiver.sign(by_sender.clone(), LISTED + 1);
    let in_wrong_order = sender.sign(receiver.sign(sell(&world, &shipment), LISTED), LISTED + 1);
    world
        .ledger
        .refuse(&in_wrong_order, CustodyError::NotSitesOperator);
    let too_late = sender.sign(sell(&world, &shipment), LISTED + 1);
    world
        .ledger
        .refuse(&too_late, CustodyError::NotSitesOperator);
    let needless = sell(&world, &shipment).inserting(LISTED, sender.operator);
    refuse_either_way(
        &mut world.ledger,
        &needless,
        at(0, CustodyError::NotShippable),
    );
    world.after(&[by_sender]);
    world.after(&[by_both]);
}

#[test]
fn refuses_a_stale_sequence_and_says_where() {
    let (mut world, shipment) = with_shipment();
    for place in 0..3 {
        for change in [1, 2, u32::MAX] {
            let mut stale = shipment;
            stale[place].sequence = stale[place].sequence.wrapping_add(change);
            let instruction = sell(&world, &stale);
            let refusal = at(place as u32, CustodyError::StaleSequence);
            refuse_either_way(&mut world.ledger, &instruction, refusal);
        }
    }
}

#[test]
fn refuses_all_if_one_may_not_move() {
    let (world, shipment) = with_shipment();
    let [
        ..,
        Goods {
            lot, consignment, ..
        },
    ] = shipment;
    let sale = sell(&world, &shipment);
    for instruction in [sale.clone().the_long_way(), sale] {
        let ledger = &world.ledger;
        refuse_states(ledger, &instruction, consignment, all_at(2, NOT_HELD));
        refuse_states(ledger, &instruction, consignment, all_at(2, UNDER_CASE));
        refuse_states(ledger, &instruction, consignment, all_at(2, UNSALEABLE));
        refuse_states(ledger, &instruction, consignment, all_at(2, BEYOND_THE_LOT));
        refuse_states(ledger, &instruction, lot, all_at(2, LOT_UNDER_CASE));
        refuse_states(ledger, &instruction, lot, all_at(2, IMMOVABLE_LOTS));
    }
}

#[test]
fn refuses_the_handoff_after_the_last_sequence() {
    let (mut world, mut shipment) = with_shipment();
    shipment[1].sequence = u32::MAX;
    world
        .ledger
        .edit(shipment[1].consignment, |consignment: &mut Consignment| {
            consignment.sequence = u32::MAX;
        });
    let instruction = sell(&world, &shipment);
    let refusal = at(1, CustodyError::SequenceExhausted);
    refuse_either_way(&mut world.ledger, &instruction, refusal);
}

#[test]
fn refuses_what_another_holds_or_owns() {
    let (mut world, shipment) = with_shipment();
    let World {
        manufacturer,
        logistics,
        ..
    } = world;
    world.hand_over(
        manufacturer,
        logistics,
        shipment[1],
        TransferKind::Logistics,
    );
    let instruction = sell(&world, &shipment);
    let refusal = at(1, CustodyError::NotCustodian);
    refuse_either_way(&mut world.ledger, &instruction, refusal);

    let (mut world, shipment) = with_shipment();
    let owner = world.pharmacy.gln;
    world
        .ledger
        .edit(shipment[1].consignment, |consignment: &mut Consignment| {
            consignment.owner = owner.number();
        });
    let instruction = sell(&world, &shipment);
    let refusal = at(1, CustodyError::SenderNotOwner);
    refuse_either_way(&mut world.ledger, &instruction, refusal);
}

#[test]
fn refuses_a_return_to_anybody() {
    let (mut world, shipment) = with_shipment();
    let kind = TransferKind::Return;
    let instruction = handoff_batch(
        world.manufacturer,
        world.wholesaler,
        &shipment,
        kind,
        Some(DOCUMENT),
    );
    let refusal = at(0, CustodyError::NotReturnsSupplier);
    refuse_either_way(&mut world.ledger, &instruction, refusal);
}

#[test]
fn refuses_a_consignment_that_comes_twice() {
    let (mut world, [first, second, third]) = with_shipment();
    // The second time with the sequence that the first leaves behind.
    let again = first.at(first.sequence + 1);
    for (shipment, place) in [
        (vec![first, first], 1),
        (vec![first, again], 1),
        (vec![first, second, first], 2),
        (vec![third, first, second, second], 3),
    ] {
        let instruction = sell(&world, &shipment);
        let refusal = at(place, CustodyError::DuplicateConsignment);
        refuse_either_way(&mut world.ledger, &instruction, refusal);
    }
}

#[test]
fn refuses_a_lot_that_comes_twice() {
    let (mut world, [first, second, third]) = with_shipment();
    let instruction = sell(&world, &[first, third, second]);
    let refusal = at(2, CustodyError::DuplicateConsignment);
    refuse_either_way(&mut world.ledger, &instruction, refusal);
}

#[test]
fn refuses_listed_accounts_among_the_remaining_ones() {
    let (mut world, shipment) = with_shipment();
    let instruction = sell(&world, &shipment);
    for meta in &instruction.accounts[..LISTED] {
        let repeated = instruction.clone().inserting(LISTED + 1, meta.pubkey);
        let refusal = at(0, CustodyError::NotShippable);
        refuse_either_way(&mut world.ledger, &repeated, refusal);
    }
}

#[test]
fn refuses_what_is_neither_a_lot_nor_a_writable_consignment() {
    let (mut world, shipment) = with_shipment();
    let World {
        payer,
        pharmacy,
        product,
        ..
    } = world;
    let [first, second, _] = shipment;
    let mut offered = world.clone();
    let transfer = offered.offer(
        world.manufacturer,
        pharmacy,
        second,
        terms(TransferKind::Sale),
    );
    world
        .ledger
        .set_account(transfer, offered.ledger.account(transfer));

    let nothing = address::consignment(&second.consignment, 7);
    let genuine = world.ledger.account(second.consignment);
    let look_alikes = [
        Account {
            owner: registry::ID,
            ..genuine.clone()
        },
        Account {
            data: genuine.data[..genuine.data.len() - 1].to_vec(),
            ..genuine.clone()
        },
        Account {
            data: [&genuine.data[..], &[0; 8]].concat(),
            ..genuine.clone()
        },
    ];
    let instruction = sell(&world, &shipment);
    let refusal = at(1, CustodyError::NotShippable);
    for other in [nothing, payer, pharmacy.partner, product, transfer] {
        let instruction = instruction.clone().replacing(second.consignment, other);
        refuse_either_way(&mut world.ledger, &instruction, refusal.clone());
    }
    for look_alike in look_alikes {
        let mut ledger = world.ledger.clone();
        ledger.set_account(nothing, look_alike);
        let instruction = instruction.clone().replacing(second.consignment, nothing);
        refuse_either_way(&mut ledger, &instruction, refusal.clone());
    }
    let read_only = instruction.clone().read_only(second.consignment);
    refuse_either_way(&mut world.ledger, &read_only, refusal);
    let no_lot = instruction.replacing(first.lot, product);
    let refusal = at(0, CustodyError::NotShippable);
    refuse_either_way(&mut world.ledger, &no_lot, refusal);
}

#[test]
fn refuses_a_consignment_that_does_not_follow_its_lot() {
    let (mut world, [first, second, third]) = with_shipment();
    let lot = first.lot;
    let anothers = sell(&world, &[first, Goods { lot, ..third }]);
    let mut without = sell(&world, &[first, second]);
    without.accounts.remove(LISTED);
    let mut behind = without.clone();
    behind.accounts.push(AccountMeta::new_readonly(lot, false));
    for (instruction, refusal) in [
        (anothers, at(1, CustodyError::NotConsignmentsLot)),
        (without, at(0, CustodyError::NotShippable)),
        (behind, at(0, CustodyError::NotShippable)),
    ] {
        refuse_either_way(&mut world.ledger, &instruction, refusal);
    }
}

#[test]
fn takes_a_lot_without_consignments() {
    let (mut world, [first, second, third]) = with_shipment();
    let instruction = sell(&world, &[first, second]).inserting(LISTED, third.lot);
    world.ledger.execute(&instruction);
}

#[test]
fn refuses_more_or_fewer_sequences_than_consignments() {
    let (mut world, shipment) = with_shipment();
    let [first, second, third] = shipment;
    let remaining = sell(&world, &shipment).accounts;
    let with_sequences_of = |of: &[Goods]| Instruction {
        accounts: remaining.clone(),
        ..sell(&world, of)
    };
    let mut cases = vec![
        (with_sequences_of(&[]), at(0, CustodyError::SequenceCount)),
        (
            with_sequences_of(&[first]),
            at(1, CustodyError::SequenceCount),
        ),
        (
            with_sequences_of(&[first, second]),
            at(2, CustodyError::SequenceCount),
        ),
        (
            with_sequences_of(&[first, second, third, third]),
            CustodyError::SequenceCount.into(),
        ),
        (sell(&world, &[]), CustodyError::NotShippable.into()),
    ];
    let only_a_lot = sell(&world, &[]).inserting(LISTED, first.lot);
    cases.push((only_a_lot, CustodyError::SequenceCount.into()));
    for (instruction, refusal) in cases {
        refuse_either_way(&mut world.ledger, &instruction, refusal);
    }
}

#[test]
fn refuses_either_side_that_may_not_trade() {
    let (world, shipment) = with_shipment();
    let sides = [
        (world.manufacturer, INELIGIBLE_SENDERS),
        (world.wholesaler, INELIGIBLE_RECEIVERS),
    ];
    for (site, disqualifications) in sides {
        for (disqualify, refusal) in disqualifications {
            let mut world = world.clone();
            disqualify(&mut world, site);
            let instruction = sell(&world, &shipment);
            refuse_either_way(&mut world.ledger, &instruction, refusal.into());
        }
    }
}

#[test]
fn refuses_unknown_kinds_and_one_site_on_both_sides() {
    let (mut world, shipment) = with_shipment();
    let from = world.manufacturer;
    const KIND: usize = 1;
    for kind in [0, 5, 255] {
        let instruction = sell(&world, &shipment).with_data(KIND, &[kind]);
        let refusal = CustodyError::InvalidKind.into();
        refuse_either_way(&mut world.ledger, &instruction, refusal);
    }
    let instruction = handoff_batch(from, from, &shipment, SALE, Some(DOCUMENT));
    refuse_either_way(
        &mut world.ledger,
        &instruction,
        CustodyError::SamePartner.into(),
    );
}

#[test]
fn refuses_anybody_but_the_custodian_and_the_receiver() {
    let (mut world, shipment) = with_shipment();
    let World {
        manufacturer,
        wholesaler,
        pharmacy,
        ..
    } = world;
    let thief = handoff_batch(pharmacy, wholesaler, &shipment, SALE, Some(DOCUMENT));
    let refusal = at(0, CustodyError::NotCustodian);
    refuse_either_way(&mut world.ledger, &thief, refusal);
    let instruction = sell(&world, &shipment);
    for Site { key, .. } in [manufacturer, wholesaler] {
        // What follows is taken for the account of the operator that signs.
        let forged = instruction.clone().replacing(key, pharmacy.key);
        world.ledger.refuse(&forged, CustodyError::NotSitesOperator);
        let alone = sell(&world, &[]).replacing(key, pharmacy.key);
        world.ledger.refuse(&alone, CustodyError::NotPartnerKey);
        world.ledger.refuse_unsigned(&instruction, &[key]);
    }
}

#[test]
fn refuses_wrong_accounts() {
    let (mut world, shipment) = with_shipment();
    let World {
        manufacturer,
        wholesaler,
        ..
    } = world;
    let instruction = sell(&world, &shipment);
    world
        .ledger
        .refuse_stand_ins(&instruction, &[manufacturer.partner, wholesaler.partner]);
}
