//! What the ledger shows of units: that a site returned them, or destroyed them.

use anchor_lang::{AnchorAccount, prelude::*};
use custody::{Change, Consignment, ConsignmentStatus, Transfer, TransferState};

use crate::{
    errors::RecallError,
    state::{Answer, Claims, Fate, Recall, Response, contains, run},
};

/// A run of units that a site names, on one page of the recall's claims.
#[derive(Clone, Copy)]
pub(super) struct Units {
    pub page: u32,
    pub first: u32,
    pub quantity: u32,
}

impl Units {
    /// The first one's place on the page.
    pub(super) fn place(&self) -> u32 {
        self.first % Claims::UNITS
    }

    /// What `evidence` shows became of them at the site that `gln` names, since they were recalled.
    ///
    /// A return is an accepted transfer: one that both sides signed at once leaves none. A
    /// destruction does not say when it was; but what was destroyed before cannot have been sold
    /// since.
    #[inline(never)]
    pub(super) fn fate(
        &self,
        evidence: &UncheckedAccount,
        recall: &Recall,
        gln: u64,
    ) -> Result<Fate> {
        let view = *evidence.account();
        let fate;
        let (lot, site, shown);
        if let Ok(transfer) = Account::<Transfer>::load(view) {
            require!(
                transfer.kind == Change::Return && transfer.state == TransferState::Accepted,
                RecallError::NotEvidence
            );
            require!(
                transfer.settled_at >= recall.recalled_since(self.first, self.quantity)
                    || transfer.lot != recall.lot,
                RecallError::EvidenceTooOld
            );
            (lot, site) = (transfer.lot, transfer.from);
            shown = run(transfer.first_unit, transfer.quantity);
            fate = Fate::Returned;
        } else {
            let consignment =
                Account::<Consignment>::load(view).map_err(|_| RecallError::NotEvidence)?;
            require!(
                consignment.status == ConsignmentStatus::Destroyed,
                RecallError::NotEvidence
            );
            (lot, site) = (consignment.lot, consignment.custodian);
            shown = run(consignment.first_unit, consignment.quantity);
            fate = Fate::Destroyed;
        }
        require!(lot == recall.lot, RecallError::NotRecallsEvidence);
        require!(site == gln, RecallError::NotSitesEvidence);
        let named = run(self.first, self.quantity);
        require!(self.quantity > 0, RecallError::NoUnits);
        require!(
            contains(&recall.run(), &named),
            RecallError::RunOutsideRecall
        );
        require!(contains(&shown, &named), RecallError::RunOutsideEvidence);
        require!(
            self.first / Claims::UNITS == self.page
                && self.quantity <= Claims::UNITS - self.place(),
            RecallError::RunOutsidePage
        );
        Ok(fate)
    }
}

/// Fills in a page of claims, if it is new.
pub(super) fn begin_page(
    claims: &mut Claims,
    recall: &Address,
    payer: &Address,
    page: u32,
    bump: u8,
) {
    if claims.recall != *recall {
        claims.recall = *recall;
        claims.payer = *payer;
        claims.page = page;
        claims.bump = bump;
    }
}

/// Counts `units` that were not counted before, for the recall and for the site.
pub(super) fn count(recall: &mut Recall, response: &mut Response, fate: Fate, units: u32) {
    let before = Answer::of(response);
    response.show(fate, units);
    recall.show(fate, units);
    recall.replace(&before, &Answer::of(response));
}
