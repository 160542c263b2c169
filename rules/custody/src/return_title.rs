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
    /// Has the goods.
    pub custodian: &'a Partner,
    /// Is responsible for their lot.
    pub manufacturer: &'a Partner,
    /// Whether the custodian holds the lot's product now.
    pub is_holder: bool,
}

/// Gives title to recalled goods to the manufacturer's side, which has them already, at Unix time `now`: a
/// provider sent them there, whose return passes no title. The new record `transfer` is that of a return by
/// the owner, accepted at once, so that it shows the same as if the owner had sent them.
///
/// - `owner` has title, its key has confirmed its admission, and it is not suspended. It needs no licence in force:
///   it gives goods up.
/// - `custodian` holds them, and is of the lot's manufacturer's firm or holds its product. It took them in a
///   return, so it need not sign.
/// - Some of them are recalled, and all are there: what was dispensed was not given up. Neither an open case
///   nor units that are damaged or suspect nor an open `offer` stand in the way: the custodian could open one,
///   say so or make one, to keep the owner from being paid. The offer ends; it has to be named then.
/// - `sequence` is the consignment's, as its owner saw it.
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
        custodian,
        manufacturer,
        is_holder,
    } = parties;
    ensure!(
        owner.status != PartnerStatus::Suspended,
        CustodyError::SenderSuspended
    );
    check_confirmed(owner)?;
    ensure!(owner.gln != custodian.gln, CustodyError::SamePartner);
    ensure!(
        is_holder || custodian.is_of_firm(manufacturer.firm),
        CustodyError::NotWithManufacturer
    );
    consignment.check_sequence(sequence)?;
    if consignment.status == ConsignmentStatus::Offered {
        let offer = offer.ok_or(CustodyError::ConsignmentOffered)?;
        offer.check_open(consignment)?;
        offer.settle(TransferState::Cancelled, now)?;
    } else {
        consignment.check_held()?;
    }
    consignment.check_present()?;
    ensure!(
        lot.is_recalled(consignment.first_unit, consignment.quantity),
        CustodyError::NotRecalled
    );
    let is_within_firm = owner.is_of_firm(custodian.firm);

    transfer.consignment = *consignment_address;
    transfer.lot = *lot_address;
    transfer.document_hash = *document_hash;
    transfer.from = owner.gln;
    transfer.to = custodian.gln;
    transfer.deadline = now;
    transfer.offered_at = now;
    transfer.sequence = sequence;
    transfer.first_unit = consignment.first_unit;
    transfer.quantity = consignment.quantity;
    transfer.kind = Change::Return;
    transfer.within_firm = u8::from(is_within_firm);
    transfer.owner = consignment.owner;
    transfer.owner_since = consignment.owner_since;
    transfer.settled_since = lot.recall_changes;
    transfer.settle(TransferState::Accepted, now)?;

    consignment.next_sequence()?;
    consignment.return_title(document_hash, lot.recall_changes, is_within_firm);
    consignment.invariant(lot)
}
