//! What a site has, what is on offer to it, and what is in a package: accounts found in one query,
//! with the lots and the products that they are of.

use std::collections::BTreeMap;

use custody::{Consignment, Lot, LotStatus, Restrictions, Transfer, TransferState};
use registry::Product;
use solana_pubkey::Pubkey;

use crate::{
    error::{Error, Result},
    identifier::{Gln, Sscc},
    ledger::{Filter, Ledger},
};

/// A consignment, and what it is of.
#[derive(Clone, Debug)]
pub struct Item {
    pub address: Pubkey,
    pub consignment: Consignment,
    pub lot: Lot,
    pub product: Product,
}

/// An offer that waits for its receiver, and what it is of.
#[derive(Clone, Debug)]
pub struct Offer {
    pub address: Pubkey,
    pub transfer: Transfer,
    pub lot: Lot,
    pub product: Product,
}

impl Item {
    /// What keeps the units, at Unix time `now`, from going down the chain; nothing if they may.
    pub fn obstacles(&self, now: i64) -> Vec<&'static str> {
        let Self {
            consignment, lot, ..
        } = self;
        let restrictions = Restrictions::from_bits_retain(consignment.restrictions);
        let candidates = [
            (consignment.open_cases > 0, "under case"),
            (lot.open_cases > 0, "lot under case"),
            (restrictions.contains(Restrictions::CONDEMNED), "condemned"),
            (
                restrictions.contains(Restrictions::QUARANTINED),
                "quarantined",
            ),
            (consignment.inactive > 0, "partly gone"),
            (
                restrictions.contains(Restrictions::RETURNED),
                "return not verified",
            ),
            (lot.status != LotStatus::Released, "lot quarantined"),
            (
                lot.is_recalled(consignment.first_unit, consignment.quantity),
                "recalled",
            ),
            (now >= lot.expires_at, "expired"),
        ];
        candidates
            .into_iter()
            .filter_map(|(applies, obstacle)| applies.then_some(obstacle))
            .collect()
    }
}

/// Everything that `site` has in its hands or had when it left the chain.
pub async fn held_by(ledger: &Ledger, site: Gln) -> Result<Vec<Item>> {
    items(ledger, Filter::consignment_custodian(&site)).await
}

/// Everything that `site` has title to, wherever it is.
pub async fn owned_by(ledger: &Ledger, site: Gln) -> Result<Vec<Item>> {
    items(ledger, Filter::consignment_owner(&site)).await
}

/// Everything in the package `sscc`.
pub async fn in_package(ledger: &Ledger, sscc: Sscc) -> Result<Vec<Item>> {
    items(ledger, Filter::consignment_sscc(&sscc)).await
}

/// Every offer that waits for `site`, the soonest deadline first.
pub async fn offers_to(ledger: &Ledger, site: Gln) -> Result<Vec<Offer>> {
    let filters = [
        Filter::transfer_to(&site),
        Filter::transfer_state(&TransferState::Offered),
    ];
    let mut transfers: Vec<(Pubkey, Transfer)> = ledger.list(&filters).await?;
    transfers.sort_by_key(|(_, transfer)| (transfer.deadline, transfer.offered_at));
    let lots = lots(ledger, transfers.iter().map(|(_, transfer)| transfer.lot)).await?;
    let offer = |(address, transfer): (Pubkey, Transfer)| {
        let (lot, product) = lots.get(&transfer.lot).copied()?;
        Some(Offer {
            address,
            transfer,
            lot,
            product,
        })
    };
    Ok(transfers.into_iter().filter_map(offer).collect())
}

/// The consignments that pass `filter`, by product, lot and unit.
async fn items(ledger: &Ledger, filter: Filter) -> Result<Vec<Item>> {
    describe(ledger, ledger.list(&[filter]).await?).await
}

/// The consignments with what they are of, by product, lot and unit.
pub async fn describe(
    ledger: &Ledger,
    consignments: Vec<(Pubkey, Consignment)>,
) -> Result<Vec<Item>> {
    let lots = lots(ledger, consignments.iter().map(|(_, one)| one.lot)).await?;
    let item = |(address, consignment): (Pubkey, Consignment)| {
        let (lot, product) = lots.get(&consignment.lot).copied()?;
        Some(Item {
            address,
            consignment,
            lot,
            product,
        })
    };
    let mut items: Vec<Item> = consignments.into_iter().filter_map(item).collect();
    items.sort_by_key(|item| {
        (
            item.lot.gtin,
            item.lot.lot_number,
            item.consignment.first_unit,
        )
    });
    Ok(items)
}

/// The lots at these addresses, which must exist, with their products.
async fn lots(
    ledger: &Ledger,
    addresses: impl Iterator<Item = Pubkey> + Clone,
) -> Result<BTreeMap<Pubkey, (Lot, Product)>> {
    let lots: BTreeMap<Pubkey, Lot> = ledger.get_many(addresses.clone()).await?;
    let products: BTreeMap<Pubkey, Product> = ledger
        .get_many(lots.values().map(|lot| lot.product))
        .await?;
    let mut described = BTreeMap::new();
    for address in addresses {
        let lot = lots
            .get(&address)
            .ok_or_else(|| Error::missing::<Lot>(&address))?;
        let product = products
            .get(&lot.product)
            .ok_or_else(|| Error::missing::<Product>(&lot.product))?;
        described.insert(address, (*lot, *product));
    }
    Ok(described)
}

#[cfg(test)]
mod tests {
    use anchor_lang::bytemuck::Zeroable;

    use super::*;

    #[test]
    fn whatever_keeps_goods_from_being_sold_is_named() {
        let mut item = Item {
            address: Pubkey::new_unique(),
            consignment: Consignment::zeroed(),
            lot: Lot::zeroed(),
            product: Product::zeroed(),
        };
        item.consignment.quantity = 5;
        item.lot.expires_at = 100;
        assert!(item.obstacles(99).is_empty());
        assert_eq!(item.obstacles(100), ["expired"]);

        item.consignment.open_cases = 1;
        item.consignment.restrictions = Restrictions::all().bits();
        item.lot.open_cases = 1;
        item.lot.status = LotStatus::Quarantined;
        item.lot.recalls = 1;
        (item.lot.recalled_first[0], item.lot.recalled_quantity[0]) = (4, 1);
        assert_eq!(
            item.obstacles(0),
            [
                "under case",
                "lot under case",
                "condemned",
                "quarantined",
                "return not verified",
                "lot quarantined",
                "recalled"
            ]
        );
        item.lot.recalled_first[0] = 5;
        assert!(!item.obstacles(0).contains(&"recalled"));
    }
}
