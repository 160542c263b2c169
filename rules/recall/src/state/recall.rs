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
        CheckLevel, DepartureKind, RecallClass, RecallDepth, RecallReason, RecallState, Scope,
        answer::Answer, range::range,
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
/// | 64 | 8 | `classified_by` | GLN-13 of the regulator that assigned the class, as a number; 0 = the class is the recalling firm's proposal |
/// | 72 | 8 | `opened_at` | Unix seconds |
/// | 80 | 8 | `changed_at` | Unix seconds |
/// | 88 | 8 | `notify_by` | Unix seconds, last moment to notify the sites concerned, of what the opening recalled |
/// | 96 | 8 | `expanded_at` | Unix seconds, when units were added last; 0 = never |
/// | 104 | 8 | `reclassified_notify_by` | Unix seconds, last moment to notify of all units, as reclassifications since the newest scope have it; 0 = none |
/// | 112 | 8 | `terminated_at` | Unix seconds; 0 = not terminated, or reopened |
/// | 120 | 4 | `first` | unit index |
/// | 124 | 4 | `quantity` | units; 0 = all released |
/// | 128 | 4 | `scopes` | how often the range was set, the opening included: [`Scope`]s |
/// | 132 | 4 | `narrowings` | how often it was set to fewer units |
/// | 136 | 4 | `tranches` | how often the recall was funded: [`Tranche`](crate::Tranche)s |
/// | 140 | 4 | `recounts` | how often the count of what the ledger shows began anew |
/// | 144 | 1 | `number` | place among the lot's recalls |
/// | 145 | 1 | `class` | [`RecallClass`] |
/// | 146 | 1 | `depth` | [`RecallDepth`] |
/// | 147 | 1 | `state` | [`RecallState`] |
/// | 148 | 1 | `reason` | [`RecallReason`] |
/// | 149 | 1 | `check_level` | [`CheckLevel`] |
/// | 150 | 1 | `check_percent` | percentage of the sites to ask |
/// | 151 | 1 | `bump` | |
/// | 152 | 4 | `responses` | sites that answered |
/// | 156 | 4 | `shown_returned` | units that the ledger shows were returned |
/// | 160 | 4 | `shown_destroyed` | units that the ledger shows were destroyed; no unit counts in both |
/// | 164 | 1 | `regulators_notice` | 1 = a regulator published the notice |
/// | 165 | 3 | padding | zeros |
/// | 168 | 8 | `held` | units, all sites' newest reports together |
/// | 176 | 8 | `quarantined` | the same |
/// | 184 | 8 | `dispensed` | the same |
/// | 192 | 8 | `returned` | the same; a unit counts at each site that sent it on |
/// | 200 | 8 | `destroyed` | the same |
/// | 208 | 32 | `document_hash` | SHA-256 of the newest decision with a salt; zeros = the notice |
/// | 240 | 32 | `notice_hash` | SHA-256 of the public notice |
/// | 272 | 96 | `notice_address` | where to read the notice: ASCII, then zeros |
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
    /// Who was responsible for the lot when it was recalled.
    pub manufacturer: u64,
    pub opened_by: u64,
    /// What a manufacturer says of the class is a proposal (21 CFR 7.41(b): "the Food and Drug
    /// Administration will assign the recall a classification").
    pub classified_by: u64,
    pub opened_at: i64,
    pub changed_at: i64,
    pub notify_by: i64,
    pub expanded_at: i64,
    pub reclassified_notify_by: i64,
    pub terminated_at: i64,
    /// The recalled range, which the lot holds too.
    pub first: u32,
    pub quantity: u32,
    pub scopes: u32,
    pub narrowings: u32,
    pub tranches: u32,
    /// `shown_returned` and `shown_destroyed` count what was proven since.
    pub recounts: u32,
    pub number: u8,
    pub class: RecallClass,
    pub depth: RecallDepth,
    pub state: RecallState,
    pub reason: RecallReason,
    pub check_level: CheckLevel,
    pub check_percent: u8,
    pub bump: u8,
    pub responses: u32,
    pub shown_returned: u32,
    pub shown_destroyed: u32,
    /// Only a regulator replaces the notice then.
    pub regulators_notice: u8,
    pub _padding: [u8; 3],
    pub held: u64,
    pub quarantined: u64,
    pub dispensed: u64,
    pub returned: u64,
    pub destroyed: u64,
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

    /// The product's GTIN.
    pub const fn gtin(&self) -> Gtin {
        Gtin::from_account(self.gtin)
    }

    /// Who was responsible for the lot when it was recalled.
    pub const fn manufacturer(&self) -> Gln {
        Gln::from_account(self.manufacturer)
    }

    /// Who opened the recall.
    pub const fn opened_by(&self) -> Gln {
        Gln::from_account(self.opened_by)
    }

    /// The regulator that assigned the class; `None` if the class is the recalling firm's proposal.
    pub const fn classified_by(&self) -> Option<Gln> {
        match self.classified_by {
            0 => None,
            gln => Some(Gln::from_account(gln)),
        }
    }

    /// The recalled units.
    pub fn units(&self) -> Range<u64> {
        range(self.first, self.quantity)
    }

    pub fn check_running(&self) -> Result {
        ensure!(
            self.state != RecallState::Terminated,
            RecallError::RecallTerminated
        );
        Ok(())
    }

    /// Makes `first..first + quantity` the recalled units of `lot` at Unix time `now`, as the new `scope`
    /// of the recall at `address` records.
    pub(crate) fn set_range(
        &mut self,
        address: &Address,
        lot: &Lot,
        (first, quantity): (u32, u32),
        scope: &mut Scope,
        now: i64,
    ) -> Result {
        ensure!(
            range(first, quantity).end <= u64::from(lot.quantity),
            RecallError::RangeOutsideLot
        );
        if quantity < self.quantity {
            self.narrowings += 1;
        }
        scope.recall = *address;
        scope.since = now;
        // Custody counts it, and refuses what it cannot count.
        scope.change = lot.recall_changes.saturating_add(1);
        scope.number = self.scopes;
        scope.first = first;
        scope.quantity = quantity;
        scope.first_before = self.first;
        scope.quantity_before = self.quantity;
        scope.narrowings = self.narrowings;
        if !scope.is_narrowing() {
            scope.notify_by = self.class.notify_by(now);
        }
        scope.reclassified_notify_by = core::mem::take(&mut self.reclassified_notify_by);
        self.scopes += 1;
        self.first = first;
        self.quantity = quantity;
        Ok(())
    }

    /// Brings the time to notify of all units so far nearer, as their class has it at Unix time `now`. It is never put
    /// off.
    pub(crate) fn hasten(&mut self, now: i64) {
        let deadline = self.class.notify_by(now);
        self.notify_by = self.notify_by.min(deadline);
        self.reclassified_notify_by = match self.reclassified_notify_by {
            0 => deadline,
            before => before.min(deadline),
        };
    }

    /// The last moment to notify the sites concerned of the units that `scope` added, in Unix seconds; `later` are all
    /// scopes after it.
    pub fn notify_of<'a>(&self, scope: &Scope, later: impl Iterator<Item = &'a Scope>) -> i64 {
        later
            .map(|scope| scope.reclassified_notify_by)
            .chain([self.reclassified_notify_by])
            .filter(|deadline| *deadline != 0)
            .fold(scope.notify_by, i64::min)
    }

    /// Begins the count of what the ledger shows anew: for another range, or once its record may be gone.
    pub(crate) fn recount(&mut self) {
        self.recounts += 1;
        self.shown_returned = 0;
        self.shown_destroyed = 0;
    }

    /// No unit is proven twice, and each lies in the range.
    pub fn invariant(&self) -> Result {
        let shown = u64::from(self.shown_returned) + u64::from(self.shown_destroyed);
        ensure!(shown <= u64::from(self.quantity), RecallError::CountTooHigh);
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
    pub(crate) fn show(&mut self, kind: DepartureKind, units: u32) {
        match kind {
            DepartureKind::Returned => self.shown_returned += units,
            DepartureKind::Destroyed => self.shown_destroyed += units,
        }
    }
}
