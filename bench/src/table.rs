//! The committed table.

use std::{collections::BTreeSet, fmt::Write};

use crate::measurement::Measurement;

const INTRODUCTION: &str = "\
# What each instruction costs

Measured by `cargo xtask bench` on the compiled sBPF v3 programs in LiteSVM; `cargo xtask bench
--check`, part of `cargo xtask test`, fails when a figure changes. The figures are those of the
Debian toolchain's code: where `cargo build-sbf` is installed, add `--toolchain debian`.

Each instruction stands alone in a legacy transaction (1,232 bytes at most). *CU* are compute units
of the whole transaction, *data* bytes of instruction data, *new* bytes of accounts created, whose
rent the cluster sets. An instruction that creates an account searches for its address's bump, about
1,500 CU for each step beyond the first, so its CU vary with the address; the others' do not.

| program | instruction | CU | data | accounts | transaction bytes | new bytes |
|---|---|---:|---:|---:|---:|---:|
";

/// The table as it is committed.
pub fn render(measurements: &[Measurement]) -> String {
    let mut table = INTRODUCTION.to_owned();
    for row in measurements {
        writeln!(
            table,
            "| {} | `{}` | {} | {} | {} | {} | {} |",
            row.program,
            row.instruction,
            row.compute_units,
            row.data_bytes,
            row.accounts,
            row.transaction_bytes,
            row.new_bytes
        )
        .expect("a String takes everything");
    }
    table
}

/// Lines that only one of the tables has.
pub fn changes(committed: &str, measured: &str) -> Vec<String> {
    let (committed, measured): (BTreeSet<_>, BTreeSet<_>) =
        (committed.lines().collect(), measured.lines().collect());
    let gone = committed
        .difference(&measured)
        .map(|line| format!("- {line}"));
    let new = measured
        .difference(&committed)
        .map(|line| format!("+ {line}"));
    gone.chain(new).collect()
}

#[cfg(test)]
mod tests {
    use super::changes;

    #[test]
    fn a_changed_figure_shows_on_both_sides() {
        assert!(changes("a\nb", "a\nb").is_empty());
        assert_eq!(changes("a 1\nb", "a 2\nb"), ["- a 1", "+ a 2"]);
    }
}
