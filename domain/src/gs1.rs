//! GS1 identification keys as numbers, with their check digits and company prefixes.
//!
//! Accounts hold a key as a `u64` with its leading zeros gone: GTIN-14 `09506000134352` is
//! `9506000134352`. A GTIN-8, -12 or -13 is the same number as the GTIN-14 that it is written as
//! with zeros in front (GS1 General Specifications, section 3.3.2).

/// Digits of a GTIN in its 14-digit form.
pub const GTIN_DIGITS: u8 = 14;
/// Digits of a Global Location Number.
pub const GLN_DIGITS: u8 = 13;
/// Digits of a Serial Shipping Container Code.
pub const SSCC_DIGITS: u8 = 18;

/// Shortest and longest GS1 company prefix, in digits.
pub const COMPANY_PREFIX_DIGITS: core::ops::RangeInclusive<u8> = 4..=12;

/// Whether `key` has at most `digits` digits and ends in the right check digit.
///
/// Weights 3 and 1 alternate from the digit left of the check digit; the sum with the check digit
/// is a multiple of ten (GS1 General Specifications, section 7.9.1). Zero is not a valid key.
// Out of line: a program asks in many instructions.
#[inline(never)]
pub const fn is_valid_key(key: u64, digits: u8) -> bool {
    if key == 0 || key >= power_of_ten(digits) {
        return false;
    }
    check_digit(key / 10) == (key % 10) as u8
}

/// The check digit for a key whose other digits are `body`.
pub const fn check_digit(mut body: u64) -> u8 {
    let mut sum = 0u64;
    while body > 0 {
        sum += body % 10 * 3 + body / 10 % 10;
        body /= 100;
    }
    ((10 - sum % 10) % 10) as u8
}

/// A GS1 company prefix: `value` written with `digits` digits, zeros in front.
///
/// A GTIN-8 is under no company prefix: its numbers are a space of their own, from which national GS1
/// organisations give out each number by itself (GS1 General Specifications, "GS1-8 Prefix"). Written with zeros
/// in front it would seem to lie under a prefix that begins with zeros. So what begins with five zeros, as no
/// company prefix does, names one GTIN-8: by these and its seven digits before the check digit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CompanyPrefix {
    /// The prefix as a number.
    pub value: u64,
    /// How many digits it is written with: 4 to 12.
    pub digits: u8,
}

impl CompanyPrefix {
    /// Whether the number of digits is a company prefix's and the value fits them, and no GTIN-8 seems to lie
    /// under it unless it names just that one.
    pub const fn is_valid(self) -> bool {
        self.digits >= *COMPANY_PREFIX_DIGITS.start()
            && self.digits <= *COMPANY_PREFIX_DIGITS.end()
            && self.value < power_of_ten(self.digits)
            && (self.digits == COMPANY_DIGITS || !self.is_of_gtin_8())
    }

    /// Whether it names a GTIN-8, or would cover some.
    pub const fn is_of_gtin_8(self) -> bool {
        self.first() < GTIN_8_END
    }

    /// Whether `gtin` was issued under this prefix, or is the GTIN-8 that it names.
    pub const fn covers_gtin(self, gtin: u64) -> bool {
        let digits = company_digits(gtin);
        self.is_valid() && self.first() <= digits && digits < self.end()
    }

    /// The prefix with zeros behind it, as a number of twelve digits: the first that begins with it.
    pub const fn first(self) -> u64 {
        // Fits: a valid prefix is below ten to the power of its digits.
        self.value
            .wrapping_mul(power_of_ten(COMPANY_DIGITS.saturating_sub(self.digits)))
    }

    /// The first number of twelve digits above those that begin with the prefix.
    pub const fn end(self) -> u64 {
        let after = Self {
            value: self.value.wrapping_add(1),
            ..self
        };
        after.first()
    }
}

/// Of the twelve digits of a GTIN that begin with its company prefix, the first that are not a GTIN-8's, which has
/// five zeros and seven digits there.
const GTIN_8_END: u64 = 10_000_000;

/// Digits of the longest company prefix.
const COMPANY_DIGITS: u8 = *COMPANY_PREFIX_DIGITS.end();

