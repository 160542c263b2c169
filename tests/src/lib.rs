//! A ledger with the programs on it, and a world of trading partners to try their instructions in.
//!
//! The tests in `tests/` mirror the programs' instructions by name; they and `bench` build them with
//! `pedigree-interface`. The programs run as the ELF files that `cargo xtask build` leaves in
//! `target/deploy`.

pub mod address;
pub mod alter;
pub mod effect;
pub mod layout;
pub mod ledger;
pub mod operator;
pub mod recalled;
pub mod refusal;
pub mod scenario;
pub mod token;
pub mod world;
