use core::ops::Range;

use custody_rules::Lot;
use pedigree_domain::{
    Record, ensure,
    identifier::{Gln, Gtin},
};
use solana_address::Address;

use crate::{
    error::{RecallError, Result},
    state::{
        CheckLevel, RecallClass, RecallDepth, RecallReason, RecallState, Response, response::Fate,
    },
};

/// The recall of a range of a lot's units, and its progress. Never closed.
///
/// | offset | size | field | unit |
/// |---|---|---|---|
/// | 0 | 8 | discriminator | SHA-256("account:Recall"), first 8 bytes |
/// | 8 | 32 | `lot` | address of a custody `Lot` |
/// | 40 | 8 | `gtin` | GTIN-14 as a number |
/// | 48 | 8 | `manufacturer` | GLN-13 of a registry `Partner`, as a number |
/// | 56 | 8 | `opened_by` | GLN-13 as a number |
/// | 64 | 8 | `opened_at` | Unix seconds |
/// | 72 | 8 | `changed_at` | Unix seconds |
/// | 80 | 8 | `notify_by` | Unix seconds, last moment to notify the sites concerned |
/// | 88 | 8 | `expanded_at` | Unix seconds, when units were added last; 0 = never |
/// | 96 | 8 | `expansion_notify_by` | Unix seconds, last moment to notify of those; 0 = none |
/// | 104 | 8 | `terminated_at` | Unix seconds; 0 = not terminated |
/// | 112 | 4 | `first` | unit index |
/// | 116 | 4 | `quantity` | units; 0 = all released |
/// | 120 | 4 | `core_first` | unit index |
/// | 124 | 4 | `core_quantity` | units recalled without a break since the opening |
/// | 128 | 4 | `widest` | units in the widest range so far |
/// | 132 | 1 | `number` | place among the lot's recalls |
/// | 133 | 1 | `class` | [`RecallClass`] |
/// | 134 | 1 | `depth` | [`RecallDepth`] |
/// | 135 | 1 | `state` | [`RecallState`] |
/// | 136 | 1 | `reason` | [`RecallReason`] |
/// | 137 | 1 | `check_level` | [`CheckLevel`] |
/// | 138 | 1 | `check_percent` | percentage of the sites to ask |
/// | 139 | 1 | `bump` | |
/// | 140 | 4 | `responses` | sites that answered |
/// | 144 | 8 | `held` | units, all sites' reports together |
/// | 152 | 8 | `quarantined` | the same |
/// | 160 | 8 | `dispensed` | the same |
/// | 168 | 8 | `returned` | the same; a unit counts at each site that sent it on |
/// | 176 | 8 | `destroyed` | the same |
/// | 184 | 4 | `shown_returned` | units that the ledger shows were returned |
/// | 188 | 4 | `shown_destroyed` | units that the ledger shows were destroyed; no unit counts in both |
/// | 192 | 4 | `paid_units` | units paid for |
/// | 196 | 1 | `vault_bump` | |
/// | 197 | 3 | padding | zeros |
/// | 200 | 8 | `unit_price` | smallest parts of the token for each unit |
/// | 208 | 8 | `funded` | smallest parts put into the vault |
/// | 216 | 8 | `paid` | smallest parts paid out to sites |
/// | 224 | 8 | `withdrawn` | smallest parts given back |
/// | 232 | 32 | `mint` | the token's; zeros = the recall pays nothing |
/// | 264 | 32 | `vault` | token account; zeros = none |
/// | 296 | 32 | `vault_payer` | key that paid the vault's rent; zeros = none |
/// | 328 | 32 | `document_hash` | SHA-256 of the newest decision with a salt; zeros = the notice |
/// | 360 | 32 | `notice_hash` | SHA-256 of the public notice |
/// | 392 | 96 | `notice_address` | where to read the notice: ASCII, then zeros |
#[cfg_attr(feature = "anchor", anchor_lang::account)]
#[cfg_attr(
    not(feature = "anchor"),
    repr(C),
    derive(Clone, Copy, bytemuck::Pod, bytemuck::Zeroable)
)]
#[derive(Debug)]
pub struct Recall {
    pub lot: Address,
    pub gtin: u64,
    /// Who minted the lot.
    pub manufacturer: u64,
    pub opened_by: u64,
    pub opened_at: i64,
    pub changed_at: i64,
    pub notify_by: i64,
    pub expanded_at: i64,
    pub expansion_notify_by: i64,
    pub terminated_at: i64,
    /// The recalled range, which the lot holds too.
    pub first: u32,
    pub quantity: u32,
    /// The part of it that was recalled at the opening and never released. Units added later may
    /// have been returned and sold again before.
    pub core_first: u32,
    pub core_quantity: u32,
    pub widest: u32,
    pub number: u8,
    pub class: RecallClass,
    pub depth: RecallDepth,
    pub state: RecallState,
    pub reason: RecallReason,
    pub check_level: CheckLevel,
    pub check_percent: u8,
    pub bump: u8,
    pub responses: u32,
    pub held: u64,
    pub quarantined: u64,
    pub dispensed: u64,
    pub returned: u64,
    pub destroyed: u64,
    pub shown_returned: u32,
    pub shown_destroyed: u32,
    pub paid_units: u32,
    pub vault_bump: u8,
    pub _padding: [u8; 3],
    pub unit_price: u64,
    pub funded: u64,
    pub paid: u64,
    pub withdrawn: u64,
    pub mint: Address,
    pub vault: Address,
    pub vault_payer: Address,
    pub document_hash: [u8; 32],
    pub notice_hash: [u8; 32],
    pub notice_address: [u8; 96],
}

