//! `pedigree lot show`

use anyhow::Result;
use pedigree_client::{Located, custody::Consignment, reference::LotRef, stock::of_lot};

use super::report::{ConsignmentReport, LotReport};
use crate::{context::Context, names::SiteNames, words::consignment_name};

/// Shows a lot and who holds its units.
pub async fn show(context: &Context, lot: LotRef) -> Result<()> {
    let ledger = &context.ledger;
    let lot = lot.resolve(ledger).await?;
    let consignments = of_lot(ledger, &lot.address).await?;
    let sites = consignments
        .iter()
        .flat_map(|consignment| [consignment.custodian(), consignment.owner()])
        .chain([lot.manufacturer(), lot.minted_by()])
        .chain(lot.quarantined_by());
    let names = SiteNames::read(ledger, sites).await?;
    let report = |consignment: &Located<Consignment>| ConsignmentReport {
        consignment: consignment_name(&lot, consignment.first_unit),
        address: consignment.address.to_string(),
        first_unit: consignment.first_unit,
        quantity: consignment.quantity,
        custodian: names.of(consignment.custodian()),
        owner: names.of(consignment.owner()),
        status: consignment.status.to_string(),
        open_cases: consignment.open_cases,
        sequence: consignment.sequence,
    };
    let reports = consignments.iter().map(report).collect();
    context.print(&LotReport::new(&lot, &names, reports));
    Ok(())
}
