//! The unpacked Rust packages' programs, free of the caller's toolchain settings.

use std::{path::Path, process::Command};

use crate::{apt, cargo};

/// The unpacked cargo, with the unpacked rustc.
pub fn cargo(folder: &Path) -> Command {
    let programs = folder.join("rust/usr/bin");
    let mut cargo = program(folder, "cargo");
    cargo
        .env("RUSTC", programs.join("rustc"))
        .env("RUSTDOC", programs.join("rustdoc"))
        // Set in a configuration file, a wrapper would escape the isolation.
        .env("RUSTC_WRAPPER", "");
    cargo
}

/// A program of the unpacked Rust packages.
pub fn program(folder: &Path, name: &str) -> Command {
    let rust = folder.join("rust/usr");
    let mut program = Command::new(rust.join("bin").join(name));
    cargo::isolate(&mut program);
    program.env("LD_LIBRARY_PATH", rust.join("lib").join(apt::multiarch()));
    program
}
