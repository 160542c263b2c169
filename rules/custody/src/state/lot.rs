use core::ops::Range;

use pedigree_domain::{
    Record, coded_byte, ensure, expiry,
    identifier::{Expiry, Gln, Gtin, LotNumber},
    lot_number,
};
use solana_address::Address;

use crate::{
    error::{CustodyError, Result},
    state::Change,
};

coded_byte! {
    /// Whether a lot's units may move.
    pub LotStatus {
        /// They may.
        Released = "released",
        /// None may go down the chain, until the lot is released again.
        Quarantined = "quarantined",
        /// None ever may, unless a regulator releases the lot: it was found unfit.
        Condemned = "condemned",
    }
}

/// How many recalls one lot can have in its life.
pub const RECALLS: usize = 8;

/// A lot of a product: units made together, with one lot number and one expiry. Never closed.
///
/// A handoff only reads it, so handoffs of one lot's consignments do not wait for each other.
///
/// | offset | size | field | unit |
/// |---|---|---|---|
/// | 0 | 8 | discriminator | SHA-256("account:Lot"), first 8 bytes |
/// | 8 | 8 | `expires_at` | Unix seconds, first moment expired |
/// | 16 | 4 | `quantity` | units |
/// | 20 | 4 | `expiry` | label date `YYYYMMDD`, day 00 = last of the month |
/// | 24 | 1 | `status` | [`LotStatus`] |
/// | 25 | 1 | `open_cases` | cases that name the whole lot and are not resolved |
/// | 26 | 1 | `recalls` | recalls opened so far, 0 to 8 |
/// | 27 | 1 | `bump` | |
/// | 28 | 20 | `lot_number` | GS1 character set 82, then zeros |
/// | 48 | 8 | `gtin` | GTIN-14 as a number |
/// | 56 | 32 | `product` | address of a registry `Product` |
/// | 88 | 8 | `manufacturer` | GLN-13 of a registry `Partner`, as a number, of who is responsible for it |
/// | 96 | 8 | `quarantined_by` | GLN-13 as a number, of who stopped it; 0 = released |
/// | 104 | 32 | `serial_root` | root of the manifest's Merkle tree; zeros = not serialised |
/// | 136 | 32 | `manifest_hash` | SHA-256 of the manifest; zeros = none |
/// | 168 | 8 | `minted_at` | Unix seconds |
/// | 176 | 4 | `cases` | cases opened on the whole lot so far |
/// | 180 | 4 | `recall_changes` | changes of the ranges below so far |
/// | 184 | 32 | `recalled_first` | first unit index of each recall's range, by the recall's number |
/// | 216 | 32 | `recalled_quantity` | units in each recall's range; 0 = nothing recalled |
/// | 248 | 8 | `minted_by` | GLN-13 of a registry `Partner`, as a number |
/// | 256 | 1 | `own_cases` | of `open_cases`, those that the manufacturer opened |
/// | 257 | 1 | padding | zero |
/// | 258 | 2 | `series` | the product's when the lot was minted |
/// | 260 | 4 | padding | zeros |
#[cfg_attr(feature = "anchor", anchor_lang::account)]
#[cfg_attr(
    not(feature = "anchor"),
    repr(C),
    derive(Clone, Copy, bytemuck::Pod, bytemuck::Zeroable)
)]
#[derive(Debug)]
pub struct Lot {
    pub expires_at: i64,
    /// Units are numbered from 0 to `quantity - 1`, in packing order.
    pub quantity: u32,
    pub expiry: u32,
    pub status: LotStatus,
    pub open_cases: u8,
    pub recalls: u8,
    pub bump: u8,
    pub lot_number: [u8; 20],
    pub gtin: u64,
    pub product: Address,
    /// Who is responsible for the lot: who minted it, or, since it was adopted, who holds the product.
    pub manufacturer: u64,
    /// Who keeps it from moving.
    pub quarantined_by: u64,
    pub serial_root: [u8; 32],
    pub manifest_hash: [u8; 32],
    pub minted_at: i64,
    pub cases: u32,
    /// Says in which order title and goods changed hands and units were recalled, which a clock that counts
    /// seconds does not.
    pub recall_changes: u32,
    pub recalled_first: [u32; RECALLS],
    pub recalled_quantity: [u32; RECALLS],
    /// Who minted the lot: its first manufacturer.
    pub minted_by: u64,
    pub own_cases: u8,
    pub _padding: u8,
    /// A lot number is used once in each series of its product.
    pub series: u16,
    pub _rest: [u8; 4],
}

impl Record for Lot {
    const NAME: &'static str = "Lot";
    const PROGRAM: Address = crate::ID;
    const DISCRIMINATOR: [u8; 8] = [2, 198, 93, 153, 205, 31, 101, 252];
}

