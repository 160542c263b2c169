use anchor_lang::prelude::*;
use custody_rules::{Consignment, CustodyError, Lot, verify_return::verify_return};
use pedigree_domain::Permissions;
use registry_rules::Partner;

use super::signer::{RemainingAccounts, check_signer};

#[derive(Accounts)]
pub struct VerifyReturn {
    pub authority: Signer,
    #[account(constraint = consignment.is_with(&custodian) @ CustodyError::NotCustodian)]
    pub custodian: Box<Account<Partner>>,
    #[account(address = consignment.lot @ CustodyError::NotConsignmentsLot)]
    pub lot: Box<Account<Lot>>,
    #[account(mut)]
    pub consignment: Box<Account<Consignment>>,
}

impl VerifyReturn {
    pub fn verify_return(
        &mut self,
        sequence: u32,
        document_hash: &[u8; 32],
        remaining: &mut RemainingAccounts,
    ) -> Result<()> {
        let now = Clock::get()?.unix_timestamp;
        check_signer(
            &self.authority,
            &self.custodian,
            Permissions::RECEIVE,
            now,
            remaining,
        )?;
        Ok(verify_return(
            &self.custodian,
            &self.lot,
            &mut self.consignment,
            sequence,
            document_hash,
            now,
        )?)
    }
}
