use anchor_lang::prelude::*;
use pedigree_domain::{Permissions, business_days};
use registry::Partner;

use super::{
    open_case::Finding,
    quarantine_lot::is_overseer,
    signer::{Followers, check_signer},
};
use crate::{
    errors::CustodyError,
    state::{Case, ExceptionCode, Lot},
};

#[derive(Accounts)]
pub struct OpenLotCase {
    #[account(mut, unsafe(dup))]
    pub payer: Signer,
    pub authority: Signer,
    /// Who opens the case: the lot's manufacturer or a regulator.
    pub site: Box<Account<Partner>>,
    #[account(mut)]
    pub lot: Box<Account<Lot>>,
    #[account(
        init, payer = payer,
        seeds = [Case::SEED, lot.address().as_ref(), bytemuck::bytes_of(&lot.cases)],
        bump
    )]
    pub case: Box<Account<Case>>,
    pub system_program: Program<System>,
}

impl OpenLotCase {
    /// Freezes the whole lot. Its manufacturer has to answer, within one business day.
    pub fn open_lot_case(
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
        is_overseer(&self.site, &self.lot, now)?;
        let (case, lot) = (&mut self.case, &mut self.lot);
        case.subject = *lot.address();
        case.lot = *lot.address();
        case.payer = *self.payer.address();
        case.opened_by = self.site.gln;
        case.answer_by = business_days::after(now, 1);
        case.bump = bump;
        let exception = ExceptionCode::from_code(finding.exception);
        require!(exception.is_known(), CustodyError::InvalidException);
        finding.open(case, exception, now, &mut lot.cases)?;
        lot.open_cases = lot
            .open_cases
            .checked_add(1)
            .ok_or(CustodyError::TooManyCases)?;
        lot.invariant()
    }
}
