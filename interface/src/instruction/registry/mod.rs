//! Instructions of the registry program: its authority, issuers, partners, their operators, products.
//!
//! [The module above](super) describes what they have in common, but no operator signs here: where a
//! site signs, [`Site::key`](crate::Site::key) is its own key.

mod authority;
mod firms;
mod issuers;
mod keys;
mod operators;
mod partners;
mod prefixes;
mod products;

pub use authority::{accept_authority, initialize, propose_authority};
pub use firms::{join_firm, leave_firm};
pub use issuers::{add_issuer, remove_issuer, rotate_issuer_key, set_issuer_scope};
pub use keys::{
    accept_partner_key, cancel_recovery, complete_recovery, propose_partner_key, propose_recovery,
};
pub use operators::{appoint_operator, dismiss_all_operators, dismiss_operator, update_operator};
pub use partners::{
    admit_partner, confirm_partner, correct_admission, move_gln, reassign_partner,
    reinstate_partner, renew_partner, restore_partner, revoke_partner, suspend_partner,
    withdraw_admission,
};
pub use prefixes::{claim_prefix, move_prefix, release_prefix};
pub use products::{
    accept_product_transfer, move_product, propose_product_transfer, register_product,
    update_product,
};
pub use registry::instructions::{IssuerScope, Licence, OperatorTerms, ProductDescription};
