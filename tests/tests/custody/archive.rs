use anchor_lang::{Address, ErrorCode, solana_program::instruction::Instruction};
use custody::{Consignment, CustodyError, Transfer, TransferState};
use pedigree_interface::{
    TransferKind,
    instruction::custody::{accept, archive, cancel, offer},
};
use program_tests::{
    address,
    alter::Alter,
    effect::Effect,
    ledger::NOW,
    world::{World, terms},
};
use registry::Partner;

use crate::open_offer::offered;

/// Six years with two leap days.
const SIX_YEARS: i64 = 2_192 * 86_400;

/// A world in which the wholesaler has accepted the goods, and the transfer's address.
fn settled() -> (World, Address) {
    let (mut world, transfer) = offered();
    let World {
        manufacturer,
        wholesaler,
        goods,
        ..
    } = world;
    let acceptance = accept(wholesaler, goods.offered_by(manufacturer.gln));
    world.ledger.execute(&acceptance);
    (world, transfer)
}

fn archive_first(world: &World) -> Instruction {
    archive(address::transfer(&world.goods.consignment, 0), world.payer)
}

#[test]
fn gives_the_rent_back_to_who_paid_it_however_the_offer_ended() {
    for &state in &TransferState::ALL[1..] {
        let (mut world, transfer) = settled();
        world
            .ledger
            .edit(transfer, |transfer: &mut Transfer| transfer.state = state);
        world.ledger.set_time(NOW + SIX_YEARS);
        let effect = Effect::Closing {
            account: transfer,
            payee: world.payer,
        };
        let instruction = archive_first(&world);
        world.ledger.execute_with_effects(&instruction, &[effect]);
    }
}

#[test]
fn refuses_to_close_within_six_years_of_the_settlement() {
    let (mut world, transfer) = offered();
    let (manufacturer, goods) = (world.manufacturer, world.goods);
    world.ledger.set_time(NOW + 60);
    let cancellation = cancel(manufacturer, goods.offered_by(manufacturer.gln));
    world.ledger.execute(&cancellation);
    let instruction = archive_first(&world);
    for early in [NOW + 60, NOW + SIX_YEARS, NOW + 60 + SIX_YEARS - 1] {
        world.ledger.set_time(early);
        world
            .ledger
            .refuse(&instruction, CustodyError::TransferRetained);
    }
    world.ledger.set_time(NOW + 60 + SIX_YEARS);
    let mut forever = world.ledger.clone();
    forever.edit(transfer, |transfer: &mut Transfer| {
        transfer.settled_at = i64::MAX
    });
    forever.refuse(&instruction, CustodyError::TransferRetained);
    world.ledger.execute(&instruction);
}

#[test]
fn refuses_an_open_transfer_however_old() {
    let (mut world, _) = offered();
    world.ledger.set_time(NOW + 2 * SIX_YEARS);
    let instruction = archive_first(&world);
    world
        .ledger
        .refuse(&instruction, CustodyError::TransferOpen);
}

#[test]
fn refuses_to_offer_at_the_address_again() {
    let (mut world, _) = offered();
    let World {
        payer,
        manufacturer,
        wholesaler,
        goods,
        ..
    } = world;
    let cancellation = cancel(manufacturer, goods.offered_by(manufacturer.gln));
    world.ledger.execute(&cancellation);
    world.ledger.set_time(NOW + SIX_YEARS);
    let instruction = archive_first(&world);
    world.ledger.execute(&instruction);

    let mut sale = terms(TransferKind::Logistics);
    sale.deadline += SIX_YEARS;
    world.ledger.edit(goods.lot, |lot: &mut custody::Lot| {
        lot.expires_at += SIX_YEARS;
    });
    for site in [manufacturer, wholesaler] {
        world.ledger.edit(site.partner, |partner: &mut Partner| {
            partner.licence_valid_until += SIX_YEARS;
        });
    }
    let again = offer(payer, manufacturer, wholesaler.gln, goods, sale);
    world.ledger.refuse(&again, ErrorCode::ConstraintSeeds);
    let next = offer(payer, manufacturer, wholesaler.gln, goods.at(1), sale);
    world.ledger.execute(&next);
    let consignment: Consignment = world.ledger.read(goods.consignment);
    assert_eq!(consignment.sequence, 2);
}

#[test]
fn refuses_to_pay_the_rent_to_another() {
    let (mut world, _) = settled();
    world.ledger.set_time(NOW + SIX_YEARS);
    let stranger = world.ledger.key("stranger");
    let instruction = archive_first(&world);
    for other in [stranger, world.manufacturer.key, world.manufacturer.partner] {
        let instruction = instruction.clone().replacing(world.payer, other);
        world.ledger.refuse(&instruction, CustodyError::NotPayer);
    }
    let payer = world.payer;
    world
        .ledger
        .refuse(&instruction.read_only(payer), ErrorCode::ConstraintMut);
}

#[test]
fn refuses_wrong_accounts() {
    let (mut world, transfer) = settled();
    world.ledger.set_time(NOW + SIX_YEARS);
    let instruction = archive_first(&world);
    world.ledger.refuse_stand_ins(&instruction, &[transfer]);
}
