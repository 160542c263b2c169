use pedigree_domain::ensure;
use registry_rules::Partner;

use crate::{
    error::{CustodyError, Result},
    passage::{Offered, Passage},
    state::{Change, Consignment, ConsignmentStatus, Lot, Transfer, TransferState},
};

/// Takes an offered consignment into `to`'s custody at Unix time `now`; `sequence` is the transfer's, so
/// that an older offer of the same consignment is refused.
///
/// - The transfer is open, from `from` to `to`, and its deadline has not passed.
/// - Both sites are still authorised trading partners, in roles that fit the kind of transfer, but for
///   goods that go back ([`Passage`]).
/// - The sender was neither suspended, reinstated nor replaced since it offered: whoever had its key then may have
///   been a thief, or who held its GLN wrongly. It offers again what is right. Goods that go back or to disposal
///   arrive all the same, but are not surrendered.
/// - Nothing that came since keeps the goods from passing: expiry, quarantine, a case, a recall, a change
///   of title, or, where a provider sends another's goods back, another manufacturer of the lot.
#[inline(always)]
pub fn accept(
    from: &Partner,
    to: &Partner,
    lot: &Lot,
    consignment: &mut Consignment,
    transfer: &mut Transfer,
    sequence: u32,
    now: i64,
) -> Result {
    ensure!(to.gln == transfer.to, CustodyError::NotTransfersReceiver);
    ensure!(from.gln == transfer.from, CustodyError::NotTransfersSender);
    transfer.check_open(consignment)?;
    ensure!(sequence == transfer.sequence, CustodyError::StaleSequence);
    ensure!(now <= transfer.deadline, CustodyError::OfferLapsed);
    let passage = Passage::between(from, to, transfer.kind, now)?;
    let is_older = transfer.offered_at < from.status_changed_at;
    ensure!(
        !is_older || [Change::Return, Change::Disposal].contains(&transfer.kind),
        CustodyError::OfferOutlived
    );
    passage.check_lot(lot)?;
    passage.check_arrival(lot, consignment)?;
    consignment.status = ConsignmentStatus::Held;
    let offered = Offered {
        is_within_firm: transfer.within_firm != 0,
        is_older,
    };
    passage.arrive(lot, consignment, &transfer.document_hash, Some(offered));
    transfer.settled_since = lot.recall_changes;
    transfer.settle(TransferState::Accepted, now)?;
    consignment.invariant(lot)
}

/// [`accept`] in a function that what is off the hot path shares.
#[inline(never)]
pub fn accept_cold(
    from: &Partner,
    to: &Partner,
    lot: &Lot,
    consignment: &mut Consignment,
    transfer: &mut Transfer,
    sequence: u32,
    now: i64,
) -> Result {
    accept(from, to, lot, consignment, transfer, sequence, now)
}
