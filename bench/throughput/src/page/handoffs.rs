//! The section about sustained handoffs.

use std::fmt::Write;

use super::figures::milliseconds;
use crate::{
    chain::BATCH,
    connection::{CONFIRMATION_TIMEOUT, POLL_INTERVAL, RESUBMISSION, STATUSES_PER_REQUEST},
    handoffs::{Findings, Settings},
    load::{COMPUTE_UNITS, Outcome, SAMPLE},
    node,
};

const HEADER: &str = "\
| load | sent | failed | a second | moved a second | p50 | p95 | p99 | max | CU | CU each | node s | client s | node ms |
|---|---:|---:|---:|---:|---:|---:|---:|---:|---:|---:|---:|---:|---:|
";

pub fn section(settings: &Settings, node: &node::Settings, findings: &Findings) -> String {
    let mut section = conditions(settings, node);
    section.push_str(HEADER);
    for outcome in &findings.outcomes {
        writeln!(section, "{}", row(outcome)).expect("a String takes everything");
    }
    section.push('\n');
    if let [transfer, others @ ..] = &findings.outcomes[..] {
        for outcome in others {
            writeln!(section, "{}", comparison(outcome, transfer))
                .expect("a String takes everything");
        }
    }
    section.push_str(&match &findings.verified {
        Ok(count) => format!(
            "- All {count} consignments were read back in the end. Each was as the client had computed \
             it from\n  the confirmed handoffs, custodian, sequence and trail: none was lost, none done \
             twice.\n"
        ),
        Err(error) => format!("- **Not where the run left them:** {error}\n"),
    });
    section
}

fn conditions(settings: &Settings, node: &node::Settings) -> String {
    let Settings {
        sites,
        lots,
        in_flight,
        seconds,
    } = settings;
    let ceiling = f64::from(*in_flight) * 1_000.0 / node.slot_time as f64;
    let (again, slot_time) = (node.as_typed(), node.slot_time);
    let (poll, timeout) = (POLL_INTERVAL.as_millis(), CONFIRMATION_TIMEOUT.as_secs());
    let resubmission = RESUBMISSION.as_secs();
    format!(
        "\
## Handoffs a second

- Run it again: `cargo xtask load --sites {sites} --lots {lots} --in-flight {in_flight} --seconds {seconds} \
{again}`.
- {in_flight} carriers send one transaction after the other, each the next once its last is confirmed:
  so {in_flight} are in flight, and no two touch one consignment. A `handoff` is a sale from one wholesaler
  to the next, with two signatures; a `handoff_batch` sells {BATCH} consignments of one lot; a `transfer`
  moves lamports, with one signature.
- Each transaction limits itself to {COMPUTE_UNITS} CU for each thing it moves, and skips preflight. One
  `getSignatureStatuses` asks for up to {STATUSES_PER_REQUEST} of those in flight, {poll} ms after the
  last answer. What is not confirmed in {resubmission} s is submitted again, as wallets do, what is not in {timeout} s
  has failed, and a carrier stops at its first failure.
- The node confirms a transaction when its slot of {slot_time} ms ends, so that {in_flight} in flight are
  about {ceiling:.0} a second at most. Where it took fewer, it was busy.

*Sent* transactions were confirmed, *moved* are consignments, or payments. *p50* to *max* are
milliseconds from signing and submission to confirmation. *CU* are a transaction's as the node reports
them of {SAMPLE}, 150 for setting the limit among them, and *CU each* those for each thing moved. *node s*
and *client s* are seconds of CPU time, *node ms* the node's milliseconds for each transaction.

"
    )
}

fn row(outcome: &Outcome) -> String {
    let Outcome {
        name,
        size,
        latencies,
        failures,
        node_cpu,
        client_cpu,
        compute_units,
        ..
    } = outcome;
    let [p50, p95, p99, max] =
        [0.5, 0.95, 0.99, 1.0].map(|quantile| milliseconds(latencies, quantile));
    let (cu, cu_each) = compute_units.map_or_else(
        || ("-".to_owned(), "-".to_owned()),
        |(least, most)| {
            let cu = if least == most {
                most.to_string()
            } else {
                format!("{least} to {most}")
            };
            (cu, most.div_ceil(*size as u64).to_string())
        },
    );
    format!(
        "| `{name}` | {} | {} | {:.1} | {:.1} | {p50:.0} | {p95:.0} | {p99:.0} | {max:.0} | {cu} | {cu_each} | {:.1} | {:.1} | {:.1} |",
        latencies.len(),
        failures.len(),
        outcome.rate(),
        outcome.rate() * *size as f64,
        node_cpu.as_secs_f64(),
        client_cpu.as_secs_f64(),
        outcome.node_milliseconds(),
    )
}

/// How an outcome stands to the plain transfer.
fn comparison(outcome: &Outcome, transfer: &Outcome) -> String {
    let transactions = outcome.rate() / transfer.rate();
    format!(
        "- `{}` to `{}`: {transactions:.2} times the transactions a second, {:.2} times the things moved, \
         {:.2} times the\n  node's CPU time a transaction.",
        outcome.name,
        transfer.name,
        transactions * outcome.size as f64,
        outcome.node_milliseconds() / transfer.node_milliseconds(),
    )
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use anyhow::anyhow;
    use hdrhistogram::Histogram;

    use super::*;

    fn outcome(name: &'static str, size: usize, count: u64) -> Outcome {
        let mut latencies = Histogram::new(3).unwrap();
        for millisecond in 1..=count {
            latencies.record(millisecond * 1_000).unwrap();
        }
        Outcome {
            name,
            size,
            latencies,
            failures: vec!["refused".into()],
            elapsed: Duration::from_secs(10),
            node_cpu: Duration::from_millis(4_000),
            client_cpu: Duration::from_millis(2_500),
            compute_units: Some((5_382, 5_382)),
        }
    }

    #[test]
    fn a_row_has_rates_latencies_and_costs() {
        assert_eq!(
            row(&outcome("handoff_batch", 20, 100)),
            "| `handoff_batch` | 100 | 1 | 10.0 | 200.0 | 50 | 95 | 99 | 100 | 5382 | 270 | 4.0 | 2.5 | 40.0 |"
        );
    }

    #[test]
    fn a_load_of_which_nothing_succeeds_has_a_row() {
        let failed = Outcome {
            compute_units: None,
            ..outcome("handoff", 1, 0)
        };
        assert_eq!(
            row(&failed),
            "| `handoff` | 0 | 1 | 0.0 | 0.0 | 0 | 0 | 0 | 0 | - | - | 4.0 | 2.5 | inf |"
        );
    }

    #[test]
    fn the_section_compares_and_says_what_was_verified() {
        let settings = Settings {
            sites: 8,
            lots: 20,
            in_flight: 64,
            seconds: 20,
        };
        let node = <crate::Cli as clap::Parser>::parse_from(["load", "--slot-time", "400"]);
        let node = node.settings.node;
        let mut findings = Findings {
            outcomes: vec![
                outcome("transfer", 1, 200),
                outcome("handoff_batch", 20, 100),
            ],
            verified: Ok(1_344),
        };
        let text = section(&settings, &node, &findings);
        for part in [
            "--in-flight 64 --seconds 20 --slot-time 400",
            "0.50 times the transactions",
            "10.00 times the things",
            "2.00 times the\n",
            "All 1344",
        ] {
            assert!(text.contains(part), "{part}");
        }
        findings.verified = Err(anyhow!("astray"));
        let text = section(&settings, &node, &findings);
        assert!(text.contains("**Not where the run left them:** astray"));
    }
}
