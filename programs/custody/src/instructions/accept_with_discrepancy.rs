use anchor_lang::prelude::*;
use custody_rules::{
    Case, Consignment, CustodyError, Finding, Lot, Transfer,
    accept_with_discrepancy::{Accepted, accept_with_discrepancy},
};
use pedigree_domain::Permissions;
use registry_rules::Partner;

use super::signer::{RemainingAccounts, check_signer};

#[derive(Accounts)]
pub struct AcceptWithDiscrepancy {
    #[account(mut, unsafe(dup))]
    pub payer: Signer,
    pub authority: Signer,
    pub to: Box<Account<Partner>>,
    pub from: Box<Account<Partner>>,
    #[account(address = consignment.lot @ CustodyError::NotConsignmentsLot)]
    pub lot: Box<Account<Lot>>,
    #[account(
        mut,
        constraint = *consignment.address() == transfer.consignment
            @ CustodyError::NotConsignmentsTransfer
    )]
    pub consignment: Box<Account<Consignment>>,
    #[account(mut)]
    pub transfer: Box<Account<Transfer>>,
    #[account(
        init, payer = payer,
        seeds = [
            Case::SEED,
            consignment.address().as_ref(),
            bytemuck::bytes_of(&consignment.cases),
        ],
        bump
    )]
    pub case: Box<Account<Case>>,
    pub system_program: Program<System>,
}

impl AcceptWithDiscrepancy {
    pub fn accept_with_discrepancy(
        &mut self,
        sequence: u32,
        finding: &Finding,
        bump: u8,
        remaining: &mut RemainingAccounts,
    ) -> Result<()> {
        let now = Clock::get()?.unix_timestamp;
        check_signer(
            &self.authority,
            &self.to,
            Permissions::RECEIVE,
            now,
            remaining,
        )?;
        let case = &mut self.case;
        case.payer = *self.payer.address();
        case.bump = bump;
        let (consignment_address, transfer_address) =
            (*self.consignment.address(), *self.transfer.address());
        let accepted = Accepted {
            lot: (self.lot.address(), &self.lot),
            consignment: (&consignment_address, &mut self.consignment),
            transfer: (&transfer_address, &mut self.transfer),
        };
        let sites = (&**self.from, &**self.to);
        Ok(accept_with_discrepancy(
            sites, accepted, case, sequence, finding, now,
        )?)
    }
}
