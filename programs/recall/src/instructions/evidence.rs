//! The account that shows what became of units, and the page on which they count.

use anchor_lang::{AnchorAccount, prelude::*};
use custody_rules::{Consignment, Transfer};
use recall_rules::{
    Claims, Recall, RecallError,
    evidence::{Evidence, Shown, Units},
};

/// What the custody account `evidence`, of one of two types, shows of `units` at the site that `gln` names.
#[inline(never)]
pub(super) fn examine(
    evidence: &UncheckedAccount,
    units: Units,
    recall: &Recall,
    gln: u64,
) -> Result<Shown> {
    let view = *evidence.account();
    if let Ok(transfer) = Account::<Transfer>::load(view) {
        return Ok(units.shown_by(Evidence::Transfer(&transfer), recall, gln)?);
    }
    let consignment = Account::<Consignment>::load(view).map_err(|_| RecallError::NotEvidence)?;
    Ok(units.shown_by(Evidence::Consignment(&consignment), recall, gln)?)
}

/// Fills in a page of claims, if it is new.
pub(super) fn begin_page(
    claims: &mut Claims,
    recall: &Address,
    payer: &Address,
    page: u32,
    bump: u8,
) {
    if claims.recall != *recall {
        claims.recall = *recall;
        claims.payer = *payer;
        claims.page = page;
        claims.bump = bump;
    }
}
