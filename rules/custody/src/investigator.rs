//! Who investigates a case: who opened it, and regulators.

use pedigree_domain::{Roles, ensure};
use registry_rules::Partner;

use crate::{
    error::{CustodyError, Result},
    signer::ineligible_sender,
    state::Case,
};

/// Whether `site` acts on `case` as a regulator at Unix time `now`; refused unless it does, or opened
/// the case.
pub fn is_regulator(site: &Partner, case: &Case, now: i64) -> Result<bool> {
    let trade = site.check_trade(now, Roles::REGULATOR);
    if trade.is_ok() {
        return Ok(true);
    }
    ensure!(
        site.gln == case.opened_by,
        trade.err().map_or(CustodyError::NotInvestigator, |reason| {
            match ineligible_sender(reason) {
                CustodyError::SenderRole => CustodyError::NotInvestigator,
                refusal => refusal,
            }
        })
    );
    Ok(false)
}
