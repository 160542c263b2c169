use anchor_lang::{AnchorAccount, prelude::*};
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
    /// The head office of the firm that claimed; it may be gone if the registry authority signs.
    pub head_office: UncheckedAccount,
    /// The head office's issuer.
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
        let firm = PrefixTable::release_prefix(self.prefixes.as_mut_slice(), prefix)?;
        if *self.overseer.address() != self.registry.authority {
            let head_office = Account::<Partner>::load(*self.head_office.account())
                .map_err(|_| RegistryError::NotOverseer)?;
            require!(
                head_office.gln == firm && head_office.issuer == *self.issuer.address(),
                RegistryError::NotOverseer
            );
            check_overseer(&self.overseer, &self.registry, &self.issuer)?;
        }
        let left = self.prefixes.len().saturating_sub(1);
        keep(&mut self.prefixes, left, self.overseer.account())
    }
}
