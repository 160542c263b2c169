use anchor_lang::solana_program::instruction::Instruction;
use pedigree_domain::Roles;
use pedigree_interface::instruction::registry::{
    correct_admission, move_gln, renew_partner, restore_partner,
};
use program_tests::{
    address,
    layout::padded,
    ledger::NOW,
    world::{World, licence},
};
use registry::{Partner, RegistryError, instructions::Licence};

use crate::{admit_partner::invalid_licences, oversight};

/// Renews the pharmacy's licence.
fn renew(world: &World, licence: Licence) -> Instruction {
    renew_partner(world.issuer_key, world.pharmacy.gln, licence)
}

#[test]
fn replaces_the_licence_and_nothing_else() {
    let mut world = World::new();
    let granted = Licence {
        roles: Roles::REPACKAGER.union(Roles::DISPENSER).bits(),
        country: 276,
        valid_until: NOW + 1,
        hash: [0x22; 32],
    };
    let effect = world
        .ledger
        .effect(world.pharmacy.partner, |partner: &mut Partner| {
            partner.roles = granted.roles;
            partner.country = granted.country;
            partner.licence_valid_until = granted.valid_until;
            partner.licence_hash = granted.hash;
        });
    let instruction = renew(&world, granted);
    world.ledger.execute_with_effects(&instruction, &[effect]);
}

#[test]
fn ends_a_lapse_but_no_suspension() {
    let mut world = World::new();
    world.lapse(world.pharmacy);
    world.suspend(world.pharmacy);
    let granted = licence(Roles::DISPENSER);
    let effect = world
        .ledger
        .effect(world.pharmacy.partner, |partner: &mut Partner| {
            partner.licence_valid_until = granted.valid_until;
        });
    let instruction = renew(&world, granted);
    world.ledger.execute_with_effects(&instruction, &[effect]);
}

#[test]
fn refuses_a_revoked_partner() {
    let mut world = World::new();
    world.revoke(world.pharmacy);
    let instruction = renew(&world, licence(Roles::DISPENSER));
    world
        .ledger
        .refuse(&instruction, RegistryError::PartnerRevoked);
}

#[test]
fn refuses_invalid_licences() {
    let mut world = World::new();
    for (licence, refusal) in invalid_licences() {
        let instruction = renew(&world, licence);
        world.ledger.refuse(&instruction, refusal);
    }
}

#[test]
fn a_trader_does_not_become_a_regulator_nor_a_regulator_a_trader() {
    // Or a provider would watch itself destroy what it stores, and a manufacturer end its own recall.
    let world = World::new();
    let refusal = RegistryError::IncompatibleRoles;
    let (authority, issuer_key) = (world.authority, world.issuer_key);
    for (site, roles) in [
        (world.logistics, Roles::REGULATOR),
        (world.manufacturer, Roles::REGULATOR),
        (world.regulator, Roles::WHOLESALER),
    ] {
        let granted = licence(roles);
        let mut world = world.clone();
        let renewal = renew_partner(issuer_key, site.gln, granted);
        world.ledger.refuse(&renewal, refusal);
        let restoration = restore_partner(authority, site.gln, granted);
        world.ledger.refuse(&restoration, refusal);
        world.revoke(site);
        world.ledger.refuse(&restoration, refusal);
        // Another holder of the GLN may be one, if the registry authority says so. Its issuer does not.
        let (issuer, key) = (address::issuer(&issuer_key), world.ledger.key("owner"));
        let name = padded("Owner");
        let before = Roles::from_bits_retain(world.ledger.read::<Partner>(site.partner).roles);
        let moving = move_gln(authority, issuer, site.gln, key, name, licence(before));
        world.ledger.execute(&moving);
        let correction = correct_admission(issuer_key, site.gln, key, name, granted);
        world.ledger.refuse(&correction, refusal);
        let moving = move_gln(authority, issuer, site.gln, key, name, granted);
        world.ledger.execute(&moving);
    }
}

#[test]
fn refuses_wrong_accounts_and_signers() {
    oversight::refuses_wrong_accounts_and_signers(|issuer_key, partner| {
        renew_partner(issuer_key, partner, licence(Roles::DISPENSER))
    });
}
