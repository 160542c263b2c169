use pedigree_domain::{Roles, ensure};
use registry_rules::{Partner, Product};
use solana_address::Address;

use crate::{
    error::{CustodyError, Result},
    signer::check_standing,
    state::Lot,
};

/// Makes `manufacturer`, which holds the lot's product now, responsible for the lot at Unix time `now`: it
/// oversees and recalls it, and takes it back. Who minted it stays on record.
///
/// - It is the product's manufacturer, in good standing, and not the lot's already.
/// - What the one before stopped, it may release.
#[inline(always)]
pub fn adopt_lot(
    (address, manufacturer): (&Address, &Partner),
    (product_address, product): (&Address, &Product),
    lot: &mut Lot,
    now: i64,
) -> Result {
    ensure!(
        lot.product == *product_address,
        CustodyError::NotLotsProduct
    );
    ensure!(
        product.manufacturer == *address,
        CustodyError::NotProductsManufacturer
    );
    check_standing(
        manufacturer,
        Roles::MANUFACTURER.union(Roles::REPACKAGER),
        now,
    )?;
    ensure!(
        lot.manufacturer != manufacturer.gln,
        CustodyError::LotAdopted
    );
    if lot.quarantined_by == lot.manufacturer {
        lot.quarantined_by = manufacturer.gln;
    }
    lot.manufacturer = manufacturer.gln;
    lot.invariant()
}
