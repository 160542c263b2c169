use anchor_lang::solana_program::instruction::Instruction;
use custody::{Consignment, CustodyError, Restrictions};
use pedigree_interface::{
    TransferKind,
    instruction::custody::{handoff, quarantine, release},
};
use program_tests::world::{DOCUMENT, World};

use crate::{KINDS, NOT_HELD, is_downstream, ready, refuse_other_signers, refuse_states, restrict};

/// The manufacturer sets the goods aside, and releases them again.
fn both(world: &World) -> [Instruction; 2] {
    let (manufacturer, consignment) = (world.manufacturer, world.goods.consignment);
    [
        quarantine(manufacturer, consignment),
        release(manufacturer, consignment),
    ]
}

#[test]
fn changes_that_restriction_and_no_other() {
    let others = Restrictions::RETURNED.union(Restrictions::CONDEMNED);
    for restrictions in [Restrictions::empty(), others] {
        let mut world = World::new();
        let consignment = world.goods.consignment;
        world
            .ledger
            .edit(consignment, |consignment: &mut Consignment| {
                restrict(consignment, restrictions);
            });
        let quarantined = restrictions.union(Restrictions::QUARANTINED);
        for (instruction, expected) in both(&world).iter().zip([quarantined, restrictions]) {
            let effect = world
                .ledger
                .effect(consignment, |consignment: &mut Consignment| {
                    consignment.restrictions = expected.bits();
                });
            world.ledger.execute_with_effects(instruction, &[effect]);
        }
    }
}

#[test]
fn keeps_goods_from_going_down_the_chain_only() {
    for kind in KINDS {
        let (mut world, from, to) = ready(kind);
        let goods = world.goods;
        world.ledger.execute(&quarantine(from, goods.consignment));
        let transfer = handoff(from, to, goods, kind, Some(DOCUMENT));
        if is_downstream(kind) {
            world
                .ledger
                .refuse(&transfer, CustodyError::ConsignmentQuarantined);
            world.ledger.execute(&release(from, goods.consignment));
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
        .execute(&quarantine(wholesaler, goods.consignment));
    world.hand_over(wholesaler, manufacturer, goods, TransferKind::Return);
    world
        .ledger
        .execute(&release(manufacturer, goods.consignment));
}

#[test]
fn works_while_a_case_is_open() {
    let mut world = World::new();
    world
        .ledger
        .edit(world.goods.consignment, |consignment: &mut Consignment| {
            consignment.open_cases = 1;
        });
    world.after(&both(&world));
}

#[test]
fn refuses_a_second_time() {
    let mut world = World::new();
    let [quarantine, release] = both(&world);
    world.ledger.refuse(&release, CustodyError::NotQuarantined);
    world.ledger.execute(&quarantine);
    world
        .ledger
        .refuse(&quarantine, CustodyError::ConsignmentQuarantined);
    world.ledger.execute(&release);
    world.ledger.refuse(&release, CustodyError::NotQuarantined);
}

#[test]
fn refuses_what_is_not_held() {
    let world = World::new();
    for instruction in both(&world) {
        let consignment = world.goods.consignment;
        refuse_states(&world.ledger, &instruction, consignment, NOT_HELD);
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
    let consignment = goods.consignment;
    for other in [
        quarantine(regulator, consignment),
        release(regulator, consignment),
    ] {
        world.ledger.refuse(&other, CustodyError::NotCustodian);
    }
    for instruction in both(&world) {
        refuse_other_signers(&mut world.ledger, &instruction, &[manufacturer]);
    }
}

#[test]
fn refuses_wrong_accounts() {
    let mut world = World::new();
    let accounts = [world.manufacturer.partner, world.goods.consignment];
    for instruction in both(&world) {
        world.ledger.refuse_stand_ins(&instruction, &accounts);
    }
}
