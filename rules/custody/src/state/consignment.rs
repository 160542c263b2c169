#[cfg(not(target_os = "solana"))]
use sha2::Digest as _;

use pedigree_domain::{
    Record, coded_byte, ensure, gs1,
    identifier::{Gln, Sscc},
};
use registry_rules::Partner;
use solana_address::{Address, address_eq};

use crate::{
    error::{CustodyError, Result},
    state::{Case, CaseState, Change, Gone, Lot, PARTIES, Party},
};

coded_byte! {
    /// Where a consignment's units are.
    pub ConsignmentStatus {
        /// In its custodian's hands.
        Held = "held",
        /// Offered to another partner; the custodian still has them.
        Offered = "offered",
        /// Gone: destroyed before a witness.
        Destroyed = "destroyed",
        /// Gone: taken as samples.
        Sampled = "sampled",
        /// Gone: stolen or lost.
        Stolen = "stolen",
        /// Gone: out of the territory that the registry covers.
        Exported = "exported",
    }
}

bitflags::bitflags! {
    /// What keeps a consignment from going down the chain, as the bits of
    /// [`Consignment::restrictions`].
    #[derive(Clone, Copy, Debug, PartialEq, Eq)]
    pub struct Restrictions: u8 {
        /// Its custodian set it aside, and may release it.
        const QUARANTINED = 1;
        /// It came back, up from a dispenser or from elsewhere, and is not yet verified (DSCSA section
        /// 582(c)(4)(D)).
        const RETURNED = 1 << 1;
        /// Its owner sent it for disposal, or it was found illegitimate or stolen: it only goes to disposal, or
        /// to a laboratory.
        const CONDEMNED = 1 << 2;
        /// Some of its units are not active any more: it does not go down the chain as a whole, and nowhere
        /// while some of them are not there.
        const OPENED = 1 << 3;
        /// Its owner sent it to be destroyed: who has it needs nobody's consent for that.
        const SURRENDERED = 1 << 4;
    }
}

impl Restrictions {
    /// Those that a decision ends.
    pub const LIFTABLE: Self = Self::QUARANTINED
        .union(Self::RETURNED)
        .union(Self::CONDEMNED);

    /// Whether they let a transfer of `kind` pass.
    #[inline(never)]
    fn check(self, kind: Change) -> Result {
        ensure!(
            !self.contains(Self::CONDEMNED)
                || [Change::Disposal, Change::Examination].contains(&kind),
            CustodyError::Condemned
        );
        if kind.is_downstream() {
            ensure!(
                !self.contains(Self::QUARANTINED),
                CustodyError::ConsignmentQuarantined
            );
            ensure!(self.is_empty(), CustodyError::ReturnNotVerified);
        }
        Ok(())
    }
}

