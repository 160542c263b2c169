//! Keys in hardware wallets, by Anza's own client for them. This has not been tested with a device yet.

use std::panic::catch_unwind;

use anyhow::{Context as _, Result, anyhow};
use solana_derivation_path::DerivationPath;
use solana_remote_wallet::{
    locator::Locator,
    remote_keypair::{RemoteKeypair, generate_remote_keypair},
    remote_wallet::maybe_wallet_manager,
};

/// Opens the wallet that a URI names, such as `usb://ledger?key=0/0`.
pub fn open(uri: &str) -> Result<RemoteKeypair> {
    let (place, key) = uri.split_once("?key=").unwrap_or((uri, ""));
    let locator = Locator::new_from_path(place).map_err(|error| {
        anyhow!("{uri} is not a hardware wallet ({error}): write it as usb://ledger?key=0/0")
    })?;
    let path = match key {
        "" => DerivationPath::default(),
        key => DerivationPath::from_key_str(key).map_err(|error| anyhow!("{uri}: {error}"))?,
    };
    let failed =
        |error| anyhow!("{uri} does not answer ({error}): connect it, and open its Solana app");
    // The client panics where there is no USB at all, as in a container.
    let manager = catch_unwind(maybe_wallet_manager);
    let manager = manager.map_err(|_| anyhow!("there is no USB here: {uri} cannot be reached"))?;
    let manager = manager.map_err(failed)?;
    let manager =
        manager.with_context(|| format!("there is not a hardware wallet: connect {uri}"))?;
    anstream::eprintln!(
        "Hardware wallets have not been tested with a device yet. Compare what {uri} shows before you confirm."
    );
    generate_remote_keypair(locator, path, &manager, false, "keypair").map_err(failed)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_wallet_that_is_not_there_is_an_error() {
        for (uri, reason) in [
            ("usb://ledger?key=0/0", "there is no"),
            ("usb://ledger?key=0/0/0", "too deep"),
            ("usb://toaster", "is not a hardware wallet"),
        ] {
            let error = format!("{:#}", open(uri).err().unwrap());
            assert!(error.contains(reason), "{uri}: {error}");
        }
    }
}
