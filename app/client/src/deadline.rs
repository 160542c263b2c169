//! By when the next step of a case is due.

use custody::{Case, CaseState};
use serde::Serialize;

/// A moment by which something has to be done.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Deadline {
    /// Unix seconds.
    pub at: i64,
    /// It has passed, and nothing was done.
    pub overdue: bool,
}

impl Deadline {
    fn new(at: i64, is_met: bool, now: i64) -> Self {
        Self {
            at,
            overdue: !is_met && now > at,
        }
    }

    /// By when the tracing request is answered (21 U.S.C. 360eee-1), at Unix time `now`.
    pub fn to_answer(case: &Case, now: i64) -> Self {
        Self::new(case.answer_by, case.state != CaseState::Open, now)
    }

    /// By when regulator and trading partners are notified, at Unix time `now`; `None` until the product
    /// is found illegitimate.
    pub fn to_notify(case: &Case, now: i64) -> Option<Self> {
        (case.notify_by != 0).then(|| Self::new(case.notify_by, case.notified_at != 0, now))
    }
}

/// Unix seconds: by when the case's next step is due.
pub fn next(case: &Case) -> i64 {
    if case.notify_by != 0 && case.notified_at == 0 {
        case.notify_by.min(case.answer_by)
    } else {
        case.answer_by
    }
}

#[cfg(test)]
mod tests {
    use bytemuck::Zeroable;

    use super::*;

    #[test]
    fn a_deadline_is_overdue_until_it_is_met() {
        let open = Case {
            state: CaseState::Open,
            answer_by: 100,
            ..Case::zeroed()
        };
        assert!(!Deadline::to_answer(&open, 100).overdue);
        assert!(Deadline::to_answer(&open, 101).overdue);
        assert_eq!(Deadline::to_notify(&open, 101), None);
        let illegitimate = Case {
            state: CaseState::Illegitimate,
            notify_by: 200,
            ..open
        };
        assert!(!Deadline::to_answer(&illegitimate, 101).overdue);
        assert!(Deadline::to_notify(&illegitimate, 201).unwrap().overdue);
        let notified = Case {
            notified_at: 199,
            ..illegitimate
        };
        assert!(!Deadline::to_notify(&notified, 201).unwrap().overdue);
    }

    #[test]
    fn the_soonest_unmet_deadline_comes_first() {
        let mut case = Case {
            answer_by: 200,
            ..Case::zeroed()
        };
        assert_eq!(next(&case), 200);
        case.notify_by = 100;
        assert_eq!(next(&case), 100);
        case.notified_at = 90;
        assert_eq!(next(&case), 200);
    }
}
