//! Claiming company prefixes for firms, and settling whose they are.

use pedigree_interface::{
    identifier::{CompanyPrefix, Gln},
    instruction::registry as instruction,
};

use crate::{
    actor::Actor,
    error::{Error, Result},
    plan::Plan,
    planning::issuers,
    prefixes,
};

/// Claims company prefixes for the firm of a head office. Signed by the head office's issuer.
///
/// # Errors
///
/// [`Error::Missing`] if there is no such site.
pub async fn claim(actor: &Actor<'_>, head_office: Gln, claimed: &[CompanyPrefix]) -> Result<Plan> {
    let issuer = issuers::of_site(actor, head_office).await?;
    let claims = claimed
        .iter()
        .map(|prefix| instruction::claim_prefix(actor.payer.key, issuer, head_office, *prefix));
    let purpose = format!("claim {} for the firm {head_office}", listed(claimed));
    Ok(actor.plan(purpose, claims.collect()))
}

/// Ends the claim of exactly this prefix. Signed by the issuer of the head office whose firm has it, or by
/// the registry authority.
///
/// # Errors
///
/// [`Error::PrefixNotClaimed`] if nobody has claimed it.
pub async fn release(actor: &Actor<'_>, prefix: CompanyPrefix) -> Result<Plan> {
    let claims = prefixes::overlapping(actor.ledger, prefix).await?;
    let claim = claims.iter().find(|claim| claim.prefix() == prefix);
    let claim = claim.ok_or(Error::PrefixNotClaimed(prefix))?;
    let firm = claim.firm();
    let overseer = issuers::of_site(actor, firm).await?;
    Ok(Plan::new(
        format!("end the claim of {prefix} by the firm {firm}"),
        instruction::release_prefix(overseer, firm, prefix),
    ))
}

/// Gives a prefix to the firm whose head office is the site `to`, and ends the other firm's claims that
/// overlap it. Signed by the registry authority.
///
/// # Errors
///
/// [`Error::PrefixNotClaimed`] if nobody has claimed any of it, [`Error::SeveralFirms`] if several have.
pub async fn move_to(actor: &Actor<'_>, prefix: CompanyPrefix, to: Gln) -> Result<Plan> {
    let claims = prefixes::overlapping(actor.ledger, prefix).await?;
    let first = claims.first().ok_or(Error::PrefixNotClaimed(prefix))?;
    if claims.iter().any(|claim| claim.firm != first.firm) {
        return Err(Error::SeveralFirms(prefix));
    }
    let from = first.firm();
    let ended: Vec<CompanyPrefix> = claims.iter().map(|claim| claim.prefix()).collect();
    Ok(Plan::new(
        format!(
            "give {prefix} to the firm {to} and end the claim of {} by the firm {from}",
            listed(&ended)
        ),
        instruction::move_prefix(actor.key, prefix, from, to),
    ))
}

/// The prefixes as people write them.
fn listed(prefixes: &[CompanyPrefix]) -> String {
    let written = prefixes.iter().map(CompanyPrefix::to_string);
    written.collect::<Vec<_>>().join(", ")
}
