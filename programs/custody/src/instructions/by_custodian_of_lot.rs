//! The accounts of what a custodian does to a consignment whose lot decides about it as well.

use anchor_lang::prelude::*;
use custody_rules::{Consignment, CustodyError, Lot};
use pedigree_domain::Permissions;
use registry_rules::Partner;

use super::signer::{RemainingAccounts, check_signer};

#[derive(Accounts)]
pub struct ByCustodianOfLot {
    pub authority: Signer,
    #[account(constraint = consignment.is_with(&custodian) @ CustodyError::NotCustodian)]
    pub custodian: Box<Account<Partner>>,
    #[account(address = consignment.lot @ CustodyError::NotConsignmentsLot)]
    pub lot: Box<Account<Lot>>,
    #[account(mut)]
    pub consignment: Box<Account<Consignment>>,
}

impl ByCustodianOfLot {
    /// Checks the signer, and says what time it is.
    #[inline(never)]
    pub(super) fn check(
        &self,
        needed: Permissions,
        remaining: &mut RemainingAccounts,
    ) -> Result<i64> {
        let now = Clock::get()?.unix_timestamp;
        check_signer(&self.authority, &self.custodian, needed, now, remaining)?;
        Ok(now)
    }
}
