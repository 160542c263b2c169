//! The test harness fails where it should: a test that cannot fail proves nothing.

use anchor_lang::{Address, prelude::ProgramError};
use pedigree_interface::instruction::registry::{propose_partner_key, suspend_partner};
use program_tests::{alter::Alter, world::World};
use registry::RegistryError;

#[test]
#[should_panic(expected = "succeeded instead of InstructionError(0, Custom(6010))")]
fn a_success_is_not_a_refusal() {
    let World {
        mut ledger,
        pharmacy,
        ..
    } = World::new();
    let instruction = propose_partner_key(pharmacy, Some(pharmacy.key));
    ledger.refuse(&instruction, RegistryError::InvalidName);
}

#[test]
#[should_panic(expected = "left: InstructionError(0, Custom(6005))")]
fn another_refusal_is_not_the_expected_one() {
    let World {
        mut ledger,
        pharmacy,
        wholesaler,
        ..
    } = World::new();
    let thief =
        propose_partner_key(pharmacy, Some(pharmacy.key)).replacing(pharmacy.key, wholesaler.key);
    ledger.refuse(&thief, ProgramError::MissingRequiredSignature);
}

#[test]
#[should_panic(expected = "assertion `left == right` failed")]
fn an_effect_that_nobody_expected_is_noticed() {
    let World {
        mut ledger,
        issuer_key,
        pharmacy,
        ..
    } = World::new();
    ledger.execute_with_effects(&suspend_partner(issuer_key, pharmacy.gln), &[]);
}

#[test]
#[should_panic(expected = "and none at 40")]
fn an_alteration_beyond_the_data_is_noticed() {
    let World { pharmacy, .. } = World::new();
    propose_partner_key(pharmacy, None).with_data(39, &[0]);
}

#[test]
#[should_panic(expected = "does not name")]
fn an_alteration_that_alters_nothing_is_noticed() {
    let World { pharmacy, .. } = World::new();
    propose_partner_key(pharmacy, Some(pharmacy.key)).unsigned(Address::default());
}
