//! Plans for what sites do: one function for each step, which reads the ledger, decides what has to be
//! sent and says what it will do. Nothing is sent.
//!
//! | module | for |
//! |---|---|
//! | [`authority`] | the registry, and handing its authority over |
//! | [`issuers`] | the bodies that vouch for partners |
//! | [`partners`] | admitting sites and overseeing them |
//! | [`prefixes`] | claiming company prefixes for firms, and settling whose they are |
//! | [`products`] | registering products, and handing them over |
//! | [`site_keys`] | replacing a site's key, and recovering it |
//! | [`operators`] | the keys that act for a site |
//! | [`minting`] | minting a lot, opening the pages of its units, and adopting a lot |
//! | [`offers`] | offering goods, accepting, rejecting, cancelling and expiring offers |
//! | [`handoffs`] | handing goods over with both signatures, selling goods that stay where they are |
//! | [`returning`] | sending goods back, and verifying what came back |
//! | [`packing`] | splitting, merging, packing and unpacking |
//! | [`recovery`] | goods that a regulator brings from who does not send them |
//! | [`quarantine`] | setting goods or lots aside, and releasing them |
//! | [`withdrawal`] | taking whole consignments out of the chain |
//! | [`single_units`] | dispensing single units, taking them out of the chain, and clearing them |
//! | [`cases`] | opening, following and resolving cases |
//! | [`recalls`] | opening, changing, answering and ending recalls |
//! | [`compensation`] | the money that a recall pays for what comes back |
//! | [`archiving`] | closing transfers that need not be kept any longer |

pub mod archiving;
pub mod authority;
pub mod cases;
pub mod compensation;
mod grounds;
pub mod handoffs;
pub mod issuers;
pub mod minting;
pub mod offers;
pub mod operators;
pub mod packing;
pub mod partners;
pub mod prefixes;
pub mod products;
pub mod quarantine;
pub mod recalls;
pub mod recovery;
pub mod returning;
pub mod single_units;
pub mod site_keys;
pub mod withdrawal;
mod witness;

pub use grounds::Grounds;
pub use witness::Witness;
