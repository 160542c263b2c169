use anchor_lang::prelude::*;
use custody::{Lot, RECALLS};
use registry::Partner;

use super::{
    signer::{Followers, check_signer, is_regulator},
    stop::set_recalled_run,
};
use crate::{
    errors::RecallError,
    state::{CheckLevel, Recall, RecallClass, RecallDepth, RecallReason},
};

/// How grave a recall is, and how its effectiveness is checked.
#[derive(AnchorSerialize, AnchorDeserialize, IdlType, Clone, Copy, Debug)]
pub struct Gravity {
    /// Code of a [`RecallClass`].
    pub class: u8,
    /// Code of a [`RecallDepth`].
    pub depth: u8,
    /// Code of a [`CheckLevel`].
    pub check_level: u8,
    /// Percentage of the sites to ask at level B, 11 to 99; 0 at the other levels.
    pub check_percent: u8,
}

impl Gravity {
    /// Writes it into a recall.
    pub(super) fn apply(&self, recall: &mut Recall) -> Result<()> {
        let class = RecallClass::from_code(self.class);
        require!(class.is_known(), RecallError::InvalidClass);
        let depth = RecallDepth::from_code(self.depth);
        require!(depth.is_known(), RecallError::InvalidDepth);
        let level = CheckLevel::from_code(self.check_level);
        let percent = level
            .percent(self.check_percent)
            .ok_or(RecallError::InvalidCheckLevel)?;
        recall.class = class;
        recall.depth = depth;
        recall.check_level = level;
        recall.check_percent = percent;
        Ok(())
    }
}

/// What is recalled, and why.
#[derive(AnchorSerialize, AnchorDeserialize, IdlType, Clone, Copy, Debug)]
pub struct RecallTerms {
    /// The first unit's index in the lot.
    pub first: u32,
    /// How many units.
    pub quantity: u32,
    pub gravity: Gravity,
    /// Code of a [`RecallReason`].
    pub reason: u8,
}

/// Where the public notice is.
#[derive(AnchorSerialize, AnchorDeserialize, IdlType, Clone, Copy, Debug)]
pub struct Notice {
    /// SHA-256 of the notice as published.
    pub hash: [u8; 32],
    /// Its address on the web: printable ASCII without spaces, then zeros.
    pub address: [u8; 96],
}

impl Notice {
    /// Writes it into a recall.
    pub(super) fn apply(&self, recall: &mut Recall) -> Result<()> {
        let length = self
            .address
            .iter()
            .position(|byte| !byte.is_ascii_graphic())
            .unwrap_or(self.address.len());
        let (text, padding) = self.address.split_at(length);
        require!(
            !text.is_empty() && padding.iter().all(|&byte| byte == 0) && self.hash != [0; 32],
            RecallError::InvalidNotice
        );
        recall.notice_hash = self.hash;
        recall.notice_address = self.address;
        Ok(())
    }
}

#[derive(Accounts)]
pub struct Open {
    #[account(mut, unsafe(dup))]
    pub payer: Signer,
    pub authority: Signer,
    /// The lot's manufacturer, or a regulator.
    pub site: Box<Account<Partner>>,
    #[account(mut)]
    pub lot: Box<Account<Lot>>,
    #[account(
        init, payer = payer,
        seeds = [Recall::SEED, lot.address().as_ref(), bytemuck::bytes_of(&lot.recalls)],
        bump
    )]
    pub recall: Box<Account<Recall>>,
    /// Signs for this program.
    #[account(address = custody::RECALL_AUTHORITY)]
    pub recall_authority: UncheckedAccount,
    #[account(address = custody::ID)]
    pub custody_program: UncheckedAccount,
    pub system_program: Program<System>,
}

impl Open {
    /// The units are stopped when this returns, whoever holds them, and however many do.
    pub fn open(
        &mut self,
        terms: &RecallTerms,
        notice: &Notice,
        bump: u8,
        followers: &mut Followers,
    ) -> Result<()> {
        let now = Clock::get()?.unix_timestamp;
        check_signer(&self.authority, &self.site, now, followers)?;
        is_regulator(&self.site, self.lot.manufacturer, now)?;
        let (lot, recall) = (&mut self.lot, &mut self.recall);
        let RecallTerms {
            first,
            quantity,
            gravity,
            reason,
        } = *terms;
        require!(
            usize::from(lot.recalls) < RECALLS,
            RecallError::TooManyRecalls
        );
        require!(quantity > 0, RecallError::NoUnits);
        let reason = RecallReason::from_code(reason);
        require!(reason.is_known(), RecallError::InvalidReason);

        recall.lot = *lot.address();
        recall.gtin = lot.gtin;
        recall.manufacturer = lot.manufacturer;
        recall.opened_by = self.site.gln;
        recall.opened_at = now;
        recall.changed_at = now;
        recall.first = first;
        recall.quantity = quantity;
        recall.core_first = first;
        recall.core_quantity = quantity;
        recall.widest = quantity;
        recall.number = lot.recalls;
        recall.reason = reason;
        recall.bump = bump;
        gravity.apply(recall)?;
        recall.notify_by = recall.class.notify_by(now);
        notice.apply(recall)?;
        check_within_lot(recall, lot)?;
        set_recalled_run(lot, &self.recall_authority, recall.number, first, quantity)?;
        recall.invariant()
    }
}

/// Whether the run lies within the lot.
pub(super) fn check_within_lot(recall: &Recall, lot: &Lot) -> Result<()> {
    require!(
        recall.run().end <= u64::from(lot.quantity),
        RecallError::RunOutsideLot
    );
    Ok(())
}
