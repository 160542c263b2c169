//! The rules of a change of custody, which every way of making one keeps.

use anchor_lang::{address_eq, prelude::*};
use pedigree_domain::Roles;
use registry::Partner;

use super::signer::{receiver_barred, sender_barred};
use crate::{
    errors::{CustodyError, ensure},
    state::{Change, Consignment, ConsignmentStatus, Lot, Transfer, TransferState},
};

/// A transfer from one site to another, both of them authorised trading partners at `now`.
pub(crate) struct Passage {
    pub from: u64,
    pub to: u64,
    pub kind: Change,
    /// Unix seconds.
    pub now: i64,
}

impl Passage {
    #[inline(always)]
    pub(crate) fn between(from: &Partner, to: &Partner, kind: Change, now: i64) -> Result<Self> {
        ensure!(from.gln != to.gln, CustodyError::SamePartner);
        from.check_trade(now, Roles::CUSTODIANS)
            .map_err(sender_barred)?;
        to.check_trade(now, kind.receiver_roles())
            .map_err(receiver_barred)?;
        Ok(Self {
            from: from.gln,
            to: to.gln,
            kind,
            now,
        })
    }

    /// [`between`](Self::between) in a function that what is off the hot path shares.
    #[inline(never)]
    pub(crate) fn between_cold(
        from: &Partner,
        to: &Partner,
        kind: Change,
        now: i64,
    ) -> Result<Self> {
        Self::between(from, to, kind, now)
    }

    /// Whether units of `lot` may pass now.
    #[inline(always)]
    pub(crate) fn check_lot(&self, lot: &Lot) -> Result<()> {
        lot.check_movable(self.kind, self.now)
    }

    /// Whether `consignment`, whose lot may pass, may be handed over or offered; `reversed` says
    /// that a return undoes a transfer that the instruction names.
    #[inline(always)]
    pub(crate) fn check_departure(
        &self,
        lot: &Lot,
        consignment: &Consignment,
        sequence: u32,
        reversed: bool,
    ) -> Result<()> {
        ensure!(
            consignment.custodian == self.from,
            CustodyError::NotCustodian
        );
        consignment.check_sequence(sequence)?;
        consignment.check_free(self.kind)?;
        consignment.check_recall(lot, self.kind)?;
        consignment.check_title(lot, self.kind, self.from, self.to, reversed)
    }

    /// Hands `consignment`, whose lot may pass, over at once.
    #[inline(always)]
    pub(crate) fn hand_over(
        &self,
        lot_address: &Address,
        lot: &Lot,
        consignment: &mut Consignment,
        sequence: u32,
        document: &[u8; 32],
    ) -> Result<()> {
        ensure!(
            address_eq(&consignment.lot, lot_address),
            CustodyError::NotConsignmentsLot
        );
        self.check_departure(lot, consignment, sequence, false)?;
        consignment.next_sequence()?;
        consignment.invariant(lot)?;
        consignment.transfer(self.from, self.to, self.kind, document);
        Ok(())
    }
}

/// Takes an offered consignment over; `sequence` is the transfer's.
#[inline(always)]
pub(crate) fn take_over(
    from: &Partner,
    to: &Partner,
    lot: &Lot,
    consignment: &mut Consignment,
    transfer: &mut Transfer,
    sequence: u32,
    now: i64,
) -> Result<()> {
    ensure!(to.gln == transfer.to, CustodyError::NotTransfersReceiver);
    ensure!(from.gln == transfer.from, CustodyError::NotTransfersSender);
    transfer.check_open(consignment)?;
    ensure!(sequence == transfer.sequence, CustodyError::StaleSequence);
    ensure!(now <= transfer.deadline, CustodyError::OfferLapsed);
    let passage = Passage::between(from, to, transfer.kind, now)?;
    passage.check_lot(lot)?;
    consignment.check_no_case()?;
    consignment.check_unrestricted(passage.kind)?;
    consignment.check_recall(lot, passage.kind)?;
    consignment.check_title(lot, passage.kind, passage.from, passage.to, true)?;
    consignment.status = ConsignmentStatus::Held;
    consignment.transfer(passage.from, passage.to, passage.kind, &transfer.document);
    transfer.settle(TransferState::Accepted, now)?;
    consignment.invariant(lot)
}

/// [`take_over`] in a function that what is off the hot path shares.
#[inline(never)]
pub(crate) fn take_over_cold(
    from: &Partner,
    to: &Partner,
    lot: &Lot,
    consignment: &mut Consignment,
    transfer: &mut Transfer,
    sequence: u32,
    now: i64,
) -> Result<()> {
    take_over(from, to, lot, consignment, transfer, sequence, now)
}
