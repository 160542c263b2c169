//! The money that a recall pays for what comes back.

use custody::{Consignment, PAGE_UNITS, Transfer};
use pedigree_interface::{
    Located,
    identifier::Gln,
    instruction::recall::{self as instruction, Funding},
    site::Site,
    units::UnitRange,
};
use recall::Recall;
use registry::Partner;
use solana_pubkey::Pubkey;

use crate::{
    actor::Actor,
    effectiveness::overlap,
    error::{Error, Result},
    ledger::{Ledger, decode},
    plan::Plan,
    token::Mint,
};

/// Puts money into a recall: by the manufacturer. The first funding decides the token.
///
/// `source` is the token account that pays; by default the acting key's associated one. The unit price may
/// rise, never fall.
///
/// # Errors
///
/// If the actor may not act for the manufacturer.
pub async fn fund(
    actor: &Actor<'_>,
    recall: &Located<Recall>,
    mint: &Mint,
    funding: Funding,
    source: Option<Pubkey>,
) -> Result<Plan> {
    let site = actor.site(recall.manufacturer()).await?;
    let source = source.unwrap_or_else(|| mint.account_of(&site.key));
    let purpose = format!(
        "put {} into the recall, which pays {} for each unit",
        mint.amount_text(funding.amount),
        mint.amount_text(funding.unit_price)
    );
    Ok(Plan::new(
        purpose,
        instruction::fund(
            actor.payer.key,
            site,
            recall.address,
            mint.token,
            source,
            funding,
        ),
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
    let ranges = recalled_ranges(actor.ledger, recall, &evidence).await?;
    let site = actor.named_or_only_site(site).await?;
    let purpose = format!("prove {} units", total(&ranges));
    let prove = |units| instruction::prove(actor.payer.key, site, recall.address, evidence, units);
    Ok(actor.plan(purpose, ranges.into_iter().map(prove).collect()))
}

/// Has the same units counted and paid for, each once, whoever claims it.
///
/// `receiver` is the token account that is paid; by default the associated one of the site's own key.
///
/// # Errors
///
/// [`Error::PaysNothing`] if the recall was never funded, and those of [`prove`].
pub async fn claim(
    actor: &Actor<'_>,
    recall: &Located<Recall>,
    evidence: Pubkey,
    site: Option<Gln>,
    receiver: Option<Pubkey>,
) -> Result<Plan> {
    let mint = mint_of(actor.ledger, recall).await?;
    let ranges = recalled_ranges(actor.ledger, recall, &evidence).await?;
    let site = actor.named_or_only_site(site).await?;
    let receiver = receiver_of(actor.ledger, &mint, &site, receiver).await?;
    let purpose = format!("claim the price of {} units", total(&ranges));
    let claim = |units| {
        let (payer, recall) = (actor.payer.key, recall.address);
        instruction::claim(payer, site, recall, evidence, units, mint.token, receiver)
    };
    Ok(actor.plan(purpose, ranges.into_iter().map(claim).collect()))
}

/// Takes back what a terminated recall did not pay out: by the manufacturer.
///
/// `receiver` is the token account that gets it; by default the associated one of the site's own key.
///
/// # Errors
///
/// [`Error::PaysNothing`] if the recall was never funded, or if the actor may not act for the
/// manufacturer.
pub async fn withdraw(
    actor: &Actor<'_>,
    recall: &Located<Recall>,
    receiver: Option<Pubkey>,
) -> Result<Plan> {
    let mint = mint_of(actor.ledger, recall).await?;
    let site = actor.site(recall.manufacturer()).await?;
    let receiver = receiver_of(actor.ledger, &mint, &site, receiver).await?;
    Ok(Plan::new(
        "take back what the recall did not pay out",
        instruction::withdraw(
            site,
            recall.address,
            mint.token,
            receiver,
            recall.vault_payer,
        ),
    ))
}

/// The mint of the token in which the recall pays.
async fn mint_of(ledger: &Ledger, recall: &Located<Recall>) -> Result<Mint> {
    let mint = recall.mint().ok_or(Error::PaysNothing(recall.address))?;
    Mint::read(ledger, *mint).await
}

/// The token account that is paid: the site's own key keeps what its operators claim.
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

/// The recalled units that the evidence is about, in ranges that lie on one page each.
async fn recalled_ranges(
    ledger: &Ledger,
    recall: &Recall,
    evidence: &Pubkey,
) -> Result<Vec<UnitRange>> {
    let (_, accounts) = ledger.accounts(&[*evidence]).await?;
    let account = accounts.into_iter().next().flatten();
    let account = account.ok_or(Error::NotEvidence(*evidence))?;
    let (first_unit, quantity) = match decode::<Transfer>(evidence, &account) {
        Ok(transfer) => (transfer.first_unit, transfer.quantity),
        Err(_) => {
            let consignment = decode::<Consignment>(evidence, &account);
            let consignment = consignment.map_err(|_| Error::NotEvidence(*evidence))?;
            (consignment.first_unit, consignment.quantity)
        }
    };
    let units = overlap(recall, first_unit, quantity);
    match units.is_empty() {
        true => Err(Error::NoneRecalled(*evidence)),
        false => Ok(by_page(units.start, units.end)),
    }
}

/// The units from `first` to before `end`, in ranges that lie on one page each.
fn by_page(mut first: u32, end: u32) -> Vec<UnitRange> {
    let mut ranges = Vec::new();
    while first < end {
        let page_end = (first / PAGE_UNITS + 1).saturating_mul(PAGE_UNITS);
        let quantity = end.min(page_end) - first;
        ranges.push(UnitRange { first, quantity });
        first += quantity;
    }
    ranges
}

fn total(ranges: &[UnitRange]) -> u32 {
    ranges.iter().map(|range| range.quantity).sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn units_are_cut_at_the_ends_of_pages() {
        let ranges = |first, end| -> Vec<(u32, u32)> {
            let ranges = by_page(first, end);
            ranges
                .into_iter()
                .map(|it| (it.first, it.quantity))
                .collect()
        };
        assert_eq!(ranges(5, 5), []);
        assert_eq!(ranges(5, 10), [(5, 5)]);
        assert_eq!(
            ranges(8_190, 16_385),
            [(8_190, 2), (8_192, 8_192), (16_384, 1)]
        );
        assert_eq!(ranges(u32::MAX - 1, u32::MAX), [(u32::MAX - 1, 1)]);
    }
}