impl Record for Recall {
    const NAME: &'static str = "Recall";
    const PROGRAM: Address = crate::ID;
    const DISCRIMINATOR: [u8; 8] = [148, 110, 21, 21, 183, 235, 125, 77];
}

impl Recall {
    pub const SEED: &'static [u8] = b"recall";

    /// The vault's first seed; the second is the recall's address.
    pub const VAULT_SEED: &'static [u8] = b"vault";

    /// The product's GTIN.
    pub const fn gtin(&self) -> Gtin {
        Gtin::from_account(self.gtin)
    }

    /// Who minted the lot.
    pub const fn manufacturer(&self) -> Gln {
        Gln::from_account(self.manufacturer)
    }

    /// Who opened the recall.
    pub const fn opened_by(&self) -> Gln {
        Gln::from_account(self.opened_by)
    }

    /// The token that it pays with, if it pays.
    pub fn mint(&self) -> Option<&Address> {
        (self.mint != Address::new_from_array([0; 32])).then_some(&self.mint)
    }

    /// The recalled units.
    pub fn run(&self) -> Range<u64> {
        run(self.first, self.quantity)
    }

    /// Since when, in Unix seconds, units `first..first + quantity` are recalled for sure.
    pub fn recalled_since(&self, first: u32, quantity: u32) -> i64 {
        let core = run(self.core_first, self.core_quantity);
        if contains(&core, &run(first, quantity)) {
            self.opened_at
        } else {
            self.expanded_at
        }
    }

    /// What is in the vault for sites to claim.
    pub fn unpaid(&self) -> u64 {
        self.funded.saturating_sub(self.paid)
    }

    pub fn check_running(&self) -> Result {
        ensure!(
            self.state != RecallState::Terminated,
            RecallError::RecallTerminated
        );
        Ok(())
    }

    /// Whether the units lie within the lot.
    pub(crate) fn check_within(&self, lot: &Lot) -> Result {
        ensure!(
            self.run().end <= u64::from(lot.quantity),
            RecallError::RangeOutsideLot
        );
        Ok(())
    }

    /// Adds units to the range.
    pub fn grow(&mut self, first: u32, quantity: u32, now: i64) -> Result {
        ensure!(
            quantity > self.quantity && contains(&run(first, quantity), &self.run()),
            RecallError::RangeNotGrown
        );
        self.first = first;
        self.quantity = quantity;
        self.widest = self.widest.max(quantity);
        self.expanded_at = now;
        self.expansion_notify_by = self.class.notify_by(now);
        Ok(())
    }

    /// Takes units out of the range.
    pub fn shrink(&mut self, first: u32, quantity: u32) -> Result {
        let left = run(first, quantity);
        ensure!(
            quantity < self.quantity && contains(&self.run(), &left),
            RecallError::RangeNotNarrowed
        );
        self.first = first;
        self.quantity = quantity;
        // What both have: at most what each has, so it fits.
        let core = run(self.core_first, self.core_quantity);
        let start = left.start.max(core.start);
        let end = left.end.min(core.end).max(start);
        self.core_first = start as u32;
        self.core_quantity = (end - start) as u32;
        Ok(())
    }

    /// Puts `new`, a site's answer, in place of its `old` one in the totals.
    pub(crate) fn replace(&mut self, old: &Answer, new: &Answer) {
        let totals = [
            &mut self.held,
            &mut self.quarantined,
            &mut self.dispensed,
            &mut self.returned,
            &mut self.destroyed,
        ];
        for (total, (old, new)) in totals.into_iter().zip(old.0.into_iter().zip(new.0)) {
            *total = (*total + u64::from(new)).saturating_sub(u64::from(old));
        }
    }

    /// Counts `units` more that the ledger shows to be gone.
    pub(crate) fn show(&mut self, fate: Fate, units: u32) {
        match fate {
            Fate::Returned => self.shown_returned += units,
            Fate::Destroyed => self.shown_destroyed += units,
        }
    }

    pub fn invariant(&self) -> Result {
        ensure!(
            self.paid <= self.funded && self.quantity <= self.widest,
            RecallError::VaultShort
        );
        Ok(())
    }
}

/// The five counts of a [`Response`].
#[derive(Clone, Copy)]
pub(crate) struct Answer([u32; 5]);

impl Answer {
    pub(crate) fn of(response: &Response) -> Self {
        Self([
            response.held,
            response.quarantined,
            response.dispensed,
            response.returned,
            response.destroyed,
        ])
    }
}

pub(crate) fn run(first: u32, quantity: u32) -> Range<u64> {
    u64::from(first)..u64::from(first) + u64::from(quantity)
}

pub(crate) fn contains(outer: &Range<u64>, inner: &Range<u64>) -> bool {
    outer.start <= inner.start && inner.end <= outer.end
}
