//! An embedded local ledger: one Solana node in this process, on the real runtime, speaking
//! Solana's JSON-RPC and websocket, with programs deployed before it answers its first request.
//!
//! It is for development, tests and demonstrations: nobody else's node takes part, and a
//! transaction is confirmed as soon as its slot ends. What a client sees is what a cluster shows it,
//! except for the extras of the node that would let a client cheat; those are not reachable
//! over the network (see [`Localnet`]). Keypairs, transactions and everything that Pedigree's
//! programs mean are left to the client.

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
    programs::Program,
};
