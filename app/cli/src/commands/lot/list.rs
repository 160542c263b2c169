//! `pedigree lot list`

use anyhow::Result;
use pedigree_client::{identifier::Gtin, lists};
use serde::Serialize;

use super::report::LotReport;
use crate::{
    context::Context,
    names::SiteNames,
    output::{Report, rows},
};

/// Lists lots, all or those of one product.
pub async fn list(context: &Context, gtin: Option<Gtin>) -> Result<()> {
    let lots = lists::lots(&context.ledger, gtin).await?;
    let sites = lots
        .iter()
        .flat_map(|lot| [lot.manufacturer(), lot.minted_by()]);
    let names = SiteNames::read(&context.ledger, sites).await?;
    let reports = lots
        .iter()
        .map(|lot| LotReport::new(lot, &names, Vec::new()));
    context.print(&LotList(reports.collect()));
    Ok(())
}

#[derive(Serialize)]
#[serde(transparent)]
struct LotList(Vec<LotReport>);

impl Report for LotList {
    fn text(&self) -> String {
        let lots = self.0.iter().map(|lot| {
            [
                lot.gtin.to_string(),
                lot.lot_number.to_string(),
                lot.expiry.to_string(),
                lot.quantity.to_string(),
                lot.status.clone(),
                lot.recalled(),
            ]
        });
        rows(
            ["GTIN", "Lot", "Expiry", "Units", "Status", "Recalled"],
            lots,
        )
    }
}
