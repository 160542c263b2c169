//! Instructions of the programs, one function each, named like the instruction.
//!
//! A function takes who signs, what it is about and its arguments, and fills in the addresses that
//! follow from them. Nothing is checked here: the programs check, and refuse with an error of
//! [`RegistryError`](::registry::RegistryError), [`CustodyError`](::custody::CustodyError) or
//! [`RecallError`](::recall::RecallError), of which each function names those that a caller meets
//! most. An account of the wrong type is refused by Anchor before that.
//!
//! # Who signs
//!
//! Where a site acts it is given as a [`Site`], whose key must sign. If that key is an
//! operator's, the operator's account goes behind the accounts that the instruction lists, in the order
//! of the signers, and the program checks its permissions and dates: `NotPartnerKey`,
//! `NotSitesOperator`, `OperatorDismissed`, `OperatorNotYetValid`, `OperatorLapsed`, `OperatorPermission`.
//! The registry's instructions take the site's own key only.
//!
//! `payer` must sign wherever an account is created. It pays that account's rent, and gets it back if
//! the account is ever closed; it is often the fee payer.
//!
//! # Encodings
//!
//! Hashes are SHA-256. A document's hash should be salted, so that nobody can tell the document by
//! trying; `None` puts 32 zero bytes on the ledger, which mean that no document was named. Times are in
//! Unix seconds. Fields of text are UTF-8 followed by zeros, as
//! [`text_field`](pedigree_domain::text::text_field) makes them.

pub mod custody;
pub mod recall;
pub mod registry;

use solana_instruction::{AccountMeta, Instruction};

use crate::Site;

/// Adds the operators' accounts of the sites that sign, in the order in which the program checks them.
fn signed(sites: impl IntoIterator<Item = Site>, mut instruction: Instruction) -> Instruction {
    let operators = sites.into_iter().filter_map(|site| site.operator);
    instruction
        .accounts
        .extend(operators.map(|operator| AccountMeta::new_readonly(operator, false)));
    instruction
}
