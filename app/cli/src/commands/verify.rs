//! `pedigree verify`

use anstyle::AnsiColor;
use anyhow::Result;
use chrono::Utc;
use clap::Args;
use pedigree_client::{
    identifier::{Expiry, Gln, Gtin, LotNumber, field_text},
    verify::{AdditionalInformation, FailureReason, Label, Verification, verify},
};
use serde::Serialize;

use crate::{
    Answer,
    arguments::partner_name,
    context::Context,
    output::{Report, fields, paint, rows},
};

/// Check what a pack's label says.
///
/// GTIN, lot and expiry are compared with the ledger. Exit code 1 if the pack is not verified.
#[derive(Args)]
pub struct Verify {
    gtin: Gtin,
    lot_number: LotNumber,
    /// The label's date: YYYY-MM-DD, YYYY-MM, YYYYMMDD or YYMMDD
    #[arg(long)]
    expiry: Option<Expiry>,
}

impl Verify {
    pub async fn run(self, context: &Context) -> Result<Answer> {
        let label = Label {
            gtin: self.gtin,
            lot_number: self.lot_number,
            expiry: self.expiry,
        };
        let verification = verify(&context.ledger, label, Utc::now().timestamp()).await?;
        context.print(&VerificationReport::new(&verification));
        Ok(if verification.is_verified() {
            Answer::Yes
        } else {
            Answer::No
        })
    }
}

/// The answer, as a pharmacist reads it and as GS1 Lightweight Verification Messaging codes it.
#[derive(Serialize)]
pub struct VerificationReport {
    verified: bool,
    label: Label,
    verification_failure_reason: Option<FailureReason>,
    additional_information: Vec<AdditionalInformation>,
    product: Option<String>,
    lot_status: Option<String>,
    lot_expiry: Option<Expiry>,
    holders: Vec<HolderReport>,
    slot: u64,
}

#[derive(Serialize)]
struct HolderReport {
    first_unit: u32,
    quantity: u32,
    custodian: String,
    status: String,
}

impl VerificationReport {
    pub fn new(verification: &Verification) -> Self {
        let holder = |holder: &pedigree_client::verify::Holder| HolderReport {
            first_unit: holder.consignment.first_unit,
            quantity: holder.consignment.quantity,
            custodian: holder.custodian.as_ref().map_or_else(
                || Gln::from_account(holder.consignment.custodian).to_string(),
                partner_name,
            ),
            status: holder.consignment.status.to_string(),
        };
        Self {
            verified: verification.is_verified(),
            label: verification.label,
            verification_failure_reason: verification.failure,
            additional_information: verification.additional_information.clone(),
            product: verification
                .product
                .as_ref()
                .map(|product| field_text(&product.name)),
            lot_status: verification.lot.as_ref().map(|lot| lot.status.to_string()),
            lot_expiry: verification
                .lot
                .as_ref()
                .map(|lot| Expiry::from_account(lot.expiry)),
            holders: verification.holders.iter().map(holder).collect(),
            slot: verification.slot,
        }
    }

    /// One line: yes, or why not and what to do.
    fn headline(&self) -> String {
        if self.verified {
            return format!(
                "{} the label agrees with the ledger",
                paint(AnsiColor::Green, "VERIFIED:")
            );
        }
        if let Some(reason) = self.verification_failure_reason {
            let (code, advice) = match reason {
                FailureReason::NoMatchGtinSerial => (
                    "No_match_GTIN_Serial",
                    "no such product is registered; read the label again",
                ),
                FailureReason::NoMatchGtinSerialLot => (
                    "No_match_GTIN_Serial_Lot",
                    "no such lot was minted; read the label again",
                ),
                FailureReason::NoMatchGtinSerialExpiry => (
                    "No_match_GTIN_Serial_Expiry",
                    "the lot has another expiry date; read the label again",
                ),
            };
            let title = paint(AnsiColor::Red, "POTENTIALLY SUSPECT:");
            return format!("{title} {code}: {advice}, and if it still differs set the pack aside");
        }
        let (word, advice) = match self.additional_information.first() {
            Some(AdditionalInformation::Illegitimate) => (
                "ILLEGITIMATE:",
                "the whole lot was found illegitimate; set the pack aside and tell the manufacturer",
            ),
            Some(AdditionalInformation::Recalled) => {
                ("RECALLED:", "set the pack aside and return it")
            }
            Some(AdditionalInformation::Suspect) => (
                "SUSPECT:",
                "the whole lot is on hold; set the pack aside until it is released",
            ),
            Some(AdditionalInformation::Expired) | None => {
                ("EXPIRED:", "do not dispense; dispose of it")
            }
        };
        format!("{} {advice}", paint(AnsiColor::Red, word))
    }
}

impl Report for VerificationReport {
    fn text(&self) -> String {
        let unknown = || "unknown".to_owned();
        let holders = self.holders.iter().map(|holder| {
            [
                format!("{}..", holder.first_unit),
                holder.quantity.to_string(),
                holder.custodian.clone(),
                holder.status.clone(),
            ]
        });
        format!(
            "{}\n{}\n{}",
            self.headline(),
            fields([
                ("Product", self.product.clone().unwrap_or_else(unknown)),
                ("GTIN", self.label.gtin.to_string()),
                (
                    "Lot",
                    format!(
                        "{} ({})",
                        self.label.lot_number,
                        self.lot_status.clone().unwrap_or_else(unknown)
                    )
                ),
                (
                    "Expiry",
                    self.lot_expiry
                        .map_or_else(unknown, |expiry| expiry.to_string())
                ),
                ("At slot", self.slot.to_string()),
            ]),
            rows(["Units", "Quantity", "Custodian", "Status"], holders),
        )
    }
}
