//! The money that a recall pays for what comes back.

use custody::{Consignment, ConsignmentStatus, Lot};
use pedigree_interface::{
    Located, address,
    identifier::Gln,
    instruction::{
        custody as custody_instruction,
        recall::{self as instruction, Funding},
    },
    site::Site,
    units::UnitRange,
};
use recall::{Recall, Tranche};
use registry::Partner;
use solana_pubkey::Pubkey;

use crate::{
    actor::Actor,
    compensation::{GivenUp, RecallHistory},
    error::{Error, Result},
    ledger::Ledger,
    plan::Plan,
    token::Mint,
};

/// What is to be reserved for units of a recall.
#[derive(Clone, Debug)]
pub struct Reserve {
    /// The token.
    pub mint: Mint,
    /// The units, by default all that are recalled.
    pub units: Option<UnitRange>,
    /// The price of each, in the token's smallest parts.
    pub unit_price: u64,
    /// The token account that pays; by default the acting key's associated one.
    pub source: Option<Pubkey>,
}

/// Reserves a price for units of a recall: by `site`, one of the manufacturer's firm or who holds the
/// product now, with its own key; by default by the manufacturer.
///
/// # Errors
///
/// If the actor may not act for the site.
pub async fn fund(
    actor: &Actor<'_>,
    recall: &Located<Recall>,
    reserve: &Reserve,
    site: Option<Gln>,
) -> Result<Plan> {
    let Reserve {
        mint,
        units,
        unit_price,
        source,
    } = reserve;
    let site = actor.site(site.unwrap_or(recall.manufacturer())).await?;
    let source = source.unwrap_or_else(|| mint.account_of(&site.key));
    let units = units.unwrap_or(UnitRange::from(&recall.account));
    let purpose = format!(
        "reserve {} for each of {} recalled units from unit {}, {} together",
        mint.amount_text(*unit_price),
        units.quantity,
        units.first,
        mint.amount_text(unit_price.saturating_mul(units.quantity.into())),
    );
    let funding = Funding {
        units,
        unit_price: *unit_price,
    };
    let payer = actor.payer.key;
    Ok(Plan::new(
        purpose,
        instruction::fund(payer, site, &recall.account, mint.token, source, funding),
    ))
}

/// Has the recalled units counted that `evidence` shows a site returned or destroyed: an accepted return's
/// transfer, or a destroyed consignment. The site is `site` or the actor's only one, and answers the
/// recall first.
///
/// # Errors
///
/// [`Error::NotEvidence`], [`Error::NoneRecalled`], or if it is not clear for which site the actor acts.
pub async fn prove(
    actor: &Actor<'_>,
    recall: &Located<Recall>,
    evidence: Pubkey,
    site: Option<Gln>,
) -> Result<Plan> {
    let shown = GivenUp::read(actor.ledger, evidence).await?;
    let history = RecallHistory::read(actor.ledger, recall).await?;
    let proofs = history.proofs(recall, &shown.departure);
    if proofs.is_empty() {
        return Err(Error::NoneRecalled(evidence));
    }
    let site = actor.named_or_only_site(site).await?;
    let purpose = format!(
        "prove {} units",
        total(proofs.iter().map(|(units, _)| units))
    );
    let payer = actor.payer.key;
    let prove =
        |(units, since)| instruction::prove(payer, site, recall.address, evidence, units, &since);
    Ok(actor.plan(purpose, proofs.into_iter().map(prove).collect()))
}

/// Gives title to recalled goods to the manufacturer's side, which has them already: by their owner. A
/// provider that sent them there passed no title, so nothing is owed for them yet.
///
/// # Errors
///
/// If the actor may not act for the owner.
pub async fn return_title(
    actor: &Actor<'_>,
    consignment: &Located<Consignment>,
    document_hash: Option<[u8; 32]>,
) -> Result<Plan> {
    let owner = actor.site(consignment.owner()).await?;
    let lot: Located<Lot> = actor.ledger.get(&consignment.lot).await?;
    let receiver = consignment.custodian();
    let with = custody_instruction::Holders {
        receiver,
        manufacturer: maker_of(actor.ledger, &lot, receiver).await?,
        product: lot.product,
        is_offered: consignment.status == ConsignmentStatus::Offered,
    };
    let payer = actor.payer.key;
    let purpose = format!("give title to {} units to {receiver}", consignment.quantity);
    let plan = Plan::new(
        purpose,
        custody_instruction::return_title(payer, owner, consignment, with, document_hash),
    );
    let transfer = address::transfer(&consignment.address, consignment.sequence);
    Ok(plan.creating("transfer", transfer))
}

