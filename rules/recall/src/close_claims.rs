use pedigree_domain::ensure;

use crate::error::{RecallError, Result};

/// Whether a page of claims may be closed: if the account that showed the units `is_gone`.
///
/// A return's record may be archived after six years. Nothing can be claimed for it any more, because no
/// other account ever takes its address. A destroyed consignment stays, and so do the claims for it.
#[inline(always)]
pub fn close_claims(is_gone: bool) -> Result {
    ensure!(is_gone, RecallError::EvidenceKept);
    Ok(())
}
