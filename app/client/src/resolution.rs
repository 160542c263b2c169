//! Finding on the ledger what a reference names.

use custody::Consignment;
use pedigree_interface::{Located, address, units::UnitRange};
use recall::Recall;
use solana_pubkey::Pubkey;

use crate::{
    error::{Error, Result},
    ledger::{Filter, Ledger},
    reference::{ConsignmentRef, RecallRef},
};

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
                let address = address::consignment(&lot.address(), 0);
                Ok(vec![ledger.get(&address).await?])
            }
            Self::Unit { lot, unit } => {
                let address = lot.address();
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
        ledger.get(&self.address()).await
    }
}
