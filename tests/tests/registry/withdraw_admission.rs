use anchor_lang::prelude::ProgramError;
use pedigree_domain::Roles;
use pedigree_interface::instruction::registry::{
    admit_partner, claim_prefix, correct_admission, move_prefix, release_prefix, revoke_partner,
    withdraw_admission,
};
use program_tests::{
    address,
    alter::Alter,
    effect::Effect,
    layout::padded,
    world::{COMPANY_PREFIX, World, licence},
};
use registry::{Partner, RegistryError};

use crate::{claim_prefix::prefix, correct_admission::mistyped};

#[test]
fn closes_the_account_and_gives_its_rent_to_the_issuers_key() {
    let (mut world, site) = mistyped();
    let instruction = withdraw_admission(world.issuer_key, site.gln);
    let closing = Effect::Closing {
        account: site.partner,
        payee: world.issuer_key,
    };
    world.ledger.execute_with_effects(&instruction, &[closing]);
    world
        .ledger
        .refuse(&instruction, ProgramError::AccountDataTooSmall);
}

#[test]
fn the_gln_is_free_for_who_has_it() {
    let (mut world, site) = mistyped();
    let (payer, other) = (world.payer, world.other_issuer_key);
    world
        .ledger
        .execute(&withdraw_admission(world.issuer_key, site.gln));
    let (name, dispenser) = (padded("New"), licence(Roles::DISPENSER));
    let admission = admit_partner(payer, other, site.gln, site.key, name, dispenser);
    world.ledger.execute(&admission);
    world.ledger.execute(&world.confirmation(site));
}

#[test]
fn refuses_a_site_that_has_signed_or_was_revoked() {
    let (mut world, site) = mistyped();
    let instruction = withdraw_admission(world.issuer_key, site.gln);
    let mut revoked = world.after([&revoke_partner(world.issuer_key, site.gln)]);
    revoked
        .ledger
        .refuse(&instruction, RegistryError::PartnerRevoked);
    let (issuer_key, dispenser) = (world.issuer_key, licence(Roles::DISPENSER));
    for step in [
        correct_admission(issuer_key, site.gln, site.key, padded("New"), dispenser),
        world.confirmation(site),
    ] {
        world.ledger.execute(&step);
    }
    world
        .ledger
        .refuse(&instruction, RegistryError::PartnerConfirmed);
}

#[test]
fn refuses_a_gln_that_another_holder_had() {
    let (mut world, site) = mistyped();
    world.ledger.edit(site.partner, |partner: &mut Partner| {
        partner.appointments = 1;
    });
    let instruction = withdraw_admission(world.issuer_key, site.gln);
    world
        .ledger
        .refuse(&instruction, RegistryError::GlnHadHolder);
}

#[test]
fn a_gln_with_company_prefixes_is_not_free_for_another_until_they_are_released() {
    let (mut world, site) = mistyped();
    let World {
        payer,
        authority,
        issuer_key,
        manufacturer,
        ..
    } = world;
    let withdrawal = withdraw_admission(issuer_key, site.gln);
    let own = [7_612_345, 7_612_346].map(|value| prefix(value, 7));
    for prefix in own {
        let claim = claim_prefix(payer, issuer_key, site.gln, prefix);
        world.ledger.execute(&claim);
    }
    // Whoever ends the claims: the issuer, or the registry authority that gives the prefix to its owner.
    for end in [
        release_prefix(issuer_key, site.gln, own[0]),
        move_prefix(authority, own[1], site.gln, manufacturer.gln),
    ] {
        world
            .ledger
            .refuse(&withdrawal, RegistryError::PrefixesClaimed);
        world.ledger.execute(&end);
    }
    world.ledger.execute(&withdrawal);
}

#[test]
fn a_gln_that_got_its_prefix_from_the_authority_keeps_its_admission_as_long() {
    let (mut world, site) = mistyped();
    let World {
        authority,
        issuer_key,
        manufacturer,
        ..
    } = world;
    let withdrawal = withdraw_admission(issuer_key, site.gln);
    let giving = move_prefix(authority, COMPANY_PREFIX, manufacturer.gln, site.gln);
    world.ledger.execute(&giving);
    world
        .ledger
        .refuse(&withdrawal, RegistryError::PrefixesClaimed);
    let giving_back = move_prefix(authority, COMPANY_PREFIX, site.gln, manufacturer.gln);
    world.ledger.execute(&giving_back);
    world.ledger.execute(&withdrawal);
}

#[test]
fn refuses_anybody_but_the_sites_issuer() {
    let (mut world, site) = mistyped();
    let issuer_key = world.issuer_key;
    let by_another = withdraw_admission(world.other_issuer_key, site.gln);
    world
        .ledger
        .refuse(&by_another, RegistryError::NotPartnersIssuer);
    let instruction = withdraw_admission(issuer_key, site.gln);
    for other in [world.authority, site.key] {
        let by_other = instruction.clone().replacing(issuer_key, other);
        world
            .ledger
            .refuse(&by_other, RegistryError::NotPartnersIssuer);
    }
    world.ledger.refuse_unsigned(&instruction, &[issuer_key]);
    world
        .ledger
        .refuse_stand_ins(&instruction, &[address::issuer(&issuer_key), site.partner]);
}
