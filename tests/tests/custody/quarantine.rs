use anchor_lang::solana_program::instruction::Instruction;
use custody::{Change, Consignment, CustodyError, Restrictions};
use pedigree_interface::{
    TransferKind,
    instruction::custody::{handoff, quarantine},
};
use program_tests::world::{DOCUMENT, World};

use crate::{
    INELIGIBLE_SENDERS, KINDS, NOT_HELD, is_downstream, ready, refuse_other_signers, refuse_states,
    release::release_quarantined, restrict, trail,
};

/// The manufacturer sets the goods aside.
fn set_aside(world: &World) -> Instruction {
    quarantine(
        world.manufacturer,
        world.goods.consignment,
        Some([0x0A; 32]),
    )
}

#[test]
fn adds_that_restriction_and_a_link() {
    let others = Restrictions::RETURNED.union(Restrictions::CONDEMNED);
    for restrictions in [Restrictions::empty(), others] {
        let mut world = World::new();
        let consignment = world.goods.consignment;
        world
            .ledger
            .edit(consignment, |consignment: &mut Consignment| {
                restrict(consignment, restrictions);
            });
        let effect = world
            .ledger
            .effect(consignment, |consignment: &mut Consignment| {
                restrict(consignment, Restrictions::QUARANTINED);
                trail::noted(consignment, Change::Quarantine, [0x0A; 32]);
            });
        let instruction = set_aside(&world);
        world.ledger.execute_with_effects(&instruction, &[effect]);
    }
}

#[test]
fn keeps_goods_from_going_down_the_chain_only() {
    for kind in KINDS {
        let (mut world, from, to) = ready(kind);
        let goods = world.goods;
        world
            .ledger
            .execute(&quarantine(from, goods.consignment, None));
        let transfer = handoff(from, to, goods, kind, Some(DOCUMENT));
        if is_downstream(kind) {
            world
                .ledger
                .refuse(&transfer, CustodyError::ConsignmentQuarantined);
            world
                .ledger
                .execute(&release_quarantined(from, goods.consignment));
        }
        world.ledger.execute(&transfer);
    }
}

#[test]
fn the_receiver_of_quarantined_goods_may_release_them() {
    let mut world = World::new();
    let World {
        manufacturer,
        wholesaler,
        goods,
        ..
    } = world;
    world.hand_over(manufacturer, wholesaler, goods, TransferKind::Sale);
    world
        .ledger
        .execute(&quarantine(wholesaler, goods.consignment, None));
    world.hand_over(wholesaler, manufacturer, goods, TransferKind::Return);
    world
        .ledger
        .execute(&release_quarantined(manufacturer, goods.consignment));
}

#[test]
fn works_while_a_case_is_open() {
    let mut world = World::new();
    world
        .ledger
        .edit(world.goods.consignment, |consignment: &mut Consignment| {
            consignment.open_cases = 1;
        });
    world.after(&[set_aside(&world)]);
}

#[test]
fn refuses_a_second_time() {
    let mut world = World::new();
    let instruction = set_aside(&world);
    world.ledger.execute(&instruction);
    world
        .ledger
        .refuse(&instruction, CustodyError::ConsignmentQuarantined);
}

#[test]
fn refuses_what_is_not_held() {
    let world = World::new();
    let instruction = set_aside(&world);
    let consignment = world.goods.consignment;
    refuse_states(&world.ledger, &instruction, consignment, NOT_HELD);
}

#[test]
fn a_custodian_without_standing_stops_nothing() {
    for (disqualify, refusal) in INELIGIBLE_SENDERS {
        let mut world = World::new();
        let custodian = world.manufacturer;
        disqualify(&mut world, custodian);
        let instruction = set_aside(&world);
        world.ledger.refuse(&instruction, refusal);
    }
}

#[test]
fn refuses_anybody_but_the_custodian() {
    let mut world = World::new();
    let World {
        manufacturer,
        regulator,
        goods,
        ..
    } = world;
    let other = quarantine(regulator, goods.consignment, None);
    world.ledger.refuse(&other, CustodyError::NotCustodian);
    let instruction = set_aside(&world);
    refuse_other_signers(&mut world.ledger, &instruction, &[manufacturer]);
}

#[test]
fn refuses_wrong_accounts() {
    let mut world = World::new();
    let accounts = [world.manufacturer.partner, world.goods.consignment];
    let instruction = set_aside(&world);
    world.ledger.refuse_stand_ins(&instruction, &accounts);
}
