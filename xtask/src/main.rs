//! `cargo xtask`: the one command for building, checking and running the workspace.
//!
//! This file is the command line. The work is in the modules: `programs`, `reproduce`, `idl`, `binaries`,
//! `wasm`, `test`, `soak` and `fuzz`.

mod apt;
mod binaries;
mod cargo;
mod elf;
mod file;
mod fuzz;
mod hashes;
mod idl;
mod instructions;
mod openssl;
mod programs;
mod refusals;
mod reproduce;
mod rustc;
mod soak;
mod sources;
mod steps;
mod target_folder;
mod test;
mod tool;
mod toolchain;
mod wasm;
mod workspace;

use std::process::ExitCode;

use anyhow::Result;
use clap::{Parser, Subcommand, ValueEnum};

use crate::{toolchain::Choice, workspace::Workspace};

/// Builds, checks and runs the Pedigree workspace.
#[derive(Parser)]
#[command(name = "cargo xtask", bin_name = "cargo xtask")]
struct Cli {
    #[command(subcommand)]
    command: Command,

    /// The toolchain for the on-chain programs.
    #[arg(long, global = true, value_enum, default_value_t)]
    toolchain: Choice,
}

#[derive(Subcommand)]
enum Command {
    /// Build the programs, their IDLs and the `pedigree` command.
    Build {
        /// Build only this part.
        #[arg(value_enum)]
        part: Option<Part>,

        /// Only build the programs twice from nothing, in different folders, and fail when the
        /// hashes differ from each other or from those in idl/SHA256SUMS.
        #[arg(long, conflicts_with = "part")]
        verify: bool,

        /// Only build the programs and record their hashes in idl/SHA256SUMS.
        #[arg(long, conflicts_with_all = ["part", "verify"])]
        record: bool,
    },

    /// Write idl/*.json from the programs' source.
    Idl {
        /// Write nothing; fail if a committed file is out of date.
        #[arg(long)]
        check: bool,
    },

    /// Run every check that a change has to pass.
    Test {
        /// Run only these steps.
        #[arg(long, value_enum, value_delimiter = ',')]
        only: Vec<test::Step>,
    },

    /// Measure the programs' compute units and write bench/compute_units.md.
    Bench {
        /// Write nothing; fail if the committed table is out of date.
        #[arg(long)]
        check: bool,
    },

    /// Measure handoffs, recalls and verification on the embedded node and write
    /// bench/throughput.md.
    Load {
        /// Arguments of the load run's own command; `-- --help` lists them.
        #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
        args: Vec<String>,
    },

    /// Search for scans that the barcode parser gets wrong.
    Fuzz(fuzz::Fuzz),

    /// Run the model of the programs' rules and the fuzzer for long, and fail if an action, a site or a
    /// refusal never occurred.
    Soak(soak::Soak),

    /// Build what is needed and run `pedigree demo`.
    Demo {
        /// Arguments of `pedigree demo`.
        #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
        args: Vec<String>,
    },

    /// Run the account migrations, such as `cargo xtask migrate --url <URL>`.
    Migrate {
        /// Arguments of the migrations' own command.
        #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
        args: Vec<String>,
    },

    /// Print the environment of xtask's cargo calls, for `eval "$(cargo xtask env)"`: cargo then uses what
    /// xtask has compiled.
    Env,

    /// Build `pedigree` with optimisation and copy it to cargo's bin folder.
    Install,

    /// Print one program's IDL; `idl` runs it in an environment of its own.
    #[command(hide = true)]
    PrintIdl(idl::PrintIdl),
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Part {
    /// target/deploy/*.so
    Programs,
    /// idl/*.json
    Idl,
    /// The `pedigree` command, which embeds target/deploy/*.so.
    Cli,
}

fn main() -> ExitCode {
    match run(Cli::parse()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error}");
            for cause in error.chain().skip(1) {
                eprintln!("caused by: {cause}");
            }
            ExitCode::FAILURE
        }
    }
}

fn run(cli: Cli) -> Result<()> {
    if let Command::PrintIdl(request) = cli.command {
        return request.run();
    }

    let workspace = Workspace::find()?;
    let toolchain = cli.toolchain;
    match cli.command {
        Command::Build { verify: true, .. } => reproduce::verify(&workspace, toolchain),
        Command::Build { record: true, .. } => {
            reproduce::record(&workspace, &programs::build(&workspace, toolchain)?)
        }
        Command::Build { part, .. } => {
            let wanted = |candidate| part.is_none_or(|part| part == candidate);
            if wanted(Part::Programs) {
                programs::build(&workspace, toolchain)?;
            }
            if wanted(Part::Idl) {
                idl::write(&workspace)?;
            }
            if wanted(Part::Cli) {
                binaries::build_cli(&workspace)?;
            }
            Ok(())
        }
        Command::Idl { check: false } => idl::write(&workspace),
        Command::Idl { check: true } => idl::check(&workspace),
        Command::Test { only } => test::run(&workspace, toolchain, &only),
        Command::Bench { check } => {
            programs::build(&workspace, toolchain)?;
            programs::build_floor(&workspace, toolchain)?;
            binaries::bench(&workspace, check)
        }
        Command::Fuzz(fuzz) => fuzz.run(&workspace),
        Command::Soak(soak) => {
            programs::build(&workspace, toolchain)?;
            soak.run(&workspace)
        }
        Command::Load { args } => {
            programs::build(&workspace, toolchain)?;
            binaries::load(&workspace, &args)
        }
        Command::Demo { args } => {
            programs::build(&workspace, toolchain)?;
            binaries::demo(&workspace, &args)
        }
        Command::Migrate { args } => binaries::migrate(&workspace, &args),
        Command::Env => cargo::print_environment(&workspace),
        Command::Install => {
            programs::build(&workspace, toolchain)?;
            binaries::install(&workspace)
        }
        Command::PrintIdl(_) => unreachable!("handled above"),
    }
}
