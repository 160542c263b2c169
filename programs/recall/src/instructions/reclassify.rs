use anchor_lang::prelude::*;
use registry::Partner;

use super::{
    open::Gravity,
    signer::{Followers, check_signer, is_regulator},
};
use crate::{
    errors::RecallError,
    state::{Recall, RecallState},
};

#[derive(Accounts)]
pub struct BySite {
    pub authority: Signer,
    /// Who decides: a regulator, and the manufacturer or who opened the recall as far as they may.
    pub site: Box<Account<Partner>>,
    #[account(mut)]
    pub recall: Box<Account<Recall>>,
}

impl BySite {
    /// A regulator decides as it sees fit. The manufacturer cannot play a recall down.
    ///
    /// A deadline to notify may come nearer, but is never put off.
    pub fn reclassify(
        &mut self,
        gravity: &Gravity,
        document: &[u8; 32],
        followers: &mut Followers,
    ) -> Result<()> {
        let now = Clock::get()?.unix_timestamp;
        check_signer(&self.authority, &self.site, now, followers)?;
        let is_regulator = is_regulator(&self.site, self.recall.manufacturer, now)?;
        let recall = &mut self.recall;
        recall.check_running()?;
        let before: Recall = ***recall;
        require!(gravity.class != 0, RecallError::InvalidClass);
        gravity.apply(recall)?;
        let is_no_less_grave = recall.class.rank() <= before.class.rank()
            && recall.depth.code() <= before.depth.code()
            && recall.check_percent >= before.check_percent;
        require!(is_regulator || is_no_less_grave, RecallError::NotGraver);
        let deadline = recall.class.notify_by(now);
        recall.notify_by = recall.notify_by.min(deadline);
        if recall.expansion_notify_by != 0 {
            recall.expansion_notify_by = recall.expansion_notify_by.min(deadline);
        }
        recall.state = RecallState::Reclassified;
        recall.changed_at = now;
        recall.document = *document;
        recall.invariant()
    }
}
