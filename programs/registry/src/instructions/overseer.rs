//! Who oversees a site: its issuer, or the registry authority.

use anchor_lang::{AnchorAccount, prelude::*};

use registry_rules::{Issuer, Registry, RegistryError};

/// Whether `signer` is the registry authority or the key of the issuer whose account is `issuer`, which may
/// have been removed.
pub(super) fn check_overseer(
    signer: &Signer,
    registry: &Registry,
    issuer: &UncheckedAccount,
) -> Result<()> {
    if *signer.address() == registry.authority {
        return Ok(());
    }
    let issuer =
        Account::<Issuer>::load(*issuer.account()).map_err(|_| RegistryError::NotOverseer)?;
    require!(*signer.address() == issuer.key, RegistryError::NotOverseer);
    Ok(())
}
