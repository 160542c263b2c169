use anchor_lang::prelude::*;
use pedigree_domain::{Permissions, Roles, business_days};
use registry::Partner;

use super::{
    quarantine_lot::is_overseer,
    signer::{Followers, check_signer},
};
use crate::{
    errors::CustodyError,
    state::{Case, Consignment, ExceptionCode, Lot},
};

/// What is wrong.
#[derive(AnchorSerialize, AnchorDeserialize, IdlType, Clone, Copy, Debug)]
pub struct Finding {
    /// Code of an [`ExceptionCode`]; 0 for product that is suspect.
    pub exception: u8,
    /// How many units it concerns.
    pub units: u32,
    /// SHA-256 of the finding with a salt.
    pub document: [u8; 32],
}

impl Finding {
    /// Fills in a new case and counts it in `cases`, its subject's.
    pub(super) fn open(
        &self,
        case: &mut Case,
        exception: ExceptionCode,
        now: i64,
        cases: &mut u32,
    ) -> Result<()> {
        case.document = self.document;
        case.opened_at = now;
        case.number = *cases;
        case.units = self.units;
        case.exception = exception;
        *cases = cases.checked_add(1).ok_or(CustodyError::TooManyCases)?;
        case.invariant()
    }
}

/// Until when `site` has to answer a tracing request made at Unix time `now`: one business day, two
/// for a dispenser or a repackager (DSCSA section 582(b)(1)(B), (c)(1)(C), (d)(1)(D), (e)(1)(C)).
pub(super) fn answer_time(site: &Partner, now: i64) -> i64 {
    let quick = Roles::MANUFACTURER
        .union(Roles::WHOLESALER)
        .union(Roles::LOGISTICS);
    business_days::after(now, if site.roles & quick.bits() == 0 { 2 } else { 1 })
}

#[derive(Accounts)]
pub struct OpenCase {
    #[account(mut, unsafe(dup))]
    pub payer: Signer,
    pub authority: Signer,
    /// Who opens the case: the custodian, the owner, the lot's manufacturer or a regulator.
    pub site: Box<Account<Partner>>,
    /// Who has to answer.
    #[account(constraint = custodian.gln == consignment.custodian @ CustodyError::NotCustodian)]
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
        followers: &mut Followers,
    ) -> Result<()> {
        let now = Clock::get()?.unix_timestamp;
        check_signer(
            &self.authority,
            &self.site,
            Permissions::QUARANTINE,
            now,
            followers,
        )?;
        let gln = self.site.gln;
        if gln != self.consignment.custodian && gln != self.consignment.owner {
            is_overseer(&self.site, &self.lot, now)?;
        }
        let case = &mut self.case;
        case.subject = *self.consignment.address();
        case.lot = *self.lot.address();
        case.payer = *self.payer.address();
        case.opened_by = gln;
        case.answer_by = answer_time(&self.custodian, now);
        case.bump = bump;
        let exception = ExceptionCode::from_code(finding.exception);
        require!(exception.is_known(), CustodyError::InvalidException);
        finding.open(case, exception, now, &mut self.consignment.cases)?;
        self.consignment.count_case()
    }
}
