//! A bit for each unit.

/// Sets the bits of units `first..first + quantity`, and says how many were clear.
///
/// Panics if there are not as many bits.
pub fn set(bits: &mut [u64], first: u32, quantity: u32) -> u32 {
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
