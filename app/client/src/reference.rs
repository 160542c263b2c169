//! Lots, consignments and recalls, as people and labels name them.

use std::{fmt, str::FromStr};

use custody::{Lot, RECALLS};
use pedigree_interface::{
    LotSeries, address,
    identifier::{Gtin, InvalidIdentifier, LotNumber, Sscc},
};
use solana_pubkey::Pubkey;

/// Why a text does not name a lot, a consignment or a recall.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum InvalidReference {
    /// It has no `/` between GTIN and lot number.
    #[error("{0:?} is not a lot: write it as GTIN/LOT")]
    Lot(String),
    /// What follows `@` is not a number.
    #[error("{0:?} is not a series of lots: they are counted from 0")]
    Series(String),
    /// What follows `#` is not a number.
    #[error("{0:?} is not a unit number: units are counted from 0")]
    Unit(String),
    /// It is of none of the forms of [`ConsignmentRef`].
    #[error(
        "{0:?} is not a consignment: give its address, GTIN/LOT for a lot's first one, \
         GTIN/LOT#UNIT for the one with that unit, or the SSCC that it is packed in"
    )]
    Consignment(String),
    /// It is neither an address nor `GTIN/LOT#N`.
    #[error("{0:?} is not a recall: give its address, or GTIN/LOT#N")]
    Recall(String),
    /// A lot has fewer recalls.
    #[error("{0:?} is not a recall number: they are 0 to {last}", last = RECALLS - 1)]
    RecallNumber(String),
    /// A GTIN, a lot number or an SSCC in it is wrong.
    #[error(transparent)]
    Identifier(#[from] InvalidIdentifier),
}

/// A lot, written as `GTIN/LOT`: the newest with this number. `GTIN/LOT@N` is the one in series N of the
/// product's lots, counted from 0, should the registry authority have moved the product.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LotRef {
    /// The product.
    pub gtin: Gtin,
    /// The lot of that product.
    pub lot_number: LotNumber,
    /// The series of its lots, if it is not the newest that has the number.
    pub series: Option<u16>,
}

impl LotRef {
    /// The newest lot of a product with this number, as labels name it.
    pub const fn newest(gtin: Gtin, lot_number: LotNumber) -> Self {
        Self {
            gtin,
            lot_number,
            series: None,
        }
    }

    /// How the lot of this account is named.
    pub const fn of(lot: &Lot) -> Self {
        Self {
            gtin: lot.gtin(),
            lot_number: lot.lot_number(),
            series: match lot.series {
                0 => None,
                series => Some(series),
            },
        }
    }

    /// Address of the lot's account in this series.
    pub fn address_in(self, number: u16) -> Pubkey {
        let product = address::product(self.gtin);
        address::lot(LotSeries { product, number }, self.lot_number)
    }
}

impl FromStr for LotRef {
    type Err = InvalidReference;

    fn from_str(text: &str) -> Result<Self, InvalidReference> {
        let (gtin, lot_number) = text
            .split_once('/')
            .ok_or_else(|| InvalidReference::Lot(text.to_owned()))?;
        let (lot_number, series) = match lot_number.split_once('@') {
            None => (lot_number, None),
            Some((lot_number, series)) => {
                let number = series.parse();
                let series = number.map_err(|_| InvalidReference::Series(series.to_owned()))?;
                (lot_number, Some(series))
            }
        };
        Ok(Self {
            gtin: gtin.parse()?,
            lot_number: lot_number.parse()?,
            series,
        })
    }
}

impl fmt::Display for LotRef {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.gtin, self.lot_number)?;
        match self.series {
            Some(series) => write!(f, "@{series}"),
            None => Ok(()),
        }
    }
}

/// A consignment, by its address, by a unit that it holds, or by its package.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ConsignmentRef {
    /// By the address of its account, in base58.
    Address(Pubkey),
    /// `GTIN/LOT#UNIT`: the one that holds this unit. `GTIN/LOT` stands for unit 0, which is always in
    /// the lot's first consignment.
    Unit {
        /// The lot.
        lot: LotRef,
        /// Index of the unit in the lot.
        unit: u32,
    },
    /// By the SSCC of its outermost package, 18 digits.
    Package(Sscc),
}

impl ConsignmentRef {
    /// The consignment of `lot` that begins with unit `first_unit`.
    pub const fn of(lot: &Lot, first_unit: u32) -> Self {
        Self::Unit {
            lot: LotRef::of(lot),
            unit: first_unit,
        }
    }
}

impl FromStr for ConsignmentRef {
    type Err = InvalidReference;

    fn from_str(text: &str) -> Result<Self, InvalidReference> {
        if text.contains('/') {
            let (lot, unit) = match text.split_once('#') {
                None => (text, 0),
                Some((lot, unit)) => {
                    let number = unit.parse();
                    (
                        lot,
                        number.map_err(|_| InvalidReference::Unit(unit.to_owned()))?,
                    )
                }
            };
            let lot = lot.parse()?;
            return Ok(Self::Unit { lot, unit });
        }
        // Longer than an SSCC, digits may be an address.
        if text.len() <= 20 && text.bytes().all(|byte| byte.is_ascii_digit()) {
            return Ok(Self::Package(text.parse()?));
        }
        text.parse()
            .map(Self::Address)
            .map_err(|_| InvalidReference::Consignment(text.to_owned()))
    }
}

