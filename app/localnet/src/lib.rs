//! An embedded local ledger: a Solana node in this process, with the real runtime, JSON-RPC and websocket,
//! and with programs deployed before it answers its first request.
//!
//! It is for development, tests and demonstrations. There are no other nodes, and a transaction is
//! confirmed as soon as its slot ends. Clients see what a cluster shows them. The node's own extensions,
//! with which a client could cheat, are not reachable over the network (see [`Localnet`]). Keypairs,
//! transactions and the meaning of Pedigree's programs are left to the client.

mod config;
mod error;
mod ledger;
mod localnet;
mod methods;
mod node;
mod programs;
mod servers;

pub use surfpool_core::solana_account::Account;

pub use crate::{
    config::{DEFAULT_RPC_PORT, DEFAULT_SLOT_TIME, DEFAULT_WS_PORT, LocalnetConfig},
    error::{LocalnetError, Result},
    localnet::Localnet,
    programs::DeployedProgram,
};
