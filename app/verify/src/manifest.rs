//! Whether a manifest is the one that its lot was minted with.

use std::ops::ControlFlow;

use custody::Lot;
use pedigree_client::{Ledger, Located};
use pedigree_manifest::{Damage, Manifest, Progress};
use solana_pubkey::Pubkey;

use crate::error::Result;

/// Why a manifest is not the one that its lot was minted with.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ManifestFlaw {
    /// The lot was minted with other units.
    #[error("the ledger has another root for this lot")]
    OtherRoot,
    /// The file contradicts itself.
    #[error("the manifest was altered or damaged: {0}")]
    Damaged(#[from] Damage),
}

/// Compares `manifest`, whole or partial, with its lot on the ledger, and computes its root again. `None`: all
/// of its units are those that were minted. `progress` is that of [`Manifest::check`].
///
/// # Errors
///
/// If the ledger has no such lot or cannot be read, or the file cannot be read to the end.
pub async fn check_manifest(
    ledger: &Ledger,
    manifest: &Manifest,
    progress: impl FnMut(Progress) -> ControlFlow<()>,
) -> Result<Option<ManifestFlaw>> {
    let lot: Located<Lot> = ledger.get(&Pubkey::from(manifest.lot().address)).await?;
    if lot.serial_root != *manifest.root() || lot.quantity != manifest.quantity() {
        return Ok(Some(ManifestFlaw::OtherRoot));
    }
    match manifest.check(progress) {
        Ok(()) => Ok(None),
        Err(pedigree_manifest::Error::Damaged(damage)) => Ok(Some(damage.into())),
        Err(error) => Err(error.into()),
    }
}
