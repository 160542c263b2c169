use core::ops::Range;

use pedigree_domain::Record;
use solana_address::Address;

use crate::state::range::{contains, range};

/// Which units a recall stops from one moment on: its opening, or a change of its range. Never closed.
///
/// | offset | size | field | unit |
/// |---|---|---|---|
/// | 0 | 8 | discriminator | SHA-256("account:Scope"), first 8 bytes |
/// | 8 | 32 | `recall` | address of a [`Recall`](crate::Recall) |
/// | 40 | 8 | `since` | Unix seconds |
/// | 48 | 4 | `change` | the lot's `recall_changes` from then on |
/// | 52 | 4 | `number` | place among the recall's scopes; 0 = its opening |
/// | 56 | 4 | `first` | unit index |
/// | 60 | 4 | `quantity` | units; 0 = all released |
/// | 64 | 4 | `first_before` | unit index, of the range until then |
/// | 68 | 4 | `quantity_before` | units; 0 = none |
/// | 72 | 4 | `narrowings` | how many of the recall's scopes so far, this one too, released units |
/// | 76 | 1 | `bump` | |
/// | 77 | 3 | padding | zeros |
/// | 80 | 8 | `notify_by` | Unix seconds, last moment to notify of the units that it added, by the class then; 0 = it added none |
/// | 88 | 8 | `reclassified_notify_by` | Unix seconds, last moment to notify of the units that were recalled before, as reclassifications since the scope before have it; 0 = none |
#[cfg_attr(feature = "anchor", anchor_lang::account)]
#[cfg_attr(
    not(feature = "anchor"),
    repr(C),
    derive(Clone, Copy, bytemuck::Pod, bytemuck::Zeroable)
)]
#[derive(Debug)]
pub struct Scope {
    pub recall: Address,
    pub since: i64,
    /// What comes after which is counted by the lot, because many things may happen in one second.
    pub change: u32,
    pub number: u32,
    pub first: u32,
    pub quantity: u32,
    pub first_before: u32,
    pub quantity_before: u32,
    pub narrowings: u32,
    pub bump: u8,
    pub _padding: [u8; 3],
    /// Reclassifications may bring it nearer: [`Recall::notify_of`](crate::Recall::notify_of).
    pub notify_by: i64,
    pub reclassified_notify_by: i64,
}

impl Record for Scope {
    const NAME: &'static str = "Scope";
    const PROGRAM: Address = crate::ID;
    const DISCRIMINATOR: [u8; 8] = [165, 57, 239, 216, 30, 160, 219, 92];
}

impl Scope {
    pub const SEED: &'static [u8] = b"scope";

    /// The units that are recalled from then on.
    pub fn units(&self) -> Range<u64> {
        range(self.first, self.quantity)
    }

    /// The units that were recalled until then.
    pub fn units_before(&self) -> Range<u64> {
        range(self.first_before, self.quantity_before)
    }

    /// Whether units were released.
    pub const fn is_narrowing(&self) -> bool {
        self.quantity < self.quantity_before
    }

    /// Whether all of `units` were recalled then, and none of them before.
    pub fn adds(&self, units: &Range<u64>) -> bool {
        // A range of no units lies between two that may be named together.
        let before = self.units_before();
        let was_free = before.is_empty() || units.end <= before.start || before.end <= units.start;
        contains(&self.units(), units) && was_free
    }
}
