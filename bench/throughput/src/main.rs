//! Measures how many handoffs a second the embedded node takes from a client that signs, sends and
//! confirms them one by one, and writes it to `bench/throughput.md`.
//!
//! Nothing asserts on the figures, which are the machine's as much as the programs'. What is
//! asserted: every transaction succeeds, and every consignment ends where the run left it.

mod chain;
mod connection;
mod load;
mod machine;
mod node;
mod payments;
mod table;

use std::{fs, path::Path, time::Duration};

use anyhow::{Context, Result, ensure};
use clap::{Args, Parser, Subcommand, value_parser};
use tokio::runtime::Runtime;

use crate::{
    chain::Chain,
    connection::Connection,
    load::{Outcome, sustain},
    machine::{Machine, Processes},
    node::Node,
    payments::Payments,
};

/// Measures sustained handoffs against the embedded node, on this machine only.
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
    /// Be the node of a run.
    #[command(hide = true)]
    Node {
        /// Milliseconds.
        slot_time: u64,
    },
}

/// What to run.
#[derive(Args, Clone, Copy, Debug, PartialEq, Eq)]
struct Settings {
    /// Wholesalers that the lots go round
    #[arg(long, default_value_t = 8, value_parser = value_parser!(u16).range(2..=100))]
    sites: u16,

    /// Lots, all of one product
    #[arg(long, default_value_t = 20, value_parser = value_parser!(u16).range(1..=100))]
    lots: u16,

    /// Transactions in flight at a time
    #[arg(long, default_value_t = 64, value_parser = value_parser!(u16).range(1..=500))]
    in_flight: u16,

    /// Seconds that each of the three loads lasts
    #[arg(long, default_value_t = 20, value_parser = value_parser!(u64).range(1..=300))]
    seconds: u64,

    /// Milliseconds that a slot of the node lasts; a cluster's last 400, which would be most of what
    /// is measured
    #[arg(long, default_value_t = 100, value_parser = value_parser!(u64).range(50..=1_000))]
    slot_time: u64,
}

fn main() -> Result<()> {
    let Cli { command, settings } = Cli::parse();
    if let Some(Command::Node { slot_time }) = command {
        return node::serve(Duration::from_millis(slot_time));
    }
    let machine = Machine::look();
    let (outcomes, verified) = Runtime::new()?.block_on(run(&settings))?;

    let table = table::render(&machine, &settings, &outcomes, &verified);
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../throughput.md");
    fs::write(&path, &table).with_context(|| format!("cannot write {}", path.display()))?;
    println!("{table}");
    let failures: Vec<&str> = outcomes
        .iter()
        .flat_map(|outcome| &outcome.failures)
        .map(String::as_str)
        .collect();
    ensure!(
        failures.is_empty(),
        "{} transactions failed:\n{}",
        failures.len(),
        failures.join("\n")
    );
    verified.map(drop)
}

/// Runs every load on a node of its own. Returns what each came to, and how many consignments were
/// found where they should be in the end.
async fn run(settings: &Settings) -> Result<(Vec<Outcome>, Result<usize>)> {
    let &Settings {
        sites,
        lots,
        in_flight,
        seconds,
        slot_time,
    } = settings;
    let (sites, lots, in_flight) = (sites.into(), lots.into(), in_flight.into());
    let duration = Duration::from_secs(seconds);
    let node = Node::start(Duration::from_millis(slot_time))?;
    let mut processes = Processes::new(node.process_id())?;
    let connection = Connection::open(node.url()).await?;
    eprintln!("setting up {lots} lots and {sites} sites");
    let mut chain = Chain::set_up(&connection, sites, lots, in_flight).await?;
    let mut payments = Payments::carriers(&chain.ring, in_flight);

    eprintln!("three loads of {seconds} s each");
    let outcomes = vec![
        sustain(
            &connection,
            &mut processes,
            "transfer",
            &mut payments,
            duration,
        )
        .await?,
        sustain(
            &connection,
            &mut processes,
            "handoff",
            &mut chain.singles,
            duration,
        )
        .await?,
        sustain(
            &connection,
            &mut processes,
            "handoff_batch",
            &mut chain.batches,
            duration,
        )
        .await?,
    ];
    let verified = chain.verify(&connection).await;
    Ok((outcomes, verified))
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
        assert_eq!(settings(&["--lots", "3"]).unwrap().lots, 3);
        for wrong in [
            ["--lots", "0"],
            ["--sites", "1"],
            ["--in-flight", "501"],
            ["--seconds", "301"],
            ["--slot-time", "49"],
        ] {
            assert!(settings(&wrong).is_err(), "{wrong:?}");
        }
    }

    #[test]
    fn the_node_is_a_command_of_its_own() {
        let cli = Cli::try_parse_from(["load", "node", "400"]).unwrap();
        assert!(matches!(
            cli.command,
            Some(Command::Node { slot_time: 400 })
        ));
        assert!(Cli::try_parse_from(["load", "--lots", "3", "node", "400"]).is_err());
    }
}
