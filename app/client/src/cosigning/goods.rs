//! The goods that a signer expects, and what of them has come.

use std::collections::{BTreeMap, BTreeSet};

use pedigree_interface::{
    identifier::{Gln, Sscc},
    units::UnitRange,
};
use solana_pubkey::Pubkey;

use super::objection::Objection;
use crate::{reference::LotRef, stock::Item};

/// The goods that a signer expects to be named.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ExpectedGoods {
    /// Whatever is named; a person looks at it and agrees.
    Any,
    /// The consignments at these addresses, and no others.
    Consignments(BTreeSet<Pubkey>),
    /// What was scanned, and nothing else.
    Scanned(ScannedGoods),
}

impl ExpectedGoods {
    /// Takes a consignment off the list.
    ///
    /// # Errors
    ///
    /// [`Objection::NotExpected`] or [`Objection::NotScanned`] if it is not on it, or only a part of it.
    pub fn take(&mut self, item: &Item) -> Result<(), Objection> {
        let address = item.consignment.address;
        match self {
            Self::Any => Ok(()),
            Self::Consignments(expected) => match expected.remove(&address) {
                true => Ok(()),
                false => Err(Objection::NotExpected {
                    consignment: item.reference(),
                    address,
                }),
            },
            Self::Scanned(scanned) => scanned.take(item),
        }
    }

    /// What is still on the list.
    pub fn left(&self) -> Vec<Objection> {
        match self {
            Self::Any => Vec::new(),
            Self::Consignments(expected) => {
                expected.iter().copied().map(Objection::Missing).collect()
            }
            Self::Scanned(scanned) => scanned.left(),
        }
    }
}

/// Packages and packs that were scanned.
///
/// A package stands for the consignments that the sender has packed in it on the ledger, a pack for itself.
/// Any site may write any SSCC on its own goods, so what others have under the same number does not count. Where a
/// manifest shows which unit a pack is, that unit is expected; where none does, the packs of a lot are counted.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ScannedGoods {
    /// The packages, with the addresses of the consignments in each and the sites that hold them.
    pub packages: BTreeMap<Sscc, BTreeMap<Pubkey, Gln>>,
    /// The packs, by the address of their lot.
    pub packs: BTreeMap<Pubkey, ScannedPacks>,
}

/// Packs of one lot that were scanned.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ScannedPacks {
    /// The lot.
    pub lot: LotRef,
    /// The units that manifests show them to be.
    pub units: BTreeSet<u32>,
    /// How many more there are whose units no manifest at hand tells.
    pub others: u32,
}

impl ScannedPacks {
    /// No packs of a lot.
    pub const fn none_of(lot: LotRef) -> Self {
        Self {
            lot,
            units: BTreeSet::new(),
            others: 0,
        }
    }

    fn is_empty(&self) -> bool {
        self.units.is_empty() && self.others == 0
    }
}

impl ScannedGoods {
    /// Takes what was scanned of a consignment off the list, and says how much of it was not scanned.
    fn take(&mut self, item: &Item) -> Result<(), Objection> {
        let consignment = &item.consignment;
        let units = UnitRange::from(&consignment.account);
        let packs = self.packs.get_mut(&consignment.lot);
        let mut package = consignment
            .sscc()
            .and_then(|sscc| self.packages.get_mut(&sscc));
        if let Some(inside) = package.as_mut()
            && inside.remove(&consignment.address).is_some()
        {
            inside.retain(|_, custodian| *custodian == consignment.custodian());
            // Who scanned the case may have scanned packs in it, too.
            if let Some(packs) = packs {
                packs.units.retain(|unit| !units.contains(*unit));
            }
            return Ok(());
        }
        let not_scanned = |units| Objection::NotScanned {
            consignment: item.reference(),
            units,
        };
        let Some(packs) = packs else {
            return Err(not_scanned(units.quantity));
        };
        let scanned = packs.units.extract_if(.., |unit| units.contains(*unit));
        let scanned = u32::try_from(scanned.count()).unwrap_or(u32::MAX);
        let unknown = units.quantity.saturating_sub(scanned);
        let counted = unknown.min(packs.others);
        packs.others -= counted;
        match unknown - counted {
            0 => Ok(()),
            missing => Err(not_scanned(missing)),
        }
    }

