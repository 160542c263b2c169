//! `pedigree verify`

use std::{fs::File, io::Write as _, path::PathBuf};

use anyhow::{Context as _, Result};
use chrono::Utc;
use clap::Args;
use pedigree_client::{
    Ledger,
    blocking_recall::BlockingRecall,
    identifier::{Expiry, Gtin, LotNumber},
    reference::{ConsignmentRef, LotRef},
    stock::{Holder, holders},
    text::field_text,
};
use pedigree_manifest::Manifest;
use pedigree_verify::{
    evidence::Evidence,
    membership::membership,
    verdict::{AdditionalInformation, FailureReason, Label, Question},
    verification::{Verification, blocking_recalls, verify},
};
use serde::Serialize;

use crate::{
    advice::Advice,
    answer::Answer,
    context::Context,
    output::{Report, fields, rows},
    words::partner_name,
};

/// Check what a pack's label says.
///
/// GTIN, lot and expiry are compared with the ledger. With a manifest, the serial number is looked up
/// there and proven against the ledger's root, and the answer is about that pack. Exit code 1 if the
/// pack is not verified.
#[derive(Args)]
pub struct Verify {
    gtin: Gtin,
    lot_number: LotNumber,
    /// The label's date: YYYY-MM-DD, YYYY-MM, YYYYMMDD or YYMMDD
    #[arg(long)]
    expiry: Option<Expiry>,
    /// The pack's serial number
    #[arg(long, requires = "manifest")]
    serial: Option<String>,
    /// The lot's manifest, or the extract that came with the consignment
    #[arg(long, value_name = "FILE", requires = "serial")]
    manifest: Option<PathBuf>,
    /// The consignment that the pack is in: its address, GTIN/LOT[#UNIT], or its SSCC
    #[arg(long)]
    consignment: Option<ConsignmentRef>,
    /// Write what the answer rests on to this new file, for `evidence check`
    #[arg(long, value_name = "FILE")]
    evidence: Option<PathBuf>,
}

impl Verify {
    pub async fn run(self, context: &Context) -> Result<Answer> {
        let ledger = &context.ledger;
        let membership = match (&self.manifest, &self.serial) {
            (Some(file), Some(serial)) => {
                let named = LotRef::newest(self.gtin, self.lot_number);
                let lot = named.find(ledger).await?;
                let lot = lot.map_or_else(|| named.address_in(0), |lot| lot.address);
                membership(&Manifest::open(file)?, &lot, serial)?
            }
            _ => None,
        };
        let consignment = match self.consignment {
            Some(named) => Some(named.address(ledger).await?),
            None => None,
        };
        let question = Question {
            label: Label {
                gtin: self.gtin,
                lot_number: self.lot_number,
                expiry: self.expiry,
                serial: self.serial,
            },
            membership,
            consignment,
        };
        let verification = verify(ledger, question, Utc::now().timestamp()).await?;
        if let Some(path) = &self.evidence {
            let evidence = serde_json::to_string_pretty(&Evidence::of(&verification))?;
            let written =
                File::create_new(path).and_then(|mut file| file.write_all(evidence.as_bytes()));
            written.with_context(|| format!("could not write {}", path.display()))?;
        }
        let is_verified = verification.is_verified();
        context.print(&VerificationReport::read(ledger, &verification).await?);
        Ok(is_verified.into())
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
    unit: Option<UnitReport>,
    /// The recalls that block it, the most serious first.
    recalls: Vec<BlockingRecall>,
    /// Who holds the lot's units; only if it is not known which unit the pack is.
    holders: Vec<HolderReport>,
    slot: u64,
}

/// The unit that carries the serial number.
#[derive(Serialize)]
struct UnitReport {
    index: u32,
    /// Unknown while the lot's pages are not open.
    disposition: Option<String>,
}

#[derive(Serialize)]
struct HolderReport {
    first_unit: u32,
    quantity: u32,
    custodian: String,
    status: String,
}

impl VerificationReport {
    /// The answer, with the holders of the lot if it is not about a single unit.
    pub async fn read(ledger: &Ledger, verification: &Verification) -> Result<Self> {
        let lot = verification.facts.lot.as_ref();
        let holders = match (lot, verification.unit()) {
            (Some(_), None) => holders(ledger, &verification.facts.lot_address).await?,
            _ => Vec::new(),
        };
        let holder = |holder: &Holder| HolderReport {
            first_unit: holder.consignment.first_unit,
            quantity: holder.consignment.quantity,
            custodian: holder
                .custodian
                .as_ref()
                .map_or_else(|| holder.consignment.custodian().to_string(), partner_name),
            status: holder.consignment.status.to_string(),
        };
        let product = verification.facts.product.as_ref();
        Ok(Self {
            verified: verification.is_verified(),
            label: verification.question.label.clone(),
            verification_failure_reason: verification.verdict.failure,
            additional_information: verification.verdict.additional_information.clone(),
            product: product.map(|product| field_text(&product.name)),
            lot_status: lot.map(|lot| lot.status.to_string()),
            lot_expiry: lot.map(|lot| lot.expiry()),
            unit: verification.unit().map(|(index, disposition)| UnitReport {
                index,
                disposition: disposition.map(|it| it.to_string()),
            }),
            recalls: blocking_recalls(ledger, verification).await?,
            holders: holders.iter().map(holder).collect(),
            slot: verification.slot,
        })
    }

    /// One line: yes, or why not and what to do.
    fn headline(&self) -> String {
        Advice::on(
            self.verification_failure_reason,
            &self.additional_information,
            self.product.is_some(),
        )
        .to_string()
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
        let recalls: Vec<String> = self.recalls.iter().map(BlockingRecall::to_string).collect();
        let recalls = match recalls.is_empty() {
            true => "none".to_owned(),
            false => recalls.join("; "),
        };
        let unit = match &self.unit {
            None => "unknown".to_owned(),
            Some(UnitReport { index, disposition }) => match disposition {
                Some(disposition) => format!("{index} ({disposition})"),
                None => format!("{index} (not tracked one by one)"),
            },
        };
        let holders = match &self.unit {
            Some(_) => String::new(),
            None => rows(["Units", "Quantity", "Custodian", "Status"], holders),
        };
        format!(
            "{}\n{}\n{holders}",
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
                ("Unit", unit),
                ("Recalls", recalls),
                ("At slot", self.slot.to_string()),
            ]),
        )
    }
}
