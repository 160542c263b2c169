//! The committed table.

use std::{collections::BTreeMap, fmt::Write};

use crate::measurement::Measurement;

const INTRODUCTION: &str = "\
# What each instruction costs

Measured by `cargo xtask bench` on the compiled sBPF v3 programs in LiteSVM; `cargo xtask bench
--check`, part of `cargo xtask test`, fails when a figure is not true any more. The figures are those
of the Debian toolchain's code: where `cargo build-sbf` is installed, add `--toolchain debian`.

Each instruction stands alone in a legacy transaction, which holds 1,232 bytes at most (a v1
transaction 4,096). *CU* are compute units of the whole transaction, *change* those since the last
commit, *data* bytes of instruction data, *tx* bytes of the signed transaction, *loaded* bytes of
accounts and programs that the runtime loads, *cost* the cost model's units (signatures, write locks,
data, CU, loaded pages), *new* bytes of accounts created and *rent* the lamports that keep them, at the
rate of LiteSVM. An instruction that creates an account searches for its address's bump, about 1,500 CU
for each step beyond the first, so its CU vary with the address; the others' do not.

*floor* is the same handoff, rule for rule, written by hand (`bench/floor`); token programs and memo
are what one might use instead, without any of the rules.

";

const HEADER: &str = "\
| program | instruction | CU | change | data | accounts | tx | loaded | cost | new | rent |
|---|---|---:|---:|---:|---:|---:|---:|---:|---:|---:|
";

/// The CU of each row of a committed table, by program and instruction.
type ComputeUnits = BTreeMap<(String, String), u64>;

/// The table as it is committed; `last` is what the last commit has.
pub fn render(measurements: &[Measurement], summary: &str, last: &str) -> String {
    let last = compute_units(last);
    let mut table = format!("{INTRODUCTION}{summary}\n{HEADER}");
    for row in measurements {
        let key = (row.program.to_owned(), format!("`{}`", row.instruction));
        let change = match last.get(&key) {
            None => "new".to_owned(),
            Some(&last) if last == row.compute_units => "0".to_owned(),
            Some(&last) => format!("{:+}", row.compute_units.cast_signed() - last.cast_signed()),
        };
        writeln!(
            table,
            "| {} | `{}` | {} | {change} | {} | {} | {} | {} | {} | {} | {} |",
            row.program,
            row.instruction,
            row.compute_units,
            row.data_bytes,
            row.accounts,
            row.transaction_bytes,
            row.loaded_bytes,
            row.cost_units,
            row.new_bytes,
            row.rent,
        )
        .expect("a String takes everything");
    }
    table
}

/// Lines that only one of the tables has, apart from the column of changes.
pub fn differences(committed: &str, measured: &str) -> Vec<String> {
    let (committed, measured) = (without_changes(committed), without_changes(measured));
    let only_in = |a: &[String], b: &[String], sign| -> Vec<String> {
        a.iter()
            .filter(|line| !b.contains(line))
            .map(|line| format!("{sign} {line}"))
            .collect()
    };
    [
        only_in(&committed, &measured, '-'),
        only_in(&measured, &committed, '+'),
    ]
    .concat()
}

/// Instructions that cost over 2 % more CU than in the committed table.
pub fn regressions(committed: &str, measurements: &[Measurement]) -> Vec<String> {
    let committed = compute_units(committed);
    let worse = measurements.iter().filter_map(|row| {
        let key = (row.program.to_owned(), format!("`{}`", row.instruction));
        let before = *committed.get(&key)?;
        (row.compute_units * 100 > before * 102).then(|| {
            let (program, name, now) = (row.program, &row.instruction, row.compute_units);
            format!("{program} {name}: {before} CU before, {now} now")
        })
    });
    worse.collect()
}

fn cells(line: &str) -> Option<Vec<&str>> {
    let cells: Vec<&str> = line.strip_prefix('|')?.split('|').map(str::trim).collect();
    (cells.len() > 4).then_some(cells)
}

fn compute_units(table: &str) -> ComputeUnits {
    let rows = table.lines().filter_map(|line| {
        let cells = cells(line)?;
        Some(((cells[0].into(), cells[1].into()), cells[2].parse().ok()?))
    });
    rows.collect()
}

fn without_changes(table: &str) -> Vec<String> {
    let lines = table.lines().map(|line| match cells(line) {
        Some(mut cells) => {
            cells[3] = "";
            cells.join("|")
        }
        None => line.to_owned(),
    });
    lines.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const ROW: &str = "| custody | `handoff` | 400 | -5 | 38 | 7 | 1 | 2 | 3 | 4 | 5 |";

    fn row(compute_units: u64) -> Measurement {
        Measurement {
            program: "custody",
            instruction: "handoff".into(),
            compute_units,
            data_bytes: 38,
            accounts: 7,
            transaction_bytes: 1,
            loaded_bytes: 2,
            cost_units: 3,
            new_bytes: 4,
            rent: 5,
        }
    }

    #[test]
    fn a_changed_figure_shows_on_both_sides() {
        assert!(differences(ROW, &ROW.replace("-5", "0")).is_empty());
        assert_eq!(differences(ROW, &ROW.replace("400", "401")).len(), 2);
        assert_eq!(differences("a\nb", "a"), ["- b"]);
    }

    #[test]
    fn up_to_two_per_cent_pass() {
        assert!(regressions(ROW, &[row(408)]).is_empty());
        assert_eq!(
            regressions(ROW, &[row(409)]),
            ["custody handoff: 400 CU before, 409 now"]
        );
        assert!(regressions("", &[row(409)]).is_empty());
    }

    #[test]
    fn a_row_shows_its_change() {
        let change = |last: &str| {
            let table = render(&[row(400)], "", last);
            cells(table.lines().last().unwrap()).unwrap()[3].to_owned()
        };
        assert_eq!(change(""), "new");
        assert_eq!(change(ROW), "0");
        assert_eq!(change(&ROW.replace("400", "500")), "-100");
    }
}
