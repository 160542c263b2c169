use anchor_lang::{Address, solana_program::instruction::Instruction};
use pedigree_domain::Roles;
use pedigree_interface::{
    Site,
    instruction::registry::{
        admit_partner, correct_admission, reassign_partner, revoke_partner, set_issuer_scope,
    },
};
use program_tests::{
    address,
    layout::padded,
    ledger::NOW,
    world::{World, gln, licence},
};
use registry::{
    Partner, PartnerStatus, RegistryError,
    instructions::{IssuerScope, Licence},
};

use crate::admit_partner::invalid_licences;

/// A world with a site that was admitted with a mistyped key, and the key that it has.
pub(crate) fn mistyped() -> (World, Site) {
    let mut world = World::new();
    let key = world.ledger.key("new site");
    let (payer, issuer_key, dispenser) = (world.payer, world.issuer_key, licence(Roles::DISPENSER));
    let mistyped = Address::new_from_array([9; 32]);
    let site = gln(99);
    let admission = admit_partner(payer, issuer_key, site, mistyped, padded("Nwe"), dispenser);
    world.ledger.execute(&admission);
    (world, Site::own(site, key))
}

/// Corrects the site's key and its licence.
fn correct(world: &World, site: Site, licence: Licence) -> Instruction {
    correct_admission(world.issuer_key, site.gln, site.key, padded("New"), licence)
}

#[test]
fn replaces_key_name_and_licence() {
    let (mut world, site) = mistyped();
    world.ledger.set_time(NOW + 60);
    let corrected = Licence {
        roles: Roles::WHOLESALER.bits(),
        country: 276,
        valid_until: NOW + 100,
        hash: [0x22; 32],
    };
    let effect = world.ledger.effect(site.partner, |partner: &mut Partner| {
        partner.authority = site.key;
        partner.name = padded("New");
        partner.roles = corrected.roles;
        partner.country = 276;
        partner.licence_valid_until = NOW + 100;
        partner.licence_hash = [0x22; 32];
    });
    let instruction = correct(&world, site, corrected);
    world.ledger.execute_with_effects(&instruction, &[effect]);
    world.ledger.execute(&world.confirmation(site));
}

#[test]
fn refuses_a_site_that_has_signed_or_was_revoked() {
    let (mut world, site) = mistyped();
    let instruction = correct(&world, site, licence(Roles::DISPENSER));
    let mut revoked = world.after([&revoke_partner(world.issuer_key, site.gln)]);
    revoked
        .ledger
        .refuse(&instruction, RegistryError::PartnerRevoked);
    world.ledger.execute(&instruction);
    world.ledger.execute(&world.confirmation(site));
    world
        .ledger
        .refuse(&instruction, RegistryError::PartnerConfirmed);
    // Nor does a suspension open the way to another key.
    world.suspend(site);
    world
        .ledger
        .refuse(&instruction, RegistryError::PartnerConfirmed);
}

#[test]
fn refuses_invalid_corrections() {
    let (mut world, site) = mistyped();
    for (licence, refusal) in invalid_licences() {
        let instruction = correct(&world, site, licence);
        world.ledger.refuse(&instruction, refusal);
    }
    let dispenser = licence(Roles::DISPENSER);
    let (issuer_key, gln, name) = (world.issuer_key, site.gln, padded("New"));
    let nobody = correct_admission(issuer_key, gln, Address::default(), name, dispenser);
    world.ledger.refuse(&nobody, RegistryError::ZeroAddress);
    let nameless = correct_admission(issuer_key, gln, site.key, [0; 64], dispenser);
    world.ledger.refuse(&nameless, RegistryError::InvalidName);
}

#[test]
fn refuses_what_is_outside_the_issuers_scope_by_now() {
    let (mut world, site) = mistyped();
    let wholesalers = IssuerScope::everywhere(Roles::WHOLESALER);
    let issuer = address::issuer(&world.issuer_key);
    world
        .ledger
        .execute(&set_issuer_scope(world.authority, issuer, wholesalers));
    let instruction = correct(&world, site, licence(Roles::DISPENSER));
    world
        .ledger
        .refuse(&instruction, RegistryError::RoleOutsideScope);
    let instruction = correct(&world, site, licence(Roles::WHOLESALER));
    world.ledger.execute(&instruction);
}

#[test]
fn refuses_anybody_but_the_sites_issuer() {
    let (mut world, site) = mistyped();
    let World {
        authority,
        issuer_key,
        other_issuer_key,
        ..
    } = world;
    let (name, dispenser) = (padded("New"), licence(Roles::DISPENSER));
    let by = |issuer| correct_admission(issuer, site.gln, site.key, name, dispenser);
    world
        .ledger
        .refuse(&by(other_issuer_key), RegistryError::NotPartnersIssuer);
    let instruction = by(issuer_key);
    world.ledger.refuse_unsigned(&instruction, &[issuer_key]);
    world
        .ledger
        .refuse_stand_ins(&instruction, &[address::issuer(&issuer_key), site.partner]);
    // The issuer to which the site goes before it has confirmed.
    let other = address::issuer(&other_issuer_key);
    world
        .ledger
        .execute(&reassign_partner(authority, other, site.gln));
    world
        .ledger
        .refuse(&instruction, RegistryError::NotPartnersIssuer);
    world.ledger.execute(&by(other_issuer_key));
    let partner: Partner = world.ledger.read(site.partner);
    assert_eq!(partner.status, PartnerStatus::Admitted);
}
