//! What the four instructions of a partner's issuer refuse alike.

use anchor_lang::{Address, solana_program::instruction::Instruction};
use pedigree_interface::identifier::Gln;
use program_tests::{address, alter::Alter, world::World};
use registry::RegistryError;

/// Tries `instruction`, which takes an issuer's key and a site, on the pharmacy.
pub(crate) fn refuses_wrong_accounts_and_signers(
    instruction: impl Fn(Address, Gln) -> Instruction,
) {
    let world = World::new();
    let World {
        mut ledger,
        authority,
        issuer_key,
        other_issuer_key,
        pharmacy,
        ..
    } = world;
    let (issuer, other_issuer) = (
        address::issuer(&issuer_key),
        address::issuer(&other_issuer_key),
    );
    let genuine = instruction(issuer_key, pharmacy.gln);

    let another_issuer = instruction(other_issuer_key, pharmacy.gln);
    let anothers_account = genuine.clone().replacing(issuer, other_issuer);
    let anothers_key = genuine.clone().replacing(issuer_key, other_issuer_key);
    let registry_authority = genuine.clone().replacing(issuer_key, authority);
    let the_site_itself = genuine.clone().replacing(issuer_key, pharmacy.key);
    for wrong in [
        another_issuer,
        anothers_account,
        anothers_key,
        registry_authority,
        the_site_itself,
    ] {
        ledger.refuse(&wrong, RegistryError::NotPartnersIssuer);
    }
    ledger.refuse_unsigned(&genuine, &[issuer_key]);
    ledger.refuse_stand_ins(&genuine, &[issuer, pharmacy.partner]);
}
