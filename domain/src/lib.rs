//! The vocabulary that Pedigree's programs and clients share: GS1 identifiers, lot numbers, label
//! dates, storage temperatures, roles, permissions, and the coded states that accounts store in a byte.
//!
//! Everything here is `no_std` and pure. Which site may do what with these values is for the programs'
//! rules to say.
//!
//! On chain, nothing multiplies two 64-bit variables with an overflow check: LLVM's BPF back end makes
//! a 128-bit multiplication of it, whose library function answers by another convention than the
//! call expects.
#![no_std]

extern crate alloc;

pub mod business_days;
mod coded;
pub mod expiry;
pub mod gs1;
pub mod identifier;
pub mod lot_number;
mod permissions;
mod record;
mod refusals;
mod roles;
pub mod storage;
pub mod text;

pub use permissions::Permissions;
pub use record::{DISCRIMINATOR_BYTES, Record};
pub use roles::Roles;

#[cfg(feature = "idl-build")]
#[doc(hidden)]
pub use anchor_lang as __anchor_lang;
#[doc(hidden)]
pub use bytemuck as __bytemuck;
