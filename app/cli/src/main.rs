//! `pedigree`: one binary for every role. The commands are in [`commands`], one module each; what
//! they share is here and in [`advice`], [`arguments`], [`packs`], [`context`], [`sending`], [`names`]
//! and [`output`].

mod advice;
mod arguments;
mod commands;
mod context;
mod names;
mod output;
mod packs;
mod programs;
mod sending;

use std::{
    io::{IsTerminal as _, stderr},
    process::ExitCode,
};

use clap::Parser;
use tracing_subscriber::EnvFilter;

use crate::{
    commands::Command,
    context::{Context, GlobalOptions},
};

/// Who made a lot of medicine, who holds each part of it, and whether a pack may be dispensed:
/// read and written on a Solana ledger.
#[derive(Parser)]
#[command(
    name = "pedigree",
    version,
    propagate_version = true,
    max_term_width = 100
)]
#[command(after_help = "Exit codes: 0 done or yes, 1 the answer is no, 2 an error.")]
struct Arguments {
    #[command(flatten)]
    global: GlobalOptions,
    #[command(subcommand)]
    command: Command,
}

/// What is logged unless `RUST_LOG` says otherwise: errors, and what the verification service answers.
const LOGGED: &str = "error,pedigree_serve=info";

/// What a command found out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Answer {
    Yes,
    No,
}

#[tokio::main]
async fn main() -> ExitCode {
    tracing_subscriber::fmt()
        .with_env_filter(
            EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new(LOGGED)),
        )
        .with_ansi(stderr().is_terminal())
        .with_writer(stderr)
        .init();
    // Each manifest at hand stays open, and a firm has thousands. Where this fails, so does opening them,
    // with a reason.
    let _ = rlimit::increase_nofile_limit(u64::MAX);
    let Arguments { global, command } = Arguments::parse();
    let output = global.output;
    let result = match Context::new(global) {
        Ok(context) => command.run(&context).await,
        Err(error) => Err(error),
    };
    match result {
        Ok(Answer::Yes) => ExitCode::SUCCESS,
        Ok(Answer::No) => ExitCode::from(1),
        Err(error) => {
            output.print_error(&error);
            ExitCode::from(2)
        }
    }
}
