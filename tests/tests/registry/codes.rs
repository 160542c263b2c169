//! The error codes that clients match on.

use anchor_lang::prelude::ProgramError;
use registry::RegistryError;

#[test]
fn codes_count_up_from_6000() {
    assert_eq!(
        ProgramError::from(RegistryError::NotUpgradeAuthority),
        ProgramError::Custom(6000)
    );
    assert_eq!(
        ProgramError::from(RegistryError::NotOperatorsPayer),
        ProgramError::Custom(6027)
    );
}
