use custody_rules::{Lot, RECALLS};
use pedigree_domain::ensure;
use registry_rules::Partner;
use solana_address::Address;

use crate::{
    error::{RecallError, Result},
    notice::Notice,
    signer::check_overseer,
    state::{Recall, RecallClass, RecallReason, Scope},
    strategy::RecallStrategy,
};

/// How many of a lot's recalls only regulators open.
pub const REGULATORS_PLACES: usize = 2;

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

/// Opens a recall of some of the lot's units at Unix time `now`, in the new records `recall` and `scope`:
/// custody stops them before the instruction ends, whoever holds them.
///
/// - `site` is the lot's manufacturer, who holds its product now (`is_holder`), or a regulator; each with a
///   licence in force.
/// - The lot has fewer than six recalls, or fewer than eight if a regulator opens this one, so that nobody can
///   use up a regulator's places. When all are taken, one can be reopened and expanded.
/// - The units lie within the lot.
/// - Class, depth, reason, effectiveness check and notice are valid.
#[inline(always)]
pub fn open(
    (site, is_holder): (&Partner, bool),
    (lot_address, lot): (&Address, &Lot),
    (address, recall): (&Address, &mut Recall),
    scope: &mut Scope,
    terms: &RecallTerms,
    notice: &Notice,
    now: i64,
) -> Result {
    let by_regulator = check_overseer(site, lot.manufacturer, is_holder, now)?;
    let RecallTerms {
        first,
        quantity,
        strategy,
        reason,
    } = *terms;
    let places = if by_regulator {
        RECALLS
    } else {
        RECALLS - REGULATORS_PLACES
    };
    ensure!(
        usize::from(lot.recalls) < places,
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
    recall.number = lot.recalls;
    recall.reason = reason;
    strategy.apply(recall)?;
    if by_regulator && recall.class != RecallClass::Unclassified {
        recall.classified_by = site.gln;
    }
    recall.notify_by = recall.class.notify_by(now);
    notice.apply(recall, by_regulator)?;
    recall.set_range(address, lot, (first, quantity), scope, now)?;
    recall.invariant()
}
