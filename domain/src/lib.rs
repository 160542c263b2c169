//! The words that Pedigree's programs and clients share: GS1 identifiers, lot numbers, label
//! dates, roles, and the coded states that accounts store in a byte.
//!
//! Everything here is `no_std` and pure. Who may do what with these values is the programs'
//! business; how to print or scan them is the client's.
#![no_std]

mod coded;
pub mod expiry;
pub mod gs1;
pub mod lot_number;
mod roles;

pub use roles::Roles;

#[cfg(feature = "idl-build")]
#[doc(hidden)]
pub use anchor_lang as __anchor_lang;
#[doc(hidden)]
pub use bytemuck as __bytemuck;
