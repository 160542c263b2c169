//! The error codes that clients match on.

use anchor_lang::prelude::ProgramError;
use recall::RecallError;

#[test]
fn codes_count_up_from_8000() {
    for (error, code) in [
        (RecallError::NotPartnerKey, 8000),
        (RecallError::RecallTerminated, 8024),
        (RecallError::RangeOutsidePage, 8040),
        (RecallError::NotEvidencesClaims, 8066),
    ] {
        assert_eq!(ProgramError::from(error), ProgramError::Custom(code));
    }
}
