use pedigree_domain::{Record, ensure, identifier::Gln};
use solana_address::Address;

use crate::{
    error::{CustodyError, Result},
    state::{BLOCK_UNITS, UnitBlock},
};

/// When one site dispensed, sampled or exported which of 64 units: who has to be asked if a unit comes up
/// twice, and when it may still be undone. That it did, and in which order, the links of the units' page go on
/// to show, as they do for every change of units; so this may be closed.
///
/// | offset | size | field | unit |
/// |---|---|---|---|
/// | 0 | 8 | discriminator | SHA-256("account:UnitRecord"), first 8 bytes |
/// | 8 | 32 | `lot` | address of a [`Lot`](crate::Lot) |
/// | 40 | 32 | `payer` | key that paid the rent |
/// | 72 | 8 | `site` | GLN-13 of a registry `Partner`, as a number |
/// | 80 | 8 | `last_at` | Unix seconds of the last entry |
/// | 88 | 4 | `block` | its first unit is block × 64 |
/// | 92 | 1 | `bump` | |
/// | 93 | 3 | padding | zeros |
/// | 96 | 256 | `gone_at` | of each unit, Unix seconds as `u32`; 0 = not taken out here |
#[cfg_attr(feature = "anchor", anchor_lang::account)]
#[cfg_attr(
    not(feature = "anchor"),
    repr(C),
    derive(Clone, Copy, bytemuck::Pod, bytemuck::Zeroable)
)]
#[derive(Debug)]
pub struct UnitRecord {
    pub lot: Address,
    pub payer: Address,
    pub site: u64,
    pub last_at: i64,
    pub block: u32,
    pub bump: u8,
    pub _padding: [u8; 3],
    pub gone_at: [u32; BLOCK_UNITS as usize],
}

impl Record for UnitRecord {
    const NAME: &'static str = "UnitRecord";
    const PROGRAM: Address = crate::ID;
    const DISCRIMINATOR: [u8; 8] = [31, 93, 25, 84, 1, 101, 241, 237];
}

impl UnitRecord {
    pub const SEED: &'static [u8] = b"record";

    /// The site that took the units out.
    pub const fn site(&self) -> Gln {
        Gln::from_account(self.site)
    }

    /// Seconds in which taking a unit out may be undone: "not more than 10 days" (Delegated Regulation (EU)
    /// 2016/161, article 13(1)(b)).
    pub const UNDO_TIME: i64 = 10 * 86_400;

    /// Fills itself in, if it is new: for `block` of the lot at `lot`, at the site that `gln` names.
    pub(crate) fn begin(&mut self, lot: &Address, gln: u64, block: UnitBlock) {
        if self.site == 0 {
            self.lot = *lot;
            self.site = gln;
            self.block = block.number;
        }
    }

    /// Notes that the units of `block`, of this one's or none, were taken out at Unix time `now`.
    pub fn note(&mut self, block: UnitBlock, now: i64) -> Result {
        // Seconds fit until 2106; the last lot expires in 2099 (GS1 General Specifications 7.12).
        let at = u32::try_from(now).map_err(|_| CustodyError::LotExpired)?;
        for unit in block.units() {
            self.gone_at[(unit % BLOCK_UNITS) as usize] = at;
        }
        self.last_at = now;
        Ok(())
    }

    /// Strikes the units of `block`, which is this one, out, if that may be undone at Unix time `now`.
    pub fn strike(&mut self, block: UnitBlock, now: i64) -> Result {
        ensure!(self.block == block.number, CustodyError::NotDispenser);
        for unit in block.units() {
            let at = &mut self.gone_at[(unit % BLOCK_UNITS) as usize];
            ensure!(*at != 0, CustodyError::UnitNotDispensed);
            ensure!(
                now <= i64::from(*at).saturating_add(Self::UNDO_TIME),
                CustodyError::UndoTooLate
            );
            *at = 0;
        }
        Ok(())
    }
}
