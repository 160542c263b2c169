//! Packs one after the other, each as a counter asks about it.

use std::{
    path::Path,
    sync::Arc,
    time::{Duration, Instant, SystemTime, UNIX_EPOCH},
};

use anyhow::Result;
use hdrhistogram::Histogram;
use pedigree_client::{Ledger, identifier::Gtin};
use pedigree_manifest::Manifests;
use pedigree_verify::{pack::verify_pack, verdict::Label};
use solana_commitment_config::CommitmentConfig;

use super::pack::Pack;
use crate::{machine::Processes, partners::EXPIRY};

/// The result of this part.
pub struct Singles {
    /// Microseconds from the question to the answer, of each pack.
    pub latencies: Histogram<u64>,
    /// What opening the manifests took, once for all packs.
    pub opening: Duration,
    pub node_cpu: Duration,
    pub client_cpu: Duration,
    /// Packs that were not verified, and why.
    pub faults: Vec<String>,
}

/// Verifies `packs` with the manifests in `folder` against the node at `url`.
pub async fn verify(
    url: &str,
    folder: &Path,
    packs: &[Pack],
    processes: &mut Processes,
) -> Result<Singles> {
    // Each manifest stays open.
    rlimit::increase_nofile_limit(u64::MAX)?;
    let start = Instant::now();
    let manifests = Arc::new(Manifests::in_folder(folder)?);
    let opening = start.elapsed();
    let ledger = Ledger::new(url.to_owned(), CommitmentConfig::confirmed());
    let now = SystemTime::now().duration_since(UNIX_EPOCH)?.as_secs();
    let mut latencies = Histogram::new(3)?;
    let mut faults = Vec::new();
    let cpu_before = processes.cpu_times()?;
    for pack in packs {
        let label = Label {
            gtin: Gtin::from_account(pack.gtin),
            lot_number: pack.lot_number.parse()?,
            expiry: Some(EXPIRY),
            serial: Some(pack.serial.clone()),
        };
        let start = Instant::now();
        let answer = verify_pack(&ledger, &manifests, label, now as i64).await?;
        latencies.record(start.elapsed().as_micros().try_into()?)?;
        if !answer.is_verified() {
            faults.push(format!(
                "a genuine pack of lot {} is not verified: {:?}",
                pack.lot_number,
                answer.failure()
            ));
        }
    }
    let cpu_after = processes.cpu_times()?;
    Ok(Singles {
        latencies,
        opening,
        node_cpu: cpu_after.node - cpu_before.node,
        client_cpu: cpu_after.client - cpu_before.client,
        faults,
    })
}
