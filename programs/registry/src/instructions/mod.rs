//! One file an instruction, or a family of them: its accounts and who signs. What it checks and does is
//! in [`registry_rules`].

pub mod accept_authority;
pub mod accept_partner_key;
pub mod accept_product_transfer;
#[allow(
    unused_variables,
    reason = "the derive binds #[instruction] arguments more often than it reads them"
)]
pub mod add_issuer;
#[allow(
    unused_variables,
    reason = "the derive binds #[instruction] arguments more often than it reads them"
)]
pub mod admit_partner;
#[allow(
    unused_variables,
    reason = "the derive binds #[instruction] arguments more often than it reads them"
)]
pub mod appoint_operator;
pub mod cancel_recovery;
#[allow(
    unused_variables,
    reason = "the derive binds #[instruction] arguments more often than it reads them"
)]
pub mod claim_prefix;
pub mod complete_recovery;
pub mod confirm_partner;
pub mod dismiss_all_operators;
pub mod dismiss_operator;
pub mod initialize;
pub mod join_firm;
pub mod leave_firm;
pub mod move_gln;
#[allow(
    unused_variables,
    reason = "the derive binds #[instruction] arguments more often than it reads them"
)]
pub mod move_prefix;
pub mod move_product;
pub mod oversee_issuer;
pub mod oversee_partner;
mod overseer;
mod prefixes;
pub mod propose_authority;
pub mod propose_partner_key;
pub mod propose_product_transfer;
pub mod propose_recovery;
pub mod reassign_partner;
#[allow(
    unused_variables,
    reason = "the derive binds #[instruction] arguments more often than it reads them"
)]
pub mod register_product;
#[allow(
    unused_variables,
    reason = "the derive binds #[instruction] arguments more often than it reads them"
)]
pub mod release_prefix;
pub mod remove_issuer;
pub mod restore_partner;
pub mod update_operator;
pub mod update_product;
pub mod withdraw_admission;

pub use accept_authority::*;
pub use accept_partner_key::*;
pub use accept_product_transfer::*;
pub use add_issuer::*;
pub use admit_partner::*;
pub use appoint_operator::*;
pub use cancel_recovery::*;
pub use claim_prefix::*;
pub use complete_recovery::*;
pub use confirm_partner::*;
pub use dismiss_all_operators::*;
pub use dismiss_operator::*;
pub use initialize::*;
pub use join_firm::*;
pub use leave_firm::*;
pub use move_gln::*;
pub use move_prefix::*;
pub use move_product::*;
pub use oversee_issuer::*;
pub use oversee_partner::*;
pub use prefixes::Prefixes;
pub use propose_authority::*;
pub use propose_partner_key::*;
pub use propose_product_transfer::*;
pub use propose_recovery::*;
pub use reassign_partner::*;
pub use register_product::*;
pub use release_prefix::*;
pub use remove_issuer::*;
pub use restore_partner::*;
pub use update_operator::*;
pub use update_product::*;
pub use withdraw_admission::*;

pub use registry_rules::{IssuerScope, Licence, OperatorTerms, ProductDescription};
