//! Writes each program's IDL from its source, and the page of instructions from the IDLs; or finds out
//! which of them are out of date.

use std::{
    env, fs,
    path::PathBuf,
    process::{Command, Stdio},
};

use anchor_lang_idl::build::IdlBuilder;
use anyhow::{Context, Result, bail, ensure};
use clap::Args;

use crate::{
    cargo,
    file::write_if_changed,
    instructions, rustc, target_folder,
    workspace::{ProgramCrate, Workspace},
};

/// Writes idl/*.json and docs/instructions.md.
pub fn write(workspace: &Workspace) -> Result<()> {
    let folder = workspace.root.join("idl");
    fs::create_dir_all(&folder)
        .with_context(|| format!("could not create {}", folder.display()))?;
    for program in &workspace.programs {
        let path = file(workspace, program);
        write_if_changed(&path, generate(workspace, program)?.as_bytes())?;
        eprintln!("idl/{}.json", program.library);
    }
    let page = workspace.root.join(instructions::PATH);
    write_if_changed(&page, instructions::page(workspace)?.as_bytes())?;
    eprintln!("{}", instructions::PATH);
    Ok(())
}

/// Fails when one of these files differs from what `write` would leave there.
pub fn check(workspace: &Workspace) -> Result<()> {
    let mut stale = Vec::new();
    for program in &workspace.programs {
        let committed = fs::read_to_string(file(workspace, program)).unwrap_or_default();
        if committed != generate(workspace, program)? {
            stale.push(format!("idl/{}.json", program.library));
        }
    }
    let page = fs::read_to_string(workspace.root.join(instructions::PATH)).unwrap_or_default();
    if page != instructions::page(workspace)? {
        stale.push(instructions::PATH.to_owned());
    }
    if !stale.is_empty() {
        bail!(
            "out of date: {}; run `cargo xtask idl` and commit the result",
            stale.join(", ")
        );
    }
    Ok(())
}

fn file(workspace: &Workspace, program: &ProgramCrate) -> PathBuf {
    workspace
        .root
        .join("idl")
        .join(&program.library)
        .with_extension("json")
}

/// Generates an IDL in a child process, because `anchor-lang-idl` starts `cargo` by that name and
/// misreads `RUSTUP_TOOLCHAIN`: the child has the caller's toolchain first on its `PATH` instead.
fn generate(workspace: &Workspace, program: &ProgramCrate) -> Result<String> {
    let mut path: Vec<_> = cargo::program()
        .parent()
        .map(PathBuf::from)
        .into_iter()
        .collect();
    path.extend(env::split_paths(&env::var_os("PATH").unwrap_or_default()));

    let child = Command::new(env::current_exe()?)
        .arg("print-idl")
        .arg("--program")
        .arg(&program.folder)
        .arg("--target-dir")
        .arg(target_folder::claim(workspace, "idl")?)
        .arg("--")
        .args(cargo::flags(workspace, &rustc::host_version()?))
        .env("PATH", env::join_paths(path)?)
        .env_remove("RUSTUP_TOOLCHAIN")
        .stderr(Stdio::inherit())
        .output()
        .context("could not start this program again")?;
    ensure!(
        child.status.success(),
        "no IDL of program `{}`; `ANCHOR_LOG=1 cargo xtask idl` shows what its generator printed",
        program.library
    );
    Ok(String::from_utf8(child.stdout)?)
}

/// A request to print one program's IDL.
#[derive(Args)]
pub struct PrintIdl {
    #[arg(long)]
    program: PathBuf,

    /// Apart from the host's target folder: the generator's own RUSTFLAGS would evict all of it.
    #[arg(long)]
    target_dir: PathBuf,

    /// Further flags for cargo.
    #[arg(last = true)]
    flags: Vec<String>,
}

impl PrintIdl {
    pub fn run(self) -> Result<()> {
        let mut flags = vec![
            "--lib".to_owned(),
            "--target-dir".to_owned(),
            self.target_dir.display().to_string(),
        ];
        flags.extend(self.flags);
        let idl = IdlBuilder::new()
            .program_path(self.program)
            .cargo_args(flags)
            .build()?;
        println!("{}", serde_json::to_string_pretty(&idl)?);
        Ok(())
    }
}
