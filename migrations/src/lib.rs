//! The steps that turn a cluster with the programs deployed into a working registry.
//!
//! Each step first checks whether it is done and then changes nothing, so all of them may be run
//! again at any time: after an interruption, or to publish the IDLs of an upgrade. `anchor deploy`
//! deploys the programs; the `pedigree` command does everything after the first issuer.

mod deployment;
mod error;
mod idl;
mod program;
mod program_metadata;
mod registry;

use std::fmt;

use pedigree_client::{Ledger, transaction::Submitter};
use solana_pubkey::Pubkey;
use solana_signature::Signature;
use solana_signer::Signer;

pub use crate::{
    error::{Error, Result},
    program::Program,
};

/// The cluster that the steps change, and who signs for them.
pub struct Plan<'a> {
    pub ledger: &'a Ledger,
    /// Pays the fees and the rent.
    pub payer: &'a dyn Signer,
    /// May upgrade the programs, and therefore initialises the registry and publishes the IDLs.
    pub upgrade_authority: &'a dyn Signer,
    /// The registry's authority, which adds the first issuer.
    pub authority: &'a dyn Signer,
    /// The first issuer; without one, nobody can admit partners yet.
    pub issuer: Option<Issuer<'a>>,
    /// Micro-lamports per compute unit; zero for none.
    pub priority_fee: u64,
}

impl Plan<'_> {
    fn submitter(&self) -> Submitter<'_> {
        Submitter::new(self.ledger, self.payer, self.priority_fee)
    }
}

/// The first issuer: a body that may admit partners in every role but that of a regulator.
#[derive(Clone, Copy, Debug)]
pub struct Issuer<'a> {
    pub key: Pubkey,
    /// 1 to 64 bytes of UTF-8.
    pub name: &'a str,
}

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
    pub async fn run(self, plan: &Plan<'_>) -> Result<Outcome> {
        match self {
            Self::InitializeRegistry => registry::initialize(plan).await,
            Self::AddIssuer => registry::add_issuer(plan).await,
            Self::PublishIdl(program) => idl::publish(plan, program).await,
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

/// The outcome of a step.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// Done now. Of several transactions, this is the one that took effect.
    Done(Signature),
    /// The cluster already was in the state that the step leads to.
    AlreadyDone,
    /// Not done, for this reason.
    Skipped(&'static str),
}

impl fmt::Display for Outcome {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Done(signature) => write!(f, "done, {signature}"),
            Self::AlreadyDone => f.write_str("already done"),
            Self::Skipped(reason) => write!(f, "skipped: {reason}"),
        }
    }
}

/// Does every step in order, up to the first that fails.
pub async fn run(plan: Plan<'_>) -> Result<Vec<(Step, Outcome)>> {
    let mut outcomes = Vec::with_capacity(Step::ALL.len());
    for step in Step::ALL {
        outcomes.push((step, step.run(&plan).await?));
    }
    Ok(outcomes)
}
