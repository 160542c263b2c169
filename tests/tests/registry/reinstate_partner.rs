use pedigree_interface::instruction::registry::reinstate_partner;
use program_tests::{ledger::NOW, world::World};
use registry::{Partner, PartnerStatus, RegistryError};

use crate::oversight;

#[test]
fn ends_a_suspension() {
    let mut world = World::new();
    world.suspend(world.pharmacy);
    let World {
        mut ledger,
        issuer_key,
        pharmacy,
        ..
    } = world;
    ledger.set_time(NOW + 60);
    let effect = ledger.effect(pharmacy.partner, |partner: &mut Partner| {
        partner.status = PartnerStatus::Active;
        partner.status_changed_at = NOW + 60;
    });
    ledger.execute_with_effects(&reinstate_partner(issuer_key, pharmacy.gln), &[effect]);
}

#[test]
fn refuses_an_active_or_revoked_partner() {
    let mut world = World::new();
    let instruction = reinstate_partner(world.issuer_key, world.pharmacy.gln);
    world
        .ledger
        .refuse(&instruction, RegistryError::PartnerNotSuspended);
    world.revoke(world.pharmacy);
    world
        .ledger
        .refuse(&instruction, RegistryError::PartnerRevoked);
}

#[test]
fn refuses_wrong_accounts_and_signers() {
    oversight::refuses_wrong_accounts_and_signers(reinstate_partner);
}
