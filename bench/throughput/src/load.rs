//! Sustained load: as many transactions in flight as there are carriers, each of which waits for its
//! own to be confirmed before it sends the next. So no two in flight touch one consignment.

use std::time::{Duration, Instant};

use anchor_lang::solana_program::instruction::Instruction;
use anyhow::Result;
use futures_util::future::join_all;
use hdrhistogram::Histogram;
use solana_keypair::Keypair;
use solana_signature::Signature;

use crate::{connection::Connection, machine::Processes};

/// What a transaction may use, for each thing that it moves.
pub const COMPUTE_UNITS: u32 = 1_000;
/// The most transactions that one carrier sends.
const TRANSACTIONS: usize = 100_000;
/// Number of transactions whose compute units are read from the node.
pub const SAMPLE: usize = 20;

/// A sender of one transaction after the other.
pub trait Carrier {
    /// Things that each transaction moves.
    fn size(&self) -> usize;

    /// What the next transaction does.
    fn instruction(&self) -> Instruction;

    /// Who signs it, the payer first.
    fn signers(&self) -> Vec<&Keypair>;

    /// Records that it is confirmed.
    fn arrive(&mut self) -> Result<()>;
}

/// The result of a load.
pub struct Outcome {
    pub name: &'static str,
    /// Things that each transaction moved.
    pub size: usize,
    /// Microseconds from submission to confirmation, of each transaction that succeeded.
    pub latencies: Histogram<u64>,
    /// Why the others failed.
    pub failures: Vec<String>,
    /// From the first submission to the last confirmation.
    pub elapsed: Duration,
    pub node_cpu: Duration,
    pub client_cpu: Duration,
    /// The least and the most that a transaction consumed, as the node says.
    pub compute_units: Option<(u64, u64)>,
}

impl Outcome {
    /// Confirmed transactions a second.
    pub fn rate(&self) -> f64 {
        self.latencies.len() as f64 / self.elapsed.as_secs_f64()
    }

    /// The node's CPU time for each confirmed transaction, in milliseconds.
    pub fn node_milliseconds(&self) -> f64 {
        self.node_cpu.as_secs_f64() * 1_000.0 / self.latencies.len() as f64
    }
}

/// Keeps every carrier busy for `duration`.
pub async fn sustain<C: Carrier>(
    connection: &Connection,
    processes: &mut Processes,
    name: &'static str,
    carriers: &mut [C],
    duration: Duration,
) -> Result<Outcome> {
    let size = carriers.first().map_or(0, Carrier::size);
    let cpu_before = processes.cpu_times()?;
    let start = Instant::now();
    let deadline = start + duration;
    let carriers = carriers
        .iter_mut()
        .map(|carrier| carry(connection, carrier, deadline));
    let carried = join_all(carriers).await;
    let elapsed = start.elapsed();
    let cpu_after = processes.cpu_times()?;

    let mut latencies = Histogram::new(3)?;
    let mut failures = Vec::new();
    let mut sample = Vec::new();
    for one in carried {
        for latency in one.latencies {
            latencies.record(latency.as_micros().try_into()?)?;
        }
        failures.extend(one.failure);
        sample.extend(one.last);
    }
    sample.truncate(SAMPLE);
    let mut consumed = Vec::new();
    for signature in &sample {
        consumed.push(connection.compute_units(signature).await?);
    }
    Ok(Outcome {
        name,
        size,
        latencies,
        failures,
        elapsed,
        node_cpu: cpu_after.node - cpu_before.node,
        client_cpu: cpu_after.client - cpu_before.client,
        compute_units: consumed
            .iter()
            .copied()
            .min()
            .zip(consumed.into_iter().max()),
    })
}

/// The result of one carrier.
#[derive(Default)]
struct Carried {
    latencies: Vec<Duration>,
    last: Option<Signature>,
    failure: Option<String>,
}

/// Sends `carrier`'s transactions until `deadline`, or until one fails. Where its consignments are
/// then is read from the ledger.
async fn carry<C: Carrier>(connection: &Connection, carrier: &mut C, deadline: Instant) -> Carried {
    let mut carried = Carried::default();
    let compute_units = COMPUTE_UNITS * carrier.size() as u32;
    for _ in 0..TRANSACTIONS {
        let submitted = Instant::now();
        if submitted >= deadline {
            break;
        }
        let executed = connection
            .execute(compute_units, &[carrier.instruction()], &carrier.signers())
            .await;
        let latency = submitted.elapsed();
        match executed.and_then(|signature| carrier.arrive().map(|()| signature)) {
            Ok(signature) => {
                carried.latencies.push(latency);
                carried.last = Some(signature);
            }
            Err(error) => {
                carried.failure = Some(format!("{error:#}"));
                break;
            }
        }
    }
    carried
}
