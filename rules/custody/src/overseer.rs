//! Who oversees a whole lot: its manufacturer, and regulators.

use pedigree_domain::Roles;
use registry_rules::Partner;

use crate::{
    error::{CustodyError, Result},
    signer::ineligible_sender,
    state::Lot,
};

/// Whether `site` oversees `lot` as a regulator at Unix time `now`; refused unless it does, or made the
/// lot.
pub fn is_regulator(site: &Partner, lot: &Lot, now: i64) -> Result<bool> {
    if site.gln == lot.manufacturer {
        return Ok(false);
    }
    site.check_trade(now, Roles::REGULATOR)
        .map_err(|reason| match ineligible_sender(reason) {
            CustodyError::SenderRole => CustodyError::NotOverseer,
            refusal => refusal,
        })?;
    Ok(true)
}
