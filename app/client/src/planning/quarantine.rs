//! Setting goods aside, and lifting restrictions.

use custody::{Consignment, Restrictions};
use pedigree_interface::{Located, identifier::Gln, instruction::custody as instruction};

use crate::{actor::Actor, error::Result, plan::Plan, reference::LotRef};

/// Keeps a consignment from going down the chain: by its custodian.
///
/// # Errors
///
/// If the actor may not act for the custodian.
pub async fn quarantine(
    actor: &Actor<'_>,
    consignment: &Located<Consignment>,
    document_hash: Option<[u8; 32]>,
) -> Result<Plan> {
    let custodian = actor.site(consignment.custodian()).await?;
    Ok(Plan::new(
        format!("quarantine {} units", consignment.quantity),
        instruction::quarantine(custodian, consignment.address, document_hash),
    ))
}

/// Lifts `restrictions` of a consignment. The site is `site`; else the custodian for a quarantine, if the
/// actor may act for it; else the actor's only one, which must be a regulator.
///
/// # Errors
///
/// If it is not clear for which site the actor acts.
pub async fn release(
    actor: &Actor<'_>,
    consignment: &Located<Consignment>,
    restrictions: Restrictions,
    site: Option<Gln>,
    document_hash: Option<[u8; 32]>,
) -> Result<Plan> {
    let likely = match restrictions == Restrictions::QUARANTINED {
        true => vec![consignment.custodian()],
        false => vec![],
    };
    let site = actor.likely_site(site, &likely).await?;
    Ok(Plan::new(
        format!("release {} units", consignment.quantity),
        instruction::release(site, consignment.address, restrictions, document_hash),
    ))
}

/// Keeps a whole lot from going down the chain: by its manufacturer or a regulator, which is `site` or
/// the actor's only one.
///
/// # Errors
///
/// If there is no such lot, or if it is not clear for which site the actor acts.
pub async fn quarantine_lot(actor: &Actor<'_>, lot: LotRef, site: Option<Gln>) -> Result<Plan> {
    let site = actor.named_or_only_site(site).await?;
    let account = lot.resolve(actor.ledger).await?;
    Ok(Plan::new(
        format!("quarantine the whole lot {lot}"),
        instruction::quarantine_lot(site, account.address),
    ))
}

/// Ends the quarantine of a lot: by the site that quarantined it or a regulator, which is `site` or the
/// actor's only one.
///
/// # Errors
///
/// If there is no such lot, or if it is not clear for which site the actor acts.
pub async fn release_lot(actor: &Actor<'_>, lot: LotRef, site: Option<Gln>) -> Result<Plan> {
    let site = actor.named_or_only_site(site).await?;
    let account = lot.resolve(actor.ledger).await?;
    Ok(Plan::new(
        format!("release the whole lot {lot}"),
        instruction::release_lot(site, account.address),
    ))
}
