//! The steps that bring a cluster, on which the programs are deployed, to a working registry.
//!
//! A step that was done before finds that out and changes nothing, so the whole may be run again
//! at any time: after an interruption, or to publish the IDLs of an upgrade. Deploying the programs
//! is left to `anchor deploy`, and everything after the first issuer to the `pedigree` command.

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

/// Where the steps are done, and who signs for them.
pub struct Plan<'a> {
    pub ledger: &'a Ledger,
    /// Pays the fees and the rent.
    pub payer: &'a dyn Signer,
    /// May upgrade the programs; so it initialises the registry and publishes the IDLs.
    pub upgrade_authority: &'a dyn Signer,
    /// What the registry's authority is, or is to be; adds the first issuer.
    pub authority: &'a dyn Signer,
    /// `None` leaves the registry without an issuer, so nobody can admit partners yet.
    pub issuer: Option<Issuer<'a>>,
    /// In micro-lamports a compute unit; zero for none.
    pub priority_fee: u64,
}

impl Plan<'_> {
    fn submitter(&self) -> Submitter<'_> {
        Submitter::new(self.ledger, self.payer, self.priority_fee)
    }
}

/// The first body that may admit partners.
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
    pub const ALL: [Self; 4] = [
        Self::InitializeRegistry,
        Self::AddIssuer,
        Self::PublishIdl(Program::Registry),
        Self::PublishIdl(Program::Custody),
    ];

    /// Does this step, if it is not done yet.
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

/// What came of a step.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// Done now; of several transactions, the one that made it count.
    Done(Signature),
    /// The cluster was as it should be.
    AlreadyDone,
    /// Not done, and why.
    Skipped(&'static str),
}

impl fmt::Display for Outcome {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Done(signature) => write!(f, "done, {signature}"),
            Self::AlreadyDone => f.write_str("done already"),
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
