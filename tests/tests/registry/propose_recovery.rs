use anchor_lang::Address;
use pedigree_domain::Roles;
use pedigree_interface::{
    IssuerSigner,
    instruction::registry::{
        admit_partner, cancel_recovery, complete_recovery, propose_recovery, reassign_partner,
        remove_issuer, revoke_partner,
    },
};
use program_tests::{
    address,
    layout::padded,
    ledger::NOW,
    world::{World, gln, licence},
};
use registry::{Partner, RECOVERY_DELAY, RegistryError};

/// Proposes the pharmacy's recovery by a key that comes with it.
pub(crate) fn proposed() -> (World, Address) {
    let mut world = World::new();
    let key = world.ledger.key("recovered");
    let (authority, issuer_key, gln) = (world.authority, world.issuer_key, world.pharmacy.gln);
    world
        .ledger
        .execute(&propose_recovery(authority, issuer_key, gln, key));
    (world, key)
}

#[test]
fn names_the_key_and_the_time_and_nothing_else() {
    let World {
        mut ledger,
        authority,
        issuer_key,
        pharmacy,
        ..
    } = World::new();
    for (name, now) in [("first", NOW), ("second", NOW + 3_600)] {
        ledger.set_time(now);
        let key = ledger.key(name);
        let effect = ledger.effect(pharmacy.partner, |partner: &mut Partner| {
            partner.recovery_authority = key;
            partner.recovery_at = now + 604_800;
        });
        let instruction = propose_recovery(authority, issuer_key, pharmacy.gln, key);
        ledger.execute_with_effects(&instruction, &[effect]);
    }
}

#[test]
fn works_whatever_the_site_may_do() {
    for disqualify in [World::suspend, World::revoke, World::lapse] {
        let mut world = World::new();
        let site = world.pharmacy;
        disqualify(&mut world, site);
        let key = world.ledger.key("recovered");
        let instruction = propose_recovery(world.authority, world.issuer_key, site.gln, key);
        world.ledger.execute(&instruction);
    }
}

#[test]
fn refuses_one_signature_for_both() {
    let World {
        mut ledger,
        authority,
        issuer_key,
        other_issuer_key,
        pharmacy,
        regulator,
        ..
    } = World::new();
    let key = ledger.key("recovered");
    let gln = pharmacy.gln;
    for other in [issuer_key, pharmacy.key, regulator.key] {
        let instruction = propose_recovery(other, issuer_key, gln, key);
        ledger.refuse(&instruction, RegistryError::NotRegistryAuthority);
    }
    let by_another = propose_recovery(authority, other_issuer_key, gln, key);
    ledger.refuse(&by_another, RegistryError::NotPartnersIssuer);
    let issuer = address::issuer(&issuer_key);
    for key in [authority, other_issuer_key, pharmacy.key] {
        let by = IssuerSigner { issuer, key };
        let instruction = propose_recovery(authority, by, gln, key);
        ledger.refuse(&instruction, RegistryError::NotPartnersIssuer);
    }
    let instruction = propose_recovery(authority, issuer_key, gln, key);
    ledger.refuse_unsigned(&instruction, &[authority, issuer_key]);
    ledger.refuse_stand_ins(
        &instruction,
        &[address::registry(), issuer, pharmacy.partner],
    );
}

#[test]
fn a_site_whose_issuer_was_removed_is_recovered_by_the_next_one() {
    let World {
        mut ledger,
        authority,
        issuer_key,
        other_issuer_key,
        pharmacy,
        ..
    } = World::new();
    let key = ledger.key("recovered");
    let other = address::issuer(&other_issuer_key);
    ledger.execute(&remove_issuer(authority, address::issuer(&issuer_key)));
    ledger.execute(&reassign_partner(authority, other, pharmacy.gln));
    ledger.execute(&propose_recovery(
        authority,
        other_issuer_key,
        pharmacy.gln,
        key,
    ));
    ledger.set_time(NOW + RECOVERY_DELAY);
    ledger.execute(&complete_recovery(pharmacy.gln, key));
}

#[test]
fn a_later_proposal_replaces_an_earlier_one() {
    let (mut world, first) = proposed();
    let (gln, second) = (world.pharmacy.gln, world.ledger.key("second"));
    world.ledger.set_time(NOW + RECOVERY_DELAY - 1);
    let again = propose_recovery(world.authority, world.issuer_key, gln, second);
    world.ledger.execute(&again);
    world.ledger.set_time(NOW + RECOVERY_DELAY);
    world.ledger.refuse(
        &complete_recovery(gln, first),
        RegistryError::NotRecoveryKey,
    );
    world.ledger.refuse(
        &complete_recovery(gln, second),
        RegistryError::RecoveryTooEarly,
    );
    world
        .ledger
        .execute(&cancel_recovery(world.issuer_key, gln));
}

#[test]
fn refuses_no_key_and_a_site_that_has_not_confirmed() {
    let World {
        mut ledger,
        payer,
        authority,
        issuer_key,
        pharmacy,
        ..
    } = World::new();
    let nobody = propose_recovery(authority, issuer_key, pharmacy.gln, Address::default());
    ledger.refuse(&nobody, RegistryError::ZeroAddress);
    let (new, name, dispenser) = (gln(99), padded("New"), licence(Roles::DISPENSER));
    ledger.execute(&admit_partner(
        payer, issuer_key, new, payer, name, dispenser,
    ));
    let early = propose_recovery(authority, issuer_key, new, pharmacy.key);
    ledger.refuse(&early, RegistryError::PartnerNotConfirmed);
    // Nor once it was revoked: a restoration would leave the recovery behind.
    ledger.execute(&revoke_partner(issuer_key, new));
    ledger.refuse(&early, RegistryError::PartnerNotConfirmed);
}
