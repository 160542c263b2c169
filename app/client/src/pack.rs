//! A pack against the manifests at hand and the ledger: what a counter and a verification router ask.
//!
//! [`verify`](crate::verify) answers about the lot that the label names. GTIN and serial name a pack,
//! lot and expiry only describe it; so where that lot has no such serial but another one of the product
//! has, the lot on the label is what is wrong, and the pack's own lot is asked as well.

use std::sync::Arc;

use futures_util::future::try_join;
use pedigree_manifest::{Found, Manifests};
use tokio::task::spawn_blocking;

use crate::{
    error::{Error, Result},
    identifier::LotNumber,
    ledger::Ledger,
    verify::{
        AdditionalInformation, FailureReason, Label, Membership, Question, Verification, verify,
    },
};

/// The answer about a pack.
#[derive(Clone, Debug)]
pub struct PackVerification {
    /// About the label as it was read.
    pub verification: Verification,
    /// About the same pack in the lot that has its serial, if the label names another one.
    pub in_other_lot: Option<Verification>,
}

impl PackVerification {
    /// The lot that the pack is of, if the label names another one.
    pub fn other_lot(&self) -> Option<LotNumber> {
        let other = self.in_other_lot.as_ref()?;
        Some(other.question.label.lot_number)
    }

    /// About the lot that has the serial; if none has, about the label's.
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
            // The other manifest is not of a lot that was minted.
            Some(NoMatchGtinSerial | NoMatchGtinSerialLot) => NoMatchGtinSerial,
            Some(NoMatchGtinSerialExpiry) => NoMatchGtinSerialLotExpiry,
            _ => NoMatchGtinSerialLot,
        })
    }

    /// Why the pack must not be dispensed all the same, gravest first.
    pub fn additional_information(&self) -> &[AdditionalInformation] {
        &self.own().verdict.additional_information
    }

    /// Whether the label agrees and nothing speaks against dispensing the pack.
    pub fn is_verified(&self) -> bool {
        self.in_other_lot.is_none() && self.verification.is_verified()
    }

    /// Whether the ledger and the manifests know what the label names, right or wrong.
    pub fn leads_somewhere(&self) -> bool {
        use FailureReason::{NoMatchGtinSerial, NoMatchGtinSerialLot};
        let failure = self.own().verdict.failure;
        !matches!(failure, Some(NoMatchGtinSerial | NoMatchGtinSerialLot))
    }
}

/// Looks a pack's serial up in `manifests` and compares its label with the ledger at Unix time `now`.
///
/// A serial that no manifest has is none of the lot's only if there is a whole manifest of it.
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

/// Reads the manifests where blocking keeps nobody waiting.
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
    let looked_up = spawn_blocking(move || manifests.find(gtin, &lot_number, &serial)).await;
    Ok(looked_up.map_err(|error| Error::Interrupted(error.to_string()))??)
}
