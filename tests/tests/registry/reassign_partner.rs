use pedigree_interface::instruction::registry::{reassign_partner, remove_issuer, suspend_partner};
use program_tests::{address, world::World};
use registry::{Partner, RegistryError};

#[test]
fn puts_a_partner_under_another_issuer() {
    let World {
        mut ledger,
        authority,
        issuer_key,
        other_issuer_key,
        pharmacy,
        ..
    } = World::new();
    let other_issuer = address::issuer(&other_issuer_key);
    let effect = ledger.effect(pharmacy.partner, |partner: &mut Partner| {
        partner.issuer = other_issuer;
    });
    let instruction = reassign_partner(authority, address::issuer(&other_issuer_key), pharmacy.gln);
    ledger.execute_with_effects(&instruction, &[effect]);
    let former = suspend_partner(issuer_key, pharmacy.gln);
    ledger.refuse(&former, RegistryError::NotPartnersIssuer);
    ledger.execute(&suspend_partner(other_issuer_key, pharmacy.gln));
}

#[test]
fn rescues_the_partners_of_a_removed_issuer() {
    let World {
        mut ledger,
        authority,
        issuer_key,
        other_issuer_key,
        pharmacy,
        ..
    } = World::new();
    ledger.execute(&remove_issuer(authority, address::issuer(&issuer_key)));
    ledger.execute(&reassign_partner(
        authority,
        address::issuer(&other_issuer_key),
        pharmacy.gln,
    ));
}

#[test]
fn refuses_anybody_but_the_authority() {
    let World {
        mut ledger,
        authority,
        issuer_key,
        other_issuer_key,
        pharmacy,
        ..
    } = World::new();
    for other in [issuer_key, other_issuer_key, pharmacy.key] {
        let instruction = reassign_partner(other, address::issuer(&other_issuer_key), pharmacy.gln);
        ledger.refuse(&instruction, RegistryError::NotRegistryAuthority);
    }
    let instruction = reassign_partner(authority, address::issuer(&other_issuer_key), pharmacy.gln);
    ledger.refuse_unsigned(&instruction, &[authority]);
}

#[test]
fn refuses_wrong_accounts() {
    let World {
        mut ledger,
        authority,
        other_issuer_key,
        pharmacy,
        ..
    } = World::new();
    let other_issuer = address::issuer(&other_issuer_key);
    let instruction = reassign_partner(authority, address::issuer(&other_issuer_key), pharmacy.gln);
    ledger.refuse_stand_ins(
        &instruction,
        &[address::registry(), other_issuer, pharmacy.partner],
    );
}
