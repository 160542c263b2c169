use pedigree_domain::ensure;

use crate::{
    error::{RecallError, Result},
    evidence::{Shown, count},
    state::{Claims, Recall, Response, set},
};

/// Claims pay for units that the ledger shows a site returned or destroyed since they were recalled: each
/// unit once, and as much as the vault still has. Returns what is due, in smallest parts of the token.
///
/// Units that were proven without a claim are paid as well, and count no second time. That the
/// manufacturer claims nothing is the account constraint's to check.
#[inline(always)]
pub fn claim(
    recall: &mut Recall,
    response: &mut Response,
    claims: &mut Claims,
    shown: &Shown,
) -> Result<u64> {
    let (place, quantity) = (shown.units.place(), shown.units.quantity);
    let unpaid = set(&mut claims.paid, place, quantity);
    ensure!(unpaid == quantity, RecallError::AlreadyPaid);
    let new = set(&mut claims.shown, place, quantity);
    count(recall, response, shown.fate, new);

    let due = price_of(quantity, recall.unit_price)?;
    ensure!(due <= recall.unpaid(), RecallError::VaultShort);
    recall.paid += due;
    recall.paid_units += quantity;
    response.paid += quantity;
    response.received = response
        .received
        .checked_add(due)
        .ok_or(RecallError::AmountTooLarge)?;
    response.invariant()?;
    recall.invariant()?;
    Ok(due)
}

/// What `units` cost together.
///
/// In halves, since this target's compiler gets a checked multiplication of 64-bit variables wrong,
/// and takes a division that asks the same question for one.
fn price_of(units: u32, unit_price: u64) -> Result<u64> {
    const HALF: u64 = u32::MAX as u64;
    let units = u64::from(units);
    // Each half times 32 bits fits into 64.
    let low = (unit_price & HALF).wrapping_mul(units);
    let high = (unit_price >> 32).wrapping_mul(units);
    let carried = high.checked_add(low >> 32);
    match carried {
        Some(carried) if carried <= HALF => Ok(carried << 32 | low & HALF),
        _ => Err(RecallError::AmountTooLarge),
    }
}

#[cfg(test)]
mod tests {
    use super::price_of;

    #[test]
    fn a_price_that_cannot_be_counted_is_refused() {
        assert_eq!(price_of(8_192, 3).unwrap(), 24_576);
        assert_eq!(price_of(1, u64::MAX).unwrap(), u64::MAX);
        assert!(price_of(2, u64::MAX / 2 + 1).is_err());
        assert_eq!(price_of(2, u64::MAX / 2).unwrap(), u64::MAX - 1);
        assert!(price_of(u32::MAX, u64::MAX).is_err());
        assert!(price_of(8_192, 1 << 51).is_err());
        assert_eq!(price_of(8_192, (1 << 51) - 1).unwrap(), u64::MAX - 8_191);
    }
}
