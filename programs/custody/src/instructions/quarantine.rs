use anchor_lang::prelude::*;
use custody_rules::{
    Consignment,
    quarantine::{quarantine, release},
};
use pedigree_domain::Permissions;
use registry_rules::Partner;

use super::{
    by_custodian::ByCustodian,
    signer::{RemainingAccounts, check_signer},
};

impl ByCustodian {
    /// Sets the units aside.
    pub fn quarantine(
        &mut self,
        document_hash: &[u8; 32],
        remaining: &mut RemainingAccounts,
    ) -> Result<()> {
        let now = self.check(Permissions::QUARANTINE, remaining)?;
        Ok(quarantine(
            &self.custodian,
            &mut self.consignment,
            document_hash,
            now,
        )?)
    }
}

#[derive(Accounts)]
pub struct Release {
    pub authority: Signer,
    /// The custodian, or a regulator.
    pub site: Box<Account<Partner>>,
    #[account(mut)]
    pub consignment: Box<Account<Consignment>>,
}

impl Release {
    /// Lifts restrictions.
    pub fn release(
        &mut self,
        restrictions: u8,
        document_hash: &[u8; 32],
        remaining: &mut RemainingAccounts,
    ) -> Result<()> {
        let now = Clock::get()?.unix_timestamp;
        let Self {
            authority,
            site,
            consignment,
        } = self;
        check_signer(authority, site, Permissions::QUARANTINE, now, remaining)?;
        Ok(release(
            site,
            consignment,
            restrictions,
            document_hash,
            now,
        )?)
    }
}
