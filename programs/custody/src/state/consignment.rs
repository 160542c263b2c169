use anchor_lang::prelude::*;
use pedigree_domain::coded_byte;

use crate::{
    errors::CustodyError,
    state::{Lot, TransferKind},
};

coded_byte! {
    /// What may happen to a consignment next.
    pub ConsignmentStatus {
        /// In its custodian's hands, free to move.
        Held = "held",
        /// Offered to another partner; the custodian still has it.
        Offered = "offered",
    }
}

/// A contiguous run of a lot's units in one site's custody.
///
/// | offset | size | field | unit |
/// |---|---|---|---|
/// | 0 | 8 | discriminator | SHA-256("account:Consignment"), first 8 bytes |
/// | 8 | 32 | `lot` | address of a [`Lot`] |
/// | 40 | 32 | `trail` | hash chain, see [`extend_trail`](Self::extend_trail) |
/// | 72 | 32 | `custodian` | address of a registry `Partner` |
/// | 104 | 32 | `owner` | address of a registry `Partner` |
/// | 136 | 32 | `document` | hash of the last change's transaction information |
/// | 168 | 4 | `sequence` | transfers begun so far |
/// | 172 | 4 | `first_unit` | unit index |
/// | 176 | 4 | `quantity` | units |
/// | 180 | 1 | `kind` | [`TransferKind`] of the last change |
/// | 181 | 1 | `status` | [`ConsignmentStatus`] |
/// | 182 | 1 | `bump` | |
/// | 183 | 1 | padding | zero |
/// | 184 | 32 | `parent` | address of the lot, or of the consignment it was split from |
/// | 216 | 8 | `sscc` | SSCC-18 of its outermost package as a number; 0 = none |
/// | 224 | 4 | `index` | place among its parent's children |
/// | 228 | 4 | `children` | consignments split off so far |
///
/// The trail covers bytes 40 to 180 inclusive, so it is one slice of the account's own memory.
#[account]
#[derive(Debug)]
pub struct Consignment {
    pub lot: Address,
    pub trail: [u8; 32],
    /// Who has the units.
    pub custodian: Address,
    /// Who has title to them.
    pub owner: Address,
    pub document: [u8; 32],
    pub sequence: u32,
    pub first_unit: u32,
    pub quantity: u32,
    pub kind: TransferKind,
    pub status: ConsignmentStatus,
    pub bump: u8,
    pub _padding: u8,
    pub parent: Address,
    pub sscc: u64,
    pub index: u32,
    pub children: u32,
}

impl Consignment {
    pub const SEED: &'static [u8] = b"consignment";

    /// Starts the trail of a lot's root consignment: its first link follows the lot's address.
    pub fn begin_trail(
        &mut self,
        lot: &Address,
        manufacturer: &Address,
        manifest_hash: [u8; 32],
        quantity: u32,
    ) {
        self.lot = *lot;
        self.trail = lot.to_bytes();
        self.custodian = *manufacturer;
        self.owner = *manufacturer;
        self.document = manifest_hash;
        self.sequence = 0;
        self.first_unit = 0;
        self.quantity = quantity;
        self.kind = TransferKind::Commissioning;
        self.status = ConsignmentStatus::Held;
        self.link();
    }

    /// Puts the consignment into `custodian`'s hands and adds the change to the trail.
    ///
    /// Each link is `SHA-256(trail, custodian, owner, document, sequence, first unit, quantity,
    /// kind)`
    /// over the 141 bytes as they stand in the account once everything but `trail` has its new
    /// value (integers little-endian). Whoever knows the transactions can compute it again.
    #[inline(always)]
    pub fn extend_trail(
        &mut self,
        custodian: &Address,
        owner: &Address,
        document: &[u8; 32],
        kind: TransferKind,
    ) {
        self.custodian = *custodian;
        self.owner = *owner;
        self.document = *document;
        self.kind = kind;
        self.status = ConsignmentStatus::Held;
        self.link();
    }

    #[inline(always)]
    fn link(&mut self) {
        const START: usize = core::mem::offset_of!(Consignment, trail);
        const END: usize = core::mem::offset_of!(Consignment, status);
        self.trail = anchor_lang::sha256(&bytemuck::bytes_of(self)[START..END]);
    }

    /// Counts one more transfer.
    #[inline(always)]
    pub(crate) fn next_sequence(&mut self) -> Result<()> {
        self.sequence = self
            .sequence
            .checked_add(1)
            .ok_or(CustodyError::SequenceExhausted)?;
        Ok(())
    }

    /// The units lie within the lot.
    pub(crate) fn invariant(&self, lot: &Lot) -> Result<()> {
        require!(self.quantity > 0, CustodyError::NoUnits);
        let end = self.first_unit.checked_add(self.quantity);
        require!(
            end.is_some_and(|end| end <= lot.quantity),
            CustodyError::NotConsignmentsLot
        );
        Ok(())
    }
}
