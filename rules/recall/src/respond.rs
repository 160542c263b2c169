use pedigree_domain::{Roles, ensure};
use registry_rules::Partner;
use solana_address::Address;

use crate::{
    error::{RecallError, Result},
    signer::check_confirmed,
    state::{Recall, Response},
};

/// Where a site's recalled units are, each in one place.
#[cfg_attr(
    feature = "anchor",
    derive(
        anchor_lang::AnchorSerialize,
        anchor_lang::AnchorDeserialize,
        anchor_lang::IdlType
    )
)]
#[derive(Clone, Copy, Debug)]
pub struct Count {
    /// On the shelf, not set aside.
    pub held: u32,
    /// Set aside.
    pub quarantined: u32,
    /// Given to patients.
    pub dispensed: u32,
    /// Sent back.
    pub returned: u32,
    pub destroyed: u32,
    /// Unix seconds: when the site counted.
    pub counted_at: i64,
}

/// Answers a running recall for a site at Unix time `now`, or answers it anew, in `response`, which may be
/// new.
///
/// - The site may hold medicines. A site whose licence is suspended answers too: what it holds must
///   come back all the same. One whose key has not confirmed its admission does not: its GLN may be a typing
///   error, and who has it gets no answer that it did not give.
/// - The count's date is not in the future, and not before the last one's.
/// - Nothing is reported below what the ledger shows, nor what was dispensed, returned, destroyed or
///   accounted for before, unless units were released since: then some of those may be no longer recalled.
/// - Not more units than are recalled.
#[inline(always)]
pub fn respond(
    (site_address, site): (&Address, &Partner),
    (recall_address, recall): (&Address, &mut Recall),
    response: &mut Response,
    count: &Count,
    now: i64,
) -> Result {
    ensure!(
        site.roles & Roles::CUSTODIANS.bits() != 0,
        RecallError::NotHolder
    );
    check_confirmed(site)?;
    recall.check_running()?;
    if response.answered_at == 0 {
        response.recall = *recall_address;
        response.partner = *site_address;
        response.gln = site.gln;
        response.answered_at = now;
        recall.responses += 1;
    }
    let before: Response = *response;
    let is_of_this_range = before.is_about(recall);
    response.follow(recall);
    ensure!(
        count.counted_at <= now && count.counted_at >= before.counted_at,
        RecallError::InvalidCountDate
    );
    response.held = count.held;
    response.quarantined = count.quarantined;
    response.dispensed = count.dispensed;
    response.returned = count.returned;
    response.destroyed = count.destroyed;
    response.counted_at = count.counted_at;
    response.updated_at = now;
    response.invariant()?;
    let mut limit = u64::from(recall.quantity);
    if is_of_this_range {
        ensure!(
            response.dispensed >= before.dispensed
                && response.returned >= before.returned
                && response.destroyed >= before.destroyed
                && response.accounted() >= before.accounted(),
            RecallError::CountFell
        );
        // What the ledger shows may already be more than the site could know when it counted.
        limit = limit.max(before.accounted());
    }
    ensure!(response.accounted() <= limit, RecallError::CountTooHigh);
    recall.replace(&before.answer(), &response.answer());
    recall.invariant()
}
