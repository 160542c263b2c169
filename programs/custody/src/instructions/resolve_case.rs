use anchor_lang::prelude::*;
use custody_rules::{Case, Consignment, CustodyError, resolve_case::resolve_case};
use pedigree_domain::Permissions;
use registry_rules::Partner;

use super::signer::{RemainingAccounts, check_signer};

#[derive(Accounts)]
pub struct ResolveCase {
    pub authority: Signer,
    /// Who opened the case, or a regulator.
    pub site: Box<Account<Partner>>,
    #[account(mut)]
    pub case: Box<Account<Case>>,
    #[account(mut, address = case.subject @ CustodyError::NotCasesSubject)]
    pub consignment: Box<Account<Consignment>>,
}

impl ResolveCase {
    pub fn resolve_case(
        &mut self,
        condemned: bool,
        document_hash: &[u8; 32],
        remaining: &mut RemainingAccounts,
    ) -> Result<()> {
        let now = Clock::get()?.unix_timestamp;
        check_signer(
            &self.authority,
            &self.site,
            Permissions::QUARANTINE,
            now,
            remaining,
        )?;
        Ok(resolve_case(
            &self.site,
            &mut self.case,
            &mut self.consignment,
            condemned,
            document_hash,
            now,
        )?)
    }
}
