use pedigree_interface::instruction::registry::revoke_partner;
use program_tests::{ledger::NOW, world::World};
use registry::{Partner, PartnerStatus, RegistryError};

use crate::oversight;

#[test]
fn revokes_active_and_suspended_partners() {
    let mut world = World::new();
    world.suspend(world.pharmacy);
    let World {
        mut ledger,
        issuer_key,
        pharmacy,
        wholesaler,
        ..
    } = world;
    ledger.set_time(NOW + 60);
    for site in [pharmacy, wholesaler] {
        let effect = ledger.effect(site.partner, |partner: &mut Partner| {
            partner.status = PartnerStatus::Revoked;
            partner.status_changed_at = NOW + 60;
        });
        ledger.execute_with_effects(&revoke_partner(issuer_key, site.gln), &[effect]);
    }
}

#[test]
fn refuses_a_revoked_partner() {
    let mut world = World::new();
    world.revoke(world.pharmacy);
    let instruction = revoke_partner(world.issuer_key, world.pharmacy.gln);
    world
        .ledger
        .refuse(&instruction, RegistryError::PartnerRevoked);
}

#[test]
fn refuses_wrong_accounts_and_signers() {
    oversight::refuses_wrong_accounts_and_signers(revoke_partner);
}
