//! The rules of a change of custody, which every way of making one keeps.

use pedigree_domain::{Roles, ensure};
use registry_rules::{Ineligible, Partner};
use solana_address::Address;

use crate::{
    error::{CustodyError, Result},
    signer::{check_confirmed, check_standing, ineligible_receiver, ineligible_sender},
    state::{Change, Consignment, Lot, Restrictions},
};

bitflags::bitflags! {
    /// What a transfer has that most do not have.
    #[derive(Clone, Copy, Debug, PartialEq, Eq)]
    struct Traits: u8 {
        /// The receiver only stores: the goods are judged as those of a return, whatever the kind.
        const TO_STORAGE = 1;
        /// The goods come up from a dispenser.
        const COMES_UP = 1 << 1;
        /// The receiver's licence has lapsed: it takes nothing but what is its own.
        const TO_LAPSED = 1 << 2;
        /// The receiver may not take such goods by its roles: it takes nothing but what is its own.
        const TO_OTHER_ROLE = 1 << 3;
        /// The instruction names the sale that a return undoes.
        const REVERSES = 1 << 4;
        /// Both sites are of one firm.
        const WITHIN_FIRM = 1 << 5;
        /// The sender is suspended, so that its key may be in a thief's hands, or revoked.
        const FROM_STOPPED = 1 << 6;
    }
}

/// What is to be known of an offer once it is accepted.
#[derive(Clone, Copy)]
pub struct Offered {
    /// Whether both sites were of one firm. A claim goes by that, and title that is older than it must not be
    /// another's.
    pub is_within_firm: bool,
    /// Whether the sender was stopped, reinstated or replaced since.
    pub is_older: bool,
}

/// A transfer from one site to another at `now`.
///
/// Both are authorised trading partners, but for goods that go back: a return and a disposal need no
/// standing of the sender, and an owner or a manufacturer whose licence has lapsed takes back what is its own.
/// What a suspended or revoked site sends for disposal is not surrendered by that.
pub struct Passage {
    pub from: u64,
    pub to: u64,
    pub kind: Change,
    /// Unix seconds.
    pub now: i64,
    /// Whether it is a sale without any of the traits, as most transfers are.
    is_plain: bool,
    /// The kind as which the goods are judged.
    judged: Change,
    traits: Traits,
}

