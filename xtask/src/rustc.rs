//! Which Rust compiler runs: its version, and what it compiles for.

use std::{env, process::Command};

use anyhow::{Context, Result, ensure};
use semver::Version;

/// The version of the compiler that the host code is compiled with.
pub fn host_version() -> Result<Version> {
    version(&mut host())
}

/// What that compiler compiles for, such as `x86_64-unknown-linux-gnu`.
pub fn host_triple() -> Result<String> {
    let output = host()
        .args(["--print", "host-tuple"])
        .output()
        .context("could not run rustc")?;
    ensure!(
        output.status.success(),
        "rustc does not print what it compiles for"
    );
    Ok(String::from_utf8(output.stdout)?.trim().to_owned())
}

fn host() -> Command {
    Command::new(env::var_os("RUSTC").unwrap_or_else(|| "rustc".into()))
}

/// The version of the `rustc` that `rustc` names, without its pre-release tag: a nightly of a
/// version counts as that version.
pub fn version(rustc: &mut Command) -> Result<Version> {
    let output = rustc
        .arg("--version")
        .output()
        .with_context(|| format!("could not run {rustc:?}"))?;
    let text = String::from_utf8_lossy(&output.stdout);
    parse_version(&text)
        .with_context(|| format!("{rustc:?} does not print a version: {}", text.trim()))
}

/// Reads `1.95.0` from a line such as `rustc 1.95.0 (59807616e 2026-04-14)`.
pub fn parse_version(line: &str) -> Option<Version> {
    let version = line.strip_prefix("rustc ")?.split_whitespace().next()?;
    let version = Version::parse(version).ok()?;
    Some(Version::new(version.major, version.minor, version.patch))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_released_and_nightly_versions() {
        let parsed = parse_version("rustc 1.95.0 (59807616e 2026-04-14)\n");
        assert_eq!(parsed, Some(Version::new(1, 95, 0)));
        let parsed = parse_version("rustc 1.97.1-nightly (0123abcde 2026-05-01)");
        assert_eq!(parsed, Some(Version::new(1, 97, 1)));
        assert_eq!(parse_version("cargo 1.95.0"), None);
        assert_eq!(parse_version(""), None);
    }

    #[test]
    fn versions_compare_by_number() {
        let parse = |version| parse_version(&format!("rustc {version}")).unwrap();
        assert!(parse("1.95.0") < Version::new(1, 97, 1));
        assert!(parse("1.100.0") > Version::new(1, 97, 1));
        assert!(parse("1.97.1-beta.3") >= Version::new(1, 97, 1));
    }
}
