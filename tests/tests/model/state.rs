//! What the model keeps of the register, of the recalls, and of single units.

use std::collections::{BTreeMap, BTreeSet};

use anchor_lang::Address;
use custody::Disposition;
use pedigree_interface::identifier::Gln;
use recall::{Claims, Proofs, Recall, Response, Scope, Tranche};
use registry::{Issuer, Operator, Partner, Product};

/// What the registry program's accounts must hold.
#[derive(Clone)]
pub struct Register {
    /// The key of the registry authority.
    pub authority: Address,
    pub issuers: BTreeMap<Address, Issuer>,
    pub partners: BTreeMap<Gln, Partner>,
    pub operators: BTreeMap<Address, Operator>,
    /// The lots' product, and its address.
    pub product: (Address, Product),
}

/// What the recall program's accounts, and the token accounts, must hold.
#[derive(Clone, Default)]
pub struct Recalls {
    pub recalls: BTreeMap<Address, Recall>,
    /// Every range that a recall had, by the recall, in their order.
    pub scopes: BTreeMap<Address, Vec<Scope>>,
    /// The recall of each scope, and its place there.
    pub places: BTreeMap<Address, (Address, usize)>,
    pub tranches: BTreeMap<Address, Tranche>,
    pub responses: BTreeMap<Address, Response>,
    /// Each page of proofs without its bits.
    pub proofs: BTreeMap<Address, Proofs>,
    /// Each page of claims without its bits.
    pub claims: BTreeMap<Address, Claims>,
    /// Units whose bit is set on a page of proofs, and those that were paid for by what showed them.
    pub shown: BTreeSet<(Address, u32)>,
    pub paid: BTreeSet<(Address, u32)>,
    /// The token that recalls pay in.
    pub mint: Address,
    /// What is in each token account.
    pub balances: BTreeMap<Address, u64>,
    /// The token account of each key.
    pub purses: BTreeMap<Address, Address>,
}

/// A unit that is no longer active.
#[derive(Clone, Copy, Debug)]
pub struct Gone {
    pub disposition: Disposition,
    /// Who made it that, and when.
    pub by: u64,
    pub at: i64,
    /// What was unfit before is not made active by an undoing.
    pub was_active: bool,
}
