//! Whether a pack's label agrees with the ledger: the question at the pharmacy's counter.
//!
//! One round trip reads the product and the lot as they stand at one slot. Answers use the words of
//! GS1's Lightweight Verification Messaging standard (release 1.2, section 5): a mismatch makes a
//! pack *potentially suspect*, never a fake.

use custody::{Case, CaseState, Consignment, Lot, LotStatus};
use registry::{Partner, Product};
use serde::Serialize;
use solana_pubkey::Pubkey;

use crate::{
    address,
    error::Result,
    identifier::{Expiry, Gln, Gtin, LotNumber},
    ledger::{Filter, Ledger, decode},
};

/// What a pack's label says.
#[derive(Clone, Copy, Debug, Serialize)]
pub struct Label {
    pub gtin: Gtin,
    pub lot_number: LotNumber,
    /// Compared with the lot's, if the label was read that far.
    pub expiry: Option<Expiry>,
}

/// Why a pack is potentially suspect, in the standard's words.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub enum FailureReason {
    #[serde(rename = "No_match_GTIN_Serial")]
    NoMatchGtinSerial,
    #[serde(rename = "No_match_GTIN_Serial_Lot")]
    NoMatchGtinSerialLot,
    #[serde(rename = "No_match_GTIN_Serial_Expiry")]
    NoMatchGtinSerialExpiry,
}

/// What else the ledger knows of a pack, in the standard's words.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub enum AdditionalInformation {
    Recalled,
    Expired,
    Suspect,
    Illegitimate,
}

/// The answer about a pack.
#[derive(Clone, Debug)]
pub struct Verification {
    pub label: Label,
    /// `None`: the label agrees with the ledger.
    pub failure: Option<FailureReason>,
    /// Why the pack must not be dispensed all the same, gravest first.
    pub additional_information: Vec<AdditionalInformation>,
    pub product: Option<Product>,
    pub lot: Option<Lot>,
    /// Who holds the lot's units: address and account of each consignment's custodian, by unit.
    pub holders: Vec<Holder>,
    /// The slot at which product and lot were read.
    pub slot: u64,
}

/// A run of the lot's units, and who has it.
#[derive(Clone, Debug)]
pub struct Holder {
    pub consignment_address: Pubkey,
    pub consignment: Consignment,
    pub custodian: Option<Partner>,
}

impl Verification {
    /// Whether the label agrees and nothing speaks against dispensing the pack.
    pub fn is_verified(&self) -> bool {
        self.failure.is_none() && self.additional_information.is_empty()
    }
}

/// Compares `label` with the ledger at Unix time `now`.
pub async fn verify(ledger: &Ledger, label: Label, now: i64) -> Result<Verification> {
    let product_address = address::product(label.gtin);
    let lot_address = address::lot(&product_address, label.lot_number);
    let (slot, accounts) = ledger.accounts(&[product_address, lot_address]).await?;
    let product: Option<Product> = accounts[0]
        .as_ref()
        .map(|account| decode(&product_address, account))
        .transpose()?;
    let lot: Option<Lot> = accounts[1]
        .as_ref()
        .map(|account| decode(&lot_address, account))
        .transpose()?;
    let holders = match &lot {
        Some(_) => holders(ledger, &lot_address).await?,
        None => Vec::new(),
    };
    let is_illegitimate = match &lot {
        Some(lot) if lot.cases > 0 => is_illegitimate(ledger, &lot_address).await?,
        _ => false,
    };
    Ok(Verification {
        failure: failure(&label, product.as_ref(), lot.as_ref()),
        additional_information: lot
            .as_ref()
            .map_or_else(Vec::new, |lot| warnings(lot, is_illegitimate, now)),
        label,
        product,
        lot,
        holders,
        slot,
    })
}

fn failure(label: &Label, product: Option<&Product>, lot: Option<&Lot>) -> Option<FailureReason> {
    if product.is_none() {
        return Some(FailureReason::NoMatchGtinSerial);
    }
    let Some(lot) = lot else {
        return Some(FailureReason::NoMatchGtinSerialLot);
    };
    let on_ledger = Expiry::from_account(lot.expiry);
    let differs = label
        .expiry
        .is_some_and(|on_label| !on_label.is_same_day(on_ledger));
    differs.then_some(FailureReason::NoMatchGtinSerialExpiry)
}

