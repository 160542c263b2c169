//! The error codes that clients match on.

use anchor_lang::prelude::ProgramError;
use custody::CustodyError;

#[test]
fn codes_count_up_from_7000() {
    for (error, code) in [
        (CustodyError::NotPartnerKey, 7000),
        (CustodyError::SequenceExhausted, 7033),
        (CustodyError::TransferRetained, 7067),
    ] {
        assert_eq!(ProgramError::from(error), ProgramError::Custom(code));
    }
}
