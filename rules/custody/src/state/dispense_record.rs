use pedigree_domain::{Record, ensure, identifier::Gln};
use solana_address::Address;

use crate::{
    error::{CustodyError, Result},
    state::{BLOCK_UNITS, UnitBlock},
};

/// When one site dispensed which of 64 units: who has to be asked if a unit comes up twice, and what
/// an undoing is measured by. May be closed when nothing in it can be undone any more.
///
/// | offset | size | field | unit |
/// |---|---|---|---|
/// | 0 | 8 | discriminator | SHA-256("account:DispenseRecord"), first 8 bytes |
/// | 8 | 32 | `lot` | address of a [`Lot`](crate::Lot) |
/// | 40 | 32 | `payer` | key that paid the rent |
/// | 72 | 8 | `dispenser` | GLN-13 of a registry `Partner`, as a number |
/// | 80 | 8 | `last_at` | Unix seconds of the last dispense |
/// | 88 | 4 | `block` | its first unit is block × 64 |
/// | 92 | 1 | `bump` | |
/// | 93 | 3 | padding | zeros |
/// | 96 | 256 | `dispensed_at` | of each unit, Unix seconds as `u32`; 0 = not dispensed here |
#[cfg_attr(feature = "anchor", anchor_lang::account)]
#[cfg_attr(
    not(feature = "anchor"),
    repr(C),
    derive(Clone, Copy, bytemuck::Pod, bytemuck::Zeroable)
)]
#[derive(Debug)]
pub struct DispenseRecord {
    pub lot: Address,
    pub payer: Address,
    pub dispenser: u64,
    pub last_at: i64,
    pub block: u32,
    pub bump: u8,
    pub _padding: [u8; 3],
    pub dispensed_at: [u32; BLOCK_UNITS as usize],
}

impl Record for DispenseRecord {
    const NAME: &'static str = "DispenseRecord";
    const PROGRAM: Address = crate::ID;
    const DISCRIMINATOR: [u8; 8] = [148, 33, 225, 145, 253, 251, 20, 237];
}

impl DispenseRecord {
    pub const SEED: &'static [u8] = b"dispensed";

    /// The site that dispensed.
    pub const fn dispenser(&self) -> Gln {
        Gln::from_account(self.dispenser)
    }

    /// Seconds in which a dispense may be undone: ten days (Delegated Regulation (EU) 2016/161,
    /// article 13(1)(b)).
    pub const UNDO_TIME: i64 = 10 * 86_400;

    /// Notes that the units of `block`, which is this one, were dispensed at Unix time `now`.
    pub fn note(&mut self, block: UnitBlock, now: i64) -> Result {
        // Seconds fit until 2106; the last lot expires in 2099 (GS1 General Specifications 7.12).
        let at = u32::try_from(now).map_err(|_| CustodyError::LotExpired)?;
        for unit in block.units() {
            self.dispensed_at[(unit % BLOCK_UNITS) as usize] = at;
        }
        self.last_at = now;
        Ok(())
    }

    /// Strikes the dispense of `unit` out, if it may be undone at Unix time `now`.
    pub fn strike(&mut self, unit: u32, now: i64) -> Result {
        let at = &mut self.dispensed_at[(unit % BLOCK_UNITS) as usize];
        ensure!(*at != 0, CustodyError::UnitNotDispensed);
        ensure!(
            now <= i64::from(*at).saturating_add(Self::UNDO_TIME),
            CustodyError::UndoTooLate
        );
        *at = 0;
        Ok(())
    }
}
