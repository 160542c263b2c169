//! The steps that turn a cluster with the programs deployed into a working registry.
//!
//! Each step first checks whether it is done and then changes nothing, so all of them may be run
//! again at any time: after an interruption, or to publish the IDLs of an upgrade. `anchor deploy`
//! deploys the programs; the `pedigree` command does everything after the first issuer.

mod deployment;
mod error;
mod idl;
mod outcome;
mod program;
mod program_metadata;
mod registry;
mod setup;

use std::fmt;

pub use crate::{
    error::{Error, Result},
    outcome::Outcome,
    program::Program,
    setup::{FirstIssuer, Setup},
};

/// One step.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    InitializeRegistry,
    AddIssuer,
    /// Publishes the IDL where explorers and Anchor's tools look for it.
    PublishIdl(Program),
}

impl Step {
    /// Every step, in the order in which they depend on each other.
    pub const ALL: [Self; 5] = [
        Self::InitializeRegistry,
        Self::AddIssuer,
        Self::PublishIdl(Program::Registry),
        Self::PublishIdl(Program::Custody),
        Self::PublishIdl(Program::Recall),
    ];

    /// Does this step unless it is done.
    pub async fn run(self, setup: &Setup<'_>) -> Result<Outcome> {
        match self {
            Self::InitializeRegistry => registry::initialize(setup).await,
            Self::AddIssuer => registry::add_issuer(setup).await,
            Self::PublishIdl(program) => idl::publish(setup, program).await,
        }
    }
}

impl fmt::Display for Step {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::InitializeRegistry => f.pad("initialise the registry"),
            Self::AddIssuer => f.pad("add the first issuer"),
            Self::PublishIdl(program) => f.pad(&format!("publish the IDL of {program}")),
        }
    }
}

/// Does every step in order, up to the first that fails.
pub async fn run(setup: Setup<'_>) -> Result<Vec<(Step, Outcome)>> {
    let mut outcomes = Vec::with_capacity(Step::ALL.len());
    for step in Step::ALL {
        outcomes.push((step, step.run(&setup).await?));
    }
    Ok(outcomes)
}
