use anchor_lang::prelude::*;

use super::{
    reclassify::BySite,
    signer::{Followers, check_signer},
};
use crate::{errors::RecallError, state::RecallState};

impl BySite {
    /// The firm's word, which a regulator then confirms by terminating (21 CFR 7.55).
    pub fn complete(&mut self, document: &[u8; 32], followers: &mut Followers) -> Result<()> {
        let now = Clock::get()?.unix_timestamp;
        check_signer(&self.authority, &self.site, now, followers)?;
        let recall = &mut self.recall;
        let gln = self.site.gln;
        require!(
            gln == recall.opened_by || gln == recall.manufacturer,
            RecallError::NotOpener
        );
        recall.check_running()?;
        require!(
            recall.state != RecallState::Completed,
            RecallError::RecallCompleted
        );
        recall.state = RecallState::Completed;
        recall.changed_at = now;
        recall.document = *document;
        recall.invariant()
    }
}
