use core::ops::Deref;

use pedigree_domain::{Record, coded_byte, ensure};
use solana_address::Address;

use crate::{
    error::{CustodyError, Result},
    state::{Lot, UnitBlock},
};

coded_byte! {
    /// What became of a unit. It leaves `active` once, and for good unless a dispense is undone.
    pub Disposition {
        /// In the chain, wherever its consignment is.
        Active = "active",
        /// Given to a patient.
        Dispensed = "dispensed",
        /// Destroyed under a witness's eyes.
        Destroyed = "destroyed",
        /// Stolen or lost.
        Stolen = "stolen",
        /// Taken as a sample.
        Sampled = "sampled",
        /// Out of the territory that the registry covers.
        Exported = "exported",
        /// Damaged: it goes to be destroyed.
        Damaged = "damaged",
        /// Suspect product (DSCSA section 581(21)).
        Suspect = "suspect",
        /// Illegitimate product (DSCSA section 581(8)).
        Illegitimate = "illegitimate",
    }
}

impl Disposition {
    /// Whether a unit may become `next`.
    fn leads_to(self, next: Self) -> bool {
        self == Self::Active
            || (self == Self::Suspect && next == Self::Illegitimate)
            || (next == Self::Destroyed
                && matches!(self, Self::Damaged | Self::Suspect | Self::Illegitimate))
    }
}

/// Units on one page.
pub const PAGE_UNITS: u32 = 8_192;

/// What became of each of 8,192 units of a lot; of the last page's, as many as there are.
///
/// | offset | size | field | unit |
/// |---|---|---|---|
/// | 0 | 8 | discriminator | SHA-256("account:UnitPage"), first 8 bytes |
/// | 8 | 32 | `lot` | address of a [`Lot`] |
/// | 40 | 4 | `number` | page; its first unit is number × 8,192 |
/// | 44 | 1 | `bump` | |
/// | 45 | 3 | padding | zeros |
/// | 48 | 4,096 | `dispositions` | 4 bits a unit, a [`Disposition`]; the even unit of a byte in its low bits |
///
/// Only units of live consignments matter: what became of a whole consignment that left the chain,
/// its own status says.
#[cfg_attr(feature = "anchor", anchor_lang::account)]
#[cfg_attr(
    not(feature = "anchor"),
    repr(C),
    derive(Clone, Copy, bytemuck::Pod, bytemuck::Zeroable)
)]
#[derive(Debug)]
pub struct UnitPage {
    pub lot: Address,
    pub number: u32,
    pub bump: u8,
    pub _padding: [u8; 3],
    pub dispositions: [u8; PAGE_UNITS as usize / 2],
}

impl Record for UnitPage {
    const NAME: &'static str = "UnitPage";
    const PROGRAM: Address = crate::ID;
    const DISCRIMINATOR: [u8; 8] = [152, 196, 47, 189, 107, 123, 56, 82];
}

impl UnitPage {
    pub const SEED: &'static [u8] = b"units";

    /// What became of the unit with this index in the lot, which is on this page.
    pub fn disposition(&self, unit: u32) -> Disposition {
        let (byte, shift) = place(unit);
        Disposition::from_code(self.dispositions[byte] >> shift & 0xF)
    }

    /// Makes the units of `block` what `next` says.
    ///
    /// # Errors
    ///
    /// [`CustodyError::UnitNotActive`] if one of them is gone already.
    #[inline(never)]
    pub fn dispose(&mut self, block: UnitBlock, next: Disposition) -> Result<u32> {
        let mut left_active = 0;
        for unit in block.units() {
            let current = self.disposition(unit);
            ensure!(current.leads_to(next), CustodyError::UnitNotActive);
            if current == Disposition::Active {
                left_active += 1;
            }
            self.set(unit, next);
        }
        Ok(left_active)
    }

    /// Makes a dispensed unit active again.
    pub fn restore(&mut self, unit: u32) -> Result {
        ensure!(
            self.disposition(unit) == Disposition::Dispensed,
            CustodyError::UnitNotDispensed
        );
        self.set(unit, Disposition::Active);
        Ok(())
    }

    fn set(&mut self, unit: u32, disposition: Disposition) {
        let (byte, shift) = place(unit);
        let byte = &mut self.dispositions[byte];
        *byte = *byte & !(0xF << shift) | disposition.code() << shift;
    }

    /// How many of units `first..first + quantity` of `lot` are not active, as its pages say:
    /// `next_page` gives every page that the range touches, in order.
    #[inline(always)]
    pub fn count_inactive<P: Deref<Target = Self>>(
        lot: &Address,
        first: u32,
        quantity: u32,
        mut next_page: impl FnMut() -> Result<P>,
    ) -> Result<u32> {
        let end = first.wrapping_add(quantity);
        let mut inactive = 0;
        let mut unit = first;
        while unit < end {
            let page = next_page()?;
            ensure!(
                page.lot == *lot && page.number == unit / PAGE_UNITS,
                CustodyError::NotUnitsPage
            );
            let place = unit % PAGE_UNITS;
            let count = (end - unit).min(PAGE_UNITS - place);
            inactive += page.inactive_from(place, count);
            unit += count;
        }
        Ok(inactive)
    }

    /// How many of `count` units from the page's unit `place` on, at least one, are not active.
    fn inactive_from(&self, place: u32, count: u32) -> u32 {
        // A word at a time, in which 16 units are: one by one, a page would take more compute units
        // than an instruction has.
        let (words, _) = self.dispositions.as_chunks::<8>();
        let last = place + count - 1;
        let words = &words[place as usize / 16..=last as usize / 16];
        let inactive: u32 = words.iter().map(|word| inactive_in(*word, u64::MAX)).sum();
        let before = inactive_in(words[0], (1 << (place % 16 * 4)) - 1);
        let after = inactive_in(words[words.len() - 1], (u64::MAX << 4) << (last % 16 * 4));
        inactive - before - after
    }

    /// The page lies within the lot.
    pub fn invariant(&self, lot: &Lot) -> Result {
        ensure!(
            self.number < lot.quantity.div_ceil(PAGE_UNITS),
            CustodyError::NotUnitsPage
        );
        Ok(())
    }
}

/// Byte of a page and the shift within it.
fn place(unit: u32) -> (usize, u32) {
    ((unit % PAGE_UNITS / 2) as usize, unit % 2 * 4)
}

/// How many of the 16 units in a word of a page, of those under `mask`, are not active.
#[inline(always)]
fn inactive_in(word: [u8; 8], mask: u64) -> u32 {
    let word = u64::from_le_bytes(word) & mask;
    if word == 0 {
        return 0;
    }
    // The lowest bit of each unit's four is whether any of them was set.
    let any = word | word >> 1 | word >> 2 | word >> 3;
    (any & 0x1111_1111_1111_1111).count_ones()
}
