//! Finding on the ledger what a reference names.

use std::collections::BTreeMap;

use custody::{Consignment, Lot};
use pedigree_interface::{Located, address, units::UnitRange};
use recall::Recall;
use registry::Product;
use solana_pubkey::Pubkey;

use crate::{
    error::{Error, Result},
    ledger::{Filter, Ledger, decode, missing},
    reference::{ConsignmentRef, LotRef, RecallRef},
};

impl LotRef {
    /// Reads the lot that is named, if there is one: without a series, the one in the newest series that has
    /// the number.
    ///
    /// One request as long as the registry authority has not moved the product.
    ///
    /// # Errors
    ///
    /// If the ledger cannot be read.
    pub async fn find(self, ledger: &Ledger) -> Result<Option<Located<Lot>>> {
        if let Some(series) = self.series {
            return ledger.find(&self.address_in(series)).await;
        }
        let (product_at, first) = (address::product(self.gtin), self.address_in(0));
        let (_, accounts) = ledger.accounts(&[product_at, first]).await?;
        let [product, lot] = <[_; 2]>::try_from(accounts).unwrap_or_default();
        let product = product.map(|account| decode::<Product>(&product_at, &account));
        let newest = product.transpose()?.map_or(0, |product| product.series);
        let later: Vec<Pubkey> = (1..=newest).map(|series| self.address_in(series)).collect();
        let lots: BTreeMap<Pubkey, Lot> = ledger.get_many(later.iter().copied()).await?;
        let newest = later
            .iter()
            .rev()
            .find_map(|at| Some((*at, *lots.get(at)?)));
        if let Some((at, lot)) = newest {
            return Ok(Some(Located::new(at, lot)));
        }
        let lot = lot.map(|account| decode(&first, &account)).transpose()?;
        Ok(lot.map(|lot| Located::new(first, lot)))
    }

    /// Reads the lot that is named.
    ///
    /// # Errors
    ///
    /// [`Error::Missing`] if there is no such lot.
    pub async fn resolve(self, ledger: &Ledger) -> Result<Located<Lot>> {
        let lot = self.find(ledger).await?;
        lot.ok_or_else(|| missing::<Lot>(&self.address_in(self.series.unwrap_or_default())))
    }
}

impl ConsignmentRef {
    /// Reads the consignment that is named.
    ///
    /// # Errors
    ///
    /// Those of [`resolve_all`](Self::resolve_all), and [`Error::SeveralInPackage`] if the package
    /// holds several consignments.
    pub async fn resolve(self, ledger: &Ledger) -> Result<Located<Consignment>> {
        let found = self.resolve_all(ledger).await?;
        match (found.as_slice(), self) {
            ([one], _) => Ok(*one),
            (several, _) => Err(Error::SeveralInPackage(
                several.iter().map(|one| one.address).collect(),
            )),
        }
    }

    /// Reads the consignment that is named, or all that are in the package; at least one.
    ///
    /// # Errors
    ///
    /// [`Error::Missing`] if there is no such account, [`Error::NoSuchUnit`] if the lot has no such
    /// unit, [`Error::EmptyPackage`] if nothing is packed in the package.
    pub async fn resolve_all(self, ledger: &Ledger) -> Result<Vec<Located<Consignment>>> {
        match self {
            Self::Address(address) => Ok(vec![ledger.get(&address).await?]),
            Self::Unit { lot, unit: 0 } => {
                let lot = lot.resolve(ledger).await?;
                let address = address::consignment(&lot.address, 0);
                Ok(vec![ledger.get(&address).await?])
            }
            Self::Unit { lot, unit } => {
                let address = lot.resolve(ledger).await?.address;
                let consignments: Vec<Located<Consignment>> =
                    ledger.list(&[Filter::consignment_lot(&address)]).await?;
                let with_unit = consignments
                    .into_iter()
                    .find(|one| UnitRange::from(&one.account).contains(unit));
                Ok(vec![with_unit.ok_or(Error::NoSuchUnit { lot, unit })?])
            }
            Self::Package(sscc) => {
                let packed: Vec<Located<Consignment>> =
                    ledger.list(&[Filter::consignment_sscc(&sscc)]).await?;
                match packed.is_empty() {
                    true => Err(Error::EmptyPackage(sscc)),
                    false => Ok(packed),
                }
            }
        }
    }

    /// Address of the consignment that is named. An address is not looked up.
    ///
    /// # Errors
    ///
    /// Those of [`resolve`](Self::resolve).
    pub async fn address(self, ledger: &Ledger) -> Result<Pubkey> {
        match self {
            Self::Address(address) => Ok(address),
            other => Ok(other.resolve(ledger).await?.address),
        }
    }
}

impl RecallRef {
    /// Reads the recall that is named.
    ///
    /// # Errors
    ///
    /// [`Error::Missing`] if there is no such recall.
    pub async fn resolve(self, ledger: &Ledger) -> Result<Located<Recall>> {
        ledger.get(&self.address(ledger).await?).await
    }

    /// Address of the recall that is named. An address is not looked up.
    ///
    /// # Errors
    ///
    /// [`Error::Missing`] if there is no such lot.
    pub async fn address(self, ledger: &Ledger) -> Result<Pubkey> {
        match self {
            Self::Address(address) => Ok(address),
            Self::OfLot { lot, number } => {
                let lot = lot.resolve(ledger).await?;
                Ok(address::recall(&lot.address, number))
            }
        }
    }
}