/// A contiguous range of a lot's units in one site's custody.
///
/// The consignments of a lot partition its units at all times: those that left the chain stay, as
/// consignments whose status says how.
///
/// | offset | size | field | unit |
/// |---|---|---|---|
/// | 0 | 8 | discriminator | SHA-256("account:Consignment"), first 8 bytes |
/// | 8 | 32 | `lot` | address of a [`Lot`] |
/// | 40 | 32 | `trail` | hash chain over all changes, see below |
/// | 72 | 32 | `document_hash` | hash of the last change's transaction information |
/// | 104 | 8 | `custodian` | GLN-13 of a registry `Partner`, as a number |
/// | 112 | 8 | `owner` | GLN-13 of a registry `Partner`, as a number |
/// | 120 | 4 | `sequence` | changes begun so far |
/// | 124 | 4 | `first_unit` | unit index |
/// | 128 | 4 | `quantity` | units |
/// | 132 | 1 | `kind` | [`Change`] made last |
/// | 133 | 1 | `status` | [`ConsignmentStatus`] |
/// | 134 | 1 | `restrictions` | bits of [`Restrictions`] |
/// | 135 | 1 | `open_cases` | cases that name it and are not resolved |
/// | 136 | 8 | `supplier` | GLN-13 of who sold it to `owner`; 0 = none, or sold back |
/// | 144 | 8 | `sscc` | SSCC-18 of its outermost package as a number; 0 = none |
/// | 152 | 4 | `cases` | cases opened so far |
/// | 156 | 4 | `index` | place among its parent's children |
/// | 160 | 4 | `children` | consignments split off so far |
/// | 164 | 4 | `inactive` | units that are no longer active, as the lot's `UnitPage`s say |
/// | 168 | 1 | `bump` | |
/// | 169 | 3 | `party_cases` | of `open_cases`, those of the custodian, the owner, the manufacturer |
/// | 172 | 4 | `owner_since` | the lot's `recall_changes` when `owner` took title; 2³² - 1 = no recall pays it |
/// | 176 | 32 | `parent` | address of the lot, or of the consignment it was split from |
/// | 208 | 32 | `payer` | key that paid the rent |
/// | 240 | 4 | `withdrawn_since` | the lot's `recall_changes` when all units left the chain |
/// | 244 | 4 | `absent` | of `inactive`, units that are not there: dispensed, destroyed, stolen, sampled, exported |
/// | 248 | 8 | `withdrawn_at` | Unix seconds, when all units left the chain; 0 = they are in it |
///
/// A site is named by its GLN, which the registry gives to one `Partner` for ever. Each link of the
/// trail is the SHA-256 of bytes 40 to 132 inclusive, one slice of the account's own memory.
#[cfg_attr(feature = "anchor", anchor_lang::account)]
#[cfg_attr(
    not(feature = "anchor"),
    repr(C),
    derive(Clone, Copy, bytemuck::Pod, bytemuck::Zeroable)
)]
#[derive(Debug)]
pub struct Consignment {
    pub lot: Address,
    pub trail: [u8; 32],
    pub document_hash: [u8; 32],
    /// Who has the units.
    pub custodian: u64,
    /// Who has title to them.
    pub owner: u64,
    pub sequence: u32,
    pub first_unit: u32,
    pub quantity: u32,
    pub kind: Change,
    pub status: ConsignmentStatus,
    pub restrictions: u8,
    pub open_cases: u8,
    pub supplier: u64,
    pub sscc: u64,
    pub cases: u32,
    pub index: u32,
    pub children: u32,
    /// Units dispensed, damaged or taken out of the chain otherwise, one by one.
    pub inactive: u32,
    pub bump: u8,
    /// How many open cases each party has, by [`Party`]: nobody takes another's places.
    pub party_cases: [u8; PARTIES],
    /// Who had title when units were recalled: `owner`, if this is below the change that recalled them. It is
    /// [`NEVER_PAID`](Self::NEVER_PAID) where no recall pays the owner.
    pub owner_since: u32,
    pub parent: Address,
    pub payer: Address,
    pub withdrawn_since: u32,
    /// Units that the custodian does not have any more. What is damaged, suspect or illegitimate it has.
    pub absent: u32,
    pub withdrawn_at: i64,
}

impl Record for Consignment {
    const NAME: &'static str = "Consignment";
    const PROGRAM: Address = crate::ID;
    const DISCRIMINATOR: [u8; 8] = [158, 104, 234, 9, 1, 189, 75, 228];
}

impl Consignment {
    pub const SEED: &'static [u8] = b"consignment";

    /// As `owner_since`, title that was got in a return of recalled goods, because who gave them up is paid for them,
    /// or to goods that were surrendered before a recall named them, because that loss came from none. No recall pays
    /// for them before they are sold, or verified once no recall names them.
    pub const NEVER_PAID: u32 = u32::MAX;

    /// Who has the units.
    pub const fn custodian(&self) -> Gln {
        Gln::from_account(self.custodian)
    }

    /// Who has title to them.
    pub const fn owner(&self) -> Gln {
        Gln::from_account(self.owner)
    }

    /// Who sold them to their owner; `None` if they were never sold, or sold back.
    pub const fn supplier(&self) -> Option<Gln> {
        match self.supplier {
            0 => None,
            gln => Some(Gln::from_account(gln)),
        }
    }

    /// Their outermost package, if they are in one.
    pub const fn sscc(&self) -> Option<Sscc> {
        Sscc::of_consignment(self.sscc)
    }

    /// What keeps them from going down the chain.
    pub const fn restrictions(&self) -> Restrictions {
        Restrictions::from_bits_retain(self.restrictions)
    }

    /// Starts a lot's root consignment: the first link of its trail follows the lot's address.
    pub fn commission(
        &mut self,
        lot: &Address,
        manufacturer: u64,
        manifest_hash: [u8; 32],
        quantity: u32,
    ) {
        self.lot = *lot;
        self.parent = *lot;
        self.trail = lot.to_bytes();
        self.document_hash = manifest_hash;
        self.custodian = manufacturer;
        self.owner = manufacturer;
        self.quantity = quantity;
        self.kind = Change::Commissioning;
        self.link();
    }

