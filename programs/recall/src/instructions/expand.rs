use anchor_lang::prelude::*;
use custody::Lot;
use registry::Partner;

use super::{
    open::{Notice, check_within_lot},
    signer::{Followers, check_signer, is_regulator},
    stop::set_recalled_run,
};
use crate::{
    errors::RecallError,
    state::{Recall, RecallState},
};

#[derive(Accounts)]
pub struct ByOverseer {
    pub authority: Signer,
    /// The lot's manufacturer, or a regulator.
    pub site: Box<Account<Partner>>,
    #[account(mut)]
    pub recall: Box<Account<Recall>>,
    #[account(mut, address = recall.lot @ RecallError::NotRecallsLot)]
    pub lot: Box<Account<Lot>>,
    /// Signs for this program.
    #[account(address = custody::RECALL_AUTHORITY)]
    pub recall_authority: UncheckedAccount,
    #[account(address = custody::ID)]
    pub custody_program: UncheckedAccount,
}

impl ByOverseer {
    /// The run may only grow.
    pub fn expand(
        &mut self,
        first: u32,
        quantity: u32,
        notice: &Notice,
        followers: &mut Followers,
    ) -> Result<()> {
        let now = Clock::get()?.unix_timestamp;
        check_signer(&self.authority, &self.site, now, followers)?;
        is_regulator(&self.site, self.recall.manufacturer, now)?;
        let recall = &mut self.recall;
        recall.check_running()?;
        recall.grow(first, quantity, now)?;
        check_within_lot(recall, &self.lot)?;
        recall.state = RecallState::Expanded;
        notice.apply(recall)?;
        self.stop(now)
    }

    /// Has custody stop what the recall's run is now.
    pub(super) fn stop(&mut self, now: i64) -> Result<()> {
        let recall = &mut self.recall;
        recall.changed_at = now;
        set_recalled_run(
            &mut self.lot,
            &self.recall_authority,
            recall.number,
            recall.first,
            recall.quantity,
        )?;
        recall.invariant()
    }
}
