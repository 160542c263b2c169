//! Measures what a node and the client take together: sustained handoffs, recalls of what is on the move,
//! the verification of packs and the manifest of a large lot. The figures of the embedded node are written
//! to `bench/throughput.md`, a cluster's to `bench/throughput_cluster.md`.
//!
//! Nothing asserts on the figures, which are the machine's as much as the programs'. What is
//! asserted: every transaction succeeds or is refused as it should be, every consignment ends where
//! the run left it, nothing recalled moves after its recall, and the answer about every pack is right.

mod chain;
mod connection;
mod handoffs;
mod load;
mod machine;
mod node;
mod page;
mod partners;
mod payments;
mod recalls;
mod serials;
mod settings;
mod verification;

use std::{fs, path::Path, time::Duration};

use anyhow::{Context, Result, ensure};
use clap::{Parser, Subcommand};
use tokio::runtime::Runtime;

use crate::{
    machine::Machine,
    page::Page,
    settings::{Part, Settings},
};

/// Measures a node under load and the client on it, on this machine only: the embedded node, or a test
/// validator's.
#[derive(Parser)]
#[command(name = "cargo xtask load", args_conflicts_with_subcommands = true)]
struct Cli {
    #[command(subcommand)]
    command: Option<Command>,

    #[command(flatten)]
    settings: Settings,
}

#[derive(Subcommand)]
enum Command {
    /// Run as the node of a measurement.
    #[command(hide = true)]
    Node {
        /// Milliseconds.
        slot_time: u64,
    },

    /// Run as the process in which a manifest is written.
    #[command(hide = true, name = serials::COMMAND)]
    WriteManifest { units: u32 },
}

fn main() -> Result<()> {
    let Cli { command, settings } = Cli::parse();
    match command {
        Some(Command::Node { slot_time }) => node::serve(Duration::from_millis(slot_time)),
        Some(Command::WriteManifest { units }) => serials::write_manifest(units),
        None => measure(&settings),
    }
}

fn measure(settings: &Settings) -> Result<()> {
    let machine = Machine::look();
    let page = Runtime::new()?.block_on(run(machine, settings))?;
    let text = page.render(settings);
    if settings.only.is_empty() {
        let file = match settings.node.url {
            Some(_) => "../throughput_cluster.md",
            None => "../throughput.md",
        };
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(file);
        fs::write(&path, &text).with_context(|| format!("cannot write {}", path.display()))?;
    }
    println!("{text}");
    let faults = page.faults();
    ensure!(
        faults.is_empty(),
        "{} things went wrong:\n{}",
        faults.len(),
        faults.join("\n")
    );
    Ok(())
}

/// Runs the parts that were asked for.
async fn run(machine: Machine, settings: &Settings) -> Result<Page> {
    let node = &settings.node;
    let is_asked = |part| settings.only.is_empty() || settings.only.contains(&part);
    let mut page = Page::new(machine);
    if is_asked(Part::Handoffs) {
        page.handoffs = Some(handoffs::run(&settings.handoffs, node).await?);
    }
    if is_asked(Part::Recalls) {
        page.recalls = Some(recalls::run(&settings.recalls, node).await?);
    }
    if is_asked(Part::Verification) {
        page.verification = Some(verification::run(&settings.verification, node).await?);
    }
    if is_asked(Part::Serials) {
        page.serials = Some(serials::run(&settings.serials)?);
    }
    Ok(page)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn settings(args: &[&str]) -> Result<Settings, clap::Error> {
        let args = ["load"].iter().chain(args);
        Cli::try_parse_from(args).map(|cli| cli.settings)
    }

    #[test]
    fn settings_are_bounded() {
        assert_eq!(settings(&["--lots", "3"]).unwrap().handoffs.lots, 3);
        for wrong in [
            ["--lots", "0"],
            ["--sites", "1"],
            ["--in-flight", "501"],
            ["--seconds", "301"],
            ["--slot-time", "49"],
            ["--url", "http://127.0.0.1:8899"],
            ["--authority", "authority.json"],
            ["--recalls", "0"],
            ["--recall-in-flight", "1"],
            ["--verify-lots", "0"],
            ["--verify-units", "8193"],
            ["--manifest-units", "0"],
        ] {
            assert!(settings(&wrong).is_err(), "{wrong:?}");
        }
    }

    #[test]
    fn a_clusters_slots_last_400_milliseconds() {
        assert_eq!(settings(&[]).unwrap().node.slot_time, 100);
        let cluster = ["--url", "http://127.0.0.1:8899", "--authority", "a.json"];
        let node = settings(&cluster).unwrap().node;
        assert_eq!(node.slot_time, 400);
        assert!(node.as_typed().starts_with("--url http://127.0.0.1:8899 "));
    }

    #[test]
    fn parts_can_be_named() {
        let only = |args| settings(args).unwrap().only;
        assert_eq!(only(&[]), []);
        assert_eq!(
            only(&["--only", "recalls,serials"]),
            [Part::Recalls, Part::Serials]
        );
    }

    #[test]
    fn processes_of_a_run_are_commands_of_their_own() {
        let cli = Cli::try_parse_from(["load", "node", "400"]).unwrap();
        assert!(matches!(
            cli.command,
            Some(Command::Node { slot_time: 400 })
        ));
        let cli = Cli::try_parse_from(["load", serials::COMMAND, "7"]).unwrap();
        assert!(matches!(
            cli.command,
            Some(Command::WriteManifest { units: 7 })
        ));
        assert!(Cli::try_parse_from(["load", "--lots", "3", "node", "400"]).is_err());
    }
}