    /// Counts one more change, so that instructions signed for the state before are refused.
    #[inline(always)]
    pub fn next_sequence(&mut self) -> Result {
        ensure!(self.sequence < u32::MAX, CustodyError::SequenceExhausted);
        self.sequence = self.sequence.wrapping_add(1);
        Ok(())
    }

    /// Sells the goods, which are held, to `to`: the effects of a sale whose sequence is counted already. The
    /// buyer has title since as many changes of the lot's recalls.
    #[inline(always)]
    pub fn sell(&mut self, to: u64, document_hash: &[u8; 32], title_since: u32) {
        self.supplier = self.custodian;
        self.owner = to;
        self.owner_since = title_since;
        self.custodian = to;
        self.record(Change::Sale, document_hash);
    }

    /// Puts the goods, which are held, into `to`'s hands: the effects of a transfer of `kind` whose sequence is
    /// counted already. If title passes, or its owner sends them for disposal, `title_since` says since how many
    /// changes of the lot's recalls title is what it is.
    #[inline(never)]
    pub fn transfer(&mut self, to: u64, kind: Change, document_hash: &[u8; 32], title_since: u32) {
        if kind == Change::Sale {
            return self.sell(to, document_hash, title_since);
        }
        if kind == Change::Return {
            if self.owner == self.custodian {
                self.owner = to;
                self.owner_since = title_since;
                self.supplier = 0;
            }
            self.restrict(Restrictions::RETURNED);
        } else if kind == Change::Disposal {
            // Who only stores goods does not condemn them: they await their owner's say, or a regulator's.
            let sent_as = if self.owner == self.custodian {
                self.owner_since = title_since;
                Restrictions::CONDEMNED.union(Restrictions::SURRENDERED)
            } else {
                Restrictions::RETURNED
            };
            self.restrict(sent_as);
        } else if kind == Change::Examination {
            self.restrict(Restrictions::RETURNED);
        }
        self.custodian = to;
        self.record(kind, document_hash);
    }

    /// Gives title to `buyer`, after `recall_changes` of the lot; the goods stay where they are.
    pub fn pass_title(&mut self, buyer: u64, document_hash: &[u8; 32], recall_changes: u32) {
        self.supplier = self.owner;
        self.owner = buyer;
        self.owner_since = recall_changes;
        self.record(Change::Title, document_hash);
    }

    /// Gives title to recalled goods to their custodian, and ends an offer; as in a return, title that stays in a
    /// firm stays as old as it is, and the goods are verified before they are sold again.
    pub fn return_title(&mut self, document_hash: &[u8; 32], is_within_firm: bool) {
        if self.status == ConsignmentStatus::Offered {
            self.status = ConsignmentStatus::Held;
        }
        self.owner = self.custodian;
        self.supplier = 0;
        if !is_within_firm {
            self.owner_since = Self::NEVER_PAID;
        }
        self.restrict(Restrictions::RETURNED);
        self.record(Change::Title, document_hash);
    }

    /// Puts the goods into `to`'s hands, whoever had them and whether they were found again or not: it has to
    /// verify them, and destroys what was stolen, unless a regulator lifts that.
    pub fn recover(&mut self, to: u64, document_hash: &[u8; 32]) {
        if self.status == ConsignmentStatus::Stolen {
            // Stolen product is illegitimate (DSCSA section 581(8)(A)).
            self.restrict(Restrictions::CONDEMNED);
        }
        self.restrict(Restrictions::RETURNED);
        self.stay();
        self.custodian = to;
        self.record(Change::Recovery, document_hash);
    }

