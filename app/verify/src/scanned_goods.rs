//! What was scanned at the dock, as the goods that a handoff is compared with.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

use custody::ConsignmentStatus;
use pedigree_client::{
    Ledger,
    cosigning::{ScannedGoods, ScannedPacks},
    identifier::{Gln, Sscc},
    reference::{ConsignmentRef, LotRef},
};
use pedigree_manifest::Manifests;
use pedigree_scan::Scan;
use solana_pubkey::Pubkey;

use crate::{
    error::{Error, Result},
    pack::PackVerification,
    scan::verify_scan,
    verdict::{FailureReason, Membership},
    verification::Verification,
};

/// Looks up what was scanned: packages by their SSCC, packs by their labels and, where a manifest is at hand,
/// by their serial numbers. What was scanned twice counts once, as far as it has a serial number.
///
/// # Errors
///
/// [`Error::Suspect`] if a pack is not what its label says, or has left the chain;
/// [`Error::NotAPack`] if a scan names neither a pack nor a package; or if the ledger or a manifest cannot be
/// read.
pub async fn scanned_goods(
    ledger: &Ledger,
    manifests: &Arc<Manifests>,
    scans: &[Scan],
    now: i64,
) -> Result<ScannedGoods> {
    let mut goods = ScannedGoods::default();
    let mut serials = Serials::default();
    for (scan, place) in scans.iter().zip(1..) {
        match scan.sscc().filter(|_| scan.gtin().is_none()) {
            Some(sscc) => {
                let sscc: Sscc = format!("{sscc:018}").parse()?;
                goods.packages.insert(sscc, contents(ledger, sscc).await?);
            }
            None => {
                let reading = verify_scan(ledger, manifests, scan, now).await?;
                serials.add(&mut goods.packs, place, &reading.pack)?;
            }
        }
    }
    Ok(goods)
}

/// The consignments that are packed in a package and have not left the chain, with who has them.
async fn contents(ledger: &Ledger, sscc: Sscc) -> Result<BTreeMap<Pubkey, Gln>> {
    let packed = ConsignmentRef::Package(sscc).resolve_all(ledger).await?;
    Ok(packed
        .into_iter()
        .filter(|one| one.status == ConsignmentStatus::Held)
        .map(|one| (one.address, one.custodian()))
        .collect())
}

/// The serial numbers that no manifest knows, each of which counts once.
#[derive(Default)]
struct Serials(BTreeSet<(Pubkey, String)>);

impl Serials {
    fn add(
        &mut self,
        packs: &mut BTreeMap<Pubkey, ScannedPacks>,
        place: usize,
        pack: &PackVerification,
    ) -> Result<()> {
        // Whether its serial number is known is not asked: without a manifest packs are counted.
        if let Some(reason) = pack
            .failure()
            .filter(|it| *it != FailureReason::NoReasonProvided)
        {
            return Err(Error::Suspect { place, reason });
        }
        let Verification {
            question, facts, ..
        } = pack.own();
        let label = &question.label;
        let address = facts.lot_address;
        let of_lot = packs.entry(address).or_insert_with(|| {
            let newest = LotRef::newest(label.gtin, label.lot_number);
            ScannedPacks::none_of(facts.lot.as_ref().map_or(newest, LotRef::of))
        });
        match (&question.membership, &label.serial) {
            (Some(Membership::Unit { index, .. }), _) => {
                of_lot.units.insert(*index);
            }
            (_, Some(serial)) if !self.0.insert((address, serial.clone())) => {}
            _ => of_lot.others += 1,
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use custody_rules::serial_tree::Proof;

    use crate::verdict::{Facts, Label, Question, Verdict};

    use super::*;

    const LOT: Pubkey = Pubkey::new_from_array([1; 32]);

    /// A pack with this serial number, of which a manifest says this.
    fn pack(serial: &str, unit: Option<u32>, failure: Option<FailureReason>) -> PackVerification {
        let label = Label {
            gtin: "09506000134352".parse().unwrap(),
            lot_number: "A1".parse().unwrap(),
            expiry: None,
            serial: Some(serial.to_owned()),
        };
        let membership = unit.map(|index| Membership::Unit {
            index,
            salt: [0; 16],
            proof: Proof(Vec::new()),
        });
        PackVerification {
            verification: Verification {
                question: Question {
                    label,
                    membership,
                    consignment: None,
                },
                verdict: Verdict {
                    failure,
                    additional_information: Vec::new(),
                },
                facts: Facts {
                    lot_address: LOT,
                    ..Facts::default()
                },
                slot: 0,
                asked_at: 0,
                accounts: Vec::new(),
            },
            in_other_lot: None,
        }
    }

    #[test]
    fn each_pack_counts_once() {
        let unknown = Some(FailureReason::NoReasonProvided);
        let mut packs = BTreeMap::new();
        let mut serials = Serials::default();
        for (place, pack) in [
            pack("A", Some(7), None),
            pack("B", None, unknown),
            pack("A", Some(7), None),
            pack("B", None, unknown),
            pack("C", None, unknown),
        ]
        .iter()
        .enumerate()
        {
            serials.add(&mut packs, place, pack).unwrap();
        }
        let lot: LotRef = "09506000134352/A1".parse().unwrap();
        let expected = ScannedPacks {
            units: [7].into(),
            others: 2,
            ..ScannedPacks::none_of(lot)
        };
        assert_eq!(packs, [(LOT, expected)].into());
    }

    #[test]
    fn a_pack_that_is_not_what_its_label_says_ends_the_count() {
        for reason in [
            FailureReason::NoMatchGtinSerial,
            FailureReason::NotForRedistribution,
        ] {
            let pack = pack("A", None, Some(reason));
            let added = Serials::default().add(&mut BTreeMap::new(), 3, &pack);
            let error = added.unwrap_err();
            assert!(matches!(error, Error::Suspect { place: 3, reason: it } if it == reason));
        }
    }
}
