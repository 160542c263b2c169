use pedigree_domain::ensure;
use registry_rules::{Partner, PartnerStatus};
use solana_address::Address;

use crate::{
    error::{CustodyError, Result},
    signer::check_confirmed,
    state::{Change, Consignment, ConsignmentStatus, Lot, Transfer, TransferState},
};

/// Who gives title up, and to whom.
#[derive(Clone, Copy)]
pub struct Parties<'a> {
    /// Has title.
    pub owner: &'a Partner,
    /// Has the goods, or lost them.
    pub receiver: &'a Partner,
    /// Is responsible for their lot, or minted it.
    pub manufacturer: &'a Partner,
    /// Whether the receiver holds the lot's product now.
    pub is_holder: bool,
}

/// Gives title to recalled goods to the manufacturer's side, which has them already, at Unix time `now`: a
/// provider sent them there, whose return passes no title. The new record `transfer` is that of a return by
/// the owner, accepted at once, so that it shows the same as if the owner had sent them.
///
/// - `owner` has title, its key has confirmed its admission, and it is not suspended. It needs no licence in force:
///   it gives goods up.
/// - `receiver` is of the firm of the lot's manufacturer or of who minted the lot, or holds its product: a maker and
///   its sisters do not get out of this by passing the product on. It has the goods, or they were sampled or stolen
///   there. It took them, so it need not sign.
/// - Some of them are recalled, and no single unit is gone: what was dispensed was not given up. What was destroyed
///   is given up by that.
/// - Neither an open case nor units that are damaged or suspect nor an open offer stand in the way: the custodian
///   could open one, say so or make one, to keep the owner from being paid. The offer ends; it has to be named then.
/// - `sequence` is the consignment's, as its owner saw it.
///
/// What the receiver still has is given up now. What it no longer has was given up when it was lost there: a recall
/// that came later does not pay for it. As in a return of recalled goods, no recall pays the receiver for these goods.
#[inline(always)]
pub fn return_title(
    parties: Parties,
    (lot_address, lot): (&Address, &Lot),
    (consignment_address, consignment): (&Address, &mut Consignment),
    offer: Option<&mut Transfer>,
    transfer: &mut Transfer,
    (sequence, document_hash): (u32, &[u8; 32]),
    now: i64,
) -> Result {
    let Parties {
        owner,
        receiver,
        manufacturer,
        is_holder,
    } = parties;
    ensure!(
        owner.status != PartnerStatus::Suspended,
        CustodyError::SenderSuspended
    );
    check_confirmed(owner)?;
    ensure!(owner.gln != receiver.gln, CustodyError::SamePartner);
    // A head office that joined another firm is still the one of its sites.
    let is_of_firm = receiver.is_of_firm(manufacturer.firm) || receiver.gln == manufacturer.firm;
    ensure!(
        is_holder || receiver.gln == lot.minted_by || is_of_firm,
        CustodyError::NotWithManufacturer
    );
    consignment.check_sequence(sequence)?;
    ensure!(consignment.is_with(receiver), CustodyError::NotCustodian);
    let given_up_since = given_up_since(lot, consignment)?;
    if consignment.status == ConsignmentStatus::Offered {
        let offer = offer.ok_or(CustodyError::ConsignmentOffered)?;
        offer.check_open(consignment)?;
        offer.settle(TransferState::Cancelled, now)?;
    }
    consignment.check_present()?;
    ensure!(
        lot.is_recalled(consignment.first_unit, consignment.quantity),
        CustodyError::NotRecalled
    );
    let is_within_firm = owner.is_of_firm(receiver.firm);

    transfer.consignment = *consignment_address;
    transfer.lot = *lot_address;
    transfer.document_hash = *document_hash;
    transfer.from = owner.gln;
    transfer.to = receiver.gln;
    transfer.deadline = now;
    transfer.offered_at = now;
    transfer.sequence = sequence;
    transfer.first_unit = consignment.first_unit;
    transfer.quantity = consignment.quantity;
    transfer.kind = Change::Return;
    transfer.within_firm = u8::from(is_within_firm);
    transfer.owner = consignment.owner;
    transfer.owner_since = consignment.owner_since;
    transfer.settled_since = given_up_since;
    transfer.settle(TransferState::Accepted, now)?;

    consignment.next_sequence()?;
    consignment.return_title(document_hash, is_within_firm);
    consignment.invariant(lot)
}

/// After which change of the lot's recalls the owner gave the goods up, by leaving them to the site that has them or
/// lost them.
fn given_up_since(lot: &Lot, consignment: &Consignment) -> Result<u32> {
    let is_lost = [ConsignmentStatus::Sampled, ConsignmentStatus::Stolen];
    let is_there = [ConsignmentStatus::Held, ConsignmentStatus::Offered];
    ensure!(
        is_there.contains(&consignment.status) || is_lost.contains(&consignment.status),
        CustodyError::UnitsGone
    );
    Ok(if is_lost.contains(&consignment.status) {
        consignment.withdrawn_since
    } else {
        lot.recall_changes
    })
}
