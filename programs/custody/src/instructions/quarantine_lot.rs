use anchor_lang::prelude::*;
use pedigree_domain::{Permissions, Roles};
use registry::Partner;

use super::signer::{Followers, check_signer, sender_barred};
use crate::{
    errors::CustodyError,
    state::{Lot, LotStatus},
};

#[derive(Accounts)]
pub struct ByOverseer {
    pub authority: Signer,
    pub site: Box<Account<Partner>>,
    #[account(mut)]
    pub lot: Box<Account<Lot>>,
}

impl ByOverseer {
    /// Keeps every unit of the lot from going down the chain.
    pub fn quarantine_lot(&mut self, followers: &mut Followers) -> Result<()> {
        self.check(followers)?;
        let lot = &mut self.lot;
        require!(
            lot.status == LotStatus::Released,
            CustodyError::LotQuarantined
        );
        lot.status = LotStatus::Quarantined;
        lot.quarantined_by = self.site.gln;
        lot.invariant()
    }

    /// Lets the lot move again: whoever quarantined it may, and a regulator always.
    pub fn release_lot(&mut self, followers: &mut Followers) -> Result<()> {
        let is_regulator = self.check(followers)?;
        let lot = &mut self.lot;
        require!(
            lot.status != LotStatus::Released,
            CustodyError::NotQuarantined
        );
        let is_own = lot.status == LotStatus::Quarantined && lot.quarantined_by == self.site.gln;
        require!(is_regulator || is_own, CustodyError::ReleasedByRegulator);
        lot.status = LotStatus::Released;
        lot.quarantined_by = 0;
        lot.invariant()
    }

    /// Whether the site is a regulator; refused unless it is, or made the lot.
    fn check(&self, followers: &mut Followers) -> Result<bool> {
        let now = Clock::get()?.unix_timestamp;
        check_signer(
            &self.authority,
            &self.site,
            Permissions::QUARANTINE,
            now,
            followers,
        )?;
        is_overseer(&self.site, &self.lot, now)
    }
}

/// Whether `site` oversees `lot` as a regulator; refused unless it does, or made the lot.
pub(super) fn is_overseer(site: &Partner, lot: &Lot, now: i64) -> Result<bool> {
    if site.gln == lot.manufacturer {
        return Ok(false);
    }
    site.check_trade(now, Roles::REGULATOR)
        .map_err(|bar| match sender_barred(bar) {
            CustodyError::SenderRole => CustodyError::NotOverseer,
            barred => barred,
        })?;
    Ok(true)
}
