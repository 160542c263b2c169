//! What a site has, what is on offer to it, and what is in a package: accounts found in one query,
//! with their lots and products.

use std::collections::BTreeMap;

use custody::{
    Consignment, ConsignmentStatus, Lot, LotStatus, Restrictions, Transfer, TransferState,
};
use pedigree_interface::{
    Located,
    identifier::{Gln, Sscc},
};
use registry::{Partner, Product};
use solana_pubkey::Pubkey;

use crate::{
    error::Result,
    ledger::{Filter, Ledger, missing},
    reference::ConsignmentRef,
};

/// A consignment, and what it is of.
#[derive(Clone, Debug)]
pub struct Item {
    /// The consignment.
    pub consignment: Located<Consignment>,
    /// The lot of its units.
    pub lot: Lot,
    /// The lot's product.
    pub product: Product,
}

/// An open offer, and what it is of.
#[derive(Clone, Debug)]
pub struct Offer {
    /// The offer.
    pub transfer: Located<Transfer>,
    /// The lot of its units.
    pub lot: Lot,
    /// The lot's product.
    pub product: Product,
}

/// A consignment of a lot, and who holds it.
#[derive(Clone, Debug)]
pub struct Holder {
    /// The consignment.
    pub consignment: Located<Consignment>,
    /// The site that holds it; `None` if the site is not in the registry.
    pub custodian: Option<Partner>,
}

impl Item {
    /// How the consignment is named.
    pub fn reference(&self) -> ConsignmentRef {
        ConsignmentRef::of(&self.lot, self.consignment.first_unit)
    }

    /// Whether the units have not left the chain.
    pub fn is_in_chain(&self) -> bool {
        let status = self.consignment.status;
        status == ConsignmentStatus::Held || status == ConsignmentStatus::Offered
    }

