use anchor_lang::prelude::*;
use custody_rules::{Case, CustodyError, Lot, resolve_lot_case::resolve_lot_case};
use pedigree_domain::Permissions;
use registry_rules::Partner;

use super::signer::{RemainingAccounts, check_signer};

#[derive(Accounts)]
pub struct ResolveLotCase {
    pub authority: Signer,
    /// Who opened the case, or a regulator.
    pub site: Box<Account<Partner>>,
    #[account(mut)]
    pub case: Box<Account<Case>>,
    #[account(mut, address = case.subject @ CustodyError::NotCasesSubject)]
    pub lot: Box<Account<Lot>>,
}

impl ResolveLotCase {
    pub fn resolve_lot_case(
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
        Ok(resolve_lot_case(
            &self.site,
            &mut self.case,
            &mut self.lot,
            condemned,
            document_hash,
            now,
        )?)
    }
}
