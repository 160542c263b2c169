use anchor_lang::solana_program::instruction::Instruction;
use custody::{CustodyError, Lot, LotStatus};
use pedigree_domain::Roles;
use pedigree_interface::{
    Site, TransferKind,
    instruction::{
        custody::{handoff, quarantine_lot, release_lot},
        registry::{accept_product_transfer, propose_product_transfer},
    },
};
use program_tests::world::{DOCUMENT, GTIN, World};

use crate::{
    INELIGIBLE_OVERSEERS, KINDS, OUT_OF_STANDING, State, is_downstream, ready,
    refuse_other_signers, refuse_states,
};

/// A site quarantines the lot, and releases it again.
fn both(site: Site, world: &World) -> [Instruction; 2] {
    let lot = world.goods.lot;
    [quarantine_lot(site, lot), release_lot(site, lot)]
}

#[test]
fn changes_the_status_and_says_by_whom() {
    let world = World::new();
    for site in [world.manufacturer, world.regulator] {
        let mut world = world.clone();
        let lot = world.goods.lot;
        let [quarantine, release] = both(site, &world);
        let effect = world.ledger.effect(lot, |lot: &mut Lot| {
            lot.status = LotStatus::Quarantined;
            lot.quarantined_by = site.gln.number();
        });
        world.ledger.execute_with_effects(&quarantine, &[effect]);
        let effect = world.ledger.effect(lot, |lot: &mut Lot| {
            lot.status = LotStatus::Released;
            lot.quarantined_by = 0;
        });
        world.ledger.execute_with_effects(&release, &[effect]);
    }
}

#[test]
fn keeps_the_lot_from_going_down_the_chain_only() {
    for kind in KINDS {
        let (mut world, from, to) = ready(kind);
        let goods = world.goods;
        let [quarantine, release] = both(world.regulator, &world);
        world.ledger.execute(&quarantine);
        let transfer = handoff(from, to, goods, kind, Some(DOCUMENT));
        if is_downstream(kind) {
            world.ledger.refuse(&transfer, CustodyError::LotQuarantined);
            world.ledger.execute(&release);
        }
        world.ledger.execute(&transfer);
    }
}

#[test]
fn a_manufacturer_without_standing_neither_stops_nor_releases_its_lot() {
    for (disqualify, refusal) in OUT_OF_STANDING {
        let mut world = World::new();
        let site = world.manufacturer;
        let [quarantine, release] = both(site, &world);
        let mut stopped = world.after([&quarantine]);
        disqualify(&mut world, site);
        world.ledger.refuse(&quarantine, refusal);
        disqualify(&mut stopped, site);
        stopped.ledger.refuse(&release, refusal);
    }
}

#[test]
fn a_regulator_releases_what_anybody_quarantined() {
    let mut world = World::new();
    let World {
        manufacturer,
        pharmacy: other_regulator,
        regulator,
        ..
    } = world;
    world.license(other_regulator, Roles::REGULATOR);
    for site in [manufacturer, other_regulator] {
        let [quarantine, _] = both(site, &world);
        let [_, release] = both(regulator, &world);
        world.after(&[quarantine, release]);
    }
}

#[test]
fn refuses_to_release_what_a_regulator_quarantined() {
    let mut world = World::new();
    let [quarantine, _] = both(world.regulator, &world);
    let [_, release] = both(world.manufacturer, &world);
    world.ledger.execute(&quarantine);
    world
        .ledger
        .refuse(&release, CustodyError::ReleasedByRegulator);
}

#[test]
fn refuses_a_second_time() {
    let world = World::new();
    for site in [world.manufacturer, world.regulator] {
        let mut world = world.clone();
        let [quarantine, release] = both(site, &world);
        world.ledger.refuse(&release, CustodyError::NotQuarantined);
        world.ledger.execute(&quarantine);
        world
            .ledger
            .refuse(&quarantine, CustodyError::LotQuarantined);
        world.ledger.execute(&release);
        world.ledger.refuse(&release, CustodyError::NotQuarantined);
    }
}

#[test]
fn refuses_to_quarantine_what_is_condemned_or_in_a_state_that_nobody_knows() {
    const STOPPED: [(State<Lot>, CustodyError); 2] = [
        (
            |lot| lot.status = LotStatus::Condemned,
            CustodyError::LotQuarantined,
        ),
        (
            |lot| lot.status = LotStatus::from_code(9),
            CustodyError::LotQuarantined,
        ),
    ];
    let world = World::new();
    for site in [world.manufacturer, world.regulator] {
        let [quarantine, _] = both(site, &world);
        refuse_states(&world.ledger, &quarantine, world.goods.lot, STOPPED);
    }
}

#[test]
fn refuses_to_release_what_is_condemned_but_to_a_regulator() {
    let mut world = World::new();
    let manufacturer = world.manufacturer;
    world.ledger.edit(world.goods.lot, |lot: &mut Lot| {
        lot.status = LotStatus::Condemned;
        lot.quarantined_by = manufacturer.gln.number();
    });
    let [_, release] = both(manufacturer, &world);
    world
        .ledger
        .refuse(&release, CustodyError::ReleasedByRegulator);
    let [_, release] = both(world.regulator, &world);
    world.ledger.execute(&release);
}

#[test]
fn refuses_anybody_but_the_manufacturer_and_a_regulator() {
    let mut world = World::new();
    let World {
        manufacturer,
        other_manufacturer,
        wholesaler,
        logistics,
        pharmacy,
        other_pharmacy,
        regulator,
        goods,
        ..
    } = world;
    world.hand_over(manufacturer, wholesaler, goods, TransferKind::Sale);
    for site in [
        other_manufacturer,
        wholesaler,
        logistics,
        pharmacy,
        other_pharmacy,
    ] {
        for instruction in both(site, &world) {
            world.ledger.refuse(&instruction, CustodyError::NotOverseer);
        }
    }
    for (disqualify, refusal) in INELIGIBLE_OVERSEERS {
        let mut world = world.clone();
        disqualify(&mut world, regulator);
        for instruction in both(regulator, &world) {
            world.ledger.refuse(&instruction, refusal);
        }
    }
    for site in [manufacturer, regulator] {
        for instruction in both(site, &world) {
            refuse_other_signers(&mut world.ledger, &instruction, &[site]);
        }
    }
}

#[test]
fn refuses_who_got_the_product_later() {
    let mut world = World::new();
    let World {
        manufacturer,
        other_manufacturer,
        ..
    } = world;
    let to = other_manufacturer.gln;
    let ledger = &mut world.ledger;
    ledger.execute(&propose_product_transfer(manufacturer, to, GTIN));
    ledger.execute(&accept_product_transfer(
        other_manufacturer,
        manufacturer.gln,
        GTIN,
    ));
    for instruction in both(other_manufacturer, &world) {
        world.ledger.refuse(&instruction, CustodyError::NotOverseer);
    }
    world.after(&both(manufacturer, &world));
}

#[test]
fn refuses_wrong_accounts() {
    let mut world = World::new();
    let accounts = [world.regulator.partner, world.goods.lot];
    for instruction in both(world.regulator, &world) {
        world.ledger.refuse_stand_ins(&instruction, &accounts);
    }
}
