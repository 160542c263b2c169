use anchor_lang::prelude::*;
use pedigree_domain::{Permissions, Roles};
use registry::Partner;

use super::signer::{Followers, check_signer, sender_barred};
use crate::{
    errors::CustodyError,
    state::{Case, CaseState},
};

#[derive(Accounts)]
pub struct ByInvestigator {
    pub authority: Signer,
    /// Who opened the case, or a regulator.
    pub site: Box<Account<Partner>>,
    #[account(mut)]
    pub case: Box<Account<Case>>,
}

impl ByInvestigator {
    /// The product is illegitimate: FDA and the trading partners must hear of it within 24 hours.
    pub fn determine_case(&mut self, document: &[u8; 32], followers: &mut Followers) -> Result<()> {
        let now = self.check(followers)?;
        let case = &mut self.case;
        require!(
            case.state == CaseState::Open,
            if case.is_resolved() {
                CustodyError::CaseResolved
            } else {
                CustodyError::CaseDetermined
            }
        );
        case.state = CaseState::Illegitimate;
        case.document = *document;
        case.determined_at = now;
        case.notify_by = now.saturating_add(Case::NOTICE);
        case.invariant()
    }

    /// FDA and the trading partners have been notified (Form FDA 3911).
    pub fn notify_case(&mut self, document: &[u8; 32], followers: &mut Followers) -> Result<()> {
        let now = self.check(followers)?;
        let case = &mut self.case;
        require!(case.determined_at != 0, CustodyError::CaseNotDetermined);
        require!(case.notified_at == 0, CustodyError::CaseNotified);
        case.notified_at = now;
        case.document = *document;
        case.invariant()
    }

    fn check(&self, followers: &mut Followers) -> Result<i64> {
        let now = Clock::get()?.unix_timestamp;
        check_signer(
            &self.authority,
            &self.site,
            Permissions::QUARANTINE,
            now,
            followers,
        )?;
        is_regulator(&self.site, &self.case, now)?;
        Ok(now)
    }
}

/// Whether `site` acts on `case` as a regulator; refused unless it does, or opened it.
pub(super) fn is_regulator(site: &Partner, case: &Case, now: i64) -> Result<bool> {
    let bar = site.check_trade(now, Roles::REGULATOR);
    if bar.is_ok() {
        return Ok(true);
    }
    require!(
        site.gln == case.opened_by,
        bar.err().map_or(CustodyError::NotInvestigator, |bar| {
            match sender_barred(bar) {
                CustodyError::SenderRole => CustodyError::NotInvestigator,
                barred => barred,
            }
        })
    );
    Ok(false)
}
