//! Deadlines counted in business days.

const DAY: u64 = 86_400;

/// The moment `days` business days after `now`, both in Unix seconds from 1970 on: the same time
/// of day, Saturdays and Sundays (UTC) not counted. Public holidays count: a deadline is never later than the law's.
pub const fn after(now: i64, days: u8) -> i64 {
    let mut moment = now.unsigned_abs();
    let mut left = days;
    while left > 0 {
        moment = moment.saturating_add(DAY);
        // 1970-01-01 was a Thursday, and weekday 0 is a Monday.
        let weekday = (moment / DAY + 3) % 7;
        if weekday < 5 {
            left -= 1;
        }
    }
    moment.cast_signed()
}

#[cfg(test)]
mod tests {
    use super::after;

    const DAY: i64 = 86_400;

    #[test]
    fn weekends_do_not_count() {
        // 2026-11-20 was a Friday.
        let friday = 1_795_176_000;
        assert_eq!(after(friday, 1), friday + 3 * DAY);
        assert_eq!(after(friday, 2), friday + 4 * DAY);
        assert_eq!(after(friday - DAY, 1), friday);
        let saturday = friday + DAY;
        assert_eq!(after(saturday, 1), friday + 3 * DAY);
        assert_eq!(after(saturday, 0), saturday);
    }
}
