//! The built programs that this binary carries for local ledgers.

use std::borrow::Cow;

use anyhow::{Result, ensure};
use pedigree_client::{custody, recall, registry};
use pedigree_localnet::DeployedProgram;
use solana_pubkey::Pubkey;

const REGISTRY: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/registry.so"));
const CUSTODY: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/custody.so"));
const RECALL: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/recall.so"));

/// All programs, deployed under `upgrade_authority`.
pub fn all(upgrade_authority: Pubkey) -> Result<Vec<DeployedProgram>> {
    ensure!(
        !REGISTRY.is_empty() && !CUSTODY.is_empty() && !RECALL.is_empty(),
        "this binary carries no programs, because they were not built when it was: run `cargo \
         xtask build` in the repository, then use the `pedigree` that it makes"
    );
    let program = |id, elf| DeployedProgram {
        id,
        upgrade_authority,
        elf: Cow::Borrowed(elf),
    };
    Ok(vec![
        program(registry::ID, REGISTRY),
        program(custody::ID, CUSTODY),
        program(recall::ID, RECALL),
    ])
}
