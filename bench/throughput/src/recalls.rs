//! How soon a recall stops a lot that is on the move: the time from submitting it to the first handoff
//! that the ledger refuses for it.
//!
//! Each round has a lot of its own, whose consignments of one unit go round the wholesalers, one
//! transaction in flight for each. The manufacturer then recalls the lot's first half. A consignment
//! of that half goes on until it is refused, the others until all of the half were.

use std::{
    ops::Range,
    sync::atomic::{AtomicBool, Ordering},
    time::{Duration, Instant},
};

use anyhow::{Context, Result, ensure};
use clap::{Args, value_parser};
use custody::CustodyError;
use futures_util::future::join_all;
use hdrhistogram::Histogram;
use pedigree_interface::instruction::recall::{self as to_recall, LotRecall, RecallTerms};
use program_tests::{address, recalled, refusal::failure, world::GTIN};
use solana_transaction_error::TransactionError;
use tokio::{join, time::sleep};

use crate::{
    chain::{self, Shipment},
    connection::Connection,
    load::Carrier,
    node::{self, Node},
    partners::{self, Partners},
};

/// Wholesalers that the lots go round.
pub const SITES: usize = 8;
/// How long the consignments are on the move before the recall.
pub const WARM_UP: Duration = Duration::from_secs(1);
/// How long a round lasts at most if nothing is refused.
const PATIENCE: Duration = Duration::from_secs(60);
/// Compute units of a handoff; a refused one uses some more, to log its reason.
const COMPUTE_UNITS: u32 = 20_000;

/// Options of this part.
#[derive(Args, Clone, Copy, Debug, PartialEq, Eq)]
#[group(skip)]
pub struct Settings {
    /// Recalls, each of a lot of its own
    #[arg(long, default_value_t = 20, value_parser = value_parser!(u16).range(1..=100))]
    pub recalls: u16,

    /// Consignments of each recalled lot on the move at a time
    #[arg(long, default_value_t = 32, value_parser = value_parser!(u16).range(2..=200))]
    pub recall_in_flight: u16,
}

/// The result of the recalls.
pub struct Findings {
    /// Microseconds from signing and submitting a recall until the client knows that it is confirmed.
    pub confirmed: Histogram<u64>,
    /// Microseconds from there until the client knows of the first handoff refused for it.
    pub refused: Histogram<u64>,
    /// Slots from the one in which the recall was submitted to the one in which it was executed.
    pub slots_to_recall: Histogram<u64>,
    /// Slots from the one in which the recall was submitted to that of the first refusal.
    pub slots_to_refusal: Histogram<u64>,
    /// Handoffs of recalled units that were refused, one for each consignment.
    pub refusals: usize,
    /// Handoffs of recalled units that succeeded in slots up to their recall's.
    pub before: usize,
    /// Handoffs of units of the same lots that are not recalled, in slots after the recall's.
    pub beside: usize,
    /// What went wrong, in words.
    pub faults: Vec<String>,
}

impl Findings {
    fn new() -> Result<Self> {
        Ok(Self {
            confirmed: Histogram::new(3)?,
            refused: Histogram::new(3)?,
            slots_to_recall: Histogram::new(3)?,
            slots_to_refusal: Histogram::new(3)?,
            refusals: 0,
            before: 0,
            beside: 0,
            faults: Vec::new(),
        })
    }

    /// Adds the result of one round.
    fn add(&mut self, round: &Round) -> Result<()> {
        let Round {
            opening,
            recalled,
            others,
        } = round;
        let refusal = refusal();
        let mut first: Option<&Handoff> = None;
        for handoff in recalled {
            match &handoff.failure {
                None if handoff.slot <= opening.slot => self.before += 1,
                None => self.faults.push(format!(
                    "recalled units were handed over in slot {}, after their recall in slot {}",
                    handoff.slot, opening.slot
                )),
                Some(failure) if *failure == refusal => {
                    self.refusals += 1;
                    if first.is_none_or(|first| handoff.known < first.known) {
                        first = Some(handoff);
                    }
                }
                Some(failure) => self.faults.push(format!(
                    "recalled units were refused for another reason than the recall: {failure}"
                )),
            }
        }
        for handoff in others {
            match &handoff.failure {
                None if handoff.slot > opening.slot => self.beside += 1,
                None => {}
                Some(failure) => {
                    self.faults.push(format!(
                        "units that are not recalled were refused: {failure}"
                    ));
                }
            }
        }
        let first = first.context("no handoff was refused for the recall")?;
        let micros = |duration: Duration| u64::try_from(duration.as_micros());
        self.confirmed
            .record(micros(opening.known - opening.submitted)?)?;
        self.refused
            .record(micros(first.known - opening.submitted)?)?;
        self.slots_to_recall
            .record(opening.slot - opening.submitted_at_slot)?;
        self.slots_to_refusal
            .record(first.slot - opening.submitted_at_slot)?;
        Ok(())
    }
}