impl Passage {
    #[inline(always)]
    pub fn between(from: &Partner, to: &Partner, kind: Change, now: i64) -> Result<Self> {
        ensure!(from.gln != to.gln, CustodyError::SamePartner);
        let is_plain = kind == Change::Sale
            && from.roles & Roles::DISPENSER.bits() == 0
            && from.check_trade(now, Roles::TRADERS).is_ok()
            && to.check_trade(now, Roles::OWNERS).is_ok();
        let (mut judged, mut traits) = (kind, Traits::empty());
        if !is_plain {
            traits = traits_of(from, to, kind, now)?;
            if traits.contains(Traits::TO_STORAGE) {
                judged = Change::Return;
            }
        }
        Ok(Self {
            from: from.gln,
            to: to.gln,
            kind,
            now,
            is_plain,
            judged,
            traits,
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
        lot.check_movable(self.judged, self.now)
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
        consignment.check_free(self.judged)?;
        consignment.check_recall(lot, self.judged)?;
        if self.is_plain {
            return check_owner(consignment);
        }
        let mut traits = self.traits;
        traits.set(Traits::REVERSES, reversed);
        check_title(self.to, self.kind, traits, lot, consignment)
    }

    /// Whether `consignment`, which was offered and whose lot may pass, may still arrive.
    #[inline(always)]
    pub fn check_arrival(&self, lot: &Lot, consignment: &Consignment) -> Result {
        consignment.check_no_case()?;
        consignment.check_unrestricted(self.judged)?;
        consignment.check_recall(lot, self.judged)?;
        if self.is_plain {
            return check_owner(consignment);
        }
        // The offer named the sale that a return undoes, if it had to.
        let traits = self.traits.union(Traits::REVERSES);
        check_title(self.to, self.kind, traits, lot, consignment)
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
        self.depart(lot, consignment, sequence)?;
        if self.is_plain {
            consignment.sell(self.to, document_hash, lot.recall_changes);
        } else {
            self.arrive_at_once(lot, consignment, document_hash);
        }
        Ok(())
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
        self.depart(lot, consignment, sequence)?;
        self.arrive(lot, consignment, document_hash, None);
        Ok(())
    }

    /// Takes `consignment` out of the sender's hands, if it may be handed over.
    #[inline(always)]
    fn depart(&self, lot: &Lot, consignment: &mut Consignment, sequence: u32) -> Result {
        self.check_departure(lot, consignment, sequence, false)?;
        consignment.next_sequence()?;
        consignment.invariant(lot)
    }

    /// [`arrive`](Self::arrive) of what is not a plain sale and was not offered, off the hot path.
    #[cold]
    #[inline(never)]
    fn arrive_at_once(&self, lot: &Lot, consignment: &mut Consignment, document_hash: &[u8; 32]) {
        self.arrive(lot, consignment, document_hash, None);
    }

    /// Puts `consignment`, whose change is counted, into the receiver's hands.
    ///
    /// - A return between sites of one firm leaves the firm's title as old as it is. In another, no recall
    ///   pays for title to units of which some are recalled: who returns them is paid.
    /// - What the sender may not surrender is not surrendered. No recall pays for what its owner surrenders while
    ///   none names it, before it is verified again: its loss does not come from a recall.
    ///
    /// If it was `offered`, that says how; else all is as it is now.
    #[inline(always)]
    pub fn arrive(
        &self,
        lot: &Lot,
        consignment: &mut Consignment,
        document_hash: &[u8; 32],
        offered: Option<Offered>,
    ) {
        if self.is_plain {
            consignment.sell(self.to, document_hash, lot.recall_changes);
            return;
        }
        let Offered {
            is_within_firm,
            is_older,
        } = offered.unwrap_or(Offered {
            is_within_firm: self.traits.contains(Traits::WITHIN_FIRM),
            is_older: false,
        });
        let may_not_surrender = is_older || self.traits.contains(Traits::FROM_STOPPED);
        let title_since = self.title_since(lot, consignment, is_within_firm, may_not_surrender);
        let before = consignment.restrictions();
        consignment.transfer(self.to, self.kind, document_hash, title_since);
        if self.kind == Change::Disposal && may_not_surrender {
            // Who may condemn and destroy nothing does not do it by sending goods to who may: they await the
            // owner's say, or a regulator's, as if they were another's.
            consignment.lift(Restrictions::CONDEMNED.union(Restrictions::SURRENDERED));
            consignment.restrict(before.union(Restrictions::RETURNED));
        }
        self.mark(consignment);
    }

    /// Since how many changes of the recalls of `lot` who takes `consignment` has title to it, if title passes, or
    /// who sends it for disposal.
    #[cold]
    #[inline(never)]
    fn title_since(
        &self,
        lot: &Lot,
        consignment: &Consignment,
        is_within_firm: bool,
        may_not_surrender: bool,
    ) -> u32 {
        let is_recalled = lot.is_recalled(consignment.first_unit, consignment.quantity);
        match self.kind {
            Change::Return if is_within_firm => consignment.owner_since,
            Change::Return if is_recalled => Consignment::NEVER_PAID,
            Change::Disposal if is_recalled || may_not_surrender => consignment.owner_since,
            Change::Disposal => Consignment::NEVER_PAID,
            _ => lot.recall_changes,
        }
    }

    /// Marks goods that come up from a dispenser as returned.
    pub fn mark(&self, consignment: &mut Consignment) {
        if self.traits.contains(Traits::COMES_UP) {
            consignment.restrict(Restrictions::RETURNED);
        }
    }
}

/// Whether a sale is one by the owner: it has the goods.
#[inline(always)]
fn check_owner(consignment: &Consignment) -> Result {
    ensure!(
        consignment.owner == consignment.custodian,
        CustodyError::SenderNotOwner
    );
    Ok(())
}

/// Whether the goods may go to `to` in a transfer of `kind`, as title goes.
#[cold]
#[inline(never)]
fn check_title(
    to: u64,
    kind: Change,
    traits: Traits,
    lot: &Lot,
    consignment: &Consignment,
) -> Result {
    if kind == Change::Sale {
        return check_owner(consignment);
    }
    if kind == Change::Return {
        let is_its_own = to == consignment.owner || to == lot.manufacturer;
        ensure!(
            is_its_own || !traits.contains(Traits::TO_LAPSED),
            CustodyError::ReceiverLicenceLapsed
        );
        ensure!(
            is_its_own || !traits.contains(Traits::TO_OTHER_ROLE),
            CustodyError::ReceiverRole
        );
        // Title goes back with the goods: who only stores them does not undo a sale.
        let undoes_sale =
            traits.contains(Traits::REVERSES) && consignment.owner == consignment.custodian;
        ensure!(
            is_its_own || undoes_sale || to == consignment.supplier,
            CustodyError::NotReturnsSupplier
        );
    }
    Ok(())
}

/// What is special about a transfer of `kind`, if both sites may make it.
#[cold]
#[inline(never)]
fn traits_of(from: &Partner, to: &Partner, kind: Change, now: i64) -> Result<Traits> {
    const ABOVE: Roles = Roles::TRADERS.difference(Roles::DISPENSER);
    let mut is_stopped = false;
    if let Err(reason) = from.check_trade(now, Roles::TRADERS) {
        check_sender_of_others(from, kind, reason, now)?;
        is_stopped = [Ineligible::Suspended, Ineligible::Revoked].contains(&reason);
    }
    let mut traits = match to.check_trade(now, kind.receiver_roles()) {
        Ok(()) => Traits::empty(),
        Err(reason) => taking_back(to, kind, reason)?,
    };
    // With a site that only stores, goods are not nearer to a patient, so those that may not go down the chain
    // may go there: recalled stock is gathered at a 3PL. They go no further.
    let only_stores = to.roles & Roles::OWNERS.bits() == 0;
    traits.set(Traits::TO_STORAGE, kind == Change::Logistics && only_stores);
    // Then they are returned product, whatever the transfer is called, and are verified before they go down
    // again (DSCSA section 582(b)(4)(E), (c)(4)(D), (e)(4)(E)). Between those who only dispense they do not
    // come up.
    let comes_up = from.roles & Roles::DISPENSER.bits() != 0 && to.roles & ABOVE.bits() != 0;
    traits.set(Traits::COMES_UP, comes_up);
    traits.set(Traits::WITHIN_FIRM, from.is_of_firm(to.firm));
    traits.set(Traits::FROM_STOPPED, is_stopped);
    Ok(traits)
}

/// Refuses a sender that is not a trading partner in good standing for the given `reason`.
///
/// Goods go back or to disposal whoever has them, and whatever became of its licence: else they would be
/// stranded there. A reverse distributor and a laboratory pass on what they have, for nothing but that or an
/// examination. A site whose key has not signed yet moves nothing: the key may be a typing error.
fn check_sender_of_others(from: &Partner, kind: Change, reason: Ineligible, now: i64) -> Result {
    match kind {
        Change::Return | Change::Disposal => check_confirmed(from),
        Change::Examination => check_standing(from, Roles::CUSTODIANS, now),
        _ => Err(ineligible_sender(reason)),
    }
}

/// Refuses a receiver that may not trade in the roles of the `kind` for the given `reason`, unless it may
/// take back what is its own in a return.
///
/// A suspension or a revocation bars it from that too; a licence that has lapsed, or one for another role,
/// does not: a pharmacy takes back what a 3PL stores for it, and a former wholesaler what it still owns.
fn taking_back(to: &Partner, kind: Change, reason: Ineligible) -> Result<Traits> {
    let may_hold = to.roles & Roles::CUSTODIANS.bits() != 0;
    let traits = match reason {
        Ineligible::LicenceLapsed => Traits::TO_LAPSED,
        Ineligible::Role => Traits::TO_OTHER_ROLE,
        _ => Traits::empty(),
    };
    ensure!(
        kind == Change::Return && may_hold && !traits.is_empty(),
        ineligible_receiver(reason)
    );
    Ok(traits)
}
