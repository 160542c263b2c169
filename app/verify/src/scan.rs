//! From what a scanner read to a verified pack.

use std::sync::Arc;

use pedigree_client::{Ledger, identifier::Gtin};
use pedigree_manifest::Manifests;
use pedigree_scan::Scan;

use crate::{
    error::Result,
    not_a_pack::NotAPack,
    pack::{PackVerification, verify_pack},
    verdict::Label,
};

/// A reading of a scan, and the answer about the pack that it names.
#[derive(Clone, Debug)]
pub struct Reading {
    /// The answer.
    pub pack: PackVerification,
    /// The elements that were read, if it is not the scan's first reading.
    pub read_as: Option<String>,
}

/// The label that was scanned.
///
/// # Errors
///
/// If the scan does not name a pack's product and lot, or an identifier in it is not valid.
pub fn label(scan: &Scan) -> std::result::Result<Label, NotAPack> {
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

/// Verifies the first reading of a scan that leads somewhere, at Unix time `now`; if none does, the
/// first.
///
/// A symbol that lost a separator can be read in several ways. The other readings are tried only where
/// the first names no lot or no serial number that is known.
///
/// # Errors
///
/// [`Error::NotAPack`](crate::Error::NotAPack) if no reading names a pack, or if the ledger or a manifest
/// cannot be read.
pub async fn verify_scan(
    ledger: &Ledger,
    manifests: &Arc<Manifests>,
    scan: &Scan,
    now: i64,
) -> Result<Reading> {
    let verify = |label| verify_pack(ledger, manifests, label, now);
    let first = match label(scan) {
        Ok(label) => Ok(verify(label).await?),
        Err(reason) => Err(reason),
    };
    if !first.as_ref().is_ok_and(PackVerification::leads_somewhere) {
        for other in scan.reread() {
            let Ok(label) = label(&other) else {
                continue;
            };
            let pack = verify(label).await?;
            if pack.leads_somewhere() {
                let read_as = Some(other.elements.to_string());
                return Ok(Reading { pack, read_as });
            }
        }
    }
    Ok(Reading {
        pack: first?,
        read_as: None,
    })
}

#[cfg(test)]
mod tests {
    use pedigree_scan::parse;

    use super::*;

    fn read(text: &str) -> std::result::Result<Label, NotAPack> {
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
