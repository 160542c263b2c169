//! `pedigree unit`

use anyhow::Result;
use clap::Args;
use pedigree_client::{disposition::unit, reference::LotRef};
use serde::Serialize;

use crate::{
    answer::Answer,
    context::Context,
    names::SiteNames,
    output::{Report, fields},
    words,
};

/// Show what became of one pack.
///
/// Where it is, or who dispensed it and when. Exit code 1 if it is not active.
#[derive(Args)]
pub struct ShowUnit {
    #[arg(value_name = "GTIN/LOT")]
    lot: LotRef,
    /// Its number in the lot, counted from 0
    unit: u32,
}

impl ShowUnit {
    pub async fn run(self, context: &Context) -> Result<Answer> {
        let unit = unit(&context.ledger, &self.lot.address(), self.unit).await?;
        let custodian = unit.consignment.as_ref();
        let custodian = custodian.map(|one| one.custodian());
        let names = SiteNames::read(&context.ledger, custodian).await?;
        let is_active = unit.is_active();
        context.print(&UnitReport {
            lot: self.lot.to_string(),
            unit: self.unit,
            active: is_active,
            fate: words::fate(unit.fate()),
            consignment: unit.consignment.map(|one| one.address.to_string()),
            custodian: custodian.map(|gln| names.of(gln)),
        });
        Ok(is_active.into())
    }
}

#[derive(Serialize)]
struct UnitReport {
    lot: String,
    unit: u32,
    active: bool,
    fate: String,
    consignment: Option<String>,
    custodian: Option<String>,
}

impl Report for UnitReport {
    fn text(&self) -> String {
        let none = || "none".to_owned();
        fields([
            ("Lot", self.lot.clone()),
            ("Unit", self.unit.to_string()),
            ("Fate", self.fate.clone()),
            ("Consignment", self.consignment.clone().unwrap_or_else(none)),
            ("Custodian", self.custodian.clone().unwrap_or_else(none)),
        ])
    }
}