    /// What keeps the units from going down the chain at Unix time `now`.
    pub fn obstacles(&self, now: i64) -> Vec<&'static str> {
        let Self {
            consignment, lot, ..
        } = self;
        let restrictions = consignment.restrictions();
        let candidates = [
            (consignment.open_cases > 0, "under case"),
            (lot.open_cases > 0, "lot under case"),
            (restrictions.contains(Restrictions::CONDEMNED), "condemned"),
            (
                restrictions.contains(Restrictions::SURRENDERED),
                "sent for disposal",
            ),
            (
                restrictions.contains(Restrictions::QUARANTINED),
                "quarantined",
            ),
            (consignment.absent > 0, "partly gone"),
            (
                consignment.inactive > consignment.absent,
                "partly damaged or suspect",
            ),
            (
                restrictions.contains(Restrictions::RETURNED),
                "return not verified",
            ),
            (lot.status == LotStatus::Quarantined, "lot quarantined"),
            (lot.status == LotStatus::Condemned, "lot condemned"),
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

/// Everything that `site` holds; `with_gone` also what it held when it left the chain.
///
/// # Errors
///
/// If the ledger cannot be read.
pub async fn held_by(ledger: &Ledger, site: Gln, with_gone: bool) -> Result<Vec<Item>> {
    let items = items(ledger, Filter::consignment_custodian(&site)).await?;
    Ok(in_chain(items, with_gone))
}

/// Everything that `site` has title to, wherever it is; `with_gone` also what has left the chain.
///
/// # Errors
///
/// If the ledger cannot be read.
pub async fn owned_by(ledger: &Ledger, site: Gln, with_gone: bool) -> Result<Vec<Item>> {
    let items = items(ledger, Filter::consignment_owner(&site)).await?;
    Ok(in_chain(items, with_gone))
}

/// Those of `items` that have not left the chain, or `with_gone` all.
fn in_chain(mut items: Vec<Item>, with_gone: bool) -> Vec<Item> {
    items.retain(|item| with_gone || item.is_in_chain());
    items
}

/// Everything in the package `sscc`.
///
/// # Errors
///
/// If the ledger cannot be read.
pub async fn in_package(ledger: &Ledger, sscc: Sscc) -> Result<Vec<Item>> {
    items(ledger, Filter::consignment_sscc(&sscc)).await
}

/// Every open offer to `site`, the soonest deadline first.
///
/// # Errors
///
/// If the ledger cannot be read.
pub async fn offers_to(ledger: &Ledger, site: Gln) -> Result<Vec<Offer>> {
    let filters = [
        Filter::transfer_to(&site),
        Filter::transfer_state(&TransferState::Offered),
    ];
    let mut transfers: Vec<Located<Transfer>> = ledger.list(&filters).await?;
    transfers.sort_by_key(|transfer| (transfer.deadline, transfer.offered_at));
    let lots = lots(ledger, transfers.iter().map(|transfer| transfer.lot)).await?;
    let offer = |transfer: Located<Transfer>| {
        let (lot, product) = lots.get(&transfer.lot).copied()?;
        Some(Offer {
            transfer,
            lot,
            product,
        })
    };
    Ok(transfers.into_iter().filter_map(offer).collect())
}

/// The consignments of the lot at `lot`, in the order of the units.
///
/// # Errors
///
/// If the ledger cannot be read.
pub async fn of_lot(ledger: &Ledger, lot: &Pubkey) -> Result<Vec<Located<Consignment>>> {
    let mut consignments: Vec<Located<Consignment>> =
        ledger.list(&[Filter::consignment_lot(lot)]).await?;
    consignments.sort_by_key(|consignment| consignment.first_unit);
    Ok(consignments)
}

/// Who holds the units of the lot at `lot`, in the order of the units.
///
/// # Errors
///
/// If the ledger cannot be read.
pub async fn holders(ledger: &Ledger, lot: &Pubkey) -> Result<Vec<Holder>> {
    let consignments = of_lot(ledger, lot).await?;
    let sites = ledger
        .partners(consignments.iter().map(|one| one.custodian()))
        .await?;
    let holder = |consignment: Located<Consignment>| Holder {
        consignment,
        custodian: sites.get(&consignment.custodian()).copied(),
    };
    Ok(consignments.into_iter().map(holder).collect())
}

/// The consignments that pass `filter`, by product, lot and unit.
async fn items(ledger: &Ledger, filter: Filter) -> Result<Vec<Item>> {
    describe(ledger, ledger.list(&[filter]).await?).await
}

/// The consignments with what they are of, by product, lot and unit.
///
/// # Errors
///
/// [`Error::Missing`](crate::Error::Missing) if a lot or a product is missing.
pub async fn describe(
    ledger: &Ledger,
    consignments: Vec<Located<Consignment>>,
) -> Result<Vec<Item>> {
    let lots = lots(ledger, consignments.iter().map(|one| one.lot)).await?;
    let item = |consignment: Located<Consignment>| {
        let (lot, product) = lots.get(&consignment.lot).copied()?;
        Some(Item {
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

/// Items, each by the address of its consignment.
pub(crate) fn by_address(items: Vec<Item>) -> BTreeMap<Pubkey, Item> {
    let items = items.into_iter();
    items.map(|item| (item.consignment.address, item)).collect()
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
        let lot = lots.get(&address).ok_or_else(|| missing::<Lot>(&address))?;
        let product = products
            .get(&lot.product)
            .ok_or_else(|| missing::<Product>(&lot.product))?;
        described.insert(address, (*lot, *product));
    }
    Ok(described)
}

#[cfg(test)]
mod tests {
    use bytemuck::Zeroable;

    use super::*;

    #[test]
    fn all_obstacles_to_a_sale_are_named() {
        let mut item = Item {
            consignment: Located::new(Pubkey::new_unique(), Consignment::zeroed()),
            lot: Lot::zeroed(),
            product: Product::zeroed(),
        };
        item.consignment.account.quantity = 5;
        item.lot.expires_at = 100;
        assert!(item.obstacles(99).is_empty());
        assert_eq!(item.obstacles(100), ["expired"]);

        item.consignment.account.open_cases = 1;
        item.consignment.account.restrictions = Restrictions::all().bits();
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
                "sent for disposal",
                "quarantined",
                "return not verified",
                "lot quarantined",
                "recalled"
            ]
        );
        item.lot.recalled_first[0] = 5;
        assert!(!item.obstacles(0).contains(&"recalled"));
        item.lot.status = LotStatus::Condemned;
        assert!(item.obstacles(0).contains(&"lot condemned"));
    }

    #[test]
    fn units_that_are_not_there_and_units_that_are_not_fit_are_told_apart() {
        let mut item = Item {
            consignment: Located::new(Pubkey::new_unique(), Consignment::zeroed()),
            lot: Lot::zeroed(),
            product: Product::zeroed(),
        };
        item.lot.expires_at = 100;
        for (inactive, absent, expected) in [
            (0, 0, vec![]),
            (2, 2, vec!["partly gone"]),
            (2, 0, vec!["partly damaged or suspect"]),
            (3, 1, vec!["partly gone", "partly damaged or suspect"]),
        ] {
            let consignment = &mut item.consignment.account;
            (consignment.inactive, consignment.absent) = (inactive, absent);
            assert_eq!(item.obstacles(0), expected);
        }
    }
}
