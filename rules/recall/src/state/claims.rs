use pedigree_domain::Record;
use solana_address::Address;

/// Which of 8,192 units of a lot are proven to be returned or destroyed, and which are paid for: a
/// bit each, so that whoever claims, no unit counts twice.
///
/// | offset | size | field | unit |
/// |---|---|---|---|
/// | 0 | 8 | discriminator | SHA-256("account:Claims"), first 8 bytes |
/// | 8 | 32 | `recall` | address of a [`Recall`](crate::Recall) |
/// | 40 | 32 | `payer` | key that paid the rent |
/// | 72 | 4 | `page` | the first unit's index / 8,192 |
/// | 76 | 1 | `bump` | |
/// | 77 | 3 | padding | zeros |
/// | 80 | 1024 | `shown` | bit `n % 8` of byte `n / 8`: unit `n` of the page is proven |
/// | 1104 | 1024 | `paid` | the same: it is paid for |
#[cfg_attr(feature = "anchor", anchor_lang::account)]
#[cfg_attr(
    not(feature = "anchor"),
    repr(C),
    derive(Clone, Copy, bytemuck::Pod, bytemuck::Zeroable)
)]
#[derive(Debug)]
pub struct Claims {
    pub recall: Address,
    pub payer: Address,
    pub page: u32,
    pub bump: u8,
    pub _padding: [u8; 3],
    pub shown: [u64; 128],
    pub paid: [u64; 128],
}

impl Record for Claims {
    const NAME: &'static str = "Claims";
    const PROGRAM: Address = crate::ID;
    const DISCRIMINATOR: [u8; 8] = [145, 206, 157, 143, 3, 32, 10, 146];
}

impl Claims {
    pub const SEED: &'static [u8] = b"claims";

    /// How many units a page is for.
    pub const UNITS: u32 = 8_192;
}

/// Sets the bits of units `first..first + quantity` of a page, and says how many were clear.
///
/// Panics if the range is not within the page.
pub(crate) fn set(bits: &mut [u64; 128], first: u32, quantity: u32) -> u32 {
    let (mut unit, end) = (first, first + quantity);
    let mut clear = quantity;
    while unit < end {
        let place = unit % 64;
        let count = (64 - place).min(end - unit);
        // Of a whole word no shift by 64, which would be none.
        let mask = (u64::MAX >> (64 - count)) << place;
        let word = &mut bits[(unit / 64) as usize];
        if *word & mask != 0 {
            clear -= (*word & mask).count_ones();
        }
        *word |= mask;
        unit += count;
    }
    clear
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_unit_is_counted_once() {
        let mut bits = [0; 128];
        assert_eq!(set(&mut bits, 60, 10), 10);
        assert_eq!((bits[0], bits[1]), (0xF << 60, 0x3F));
        assert_eq!(set(&mut bits, 60, 10), 0);
        assert_eq!(set(&mut bits, 0, 8_192), 8_182);
        assert!(bits.iter().all(|&word| word == u64::MAX));
        assert_eq!(set(&mut bits, 8_191, 1), 0);
        let mut bits = [0; 128];
        assert_eq!(set(&mut bits, 64, 64), 64);
        assert_eq!((bits[0], bits[1], bits[2]), (0, u64::MAX, 0));
        assert_eq!(set(&mut bits, 8_191, 1), 1);
        assert_eq!(bits[127], 1 << 63);
    }
}
