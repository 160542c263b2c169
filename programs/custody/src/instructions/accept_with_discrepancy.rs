use anchor_lang::prelude::*;
use pedigree_domain::Permissions;
use registry::Partner;

use super::{
    open_case::{Finding, answer_time},
    passage::take_over_cold,
    signer::{Followers, check_signer},
};
use crate::{
    errors::CustodyError,
    state::{Case, Consignment, ExceptionCode, Lot, Transfer},
};

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
    /// What came goes into the receiver's custody and stays there until the case, which the sender
    /// has to answer, is resolved.
    pub fn accept_with_discrepancy(
        &mut self,
        sequence: u32,
        finding: &Finding,
        bump: u8,
        followers: &mut Followers,
    ) -> Result<()> {
        let now = Clock::get()?.unix_timestamp;
        check_signer(
            &self.authority,
            &self.to,
            Permissions::RECEIVE,
            now,
            followers,
        )?;
        let exception = ExceptionCode::of_instruction(finding.exception)?;
        take_over_cold(
            &self.from,
            &self.to,
            &self.lot,
            &mut self.consignment,
            &mut self.transfer,
            sequence,
            now,
        )?;
        self.transfer.exception = exception;

        let case = &mut self.case;
        case.subject = *self.consignment.address();
        case.lot = *self.lot.address();
        case.transfer = *self.transfer.address();
        case.payer = *self.payer.address();
        case.opened_by = self.to.gln;
        case.answer_by = answer_time(&self.from, now);
        case.bump = bump;
        finding.open(case, exception, now, &mut self.consignment.cases)?;
        self.consignment.count_case()
    }
}
