use anchor_lang::prelude::*;
use pedigree_domain::Permissions;
use registry::Partner;

use super::{
    determine_case::is_regulator,
    signer::{Followers, check_signer},
};
use crate::{
    errors::CustodyError,
    state::{Case, CaseState, Consignment, Lot, LotStatus, Restrictions},
};

#[derive(Accounts)]
pub struct ResolveCase {
    pub authority: Signer,
    /// Who opened the case, or a regulator.
    pub site: Box<Account<Partner>>,
    #[account(mut)]
    pub case: Box<Account<Case>>,
    #[account(mut, address = case.subject @ CustodyError::NotCasesSubject)]
    pub consignment: Box<Account<Consignment>>,
}

impl ResolveCase {
    /// Ends the case: the goods move again, or only to disposal if they are condemned.
    pub fn resolve_case(
        &mut self,
        condemned: bool,
        document: &[u8; 32],
        followers: &mut Followers,
    ) -> Result<()> {
        resolve(
            &self.authority,
            &self.site,
            &mut self.case,
            condemned,
            document,
            followers,
        )?;
        let consignment = &mut self.consignment;
        if condemned {
            consignment.restrictions |= Restrictions::CONDEMNED.bits();
        }
        consignment.open_cases = consignment
            .open_cases
            .checked_sub(1)
            .ok_or(CustodyError::CaseResolved)?;
        Ok(())
    }
}

#[derive(Accounts)]
pub struct ResolveLotCase {
    pub authority: Signer,
    /// Who opened the case, or a regulator.
    pub site: Box<Account<Partner>>,
    #[account(mut)]
    pub case: Box<Account<Case>>,
    #[account(mut, address = case.subject @ CustodyError::NotCasesSubject)]
    pub lot: Box<Account<Lot>>,
}

impl ResolveLotCase {
    /// Ends the case on the whole lot. A lot that is condemned only a regulator releases.
    pub fn resolve_lot_case(
        &mut self,
        condemned: bool,
        document: &[u8; 32],
        followers: &mut Followers,
    ) -> Result<()> {
        resolve(
            &self.authority,
            &self.site,
            &mut self.case,
            condemned,
            document,
            followers,
        )?;
        let lot = &mut self.lot;
        if condemned {
            lot.status = LotStatus::Condemned;
            lot.quarantined_by = self.site.gln;
        }
        lot.open_cases = lot
            .open_cases
            .checked_sub(1)
            .ok_or(CustodyError::CaseResolved)?;
        lot.invariant()
    }
}

/// What was found illegitimate is condemned; only a regulator may clear it all the same.
fn resolve(
    authority: &Signer,
    site: &Account<Partner>,
    case: &mut Account<Case>,
    condemned: bool,
    document: &[u8; 32],
    followers: &mut Followers,
) -> Result<()> {
    let now = Clock::get()?.unix_timestamp;
    check_signer(authority, site, Permissions::QUARANTINE, now, followers)?;
    let by_regulator = is_regulator(site, case, now)?;
    case.check_unresolved()?;
    require!(
        condemned || by_regulator || case.state == CaseState::Open,
        CustodyError::CaseDetermined
    );
    case.state = if condemned {
        CaseState::Condemned
    } else {
        CaseState::Cleared
    };
    case.document = *document;
    case.resolved_by = site.gln;
    case.resolved_at = now;
    case.invariant()
}