/// Whether the whole lot was found illegitimate, and no regulator has cleared it since.
async fn is_illegitimate(ledger: &Ledger, lot: &Pubkey) -> Result<bool> {
    let cases: Vec<(Pubkey, Case)> = ledger.list(&[Filter::case_subject(lot)]).await?;
    Ok(cases.iter().any(|(_, case)| {
        case.state == CaseState::Condemned || case.state == CaseState::Illegitimate
    }))
}

fn warnings(lot: &Lot, is_illegitimate: bool, now: i64) -> Vec<AdditionalInformation> {
    let candidates = [
        (is_illegitimate, AdditionalInformation::Illegitimate),
        // Without a serial number the pack may be any of the lot's, so one recalled unit counts.
        (
            lot.is_recalled(0, lot.quantity),
            AdditionalInformation::Recalled,
        ),
        (
            lot.status != LotStatus::Released || lot.open_cases > 0,
            AdditionalInformation::Suspect,
        ),
        (now >= lot.expires_at, AdditionalInformation::Expired),
    ];
    candidates
        .into_iter()
        .filter_map(|(applies, information)| applies.then_some(information))
        .collect()
}

async fn holders(ledger: &Ledger, lot: &Pubkey) -> Result<Vec<Holder>> {
    let mut consignments: Vec<(Pubkey, Consignment)> =
        ledger.list(&[Filter::consignment_lot(lot)]).await?;
    consignments.sort_by_key(|(_, consignment)| consignment.first_unit);
    let custodian = |consignment: &Consignment| Gln::from_account(consignment.custodian);
    let sites = ledger
        .partners(consignments.iter().map(|(_, one)| custodian(one)))
        .await?;
    let holder = |(consignment_address, consignment)| Holder {
        consignment_address,
        custodian: sites.get(&custodian(&consignment)).copied(),
        consignment,
    };
    Ok(consignments.into_iter().map(holder).collect())
}

#[cfg(test)]
mod tests {
    use anchor_lang::bytemuck::Zeroable;

    use super::*;

    fn label(expiry: &str) -> Label {
        Label {
            gtin: "09506000134352".parse().unwrap(),
            lot_number: "A1".parse().unwrap(),
            expiry: Some(expiry.parse().unwrap()),
        }
    }

    fn lot() -> Lot {
        Lot {
            expiry: 20_280_200,
            expires_at: 1_835_481_600,
            quantity: 10,
            ..Lot::zeroed()
        }
    }

    #[test]
    fn a_label_that_agrees_is_verified() {
        let (product, lot) = (Product::zeroed(), lot());
        assert_eq!(
            failure(&label("2028-02-29"), Some(&product), Some(&lot)),
            None
        );
        assert!(warnings(&lot, false, 0).is_empty());
    }

    #[test]
    fn a_label_that_does_not_says_where() {
        let (product, lot) = (Product::zeroed(), lot());
        let label = label("2028-03-01");
        assert_eq!(
            failure(&label, None, None),
            Some(FailureReason::NoMatchGtinSerial)
        );
        assert_eq!(
            failure(&label, Some(&product), None),
            Some(FailureReason::NoMatchGtinSerialLot)
        );
        assert_eq!(
            failure(&label, Some(&product), Some(&lot)),
            Some(FailureReason::NoMatchGtinSerialExpiry)
        );
    }

    #[test]
    fn what_speaks_against_dispensing_is_listed_gravest_first() {
        let mut lot = lot();
        lot.status = LotStatus::Quarantined;
        (lot.recalls, lot.recalled_first[0], lot.recalled_quantity[0]) = (1, 9, 1);
        use AdditionalInformation::{Expired, Illegitimate, Recalled, Suspect};
        assert_eq!(
            warnings(&lot, true, lot.expires_at),
            [Illegitimate, Recalled, Suspect, Expired]
        );
        assert_eq!(
            warnings(&lot, false, lot.expires_at - 1),
            [Recalled, Suspect]
        );
        (lot.status, lot.recalls, lot.open_cases) = (LotStatus::Released, 0, 1);
        assert_eq!(warnings(&lot, false, 0), [Suspect]);
    }
}
