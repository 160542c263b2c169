//! The OpenSSL that the embedded node links, for one of its precompiled programs.
//!
//! Agave's crates compile OpenSSL from source, which takes longer than any other step of a first
//! build. Where Debian packages can be unpacked, Debian's static library is linked instead.

use std::{path::Path, process::Command};

use anyhow::Result;

use crate::{apt, tool::Tool};

const OPENSSL: Tool = Tool {
    name: "openssl",
    packages: &["libssl-dev"],
};

/// Has a cargo call link Debian's OpenSSL, on a Debian system.
pub fn provide(cargo: &mut Command, cache: &Path) -> Result<()> {
    if apt::require_debian().is_err() {
        return Ok(());
    }
    let openssl = OPENSSL.unpack(cache)?;
    cargo
        .env("OPENSSL_NO_VENDOR", "1")
        .env("OPENSSL_STATIC", "1")
        .env("OPENSSL_LIB_DIR", openssl.libraries())
        .env("OPENSSL_INCLUDE_DIR", openssl.headers())
        // Some of the headers depend on the machine and are in a folder of its name.
        .env("C_INCLUDE_PATH", openssl.headers().join(apt::multiarch()));
    Ok(())
}
