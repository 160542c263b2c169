//! What the steps are to do, and where.

use pedigree_client::{Ledger, transaction::Submitter};
use solana_pubkey::Pubkey;
use solana_signer::Signer;

/// The cluster that the steps change, and who signs for them.
pub struct Setup<'a> {
    pub ledger: &'a Ledger,
    /// Pays the fees and the rent.
    pub payer: &'a dyn Signer,
    /// May upgrade the programs, and therefore initialises the registry and publishes the IDLs.
    pub upgrade_authority: &'a dyn Signer,
    /// The registry's authority, which adds the first issuer.
    pub authority: &'a dyn Signer,
    /// The first issuer; without one, nobody can admit partners yet.
    pub issuer: Option<FirstIssuer<'a>>,
    /// Micro-lamports per compute unit; zero for none.
    pub priority_fee: u64,
}

impl Setup<'_> {
    pub(crate) fn submitter(&self) -> Submitter<'_> {
        Submitter::new(self.ledger, self.payer, self.priority_fee)
    }
}

/// The first issuer: a body that may admit partners in every role but that of a regulator.
#[derive(Clone, Copy, Debug)]
pub struct FirstIssuer<'a> {
    pub key: Pubkey,
    /// 1 to 64 bytes of UTF-8.
    pub name: &'a str,
}