/// The twelve digits of a GTIN that begin with the company prefix under which it was issued.
///
/// A GTIN-14 is an indicator digit, twelve digits that begin with the company prefix, and the
/// check digit (GS1 General Specifications, section 3.3.2).
pub const fn company_digits(gtin: u64) -> u64 {
    gtin / 10 % power_of_ten(COMPANY_DIGITS)
}

/// What company prefixes begin with: `value` written with `digits` digits, zeros in front. A national GS1
/// organisation gives out those that begin with the few digits that are its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LeadingDigits {
    /// The digits as a number.
    pub value: u64,
    /// How many they are: 1 to 12.
    pub digits: u8,
}

impl LeadingDigits {
    /// Whether there are as many digits as a company prefix may have, and the value fits them.
    pub const fn is_valid(self) -> bool {
        self.digits >= 1
            && self.digits <= *COMPANY_PREFIX_DIGITS.end()
            && self.value < power_of_ten(self.digits)
    }

    /// Whether there are five zeros in front.
    const fn is_for_gtin_8(self) -> bool {
        self.digits >= 5 && self.value < power_of_ten(self.digits.saturating_sub(5))
    }

    /// Whether `prefix`, which is valid, begins with these digits. That of a GTIN-8 does if these are for GTIN-8s
    /// only, beginning with five zeros: a GS1-8 prefix has them in front.
    pub const fn begin(self, prefix: CompanyPrefix) -> bool {
        self.is_valid()
            && (self.is_for_gtin_8() || !prefix.is_of_gtin_8())
            && self.digits <= prefix.digits
            && prefix.value / power_of_ten(prefix.digits - self.digits) == self.value
    }
}

/// 10 to the power of `exponent`, which is at most 18 here.
const fn power_of_ten(exponent: u8) -> u64 {
    const POWERS: [u64; SSCC_DIGITS as usize + 1] = {
        let mut powers = [1; SSCC_DIGITS as usize + 1];
        let mut exponent = 1;
        while exponent < powers.len() {
            powers[exponent] = powers[exponent - 1] * 10;
            exponent += 1;
        }
        powers
    };
    POWERS[exponent as usize]
}

#[cfg(test)]
mod tests {
    extern crate std;
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn published_examples_are_valid() {
        // GS1's own sample GTIN, GLN and SSCC.
        assert!(is_valid_key(9_506_000_134_352, GTIN_DIGITS));
        assert!(is_valid_key(614_141_007_349, GTIN_DIGITS));
        assert!(is_valid_key(9_521_321_000_022, GLN_DIGITS) || check_digit(952_132_100_002) != 2);
        assert!(is_valid_key(106_141_412_345_678_908, SSCC_DIGITS));
        assert_eq!(check_digit(629_104_150_021), 3);
    }

    #[test]
    fn zero_and_too_many_digits_are_not_valid() {
        assert!(!is_valid_key(0, GTIN_DIGITS));
        assert!(!is_valid_key(100_000_000_000_007, GTIN_DIGITS));
        assert!(!is_valid_key(u64::MAX, SSCC_DIGITS));
    }

    #[test]
    fn a_prefix_covers_its_own_gtins_only() {
        let prefix = CompanyPrefix {
            value: 9_506_000,
            digits: 7,
        };
        assert!(prefix.covers_gtin(9_506_000_134_352));
        assert!(
            prefix.covers_gtin(19_506_000_134_359),
            "any indicator digit"
        );
        assert!(!prefix.covers_gtin(9_506_001_134_352));
        // A UPC prefix begins with a zero, which counts as a digit.
        let upc = CompanyPrefix {
            value: 614_141,
            digits: 7,
        };
        assert!(upc.covers_gtin(614_141_007_349));
        assert!(
            !CompanyPrefix {
                value: 614_141,
                digits: 6
            }
            .covers_gtin(614_141_007_349)
        );
    }

