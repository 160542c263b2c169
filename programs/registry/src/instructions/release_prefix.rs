use anchor_lang::prelude::*;
use pedigree_domain::gs1::CompanyPrefix;
use registry_rules::{Partner, PrefixTable, Registry, RegistryError};

use super::{
    overseer::check_overseer,
    prefixes::{Prefixes, keep},
};

#[derive(Accounts)]
#[instruction(prefix: u64, digits: u8)]
pub struct ReleasePrefix {
    pub registry: Account<Registry>,
    /// The head office of the firm that claimed.
    #[account(mut)]
    pub head_office: Account<Partner>,
    /// The head office's issuer; it may be gone if the registry authority signs.
    #[account(address = head_office.issuer @ RegistryError::NotOverseer)]
    pub issuer: UncheckedAccount,
    /// The issuer's key, or the registry authority. Gets the claim's rent back.
    #[account(mut)]
    pub overseer: Signer,
    #[account(
        mut,
        constraint = prefixes.leading == PrefixTable::leading_of(CompanyPrefix { value: prefix, digits })
            @ RegistryError::NotPrefixTable
    )]
    pub prefixes: Prefixes,
}

impl ReleasePrefix {
    pub fn release_prefix(&mut self, prefix: u64, digits: u8) -> Result<()> {
        let prefix = CompanyPrefix {
            value: prefix,
            digits,
        };
        check_overseer(&self.overseer, &self.registry, &self.issuer)?;
        let claims = self.prefixes.as_mut_slice();
        PrefixTable::release_prefix(claims, prefix, &mut self.head_office)?;
        let left = self.prefixes.len().saturating_sub(1);
        keep(&mut self.prefixes, left, self.overseer.account())
    }
}
