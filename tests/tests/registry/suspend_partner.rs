use pedigree_interface::instruction::registry::suspend_partner;
use program_tests::{ledger::NOW, world::World};
use registry::{Partner, PartnerStatus, RegistryError};

use crate::oversight;

#[test]
fn suspends_an_active_partner() {
    let World {
        mut ledger,
        issuer_key,
        pharmacy,
        ..
    } = World::new();
    ledger.set_time(NOW + 60);
    let effect = ledger.effect(pharmacy.partner, |partner: &mut Partner| {
        partner.status = PartnerStatus::Suspended;
        partner.status_changed_at = NOW + 60;
    });
    ledger.execute_with_effects(&suspend_partner(issuer_key, pharmacy.gln), &[effect]);
}

#[test]
fn refuses_a_suspended_or_revoked_partner() {
    let mut world = World::new();
    let instruction = suspend_partner(world.issuer_key, world.pharmacy.gln);
    world.suspend(world.pharmacy);
    world
        .ledger
        .refuse(&instruction, RegistryError::PartnerNotActive);
    world.revoke(world.pharmacy);
    world
        .ledger
        .refuse(&instruction, RegistryError::PartnerRevoked);
}

#[test]
fn refuses_wrong_accounts_and_signers() {
    oversight::refuses_wrong_accounts_and_signers(suspend_partner);
}
