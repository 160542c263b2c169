use anchor_lang::{AnchorAccount, prelude::*};
use pedigree_domain::gs1::CompanyPrefix;
use registry_rules::{Partner, PrefixTable, Registry, RegistryError};

use super::prefixes::{Prefixes, keep};

#[derive(Accounts)]
#[instruction(prefix: u64, digits: u8)]
pub struct MovePrefix {
    pub registry: Account<Registry>,
    /// Gets the rent of surplus claims back.
    #[account(mut, address = registry.authority @ RegistryError::NotRegistryAuthority)]
    pub authority: Signer,
    /// The head office of the firm that gets the prefix.
    #[account(mut)]
    pub head_office: Account<Partner>,
    /// The head office of the firm whose claims end.
    #[account(mut)]
    pub from: Account<Partner>,
    #[account(
        mut,
        constraint = prefixes.leading == PrefixTable::leading_of(CompanyPrefix { value: prefix, digits })
            @ RegistryError::NotPrefixTable
    )]
    pub prefixes: Prefixes,
}

impl MovePrefix {
    pub fn move_prefix(&mut self, prefix: u64, digits: u8) -> Result<()> {
        let prefix = CompanyPrefix {
            value: prefix,
            digits,
        };
        let claims = self.prefixes.as_mut_slice();
        let (from, to) = (&mut self.from, &mut self.head_office);
        let left = PrefixTable::move_prefix(claims, prefix, from, to)?;
        keep(&mut self.prefixes, left, self.authority.account())
    }
}
