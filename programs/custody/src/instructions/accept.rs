use anchor_lang::{address_eq, prelude::*};
use custody_rules::{Consignment, CustodyError, Lot, Transfer, accept::accept_cold};
use pedigree_domain::Permissions;
use registry_rules::Partner;

use super::signer::{RemainingAccounts, check_signer};
use crate::clock::ClockSysvar;

#[derive(Accounts)]
pub struct Accept {
    pub authority: Signer,
    pub to: Box<Account<Partner>>,
    pub from: Box<Account<Partner>>,
    #[account(address = consignment.lot @ CustodyError::NotConsignmentsLot)]
    pub lot: Box<Account<Lot>>,
    #[account(
        mut,
        constraint = address_eq(consignment.address(), &transfer.consignment)
            @ CustodyError::NotConsignmentsTransfer
    )]
    pub consignment: Box<Account<Consignment>>,
    #[account(mut)]
    pub transfer: Box<Account<Transfer>>,
    pub clock: Box<Account<ClockSysvar>>,
}

impl Accept {
    /// `sequence` is the transfer's: an older offer of the same consignment is refused.
    pub fn accept(&mut self, sequence: u32, remaining: &mut RemainingAccounts) -> Result<()> {
        let now = self.clock.unix_timestamp;
        check_signer(
            &self.authority,
            &self.to,
            Permissions::RECEIVE,
            now,
            remaining,
        )?;
        Ok(accept_cold(
            &self.from,
            &self.to,
            &self.lot,
            &mut self.consignment,
            &mut self.transfer,
            sequence,
            now,
        )?)
    }
}
