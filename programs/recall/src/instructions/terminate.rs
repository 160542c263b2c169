use anchor_lang::prelude::*;

use super::{
    reclassify::BySite,
    signer::{Followers, check_regulator, check_signer},
};
use crate::{errors::RecallError, state::RecallState};

impl BySite {
    /// Answers and claims end with it (21 CFR 7.55). The lot keeps its mark: recalled units do not
    /// become saleable because a recall is over.
    pub fn terminate(&mut self, document: &[u8; 32], followers: &mut Followers) -> Result<()> {
        let now = Clock::get()?.unix_timestamp;
        check_signer(&self.authority, &self.site, now, followers)?;
        check_regulator(&self.site, RecallError::NotRegulator, now)?;
        let recall = &mut self.recall;
        recall.check_running()?;
        recall.state = RecallState::Terminated;
        recall.changed_at = now;
        recall.terminated_at = now;
        recall.document = *document;
        recall.invariant()
    }
}
