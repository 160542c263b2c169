use core::ops::Deref;

#[cfg(not(target_os = "solana"))]
use sha2::Digest as _;

use pedigree_domain::{Record, ensure};
use solana_address::Address;

use crate::{
    error::{CustodyError, Result},
    state::{BLOCK_UNITS, Disposition, Gone, Lot, UnitBlock},
};

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
/// | 48 | 32 | `trail` | hash chain over all changes of its units, see below |
/// | 80 | 4,096 | `dispositions` | 4 bits a unit, a [`Disposition`]; the even unit of a byte in its low bits |
///
/// The first link of the trail follows the lot's address. Each one is `SHA-256(trail, document, site, block,
/// units, disposition)`, 85 bytes: 32 each for the trail before it and for the hash of the document or of the
/// evidence, 8 for the GLN of the site that made the change, 4 and 8 for the [`UnitBlock`], 1 for what its
/// units became; integers little-endian. So what is closed elsewhere is still proven: whoever has the
/// transactions computes the chain again, and each transaction says when it was.
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
    pub trail: [u8; 32],
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

    /// Those units of `block` that are active.
    #[inline(never)]
    pub fn active_of(&self, block: UnitBlock) -> UnitBlock {
        let is_active = |unit: &u32| self.disposition(*unit) == Disposition::Active;
        let active = block.units().filter(is_active);
        UnitBlock {
            number: block.number,
            units: active.fold(0, |units, unit| units | 1 << (unit % BLOCK_UNITS)),
        }
    }

    /// Makes the units of `block` what `next` says, and counts those that leave.
    ///
    /// # Errors
    ///
    /// [`CustodyError::UnitNotActive`] if one of them may not become that.
    #[inline(never)]
    pub fn dispose(&mut self, block: UnitBlock, next: Disposition) -> Result<Gone> {
        let mut gone = Gone::default();
        for unit in block.units() {
            let current = self.disposition(unit);
            ensure!(current.leads_to(next), CustodyError::UnitNotActive);
            gone.count(current, next);
            self.set(unit, next);
        }
        Ok(gone)
    }

    /// Makes the units of `block` active again, and counts those that come back.
    ///
    /// # Errors
    ///
    /// `refusal` if one of them is not what `from` lists.
    #[inline(never)]
    pub fn restore(
        &mut self,
        block: UnitBlock,
        from: &[Disposition],
        refusal: CustodyError,
    ) -> Result<Gone> {
        let mut back = Gone::default();
        for unit in block.units() {
            let current = self.disposition(unit);
            ensure!(from.contains(&current), refusal);
            back.count(current, Disposition::Active);
            self.set(unit, Disposition::Active);
        }
        Ok(back)
    }

    /// Adds a change to the page's trail: the site that `gln` names made the units of `block` what
    /// `disposition` says.
    #[inline(never)]
    pub fn link(
        &mut self,
        gln: u64,
        block: UnitBlock,
        disposition: Disposition,
        document_hash: &[u8; 32],
    ) {
        let (gln, number, units) = (
            gln.to_le_bytes(),
            block.number.to_le_bytes(),
            block.units.to_le_bytes(),
        );
        let code = [disposition.code()];
        let parts: [&[u8]; 6] = [&self.trail, document_hash, &gln, &number, &units, &code];
        self.trail = sha256(&parts);
    }

    fn set(&mut self, unit: u32, disposition: Disposition) {
        let (byte, shift) = place(unit);
        let byte = &mut self.dispositions[byte];
        *byte = *byte & !(0xF << shift) | disposition.code() << shift;
    }

    /// How many of units `first..first + quantity` of `lot` are not active, as its pages say:
    /// `next_page` gives every page that the range touches, in order.
    #[inline(always)]
    pub fn count_gone<P: Deref<Target = Self>>(
        lot: &Address,
        first: u32,
        quantity: u32,
        mut next_page: impl FnMut() -> Result<P>,
    ) -> Result<Gone> {
        let end = first.wrapping_add(quantity);
        let mut gone = Gone::default();
        let mut unit = first;
        while unit < end {
            let page = next_page()?;
            ensure!(
                page.lot == *lot && page.number == unit / PAGE_UNITS,
                CustodyError::NotUnitsPage
            );
            let place = unit % PAGE_UNITS;
            let count = (end - unit).min(PAGE_UNITS - place);
            let on_page = page.gone_from(place, count);
            gone.inactive += on_page.inactive;
            gone.absent += on_page.absent;
            unit += count;
        }
        Ok(gone)
    }

    /// How many of `count` units from the page's unit `place` on, at least one, are not active.
    fn gone_from(&self, place: u32, count: u32) -> Gone {
        // A word at a time, in which 16 units are: one by one, a page would take more compute units
        // than an instruction has.
        let (words, _) = self.dispositions.as_chunks::<8>();
        let last = place + count - 1;
        let words = &words[place as usize / 16..=last as usize / 16];
        let mut gone = Gone::default();
        for word in words {
            let (inactive, absent) = gone_in(*word, u64::MAX);
            gone.inactive += inactive;
            gone.absent += absent;
        }
        let before = gone_in(words[0], (1 << (place % 16 * 4)) - 1);
        let after = gone_in(words[words.len() - 1], (u64::MAX << 4) << (last % 16 * 4));
        gone.inactive -= before.0 + after.0;
        gone.absent -= before.1 + after.1;
        gone
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

/// How many of the 16 units in a word of a page, of those under `mask`, are not active, and not there.
#[inline(always)]
fn gone_in(word: [u8; 8], mask: u64) -> (u32, u32) {
    const LOWEST: u64 = 0x1111_1111_1111_1111;
    let word = u64::from_le_bytes(word) & mask;
    if word == 0 {
        return (0, 0);
    }
    // The lowest bit of each unit's four is whether any of them was set.
    let any = (word | word >> 1 | word >> 2 | word >> 3) & LOWEST;
    // Codes 6, 7 and 8 are of what is there: bits 1 and 2, or bit 3.
    let there = (word >> 1 & word >> 2 | word >> 3) & LOWEST;
    (any.count_ones(), (any & !there).count_ones())
}

#[cfg(target_os = "solana")]
fn sha256(parts: &[&[u8]]) -> [u8; 32] {
    let mut hash = [0; 32];
    // SAFETY: the syscall reads `parts`, slices as Rust lays them out on this target, and writes 32 bytes.
    unsafe {
        let (list, count) = (parts.as_ptr().cast(), parts.len() as u64);
        solana_define_syscall::definitions::sol_sha256(list, count, hash.as_mut_ptr());
    }
    hash
}

#[cfg(not(target_os = "solana"))]
fn sha256(parts: &[&[u8]]) -> [u8; 32] {
    let mut hasher = sha2::Sha256::new();
    for part in parts {
        hasher.update(part);
    }
    hasher.finalize().into()
}

#[cfg(test)]
mod tests {
    use bytemuck::Zeroable;

    use super::*;

    #[test]
    fn codes_count_as_what_they_say() {
        for (place, &disposition) in Disposition::ALL.iter().enumerate() {
            let mut page = UnitPage::zeroed();
            for unit in [0, 15, 16, 8_191] {
                page.set(unit, disposition);
            }
            let is_gone = u32::from(place > 0);
            let is_absent = u32::from(!disposition.is_there());
            for (first, quantity, units) in [
                (0, PAGE_UNITS, 4),
                (1, PAGE_UNITS - 2, 2),
                (0, 1, 1),
                (15, 2, 2),
                (16, 1, 1),
                (17, 100, 0),
            ] {
                let expected = Gone {
                    inactive: units * is_gone,
                    absent: units * is_absent,
                };
                assert_eq!(page.gone_from(first, quantity), expected, "{disposition}");
            }
        }
    }
}
