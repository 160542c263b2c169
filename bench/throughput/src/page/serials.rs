//! The section about the manifest of a large lot.

use super::figures::megabytes;
use crate::serials::{Findings, Settings};

pub fn section(settings: &Settings, findings: &Findings) -> String {
    let Settings { manifest_units } = settings;
    let Findings {
        elapsed,
        cpu,
        peak_memory,
    } = findings;
    format!(
        "\
## The manifest of {manifest_units} units

What `pedigree lot mint --generate {manifest_units}` does before the ledger has a part in it, in a process
of its own: it draws the serial numbers and writes the manifest with salts, tree and index.
`cargo xtask load --manifest-units {manifest_units}` repeats it.

| | measured | target |
|---|---:|---:|
| time | {:.1} s | 10 s |
| CPU time | {:.1} s | |
| peak memory | {:.0} MB | 500 MB |
",
        elapsed.as_secs_f64(),
        cpu.as_secs_f64(),
        megabytes(*peak_memory),
    )
}
