use anchor_lang::solana_program::instruction::Instruction;
use custody::{Change, Consignment, CustodyError, Restrictions};
use pedigree_domain::Roles;
use pedigree_interface::{
    TransferKind,
    instruction::custody::{handoff, verify_return},
};
use program_tests::{
    alter::Alter,
    world::{DOCUMENT, World},
};

use crate::{
    IMMOVABLE_LOTS, LOT_UNDER_CASE, NOT_HELD, OUT_OF_STANDING, UNDER_CASE, UNSALEABLE,
    refuse_other_signers, refuse_states, trail,
};

/// The hash of what the goods were verified with.
const VERIFIED: [u8; 32] = [0x0E; 32];

/// A world in which the goods came back to their manufacturer.
fn returned() -> World {
    let mut world = World::new();
    let World {
        manufacturer,
        wholesaler,
        goods,
        ..
    } = world;
    world.hand_over(manufacturer, wholesaler, goods, TransferKind::Sale);
    world.hand_over(wholesaler, manufacturer, goods, TransferKind::Return);
    world
}

/// The manufacturer verifies what came back.
fn verify(world: &World) -> Instruction {
    verify_return(world.manufacturer, world.goods.at(2), Some(VERIFIED))
}

#[test]
fn lets_the_goods_be_sold_again() {
    let mut world = returned();
    let World {
        manufacturer,
        pharmacy,
        goods,
        ..
    } = world;
    let sale = handoff(
        manufacturer,
        pharmacy,
        goods.at(2),
        TransferKind::Sale,
        Some(DOCUMENT),
    );
    world.ledger.refuse(&sale, CustodyError::ReturnNotVerified);
    let effect = world
        .ledger
        .effect(goods.consignment, |consignment: &mut Consignment| {
            assert_eq!(consignment.restrictions, Restrictions::RETURNED.bits());
            consignment.restrictions = 0;
            trail::noted(consignment, Change::Verification, VERIFIED);
        });
    let instruction = verify(&world);
    world.ledger.execute_with_effects(&instruction, &[effect]);
    world.ledger.execute(&sale);
}

#[test]
fn refuses_what_did_not_come_back() {
    let mut world = World::new();
    let instruction = verify_return(world.manufacturer, world.goods, Some(VERIFIED));
    world.ledger.refuse(&instruction, CustodyError::NotReturned);
    let mut world = returned();
    let instruction = verify(&world);
    world.ledger.execute(&instruction);
    world.ledger.refuse(&instruction, CustodyError::NotReturned);
}

#[test]
fn refuses_what_could_not_be_sold_anyway() {
    let world = returned();
    let (instruction, goods) = (verify(&world), world.goods);
    let consignment = goods.consignment;
    refuse_states(&world.ledger, &instruction, consignment, NOT_HELD);
    refuse_states(&world.ledger, &instruction, consignment, UNDER_CASE);
    refuse_states(&world.ledger, &instruction, goods.lot, IMMOVABLE_LOTS);
    for (state, refusal) in UNSALEABLE {
        let mut ledger = world.ledger.clone();
        ledger.edit(consignment, |consignment: &mut Consignment| {
            state(consignment);
            consignment.restrictions |= Restrictions::RETURNED.bits();
        });
        if ledger.read::<Consignment>(consignment).restrictions == Restrictions::RETURNED.bits() {
            ledger.execute(&instruction);
        } else {
            ledger.refuse(&instruction, refusal);
        }
    }
}

#[test]
fn refuses_goods_of_a_lot_under_case() {
    let world = returned();
    let instruction = verify(&world);
    refuse_states(&world.ledger, &instruction, world.goods.lot, LOT_UNDER_CASE);
}

#[test]
fn only_a_trading_partner_in_good_standing_makes_goods_saleable() {
    let world = returned();
    let instruction = verify(&world);
    let custodian = world.manufacturer;
    for (disqualify, refusal) in OUT_OF_STANDING {
        let mut world = world.clone();
        disqualify(&mut world, custodian);
        world.ledger.refuse(&instruction, refusal);
    }
    for roles in [Roles::LABORATORY, Roles::REVERSE_DISTRIBUTOR] {
        let mut world = world.clone();
        world.license(custodian, roles);
        world.ledger.refuse(&instruction, CustodyError::SenderRole);
    }
}

#[test]
fn refuses_a_stale_sequence() {
    let mut world = returned();
    for sequence in [0, 1, 3, u32::MAX] {
        let instruction =
            verify_return(world.manufacturer, world.goods.at(sequence), Some(VERIFIED));
        world
            .ledger
            .refuse(&instruction, CustodyError::StaleSequence);
    }
}

#[test]
fn refuses_anybody_but_the_custodian() {
    let mut world = returned();
    let sender = verify_return(world.wholesaler, world.goods.at(2), Some(VERIFIED));
    world.ledger.refuse(&sender, CustodyError::NotCustodian);
    let (instruction, manufacturer) = (verify(&world), world.manufacturer);
    refuse_other_signers(&mut world.ledger, &instruction, &[manufacturer]);
}

#[test]
fn refuses_wrong_accounts() {
    let mut world = returned();
    let World {
        manufacturer,
        goods,
        other_goods,
        ..
    } = world;
    let instruction = verify(&world);
    let accounts = [manufacturer.partner, goods.lot, goods.consignment];
    world.ledger.refuse_stand_ins(&instruction, &accounts);
    let another_lot = instruction.replacing(goods.lot, other_goods.lot);
    world
        .ledger
        .refuse(&another_lot, CustodyError::NotConsignmentsLot);
}