/// As it is read back.
impl fmt::Display for ConsignmentRef {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Address(address) => address.fmt(f),
            Self::Unit { lot, unit: 0 } => lot.fmt(f),
            Self::Unit { lot, unit } => write!(f, "{lot}#{unit}"),
            Self::Package(sscc) => sscc.fmt(f),
        }
    }
}

/// A recall: the address of its account, or `GTIN/LOT#N` for number N of a lot's recalls, counted from
/// 0; `GTIN/LOT` stands for the first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RecallRef {
    /// By the address of its account, in base58.
    Address(Pubkey),
    /// By its lot.
    OfLot {
        /// The lot.
        lot: LotRef,
        /// The recall's number among the lot's.
        number: u8,
    },
}

impl FromStr for RecallRef {
    type Err = InvalidReference;

    fn from_str(text: &str) -> Result<Self, InvalidReference> {
        if let Ok(address) = text.parse() {
            return Ok(Self::Address(address));
        }
        let (lot, number) = text.split_once('#').unwrap_or((text, "0"));
        if !lot.contains('/') {
            return Err(InvalidReference::Recall(text.to_owned()));
        }
        let lot: LotRef = lot.parse()?;
        let number = number
            .parse()
            .ok()
            .filter(|&number: &u8| usize::from(number) < RECALLS)
            .ok_or_else(|| InvalidReference::RecallNumber(number.to_owned()))?;
        Ok(Self::OfLot { lot, number })
    }
}

#[cfg(test)]
mod tests {
    use bytemuck::Zeroable;

    use super::*;

    #[test]
    fn the_address_of_a_lot_has_its_series() {
        let lot: LotRef = "09506000134352/A1@7".parse().unwrap();
        assert_eq!(lot.series, Some(7));
        assert_ne!(lot.address_in(7), lot.address_in(0));
        let product = address::product(lot.gtin);
        assert_eq!(lot.address_in(0), address::lot(product, lot.lot_number));
    }

    #[test]
    fn a_consignment_is_named_in_four_ways() {
        let lot: LotRef = "09506000134352/A1".parse().unwrap();
        for (text, expected) in [
            ("09506000134352/A1", ConsignmentRef::Unit { lot, unit: 0 }),
            (
                "9506000134352/A1#2500",
                ConsignmentRef::Unit { lot, unit: 2500 },
            ),
            (
                "106141412345678908",
                ConsignmentRef::Package("106141412345678908".parse().unwrap()),
            ),
            (
                "E7A65kQJMzZC73QUsQDrL5CaCQnr9q6Gm3fmhVrskFVr",
                ConsignmentRef::Address(custody::ID),
            ),
        ] {
            assert_eq!(text.parse::<ConsignmentRef>().unwrap(), expected);
        }
        for (text, reason) in [
            ("A1", "give its address, GTIN/LOT"),
            ("09506000134353/A1", "check digit"),
            ("09506000134352/A1#-1", "is not a unit number"),
            ("09506000134352/A1#", "is not a unit number"),
            ("106141412345678909", "check digit"),
            ("1061414123456789", "16 digits instead of 18"),
        ] {
            let error = text.parse::<ConsignmentRef>().unwrap_err().to_string();
            assert!(error.contains(reason), "{text}: {error}");
        }
    }

    #[test]
    fn what_is_printed_of_a_consignment_is_read_back() {
        let lot = Lot {
            gtin: 9_506_000_134_352,
            lot_number: "LOT/A-1".parse::<LotNumber>().unwrap().bytes(),
            ..Lot::zeroed()
        };
        for (first_unit, series, name) in [
            (70, 0, "09506000134352/LOT/A-1#70"),
            (0, 0, "09506000134352/LOT/A-1"),
            (70, 2, "09506000134352/LOT/A-1@2#70"),
            (0, 2, "09506000134352/LOT/A-1@2"),
        ] {
            let lot = Lot { series, ..lot };
            let reference = ConsignmentRef::of(&lot, first_unit);
            assert_eq!(reference.to_string(), name);
            assert_eq!(name.parse(), Ok(reference));
        }
    }

    #[test]
    fn a_recall_is_named_by_its_lot_and_number() {
        let by_address = custody::ID.to_string().parse();
        assert_eq!(by_address, Ok(RecallRef::Address(custody::ID)));
        let lot: LotRef = "09506000134352/A1".parse().unwrap();
        for (text, number) in [("09506000134352/A1", 0), ("09506000134352/A1#7", 7)] {
            let named: RecallRef = text.parse().unwrap();
            assert_eq!(named, RecallRef::OfLot { lot, number });
        }
        for (text, reason) in [
            ("A1", "give its address, or GTIN/LOT#N"),
            ("09506000134352/A1#8", "they are 0 to 7"),
            ("09506000134353/A1#0", "check digit"),
            ("09506000134352/A1@first#0", "is not a series of lots"),
        ] {
            let error = text.parse::<RecallRef>().unwrap_err().to_string();
            assert!(error.contains(reason), "{text}: {error}");
        }
    }
}
