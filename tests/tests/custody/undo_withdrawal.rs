use anchor_lang::solana_program::instruction::Instruction;
use custody::{
    Change, Consignment, ConsignmentStatus, CustodyError, Disposition, Lot, Restrictions,
    UnitBlock, UnitRecord,
};
use pedigree_interface::{
    Goods, Site, TransferKind,
    instruction::custody::{
        decommission, destroy, export, open_unit_page, recover, report_stolen, sample,
        undo_withdrawal,
    },
};
use program_tests::{
    alter::Alter,
    ledger::NOW,
    world::{DOCUMENT, UNITS, World},
};

use crate::{
    IMMOVABLE_LOTS, INELIGIBLE_SENDERS, LOT_UNDER_CASE, MOVABLE_LOTS, State, UNDER_CASE,
    UNSALEABLE, refuse_other_sequences, refuse_other_signers, refuse_states, restrict, trail::link,
};

/// A wholesaler that owns a whole lot, whose page is open.
fn warehouse() -> (World, Goods) {
    let mut world = World::new();
    let (payer, goods) = (world.payer, world.goods);
    world.ledger.execute(&open_unit_page(payer, goods.lot, 0));
    let (manufacturer, wholesaler) = (world.manufacturer, world.wholesaler);
    world.hand_over(manufacturer, wholesaler, goods, TransferKind::Sale);
    let goods = world.now(goods);
    (world, goods)
}

/// What may be undone.
fn undoable(site: Site, goods: Goods) -> [Instruction; 2] {
    [
        sample(site, goods, None, Some(DOCUMENT)),
        export(site, goods, Some(DOCUMENT)),
    ]
}

/// The warehouse whose goods were sampled by mistake.
fn sampled() -> (World, Goods) {
    let (world, goods) = warehouse();
    let [sampling, _] = undoable(world.wholesaler, goods);
    let world = world.after([&sampling]);
    let goods = world.now(goods);
    (world, goods)
}

#[test]
fn whole_consignments_that_were_sampled_or_exported_come_back_within_ten_days() {
    let (warehouse, goods) = warehouse();
    let (wholesaler, pharmacy) = (warehouse.wholesaler, warehouse.pharmacy);
    for taking in undoable(wholesaler, goods) {
        let mut world = warehouse.after([&taking]);
        let instruction = undo_withdrawal(wholesaler, world.now(goods));
        world.ledger.set_time(NOW + UnitRecord::UNDO_TIME + 1);
        world.ledger.refuse(&instruction, CustodyError::UndoTooLate);
        world.ledger.set_time(NOW + UnitRecord::UNDO_TIME);
        let effect = world
            .ledger
            .effect(goods.consignment, |consignment: &mut Consignment| {
                consignment.sequence += 1;
                consignment.status = ConsignmentStatus::Held;
                consignment.withdrawn_at = 0;
                consignment.document_hash = [0; 32];
                consignment.kind = Change::Reversal;
                consignment.trail = link(consignment);
            });
        world.ledger.execute_with_effects(&instruction, &[effect]);
        let again = undo_withdrawal(wholesaler, world.now(goods));
        world.ledger.refuse(&again, CustodyError::NotWithdrawn);
        world.hand_over(wholesaler, pharmacy, goods, TransferKind::Sale);
    }
}

#[test]
fn each_time_they_leave_begins_the_ten_days_anew() {
    let (mut world, goods) = sampled();
    let wholesaler = world.wholesaler;
    let later = NOW + UnitRecord::UNDO_TIME;
    world.ledger.set_time(later);
    let undoing = undo_withdrawal(wholesaler, goods);
    world.ledger.execute(&undoing);
    let [_, exporting] = undoable(wholesaler, world.now(goods));
    world.ledger.execute(&exporting);
    world.ledger.set_time(later + UnitRecord::UNDO_TIME);
    let undoing = undo_withdrawal(wholesaler, world.now(goods));
    world.ledger.execute(&undoing);
}

#[test]
fn what_was_stolen_or_destroyed_or_is_there_is_not_undone() {
    let (warehouse, goods) = warehouse();
    let (wholesaler, regulator) = (warehouse.wholesaler, warehouse.regulator);
    for taking in [
        report_stolen(wholesaler, goods, None, None),
        destroy(wholesaler, regulator, goods, None),
    ] {
        let mut world = warehouse.after([&taking]);
        let instruction = undo_withdrawal(wholesaler, world.now(goods));
        world
            .ledger
            .refuse(&instruction, CustodyError::NotWithdrawn);
    }
    let states: [(State<Consignment>, CustodyError); 3] = [
        (
            |it| it.status = ConsignmentStatus::Held,
            CustodyError::NotWithdrawn,
        ),
        (
            |it| it.status = ConsignmentStatus::Offered,
            CustodyError::NotWithdrawn,
        ),
        (
            |it| it.status = ConsignmentStatus::from_code(9),
            CustodyError::NotWithdrawn,
        ),
    ];
    let (world, goods) = sampled();
    let instruction = undo_withdrawal(wholesaler, goods);
    refuse_states(&world.ledger, &instruction, goods.consignment, states);
    // What was stolen, found and sampled is condemned.
    let mut world = warehouse.after(&[report_stolen(wholesaler, world.goods.at(1), None, None)]);
    let found = recover(
        regulator,
        wholesaler.gln,
        wholesaler,
        world.now(goods),
        false,
        None,
    );
    world.ledger.execute(&found);
    let watched = Some(regulator.into());
    let sampling = sample(wholesaler, world.now(goods), watched, None);
    world.ledger.execute(&sampling);
    let instruction = undo_withdrawal(wholesaler, world.now(goods));
    world.ledger.refuse(&instruction, CustodyError::Condemned);
}

