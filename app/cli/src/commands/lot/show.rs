//! `pedigree lot show`

use anyhow::Result;
use pedigree_client::{
    address, custody,
    identifier::{Gtin, LotNumber},
    ledger::Filter,
};
use solana_pubkey::Pubkey;

use super::report::{ConsignmentReport, LotReport};
use crate::{arguments::consignment_name, context::Context, names::SiteNames};

/// Shows a lot and who holds its units.
pub async fn show(context: &Context, gtin: Gtin, lot_number: LotNumber) -> Result<()> {
    let ledger = &context.ledger;
    let address = address::lot(&address::product(gtin), lot_number);
    let lot: custody::Lot = ledger.get(&address).await?;
    let mut consignments: Vec<(Pubkey, custody::Consignment)> =
        ledger.list(&[Filter::consignment_lot(&address)]).await?;
    consignments.sort_by_key(|(_, consignment)| consignment.first_unit);
    let sites = consignments
        .iter()
        .flat_map(|(_, consignment)| [consignment.custodian, consignment.owner])
        .chain([lot.manufacturer, lot.quarantined_by]);
    let names = SiteNames::read(ledger, sites).await?;
    let report = |(address, consignment): &(Pubkey, custody::Consignment)| ConsignmentReport {
        consignment: consignment_name(&lot, consignment.first_unit),
        address: address.to_string(),
        first_unit: consignment.first_unit,
        quantity: consignment.quantity,
        custodian: names.of(consignment.custodian),
        owner: names.of(consignment.owner),
        status: consignment.status.to_string(),
        open_cases: consignment.open_cases,
        sequence: consignment.sequence,
    };
    let reports = consignments.iter().map(report).collect();
    context.print(&LotReport::new(&address, &lot, &names, reports));
    Ok(())
}
