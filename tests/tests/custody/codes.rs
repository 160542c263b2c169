//! The error codes that clients match on.

use anchor_lang::prelude::ProgramError;
use custody::CustodyError;

#[test]
fn codes_count_up_from_7000() {
    assert_eq!(
        ProgramError::from(CustodyError::NotPartnerKey),
        ProgramError::Custom(7000)
    );
    assert_eq!(
        ProgramError::from(CustodyError::SequenceExhausted),
        ProgramError::Custom(7033)
    );
}
