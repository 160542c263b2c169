use anchor_lang::prelude::*;
use custody_rules::{Case, Consignment, CustodyError, Finding, Lot, open_case::open_case};
use pedigree_domain::Permissions;
use registry_rules::Partner;

use super::signer::{RemainingAccounts, check_signer};

#[derive(Accounts)]
pub struct OpenCase {
    #[account(mut, unsafe(dup))]
    pub payer: Signer,
    pub authority: Signer,
    /// Who opens the case: the custodian, the owner, the lot's manufacturer or a regulator.
    pub site: Box<Account<Partner>>,
    /// Who has to answer.
    #[account(constraint = consignment.is_with(&custodian) @ CustodyError::NotCustodian)]
    pub custodian: Box<Account<Partner>>,
    #[account(address = consignment.lot @ CustodyError::NotConsignmentsLot)]
    pub lot: Box<Account<Lot>>,
    #[account(mut)]
    pub consignment: Box<Account<Consignment>>,
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

impl OpenCase {
    pub fn open_case(
        &mut self,
        finding: &Finding,
        bump: u8,
        remaining: &mut RemainingAccounts,
    ) -> Result<()> {
        let now = Clock::get()?.unix_timestamp;
        check_signer(
            &self.authority,
            &self.site,
            Permissions::QUARANTINE,
            now,
            remaining,
        )?;
        let consignment_address = *self.consignment.address();
        let case = &mut self.case;
        case.payer = *self.payer.address();
        case.bump = bump;
        Ok(open_case(
            &self.site,
            &self.custodian,
            (self.lot.address(), &self.lot),
            (&consignment_address, &mut self.consignment),
            case,
            finding,
            now,
        )?)
    }
}
