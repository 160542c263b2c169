//! The witness that goods leave, as commands name one.

use std::path::Path;

use anyhow::Result;
use pedigree_client::{identifier::Gln, planning::Witness};
use solana_keypair::Keypair;
use solana_signer::Signer;

use crate::context::load_keypair;

/// The witness whose keypair is in `file`, with that keypair.
pub fn load_witness(file: &Path, site: Option<Gln>) -> Result<(Witness, Keypair)> {
    let keypair = load_keypair(file)?;
    let witness = Witness {
        key: keypair.pubkey(),
        site,
    };
    Ok((witness, keypair))
}
