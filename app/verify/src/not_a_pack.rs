//! Scans that are not about a single pack.

use pedigree_client::identifier::InvalidIdentifier;

/// Why a scan that was read does not name a pack that the ledger could know.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NotAPack {
    /// It names a package by its SSCC.
    #[error("this is the SSCC of a case or a pallet: look into it with `pedigree sscc {0:018}`")]
    Package(u64),
    /// It does not name a product.
    #[error("the symbol has no GTIN (01): scan the pack's GS1 DataMatrix")]
    NoGtin,
    /// It does not name a lot.
    #[error("the symbol has no lot number (10): scan the pack's GS1 DataMatrix")]
    NoLotNumber,
    /// An identifier in it is not valid.
    #[error(transparent)]
    Invalid(#[from] InvalidIdentifier),
}
