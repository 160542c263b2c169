//! The register's own authority.

use registry::{ID, accounts, instruction as data};
use solana_instruction::Instruction;
use solana_pubkey::Pubkey;
use solana_sdk_ids::system_program;

use crate::address;

/// Creates the `Registry` and gives it to the key `authority`.
///
/// Signed by `payer` and by the program's upgrade authority, so that nobody gets in before it.
///
/// Refused with `NotUpgradeAuthority`, `ZeroAddress`.
pub fn initialize(payer: Pubkey, upgrade_authority: Pubkey, authority: Pubkey) -> Instruction {
    data::Initialize { authority }.to_instruction(accounts::Initialize {
        payer,
        program_data: address::program_data(&ID),
        upgrade_authority,
        registry: address::registry(),
        system_program: system_program::ID,
    })
}

/// Proposes the key `pending` as the next registry authority, which [`accept_authority`] makes it; the zero
/// address withdraws a proposal.
///
/// Signed by the registry authority.
///
/// Refused with `NotRegistryAuthority`.
pub fn propose_authority(authority: Pubkey, pending: Pubkey) -> Instruction {
    data::ProposeAuthority { pending }.to_instruction(accounts::ProposeAuthority {
        registry: address::registry(),
        authority,
    })
}

/// Completes the hand-over of the registry.
///
/// Signed by the key that was proposed.
///
/// Refused with `NotPendingKey`.
pub fn accept_authority(pending_authority: Pubkey) -> Instruction {
    data::AcceptAuthority {}.to_instruction(accounts::AcceptAuthority {
        registry: address::registry(),
        pending_authority,
    })
}