    fn left(&self) -> Vec<Objection> {
        let packages = self
            .packages
            .iter()
            .filter(|(_, inside)| !inside.is_empty());
        let packs = self.packs.values().filter(|packs| !packs.is_empty());
        packages
            .map(|(sscc, _)| Objection::PackageMissing(*sscc))
            .chain(packs.map(|packs| Objection::PacksMissing {
                lot: packs.lot,
                packs: packs.others + u32::try_from(packs.units.len()).unwrap_or(u32::MAX),
            }))
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use bytemuck::Zeroable as _;
    use custody::{Consignment, Lot};
    use pedigree_interface::{Located, identifier::LotNumber};
    use registry::Product;

    use super::*;

    const LOT: Pubkey = Pubkey::new_from_array([1; 32]);
    const OTHER_LOT: Pubkey = Pubkey::new_from_array([2; 32]);
    const CASE: &str = "106141412345678908";

    /// The consignment of these units of a lot, perhaps in a case.
    fn item(lot: Pubkey, first_unit: u32, quantity: u32, case: Option<&str>) -> Item {
        let sscc: Option<Sscc> = case.map(|case| case.parse().unwrap());
        let consignment = Consignment {
            lot,
            first_unit,
            quantity,
            sscc: sscc.map_or(0, |sscc| sscc.number()),
            ..Consignment::zeroed()
        };
        let address =
            Pubkey::find_program_address(&[lot.as_ref(), &first_unit.to_le_bytes()], &LOT);
        Item {
            consignment: Located::new(address.0, consignment),
            lot: Lot {
                gtin: 9_506_000_134_352,
                lot_number: "A1".parse::<LotNumber>().unwrap().bytes(),
                ..Lot::zeroed()
            },
            product: Product::zeroed(),
        }
    }

    fn packs(units: impl IntoIterator<Item = u32>, others: u32) -> ScannedPacks {
        ScannedPacks {
            units: units.into_iter().collect(),
            others,
            ..ScannedPacks::none_of("09506000134352/A1".parse().unwrap())
        }
    }

    fn scanned(packs: ScannedPacks) -> ScannedGoods {
        ScannedGoods {
            packs: [(LOT, packs)].into(),
            ..ScannedGoods::default()
        }
    }

    fn not_scanned(first_unit: u32, units: u32) -> Objection {
        let name = format!("09506000134352/A1#{first_unit}");
        Objection::NotScanned {
            consignment: name.parse().unwrap(),
            units,
        }
    }

    #[test]
    fn packs_that_are_known_stand_for_themselves() {
        let mut goods = scanned(packs(10..20, 0));
        assert_eq!(
            goods.take(&item(LOT, 20, 10, None)),
            Err(not_scanned(20, 10))
        );
        assert_eq!(
            goods.take(&item(OTHER_LOT, 10, 10, None)),
            Err(not_scanned(10, 10))
        );
        assert_eq!(goods.take(&item(LOT, 10, 4, None)), Ok(()));
        let lot = "09506000134352/A1".parse().unwrap();
        assert_eq!(goods.left(), [Objection::PacksMissing { lot, packs: 6 }]);
        assert_eq!(goods.take(&item(LOT, 14, 6, None)), Ok(()));
        assert_eq!(goods.left(), []);
        assert_eq!(
            goods.take(&item(LOT, 10, 4, None)),
            Err(not_scanned(10, 4)),
            "twice"
        );

        // What is scanned of a consignment counts, though not all of it is there.
        let mut goods = scanned(packs(10..20, 0));
        assert_eq!(
            goods.take(&item(LOT, 15, 10, None)),
            Err(not_scanned(15, 5))
        );
        assert_eq!(goods.left(), [Objection::PacksMissing { lot, packs: 5 }]);
    }

    #[test]
    fn packs_that_no_manifest_knows_are_counted() {
        let mut goods = scanned(packs([12], 9));
        assert_eq!(
            goods.take(&item(LOT, 50, 10, None)),
            Err(not_scanned(50, 1))
        );
        let mut goods = scanned(packs([12], 9));
        assert_eq!(goods.take(&item(LOT, 10, 10, None)), Ok(()));
        assert_eq!(goods.left(), []);
        let mut goods = scanned(packs([12], 9));
        assert_eq!(goods.take(&item(LOT, 50, 9, None)), Ok(()));
        let lot = "09506000134352/A1".parse().unwrap();
        assert_eq!(goods.left(), [Objection::PacksMissing { lot, packs: 1 }]);
    }

    #[test]
    fn a_package_stands_for_what_is_packed_in_it() {
        let case = CASE.parse().unwrap();
        let inside = [
            item(LOT, 0, 5, Some(CASE)),
            item(OTHER_LOT, 0, 5, Some(CASE)),
        ];
        let mut held: BTreeMap<Pubkey, Gln> = inside
            .iter()
            .map(|item| (item.consignment.address, item.consignment.custodian()))
            .collect();
        // Another site has written the same number on goods of its own.
        held.insert(OTHER_LOT, Gln::from_account(9_506_000_000_039));
        let mut goods = ScannedGoods {
            packages: [(case, held)].into(),
            ..scanned(packs([3], 0))
        };
        assert_eq!(goods.take(&inside[0]), Ok(()));
        assert_eq!(goods.left(), [Objection::PackageMissing(case)]);
        assert_eq!(goods.take(&inside[1]), Ok(()));
        assert_eq!(goods.left(), []);
        // It was packed after the scan.
        assert_eq!(
            goods.take(&item(LOT, 7, 5, Some(CASE))),
            Err(not_scanned(7, 5))
        );
    }

    #[test]
    fn named_consignments_are_those_and_no_others() {
        let expected = item(LOT, 7, 5, None);
        let mut goods = ExpectedGoods::Consignments([expected.consignment.address].into());
        let other = item(LOT, 30, 5, None);
        let objection = Objection::NotExpected {
            consignment: "09506000134352/A1#30".parse().unwrap(),
            address: other.consignment.address,
        };
        assert_eq!(goods.take(&other), Err(objection));
        let missing = Objection::Missing(expected.consignment.address);
        assert_eq!(goods.left(), [missing]);
        assert_eq!(goods.take(&expected), Ok(()));
        assert_eq!(goods.left(), []);
    }
}