/// Runs every recall on one node.
pub async fn run(settings: &Settings, node: &node::Settings) -> Result<Findings> {
    let node = Node::new(node)?;
    let connection = Connection::open(node.url()).await?;
    let partners = Partners::admit(&node, &connection, SITES).await?;
    let mut findings = Findings::new()?;
    for number in 0..settings.recalls {
        eprintln!("recalls: {} of {}", number + 1, settings.recalls);
        let lot = format!("RECALL-{number}");
        let round = run_round(&partners, &lot, settings.recall_in_flight.into()).await?;
        findings.add(&round)?;
    }
    Ok(findings)
}

/// What was seen of one recall.
struct Round {
    opening: Opening,
    /// Handoffs of units that the recall names.
    recalled: Vec<Handoff>,
    /// Handoffs of the lot's other units.
    others: Vec<Handoff>,
}

/// The recall.
struct Opening {
    submitted: Instant,
    /// The node's slot just before.
    submitted_at_slot: u64,
    /// When the client knew that it is confirmed.
    known: Instant,
    /// In which it was executed.
    slot: u64,
}

/// The outcome of a handoff.
struct Handoff {
    /// When the client knew.
    known: Instant,
    /// In which it was executed.
    slot: u64,
    failure: Option<TransactionError>,
}

async fn run_round(partners: &Partners<'_>, number: &str, in_flight: usize) -> Result<Round> {
    let connection = partners.connection;
    let consignments = partners.make_lot(number, 0, in_flight).await?;
    let lot = consignments[0].lot;
    let units = 0..in_flight as u32 / 2;
    let (mut recalled, mut others): (Vec<Shipment>, Vec<Shipment>) = consignments
        .chunks(1)
        .map(|consignment| Shipment::new(&partners.ring, 0, consignment))
        .partition(|shipment| shipment.overlaps(&units));

    let is_over = AtomicBool::new(false);
    let recalled_carriers = async {
        let carriers = recalled.iter_mut();
        let carried = join_all(carriers.map(|shipment| carry(connection, shipment, None))).await;
        is_over.store(true, Ordering::Relaxed);
        carried
    };
    let other_carriers = others
        .iter_mut()
        .map(|shipment| carry(connection, shipment, Some(&is_over)));
    let (opening, recalled_carried, others_carried) = join!(
        open(partners, lot, units),
        recalled_carriers,
        join_all(other_carriers)
    );
    let collect = |carried: Vec<Result<Vec<Handoff>>>| -> Result<Vec<Handoff>> {
        let carried: Vec<Vec<Handoff>> = carried.into_iter().collect::<Result<_>>()?;
        Ok(carried.into_iter().flatten().collect())
    };
    let round = Round {
        opening: opening?,
        recalled: collect(recalled_carried)?,
        others: collect(others_carried)?,
    };
    chain::verify(connection, recalled.iter().chain(&others)).await?;
    Ok(round)
}

/// Recalls `units` of `lot` once its consignments have been on the move for a while.
async fn open(
    partners: &Partners<'_>,
    lot: anchor_lang::Address,
    units: Range<u32>,
) -> Result<Opening> {
    sleep(WARM_UP).await;
    let terms = RecallTerms {
        units: recalled::units(units.start, units.end - units.start),
        ..recalled::recall_terms()
    };
    let manufacturer = &partners.manufacturer;
    let key = manufacturer.site.key;
    let recall = LotRecall {
        product: address::product(GTIN),
        lot,
        number: 0,
    };
    let recall = to_recall::open(key, manufacturer.site, recall, terms, recalled::notice());
    let submitted_at_slot = partners.connection.slot().await?;
    let submitted = Instant::now();
    let (_, status) = partners
        .connection
        .settle(partners::COMPUTE_UNITS, &[recall], &[&manufacturer.keypair])
        .await?;
    let known = Instant::now();
    status.status?;
    Ok(Opening {
        submitted,
        submitted_at_slot,
        known,
        slot: status.slot,
    })
}

