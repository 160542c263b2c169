//! One line of a consignment's history.

use solana_pubkey::Pubkey;
use solana_signature::Signature;

use super::event::Event;

/// An event, and the transaction that made it.
#[derive(Clone, Debug)]
pub struct Entry {
    /// The consignment that it happened to: the traced one, one that it was split from, or one that
    /// was merged into it.
    pub consignment: Pubkey,
    /// What happened.
    pub event: Event,
    /// The transaction.
    pub signature: Signature,
    /// The slot in which the transaction was processed.
    pub slot: u64,
    /// Unix seconds, if the endpoint knows.
    pub time: Option<i64>,
    /// Compute units of the whole transaction, if the endpoint knows.
    pub compute_units: Option<u64>,
    /// The consignment's trail once the event had happened.
    pub trail: [u8; 32],
}
