//! The recalls that stop units of a lot.

use std::{collections::BTreeSet, fmt, ops::Range};

use custody::{Consignment, Lot};
use recall::Recall;
use serde::Serialize;
use solana_pubkey::Pubkey;

use crate::{
    address,
    error::Result,
    ledger::{Ledger, decode},
    text::field_text,
};

/// A recall, as those need it who are stopped by it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct StoppedBy {
    /// The recall's address.
    pub recall: String,
    pub class: String,
    pub reason: String,
    pub depth: String,
    pub state: String,
    /// Where to read the notice.
    pub notice: String,
}

impl StoppedBy {
    fn new(address: &Pubkey, recall: &Recall) -> Self {
        Self {
            recall: address.to_string(),
            class: recall.class.to_string(),
            reason: recall.reason.to_string(),
            depth: recall.depth.to_string(),
            state: recall.state.to_string(),
            notice: field_text(&recall.notice_address),
        }
    }
}

impl fmt::Display for StoppedBy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            recall,
            class,
            reason,
            depth,
            state,
            notice,
        } = self;
        write!(
            f,
            "class {class} to the {depth} level, {reason}, {state}: see {notice} (recall {recall})"
        )
    }
}

/// What stops any of `units` of a lot, the gravest first.
pub async fn of_units(
    ledger: &Ledger,
    address: &Pubkey,
    lot: &Lot,
    units: Range<u64>,
) -> Result<Vec<StoppedBy>> {
    read(ledger, stopping(address, lot, units)).await
}

/// What stops any unit of the consignments among `accounts`, whose lots must be among them too; at most
/// 100.
pub async fn of_goods(ledger: &Ledger, accounts: &[Pubkey]) -> Result<Vec<StoppedBy>> {
    let (_, found) = ledger.accounts(accounts).await?;
    let found: Vec<_> = accounts
        .iter()
        .zip(&found)
        .filter_map(|(address, account)| Some((address, account.as_ref()?)))
        .collect();
    let lots: Vec<(&Pubkey, Lot)> = found
        .iter()
        .filter_map(|(address, account)| Some((*address, decode(address, account).ok()?)))
        .collect();
    let recalls = found
        .iter()
        .filter_map(|(address, account)| decode::<Consignment>(address, account).ok())
        .filter_map(|goods| {
            let (address, lot) = lots.iter().find(|(address, _)| **address == goods.lot)?;
            let first = u64::from(goods.first_unit);
            Some(stopping(
                address,
                lot,
                first..first + u64::from(goods.quantity),
            ))
        });
    read(ledger, recalls.flatten()).await
}

/// Addresses of the recalls that stop any of `units` of a lot.
fn stopping(address: &Pubkey, lot: &Lot, units: Range<u64>) -> Vec<Pubkey> {
    (0..)
        .zip(lot.recalled_runs())
        .filter(|(_, run)| run.start.max(units.start) < run.end.min(units.end))
        .map(|(number, _)| address::recall(address, number))
        .collect()
}

async fn read(
    ledger: &Ledger,
    recalls: impl IntoIterator<Item = Pubkey>,
) -> Result<Vec<StoppedBy>> {
    let recalls: BTreeSet<Pubkey> = recalls.into_iter().collect();
    let recalls = ledger.get_many::<Recall>(recalls).await?;
    let mut recalls: Vec<(Pubkey, Recall)> = recalls.into_iter().collect();
    recalls.sort_by_key(|(_, recall)| recall.class.code());
    let stops = recalls
        .iter()
        .map(|(at, recall)| StoppedBy::new(at, recall));
    Ok(stops.collect())
}

#[cfg(test)]
mod tests {
    use anchor_lang::bytemuck::Zeroable;

    use super::*;

    #[test]
    fn only_what_touches_the_units_stops_them() {
        let mut lot = Lot::zeroed();
        lot.recalls = 3;
        // The second was narrowed to nothing.
        lot.recalled_first[..3].copy_from_slice(&[10, 15, 19]);
        lot.recalled_quantity[..3].copy_from_slice(&[5, 0, 100]);
        let at = Pubkey::new_unique();
        let stopped_by = |units| -> Vec<u8> {
            let stopping = stopping(&at, &lot, units);
            let is_named = |number: &u8| stopping.contains(&address::recall(&at, *number));
            (0..8).filter(is_named).collect()
        };
        assert!(stopped_by(0..10).is_empty());
        assert_eq!(stopped_by(14..15), [0]);
        assert!(stopped_by(15..19).is_empty());
        assert_eq!(stopped_by(0..20), [0, 2]);
        assert_eq!(stopped_by(118..u64::MAX), [2]);
        assert!(stopped_by(119..200).is_empty());
    }
}
