use anchor_lang::prelude::*;
use pedigree_domain::{coded_byte, expiry, lot_number};

use crate::{
    errors::{CustodyError, ensure},
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

/// A lot of a product: units made together, with one lot number and one expiry. Never closed.
///
/// A handoff only reads it, so handoffs of one lot's consignments do not wait for each other.
///
/// | offset | size | field | unit |
/// |---|---|---|---|
/// | 0 | 8 | discriminator | SHA-256("account:Lot"), first 8 bytes |
/// | 8 | 8 | `expires_at` | Unix seconds, first moment expired |
/// | 16 | 4 | `recalled_first` | unit index |
/// | 20 | 4 | `recalled_quantity` | units; 0 = no recall |
/// | 24 | 4 | `quantity` | units |
/// | 28 | 4 | `expiry` | label date `YYYYMMDD`, day 00 = last of the month |
/// | 32 | 1 | `status` | [`LotStatus`] |
/// | 33 | 1 | `open_cases` | cases that name the whole lot and are not resolved |
/// | 34 | 1 | `bump` | |
/// | 35 | 1 | padding | zero |
/// | 36 | 20 | `lot_number` | GS1 character set 82, then zeros |
/// | 56 | 8 | `gtin` | GTIN-14 as a number |
/// | 64 | 32 | `product` | address of a registry `Product` |
/// | 96 | 8 | `manufacturer` | GLN-13 of a registry `Partner`, as a number |
/// | 104 | 8 | `quarantined_by` | GLN-13 as a number, of who stopped it; 0 = released |
/// | 112 | 32 | `serial_root` | root of the manifest's Merkle tree; zeros = not serialised |
/// | 144 | 32 | `manifest_hash` | SHA-256 of the manifest; zeros = none |
/// | 176 | 8 | `minted_at` | Unix seconds |
/// | 184 | 4 | `cases` | cases opened on the whole lot so far |
/// | 188 | 4 | padding | zeros |
#[account]
#[derive(Debug)]
pub struct Lot {
    pub expires_at: i64,
    /// The run of units under recall.
    pub recalled_first: u32,
    pub recalled_quantity: u32,
    /// Units are numbered from 0 to `quantity - 1`, in packing order.
    pub quantity: u32,
    pub expiry: u32,
    pub status: LotStatus,
    pub open_cases: u8,
    pub bump: u8,
    pub _padding: u8,
    pub lot_number: [u8; 20],
    pub gtin: u64,
    pub product: Address,
    /// Who minted the lot; a later transfer of the product does not change it.
    pub manufacturer: u64,
    /// Who keeps it from moving.
    pub quarantined_by: u64,
    pub serial_root: [u8; 32],
    pub manifest_hash: [u8; 32],
    pub minted_at: i64,
    pub cases: u32,
    pub _padding_2: [u8; 4],
}

impl Lot {
    pub const SEED: &'static [u8] = b"lot";

    /// Whether units may make a transfer of `kind` at Unix time `now`, as far as their lot goes.
    #[inline(always)]
    pub(crate) fn check_movable(&self, kind: Change, now: i64) -> Result<()> {
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
        let (first, recalled_first) = (u64::from(first), u64::from(self.recalled_first));
        self.recalled_quantity != 0
            && first < recalled_first + u64::from(self.recalled_quantity)
            && recalled_first < first + u64::from(quantity)
    }

    pub(crate) fn invariant(&self) -> Result<()> {
        require!(
            lot_number::is_valid(&self.lot_number),
            CustodyError::InvalidLotNumber
        );
        require!(
            expiry::expires_at(self.expiry) == Some(self.expires_at),
            CustodyError::InvalidExpiry
        );
        require!(self.quantity > 0, CustodyError::NoUnits);
        Ok(())
    }
}
