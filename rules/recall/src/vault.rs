//! What may become of a tranche's money: refusals where tokens cannot be moved, or too few arrived.

use pedigree_domain::ensure;

use crate::error::{RecallError, Result};

/// Refuses a frozen token account that is to pay.
pub fn check_source(is_frozen: bool) -> Result {
    ensure!(!is_frozen, RecallError::SourceFrozen);
    Ok(())
}

/// Whether a new tranche's vault holds what the tranche reserves, both in smallest parts of the token.
pub fn check_reserved(in_vault: u64, reserve: u64) -> Result {
    ensure!(in_vault >= reserve, RecallError::VaultShort);
    Ok(())
}

/// Refuses a payment from a vault to a token account of which either is frozen.
pub fn check_payment(is_vault_frozen: bool, is_receiver_frozen: bool) -> Result {
    ensure!(!is_vault_frozen, RecallError::VaultFrozen);
    ensure!(!is_receiver_frozen, RecallError::ReceiverFrozen);
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_can_be_moved_is_paid() {
        assert_eq!(check_payment(false, false), Ok(()));
        assert_eq!(check_payment(true, true), Err(RecallError::VaultFrozen));
        assert_eq!(check_payment(false, true), Err(RecallError::ReceiverFrozen));
        assert_eq!(check_source(true), Err(RecallError::SourceFrozen));
        assert_eq!(check_reserved(5, 5), Ok(()));
        assert_eq!(check_reserved(4, 5), Err(RecallError::VaultShort));
    }
}
