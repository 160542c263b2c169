//! A pack against a set of manifests and the ledger: the question of a counter and of a verification
//! router.
//!
//! [`verify`] answers about the lot that the label names. GTIN and serial number identify a pack, lot
//! and expiry only describe it; so where that lot has no such serial number but another lot of the
//! product has, the lot on the label is wrong, and the pack's own lot is asked about as well.

use std::sync::Arc;

use futures_util::future::try_join;
use pedigree_client::{Ledger, identifier::LotNumber};
use pedigree_manifest::{Found, Manifests};
use tokio::task::spawn_blocking;

use crate::{
    error::Result,
    verdict::{AdditionalInformation, FailureReason, Label, Membership, Question},
    verification::{Verification, verify},
};

/// The answer about a pack.
#[derive(Clone, Debug)]
pub struct PackVerification {
    /// About the label as it was read.
    pub verification: Verification,
    /// About the same pack in the lot that has its serial number, if the label names another one.
    pub in_other_lot: Option<Verification>,
}

impl PackVerification {
    /// The lot that the pack belongs to, if the label names another one.
    pub fn other_lot(&self) -> Option<LotNumber> {
        let other = self.in_other_lot.as_ref()?;
        Some(other.question.label.lot_number)
    }

    /// About the lot that has the serial number; if none has, about the label's.
    pub fn own(&self) -> &Verification {
        self.in_other_lot.as_ref().unwrap_or(&self.verification)
    }

    /// Why the pack is potentially suspect, in the standard's words.
    pub fn failure(&self) -> Option<FailureReason> {
        use FailureReason::{
            NoMatchGtinSerial, NoMatchGtinSerialExpiry, NoMatchGtinSerialLot,
            NoMatchGtinSerialLotExpiry,
        };
        let Some(other) = &self.in_other_lot else {
            return self.verification.verdict.failure;
        };
        Some(match other.verdict.failure {
            // The other manifest belongs to a lot that was never minted.
            Some(NoMatchGtinSerial | NoMatchGtinSerialLot) => NoMatchGtinSerial,
            Some(NoMatchGtinSerialExpiry) => NoMatchGtinSerialLotExpiry,
            _ => NoMatchGtinSerialLot,
        })
    }

    /// Why the pack must not be dispensed even so, most serious first.
    pub fn additional_information(&self) -> &[AdditionalInformation] {
        &self.own().verdict.additional_information
    }

    /// Whether the label agrees and nothing rules out dispensing the pack.
    pub fn is_verified(&self) -> bool {
        self.in_other_lot.is_none() && self.verification.is_verified()
    }

    /// Whether the ledger and the manifests know what the label names, whatever the verdict.
    pub fn leads_somewhere(&self) -> bool {
        use FailureReason::{NoMatchGtinSerial, NoMatchGtinSerialLot};
        let failure = self.own().verdict.failure;
        !matches!(failure, Some(NoMatchGtinSerial | NoMatchGtinSerialLot))
    }
}

/// Looks a pack's serial number up in `manifests` and compares its label with the ledger at Unix time
/// `now`.
///
/// A serial number that no manifest lists is absent from the lot only if a whole manifest of the lot
/// is at hand.
///
/// # Errors
///
/// If the ledger or a manifest cannot be read.
pub async fn verify_pack(
    ledger: &Ledger,
    manifests: &Arc<Manifests>,
    label: Label,
    now: i64,
) -> Result<PackVerification> {
    let found = match &label.serial {
        Some(serial) => look_up(manifests, &label, serial.clone()).await?,
        None => None,
    };
    let lot_number = label.lot_number.to_string();
    let Some(found) = found else {
        let is_absent =
            label.serial.is_some() && manifests.has_whole_lot(label.gtin.number(), &lot_number);
        let question = Question {
            label,
            membership: is_absent.then_some(Membership::Absent),
            consignment: None,
        };
        return Ok(PackVerification {
            verification: verify(ledger, question, now).await?,
            in_other_lot: None,
        });
    };
    let own = Question {
        label: Label {
            lot_number: found.lot_number.parse()?,
            ..label.clone()
        },
        membership: Some(Membership::Unit {
            index: found.unit.index,
            salt: found.unit.salt,
            proof: found.proof,
        }),
        consignment: None,
    };
    if found.lot_number == lot_number {
        return Ok(PackVerification {
            verification: verify(ledger, own, now).await?,
            in_other_lot: None,
        });
    }
    let as_read = Question {
        label,
        membership: Some(Membership::Absent),
        consignment: None,
    };
    let (verification, other) =
        try_join(verify(ledger, as_read, now), verify(ledger, own, now)).await?;
    Ok(PackVerification {
        verification,
        in_other_lot: Some(other),
    })
}

/// Reads the manifests on a thread that may block.
async fn look_up(
    manifests: &Arc<Manifests>,
    label: &Label,
    serial: String,
) -> Result<Option<Found>> {
    let (gtin, lot_number) = (label.gtin.number(), label.lot_number.to_string());
    if !manifests.has_product(gtin) {
        return Ok(None);
    }
    let manifests = Arc::clone(manifests);
    Ok(spawn_blocking(move || manifests.find(gtin, &lot_number, &serial)).await??)
}
