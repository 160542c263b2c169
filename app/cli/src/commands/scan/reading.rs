//! From what a scan says to what is asked of the ledger.

use pedigree_client::{
    identifier::{Gtin, InvalidIdentifier},
    verify::Label,
};
use pedigree_scan::Scan;

/// Why a scan that was read is not about a pack that the ledger could know.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NotAPack {
    #[error("this is the SSCC of a case or a pallet: look into it with `pedigree sscc {0:018}`")]
    Package(u64),
    #[error("the symbol has no GTIN (01): scan the pack's GS1 DataMatrix")]
    NoGtin,
    #[error("the symbol has no lot number (10): scan the pack's GS1 DataMatrix")]
    NoLotNumber,
    #[error(transparent)]
    Invalid(#[from] InvalidIdentifier),
}

/// The label that a scan was made of.
pub fn label(scan: &Scan) -> Result<Label, NotAPack> {
    let Some(gtin) = scan.gtin() else {
        return Err(scan.sscc().map_or(NotAPack::NoGtin, NotAPack::Package));
    };
    let lot_number = scan.lot_number().ok_or(NotAPack::NoLotNumber)?;
    let expiry = scan.expiry().map(|date| format!("{date:08}").parse());
    Ok(Label {
        gtin: Gtin::from_account(gtin),
        lot_number: lot_number.parse()?,
        expiry: expiry.transpose()?,
        serial: scan.serial().map(str::to_owned),
    })
}

#[cfg(test)]
mod tests {
    use pedigree_scan::parse;

    use super::*;

    fn read(text: &str) -> Result<Label, NotAPack> {
        label(&parse(text, 2026).unwrap())
    }

    #[test]
    fn a_packs_symbol_is_a_label() {
        let label = read("]d201095060001343521729020010A1\u{1d}21SN-1").unwrap();
        assert_eq!(label.gtin.to_string(), "09506000134352");
        assert_eq!(label.lot_number.to_string(), "A1");
        assert_eq!(label.expiry.unwrap().label(), 20_290_200);
        assert_eq!(label.serial.unwrap(), "SN-1");
        let label = read("(01)09506000134352(10)A1").unwrap();
        assert_eq!((label.expiry, label.serial), (None, None));
    }

    #[test]
    fn other_symbols_say_what_to_do() {
        for (text, expected) in [
            ("(00)106141412345678908", "pedigree sscc 106141412345678908"),
            ("(10)A1", "no GTIN (01)"),
            ("(01)09506000134352", "no lot number (10)"),
            (
                "(01)09506000134352(17)960200(10)A1",
                "between 2000 and 2099",
            ),
        ] {
            let reason = read(text).unwrap_err().to_string();
            assert!(reason.contains(expected), "{text}: {reason}");
        }
    }
}
