//! Opening, following and resolving cases of suspect or illegitimate product and of discrepancies.

use custody::{Case, Consignment, Lot};
use pedigree_interface::{
    Located, address, identifier::Gln, instruction::custody as instruction, site::Site,
};
use solana_pubkey::Pubkey;

use super::grounds::Grounds;
use crate::{actor::Actor, error::Result, plan::Plan, reference::LotRef};

/// Freezes a consignment. The site that opens the case is `site`; else the first of custodian, owner and
/// manufacturer that the actor may act for; else the actor's only one, which must be a regulator.
///
/// # Errors
///
/// If it is not clear for which site the actor acts.
pub async fn open_case(
    actor: &Actor<'_>,
    consignment: &Located<Consignment>,
    grounds: Grounds,
    site: Option<Gln>,
) -> Result<Plan> {
    let custodian = consignment.custodian();
    let site = match site {
        Some(gln) => actor.site(gln).await?,
        None => {
            let lot: Located<Lot> = actor.ledger.get(&consignment.lot).await?;
            let owner = consignment.owner();
            let manufacturer = lot.manufacturer();
            let likely = [custodian, owner, manufacturer];
            actor.likely_site(None, &likely).await?
        }
    };
    let quantity = consignment.quantity;
    let instruction = instruction::open_case(
        actor.payer.key,
        site,
        custodian,
        consignment,
        consignment.cases,
        grounds.finding(quantity),
    );
    let case = address::case(&consignment.address, consignment.cases);
    let purpose = format!("freeze {quantity} units ({grounds})");
    Ok(Plan::new(purpose, instruction).creating("case", case))
}

/// Freezes a whole lot. The site that opens the case is `site`; else the manufacturer, if the actor may
/// act for it; else the actor's only one, which must be a regulator.
///
/// # Errors
///
/// [`Error::Missing`](crate::Error::Missing) if there is no such lot, or if it is not clear for which site
/// the actor acts.
pub async fn open_lot_case(
    actor: &Actor<'_>,
    lot: LotRef,
    grounds: Grounds,
    site: Option<Gln>,
) -> Result<Plan> {
    let account = lot.resolve(actor.ledger).await?;
    let manufacturer = account.manufacturer();
    let site = actor.likely_site(site, &[manufacturer]).await?;
    let instruction = instruction::open_lot_case(
        actor.payer.key,
        site,
        account.address,
        account.cases,
        grounds.finding(account.quantity),
    );
    let case = address::case(&account.address, account.cases);
    let purpose = format!("freeze the whole lot {lot} ({grounds})");
    Ok(Plan::new(purpose, instruction).creating("case", case))
}

/// Determines that the product of a case is illegitimate, which starts the 24 hours to notify
/// (21 U.S.C. 360eee-1).
///
/// # Errors
///
/// If it is not clear for which site the actor acts.
pub async fn determine(
    actor: &Actor<'_>,
    case: &Located<Case>,
    site: Option<Gln>,
    document_hash: Option<[u8; 32]>,
) -> Result<Plan> {
    let site = investigator(actor, case, site).await?;
    Ok(Plan::new(
        "determine that the case's product is illegitimate",
        instruction::determine_case(site, case.address, document_hash),
    ))
}

/// Records that the regulator and the trading partners were notified.
///
/// # Errors
///
/// If it is not clear for which site the actor acts.
pub async fn notify(
    actor: &Actor<'_>,
    case: &Located<Case>,
    site: Option<Gln>,
    document_hash: Option<[u8; 32]>,
) -> Result<Plan> {
    let site = investigator(actor, case, site).await?;
    Ok(Plan::new(
        "record that regulator and trading partners were notified",
        instruction::notify_case(site, case.address, document_hash),
    ))
}

/// Ends a case: the goods move again, or, `condemned`, go to disposal or to a laboratory
/// only.
///
/// # Errors
///
/// If it is not clear for which site the actor acts.
pub async fn resolve(
    actor: &Actor<'_>,
    case: &Located<Case>,
    condemned: bool,
    site: Option<Gln>,
    document_hash: Option<[u8; 32]>,
) -> Result<Plan> {
    let site = investigator(actor, case, site).await?;
    let purpose = match condemned {
        true => "end the case and condemn the goods",
        false => "end the case and clear the goods",
    };
    let resolve: fn(Site, Pubkey, Pubkey, bool, Option<[u8; 32]>) -> _ =
        match case.subject == case.lot {
            true => instruction::resolve_lot_case,
            false => instruction::resolve_case,
        };
    Ok(Plan::new(
        purpose,
        resolve(site, case.address, case.subject, condemned, document_hash),
    ))
}

/// The site that follows a case: `site`; else the one that opened it, if the actor may act for it; else
/// the actor's only one, which must be a regulator.
async fn investigator(actor: &Actor<'_>, case: &Case, site: Option<Gln>) -> Result<Site> {
    let opened_by = case.opened_by();
    actor.likely_site(site, &[opened_by]).await
}
