use anchor_lang::prelude::*;
use custody_rules::{Consignment, CustodyError, merge::merge};
use pedigree_domain::Permissions;
use registry_rules::Partner;

use super::signer::{RemainingAccounts, check_signer};

#[derive(Accounts)]
pub struct Merge {
    pub authority: Signer,
    #[account(constraint = consignment.is_with(&custodian) @ CustodyError::NotCustodian)]
    pub custodian: Box<Account<Partner>>,
    #[account(mut)]
    pub consignment: Box<Account<Consignment>>,
    /// The consignment with the units right after these; closed.
    #[account(mut, close = payer)]
    pub neighbour: Box<Account<Consignment>>,
    /// Gets the rent back that it paid for the neighbour.
    #[account(mut, unsafe(dup), address = neighbour.payer @ CustodyError::NotPayer)]
    pub payer: UncheckedAccount,
}

impl Merge {
    pub fn merge(
        &mut self,
        sequence: u32,
        neighbour_sequence: u32,
        remaining: &mut RemainingAccounts,
    ) -> Result<()> {
        let now = Clock::get()?.unix_timestamp;
        check_signer(
            &self.authority,
            &self.custodian,
            Permissions::PACK,
            now,
            remaining,
        )?;
        Ok(merge(
            &self.custodian,
            (&mut self.consignment, sequence),
            (&self.neighbour, neighbour_sequence),
            now,
        )?)
    }
}
