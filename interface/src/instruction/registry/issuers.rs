//! The bodies that vouch for partners. Signed by the registry authority.

use registry::{accounts, instruction as data};
use solana_instruction::Instruction;
use solana_pubkey::Pubkey;
use solana_sdk_ids::system_program;

use crate::address;

/// Lets `key` admit, renew, suspend, reinstate and revoke partners; creates the `Issuer`. `name` is that
/// of the authority behind the key, in UTF-8 followed by zeros.
///
/// Signed by `payer` and by the registry authority.
///
/// Refused with `NotRegistryAuthority`, `InvalidName`, `ZeroAddress`.
pub fn add_issuer(payer: Pubkey, authority: Pubkey, key: Pubkey, name: [u8; 64]) -> Instruction {
    data::AddIssuer { key, name }.to_instruction(accounts::AddIssuer {
        payer,
        registry: address::registry(),
        authority,
        issuer: address::issuer(&key),
        system_program: system_program::ID,
    })
}

/// Takes that right from the issuer that signs with `key`. The partners that it admitted stay as they
/// are until [`reassign_partner`](super::reassign_partner) gives them another issuer.
///
/// Signed by the registry authority.
///
/// Refused with `NotRegistryAuthority`.
pub fn remove_issuer(authority: Pubkey, key: Pubkey) -> Instruction {
    data::RemoveIssuer {}.to_instruction(accounts::RemoveIssuer {
        registry: address::registry(),
        authority,
        issuer: address::issuer(&key),
    })
}
