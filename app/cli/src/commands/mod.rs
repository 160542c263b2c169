//! The commands, one module each.

mod cancel;
mod completions;
mod demo;
mod expire;
mod handoff;
mod key;
mod localnet;
mod lot;
mod partner;
mod product;
mod receive;
mod registry;
mod reject;
mod ship;
mod trace;
mod verify;

use anyhow::Result;
use clap::Subcommand;

use crate::{Answer, context::Context};

#[derive(Subcommand)]
pub enum Command {
    /// Run a local ledger with the programs deployed
    Localnet(localnet::Localnet),
    /// Play a manufacturer, a wholesaler and a pharmacy on a local ledger
    Demo(demo::Demo),
    /// Make and show keypair files
    #[command(subcommand)]
    Key(key::Key),
    /// Set the registry up: its authority and the issuers
    #[command(subcommand)]
    Registry(registry::Registry),
    /// Admit, renew, suspend and look up trading partners
    #[command(subcommand)]
    Partner(partner::Partner),
    /// Register, correct, hand over and look up products
    #[command(subcommand)]
    Product(product::Product),
    /// Mint and look up lots
    #[command(subcommand)]
    Lot(lot::Lot),
    /// Offer a consignment to another partner
    Ship(ship::Ship),
    /// Accept a consignment on offer
    Receive(receive::Receive),
    /// Refuse a consignment on offer
    Reject(reject::Reject),
    /// Take an offer back
    Cancel(cancel::Cancel),
    /// End an offer whose deadline has passed
    Expire(expire::Expire),
    /// Hand a consignment over at once, signed by both sides
    Handoff(handoff::Handoff),
    /// Show a consignment's custody history and check its trail
    Trace(trace::Trace),
    /// Check what a pack's label says
    Verify(verify::Verify),
    /// Write a completion script for a shell
    Completions(completions::Completions),
}

impl Command {
    pub async fn run(self, context: &Context) -> Result<Answer> {
        match self {
            Self::Localnet(command) => command.run(context).await,
            Self::Demo(command) => command.run(context).await,
            Self::Key(command) => command.run(context),
            Self::Registry(command) => command.run(context).await,
            Self::Partner(command) => command.run(context).await,
            Self::Product(command) => command.run(context).await,
            Self::Lot(command) => command.run(context).await,
            Self::Ship(command) => command.run(context).await,
            Self::Receive(command) => command.run(context).await,
            Self::Reject(command) => command.run(context).await,
            Self::Cancel(command) => command.run(context).await,
            Self::Expire(command) => command.run(context).await,
            Self::Handoff(command) => command.run(context).await,
            Self::Trace(command) => command.run(context).await,
            Self::Verify(command) => command.run(context).await,
            Self::Completions(command) => Ok(command.run()),
        }
    }
}