    /// Cuts the last `quantity` units off into `child`, which is new and empty; `gone` counts those of them
    /// that are not active. The child's trail continues its parent's.
    pub fn split(&mut self, child: &mut Self, quantity: u32, gone: Gone) -> Result {
        self.check_split(quantity)?;
        self.quantity -= quantity;
        self.count_back(gone)?;
        self.sscc = 0;
        self.record(Change::Split, &[0; 32]);

        child.lot = self.lot;
        child.trail = self.trail;
        child.custodian = self.custodian;
        child.owner = self.owner;
        child.owner_since = self.owner_since;
        child.supplier = self.supplier;
        child.sequence = self.sequence;
        child.first_unit = self
            .first_unit
            .checked_add(self.quantity)
            .ok_or(CustodyError::NotConsignmentsLot)?;
        child.quantity = quantity;
        child.restrictions = self.restrictions;
        child.count_gone(gone)?;
        child.index = self.children;
        child.record(Change::Split, &[0; 32]);
        self.children = self
            .children
            .checked_add(1)
            .ok_or(CustodyError::SequenceExhausted)?;
        Ok(())
    }

    /// Whether `quantity` units can be cut off.
    pub fn check_split(&self, quantity: u32) -> Result {
        ensure!(
            quantity > 0 && quantity < self.quantity,
            CustodyError::SplitQuantity
        );
        Ok(())
    }

    /// Takes in the units of `neighbour`, the units right after its own, whose account is then closed. Its trail
    /// becomes the document of this one's next link.
    pub fn merge(&mut self, neighbour: &Self) -> Result {
        ensure!(
            self.lot == neighbour.lot
                && self.first_unit.checked_add(self.quantity) == Some(neighbour.first_unit),
            CustodyError::NotNeighbours
        );
        ensure!(
            self.custodian == neighbour.custodian
                && self.owner == neighbour.owner
                && self.owner_since == neighbour.owner_since
                && self.supplier == neighbour.supplier
                && (self.restrictions ^ neighbour.restrictions) & !Restrictions::OPENED.bits() == 0,
            CustodyError::UnlikeNeighbours
        );
        self.quantity = self
            .quantity
            .checked_add(neighbour.quantity)
            .ok_or(CustodyError::NotNeighbours)?;
        self.count_gone(neighbour.gone())?;
        self.sscc = 0;
        self.record(Change::Merge, &neighbour.trail);
        Ok(())
    }

    /// Takes the units out of the chain at Unix time `now`, after `recall_changes` of the lot.
    #[inline(never)]
    pub fn withdraw(
        &mut self,
        kind: Change,
        document_hash: &[u8; 32],
        (recall_changes, now): (u32, i64),
    ) {
        self.status = match kind {
            Change::Destruction => ConsignmentStatus::Destroyed,
            Change::Sampling => ConsignmentStatus::Sampled,
            Change::Theft => ConsignmentStatus::Stolen,
            _ => ConsignmentStatus::Exported,
        };
        self.withdrawn_since = recall_changes;
        self.withdrawn_at = now;
        self.sscc = 0;
        self.record(kind, document_hash);
    }

    /// Takes back that the units were taken out of the chain.
    pub fn put_back(&mut self) {
        self.stay();
        self.record(Change::Reversal, &[0; 32]);
    }

    /// The units are in somebody's hands.
    fn stay(&mut self) {
        self.status = ConsignmentStatus::Held;
        self.withdrawn_since = 0;
        self.withdrawn_at = 0;
    }

    /// Sets the units aside.
    pub fn set_aside(&mut self, document_hash: &[u8; 32]) {
        self.restrict(Restrictions::QUARANTINED);
        self.note(Change::Quarantine, document_hash);
    }

    /// Lifts restrictions. What is not condemned any more is not surrendered either.
    pub fn release(&mut self, lifted: Restrictions, document_hash: &[u8; 32]) {
        self.lift(lifted);
        if lifted.contains(Restrictions::CONDEMNED) {
            self.lift(Restrictions::SURRENDERED);
        }
        self.note(Change::Release, document_hash);
    }

    /// Records that goods which came back are verified, after `recall_changes` of the lot. Title to them is worth
    /// something again, so a recall that comes later pays for it.
    pub fn verify(&mut self, document_hash: &[u8; 32], recall_changes: u32) {
        if self.owner_since == Self::NEVER_PAID {
            self.owner_since = recall_changes;
        }
        self.lift(Restrictions::RETURNED);
        self.note(Change::Verification, document_hash);
    }

    /// Adds a change to the trail that leaves the units with whom they are and whose they are.
    #[inline(never)]
    pub fn note(&mut self, kind: Change, document_hash: &[u8; 32]) {
        self.record(kind, document_hash);
    }

    #[inline(always)]
    fn record(&mut self, kind: Change, document_hash: &[u8; 32]) {
        self.document_hash = *document_hash;
        self.kind = kind;
        self.link();
    }

