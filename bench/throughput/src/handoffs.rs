//! How many handoffs a second the node takes from a client that signs, sends and confirms them one by
//! one.

use std::time::Duration;

use anyhow::Result;
use clap::{Args, value_parser};

use crate::{
    chain::{self, Chain},
    connection::Connection,
    load::{Outcome, sustain},
    machine::Processes,
    node::{self, Node},
    partners::Partners,
    payments::Payments,
};

/// Options of this part.
#[derive(Args, Clone, Copy, Debug, PartialEq, Eq)]
#[group(skip)]
pub struct Settings {
    /// Wholesalers that the lots go round
    #[arg(long, default_value_t = 8, value_parser = value_parser!(u16).range(2..=100))]
    pub sites: u16,

    /// Lots, all of one product
    #[arg(long, default_value_t = 20, value_parser = value_parser!(u16).range(1..=100))]
    pub lots: u16,

    /// Transactions in flight at a time
    #[arg(long, default_value_t = 64, value_parser = value_parser!(u16).range(1..=500))]
    pub in_flight: u16,

    /// Seconds that each of the three loads lasts
    #[arg(long, default_value_t = 20, value_parser = value_parser!(u64).range(1..=300))]
    pub seconds: u64,
}

/// The results of the loads.
pub struct Findings {
    /// Of plain transfers, handoffs and batches of them.
    pub outcomes: Vec<Outcome>,
    /// How many consignments were found where they should be in the end.
    pub verified: Result<usize>,
}

impl Findings {
    /// What must not be, in words.
    pub fn faults(&self) -> Vec<String> {
        let failures = self.outcomes.iter().flat_map(|outcome| &outcome.failures);
        let astray = self.verified.as_ref().err().map(ToString::to_string);
        failures.cloned().chain(astray).collect()
    }
}

/// Runs every load on one node.
pub async fn run(settings: &Settings, node: &node::Settings) -> Result<Findings> {
    let &Settings {
        sites,
        lots,
        in_flight,
        seconds,
    } = settings;
    let in_flight = in_flight.into();
    let duration = Duration::from_secs(seconds);
    let node = Node::new(node)?;
    let mut processes = Processes::new(node.process_id())?;
    let connection = Connection::open(node.url()).await?;
    eprintln!("handoffs: setting up {lots} lots and {sites} sites");
    let partners = Partners::admit(&node, &connection, sites.into()).await?;
    let mut chain = Chain::set_up(&partners, lots.into(), in_flight).await?;
    let mut payments = Payments::carriers(&partners.ring, in_flight);

    eprintln!("handoffs: three loads of {seconds} s each");
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
    let verified = chain::verify(&connection, chain.shipments()).await;
    Ok(Findings { outcomes, verified })
}
