//! A lot as it is printed.

use std::ops::Range;

use pedigree_client::{
    Located, custody,
    identifier::{Expiry, Gtin, LotNumber},
};
use serde::Serialize;

use crate::{
    names::SiteNames,
    output::{Report, fields, rows},
    words::time,
};

#[derive(Serialize)]
pub struct LotReport {
    pub gtin: Gtin,
    pub lot_number: LotNumber,
    pub expiry: Expiry,
    expires_at: i64,
    pub quantity: u32,
    pub status: String,
    quarantined_by: Option<String>,
    open_cases: u8,
    /// Recalled units, of each recall by its number.
    recalled: Vec<RecalledUnits>,
    serial_root: String,
    manifest_hash: String,
    minted_at: i64,
    /// Who minted it, whoever is responsible for it by now.
    minted_by: String,
    /// Who is responsible for it.
    manufacturer: String,
    address: String,
    consignments: Vec<ConsignmentReport>,
}

#[derive(Serialize)]
pub struct ConsignmentReport {
    /// As it may be typed.
    pub consignment: String,
    pub address: String,
    pub first_unit: u32,
    pub quantity: u32,
    pub custodian: String,
    pub owner: String,
    pub status: String,
    pub open_cases: u8,
    pub sequence: u32,
}

#[derive(Serialize)]
struct RecalledUnits {
    first: u64,
    quantity: u64,
}

impl From<Range<u64>> for RecalledUnits {
    fn from(range: Range<u64>) -> Self {
        Self {
            first: range.start,
            quantity: range.end - range.start,
        }
    }
}

impl LotReport {
    pub fn new(
        lot: &Located<custody::Lot>,
        names: &SiteNames,
        consignments: Vec<ConsignmentReport>,
    ) -> Self {
        Self {
            gtin: lot.gtin(),
            lot_number: lot.lot_number(),
            expiry: lot.expiry(),
            expires_at: lot.expires_at,
            quantity: lot.quantity,
            status: lot.status.to_string(),
            quarantined_by: lot.quarantined_by().map(|gln| names.of(gln)),
            open_cases: lot.open_cases,
            recalled: lot.recalled_ranges().map(RecalledUnits::from).collect(),
            serial_root: hex::encode(lot.serial_root),
            manifest_hash: hex::encode(lot.manifest_hash),
            minted_at: lot.minted_at,
            minted_by: names.of(lot.minted_by()),
            manufacturer: names.of(lot.manufacturer()),
            address: lot.address.to_string(),
            consignments,
        }
    }

    fn status(&self) -> String {
        match &self.quarantined_by {
            Some(site) => format!("{} by {site}", self.status),
            None => self.status.clone(),
        }
    }

    pub fn recalled(&self) -> String {
        let ranges = self.recalled.iter().filter(|range| range.quantity > 0);
        let ranges: Vec<String> = ranges
            .map(|range| format!("{} units from unit {}", range.quantity, range.first))
            .collect();
        match ranges.is_empty() {
            true => "none".to_owned(),
            false => ranges.join(", "),
        }
    }
}

impl Report for LotReport {
    fn text(&self) -> String {
        let consignments = self.consignments.iter().map(|consignment| {
            [
                consignment.consignment.clone(),
                consignment.quantity.to_string(),
                consignment.custodian.clone(),
                consignment.owner.clone(),
                consignment.status.clone(),
                consignment.open_cases.to_string(),
                consignment.sequence.to_string(),
                consignment.address.clone(),
            ]
        });
        format!(
            "{}\n\nConsignments\n{}",
            fields([
                ("Lot", self.lot_number.to_string()),
                ("GTIN", self.gtin.to_string()),
                (
                    "Expiry",
                    format!("{} (expired from {})", self.expiry, time(self.expires_at))
                ),
                ("Units", self.quantity.to_string()),
                ("Manufacturer", self.manufacturer.clone()),
                ("Status", self.status()),
                ("Open cases", self.open_cases.to_string()),
                ("Recalled", self.recalled()),
                ("Serial root", self.serial_root.clone()),
                ("Manifest hash", self.manifest_hash.clone()),
                (
                    "Minted",
                    format!("{} by {}", time(self.minted_at), self.minted_by)
                ),
                ("Account", self.address.clone()),
            ]),
            rows(
                [
                    "Consignment",
                    "Units",
                    "Custodian",
                    "Owner",
                    "Status",
                    "Cases",
                    "Sequence",
                    "Account"
                ],
                consignments
            ),
        )
    }
}