    #[test]
    fn prefixes_are_ranges_of_twelve_digits() {
        let prefix = |value, digits| CompanyPrefix { value, digits };
        for (prefix, first, end) in [
            (prefix(9_506_000, 7), 950_600_000_000, 950_600_100_000),
            (prefix(614_141, 7), 61_414_100_000, 61_414_200_000),
            (prefix(1, 5), 10_000_000, 20_000_000),
            (prefix(9_999, 4), 999_900_000_000, 1_000_000_000_000),
            (
                prefix(999_999_999_999, 12),
                999_999_999_999,
                1_000_000_000_000,
            ),
        ] {
            assert_eq!((prefix.first(), prefix.end()), (first, end), "{prefix:?}");
        }
        assert_eq!(company_digits(19_506_000_134_359), 950_600_013_435);
    }

    #[test]
    fn a_gtin_8_is_under_no_company_prefix() {
        let prefix = |value, digits| CompanyPrefix { value, digits };
        // 4001 2346 as it stands and as the content of a case.
        let body = 4_001_234;
        let single = body * 10 + u64::from(check_digit(body));
        let case = 1_000_000_000_000 + body;
        let case = case * 10 + u64::from(check_digit(case));
        assert!(is_valid_key(single, GTIN_DIGITS) && is_valid_key(case, GTIN_DIGITS));
        for zeros in [
            prefix(0, 4),
            prefix(0, 5),
            prefix(4, 6),
            prefix(400, 8),
            prefix(400_123, 11),
        ] {
            assert!(!zeros.is_valid(), "{zeros:?}");
            assert!(!zeros.covers_gtin(single) && !zeros.covers_gtin(case));
        }
        let own = prefix(body, 12);
        assert!(own.is_valid() && own.covers_gtin(single) && own.covers_gtin(case));
        assert!(!prefix(body + 1, 12).covers_gtin(single));
        // A GTIN-12 begins with a zero among thirteen digits, and may with four more.
        for (upc, company) in [
            (prefix(614_141, 7), 61_414_100_734),
            (prefix(10, 6), 10_123_456),
            (prefix(1, 5), 19_999_999),
        ] {
            let gtin = company * 10 + u64::from(check_digit(company));
            assert!(upc.is_valid() && upc.covers_gtin(gtin), "{upc:?}");
        }
    }

    #[test]
    fn leading_digits_are_for_gtin_8s_only_if_they_begin_as_these() {
        let own = CompanyPrefix {
            value: 4_001_234,
            digits: 12,
        };
        for (value, digits, begins) in [
            (0, 1, false),
            (0, 4, false),
            (0, 5, true),
            (4, 6, true),
            (400, 8, true),
            (401, 8, false),
            (4_001_234, 12, true),
            (1, 5, false),
        ] {
            let leading = LeadingDigits { value, digits };
            assert_eq!(leading.begin(own), begins, "{leading:?}");
        }
    }

    #[test]
    fn prefixes_begin_with_their_leading_digits() {
        let prefix = CompanyPrefix {
            value: 614_141,
            digits: 7,
        };
        for (value, digits, begins) in [
            (0, 1, true),
            (6, 1, false),
            (6, 2, true),
            (61, 2, false),
            (614_141, 7, true),
            (614_142, 7, false),
            (6_141_410, 8, false),
            (0, 0, false),
            (10, 1, false),
        ] {
            let leading = LeadingDigits { value, digits };
            assert_eq!(leading.begin(prefix), begins, "{leading:?}");
        }
    }

    #[test]
    fn malformed_prefixes_cover_nothing() {
        for prefix in [
            CompanyPrefix {
                value: 950,
                digits: 3,
            },
            CompanyPrefix {
                value: 0,
                digits: 0,
            },
            CompanyPrefix {
                value: 1,
                digits: 13,
            },
            CompanyPrefix {
                value: 12_345,
                digits: 4,
            },
        ] {
            assert!(!prefix.is_valid());
            assert!(!prefix.covers_gtin(9_506_000_134_352));
        }
    }

    proptest! {
        #[test]
        fn any_single_wrong_digit_is_found(body in 1u64..10u64.pow(13), place in 0u32..14, change in 1u64..10) {
            let key = body * 10 + u64::from(check_digit(body));
            prop_assert!(is_valid_key(key, GTIN_DIGITS));
            let digit = key / 10u64.pow(place) % 10;
            let wrong = key - digit * 10u64.pow(place) + (digit + change) % 10 * 10u64.pow(place);
            prop_assert!(!is_valid_key(wrong, GTIN_DIGITS));
        }
    }
}
