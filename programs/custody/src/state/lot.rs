use anchor_lang::prelude::*;
use pedigree_domain::{coded_byte, expiry, lot_number};

use crate::errors::CustodyError;

coded_byte! {
    /// Whether a lot's units may move.
    pub LotStatus {
        /// They may.
        Released = "released",
        /// None may, until it is released again.
        Quarantined = "quarantined",
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
/// | 33 | 1 | `bump` | |
/// | 34 | 2 | padding | zeros |
/// | 36 | 20 | `lot_number` | GS1 character set 82, then zeros |
/// | 56 | 8 | `gtin` | GTIN-14 as a number |
/// | 64 | 32 | `product` | address of a registry `Product` |
/// | 96 | 32 | `manufacturer` | address of a registry `Partner` |
/// | 128 | 32 | `serial_root` | root of the manifest's Merkle tree; zeros = not serialised |
/// | 160 | 32 | `manifest_hash` | SHA-256 of the manifest; zeros = none |
/// | 192 | 8 | `minted_at` | Unix seconds |
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
    pub bump: u8,
    pub _padding: [u8; 2],
    pub lot_number: [u8; 20],
    pub gtin: u64,
    pub product: Address,
    /// Who minted the lot; a later transfer of the product does not change it.
    pub manufacturer: Address,
    pub serial_root: [u8; 32],
    pub manifest_hash: [u8; 32],
    pub minted_at: i64,
}

impl Lot {
    pub const SEED: &'static [u8] = b"lot";

    /// Whether units `first..first + quantity` may move downstream at Unix time `now`.
    #[inline(always)]
    pub(crate) fn check_movable(&self, now: i64, first: u32, quantity: u32) -> Result<()> {
        require!(
            self.status == LotStatus::Released,
            CustodyError::LotQuarantined
        );
        require!(now < self.expires_at, CustodyError::LotExpired);
        require!(!self.is_recalled(first, quantity), CustodyError::Recalled);
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
