use anchor_lang::prelude::*;

use super::{
    expand::ByOverseer,
    signer::{Followers, check_regulator, check_signer},
};
use crate::errors::RecallError;

impl ByOverseer {
    /// The one way in which units are released, and it stays open after the recall's end: a
    /// regulator's decision, never paperwork.
    pub fn narrow(
        &mut self,
        first: u32,
        quantity: u32,
        document: &[u8; 32],
        followers: &mut Followers,
    ) -> Result<()> {
        let now = Clock::get()?.unix_timestamp;
        check_signer(&self.authority, &self.site, now, followers)?;
        check_regulator(&self.site, RecallError::NotRegulator, now)?;
        self.recall.shrink(first, quantity)?;
        self.recall.document = *document;
        self.stop(now)
    }
}
