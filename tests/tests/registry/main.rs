//! The registry's instructions, one module each: what they do, and everything that they refuse.

mod accept_authority;
mod accept_partner_key;
mod accept_product_transfer;
mod add_issuer;
mod admit_partner;
mod appoint_operator;
mod cancel_recovery;
mod claim_prefix;
mod codes;
mod complete_recovery;
mod confirm_partner;
mod correct_admission;
mod dismiss_all_operators;
mod dismiss_operator;
mod initialize;
mod join_firm;
mod leave_firm;
mod move_gln;
mod move_prefix;
mod move_product;
mod oversight;
mod propose_authority;
mod propose_partner_key;
mod propose_product_transfer;
mod propose_recovery;
mod random_keys;
mod random_prefixes;
mod reassign_partner;
mod register_product;
mod reinstate_partner;
mod release_prefix;
mod remove_issuer;
mod renew_partner;
mod restore_partner;
mod revoke_partner;
mod rotate_issuer_key;
mod set_issuer_scope;
mod suspend_partner;
mod update_operator;
mod update_product;
mod withdraw_admission;

use anchor_lang::prelude::ProgramError;
use pedigree_domain::Roles;
use pedigree_interface::Site;
use program_tests::world::World;
use registry::RegistryError;
use solana_system_interface::error::SystemError;

/// The System program's refusal to create an account that exists.
const ALREADY_IN_USE: ProgramError = ProgramError::Custom(SystemError::AccountAlreadyInUse as u32);

/// Makes a site ineligible to act.
type Disqualification = fn(&mut World, Site);

/// Everything that makes a manufacturer ineligible, and the error for it.
const INELIGIBLE_MANUFACTURERS: [(Disqualification, RegistryError); 4] = [
    (World::suspend, RegistryError::PartnerNotActive),
    (World::revoke, RegistryError::PartnerRevoked),
    (World::lapse, RegistryError::LicenceLapsed),
    (
        |world, site| {
            world.license(
                site,
                Roles::all().difference(Roles::MANUFACTURER.union(Roles::REPACKAGER)),
            )
        },
        RegistryError::NotManufacturer,
    ),
];