    /// Adds the change to the trail.
    ///
    /// Each link is `SHA-256(trail, document, custodian, owner, sequence, first unit, quantity,
    /// kind)` over the 93 bytes as they stand in the account once everything but `trail` has its
    /// new value (integers little-endian). Whoever knows the transactions can compute it again.
    #[inline(always)]
    fn link(&mut self) {
        const START: usize = core::mem::offset_of!(Consignment, trail);
        const END: usize = core::mem::offset_of!(Consignment, status);
        #[cfg(target_os = "solana")]
        // SAFETY: the slice lies within the account. The syscall reads all of it before it writes,
        // so it may write to where it has read.
        unsafe {
            let start = (&raw mut *self).cast::<u8>().add(START);
            let link = core::ptr::slice_from_raw_parts(start, END - START);
            solana_define_syscall::definitions::sol_sha256((&raw const link).cast(), 1, start);
        }
        #[cfg(not(target_os = "solana"))]
        {
            self.trail = sha2::Sha256::digest(&bytemuck::bytes_of(self)[START..END]).into();
        }
    }

    /// Whether `site` has the units: whoever may reach them does it through this.
    #[inline(always)]
    pub fn is_with(&self, site: &Partner) -> bool {
        self.custodian == site.gln
    }

    /// Whether the lot at the address `lot` is the consignment's.
    #[inline(always)]
    pub fn check_lot(&self, lot: &Address) -> Result {
        ensure!(address_eq(&self.lot, lot), CustodyError::NotConsignmentsLot);
        Ok(())
    }

    #[inline(always)]
    pub fn check_sequence(&self, sequence: u32) -> Result {
        ensure!(sequence == self.sequence, CustodyError::StaleSequence);
        Ok(())
    }

    /// Whether the custodian has the units at its disposal.
    #[inline(always)]
    pub fn check_held(&self) -> Result {
        ensure!(
            self.status == ConsignmentStatus::Held,
            if self.status == ConsignmentStatus::Offered {
                CustodyError::ConsignmentOffered
            } else {
                CustodyError::UnitsGone
            }
        );
        Ok(())
    }

    #[inline(always)]
    pub fn check_no_case(&self) -> Result {
        ensure!(self.open_cases == 0, CustodyError::UnderCase);
        Ok(())
    }

    /// Opens `case` as `party`, and adds it to the trail.
    #[inline(never)]
    pub fn open_case(&mut self, case: &mut Case, party: Party) -> Result {
        let places = self.party_cases.get_mut(usize::from(party.code()));
        case.take_place(&mut self.cases, &mut self.open_cases, places)?;
        case.party = party;
        self.record(Change::Case, &case.document_hash);
        case.invariant()
    }

    /// Ends `case`, which is resolved, and adds that to the trail.
    #[inline(never)]
    pub fn close_case(&mut self, case: &Case) -> Result {
        let places = self.party_cases.get_mut(usize::from(case.party.code()));
        Case::free_place(&mut self.open_cases, places)?;
        if case.state == CaseState::Condemned {
            self.restrict(Restrictions::CONDEMNED);
        }
        self.record(Change::Resolution, &case.document_hash);
        Ok(())
    }

    /// Keeps the units from going down the chain.
    #[inline(always)]
    pub fn restrict(&mut self, restrictions: Restrictions) {
        self.restrictions |= restrictions.bits();
    }

    /// Ends restrictions.
    #[inline(always)]
    pub fn lift(&mut self, restrictions: Restrictions) {
        self.restrictions &= !restrictions.bits();
    }

    /// Whether the custodian may send the units away in a transfer of `kind`, as far as they
    /// themselves go.
    #[inline(always)]
    pub fn check_free(&self, kind: Change) -> Result {
        // The word holds the kind of the last change, and the three bytes that must be zero.
        const WORD: usize = core::mem::offset_of!(Consignment, kind);
        const { assert!(WORD + 1 == core::mem::offset_of!(Consignment, status)) };
        const { assert!(WORD + 2 == core::mem::offset_of!(Consignment, restrictions)) };
        const { assert!(WORD + 3 == core::mem::offset_of!(Consignment, open_cases)) };
        let mut word = [0; 4];
        word.copy_from_slice(&bytemuck::bytes_of(self)[WORD..WORD + 4]);
        if u32::from_le_bytes(word) >> 8 == 0 {
            Ok(())
        } else {
            self.check_what_is_free(kind)
        }
    }

