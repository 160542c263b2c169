//! How the workspace's host code is compiled: with which cargo flags, libraries and target folder.

use std::{
    env,
    ffi::OsStr,
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
};

use anyhow::{Context, Result, bail, ensure};
use cargo_metadata::Message;
use semver::Version;

use crate::{openssl, rustc, target_folder, workspace::Workspace};

/// `cargo <subcommand>` in the workspace, with its target folder and the flags that it needs.
pub fn command(workspace: &Workspace, subcommand: &str) -> Result<Command> {
    let mut cargo = Command::new(program());
    cargo
        .current_dir(&workspace.root)
        .arg(subcommand)
        .args(flags(workspace, &rustc::host_version()?));
    openssl::provide(&mut cargo, &workspace.cache)?;
    if env::var_os("CARGO_TARGET_DIR").is_none() {
        cargo.env("CARGO_TARGET_DIR", target_folder::claim(workspace, "host")?);
    }
    Ok(cargo)
}

/// Prints what [`command`] adds to the environment, as shell commands.
pub fn print_environment(workspace: &Workspace) -> Result<()> {
    for (name, value) in command(workspace, "build")?.get_envs() {
        let value = value.unwrap_or_default().display().to_string();
        println!(
            "export {}='{}'",
            name.display(),
            value.replace('\'', r"'\''")
        );
    }
    Ok(())
}

/// The cargo that started this program.
pub fn program() -> PathBuf {
    env::var_os("CARGO").map_or_else(|| "cargo".into(), PathBuf::from)
}

/// Cargo's own folder: its registry and the commands that it installs.
pub fn home() -> Result<PathBuf> {
    env::var_os("CARGO_HOME")
        .map(PathBuf::from)
        .or_else(|| Some(env::home_dir()?.join(".cargo")))
        .context("no home folder found; set CARGO_HOME to an absolute path")
}

/// The flags of every cargo call that compiles the workspace with a given compiler.
pub fn flags(workspace: &Workspace, rustc: &Version) -> Vec<String> {
    let mut flags = Vec::new();
    if workspace
        .rust_version()
        .is_some_and(|wanted| rustc < wanted)
    {
        flags.push("--ignore-rust-version".to_owned());
    }
    if env::var_os("CI").is_some_and(|ci| !ci.is_empty()) {
        flags.push("--locked".to_owned());
    }
    flags
}

/// Removes from a command's environment what would affect another toolchain's cargo: the caller's
/// compiler, flags, profiles and library paths. Network and terminal settings stay, and so does where
/// rustup keeps its toolchains, which `cargo build-sbf` starts one of.
pub fn isolate(command: &mut Command) {
    for (name, _) in env::vars_os() {
        if name.to_str().is_some_and(affects_cargo) {
            command.env_remove(name);
        }
    }
}

fn affects_cargo(variable: &str) -> bool {
    const DROPPED: [&str; 3] = ["CARGO", "RUST", "LD_LIBRARY_PATH"];
    const KEPT: [&str; 7] = [
        "CARGO_HOME",
        "CARGO_HTTP_",
        "CARGO_NET_",
        "CARGO_REGISTR",
        "CARGO_SOURCE_",
        "CARGO_TERM_",
        "RUSTUP_HOME",
    ];
    let starts_with_one_of = |prefixes: &[&str]| prefixes.iter().any(|p| variable.starts_with(p));
    starts_with_one_of(&DROPPED) && !starts_with_one_of(&KEPT)
}

/// Runs `command`, whose output goes where this program's output goes.
pub fn run(command: &mut Command) -> Result<()> {
    let status = command
        .status()
        .with_context(|| format!("could not start `{}`", line(command)))?;
    ensure!(status.success(), "`{}` failed ({status})", line(command));
    Ok(())
}

/// Compiles the one binary of `package` and returns its path.
///
/// The whole workspace is selected, as in the tests, so that dependencies have the same features and
/// compile once.
pub fn binary(workspace: &Workspace, package: &str) -> Result<PathBuf> {
    let name = workspace.binary_of(package)?;
    let mut cargo = command(workspace, "build")?;
    cargo.args(["--workspace", "--bin", name]);
    build_binary(cargo, name)
}

/// Compiles the one binary of `package` with the profile `dist` and returns its path.
///
/// Of the workspace, only `packages` are selected: the features that tests ask for stay out.
pub fn optimised_binary(
    workspace: &Workspace,
    packages: &[&str],
    package: &str,
) -> Result<PathBuf> {
    let name = workspace.binary_of(package)?;
    let mut cargo = command(workspace, "build")?;
    cargo.args(["--profile", "dist", "--bin", name]);
    for package in packages {
        cargo.args(["--package", package]);
    }
    build_binary(cargo, name)
}

/// Runs `cargo`, which builds the binary `name`, and returns its path.
pub fn build_binary(mut cargo: Command, name: &str) -> Result<PathBuf> {
    cargo
        .arg("--message-format=json-render-diagnostics")
        .stdout(Stdio::piped());
    let output = cargo
        .spawn()
        .and_then(Child::wait_with_output)
        .with_context(|| format!("could not start `{}`", line(&cargo)))?;
    ensure!(output.status.success(), "`{name}` does not compile");

    for message in Message::parse_stream(output.stdout.as_slice()) {
        if let Message::CompilerArtifact(artifact) = message?
            && artifact.target.name == name
            && let Some(executable) = artifact.executable
        {
            return Ok(executable.into());
        }
    }
    bail!("cargo did not report the path of the binary `{name}`")
}

/// The command as it would be typed, for messages.
fn line(command: &Command) -> String {
    let name = Path::new(command.get_program()).file_name();
    name.into_iter()
        .chain(command.get_args())
        .map(OsStr::to_string_lossy)
        .collect::<Vec<_>>()
        .join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn isolation_keeps_the_network_and_drops_the_toolchain() {
        for dropped in [
            "CARGO",
            "CARGO_TARGET_DIR",
            "CARGO_PROFILE_RELEASE_LTO",
            "RUSTFLAGS",
            "RUSTUP_TOOLCHAIN",
            "LD_LIBRARY_PATH",
        ] {
            assert!(affects_cargo(dropped), "{dropped}");
        }
        for kept in [
            "CARGO_HOME",
            "CARGO_NET_OFFLINE",
            "CARGO_REGISTRIES_CRATES_IO_PROTOCOL",
            "RUSTUP_HOME",
            "PATH",
            "HOME",
        ] {
            assert!(!affects_cargo(kept), "{kept}");
        }
    }

    #[test]
    fn a_command_is_shown_as_typed() {
        let mut command = Command::new("/usr/bin/cargo");
        command.args(["test", "--workspace"]);
        assert_eq!(line(&command), "cargo test --workspace");
    }
}
