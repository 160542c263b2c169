use custody::{Consignment, CustodyError, Disposition, Transfer, UnitPage, UnitRecord};
use pedigree_interface::instruction::custody::close_unit_record;
use program_tests::{address, ledger::NOW};

use crate::{
    decommission::{becoming, warehouse},
    dispense::{dispense_block, dispensed},
    trail::link_units,
};

#[test]
fn the_rent_goes_back_to_its_payer_when_nothing_can_be_undone() {
    let (mut world, goods) = dispensed();
    let payer = world.payer;
    let record = address::unit_record(&goods.lot, world.pharmacy.gln, 1);
    let closing = close_unit_record(record, payer, true);
    world.ledger.set_time(NOW + UnitRecord::UNDO_TIME);
    world.ledger.refuse(&closing, CustodyError::RecordRetained);
    world.ledger.set_time(NOW + UnitRecord::UNDO_TIME + 1);
    let stranger = world.ledger.key("stranger");
    let elsewhere = close_unit_record(record, stranger, true);
    world.ledger.refuse(&elsewhere, CustodyError::NotPayer);
    let rent = world.ledger.account(record).lamports;
    let before = world.ledger.account(payer).lamports;
    world.ledger.execute(&closing);
    assert_eq!(world.ledger.account(payer).lamports, before + rent);
    assert!(world.ledger.find_account(record).is_none());
    // The unit is gone all the same.
    let again = dispense_block(&world, goods);
    world.ledger.refuse(&again, CustodyError::UnitNotActive);
}

#[test]
fn a_stranger_waits_six_years() {
    let (mut world, goods) = dispensed();
    let payer = world.payer;
    let record = address::unit_record(&goods.lot, world.pharmacy.gln, 1);
    let stranger = world.ledger.key("stranger");
    world.ledger.fund(stranger, 1_000_000_000);
    world.ledger.set_fee_payer(stranger);
    let closing = close_unit_record(record, payer, false);
    for early in [
        UnitRecord::UNDO_TIME + 1,
        365 * 86_400,
        Transfer::RETENTION - 1,
        Transfer::RETENTION,
    ] {
        world.ledger.set_time(NOW + early);
        world.ledger.refuse(&closing, CustodyError::RecordRetained);
    }
    world.ledger.set_time(NOW + Transfer::RETENTION + 1);
    let rent = world.ledger.account(record).lamports;
    let before = world.ledger.account(payer).lamports;
    world.ledger.execute(&closing);
    assert_eq!(world.ledger.account(payer).lamports, before + rent);
}

#[test]
fn an_entry_of_any_kind_keeps_the_record() {
    let world = warehouse();
    for disposition in [Disposition::Sampled, Disposition::Exported] {
        let mut world = world.after(&[becoming(&world, disposition)]);
        let gln = world.wholesaler.gln;
        let record = address::unit_record(&world.goods.lot, gln, 127);
        let closing = close_unit_record(record, world.payer, true);
        world.ledger.set_time(NOW + UnitRecord::UNDO_TIME);
        world.ledger.refuse(&closing, CustodyError::RecordRetained);
        world.ledger.set_time(NOW + UnitRecord::UNDO_TIME + 1);
        world.ledger.execute(&closing);
    }
}

#[test]
fn who_took_what_out_is_proven_after_the_record_is_closed() {
    let (mut world, goods) = dispensed();
    let page = address::unit_page(&goods.lot, 0);
    let proven: UnitPage = world.ledger.read(page);
    // Whoever has the transactions computes the page's trail again, and with nothing else in it.
    let mut replayed = proven;
    replayed.trail = goods.lot.to_bytes();
    let (pharmacy, other) = (world.pharmacy, world.other_pharmacy);
    let block = crate::dispense::BLOCK;
    link_units(
        &mut replayed,
        pharmacy,
        block,
        Disposition::Dispensed,
        [0; 32],
    );
    assert_eq!(replayed.trail, proven.trail);
    let mut forged = proven;
    forged.trail = goods.lot.to_bytes();
    link_units(&mut forged, other, block, Disposition::Dispensed, [0; 32]);
    assert_ne!(forged.trail, proven.trail);

    world.ledger.set_time(NOW + UnitRecord::UNDO_TIME + 1);
    let record = address::unit_record(&goods.lot, pharmacy.gln, 1);
    let closing = close_unit_record(record, world.payer, true);
    world.ledger.execute(&closing);
    let kept: UnitPage = world.ledger.read(page);
    assert_eq!(kept.trail, proven.trail);
    let consignment: Consignment = world.ledger.read(goods.consignment);
    assert_eq!(consignment.absent, 3);
}
