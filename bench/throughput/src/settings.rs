//! What a run measures, and on what.

use clap::{Args, ValueEnum};

use crate::{handoffs, node, recalls, serials, verification};

/// The command line's options.
#[derive(Args, Clone, Debug, PartialEq, Eq)]
pub struct Settings {
    /// Measure only this, and print it instead of writing the page
    #[arg(long, value_enum, value_delimiter = ',')]
    pub only: Vec<Part>,

    #[command(flatten, next_help_heading = "Node")]
    pub node: node::Settings,

    #[command(flatten, next_help_heading = "Handoffs")]
    pub handoffs: handoffs::Settings,

    #[command(flatten, next_help_heading = "Recalls")]
    pub recalls: recalls::Settings,

    #[command(flatten, next_help_heading = "Verification")]
    pub verification: verification::Settings,

    #[command(flatten, next_help_heading = "Serial numbers")]
    pub serials: serials::Settings,
}

/// What is measured, each part on a node of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Part {
    /// Handoffs a second.
    Handoffs,
    /// From a recall's submission to the first refusal.
    Recalls,
    /// Packs verified one by one and in bulk.
    Verification,
    /// The manifest of a large lot.
    Serials,
}
