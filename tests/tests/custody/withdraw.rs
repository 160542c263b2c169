//! `sample` and `report_stolen`: units that leave the chain on their custodian's word.

use anchor_lang::{Address, solana_program::instruction::Instruction};
use custody::{Change, Consignment, ConsignmentStatus, CustodyError, Restrictions};
use program_tests::{
    instruction::custody::{pack, report_stolen, sample},
    occasion::SSCC,
    world::{DOCUMENT, Site, World},
};

use crate::{NOT_HELD, refuse_other_signers, refuse_states, restrict, trail::link};

type Withdrawal = fn(Site, Address, u32, [u8; 32]) -> Instruction;

const WITHDRAWALS: [(Withdrawal, Change, ConsignmentStatus); 2] = [
    (sample, Change::Sampling, ConsignmentStatus::Sampled),
    (report_stolen, Change::Theft, ConsignmentStatus::Stolen),
];

#[test]
fn takes_the_units_out_of_the_chain() {
    for (withdraw, kind, status) in WITHDRAWALS {
        let mut world = World::new();
        let (manufacturer, consignment) = (world.manufacturer, world.parcel.consignment);
        world.ledger.execute(&pack(manufacturer, consignment, SSCC));
        let effect = world
            .ledger
            .effect(consignment, |consignment: &mut Consignment| {
                consignment.sequence = 1;
                consignment.sscc = 0;
                consignment.status = status;
                consignment.document = DOCUMENT;
                consignment.kind = kind;
                consignment.trail = link(consignment);
            });
        let instruction = withdraw(manufacturer, consignment, 0, DOCUMENT);
        world.ledger.execute_with_effects(&instruction, &[effect]);
        let again = withdraw(manufacturer, consignment, 1, DOCUMENT);
        world.ledger.refuse(&again, CustodyError::UnitsGone);
    }
}

#[test]
fn works_on_a_providers_goods_restricted_goods_and_under_a_case() {
    for (withdraw, _, status) in WITHDRAWALS {
        let mut world = World::new();
        let World {
            manufacturer,
            logistics,
            parcel,
            ..
        } = world;
        world.hand_over(manufacturer, logistics, parcel, Change::Logistics);
        world
            .ledger
            .edit(parcel.consignment, |consignment: &mut Consignment| {
                restrict(consignment, Restrictions::all());
                consignment.open_cases = 1;
            });
        world.suspend(logistics);
        world
            .ledger
            .execute(&withdraw(logistics, parcel.consignment, 1, DOCUMENT));
        let consignment: Consignment = world.ledger.read(parcel.consignment);
        assert_eq!(consignment.status, status);
        assert_eq!(consignment.owner, manufacturer.gln);
    }
}

#[test]
fn refuses_a_stale_sequence() {
    for (withdraw, ..) in WITHDRAWALS {
        let mut world = World::new();
        let (manufacturer, consignment) = (world.manufacturer, world.parcel.consignment);
        for sequence in [1, u32::MAX] {
            let instruction = withdraw(manufacturer, consignment, sequence, DOCUMENT);
            world
                .ledger
                .refuse(&instruction, CustodyError::StaleSequence);
        }
        world
            .ledger
            .edit(consignment, |consignment: &mut Consignment| {
                consignment.sequence = u32::MAX;
            });
        let last = withdraw(manufacturer, consignment, u32::MAX, DOCUMENT);
        world.ledger.refuse(&last, CustodyError::SequenceExhausted);
    }
}

#[test]
fn refuses_what_is_not_held() {
    let world = World::new();
    for (withdraw, ..) in WITHDRAWALS {
        let consignment = world.parcel.consignment;
        let instruction = withdraw(world.manufacturer, consignment, 0, DOCUMENT);
        refuse_states(&world.ledger, &instruction, consignment, NOT_HELD);
    }
}

#[test]
fn refuses_anybody_but_the_custodian() {
    for (withdraw, ..) in WITHDRAWALS {
        let mut world = World::new();
        let World {
            manufacturer,
            logistics,
            parcel,
            ..
        } = world;
        let thief = withdraw(logistics, parcel.consignment, 0, DOCUMENT);
        world.ledger.refuse(&thief, CustodyError::NotCustodian);
        let instruction = withdraw(manufacturer, parcel.consignment, 0, DOCUMENT);
        refuse_other_signers(&mut world.ledger, &instruction, &[manufacturer]);
        world.hand_over(manufacturer, logistics, parcel, Change::Logistics);
        let owner = withdraw(manufacturer, parcel.consignment, 1, DOCUMENT);
        world.ledger.refuse(&owner, CustodyError::NotCustodian);
    }
}

#[test]
fn refuses_wrong_accounts() {
    let mut world = World::new();
    let accounts = [world.manufacturer.partner, world.parcel.consignment];
    for (withdraw, ..) in WITHDRAWALS {
        let instruction = withdraw(world.manufacturer, accounts[1], 0, DOCUMENT);
        world.ledger.refuse_stand_ins(&instruction, &accounts);
    }
}
