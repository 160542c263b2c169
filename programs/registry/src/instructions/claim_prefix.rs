use anchor_lang::prelude::*;
use pedigree_domain::gs1::CompanyPrefix;
use registry_rules::{Issuer, Partner, PrefixTable, RegistryError};

use super::prefixes::{add_place, open};

#[derive(Accounts)]
#[instruction(prefix: u64, digits: u8)]
pub struct ClaimPrefix {
    #[account(mut, unsafe(dup))]
    pub payer: Signer,
    #[account(address = head_office.issuer @ RegistryError::NotPartnersIssuer)]
    pub issuer: Account<Issuer>,
    #[account(
        constraint = *issuer_key.address() == issuer.key @ RegistryError::NotPartnersIssuer
    )]
    pub issuer_key: Signer,
    /// The head office of the firm that claims.
    #[account(mut)]
    pub head_office: Account<Partner>,
    /// The table of the prefix's first four digits, which the first claim creates.
    #[account(
        mut,
        seeds = [
            PrefixTable::SEED,
            &PrefixTable::leading_of(CompanyPrefix { value: prefix, digits }).to_le_bytes()
        ],
        bump
    )]
    pub prefixes: UncheckedAccount,
    pub system_program: Program<System>,
}

impl ClaimPrefix {
    pub fn claim_prefix(&mut self, prefix: u64, digits: u8, bump: u8) -> Result<()> {
        let prefix = CompanyPrefix {
            value: prefix,
            digits,
        };
        let leading = PrefixTable::leading_of(prefix);
        let mut prefixes = open(&self.prefixes, &self.payer, leading, bump)?;
        add_place(&mut prefixes, &self.payer)?;
        let claims = prefixes.as_mut_slice();
        Ok(PrefixTable::claim_prefix(
            claims,
            prefix,
            &mut self.head_office,
            &self.issuer,
        )?)
    }
}