impl Lot {
    pub const SEED: &'static [u8] = b"lot";

    /// The product's GTIN.
    pub const fn gtin(&self) -> Gtin {
        Gtin::from_account(self.gtin)
    }

    /// The lot number on the label.
    pub const fn lot_number(&self) -> LotNumber {
        LotNumber::from_account(self.lot_number)
    }

    /// The expiry on the label.
    pub const fn expiry(&self) -> Expiry {
        Expiry::from_account(self.expiry)
    }

    /// Who is responsible for the lot.
    pub const fn manufacturer(&self) -> Gln {
        Gln::from_account(self.manufacturer)
    }

    /// Who minted the lot.
    pub const fn minted_by(&self) -> Gln {
        Gln::from_account(self.minted_by)
    }

    /// Who quarantined the lot, if anybody has and it is not released.
    pub const fn quarantined_by(&self) -> Option<Gln> {
        match self.quarantined_by {
            0 => None,
            gln => Some(Gln::from_account(gln)),
        }
    }

    /// Root of the manifest's Merkle tree, if the lot is serialised.
    pub fn serial_root(&self) -> Option<&[u8; 32]> {
        (self.serial_root != [0; 32]).then_some(&self.serial_root)
    }

    /// Whether units may make a transfer of `kind` at Unix time `now`, as far as their lot goes.
    #[inline(always)]
    pub fn check_movable(&self, kind: Change, now: i64) -> Result {
        // The word holds three bytes that are zero of most lots, and the bump.
        const WORD: usize = core::mem::offset_of!(Lot, status);
        const { assert!(WORD + 1 == core::mem::offset_of!(Lot, open_cases)) };
        const { assert!(WORD + 2 == core::mem::offset_of!(Lot, recalls)) };
        const { assert!(WORD + 3 == core::mem::offset_of!(Lot, bump)) };
        let mut word = [0; 4];
        word.copy_from_slice(&bytemuck::bytes_of(self)[WORD..WORD + 4]);
        if u32::from_le_bytes(word) << 8 == 0 && now < self.expires_at {
            Ok(())
        } else {
            self.check_what_is_movable(kind, now)
        }
    }

    #[cold]
    #[inline(never)]
    fn check_what_is_movable(&self, kind: Change, now: i64) -> Result {
        ensure!(self.open_cases == 0, CustodyError::LotUnderCase);
        if kind.is_downstream() {
            ensure!(
                self.status == LotStatus::Released,
                CustodyError::LotQuarantined
            );
            ensure!(now < self.expires_at, CustodyError::LotExpired);
        }
        Ok(())
    }

    /// Whether any of units `first..first + quantity` is under recall.
    #[inline(always)]
    pub fn is_recalled(&self, first: u32, quantity: u32) -> bool {
        self.recalls != 0 && self.recalled_within(first, quantity)
    }

    #[cold]
    #[inline(never)]
    fn recalled_within(&self, first: u32, quantity: u32) -> bool {
        let end = u64::from(first) + u64::from(quantity);
        self.recalled_ranges().any(|units| {
            units.start < end && u64::from(first) < units.end && units.start != units.end
        })
    }

    /// The units of each recall, in the order of their numbers; a range may be empty.
    pub fn recalled_ranges(&self) -> impl Iterator<Item = Range<u64>> + '_ {
        self.recalled_first
            .iter()
            .zip(&self.recalled_quantity)
            .take(self.recalls.into())
            .map(|(&first, &quantity)| u64::from(first)..u64::from(first) + u64::from(quantity))
    }

    /// Sets the range of recall `number`: the next number, or an existing one.
    pub fn set_recalled_range(&mut self, number: u8, first: u32, quantity: u32) -> Result {
        let place = usize::from(number);
        ensure!(
            number <= self.recalls && place < RECALLS,
            CustodyError::InvalidRecallNumber
        );
        let end = u64::from(first) + u64::from(quantity);
        ensure!(
            end <= u64::from(self.quantity),
            CustodyError::RangeOutsideLot
        );
        self.recall_changes = self
            .recall_changes
            .checked_add(1)
            .ok_or(CustodyError::SequenceExhausted)?;
        if number == self.recalls {
            self.recalls += 1;
        }
        self.recalled_first[place] = first;
        self.recalled_quantity[place] = quantity;
        Ok(())
    }

    pub fn invariant(&self) -> Result {
        ensure!(
            lot_number::is_valid(&self.lot_number),
            CustodyError::InvalidLotNumber
        );
        ensure!(
            expiry::expires_at(self.expiry) == Some(self.expires_at),
            CustodyError::InvalidExpiry
        );
        ensure!(self.quantity > 0, CustodyError::NoUnits);
        Ok(())
    }
}
