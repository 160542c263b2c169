//! The section about the verification of packs.

use std::time::Duration;

use super::figures::{megabytes, milliseconds};
use crate::{
    node,
    verification::{FALSIFIED_EVERY, Findings, NOT_THE_LOTS, PRODUCTS, Settings},
};

pub fn section(settings: &Settings, node: &node::Settings, findings: &Findings) -> String {
    let Settings {
        verify_lots,
        verify_units,
        single_packs,
        bulk_packs,
        ..
    } = settings;
    let Findings {
        stock,
        singles,
        bulk,
    } = findings;
    let [p50, p95, p99, max] =
        [0.5, 0.95, 0.99, 1.0].map(|quantile| milliseconds(&singles.latencies, quantile));
    let again = node.as_typed();
    let verdict = match findings.faults().len() {
        0 => "Every answer was right.".to_owned(),
        count => format!("**{count} answers were wrong**, see the run's output."),
    };
    let each = |cpu: Duration, packs: u32| cpu.as_secs_f64() * 1_000.0 / f64::from(packs);
    format!(
        "\
## Verification of packs

- Run it again: `cargo xtask load --verify-lots {verify_lots} --verify-units {verify_units} \
--single-packs {single_packs} --bulk-packs {bulk_packs}
  {again}`.
- On the ledger, read back: {} lots of {PRODUCTS} products, {} units, {} pages. The programs minted each
  lot with the root of its own manifest, all of which are in one folder. To write the manifests and mint
  the lots took {:.0} s.
- *One by one*: {single_packs} packs at random from all lots, as the client does it: the serial is looked up in
  its manifest and proven, then one `getMultipleAccounts` reads product, lot and page. Opening the
  manifests before that took {:.1} s.
- *In bulk*: {bulk_packs} raw scans on the standard input of `pedigree scan`, several of which it asks about at
  once. One in {FALSIFIED_EVERY} bears a serial number that does not exist, for which all manifests of the product
  are looked through: {} were answered `{}`, {} verified. From the process's
  start to its end {:.1} s passed, and it had {:.0} MB in memory at most.
- {verdict}

| packs | | measured | target |
|---|---|---:|---:|
| one by one | p50 | {p50:.1} ms | |
| one by one | p95 | {p95:.1} ms | 100 ms |
| one by one | p99 | {p99:.1} ms | |
| one by one | max | {max:.1} ms | |
| in bulk | packs a second | {:.0} | 200 |
| one by one | CPU time of client and node | {:.1} + {:.1} ms a pack | |
| in bulk | CPU time of client and node | {:.1} + {:.1} ms a pack | |
",
        stock.lots,
        stock.units,
        stock.pages,
        stock.elapsed.as_secs_f64(),
        singles.opening.as_secs_f64(),
        bulk.totals
            .not_verified
            .get(NOT_THE_LOTS.code())
            .copied()
            .unwrap_or_default(),
        NOT_THE_LOTS.code(),
        bulk.totals.verified,
        bulk.elapsed.as_secs_f64(),
        megabytes(bulk.peak_memory),
        bulk.totals.scans as f64 / bulk.seconds,
        each(singles.client_cpu, *single_packs),
        each(singles.node_cpu, *single_packs),
        each(bulk.client_cpu, *bulk_packs),
        each(bulk.node_cpu, *bulk_packs),
    )
}
