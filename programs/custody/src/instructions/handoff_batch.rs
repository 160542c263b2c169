use anchor_lang::prelude::*;
use custody_rules::{Change, passage::Passage};
use pedigree_domain::Permissions;
use registry_rules::Partner;

use super::signer::{RemainingAccounts, check_signer};
use crate::{clock::ClockSysvar, hot_path::Batch};

#[derive(Accounts)]
pub struct HandoffBatch {
    pub from_authority: Signer,
    pub to_authority: Signer,
    pub from: Box<Account<Partner>>,
    pub to: Box<Account<Partner>>,
    pub clock: Box<Account<ClockSysvar>>,
}

impl HandoffBatch {
    /// Hands over every consignment that follows, or none. The remaining are each lot with its
    /// consignments behind it; `sequences` are the consignments', in the same order.
    pub fn handoff_batch(
        &mut self,
        kind: u8,
        document_hash: &[u8; 32],
        sequences: &[u32],
        remaining: &mut RemainingAccounts,
    ) -> Result<()> {
        let now = self.clock.unix_timestamp;
        let Self {
            from_authority,
            to_authority,
            from,
            to,
            ..
        } = self;
        check_signer(from_authority, from, Permissions::SHIP, now, remaining)?;
        check_signer(to_authority, to, Permissions::RECEIVE, now, remaining)?;
        let passage = Passage::between_cold(from, to, Change::of_transfer(kind)?, now)?;
        Batch::hand_over_views(
            passage,
            document_hash,
            bytemuck::cast_slice(sequences),
            remaining,
        )
    }
}