/// Sends `shipment` on until a handoff is refused or it `is_over`.
async fn carry(
    connection: &Connection,
    shipment: &mut Shipment,
    is_over: Option<&AtomicBool>,
) -> Result<Vec<Handoff>> {
    let start = Instant::now();
    let mut handoffs = Vec::new();
    while !is_over.is_some_and(|is_over| is_over.load(Ordering::Relaxed)) {
        ensure!(
            start.elapsed() < PATIENCE,
            "nothing was refused for {} s",
            PATIENCE.as_secs()
        );
        let handoff = [shipment.instruction()];
        let (_, status) = connection
            .settle(COMPUTE_UNITS, &handoff, &shipment.signers())
            .await?;
        let is_refused = status.err.is_some();
        handoffs.push(Handoff {
            known: Instant::now(),
            slot: status.slot,
            failure: status.err,
        });
        if is_refused {
            break;
        }
        shipment.arrive()?;
    }
    Ok(handoffs)
}

/// How a handoff of recalled units fails. The transaction's first instruction sets its limit.
fn refusal() -> TransactionError {
    failure(1, CustodyError::Recalled)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn handoff(millisecond: u64, slot: u64, failure: Option<TransactionError>) -> Handoff {
        Handoff {
            known: start() + Duration::from_millis(millisecond),
            slot,
            failure,
        }
    }

    fn start() -> Instant {
        static START: std::sync::LazyLock<Instant> = std::sync::LazyLock::new(Instant::now);
        *START
    }

    /// A recall that was submitted in slot 5 and executed in slot 6.
    fn round(recalled: Vec<Handoff>, others: Vec<Handoff>) -> Round {
        Round {
            opening: Opening {
                submitted: start(),
                submitted_at_slot: 5,
                known: start() + Duration::from_millis(120),
                slot: 6,
            },
            recalled,
            others,
        }
    }

    fn add(round: &Round) -> Findings {
        let mut findings = Findings::new().unwrap();
        findings.add(round).unwrap();
        findings
    }

    #[test]
    fn the_first_refusal_is_timed_from_the_recalls_submission() {
        let findings = add(&round(
            vec![
                handoff(110, 6, None),
                handoff(230, 7, Some(refusal())),
                handoff(130, 6, Some(refusal())),
            ],
            vec![handoff(110, 6, None), handoff(230, 7, None)],
        ));
        assert_eq!(findings.faults, Vec::<String>::new());
        assert_eq!(
            (findings.refusals, findings.before, findings.beside),
            (2, 1, 1)
        );
        assert_eq!(findings.confirmed.max() / 1_000, 120);
        assert_eq!(findings.refused.max() / 1_000, 130);
        assert_eq!(findings.slots_to_recall.max(), 1);
        assert_eq!(findings.slots_to_refusal.max(), 1);
    }

    #[test]
    fn a_handoff_after_the_recall_is_a_fault() {
        let refused = || handoff(130, 6, Some(refusal()));
        let late = round(vec![refused(), handoff(230, 7, None)], Vec::new());
        assert!(add(&late).faults[0].contains("in slot 7, after their recall in slot 6"));
        let failure = Some(TransactionError::AccountInUse);
        let other_reason = round(vec![refused(), handoff(230, 7, failure)], Vec::new());
        assert!(add(&other_reason).faults[0].contains("another reason"));
        let others = vec![handoff(230, 7, Some(refusal()))];
        let too_much = round(vec![refused()], others);
        assert!(add(&too_much).faults[0].contains("not recalled"));
    }

    #[test]
    fn a_recall_that_refuses_nothing_is_an_error() {
        let nothing = round(vec![handoff(110, 6, None)], Vec::new());
        assert!(Findings::new().unwrap().add(&nothing).is_err());
    }
}
