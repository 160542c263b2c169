//! The rules of a change of custody, which every way of making one keeps.

use pedigree_domain::{Roles, ensure};
use registry_rules::Partner;
use solana_address::Address;

use crate::{
    error::{CustodyError, Result},
    signer::{ineligible_receiver, ineligible_sender},
    state::{Change, Consignment, Lot},
};

/// A transfer from one site to another, both of them authorised trading partners at `now`.
pub struct Passage {
    pub from: u64,
    pub to: u64,
    pub kind: Change,
    /// Unix seconds.
    pub now: i64,
    /// Whether both sites are of one firm.
    pub is_within_firm: bool,
}

impl Passage {
    #[inline(always)]
    pub fn between(from: &Partner, to: &Partner, kind: Change, now: i64) -> Result<Self> {
        ensure!(from.gln != to.gln, CustodyError::SamePartner);
        from.check_trade(now, Roles::CUSTODIANS)
            .map_err(ineligible_sender)?;
        to.check_trade(now, kind.receiver_roles())
            .map_err(ineligible_receiver)?;
        Ok(Self {
            from: from.gln,
            to: to.gln,
            kind,
            now,
            is_within_firm: from.is_of_firm(to.firm),
        })
    }

    /// [`between`](Self::between) in a function that what is off the hot path shares.
    #[inline(never)]
    pub fn between_cold(from: &Partner, to: &Partner, kind: Change, now: i64) -> Result<Self> {
        Self::between(from, to, kind, now)
    }

    /// Whether units of `lot` may pass now.
    #[inline(always)]
    pub fn check_lot(&self, lot: &Lot) -> Result {
        lot.check_movable(self.kind, self.now)
    }

    /// Whether `consignment`, whose lot may pass, may be handed over or offered; `reversed` says
    /// that a return undoes a transfer that the instruction names.
    #[inline(always)]
    pub fn check_departure(
        &self,
        lot: &Lot,
        consignment: &Consignment,
        sequence: u32,
        reversed: bool,
    ) -> Result {
        ensure!(
            consignment.custodian == self.from,
            CustodyError::NotCustodian
        );
        consignment.check_sequence(sequence)?;
        consignment.check_free(self.kind)?;
        consignment.check_recall(lot, self.kind)?;
        consignment.check_title(lot, self.kind, self.from, self.to, reversed)
    }

    /// Hands `consignment` over at once, if it is of the lot at `lot_address`, which may pass.
    #[inline(always)]
    pub fn hand_over_of_lot(
        &self,
        lot_address: &Address,
        lot: &Lot,
        consignment: &mut Consignment,
        sequence: u32,
        document_hash: &[u8; 32],
    ) -> Result {
        consignment.check_lot(lot_address)?;
        self.hand_over(lot, consignment, sequence, document_hash)
    }

    /// Hands `consignment`, which is of `lot`, over at once; the lot may pass.
    #[inline(always)]
    pub fn hand_over(
        &self,
        lot: &Lot,
        consignment: &mut Consignment,
        sequence: u32,
        document_hash: &[u8; 32],
    ) -> Result {
        self.check_departure(lot, consignment, sequence, false)?;
        consignment.next_sequence()?;
        consignment.invariant(lot)?;
        let (from, to, kind) = (self.from, self.to, self.kind);
        consignment.transfer(
            from,
            to,
            kind,
            document_hash,
            lot.recall_changes,
            self.is_within_firm,
        );
        Ok(())
    }
}
