use anchor_lang::prelude::ProgramError;
use pedigree_domain::Roles;
use pedigree_interface::instruction::registry::{
    admit_partner, confirm_partner, correct_admission, revoke_partner, withdraw_admission,
};
use program_tests::{address, alter::Alter, effect::Effect, layout::padded, world::licence};
use registry::{Partner, RegistryError};

use crate::correct_admission::mistyped;

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
    world.ledger.execute(&confirm_partner(site));
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
        confirm_partner(site),
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
