//! `sample` and `report_stolen`: units that leave the chain on their custodian's statement, and on that of whom
//! they belong to or who holds them.

use anchor_lang::solana_program::instruction::Instruction;
use custody::{Change, Consignment, ConsignmentStatus, CustodyError, Restrictions};
use pedigree_interface::{
    Goods, Site, TransferKind,
    instruction::custody::{Witness, pack, report_stolen, sample},
};
use program_tests::{
    ledger::NOW,
    scenario::SSCC,
    world::{DOCUMENT, World},
};

use crate::{
    INELIGIBLE_SENDERS, NOT_HELD, refuse_other_sequences, refuse_other_signers, refuse_states,
    restrict, trail::link,
};

type Withdrawal = fn(Site, Goods, Option<Witness>, Option<[u8; 32]>) -> Instruction;

const WITHDRAWALS: [(Withdrawal, Change, ConsignmentStatus); 2] = [
    (sample, Change::Sampling, ConsignmentStatus::Sampled),
    (report_stolen, Change::Theft, ConsignmentStatus::Stolen),
];

/// Expects a packed consignment to leave the chain by a change of this kind, with this status, once.
#[track_caller]
pub(crate) fn takes_the_units_out_of_the_chain(
    withdraw: impl Fn(&World) -> Instruction,
    kind: Change,
    status: ConsignmentStatus,
) {
    let mut world = World::new();
    let consignment = world.goods.consignment;
    let packing = pack(world.manufacturer, consignment, SSCC);
    world.ledger.execute(&packing);
    let effect = world
        .ledger
        .effect(consignment, |consignment: &mut Consignment| {
            consignment.sequence = 1;
            consignment.sscc = 0;
            consignment.status = status;
            consignment.withdrawn_at = NOW;
            consignment.document_hash = DOCUMENT;
            consignment.kind = kind;
            consignment.trail = link(consignment);
        });
    let instruction = withdraw(&world);
    world.ledger.execute_with_effects(&instruction, &[effect]);
    world.goods.sequence = 1;
    let again = withdraw(&world);
    world.ledger.refuse(&again, CustodyError::UnitsGone);
}

#[test]
fn both_take_the_units_out_of_the_chain() {
    for (withdraw, kind, status) in WITHDRAWALS {
        let by_manufacturer =
            |world: &World| withdraw(world.manufacturer, world.goods, None, Some(DOCUMENT));
        takes_the_units_out_of_the_chain(by_manufacturer, kind, status);
    }
}

#[test]
fn works_on_restricted_goods() {
    for (withdraw, _, status) in WITHDRAWALS {
        let mut world = World::new();
        let (manufacturer, goods) = (world.manufacturer, world.goods);
        world
            .ledger
            .edit(goods.consignment, |consignment: &mut Consignment| {
                restrict(
                    consignment,
                    Restrictions::all() - Restrictions::CONDEMNED - Restrictions::SURRENDERED,
                );
            });
        world
            .ledger
            .execute(&withdraw(manufacturer, goods, None, Some(DOCUMENT)));
        let consignment: Consignment = world.ledger.read(goods.consignment);
        assert_eq!(consignment.status, status);
    }
}

#[test]
fn a_site_without_standing_reports_thefts_only() {
    for (disqualify, refusal) in INELIGIBLE_SENDERS {
        let mut world = World::new();
        let (manufacturer, goods) = (world.manufacturer, world.goods);
        disqualify(&mut world, manufacturer);
        let sampling = sample(manufacturer, goods, None, Some(DOCUMENT));
        world.ledger.refuse(&sampling, refusal);
        let theft = report_stolen(manufacturer, goods, None, Some(DOCUMENT));
        world.ledger.execute(&theft);
    }
}

#[test]
fn refuses_a_stale_sequence() {
    let world = World::new();
    for (withdraw, ..) in WITHDRAWALS {
        refuse_other_sequences(&world.ledger, world.goods, |goods| {
            withdraw(world.manufacturer, goods, None, Some(DOCUMENT))
        });
    }
}

#[test]
fn refuses_what_is_not_held() {
    let world = World::new();
    for (withdraw, ..) in WITHDRAWALS {
        let goods = world.goods;
        let instruction = withdraw(world.manufacturer, goods, None, Some(DOCUMENT));
        refuse_states(&world.ledger, &instruction, goods.consignment, NOT_HELD);
    }
}

#[test]
fn refuses_anybody_but_the_custodian() {
    for (withdraw, ..) in WITHDRAWALS {
        let mut world = World::new();
        let World {
            manufacturer,
            logistics,
            goods,
            ..
        } = world;
        let thief = withdraw(logistics, goods, None, Some(DOCUMENT));
        world.ledger.refuse(&thief, CustodyError::NotCustodian);
        let instruction = withdraw(manufacturer, goods, None, Some(DOCUMENT));
        refuse_other_signers(&mut world.ledger, &instruction, &[manufacturer]);
        world.hand_over(manufacturer, logistics, goods, TransferKind::Logistics);
        let owner = withdraw(manufacturer, goods.at(1), None, Some(DOCUMENT));
        world.ledger.refuse(&owner, CustodyError::NotCustodian);
    }
}

#[test]
fn refuses_wrong_accounts() {
    let mut world = World::new();
    let accounts = [world.manufacturer.partner, world.goods.consignment];
    for (withdraw, ..) in WITHDRAWALS {
        let instruction = withdraw(world.manufacturer, world.goods, None, Some(DOCUMENT));
        world.ledger.refuse_stand_ins(&instruction, &accounts);
    }
}
