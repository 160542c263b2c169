//! Setting goods aside, and releasing them.

use custody::Consignment;
use pedigree_interface::{Located, identifier::Gln, instruction::custody as instruction};

use crate::{actor::Actor, error::Result, plan::Plan, reference::LotRef};

/// Keeps a consignment from going down the chain: by its custodian.
///
/// # Errors
///
/// If the actor may not act for the custodian.
pub async fn quarantine(actor: &Actor<'_>, consignment: &Located<Consignment>) -> Result<Plan> {
    let custodian = actor.site(consignment.custodian()).await?;
    Ok(Plan::new(
        format!("quarantine {} units", consignment.quantity),
        instruction::quarantine(custodian, consignment.address),
    ))
}

/// Ends the quarantine of a consignment: by its custodian.
///
/// # Errors
///
/// If the actor may not act for the custodian.
pub async fn release(actor: &Actor<'_>, consignment: &Located<Consignment>) -> Result<Plan> {
    let custodian = actor.site(consignment.custodian()).await?;
    Ok(Plan::new(
        format!("release {} units", consignment.quantity),
        instruction::release(custodian, consignment.address),
    ))
}

/// Keeps a whole lot from going down the chain: by its manufacturer or a regulator, which is `site` or
/// the actor's only one.
///
/// # Errors
///
/// If it is not clear for which site the actor acts.
pub async fn quarantine_lot(actor: &Actor<'_>, lot: LotRef, site: Option<Gln>) -> Result<Plan> {
    let site = actor.named_or_only_site(site).await?;
    Ok(Plan::new(
        format!("quarantine the whole lot {lot}"),
        instruction::quarantine_lot(site, lot.address()),
    ))
}

/// Ends the quarantine of a lot: by the site that quarantined it or a regulator, which is `site` or the
/// actor's only one.
///
/// # Errors
///
/// If it is not clear for which site the actor acts.
pub async fn release_lot(actor: &Actor<'_>, lot: LotRef, site: Option<Gln>) -> Result<Plan> {
    let site = actor.named_or_only_site(site).await?;
    Ok(Plan::new(
        format!("release the whole lot {lot}"),
        instruction::release_lot(site, lot.address()),
    ))
}
