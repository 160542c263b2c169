//! The commands, one module each.

mod archive;
mod cancel;
mod case;
mod clear;
pub mod completions;
mod cosign;
mod decommission;
#[cfg(feature = "localnet")]
mod demo;
mod destroy;
mod dispense;
mod evidence;
mod expire;
mod handoff;
mod inbox;
mod inventory;
mod key;
mod label;
#[cfg(feature = "localnet")]
mod localnet;
mod lot;
pub mod man;
mod manifest;
mod merge;
mod operator;
mod pack;
mod partner;
mod prefix;
mod product;
mod quarantine;
mod recall;
mod receive;
mod recover;
mod registry;
mod reject;
mod release;
mod r#return;
mod scan;
mod sell;
mod serve;
mod ship;
mod split;
mod sscc;
mod trace;
mod unit;
mod unpack;
mod verify;
mod watch;
mod withdraw;

use anyhow::Result;
use clap::Subcommand;

use crate::{answer::Answer, context::Context};

/// The commands that work with a ledger, keys or files.
#[derive(Subcommand)]
pub enum Work {
    #[cfg(feature = "localnet")]
    Localnet(localnet::Localnet),
    #[cfg(feature = "localnet")]
    Demo(demo::Demo),
    /// Generate and show keypair files
    #[command(subcommand)]
    Key(key::Key),
    /// Set up the registry: its authority and the issuers
    #[command(subcommand)]
    Registry(registry::Registry),
    /// Admit, renew, suspend and look up trading partners
    #[command(subcommand)]
    Partner(partner::Partner),
    /// Appoint, change, dismiss and look up the keys that act for a site
    Operator(operator::Operator),
    /// Claim company prefixes for firms, and settle whose they are
    #[command(subcommand)]
    Prefix(prefix::Prefix),
    /// Register, correct, hand over and look up products
    #[command(subcommand)]
    Product(product::Product),
    /// Mint, adopt and look up lots
    #[command(subcommand)]
    Lot(lot::Lot),
    /// Show, check and extract the files that hold lots' serial numbers
    #[command(subcommand)]
    Manifest(manifest::Manifest),
    Label(label::Label),
    Ship(ship::Ship),
    Receive(receive::Receive),
    Reject(reject::Reject),
    Cancel(cancel::Cancel),
    Expire(expire::Expire),
    Handoff(Box<handoff::Handoff>),
    Cosign(Box<cosign::Cosign>),
    Return(r#return::Return),
    Recover(recover::Recover),
    Sell(sell::Sell),
    Split(split::Split),
    Merge(merge::Merge),
    Pack(pack::Pack),
    Unpack(unpack::Unpack),
    Quarantine(quarantine::Quarantine),
    Release(release::Release),
    /// Open, follow and resolve cases of suspect or illegitimate product and of discrepancies
    #[command(subcommand)]
    Case(case::Case),
    Dispense(dispense::Dispense),
    Decommission(decommission::Decommission),
    Clear(clear::Clear),
    Unit(unit::ShowUnit),
    Destroy(destroy::Destroy),
    /// Open, follow, answer and end recalls, and pay for what comes back
    #[command(subcommand)]
    Recall(recall::Recall),
    Withdraw(withdraw::Withdraw),
    Inventory(inventory::Inventory),
    Inbox(inbox::Inbox),
    Sscc(sscc::Sscc),
    Watch(watch::Watch),
    Archive(archive::Archive),
    Trace(trace::Trace),
    Verify(verify::Verify),
    Scan(scan::Scan),
    Serve(serve::Serve),
    /// Check the evidence of an answer about a pack
    #[command(subcommand)]
    Evidence(evidence::Evidence),
}

impl Work {
    pub async fn run(self, context: &Context) -> Result<Answer> {
        match self {
            #[cfg(feature = "localnet")]
            Self::Localnet(command) => command.run(context).await,
            #[cfg(feature = "localnet")]
            Self::Demo(command) => command.run(context).await,
            Self::Key(command) => command.run(context),
            Self::Registry(command) => command.run(context).await,
            Self::Partner(command) => command.run(context).await,
            Self::Operator(command) => command.run(context).await,
            Self::Prefix(command) => command.run(context).await,
            Self::Product(command) => command.run(context).await,
            Self::Lot(command) => command.run(context).await,
            Self::Manifest(command) => command.run(context).await,
            Self::Label(command) => command.run(context).await,
            Self::Ship(command) => command.run(context).await,
            Self::Receive(command) => command.run(context).await,
            Self::Reject(command) => command.run(context).await,
            Self::Cancel(command) => command.run(context).await,
            Self::Expire(command) => command.run(context).await,
            Self::Handoff(command) => command.run(context).await,
            Self::Cosign(command) => command.run(context).await,
            Self::Return(command) => command.run(context).await,
            Self::Recover(command) => command.run(context).await,
            Self::Sell(command) => command.run(context).await,
            Self::Split(command) => command.run(context).await,
            Self::Merge(command) => command.run(context).await,
            Self::Pack(command) => command.run(context).await,
            Self::Unpack(command) => command.run(context).await,
            Self::Quarantine(command) => command.run(context).await,
            Self::Release(command) => command.run(context).await,
            Self::Case(command) => command.run(context).await,
            Self::Dispense(command) => command.run(context).await,
            Self::Decommission(command) => command.run(context).await,
            Self::Clear(command) => command.run(context).await,
            Self::Unit(command) => command.run(context).await,
            Self::Destroy(command) => command.run(context).await,
            Self::Recall(command) => command.run(context).await,
            Self::Withdraw(command) => command.run(context).await,
            Self::Inventory(command) => command.run(context).await,
            Self::Inbox(command) => command.run(context).await,
            Self::Sscc(command) => command.run(context).await,
            Self::Watch(command) => command.run(context).await,
            Self::Archive(command) => command.run(context).await,
            Self::Trace(command) => command.run(context).await,
            Self::Verify(command) => command.run(context).await,
            Self::Scan(command) => command.run(context).await,
            Self::Serve(command) => command.run(context).await,
            Self::Evidence(command) => command.run(context).await,
        }
    }
}
