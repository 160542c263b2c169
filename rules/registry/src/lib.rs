//! The licence register: who may trade medicines, in which role, until when, who acts for them, and
//! which products (GTINs) are theirs.
//!
//! This crate has the accounts and every rule about them, `no_std` and without Anchor: the `registry`
//! program, clients and the browser decide with the same code. The program adds what the chain needs:
//! which accounts an instruction takes, who signs, and who pays the rent.
//!
//! | account | seeds | one for |
//! |---|---|---|
//! | [`Registry`] | `"registry"` | the program |
//! | [`Issuer`] | `"issuer"`, its first key | each body that may admit partners |
//! | [`Partner`] | `"partner"`, GLN as `u64` LE | each trading partner's site |
//! | [`Operator`] | `"operator"`, partner's address, key | each key that may act for a site |
//! | [`PrefixTable`] | `"prefixes"`, four digits as `u16` LE | all company prefixes that begin with the digits |
//! | [`Product`] | `"product"`, GTIN as `u64` LE | each product |
#![no_std]

extern crate alloc;

pub mod error;
#[cfg(feature = "anchor")]
pub mod signer;
pub mod state;

pub use error::{RegistryError, Result};
pub use state::{
    Ineligible, Issuer, IssuerScope, Licence, NotPermitted, Operator, OperatorTerms, Partner,
    PartnerStatus, PrefixClaim, PrefixTable, Product, ProductDescription, RECOVERY_DELAY, Registry,
    SCOPE_COUNTRIES, SCOPE_PREFIXES,
};

use solana_address::Address;

/// Address of the registry program.
pub const ID: Address = Address::from_str_const("FVxSzkSEGgwzTU8qZb77B8h54gUQ3BwMkhsd6hyGJ8hf");
