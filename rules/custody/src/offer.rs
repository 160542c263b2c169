use pedigree_domain::ensure;
use registry_rules::Partner;
use solana_address::Address;

use crate::{
    error::{CustodyError, Result},
    passage::Passage,
    state::{Change, Consignment, ConsignmentStatus, Lot, Transfer},
};

/// What the sender offers.
#[cfg_attr(
    feature = "anchor",
    derive(
        anchor_lang::AnchorSerialize,
        anchor_lang::AnchorDeserialize,
        anchor_lang::IdlType
    )
)]
#[derive(Clone, Copy, Debug)]
pub struct OfferTerms {
    /// The consignment's sequence when it was read.
    pub sequence: u32,
    /// Code of a [`Change`] that is a transfer.
    pub kind: u8,
    /// The sender makes the transaction statement (DSCSA section 581(27)); a sale needs it.
    pub statement: bool,
    /// Unix seconds: the last moment to accept, at most 90 days ahead.
    pub deadline: i64,
    /// SHA-256 of the transaction information with a salt.
    pub document_hash: [u8; 32],
}

/// What an offer is about, each with its address where the offer's record names it.
pub struct Offered<'a> {
    pub lot: (&'a Address, &'a Lot),
    pub consignment: (&'a Address, &'a mut Consignment),
    /// The sale that a return undoes, if it names one.
    pub reverses: Option<(&'a Address, &'a Transfer)>,
}

/// Offers a consignment to `to` at Unix time `now`, in the new record `transfer`.
///
/// - Both sites are authorised trading partners, in roles that fit the kind of transfer, but for goods
///   that go back ([`Passage`]).
/// - A named sale is one that this return undoes.
/// - The lot, the consignment and its title let it go; it is the one with the sequence that the sender
///   saw.
/// - A sale comes with the transaction statement.
/// - The deadline is one second to 90 days ahead.
#[inline(always)]
pub fn offer(
    (from, to): (&Partner, &Partner),
    offered: Offered,
    transfer: &mut Transfer,
    terms: &OfferTerms,
    now: i64,
) -> Result {
    let Offered {
        lot: (lot_address, lot),
        consignment: (consignment_address, consignment),
        reverses,
    } = offered;
    let kind = Change::of_transfer(terms.kind)?;
    let passage = Passage::between_cold(from, to, kind, now)?;
    let mut reversed_address = Address::new_from_array([0; 32]);
    if let Some((address, reversed)) = reverses {
        ensure!(
            kind == Change::Return
                && reversed.is_reversed_by(consignment, passage.from, passage.to),
            CustodyError::NotReturnsTransfer
        );
        reversed_address = *address;
    }
    passage.check_lot(lot)?;
    passage.check_departure(lot, consignment, terms.sequence, reverses.is_some())?;
    ensure!(
        kind != Change::Sale || terms.statement,
        CustodyError::StatementMissing
    );
    ensure!(
        terms.deadline > now && terms.deadline <= now.saturating_add(Transfer::LONGEST_OFFER),
        CustodyError::InvalidDeadline
    );

    transfer.consignment = *consignment_address;
    transfer.lot = *lot_address;
    transfer.document_hash = terms.document_hash;
    transfer.reverses = reversed_address;
    transfer.from = passage.from;
    transfer.to = passage.to;
    transfer.deadline = terms.deadline;
    transfer.offered_at = now;
    transfer.sequence = consignment.sequence;
    transfer.first_unit = consignment.first_unit;
    transfer.quantity = consignment.quantity;
    transfer.kind = kind;
    transfer.statement = u8::from(terms.statement);
    transfer.owner = consignment.owner;
    transfer.owner_since = consignment.owner_since;
    transfer.within_firm = u8::from(from.is_of_firm(to.firm));
    transfer.invariant()?;

    consignment.status = ConsignmentStatus::Offered;
    consignment.next_sequence()?;
    consignment.invariant(lot)
}
