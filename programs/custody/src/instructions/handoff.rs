use anchor_lang::prelude::*;
use custody_rules::{Consignment, CustodyError, Lot, handoff::handoff};
use pedigree_domain::Permissions;
use registry_rules::Partner;

use super::signer::{RemainingAccounts, check_signer};
use crate::clock::ClockSysvar;

#[derive(Accounts)]
pub struct Handoff {
    pub from_authority: Signer,
    pub to_authority: Signer,
    pub from: Box<Account<Partner>>,
    pub to: Box<Account<Partner>>,
    #[account(address = consignment.lot @ CustodyError::NotConsignmentsLot)]
    pub lot: Box<Account<Lot>>,
    #[account(mut)]
    pub consignment: Box<Account<Consignment>>,
    pub clock: Box<Account<ClockSysvar>>,
}

impl Handoff {
    /// A sale's transaction statement is made by the sender's signature.
    pub fn handoff(
        &mut self,
        kind: u8,
        sequence: u32,
        document_hash: &[u8; 32],
        remaining: &mut RemainingAccounts,
    ) -> Result<()> {
        let now = self.clock.unix_timestamp;
        let Self {
            from_authority,
            to_authority,
            from,
            to,
            ..
        } = self;
        check_signer(from_authority, from, Permissions::SHIP, now, remaining)?;
        check_signer(to_authority, to, Permissions::RECEIVE, now, remaining)?;
        Ok(handoff(
            (from, to),
            (self.lot.address(), &self.lot),
            &mut self.consignment,
            (kind, sequence),
            document_hash,
            now,
        )?)
    }
}
