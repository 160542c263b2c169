use anchor_lang::prelude::*;
use custody_rules::{Consignment, CustodyError, Lot, undo_withdrawal::undo_withdrawal};
use pedigree_domain::Permissions;
use registry_rules::Partner;

use super::signer::{RemainingAccounts, check_signer};

#[derive(Accounts)]
pub struct UndoWithdrawal {
    pub authority: Signer,
    #[account(constraint = consignment.is_with(&custodian) @ CustodyError::NotCustodian)]
    pub custodian: Box<Account<Partner>>,
    #[account(address = consignment.lot @ CustodyError::NotConsignmentsLot)]
    pub lot: Box<Account<Lot>>,
    #[account(mut)]
    pub consignment: Box<Account<Consignment>>,
}

impl UndoWithdrawal {
    /// Takes back that the units were sampled or exported.
    pub fn undo_withdrawal(
        &mut self,
        sequence: u32,
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
        Ok(undo_withdrawal(
            &self.custodian,
            &self.lot,
            &mut self.consignment,
            sequence,
            now,
        )?)
    }
}
