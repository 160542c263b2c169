use anchor_lang::prelude::*;
use pedigree_domain::Permissions;
use registry::Partner;

use super::{
    passage::Passage,
    signer::{Followers, check_signer},
};
use crate::{
    hot_path::Batch,
    state::{Change, ClockSysvar},
};

#[derive(Accounts)]
pub struct HandoffBatch {
    pub from_authority: Signer,
    pub to_authority: Signer,
    pub from: Box<Account<Partner>>,
    pub to: Box<Account<Partner>>,
    pub clock: Box<Account<ClockSysvar>>,
}

impl HandoffBatch {
    /// Hands over every consignment that follows, or none. The followers are each lot with its
    /// consignments behind it; `sequences` are the consignments', in the same order.
    pub fn handoff_batch(
        &mut self,
        kind: u8,
        document: &[u8; 32],
        sequences: &[u32],
        followers: &mut Followers,
    ) -> Result<()> {
        let now = self.clock.unix_timestamp;
        let Self {
            from_authority,
            to_authority,
            from,
            to,
            ..
        } = self;
        check_signer(from_authority, from, Permissions::SHIP, now, followers)?;
        check_signer(to_authority, to, Permissions::RECEIVE, now, followers)?;
        let passage = Passage::between_cold(from, to, Change::of_transfer(kind)?, now)?;
        Batch::hand_over_views(
            passage,
            document,
            bytemuck::cast_slice(sequences),
            followers,
        )
    }
}
