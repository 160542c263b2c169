//! `pedigree unit`

use anyhow::Result;
use clap::Args;
use pedigree_client::{
    custody::{ConsignmentStatus, Disposition},
    identifier::Gln,
    units::{Unit, unit},
};
use serde::Serialize;

use crate::{
    Answer,
    arguments::{LotRef, partner_name, time},
    context::Context,
    names::SiteNames,
    output::{Report, fields},
};

/// Show what became of one pack.
///
/// Where it is, or who dispensed it and when. Exit code 1 if it has left the chain.
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
        let custodian = unit.consignment.as_ref().map(|(_, one)| one.custodian);
        let names = SiteNames::read(&context.ledger, custodian).await?;
        let is_active = is_active(&unit);
        context.print(&UnitReport {
            lot: self.lot.to_string(),
            unit: self.unit,
            active: is_active,
            fate: fate(&unit),
            consignment: unit
                .consignment
                .as_ref()
                .map(|(address, _)| address.to_string()),
            custodian: custodian.map(|gln| names.of(gln)),
        });
        Ok(if is_active { Answer::Yes } else { Answer::No })
    }
}

/// Whether the unit is still in the chain.
fn is_active(unit: &Unit) -> bool {
    let in_chain = unit.consignment.as_ref().is_some_and(|(_, one)| {
        [ConsignmentStatus::Held, ConsignmentStatus::Offered].contains(&one.status)
    });
    in_chain && unit.disposition.is_none_or(|it| it == Disposition::Active)
}

/// What became of a unit, in a few words.
pub fn fate(unit: &Unit) -> String {
    let Some((_, consignment)) = &unit.consignment else {
        return unit
            .disposition
            .map_or_else(|| "unknown".to_owned(), |it| it.to_string());
    };
    let own = unit.disposition.filter(|&it| it != Disposition::Active);
    let Some(disposition) = own else {
        return match consignment.status {
            ConsignmentStatus::Held | ConsignmentStatus::Offered => "active".to_owned(),
            gone => format!("{gone} with its whole consignment"),
        };
    };
    match &unit.dispensed {
        Some(dispensed) => {
            let site = dispensed
                .site
                .as_ref()
                .map_or_else(|| dispensed.by.to_string(), partner_name);
            format!("dispensed by {site} at {}", time(dispensed.at))
        }
        None => format!(
            "{disposition} at {}",
            Gln::from_account(consignment.custodian)
        ),
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
        let unknown = || "none".to_owned();
        fields([
            ("Lot", self.lot.clone()),
            ("Unit", self.unit.to_string()),
            ("Fate", self.fate.clone()),
            (
                "Consignment",
                self.consignment.clone().unwrap_or_else(unknown),
            ),
            ("Custodian", self.custodian.clone().unwrap_or_else(unknown)),
        ])
    }
}