#[test]
fn is_refused_where_a_sale_is() {
    let (world, goods) = sampled();
    let instruction = undo_withdrawal(world.wholesaler, goods);
    refuse_states(&world.ledger, &instruction, goods.consignment, UNDER_CASE);
    refuse_states(&world.ledger, &instruction, goods.consignment, UNSALEABLE);
    refuse_states(&world.ledger, &instruction, goods.lot, LOT_UNDER_CASE);
    refuse_states(&world.ledger, &instruction, goods.lot, IMMOVABLE_LOTS);
    for state in MOVABLE_LOTS {
        let mut world = world.clone();
        world.ledger.edit::<Lot>(goods.lot, state);
        world.ledger.execute(&instruction);
    }
}

#[test]
fn what_was_unfit_before_stays_so() {
    let (mut world, goods) = warehouse();
    let World {
        payer,
        wholesaler,
        pharmacy,
        ..
    } = world;
    let unit = UnitBlock::of(7);
    let damaged = Disposition::Damaged;
    let taking = decommission(payer, wholesaler, goods, unit, damaged, None, None);
    world.ledger.execute(&taking);
    let [sampling, _] = undoable(wholesaler, goods);
    world.ledger.execute(&sampling);
    let undoing = undo_withdrawal(wholesaler, world.now(goods));
    world.ledger.execute(&undoing);
    let consignment: Consignment = world.ledger.read(goods.consignment);
    assert_eq!((consignment.inactive, consignment.absent), (1, 0));
    let sale = pedigree_interface::instruction::custody::handoff(
        wholesaler,
        pharmacy,
        world.now(goods),
        TransferKind::Sale,
        None,
    );
    world.ledger.refuse(&sale, CustodyError::PartlyGone);
}

#[test]
fn who_stores_goods_puts_them_back_for_their_owner() {
    let (mut world, goods) = warehouse();
    let (wholesaler, logistics) = (world.wholesaler, world.logistics);
    world.hand_over(wholesaler, logistics, goods, TransferKind::Logistics);
    let sampling = sample(
        logistics,
        world.now(goods),
        Some(wholesaler.into()),
        Some(DOCUMENT),
    );
    world.ledger.execute(&sampling);
    // Nobody else, not even the owner: "the same premises".
    let by_owner = undo_withdrawal(wholesaler, world.now(goods));
    world.ledger.refuse(&by_owner, CustodyError::NotCustodian);
    let undoing = undo_withdrawal(logistics, world.now(goods));
    world.ledger.execute(&undoing);
    let consignment: Consignment = world.ledger.read(goods.consignment);
    assert_eq!(consignment.owner, wholesaler.gln.number());
    world.hand_over(logistics, wholesaler, goods, TransferKind::Return);
}

#[test]
fn refuses_other_sites_signers_sequences_and_wrong_accounts() {
    let (mut world, goods) = sampled();
    let World {
        wholesaler,
        manufacturer,
        regulator,
        other_goods,
        ..
    } = world;
    let instruction = undo_withdrawal(wholesaler, goods);
    for (disqualify, refusal) in INELIGIBLE_SENDERS {
        let mut world = world.clone();
        disqualify(&mut world, wholesaler);
        world.ledger.refuse(&instruction, refusal);
    }
    for other in [manufacturer, regulator] {
        let by_other = undo_withdrawal(other, goods);
        world.ledger.refuse(&by_other, CustodyError::NotCustodian);
    }
    refuse_other_signers(&mut world.ledger, &instruction, &[wholesaler]);
    refuse_other_sequences(&world.ledger, goods, |goods| {
        undo_withdrawal(wholesaler, goods)
    });
    let accounts = [wholesaler.partner, goods.lot, goods.consignment];
    world.ledger.refuse_stand_ins(&instruction, &accounts);
    let another_lot = instruction.replacing(goods.lot, other_goods.lot);
    world
        .ledger
        .refuse(&another_lot, CustodyError::NotConsignmentsLot);
}

#[test]
fn restrictions_that_came_with_it_stay() {
    // A quarantine is lifted by who has the goods, and nobody has what was sampled: it is not undone.
    let (mut world, goods) = warehouse();
    let wholesaler = world.wholesaler;
    world
        .ledger
        .edit(goods.consignment, |it: &mut Consignment| {
            restrict(it, Restrictions::QUARANTINED);
        });
    let [sampling, _] = undoable(wholesaler, goods);
    world.ledger.execute(&sampling);
    let undoing = undo_withdrawal(wholesaler, world.now(goods));
    world
        .ledger
        .refuse(&undoing, CustodyError::ConsignmentQuarantined);
    let consignment: Consignment = world.ledger.read(goods.consignment);
    assert_eq!(consignment.quantity, UNITS);
}
