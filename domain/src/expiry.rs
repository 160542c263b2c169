//! Expiry dates as packs carry them, and the moment from which a pack is expired.
//!
//! A label date is a number `YYYYMMDD`. Day `00` means the last day of the month (GS1 General
//! Specifications, section 3.4.7). A pack may be used up to and including its date, so the lot is
//! expired from the first second, UTC, of the day after.

/// First and last year that a label date may name: GS1's two-digit years reach no further.
pub const LABEL_YEARS: core::ops::RangeInclusive<u32> = 2000..=2099;

const SECONDS_PER_DAY: i64 = 86_400;

/// The Unix time, in seconds, from which a pack with this label date is expired.
///
/// `None` if the number is not a date in [`LABEL_YEARS`]: 30 February, month 13, and so on.
pub const fn expires_at(label: u32) -> Option<i64> {
    let (year, month, day) = (label / 10_000, label / 100 % 100, label % 100);
    if year < *LABEL_YEARS.start() || year > *LABEL_YEARS.end() || month < 1 || month > 12 {
        return None;
    }
    let last_day = days_in_month(year, month);
    if day > last_day {
        return None;
    }
    let day = if day == 0 { last_day } else { day };
    Some((days_since_epoch(year, month, day) + 1) * SECONDS_PER_DAY)
}

/// The label date that stands for the day of `label`, with day `00` written out.
pub const fn spelled_out(label: u32) -> u32 {
    if label.is_multiple_of(100) {
        label + days_in_month(label / 10_000, label / 100 % 100)
    } else {
        label
    }
}

const fn days_in_month(year: u32, month: u32) -> u32 {
    match month {
        4 | 6 | 9 | 11 => 30,
        2 if is_leap(year) => 29,
        2 => 28,
        _ => 31,
    }
}

/// Whether a year of [`LABEL_YEARS`] is a leap year: the one century among them, 2000, is.
const fn is_leap(year: u32) -> bool {
    year.is_multiple_of(4)
}

/// Days from 1970-01-01 to a date of [`LABEL_YEARS`] in the Gregorian calendar.
const fn days_since_epoch(year: u32, month: u32, day: u32) -> i64 {
    const DAYS_TO_2000: u32 = 10_957;
    const DAYS_BEFORE_MONTH: [u32; 12] = [0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334];
    let years = year - 2000;
    let leap_days_before = years.div_ceil(4);
    let leap_day = if month > 2 && is_leap(year) { 1 } else { 0 };
    (DAYS_TO_2000
        + years * 365
        + leap_days_before
        + DAYS_BEFORE_MONTH[month as usize - 1]
        + leap_day
        + day
        - 1) as i64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_day_after_the_label_is_the_first_expired_one() {
        assert_eq!(expires_at(20000101), Some(946_771_200)); // 2000-01-02T00:00Z
        assert_eq!(expires_at(20261122), Some(1_795_392_000)); // 2026-11-23T00:00Z
        assert_eq!(expires_at(20991231), Some(4_102_444_800)); // 2100-01-01T00:00Z
    }

    #[test]
    fn day_00_is_the_last_of_the_month() {
        assert_eq!(expires_at(20280200), expires_at(20280229));
        assert_eq!(expires_at(20270200), expires_at(20270228));
        assert_eq!(expires_at(20271200), expires_at(20271231));
        assert_eq!(spelled_out(20280200), 20280229);
        assert_eq!(spelled_out(20280215), 20280215);
    }

    #[test]
    fn what_is_no_date_is_refused() {
        for label in [
            0,
            20270230,
            20270229,
            20271301,
            20270001,
            20270432,
            19991231,
            21000101,
            u32::MAX,
        ] {
            assert_eq!(expires_at(label), None, "{label}");
        }
    }

    #[test]
    fn days_follow_each_other() {
        let mut expected = expires_at(20000101).unwrap();
        for year in LABEL_YEARS {
            for month in 1..=12 {
                for day in 1..=days_in_month(year, month) {
                    assert_eq!(
                        expires_at(year * 10_000 + month * 100 + day),
                        Some(expected)
                    );
                    expected += SECONDS_PER_DAY;
                }
            }
        }
    }
}
