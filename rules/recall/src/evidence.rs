//! What the ledger shows of units: that a site returned them, or destroyed them.

use crate::{
    error::{RecallError, Result},
    state::{Answer, Claims, Fate, Recall, Response, contains, run},
};
use custody_rules::{Change, Consignment, ConsignmentStatus, Transfer, TransferState};
use pedigree_domain::ensure;

/// What a site shows.
#[derive(Clone, Copy)]
pub enum Evidence<'a> {
    /// A return, if both sides have settled it.
    Transfer(&'a Transfer),
    /// Goods, if they were destroyed.
    Consignment(&'a Consignment),
}

/// A range of units that a site names, on one page of the recall's claims.
#[derive(Clone, Copy, Debug)]
pub struct Units {
    pub page: u32,
    /// Index of the first unit in the lot.
    pub first: u32,
    pub quantity: u32,
}

impl Units {
    /// The first one's place on the page.
    pub(crate) fn place(&self) -> u32 {
        self.first % Claims::UNITS
    }

    /// What `evidence` shows became of them at the site that `gln` names, since a running recall stopped
    /// them.
    ///
    /// A return is an accepted transfer: one that both sides signed at once leaves none. A
    /// destruction does not say when it was; but what was destroyed before cannot have been sold
    /// since.
    #[inline(always)]
    pub fn shown_by(self, evidence: Evidence, recall: &Recall, gln: u64) -> Result<Shown> {
        recall.check_running()?;
        let (fate, lot, site, shown) = match evidence {
            Evidence::Transfer(transfer) => {
                ensure!(
                    transfer.kind == Change::Return && transfer.state == TransferState::Accepted,
                    RecallError::NotEvidence
                );
                ensure!(
                    transfer.settled_at >= recall.recalled_since(self.first, self.quantity)
                        || transfer.lot != recall.lot,
                    RecallError::EvidenceTooOld
                );
                let shown = run(transfer.first_unit, transfer.quantity);
                (Fate::Returned, &transfer.lot, transfer.from, shown)
            }
            Evidence::Consignment(consignment) => {
                ensure!(
                    consignment.status == ConsignmentStatus::Destroyed,
                    RecallError::NotEvidence
                );
                let shown = run(consignment.first_unit, consignment.quantity);
                let custodian = consignment.custodian;
                (Fate::Destroyed, &consignment.lot, custodian, shown)
            }
        };
        ensure!(*lot == recall.lot, RecallError::NotRecallsEvidence);
        ensure!(site == gln, RecallError::NotSitesEvidence);
        let named = run(self.first, self.quantity);
        ensure!(self.quantity > 0, RecallError::NoUnits);
        ensure!(
            contains(&recall.run(), &named),
            RecallError::RangeOutsideRecall
        );
        ensure!(contains(&shown, &named), RecallError::RangeOutsideEvidence);
        ensure!(
            self.first / Claims::UNITS == self.page
                && self.quantity <= Claims::UNITS - self.place(),
            RecallError::RangeOutsidePage
        );
        Ok(Shown { units: self, fate })
    }
}

/// Units of which evidence showed what became of them.
pub struct Shown {
    pub(crate) units: Units,
    pub(crate) fate: Fate,
}

/// Counts `units` that were not counted before, for the recall and for the site.
pub(crate) fn count(recall: &mut Recall, response: &mut Response, fate: Fate, units: u32) {
    let before = Answer::of(response);
    response.show(fate, units);
    recall.show(fate, units);
    recall.replace(&before, &Answer::of(response));
}
