use core::ops::Range;

use pedigree_domain::{Record, ensure, identifier::Gln};
use solana_address::Address;

use crate::{
    error::{RecallError, Result},
    state::range,
};

/// Money that is reserved for some of a recall's units: a price for each of them, in a vault of its own.
/// Its terms never change, and it is never closed.
///
/// | offset | size | field | unit |
/// |---|---|---|---|
/// | 0 | 8 | discriminator | SHA-256("account:Tranche"), first 8 bytes |
/// | 8 | 32 | `recall` | address of a [`Recall`](crate::Recall) |
/// | 40 | 32 | `mint` | of the token that it pays in |
/// | 72 | 32 | `vault` | token account that it owns |
/// | 104 | 32 | `payer` | key that paid the vault's rent |
/// | 136 | 8 | `funder` | GLN-13 of a registry `Partner`, as a number |
/// | 144 | 8 | `firm` | GLN-13 of the funder's head office, as a number |
/// | 152 | 8 | `maker_firm` | GLN-13 of the manufacturer's head office, as a number |
/// | 160 | 8 | `unit_price` | smallest parts of the token for each unit |
/// | 168 | 8 | `funded_at` | Unix seconds |
/// | 176 | 8 | `withdrawn_at` | Unix seconds, when the rest was given back; 0 = it was not |
/// | 184 | 8 | `withdrawn` | smallest parts given back |
/// | 192 | 4 | `number` | place among the recall's tranches |
/// | 196 | 4 | `scope` | number of the recall's newest [`Scope`](crate::Scope) when it was funded |
/// | 200 | 4 | `first` | unit index |
/// | 204 | 4 | `quantity` | units that it pays for |
/// | 208 | 4 | `paid_units` | units that it paid for so far |
/// | 212 | 1 | `bump` | |
/// | 213 | 1 | `vault_bump` | |
/// | 214 | 2 | padding | zeros |
#[cfg_attr(feature = "anchor", anchor_lang::account)]
#[cfg_attr(
    not(feature = "anchor"),
    repr(C),
    derive(Clone, Copy, bytemuck::Pod, bytemuck::Zeroable)
)]
#[derive(Debug)]
pub struct Tranche {
    pub recall: Address,
    pub mint: Address,
    pub vault: Address,
    pub payer: Address,
    pub funder: u64,
    pub firm: u64,
    pub maker_firm: u64,
    pub unit_price: u64,
    pub funded_at: i64,
    pub withdrawn_at: i64,
    pub withdrawn: u64,
    pub number: u32,
    pub scope: u32,
    pub first: u32,
    pub quantity: u32,
    pub paid_units: u32,
    pub bump: u8,
    pub vault_bump: u8,
    pub _padding: [u8; 2],
}

impl Record for Tranche {
    const NAME: &'static str = "Tranche";
    const PROGRAM: Address = crate::ID;
    const DISCRIMINATOR: [u8; 8] = [58, 171, 37, 93, 206, 204, 41, 22];
}

impl Tranche {
    pub const SEED: &'static [u8] = b"tranche";

    /// The vault's first seed; the second is the tranche's address.
    pub const VAULT_SEED: &'static [u8] = b"vault";

    /// The site that funded it, and gets the rest back.
    pub const fn funder(&self) -> Gln {
        Gln::from_account(self.funder)
    }

    /// The units that it pays for.
    pub fn units(&self) -> Range<u64> {
        range(self.first, self.quantity)
    }

    /// Whether it still pays.
    pub fn check_open(&self) -> Result {
        ensure!(self.withdrawn_at == 0, RecallError::TrancheWithdrawn);
        Ok(())
    }

    /// What `units` cost together, in smallest parts of the token.
    pub fn price_of(&self, units: u32) -> Result<u64> {
        price_of(units, self.unit_price)
    }

    pub fn invariant(&self) -> Result {
        ensure!(
            self.paid_units <= self.quantity,
            RecallError::RangeOutsideTranche
        );
        Ok(())
    }
}

/// What `units` cost together.
///
/// In halves, since this target's compiler gets a checked multiplication of 64-bit variables wrong,
/// and takes a division that asks the same question for one.
fn price_of(units: u32, unit_price: u64) -> Result<u64> {
    const HALF: u64 = u32::MAX as u64;
    let units = u64::from(units);
    // Each half times 32 bits fits into 64.
    let low = (unit_price & HALF).wrapping_mul(units);
    let high = (unit_price >> 32).wrapping_mul(units);
    let carried = high.checked_add(low >> 32);
    match carried {
        Some(carried) if carried <= HALF => Ok(carried << 32 | low & HALF),
        _ => Err(RecallError::AmountTooLarge),
    }
}

#[cfg(test)]
mod tests {
    use super::price_of;

    #[test]
    fn a_price_that_cannot_be_counted_is_refused() {
        assert_eq!(price_of(8_192, 3).unwrap(), 24_576);
        assert_eq!(price_of(1, u64::MAX).unwrap(), u64::MAX);
        assert!(price_of(2, u64::MAX / 2 + 1).is_err());
        assert_eq!(price_of(2, u64::MAX / 2).unwrap(), u64::MAX - 1);
        assert!(price_of(u32::MAX, u64::MAX).is_err());
        assert!(price_of(8_192, 1 << 51).is_err());
        assert_eq!(price_of(8_192, (1 << 51) - 1).unwrap(), u64::MAX - 8_191);
    }
}
