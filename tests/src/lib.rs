//! A ledger with the programs on it, an instruction builder for each of their instructions, and
//! a world of trading partners to try them in.
//!
//! The tests in `tests/` mirror the programs' instructions by name; `bench` measures with the same
//! builders. The programs run as the ELF files that `cargo xtask build` leaves in `target/deploy`.

pub mod address;
pub mod effect;
pub mod instruction;
pub mod layout;
pub mod ledger;
pub mod occasion;
pub mod operator;
pub mod recalled;
pub mod refusal;
pub mod token;
pub mod world;
