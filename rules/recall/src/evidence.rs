//! What the ledger shows of units: that a site returned them, or destroyed them.

use core::ops::{Deref, Range};

use custody_rules::{Change, Consignment, ConsignmentStatus, Transfer, TransferState};
use pedigree_domain::{ensure, identifier::Gln};
use solana_address::Address;

use crate::{
    error::{RecallError, Result},
    state::{DepartureKind, Recall, Scope, contains, range},
};

/// The custody account that shows how units left a site.
#[derive(Clone, Copy)]
pub enum DepartureRecord<'a> {
    /// A return, if both sides have settled it.
    Transfer(&'a Transfer),
    /// Goods, if they were destroyed.
    Consignment(&'a Consignment),
}

/// How units left a site: all that counting and payment go by.
pub struct Departure {
    pub lot: Address,
    pub units: Range<u64>,
    pub kind: DepartureKind,
    /// After which change of the lot's recalls.
    pub change: u32,
    /// GLN of the site that sent or destroyed them.
    pub site: u64,
    /// GLN of who had title to them until then.
    pub owner: u64,
    /// After which change of the lot's recalls it took title.
    pub owner_since: u32,
    /// Whether title left its owner's firm, so that the owner bears the loss. A provider that sends another's
    /// goods does not pass title.
    pub leaves_owner: bool,
}

impl DepartureRecord<'_> {
    /// What the account shows: the one place that says which accounts are evidence, and of what.
    ///
    /// A return is an accepted transfer: one that both sides signed at once leaves none.
    #[inline(always)]
    pub fn departure(self) -> Result<Departure> {
        match self {
            Self::Transfer(transfer) => {
                ensure!(
                    transfer.kind == Change::Return && transfer.state == TransferState::Accepted,
                    RecallError::NotEvidence
                );
                Ok(Departure {
                    lot: transfer.lot,
                    units: range(transfer.first_unit, transfer.quantity),
                    kind: DepartureKind::Returned,
                    change: transfer.settled_since,
                    site: transfer.from,
                    owner: transfer.owner,
                    owner_since: transfer.owner_since,
                    leaves_owner: transfer.owner == transfer.from && transfer.within_firm == 0,
                })
            }
            Self::Consignment(consignment) => {
                ensure!(
                    consignment.status == ConsignmentStatus::Destroyed,
                    RecallError::NotEvidence
                );
                Ok(Departure {
                    lot: consignment.lot,
                    units: range(consignment.first_unit, consignment.quantity),
                    kind: DepartureKind::Destroyed,
                    change: consignment.withdrawn_since,
                    site: consignment.custodian,
                    owner: consignment.owner,
                    owner_since: consignment.owner_since,
                    leaves_owner: true,
                })
            }
        }
    }
}

impl Departure {
    /// Who had title to them until then.
    pub const fn owner(&self) -> Gln {
        Gln::from_account(self.owner)
    }

    /// Refuses units `first..first + quantity` that are not in it, or that were not recalled when they
    /// left: `scope` added them, and none of the `next_narrowing`s until `until` released them.
    #[inline(always)]
    pub(crate) fn check_recalled<S: Deref<Target = Scope>>(
        &self,
        (first, quantity): (u32, u32),
        (address, recall): (&Address, &Recall),
        scope: &Scope,
        until: Until,
        next_narrowing: &mut dyn FnMut() -> Result<S>,
    ) -> Result {
        ensure!(self.lot == recall.lot, RecallError::NotRecallsEvidence);
        let named = range(first, quantity);
        ensure!(quantity > 0, RecallError::NoUnits);
        ensure!(
            contains(&self.units, &named),
            RecallError::RangeOutsideEvidence
        );
        check_kept(&named, (address, recall), scope, until, next_narrowing)?;
        ensure!(self.change >= scope.change, RecallError::EvidenceTooOld);
        Ok(())
    }
}

/// Until when units have to stay recalled.
#[derive(Clone, Copy, Debug)]
pub struct Until {
    /// In changes of the lot's recalls.
    pub change: u32,
    /// In scopes of the recall.
    pub scope: u32,
}

impl Until {
    /// Until now.
    pub const NOW: Self = Self {
        change: u32::MAX,
        scope: u32::MAX,
    };

    /// Whether a scope came later.
    pub fn is_before(self, scope: &Scope) -> bool {
        self.change < scope.change && self.scope < scope.number
    }
}

/// Refuses `units` that `scope` did not add to the recall at `recall_address`, or that were released after
/// it and before `until`.
///
/// `next_narrowing` gives the recall's scopes after `scope` that released units, in their order: all, or
/// all until one that is later than `until`. There are as many as a regulator made, which bounds what a
/// claim has to show.
#[inline(never)]
fn check_kept<S: Deref<Target = Scope>>(
    units: &Range<u64>,
    (recall_address, recall): (&Address, &Recall),
    scope: &Scope,
    until: Until,
    next_narrowing: &mut dyn FnMut() -> Result<S>,
) -> Result {
    ensure!(
        scope.recall == *recall_address,
        RecallError::NotRecallsScope
    );
    ensure!(scope.adds(units), RecallError::NotAddedByScope);
    let mut seen = scope.narrowings;
    while seen < recall.narrowings {
        let narrowing = next_narrowing()?;
        seen += 1;
        ensure!(
            narrowing.recall == *recall_address
                && narrowing.is_narrowing()
                && narrowing.narrowings == seen,
            RecallError::NotNextNarrowing
        );
        if until.is_before(&narrowing) {
            return Ok(());
        }
        ensure!(
            contains(&narrowing.units(), units),
            RecallError::ReleasedSince
        );
    }
    Ok(())
}
