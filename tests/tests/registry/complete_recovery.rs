use anchor_lang::Address;
use pedigree_domain::{Permissions, Roles};
use pedigree_interface::{
    Site, TransferKind,
    instruction::{
        custody::handoff,
        registry::{
            accept_partner_key, appoint_operator, complete_recovery, dismiss_all_operators,
            propose_partner_key, reassign_partner, reinstate_partner, remove_issuer, renew_partner,
            revoke_partner, rotate_issuer_key, suspend_partner,
        },
    },
};
use program_tests::{
    address,
    ledger::NOW,
    world::{DOCUMENT, World, licence, operator_terms},
};
use registry::{Partner, RECOVERY_DELAY, RegistryError};

use crate::propose_recovery::proposed;

#[test]
fn makes_the_key_the_sites_own_and_ends_what_the_former_key_began() {
    let (mut world, key) = proposed();
    let (pharmacy, thief) = (world.pharmacy, world.ledger.key("thief"));
    world
        .ledger
        .execute(&propose_partner_key(pharmacy, Some(thief)));
    world.ledger.set_time(NOW + RECOVERY_DELAY);
    let effect = world
        .ledger
        .effect(pharmacy.partner, |partner: &mut Partner| {
            partner.authority = key;
            partner.pending_authority = Address::default();
            partner.recovery_authority = Address::default();
            partner.recovery_at = 0;
            partner.appointments = 1;
            partner.status_changed_at = NOW + RECOVERY_DELAY + 1;
        });
    let instruction = complete_recovery(pharmacy.gln, key);
    world.ledger.execute_with_effects(&instruction, &[effect]);
    // Neither key of the thief is worth anything, and it is done once.
    world.ledger.refuse(
        &accept_partner_key(pharmacy.gln, thief),
        RegistryError::NotPendingKey,
    );
    world.ledger.refuse(
        &propose_partner_key(pharmacy, Some(thief)),
        RegistryError::NotPartnerKey,
    );
    world
        .ledger
        .refuse(&instruction, RegistryError::NotRecoveryKey);
}

#[test]
fn no_rotation_outruns_it() {
    let (world, key) = proposed();
    let (site, gln) = (world.pharmacy, world.pharmacy.gln);
    let mut ledger = world.ledger;
    let [next, last] = ["thief's next", "thief's last"].map(|name| ledger.key(name));
    let next_site = Site { key: next, ..site };
    // One rotation is completed meanwhile, and another one is pending at the end.
    ledger.execute(&propose_partner_key(site, Some(next)));
    ledger.execute(&accept_partner_key(gln, next));
    ledger.execute(&propose_partner_key(next_site, Some(last)));
    ledger.execute(&dismiss_all_operators(next_site));
    ledger.set_time(NOW + RECOVERY_DELAY);
    ledger.execute(&complete_recovery(gln, key));
    ledger.refuse(&accept_partner_key(gln, last), RegistryError::NotPendingKey);
    let partner: Partner = ledger.read(site.partner);
    assert_eq!(partner.authority, key);
}

#[test]
fn whom_the_thief_appointed_acts_no_longer() {
    let (mut world, key) = proposed();
    let World {
        manufacturer,
        pharmacy,
        goods,
        payer,
        ..
    } = world;
    world.hand_over(manufacturer, pharmacy, goods, TransferKind::Sale);
    let scanner = world.appoint(pharmacy, "thief's scanner", Permissions::all());
    let going_back = handoff(
        pharmacy,
        manufacturer,
        world.now(goods),
        TransferKind::Return,
        Some(DOCUMENT),
    );
    let by_scanner = scanner.sign(going_back.clone(), going_back.accounts.len());
    world.after([&by_scanner]);
    world.ledger.set_time(NOW + RECOVERY_DELAY);
    world.ledger.execute(&complete_recovery(pharmacy.gln, key));
    world
        .ledger
        .refuse(&by_scanner, custody::CustodyError::OperatorDismissed);
    // The site's new key appoints whom it trusts.
    let recovered = Site { key, ..pharmacy };
    let trusted = world.ledger.key("trusted");
    let terms = operator_terms(Permissions::RECEIVE);
    world
        .ledger
        .execute(&appoint_operator(payer, recovered, trusted, terms));
}

#[test]
fn refuses_to_take_effect_within_seven_days() {
    let (mut world, key) = proposed();
    let instruction = complete_recovery(world.pharmacy.gln, key);
    for early in [NOW, NOW + 86_400, NOW + RECOVERY_DELAY - 1] {
        world.ledger.set_time(early);
        world
            .ledger
            .refuse(&instruction, RegistryError::RecoveryTooEarly);
    }
    world.ledger.set_time(NOW + RECOVERY_DELAY);
    world.ledger.execute(&instruction);
}

#[test]
fn nothing_that_happens_to_the_site_meanwhile_stops_it() {
    let base = World::new();
    let (site, authority, issuer_key) = (base.pharmacy, base.authority, base.issuer_key);
    let [issuer, other] = [issuer_key, base.other_issuer_key].map(|key| address::issuer(&key));
    let suspension = suspend_partner(issuer_key, site.gln);
    for meanwhile in [
        vec![suspension.clone()],
        vec![suspension, reinstate_partner(issuer_key, site.gln)],
        vec![revoke_partner(issuer_key, site.gln)],
        vec![renew_partner(
            issuer_key,
            site.gln,
            licence(Roles::WHOLESALER),
        )],
        vec![reassign_partner(authority, other, site.gln)],
        vec![remove_issuer(authority, issuer)],
        vec![rotate_issuer_key(authority, issuer, authority)],
    ] {
        let (world, key) = proposed();
        let mut world = world.after(&meanwhile);
        world.ledger.set_time(NOW + RECOVERY_DELAY);
        world.ledger.execute(&complete_recovery(site.gln, key));
        let partner: Partner = world.ledger.read(site.partner);
        assert_eq!(partner.authority, key);
    }
}

#[test]
fn a_recovered_site_stays_suspended_until_it_is_reinstated() {
    let (mut world, key) = proposed();
    let site = world.pharmacy;
    world.suspend(site);
    world.ledger.set_time(NOW + RECOVERY_DELAY);
    world.ledger.execute(&complete_recovery(site.gln, key));
    let rotation = propose_partner_key(Site { key, ..site }, Some(world.payer));
    world
        .ledger
        .refuse(&rotation, RegistryError::PartnerNotActive);
    world
        .ledger
        .execute(&reinstate_partner(world.issuer_key, site.gln));
    world.ledger.execute(&rotation);
}

#[test]
fn refuses_anybody_but_the_named_key() {
    let (mut world, key) = proposed();
    world.ledger.set_time(NOW + RECOVERY_DELAY);
    let World {
        mut ledger,
        pharmacy,
        wholesaler,
        issuer_key,
        authority,
        ..
    } = world;
    for other in [pharmacy.key, wholesaler.key, issuer_key, authority] {
        let instruction = complete_recovery(pharmacy.gln, other);
        ledger.refuse(&instruction, RegistryError::NotRecoveryKey);
    }
    let elsewhere = complete_recovery(wholesaler.gln, key);
    ledger.refuse(&elsewhere, RegistryError::NotRecoveryKey);
    let instruction = complete_recovery(pharmacy.gln, key);
    ledger.refuse_unsigned(&instruction, &[key]);
    ledger.refuse_stand_ins(&instruction, &[pharmacy.partner]);
}
