use anchor_lang::prelude::*;
use custody_rules::{Consignment, CustodyError, Lot, export::export};
use pedigree_domain::Permissions;
use registry_rules::Partner;

use super::signer::{RemainingAccounts, check_signer};

#[derive(Accounts)]
pub struct Export {
    pub authority: Signer,
    #[account(constraint = consignment.is_with(&custodian) @ CustodyError::NotCustodian)]
    pub custodian: Box<Account<Partner>>,
    #[account(address = consignment.lot @ CustodyError::NotConsignmentsLot)]
    pub lot: Box<Account<Lot>>,
    #[account(mut)]
    pub consignment: Box<Account<Consignment>>,
}

impl Export {
    /// Sends the units out of the territory: only what a licensed site owns and could sell.
    pub fn export(
        &mut self,
        sequence: u32,
        document_hash: &[u8; 32],
        remaining: &mut RemainingAccounts,
    ) -> Result<()> {
        let now = Clock::get()?.unix_timestamp;
        check_signer(
            &self.authority,
            &self.custodian,
            Permissions::WITHDRAW,
            now,
            remaining,
        )?;
        Ok(export(
            &self.custodian,
            &self.lot,
            &mut self.consignment,
            sequence,
            document_hash,
            now,
        )?)
    }
}
