//! The registry's accounts, one type a file, each with its layout, seeds and invariant.

mod issuer;
mod operator;
mod partner;
mod product;
mod program_data;
mod registry;

pub use issuer::Issuer;
pub use operator::{Operator, OperatorBar};
pub use partner::{COMPANY_PREFIXES, Partner, PartnerStatus, TradeBar};
pub use product::Product;
pub use program_data::{ProgramData, UPGRADEABLE_LOADER};
pub use registry::Registry;

/// The address that nobody can sign for, where a key is missing.
pub(crate) const NO_KEY: anchor_lang::Address = anchor_lang::Address::new_from_array([0; 32]);
