use pedigree_domain::{Record, ensure, identifier::Gln};
use solana_address::Address;

use crate::{
    error::{RecallError, Result},
    state::{DepartureKind, Recall, answer::Answer},
};

/// What one site answers to a recall. Never closed.
///
/// | offset | size | field | unit |
/// |---|---|---|---|
/// | 0 | 8 | discriminator | SHA-256("account:Response"), first 8 bytes |
/// | 8 | 32 | `recall` | address of a [`Recall`](crate::Recall) |
/// | 40 | 32 | `partner` | address of a registry `Partner` |
/// | 72 | 8 | `gln` | the site's GLN-13 as a number |
/// | 80 | 8 | `answered_at` | Unix seconds, of its first answer |
/// | 88 | 8 | `updated_at` | Unix seconds, of its newest answer |
/// | 96 | 8 | `counted_at` | Unix seconds, when the site counted, as it says |
/// | 104 | 4 | `held` | units |
/// | 108 | 4 | `quarantined` | units |
/// | 112 | 4 | `dispensed` | units |
/// | 116 | 4 | `returned` | units |
/// | 120 | 4 | `destroyed` | units |
/// | 124 | 4 | `shown_returned` | units that the ledger shows the site returned |
/// | 128 | 4 | `shown_destroyed` | units that the ledger shows the site destroyed |
/// | 132 | 4 | `recounts` | the recall's, when the site answered or proved units last |
/// | 136 | 1 | `bump` | |
/// | 137 | 7 | padding | zeros |
#[cfg_attr(feature = "anchor", anchor_lang::account)]
#[cfg_attr(
    not(feature = "anchor"),
    repr(C),
    derive(Clone, Copy, bytemuck::Pod, bytemuck::Zeroable)
)]
#[derive(Debug)]
pub struct Response {
    pub recall: Address,
    pub partner: Address,
    pub gln: u64,
    pub answered_at: i64,
    pub updated_at: i64,
    pub counted_at: i64,
    /// On the shelf, not set aside.
    pub held: u32,
    /// Set aside.
    pub quarantined: u32,
    /// Given to patients.
    pub dispensed: u32,
    /// Sent back.
    pub returned: u32,
    pub destroyed: u32,
    /// What `returned` cannot fall below.
    pub shown_returned: u32,
    /// What `destroyed` cannot fall below.
    pub shown_destroyed: u32,
    pub recounts: u32,
    pub bump: u8,
    pub _padding: [u8; 7],
}

impl Record for Response {
    const NAME: &'static str = "Response";
    const PROGRAM: Address = crate::ID;
    const DISCRIMINATOR: [u8; 8] = [198, 155, 246, 149, 75, 240, 81, 122];
}

impl Response {
    pub const SEED: &'static [u8] = b"response";

    /// The site that answers.
    pub const fn gln(&self) -> Gln {
        Gln::from_account(self.gln)
    }

    /// Units that the site accounts for, wherever they are.
    pub fn accounted(&self) -> u64 {
        u64::from(self.held)
            + u64::from(self.quarantined)
            + u64::from(self.dispensed)
            + u64::from(self.returned)
            + u64::from(self.destroyed)
    }

    /// Its share in the recall's totals.
    pub(crate) const fn answer(&self) -> Answer {
        Answer([
            self.held,
            self.quarantined,
            self.dispensed,
            self.returned,
            self.destroyed,
        ])
    }

    /// Whether the site answered about the range that is recalled now.
    pub const fn is_about(&self, recall: &Recall) -> bool {
        self.recounts == recall.recounts
    }

    /// Forgets what the ledger showed before the count began anew.
    pub(crate) fn follow(&mut self, recall: &Recall) {
        if !self.is_about(recall) {
            self.recounts = recall.recounts;
            self.shown_returned = 0;
            self.shown_destroyed = 0;
        }
    }

    /// Counts `units` more that the ledger shows to be gone. Those beyond what the site reported it
    /// takes from what the site said it had.
    pub(crate) fn show(&mut self, kind: DepartureKind, units: u32) {
        let (shown, reported) = match kind {
            DepartureKind::Returned => (&mut self.shown_returned, &mut self.returned),
            DepartureKind::Destroyed => (&mut self.shown_destroyed, &mut self.destroyed),
        };
        *shown += units;
        let mut missing = shown.saturating_sub(*reported);
        *reported += missing;
        for had in [&mut self.quarantined, &mut self.held] {
            let moved = missing.min(*had);
            *had -= moved;
            missing -= moved;
        }
    }

    pub fn invariant(&self) -> Result {
        ensure!(
            self.returned >= self.shown_returned && self.destroyed >= self.shown_destroyed,
            RecallError::CountBelowShown
        );
        Ok(())
    }
}