    #[cold]
    #[inline(never)]
    fn check_what_is_free(&self, kind: Change) -> Result {
        self.check_held()?;
        self.check_no_case()?;
        self.check_unrestricted(kind)
    }

    /// Whether the restrictions, if there are any, let a transfer of `kind` pass.
    #[inline(always)]
    pub fn check_unrestricted(&self, kind: Change) -> Result {
        if self.restrictions == 0 {
            Ok(())
        } else {
            self.check_restrictions(kind)
        }
    }

    #[cold]
    #[inline(never)]
    fn check_restrictions(&self, kind: Change) -> Result {
        if kind.is_downstream() {
            self.check_whole()?;
        } else {
            self.check_present()?;
        }
        Restrictions::from_bits_retain(self.restrictions).check(kind)
    }

    /// Whether the restrictions let single units go where a sale could take them.
    pub fn check_units_unrestricted(&self) -> Result {
        Restrictions::from_bits_retain(self.restrictions)
            .difference(Restrictions::OPENED)
            .check(Change::Sale)
    }

    /// Whether all its units are active, so that they can be sold as one.
    pub fn check_whole(&self) -> Result {
        ensure!(self.inactive == 0, CustodyError::PartlyGone);
        Ok(())
    }

    /// Whether all its units are there, so that what happens to the consignment happens to each of them.
    pub fn check_present(&self) -> Result {
        ensure!(self.absent == 0, CustodyError::PartlyGone);
        Ok(())
    }

    /// How many of its units are not active, and not there.
    pub const fn gone(&self) -> Gone {
        Gone {
            inactive: self.inactive,
            absent: self.absent,
        }
    }

    /// Counts units that are no longer active.
    pub fn count_gone(&mut self, gone: Gone) -> Result {
        let inactive = self.inactive.checked_add(gone.inactive);
        self.set_gone(inactive, self.absent.checked_add(gone.absent))
    }

    /// Counts units that are active again.
    pub fn count_back(&mut self, back: Gone) -> Result {
        let inactive = self.inactive.checked_sub(back.inactive);
        self.set_gone(inactive, self.absent.checked_sub(back.absent))
    }

    #[inline(never)]
    fn set_gone(&mut self, inactive: Option<u32>, absent: Option<u32>) -> Result {
        let (Some(inactive), Some(absent)) = (inactive, absent) else {
            return Err(CustodyError::UnitOutsideConsignment);
        };
        ensure!(
            absent <= inactive && inactive <= self.quantity,
            CustodyError::UnitOutsideConsignment
        );
        (self.inactive, self.absent) = (inactive, absent);
        self.lift(Restrictions::OPENED);
        if inactive != 0 {
            self.restrict(Restrictions::OPENED);
        }
        Ok(())
    }

    /// Whether no recall of `lot` keeps the units from a transfer of `kind`.
    #[inline(always)]
    pub fn check_recall(&self, lot: &Lot, kind: Change) -> Result {
        ensure!(
            !(lot.is_recalled(self.first_unit, self.quantity) && kind.is_downstream()),
            CustodyError::Recalled
        );
        Ok(())
    }

    /// Whether the units of `lot` may leave the custodian in a transfer of `kind` at Unix time
    /// `now`.
    #[inline(never)]
    pub fn check_movable(&self, lot: &Lot, kind: Change, now: i64) -> Result {
        lot.check_movable(kind, now)?;
        self.check_free(kind)?;
        self.check_recall(lot, kind)
    }

    /// The units lie within the lot.
    #[inline(always)]
    pub fn invariant(&self, lot: &Lot) -> Result {
        let end = u64::from(self.first_unit).wrapping_add(u64::from(self.quantity));
        ensure!(
            self.quantity > 0 && end <= u64::from(lot.quantity),
            CustodyError::NotConsignmentsLot
        );
        Ok(())
    }

    /// Names the outermost package; 0 for none.
    #[inline(never)]
    pub fn set_sscc(&mut self, sscc: u64) -> Result {
        ensure!(
            sscc == 0 || gs1::is_valid_key(sscc, gs1::SSCC_DIGITS),
            CustodyError::InvalidSscc
        );
        self.sscc = sscc;
        Ok(())
    }
}
