//! Verifies a pack by what a scanner read from it, with the manifest of its lot.
//!
//! With `pedigree localnet` running and a lot minted with a manifest, as in the guide's counter session:
//!
//! ```sh
//! cargo run -p pedigree-verify --example verify_a_pack -- \
//!     http://127.0.0.1:8899 manifests/A2 '(01)09506000134352(17)290200(10)A2(21)SERIAL'
//! ```

use std::{
    env,
    error::Error,
    path::Path,
    sync::Arc,
    time::{SystemTime, UNIX_EPOCH},
};

use pedigree_client::Ledger;
use pedigree_manifest::Manifests;
use pedigree_scan::parse;
use pedigree_verify::{scan::verify_scan, verdict::Conclusion};
use solana_commitment_config::CommitmentConfig;

/// The century of years with two digits follows from this one.
const YEAR: u16 = 2026;

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = env::args().skip(1).collect();
    let [url, manifest, text] = arguments.as_slice() else {
        return Err("usage: URL MANIFEST SCAN".into());
    };
    let conclusion = run(url, manifest.as_ref(), text).await?;
    println!("{conclusion:?}");
    Ok(())
}

/// What is to be concluded about the pack whose symbol reads `text`.
pub async fn run(url: &str, manifest: &Path, text: &str) -> Result<Conclusion, Box<dyn Error>> {
    let ledger = Ledger::new(url.to_owned(), CommitmentConfig::confirmed());
    let manifests = Arc::new(Manifests::open([manifest])?);
    let scan = parse(text.as_bytes(), YEAR)?;
    let now = SystemTime::now().duration_since(UNIX_EPOCH)?.as_secs();
    let reading = verify_scan(&ledger, &manifests, &scan, i64::try_from(now)?).await?;
    let pack = reading.pack;
    if let Some((unit, disposition)) = pack.own().unit() {
        println!("unit {unit}: {disposition:?}");
    }
    Ok(Conclusion::of(
        pack.failure(),
        pack.additional_information(),
    ))
}
