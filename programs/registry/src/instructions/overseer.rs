//! Who oversees a site: its issuer, or the registry authority.

use anchor_lang::{AnchorAccount, prelude::*};

use registry_rules::{Issuer, Registry};

/// Checks that `signer` oversees a site whose issuer's account is `issuer`, which may have been removed.
pub(super) fn check_overseer(
    signer: &Signer,
    registry: &Registry,
    issuer: &UncheckedAccount,
) -> Result<()> {
    let issuer = Account::<Issuer>::load(*issuer.account()).ok();
    Ok(registry.check_overseer(signer.address(), issuer.as_deref())?)
}