/// Of who answers for the lot and who minted it, the one of whose firm `receiver` is; the former if it is of neither.
async fn maker_of(ledger: &Ledger, lot: &Lot, receiver: Gln) -> Result<Gln> {
    let (manufacturer, first) = (lot.manufacturer(), lot.minted_by());
    if manufacturer == first {
        return Ok(manufacturer);
    }
    let sites = ledger.partners([receiver, manufacturer, first]).await?;
    let is_of_firm = |maker: Gln| {
        let firm = sites.get(&maker).map(Partner::firm);
        firm.is_some()
            && (firm == Some(receiver) || firm == sites.get(&receiver).map(Partner::firm))
    };
    Ok(if is_of_firm(first) && !is_of_firm(manufacturer) {
        first
    } else {
        manufacturer
    })
}

/// Has a site paid for units that it had title to when they were recalled, and gave up: from the tranche of
/// this number, or from those that pay most. The site is `site` or the actor's only one, and its own key
/// signs.
///
/// `receiver` is the token account that is paid; by default the associated one of the site's own key.
///
/// # Errors
///
/// [`Error::NotEvidence`], [`Error::NothingOwed`], [`Error::SeveralTokens`], or if it is not clear for which site
/// the actor acts.
pub async fn claim(
    actor: &Actor<'_>,
    recall: &Located<Recall>,
    evidence: Pubkey,
    site: Option<Gln>,
    tranche: Option<u32>,
    receiver: Option<Pubkey>,
) -> Result<Plan> {
    let shown = GivenUp::read(actor.ledger, evidence).await?;
    let history = RecallHistory::read(actor.ledger, recall).await?;
    let paid = shown.paid(actor.ledger).await?;
    let site = actor.named_or_only_site(site).await?;
    let is_paid = |unit| paid.iter().any(|page| page.is_paid(unit));
    let claims = history.claims(site.gln, &shown, tranche, is_paid)?;
    let tranche_of = |number: u32| history.tranches.iter().find(|it| it.number == number);
    let due: u64 = claims
        .iter()
        .filter_map(|it| Some(tranche_of(it.tranche)?.unit_price * u64::from(it.units.quantity)))
        .sum();
    // They are all in one token.
    let first = claims.first().and_then(|it| tranche_of(it.tranche));
    let first = first.ok_or(Error::NothingToDo)?;
    let mint = Mint::read(actor.ledger, first.mint).await?;
    let receiver = receiver_of(actor.ledger, &mint, &site, receiver).await?;
    let purpose = format!(
        "claim {} for {} units",
        mint.amount_text(due),
        total(claims.iter().map(|it| &it.units))
    );
    let payer = actor.payer.key;
    let claim =
        |claimed| instruction::claim(payer, site, recall.address, claimed, mint.token, receiver);
    Ok(actor.plan(purpose, claims.iter().map(claim).collect()))
}

/// Takes back what a terminated recall did not pay out, once the time to claim is over: by `site`, which
/// funded it, by default the manufacturer; from the tranche of this number, or from all that the site
/// funded.
///
/// `receiver` is the token account that gets it; by default the associated one of the site's own key.
///
/// # Errors
///
/// [`Error::PaysNothing`] if nothing is left that the site funded, or if the actor may not act for it.
pub async fn withdraw(
    actor: &Actor<'_>,
    recall: &Located<Recall>,
    site: Option<Gln>,
    tranche: Option<u32>,
    receiver: Option<Pubkey>,
) -> Result<Plan> {
    let site = actor.site(site.unwrap_or(recall.manufacturer())).await?;
    let history = RecallHistory::read(actor.ledger, recall).await?;
    let is_meant = |it: &&Tranche| match tranche {
        Some(number) => it.number == number,
        None => it.funder() == site.gln && it.withdrawn_at == 0,
    };
    let mut instructions = Vec::new();
    for tranche in history.tranches.iter().filter(is_meant) {
        let mint = Mint::read(actor.ledger, tranche.mint).await?;
        let receiver = receiver_of(actor.ledger, &mint, &site, receiver).await?;
        let (token, payer) = (mint.token, tranche.payer);
        let number = tranche.number;
        instructions.push(instruction::withdraw(
            site,
            recall.address,
            number,
            token,
            receiver,
            payer,
        ));
    }
    if instructions.is_empty() {
        return Err(Error::PaysNothing(recall.address));
    }
    Ok(actor.plan("take back what the recall did not pay out", instructions))
}

/// The token account that is paid: the site's own key keeps it.
async fn receiver_of(
    ledger: &Ledger,
    mint: &Mint,
    site: &Site,
    named: Option<Pubkey>,
) -> Result<Pubkey> {
    if let Some(named) = named {
        return Ok(named);
    }
    let partner: Located<Partner> = ledger.get(&site.partner).await?;
    Ok(mint.account_of(&partner.authority))
}

fn total<'a>(ranges: impl Iterator<Item = &'a UnitRange>) -> u32 {
    ranges.map(|range| range.quantity).sum()
}
