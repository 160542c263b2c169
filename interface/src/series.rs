use registry::Product;
use solana_pubkey::Pubkey;

use crate::located::Located;

/// The lots of a product that were minted before the registry authority moved the product, or between two
/// such decisions.
///
/// In each series a lot number is used once, so what a squatter minted takes no number from who got the
/// product back. The address of a product's account stands for the first series, which is nearly always the
/// only one; a product that was read from the ledger stands for its newest.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LotSeries {
    /// Address of the `Product`.
    pub product: Pubkey,
    /// Counted from 0: how often the authority had moved the product.
    pub number: u16,
}

impl From<Pubkey> for LotSeries {
    fn from(product: Pubkey) -> Self {
        Self { product, number: 0 }
    }
}

impl From<&Located<Product>> for LotSeries {
    fn from(product: &Located<Product>) -> Self {
        Self {
            product: product.address,
            number: product.series,
        }
    }
}
