//! The bodies that vouch for partners. Signed by the registry authority.

use registry::{accounts, instruction as data, instructions::IssuerScope};
use solana_instruction::Instruction;
use solana_pubkey::Pubkey;
use solana_sdk_ids::system_program;

use crate::address;

/// Lets `key` admit, renew, suspend, reinstate and revoke partners within `scope`; creates the `Issuer`.
/// `name` is that of the authority behind the key, in UTF-8 followed by zeros.
///
/// Signed by `payer` and by the registry authority.
///
/// Refused with `NotRegistryAuthority`, `InvalidName`, `InvalidRoles`, `InvalidCountry`,
/// `InvalidCompanyPrefix`, `ZeroAddress`.
pub fn add_issuer(
    payer: Pubkey,
    authority: Pubkey,
    key: Pubkey,
    name: [u8; 64],
    scope: IssuerScope,
) -> Instruction {
    data::AddIssuer { key, name, scope }.to_instruction(accounts::AddIssuer {
        payer,
        registry: address::registry(),
        authority,
        issuer: address::issuer(&key),
        system_program: system_program::ID,
    })
}

/// Replaces what the issuer whose account is at `issuer` may vouch for.
///
/// Signed by the registry authority.
///
/// Refused with `NotRegistryAuthority`, `InvalidRoles`, `InvalidCountry`, `InvalidCompanyPrefix`.
pub fn set_issuer_scope(authority: Pubkey, issuer: Pubkey, scope: IssuerScope) -> Instruction {
    data::SetIssuerScope { scope }.to_instruction(oversight(authority, issuer))
}

/// Has the issuer whose account is at `issuer` sign with `key` from now on.
///
/// Signed by the registry authority.
///
/// Refused with `NotRegistryAuthority`, `ZeroAddress`.
pub fn rotate_issuer_key(authority: Pubkey, issuer: Pubkey, key: Pubkey) -> Instruction {
    data::RotateIssuerKey { key }.to_instruction(oversight(authority, issuer))
}

fn oversight(authority: Pubkey, issuer: Pubkey) -> accounts::OversightOfIssuer {
    accounts::OversightOfIssuer {
        registry: address::registry(),
        authority,
        issuer,
    }
}

/// Takes that right from the issuer whose account is at `issuer`. The partners that it admitted stay as they
/// are until [`reassign_partner`](super::reassign_partner) gives them another issuer.
///
/// Signed by the registry authority.
///
/// Refused with `NotRegistryAuthority`.
pub fn remove_issuer(authority: Pubkey, issuer: Pubkey) -> Instruction {
    data::RemoveIssuer {}.to_instruction(accounts::RemoveIssuer {
        registry: address::registry(),
        authority,
        issuer,
    })
}
