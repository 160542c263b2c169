use anchor_lang::prelude::*;
use custody_rules::{Consignment, CustodyError, Lot, Transfer, recover::recover};
use pedigree_domain::Permissions;
use registry_rules::Partner;

use super::signer::{RemainingAccounts, check_signer};

#[derive(Accounts)]
pub struct Recover {
    /// Signs for the regulator.
    pub authority: Signer,
    /// Signs for the receiver.
    pub to_authority: Signer,
    pub regulator: Box<Account<Partner>>,
    /// Who has the goods by the ledger.
    pub from: Box<Account<Partner>>,
    pub to: Box<Account<Partner>>,
    #[account(address = consignment.lot @ CustodyError::NotConsignmentsLot)]
    pub lot: Box<Account<Lot>>,
    #[account(mut)]
    pub consignment: Box<Account<Consignment>>,
    /// The open offer of the goods, if there is one: it ends.
    #[account(
        mut,
        constraint = offer.consignment == *consignment.address()
            @ CustodyError::NotConsignmentsTransfer
    )]
    pub offer: Option<Box<Account<Transfer>>>,
}

impl Recover {
    /// Brings the goods into the receiver's hands.
    pub fn recover(
        &mut self,
        document_hash: &[u8; 32],
        remaining: &mut RemainingAccounts,
    ) -> Result<()> {
        let now = Clock::get()?.unix_timestamp;
        let Self {
            authority,
            to_authority,
            regulator,
            from,
            to,
            lot,
            consignment,
            offer,
        } = self;
        check_signer(
            authority,
            regulator,
            Permissions::QUARANTINE,
            now,
            remaining,
        )?;
        check_signer(to_authority, to, Permissions::RECEIVE, now, remaining)?;
        Ok(recover(
            regulator,
            (from, to),
            lot,
            consignment,
            offer.as_mut().map(|offer| &mut ***offer),
            document_hash,
            now,
        )?)
    }
}
