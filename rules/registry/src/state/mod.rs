//! The registry's accounts, one type a file, each with its layout, seeds, rules and invariant.

mod issuer;
mod licence;
mod operator;
mod partner;
mod prefix_table;
mod product;
mod registry;

pub use issuer::{Issuer, IssuerScope, SCOPE_COUNTRIES, SCOPE_PREFIXES};
pub(crate) use licence::COUNTRIES;
pub use licence::Licence;
pub use operator::{NotPermitted, Operator, OperatorTerms};
pub use partner::{Ineligible, Partner, PartnerStatus, RECOVERY_DELAY};
pub use prefix_table::{PrefixClaim, PrefixTable};
pub use product::{Product, ProductDescription};
pub use registry::Registry;

/// The zero address, which has no key: it stands where a key is missing.
pub(crate) const NO_KEY: solana_address::Address = solana_address::Address::new_from_array([0; 32]);

/// The address, unless it stands for a key that is missing.
fn present(address: &solana_address::Address) -> Option<&solana_address::Address> {
    (*address != NO_KEY).then_some(address)
}
