//! The two forms of every answer: tables for people, JSON for programs.

use std::{
    io::{ErrorKind, Write as _},
    process::exit,
};

use anstyle::{AnsiColor, Style};
use comfy_table::{ContentArrangement, Table, TableComponent, presets};
use serde::Serialize;

/// How results are printed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, clap::ValueEnum)]
pub enum Output {
    /// For people.
    #[default]
    Table,
    /// For programs: one JSON document.
    Json,
}

/// Something a command prints.
pub trait Report: Serialize {
    /// For people; may hold ANSI styles, which are removed where the output is not a terminal.
    fn text(&self) -> String;
}

impl Output {
    pub fn print(self, report: &impl Report) {
        match self {
            Self::Table => write(report.text().trim_end()),
            Self::Json => {
                write(
                    &serde_json::to_string_pretty(report).expect("reports have string keys only"),
                );
            }
        }
    }

    /// Prints a report that is one of many: a line, or a JSON document on a line.
    pub fn print_line(self, report: &impl Report) {
        match self {
            Self::Table => self.print(report),
            Self::Json => {
                write(&serde_json::to_string(report).expect("reports have string keys only"));
            }
        }
    }

    pub fn print_error(self, error: &anyhow::Error) {
        match self {
            Self::Table => anstream::eprintln!("{} {error:#}", paint(AnsiColor::Red, "error:")),
            Self::Json => {
                let refusal = error
                    .downcast_ref::<pedigree_client::Error>()
                    .and_then(pedigree_client::Error::refusal);
                let document =
                    serde_json::json!({ "error": format!("{error:#}"), "refusal": refusal });
                eprintln!("{document}");
            }
        }
    }
}

/// Writes to standard output. Its reader may stop, as `head` does: that is not an error.
fn write(text: &str) {
    match writeln!(anstream::stdout(), "{text}") {
        Err(error) if error.kind() == ErrorKind::BrokenPipe => exit(0),
        written => written.expect("standard output can be written"),
    }
}

/// `text` in bold colour.
pub fn paint(color: AnsiColor, text: &str) -> String {
    let style = Style::new().bold().fg_color(Some(color.into()));
    format!("{style}{text}{style:#}")
}

/// Labels and values, one pair a line.
pub fn fields<'a>(pairs: impl IntoIterator<Item = (&'a str, String)>) -> String {
    let mut table = Table::new();
    table.load_preset(presets::NOTHING);
    for (label, value) in pairs {
        table.add_row([label, value.as_str()]);
    }
    trim_lines(&table)
}

/// Rows under a header, or `none`.
pub fn rows<const N: usize>(
    header: [&str; N],
    rows: impl IntoIterator<Item = [String; N]>,
) -> String {
    let mut table = Table::new();
    table.load_preset(presets::NOTHING);
    table.set_style(TableComponent::HeaderLines, '─');
    table.set_style(TableComponent::MiddleHeaderIntersections, '─');
    table.set_content_arrangement(ContentArrangement::Disabled);
    table.set_header(header);
    table.add_rows(rows);
    if table.is_empty() {
        "none".to_owned()
    } else {
        trim_lines(&table)
    }
}

fn trim_lines(table: &Table) -> String {
    table
        .to_string()
        .lines()
        .map(str::trim_end)
        .collect::<Vec<_>>()
        .join("\n")
}
