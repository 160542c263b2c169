//! The recalls that block units of a lot.

use std::{collections::BTreeSet, ops::Range};

use custody::{Consignment, Lot};
use pedigree_interface::{Located, address};
use recall::Recall;
use solana_pubkey::Pubkey;

use crate::{
    blocking_recall::BlockingRecall,
    error::Result,
    ledger::{Ledger, decode},
};

/// The recalls that block any of `units` of a lot, the most serious first.
///
/// # Errors
///
/// If the ledger cannot be read.
pub async fn of_units(
    ledger: &Ledger,
    lot: &Located<Lot>,
    units: Range<u64>,
) -> Result<Vec<BlockingRecall>> {
    read(ledger, blocking(lot, units)).await
}

/// The recalls that block any unit of the consignments among `accounts`, at most 100, among which their
/// lots must be too.
///
/// # Errors
///
/// If the ledger cannot be read.
pub async fn of_goods(ledger: &Ledger, accounts: &[Pubkey]) -> Result<Vec<BlockingRecall>> {
    let (_, found) = ledger.accounts(accounts).await?;
    let found: Vec<_> = accounts
        .iter()
        .zip(&found)
        .filter_map(|(address, account)| Some((address, account.as_ref()?)))
        .collect();
    let lots: Vec<Located<Lot>> = found
        .iter()
        .filter_map(|(address, account)| {
            Some(Located::new(**address, decode(address, account).ok()?))
        })
        .collect();
    let recalls = found
        .iter()
        .filter_map(|(address, account)| decode::<Consignment>(address, account).ok())
        .filter_map(|goods| {
            let lot = lots.iter().find(|lot| lot.address == goods.lot)?;
            let first = u64::from(goods.first_unit);
            Some(blocking(lot, first..first + u64::from(goods.quantity)))
        });
    read(ledger, recalls.flatten()).await
}

/// Addresses of the recalls that block any of `units` of a lot.
fn blocking(lot: &Located<Lot>, units: Range<u64>) -> Vec<Pubkey> {
    (0..)
        .zip(lot.recalled_ranges())
        .filter(|(_, range)| range.start.max(units.start) < range.end.min(units.end))
        .map(|(number, _)| address::recall(&lot.address, number))
        .collect()
}

async fn read(
    ledger: &Ledger,
    recalls: impl IntoIterator<Item = Pubkey>,
) -> Result<Vec<BlockingRecall>> {
    let recalls: BTreeSet<Pubkey> = recalls.into_iter().collect();
    let recalls = ledger.get_many::<Recall>(recalls).await?;
    let mut recalls: Vec<(Pubkey, Recall)> = recalls.into_iter().collect();
    // In the order of the codes: unclassified, which may be anything, then class I to III.
    recalls.sort_by_key(|(_, recall)| recall.class.code());
    let blocking = recalls
        .iter()
        .map(|(address, recall)| BlockingRecall::new(address, recall));
    Ok(blocking.collect())
}

#[cfg(test)]
mod tests {
    use bytemuck::Zeroable;

    use super::*;

    #[test]
    fn only_what_overlaps_the_units_blocks_them() {
        let mut lot = Lot::zeroed();
        lot.recalls = 3;
        // The second was narrowed to nothing.
        lot.recalled_first[..3].copy_from_slice(&[10, 15, 19]);
        lot.recalled_quantity[..3].copy_from_slice(&[5, 0, 100]);
        let lot = Located::new(Pubkey::new_unique(), lot);
        let blocked_by = |units| -> Vec<u8> {
            let blocking = blocking(&lot, units);
            let is_named = |number: &u8| blocking.contains(&address::recall(&lot.address, *number));
            (0..8).filter(is_named).collect()
        };
        assert!(blocked_by(0..10).is_empty());
        assert_eq!(blocked_by(14..15), [0]);
        assert!(blocked_by(15..19).is_empty());
        assert_eq!(blocked_by(0..20), [0, 2]);
        assert_eq!(blocked_by(118..u64::MAX), [2]);
        assert!(blocked_by(119..200).is_empty());
    }
}
