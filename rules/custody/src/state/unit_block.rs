use pedigree_domain::ensure;

use crate::{
    error::{CustodyError, Result},
    state::Consignment,
};

/// Units in one block.
pub const BLOCK_UNITS: u32 = 64;

/// Some of 64 units that lie side by side in a lot: what one instruction does something to.
#[cfg_attr(
    feature = "anchor",
    derive(
        anchor_lang::AnchorSerialize,
        anchor_lang::AnchorDeserialize,
        anchor_lang::IdlType
    )
)]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct UnitBlock {
    /// The block's first unit is number × 64.
    pub number: u32,
    /// Bit `i` stands for unit number × 64 + `i`.
    pub units: u64,
}

impl UnitBlock {
    /// The block that holds `unit`, with that unit only.
    pub const fn of(unit: u32) -> Self {
        Self {
            number: unit / BLOCK_UNITS,
            units: 1 << (unit % BLOCK_UNITS),
        }
    }

    /// The units' indices in the lot, ascending.
    pub fn units(self) -> impl Iterator<Item = u32> {
        let first = self.number.wrapping_mul(BLOCK_UNITS);
        let mut left = self.units;
        core::iter::from_fn(move || {
            let place = left.trailing_zeros();
            left &= left.wrapping_sub(1);
            (place < BLOCK_UNITS).then(|| first.wrapping_add(place))
        })
    }

    /// Checks that there are units in the block and that all of them are the consignment's.
    #[inline(never)]
    pub fn check_within(self, consignment: &Consignment) -> Result {
        ensure!(self.units != 0, CustodyError::NoUnits);
        let first = u64::from(self.number) << BLOCK_UNITS.trailing_zeros();
        let lowest = first + u64::from(self.units.trailing_zeros());
        let highest = first + u64::from(63 - self.units.leading_zeros());
        let start = u64::from(consignment.first_unit);
        ensure!(
            lowest >= start && highest < start + u64::from(consignment.quantity),
            CustodyError::UnitOutsideConsignment
        );
        Ok(())
    }
}
