//! A lot as it is printed.

use std::ops::Range;

use pedigree_client::{
    custody,
    identifier::{Expiry, Gtin, LotNumber},
};
use serde::Serialize;
use solana_pubkey::Pubkey;

use crate::{
    arguments::time,
    names::SiteNames,
    output::{Report, fields, rows},
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
    recalled: Vec<RecalledRun>,
    serial_root: String,
    manifest_hash: String,
    minted_at: i64,
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
struct RecalledRun {
    first: u64,
    quantity: u64,
}

impl From<Range<u64>> for RecalledRun {
    fn from(run: Range<u64>) -> Self {
        Self {
            first: run.start,
            quantity: run.end - run.start,
        }
    }
}

impl LotReport {
    pub fn new(
        address: &Pubkey,
        lot: &custody::Lot,
        names: &SiteNames,
        consignments: Vec<ConsignmentReport>,
    ) -> Self {
        Self {
            gtin: Gtin::from_account(lot.gtin),
            lot_number: LotNumber::from_account(lot.lot_number),
            expiry: Expiry::from_account(lot.expiry),
            expires_at: lot.expires_at,
            quantity: lot.quantity,
            status: lot.status.to_string(),
            quarantined_by: names.find(lot.quarantined_by),
            open_cases: lot.open_cases,
            recalled: lot.recalled_runs().map(RecalledRun::from).collect(),
            serial_root: hex::encode(lot.serial_root),
            manifest_hash: hex::encode(lot.manifest_hash),
            minted_at: lot.minted_at,
            manufacturer: names.of(lot.manufacturer),
            address: address.to_string(),
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
        let runs = self.recalled.iter().filter(|run| run.quantity > 0);
        let runs: Vec<String> = runs
            .map(|run| format!("{} units from unit {}", run.quantity, run.first))
            .collect();
        match runs.is_empty() {
            true => "none".to_owned(),
            false => runs.join(", "),
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
                ("Minted", time(self.minted_at)),
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
