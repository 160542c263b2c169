//! The accounts that show what became of units, and since when they were recalled.

use anchor_lang::{AnchorAccount, prelude::*};
use custody_rules::{Consignment, Transfer};
use recall_rules::{
    RecallError, Scope,
    evidence::{Departure, DepartureRecord},
};

use super::signer::RemainingAccounts;

/// How units left a site, as the custody account `evidence`, of one of two types, shows.
#[inline(never)]
pub(super) fn examine(evidence: &UncheckedAccount) -> Result<Departure> {
    let view = *evidence.account();
    if let Ok(transfer) = Account::<Transfer>::load(view) {
        return Ok(DepartureRecord::Transfer(&transfer).departure()?);
    }
    let consignment = Account::<Consignment>::load(view).map_err(|_| RecallError::NotEvidence)?;
    Ok(DepartureRecord::Consignment(&consignment).departure()?)
}

/// The next among the remaining accounts, a `Scope` by which units were released.
#[inline(never)]
pub(super) fn next_narrowing(
    remaining: &mut RemainingAccounts,
) -> core::result::Result<Account<Scope>, RecallError> {
    let view = *remaining.next().ok_or(RecallError::NotNextNarrowing)?;
    Account::<Scope>::load(view).map_err(|_| RecallError::NotNextNarrowing)
}
