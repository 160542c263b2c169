use anchor_lang::prelude::*;
use custody_rules::{
    Consignment, CustodyError, Lot, UnitBlock, UnitPage, restore_units::restore_units,
};
use pedigree_domain::Permissions;
use registry_rules::Partner;

use super::signer::{RemainingAccounts, check_signer};

#[derive(Accounts)]
pub struct RestoreUnits {
    pub authority: Signer,
    /// The custodian, or a regulator.
    pub site: Box<Account<Partner>>,
    #[account(address = consignment.lot @ CustodyError::NotConsignmentsLot)]
    pub lot: Box<Account<Lot>>,
    #[account(mut)]
    pub consignment: Box<Account<Consignment>>,
    #[account(mut)]
    pub page: Box<Account<UnitPage>>,
}

impl RestoreUnits {
    /// Makes cleared units active again.
    pub fn restore_units(
        &mut self,
        block: UnitBlock,
        document_hash: &[u8; 32],
        remaining: &mut RemainingAccounts,
    ) -> Result<()> {
        let now = Clock::get()?.unix_timestamp;
        let Self {
            authority,
            site,
            lot,
            consignment,
            page,
        } = self;
        check_signer(authority, site, Permissions::QUARANTINE, now, remaining)?;
        Ok(restore_units(
            site,
            (lot.address(), lot),
            consignment,
            page,
            block,
            document_hash,
            now,
        )?)
    }
}
