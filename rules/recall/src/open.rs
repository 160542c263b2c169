use custody_rules::{Lot, RECALLS};
use pedigree_domain::ensure;
use registry_rules::Partner;
use solana_address::Address;

use crate::{
    error::{RecallError, Result},
    notice::Notice,
    signer::is_regulator,
    state::{Recall, RecallReason},
    strategy::RecallStrategy,
};

/// What is recalled, and why.
#[cfg_attr(
    feature = "anchor",
    derive(
        anchor_lang::AnchorSerialize,
        anchor_lang::AnchorDeserialize,
        anchor_lang::IdlType
    )
)]
#[derive(Clone, Copy, Debug)]
pub struct RecallTerms {
    /// The first unit's index in the lot.
    pub first: u32,
    /// How many units.
    pub quantity: u32,
    pub strategy: RecallStrategy,
    /// Code of a [`RecallReason`].
    pub reason: u8,
}

/// Opens a recall of some of the lot's units at Unix time `now`, in the new record `recall`: custody
/// stops them before the instruction ends, whoever holds them.
///
/// - `site` is the lot's manufacturer, whatever the state of its licence, or a regulator.
/// - The lot has fewer than eight recalls, and the units lie within it.
/// - Class, depth, reason, effectiveness check and notice are valid.
#[inline(always)]
pub fn open(
    site: &Partner,
    (lot_address, lot): (&Address, &Lot),
    recall: &mut Recall,
    terms: &RecallTerms,
    notice: &Notice,
    now: i64,
) -> Result {
    is_regulator(site, lot.manufacturer, now)?;
    let RecallTerms {
        first,
        quantity,
        strategy,
        reason,
    } = *terms;
    ensure!(
        usize::from(lot.recalls) < RECALLS,
        RecallError::TooManyRecalls
    );
    ensure!(quantity > 0, RecallError::NoUnits);
    let reason = RecallReason::from_code(reason);
    ensure!(reason.is_known(), RecallError::InvalidReason);

    recall.lot = *lot_address;
    recall.gtin = lot.gtin;
    recall.manufacturer = lot.manufacturer;
    recall.opened_by = site.gln;
    recall.opened_at = now;
    recall.changed_at = now;
    recall.first = first;
    recall.quantity = quantity;
    recall.core_first = first;
    recall.core_quantity = quantity;
    recall.widest = quantity;
    recall.number = lot.recalls;
    recall.reason = reason;
    strategy.apply(recall)?;
    recall.notify_by = recall.class.notify_by(now);
    notice.apply(recall)?;
    recall.check_within(lot)?;
    recall.invariant()
}
