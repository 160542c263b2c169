//! `pedigree`: one binary for every role. The commands are in [`commands`], one module each; the other
//! modules are what they share. What has to be decided is decided in `pedigree-client` and
//! `pedigree-verify`: a command parses, asks, prints and sends.

mod advice;
mod answer;
mod arguments;
mod commands;
mod context;
mod cosigner;
mod events;
mod interruption;
mod made;
mod meter;
mod names;
mod output;
mod packs;
#[cfg(feature = "localnet")]
mod programs;
mod prompt;
mod sending;
mod sign_only;
mod signing_key;
mod words;

use std::{
    io::{IsTerminal as _, stderr},
    process::ExitCode,
};

use clap::{CommandFactory as _, Parser, Subcommand};
use tracing_subscriber::EnvFilter;

use crate::{
    answer::Answer,
    commands::{Work, completions::Completions, man::Man},
    context::{Context, GlobalOptions},
};

/// The legal pedigree of medicines on a Solana ledger: who made a lot, who holds each part of it, and
/// whether a pack may be dispensed.
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

#[derive(Subcommand)]
enum Command {
    #[command(flatten)]
    Work(Box<Work>),
    Completions(Completions),
    Man(Man),
}

/// What is logged unless `RUST_LOG` is set: errors that are not reported anyway, and the verification service's
/// answers.
const LOGGED: &str = "error,solana_keychain=off,pedigree_serve=info";

#[tokio::main]
async fn main() -> ExitCode {
    tracing_subscriber::fmt()
        .with_env_filter(
            EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new(LOGGED)),
        )
        .with_ansi(stderr().is_terminal())
        .with_writer(stderr)
        .init();
    // Each manifest stays open, and a firm has thousands. If this fails, opening them fails too, with a
    // reason.
    let _ = rlimit::increase_nofile_limit(u64::MAX);
    let Arguments { global, command } = Arguments::parse();
    let output = global.output;
    let result = match (command, Context::new(global)) {
        (Command::Completions(completions), _) => {
            completions.write(&mut Arguments::command());
            Ok(Answer::Yes)
        }
        (Command::Man(man), _) => man.write(Arguments::command()).map(|()| Answer::Yes),
        (Command::Work(work), Ok(context)) => work.run(&context).await,
        (Command::Work(_), Err(error)) => Err(error),
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
