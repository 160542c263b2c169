use anchor_lang::solana_program::instruction::Instruction;
use custody::{Change, Consignment, ConsignmentStatus, CustodyError, Lot, Restrictions};
use pedigree_domain::Permissions;
use pedigree_interface::{
    Site, TransferKind,
    instruction::custody::{destroy, open_lot_case},
};
use program_tests::{
    alter::Alter,
    scenario::finding,
    world::{DOCUMENT, UNITS, World},
};
use registry::Partner;

use crate::{
    INELIGIBLE_SENDERS, NOT_HELD, UNDER_CASE, recall, refuse_other_sequences, refuse_other_signers,
    refuse_states, restrict, withdraw,
};

/// Where the operators' accounts begin.
const LISTED: usize = 6;

/// The manufacturer destroys the goods in the presence of the wholesaler.
fn destroy_goods(world: &World) -> Instruction {
    destroy(
        world.manufacturer,
        world.wholesaler,
        world.goods,
        Some(DOCUMENT),
    )
}

#[test]
fn takes_the_units_out_of_the_chain() {
    let (kind, status) = (Change::Destruction, ConsignmentStatus::Destroyed);
    withdraw::takes_the_units_out_of_the_chain(destroy_goods, kind, status);
}

#[test]
fn goods_that_must_not_be_sold_may_be_destroyed_by_whoever_has_them() {
    let mut world = World::new();
    let World {
        manufacturer,
        logistics,
        regulator,
        goods,
        ..
    } = world;
    world.hand_over(manufacturer, logistics, goods, TransferKind::Disposal);
    world
        .ledger
        .edit(goods.consignment, |consignment: &mut Consignment| {
            restrict(consignment, Restrictions::all());
        });
    world.ledger.edit(goods.lot, |lot: &mut Lot| {
        lot.expires_at = 0;
        recall(lot, 0, UNITS);
    });
    world.suspend(logistics);
    let instruction = destroy(logistics, regulator, goods.at(1), Some(DOCUMENT));
    world.ledger.execute(&instruction);
}

#[test]
fn the_custodians_own_operator_may_witness() {
    let mut world = World::new();
    let (manufacturer, goods) = (world.manufacturer, world.goods);
    let qa = world.appoint(manufacturer, "qa", Permissions::WITNESS);
    let by_witness = Site::by_operator(manufacturer.gln, qa.key);
    let instruction = destroy(manufacturer, by_witness, goods, Some(DOCUMENT));
    world.after(&[instruction]);

    // The other way round: the operator acts and the site's own key watches.
    let dock = world.appoint(manufacturer, "dock", Permissions::WITHDRAW);
    let by_operator = Site::by_operator(manufacturer.gln, dock.key);
    let instruction = destroy(by_operator, manufacturer, goods, Some(DOCUMENT));
    world.after(&[instruction]);

    // And two operators, in the order of the signers.
    let in_order = destroy(by_operator, by_witness, goods, Some(DOCUMENT));
    let mut out_of_order = in_order.clone();
    out_of_order.accounts.swap(LISTED, LISTED + 1);
    world
        .ledger
        .refuse(&out_of_order, CustodyError::NotSitesOperator);
    world.after(&[in_order]);
}

#[test]
fn refuses_one_person_as_actor_and_witness() {
    let mut world = World::new();
    let World {
        manufacturer,
        wholesaler,
        goods,
        ..
    } = world;
    let alone = destroy(manufacturer, manufacturer, goods, Some(DOCUMENT));
    world.ledger.refuse(&alone, CustodyError::WitnessIsActor);

    // One operator of two sites is still one person, and so is one key of two sites.
    let all = Permissions::all();
    let here = world.appoint(manufacturer, "both", all);
    let there = world.appoint(wholesaler, "both", all);
    let with_one_operator = there.sign(here.sign(destroy_goods(&world), LISTED), LISTED + 1);
    world
        .ledger
        .refuse(&with_one_operator, CustodyError::WitnessIsActor);
    world
        .ledger
        .edit(wholesaler.partner, |partner: &mut Partner| {
            partner.authority = manufacturer.key;
        });
    let with_one_key = destroy_goods(&world).replacing(wholesaler.key, manufacturer.key);
    world
        .ledger
        .refuse(&with_one_key, CustodyError::WitnessIsActor);
}

#[test]
fn refuses_a_witness_of_a_site_that_may_not_trade() {
    // Any role will do.
    let [suspended, revoked, lapsed, (other_roles, _)] = INELIGIBLE_SENDERS;
    for (disqualify, refusal) in [suspended, revoked, lapsed] {
        let mut world = World::new();
        let site = world.wholesaler;
        disqualify(&mut world, site);
        let instruction = destroy_goods(&world);
        world.ledger.refuse(&instruction, refusal);
    }
    let mut world = World::new();
    let site = world.wholesaler;
    other_roles(&mut world, site);
    let instruction = destroy_goods(&world);
    world.ledger.execute(&instruction);
}

#[test]
fn refuses_a_stale_sequence() {
    let world = World::new();
    refuse_other_sequences(&world.ledger, world.goods, |goods| {
        destroy(world.manufacturer, world.wholesaler, goods, Some(DOCUMENT))
    });
}

#[test]
fn refuses_what_is_not_held_or_under_case() {
    let world = World::new();
    let (instruction, consignment) = (destroy_goods(&world), world.goods.consignment);
    refuse_states(&world.ledger, &instruction, consignment, NOT_HELD);
    refuse_states(&world.ledger, &instruction, consignment, UNDER_CASE);
}

#[test]
fn refuses_goods_of_a_lot_under_case() {
    let mut world = World::new();
    let World {
        payer,
        regulator,
        goods,
        ..
    } = world;
    let suspect = finding(custody::ExceptionCode::None);
    world
        .ledger
        .execute(&open_lot_case(payer, regulator, goods.lot, 0, suspect));
    let instruction = destroy_goods(&world);
    world
        .ledger
        .refuse(&instruction, CustodyError::LotUnderCase);
}

#[test]
fn refuses_anybody_but_the_custodian_and_a_witness() {
    let mut world = World::new();
    let World {
        manufacturer,
        wholesaler,
        pharmacy,
        goods,
        ..
    } = world;
    let thief = destroy(pharmacy, wholesaler, goods, Some(DOCUMENT));
    world.ledger.refuse(&thief, CustodyError::NotCustodian);
    let instruction = destroy_goods(&world);
    refuse_other_signers(&mut world.ledger, &instruction, &[manufacturer, wholesaler]);
}

#[test]
fn refuses_wrong_accounts() {
    let mut world = World::new();
    let instruction = destroy_goods(&world);
    let accounts = [
        world.manufacturer.partner,
        world.wholesaler.partner,
        world.goods.lot,
        world.goods.consignment,
    ];
    world.ledger.refuse_stand_ins(&instruction, &accounts);
}
