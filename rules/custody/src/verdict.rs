//! The verdict on a pack, from facts alone: nothing here reads a ledger or a file.
//!
//! That a serial number belongs to the lot is proven from a manifest, against the root that the lot's
//! account holds. Answers use the words of GS1's Lightweight Verification Messaging standard (release
//! 1.2, section 5): a mismatch makes a pack *potentially suspect*, never counterfeit.

use alloc::{string::String, vec::Vec};

use pedigree_domain::identifier::{Expiry, Gtin, LotNumber};
use registry_rules::Product;
#[cfg(feature = "serde")]
use serde::{Deserialize, Serialize};
use solana_address::Address;

use crate::{
    serial_tree::{Proof, Salt, verify},
    state::{
        Case, CaseState, Consignment, ConsignmentStatus, Disposition, Lot, LotStatus, Restrictions,
        UnitPage,
    },
};

/// What a pack's label says.
#[cfg_attr(feature = "serde", derive(Serialize))]
#[derive(Clone, Debug)]
pub struct Label {
    /// The product.
    pub gtin: Gtin,
    /// The lot of that product.
    pub lot_number: LotNumber,
    /// Compared with the lot's, if the label was read that far.
    pub expiry: Option<Expiry>,
    /// Looked up in a manifest, if there is one.
    pub serial: Option<String>,
}

/// What is asked about a pack.
#[derive(Clone, Debug)]
pub struct Question {
    /// The pack's label.
    pub label: Label,
    /// What a manifest says of the serial number; `None` if no manifest at hand decides it.
    pub membership: Option<Membership>,
    /// Address of the consignment that the pack is said to be in.
    pub consignment: Option<Address>,
}

/// Whether a manifest lists a serial number.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Membership {
    /// No unit carries it.
    Absent,
    /// This unit carries it.
    Unit {
        /// Index of the unit in the lot.
        index: u32,
        /// The unit's salt in the Merkle tree.
        salt: Salt,
        /// The hashes that lead from the unit to the tree's root.
        proof: Proof,
    },
}

/// Why a pack is potentially suspect, in the standard's words.
#[cfg_attr(feature = "serde", derive(Serialize, Deserialize))]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FailureReason {
    /// The product is not registered, or the lot does not have the serial number.
    #[cfg_attr(feature = "serde", serde(rename = "No_match_GTIN_Serial"))]
    NoMatchGtinSerial,
    /// The product has no such lot, or the serial number belongs to another one.
    #[cfg_attr(feature = "serde", serde(rename = "No_match_GTIN_Serial_Lot"))]
    NoMatchGtinSerialLot,
    /// The lot has another expiry.
    #[cfg_attr(feature = "serde", serde(rename = "No_match_GTIN_Serial_Expiry"))]
    NoMatchGtinSerialExpiry,
    /// The serial number belongs to another lot, which has another expiry.
    #[cfg_attr(feature = "serde", serde(rename = "No_match_GTIN_Serial_Lot_Expiry"))]
    NoMatchGtinSerialLotExpiry,
    /// The pack has left the chain, alone or with its consignment.
    #[cfg_attr(feature = "serde", serde(rename = "Not_for_re-distribution"))]
    NotForRedistribution,
    /// The serial number could not be checked: no manifest at hand decides it.
    #[cfg_attr(feature = "serde", serde(rename = "No_reason_provided"))]
    NoReasonProvided,
}

impl FailureReason {
    /// The standard's code.
    pub const fn code(self) -> &'static str {
        match self {
            Self::NoMatchGtinSerial => "No_match_GTIN_Serial",
            Self::NoMatchGtinSerialLot => "No_match_GTIN_Serial_Lot",
            Self::NoMatchGtinSerialExpiry => "No_match_GTIN_Serial_Expiry",
            Self::NoMatchGtinSerialLotExpiry => "No_match_GTIN_Serial_Lot_Expiry",
            Self::NotForRedistribution => "Not_for_re-distribution",
            Self::NoReasonProvided => "No_reason_provided",
        }
    }
}

/// What else the ledger knows of a pack, in the standard's words.
#[cfg_attr(feature = "serde", derive(Serialize, Deserialize))]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AdditionalInformation {
    /// The unit is recalled; without a serial number, some unit of the lot is.
    Recalled,
    /// The lot has expired.
    Expired,
    /// The pack, its consignment or its lot is on hold.
    Suspect,
    /// The pack or its lot was found illegitimate.
    Illegitimate,
}

impl AdditionalInformation {
    /// The standard's code.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Recalled => "Recalled",
            Self::Expired => "Expired",
            Self::Suspect => "Suspect",
            Self::Illegitimate => "Illegitimate",
        }
    }
}

/// What follows from the facts.
#[cfg_attr(feature = "serde", derive(Serialize, Deserialize))]
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Verdict {
    /// `None`: the label agrees with the ledger, and the pack is in the chain.
    pub failure: Option<FailureReason>,
    /// Why the pack must not be dispensed even so, most serious first.
    pub additional_information: Vec<AdditionalInformation>,
}

impl Verdict {
    /// Whether the label agrees and nothing rules out dispensing the pack.
    pub fn is_verified(&self) -> bool {
        self.failure.is_none() && self.additional_information.is_empty()
    }
}

/// What matters most about a pack.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Conclusion {
    /// The label agrees and nothing rules out dispensing the pack.
    Verified,
    /// The pack is potentially suspect.
    PotentiallySuspect(FailureReason),
    /// The label agrees, but the pack must not be dispensed.
    Ineligible(AdditionalInformation),
}

impl Conclusion {
    /// From why a pack is potentially suspect, and what else is known of it, most serious first. What is
    /// known goes before what could not be checked.
    pub fn of(failure: Option<FailureReason>, information: &[AdditionalInformation]) -> Self {
        match (failure, information.first()) {
            (Some(FailureReason::NoReasonProvided) | None, Some(&information)) => {
                Self::Ineligible(information)
            }
            (Some(reason), _) => Self::PotentiallySuspect(reason),
            (None, None) => Self::Verified,
        }
    }
}

/// The ledger's accounts, all as of one slot.
#[derive(Clone, Debug, Default)]
pub struct Facts {
    /// The label's product, if it is registered.
    pub product: Option<Product>,
    /// Address of the lot that the label names, which proofs are bound to.
    pub lot_address: Address,
    /// That lot, if it was minted.
    pub lot: Option<Lot>,
    /// The page that records the unit's disposition, if it is open.
    pub page: Option<UnitPage>,
    /// The consignment that the pack is said to be in.
    pub consignment: Option<Consignment>,
    /// The cases about the whole lot; read only while one is open or the lot is condemned.
    pub cases: Vec<Case>,
}

impl Question {
    /// About the label alone.
    pub const fn about(label: Label) -> Self {
        Self {
            label,
            membership: None,
            consignment: None,
        }
    }

    /// Index of the unit that carries the serial number, if a manifest names one.
    pub const fn unit(&self) -> Option<u32> {
        match self.membership {
            Some(Membership::Unit { index, .. }) => Some(index),
            Some(Membership::Absent) | None => None,
        }
    }

    /// The verdict that follows from the facts, at Unix time `now`.
    pub fn judge(&self, facts: &Facts, now: i64) -> Verdict {
        Verdict {
            failure: self.failure(facts),
            additional_information: self.additional_information(facts, now),
        }
    }

    fn failure(&self, facts: &Facts) -> Option<FailureReason> {
        if facts.product.is_none() {
            return Some(FailureReason::NoMatchGtinSerial);
        }
        let Some(lot) = &facts.lot else {
            return Some(FailureReason::NoMatchGtinSerialLot);
        };
        if !self.is_member(lot, &facts.lot_address) {
            return Some(FailureReason::NoMatchGtinSerial);
        }
        let on_ledger = lot.expiry();
        if let Some(on_label) = self.label.expiry
            && !on_label.is_same_day(on_ledger)
        {
            return Some(FailureReason::NoMatchGtinSerialExpiry);
        }
        if self.has_left(facts) {
            return Some(FailureReason::NotForRedistribution);
        }
        let is_unchecked = self.label.serial.is_some() && self.membership.is_none();
        is_unchecked.then_some(FailureReason::NoReasonProvided)
    }

    /// Whether the serial number belongs to the lot, as far as a manifest decides it.
    fn is_member(&self, lot: &Lot, address: &Address) -> bool {
        let (Some(membership), Some(serial)) = (&self.membership, &self.label.serial) else {
            return true;
        };
        let Membership::Unit { index, salt, proof } = membership else {
            return false;
        };
        let (root, address) = (&lot.serial_root, address.as_array());
        verify(root, address, lot.quantity, *index, serial, salt, proof)
    }

    /// Whether the pack has left the chain, alone or with its consignment.
    fn has_left(&self, facts: &Facts) -> bool {
        let alone = self.disposition(facts).is_some_and(|it| {
            ![
                Disposition::Active,
                Disposition::Suspect,
                Disposition::Illegitimate,
            ]
            .contains(&it)
        });
        let together = facts.consignment.as_ref().is_some_and(|consignment| {
            let is_there =
                [ConsignmentStatus::Held, ConsignmentStatus::Offered].contains(&consignment.status);
            let condemned = consignment.restrictions().contains(Restrictions::CONDEMNED);
            !is_there || condemned || !self.is_within(consignment)
        });
        alone || together
    }

    fn is_within(&self, consignment: &Consignment) -> bool {
        self.unit().is_none_or(|unit| {
            let place = unit.checked_sub(consignment.first_unit);
            place.is_some_and(|place| place < consignment.quantity)
        })
    }

    fn disposition(&self, facts: &Facts) -> Option<Disposition> {
        let unit = self.unit()?;
        facts.page.as_ref().map(|page| page.disposition(unit))
    }

    fn additional_information(&self, facts: &Facts, now: i64) -> Vec<AdditionalInformation> {
        let Some(lot) = &facts.lot else {
            return Vec::new();
        };
        let disposition = self.disposition(facts);
        let is_found_illegitimate = facts.cases.iter().any(|case| {
            case.state == CaseState::Condemned || case.state == CaseState::Illegitimate
        });
        // Without a serial number the pack may be any of the lot's, so one recalled unit counts.
        let (first, quantity) = self.unit().map_or((0, lot.quantity), |unit| (unit, 1));
        let consignment_on_hold = facts.consignment.as_ref().is_some_and(|consignment| {
            let quarantined = consignment
                .restrictions()
                .contains(Restrictions::QUARANTINED);
            quarantined || consignment.open_cases > 0
        });
        let candidates = [
            (
                is_found_illegitimate || disposition == Some(Disposition::Illegitimate),
                AdditionalInformation::Illegitimate,
            ),
            (
                lot.is_recalled(first, quantity),
                AdditionalInformation::Recalled,
            ),
            (
                lot.status != LotStatus::Released
                    || lot.open_cases > 0
                    || consignment_on_hold
                    || disposition == Some(Disposition::Suspect),
                AdditionalInformation::Suspect,
            ),
            (now >= lot.expires_at, AdditionalInformation::Expired),
        ];
        candidates
            .into_iter()
            .filter_map(|(applies, information)| applies.then_some(information))
            .collect()
    }
}

#[cfg(test)]
mod tests {
    extern crate std;

    use alloc::{borrow::ToOwned, vec, vec::Vec};

    use bytemuck::Zeroable;

    use super::*;
    use crate::serial_tree::leaf;

    const SERIAL: &str = "SN-1";
    const SALT: Salt = [7; 16];
    const LOT: Address = Address::new_from_array([9; 32]);

    fn question(expiry: &str) -> Question {
        Question::about(Label {
            gtin: "09506000134352".parse().unwrap(),
            lot_number: "A1".parse().unwrap(),
            expiry: Some(expiry.parse().unwrap()),
            serial: None,
        })
    }

    /// The only unit of its lot.
    fn question_of_unit() -> Question {
        let mut question = question("2028-02-29");
        question.label.serial = Some(SERIAL.to_owned());
        question.membership = Some(Membership::Unit {
            index: 0,
            salt: SALT,
            proof: Proof(Vec::new()),
        });
        question
    }

    fn lot() -> Lot {
        Lot {
            expiry: 20_280_200,
            expires_at: 1_835_481_600,
            quantity: 1,
            serial_root: leaf(LOT.as_array(), 0, SERIAL, &SALT),
            ..Lot::zeroed()
        }
    }

    fn facts(lot: Lot) -> Facts {
        Facts {
            product: Some(Product::zeroed()),
            lot_address: LOT,
            lot: Some(lot),
            ..Facts::default()
        }
    }

    /// The facts with the unit's page, on which it is `disposition`.
    fn facts_of_unit(disposition: Disposition) -> Facts {
        let mut page = UnitPage::zeroed();
        page.dispositions[0] = disposition.code();
        Facts {
            page: Some(page),
            ..facts(lot())
        }
    }

    #[cfg(feature = "serde")]
    #[test]
    fn codes_are_written_as_they_are_serialised() {
        use FailureReason::{
            NoMatchGtinSerial, NoMatchGtinSerialExpiry, NoMatchGtinSerialLot,
            NoMatchGtinSerialLotExpiry, NotForRedistribution,
        };
        for reason in [
            NoMatchGtinSerial,
            NoMatchGtinSerialLot,
            NoMatchGtinSerialExpiry,
            NoMatchGtinSerialLotExpiry,
            NotForRedistribution,
        ] {
            assert_eq!(serde_json::to_value(reason).unwrap(), reason.code());
        }
        for information in [
            AdditionalInformation::Recalled,
            AdditionalInformation::Expired,
            AdditionalInformation::Suspect,
            AdditionalInformation::Illegitimate,
        ] {
            assert_eq!(
                serde_json::to_value(information).unwrap(),
                information.code()
            );
        }
    }

    #[test]
    fn what_is_known_goes_before_what_could_not_be_checked() {
        use AdditionalInformation::{Expired, Recalled};
        use FailureReason::{NoReasonProvided, NotForRedistribution};
        for (failure, information, expected) in [
            (None, [].as_slice(), Conclusion::Verified),
            (None, &[Recalled, Expired], Conclusion::Ineligible(Recalled)),
            (
                Some(NoReasonProvided),
                &[],
                Conclusion::PotentiallySuspect(NoReasonProvided),
            ),
            (
                Some(NoReasonProvided),
                &[Recalled],
                Conclusion::Ineligible(Recalled),
            ),
            (
                Some(NotForRedistribution),
                &[Recalled],
                Conclusion::PotentiallySuspect(NotForRedistribution),
            ),
        ] {
            assert_eq!(Conclusion::of(failure, information), expected);
        }
    }

    #[test]
    fn a_label_that_agrees_is_verified() {
        assert!(question("2028-02-29").judge(&facts(lot()), 0).is_verified());
        assert!(
            question_of_unit()
                .judge(&facts_of_unit(Disposition::Active), 0)
                .is_verified()
        );
    }

    #[test]
    fn a_label_that_does_not_says_where() {
        let question = question("2028-03-01");
        let failure = |facts: &Facts| question.judge(facts, 0).failure;
        let mut facts = facts(lot());
        assert_eq!(
            failure(&facts),
            Some(FailureReason::NoMatchGtinSerialExpiry)
        );
        facts.lot = None;
        assert_eq!(failure(&facts), Some(FailureReason::NoMatchGtinSerialLot));
        facts.product = None;
        assert_eq!(failure(&facts), Some(FailureReason::NoMatchGtinSerial));
    }

    #[test]
    fn a_serial_belongs_to_the_lot_by_proof_only() {
        let facts = facts(lot());
        let failure = |question: &Question| question.judge(&facts, 0).failure;
        let genuine = question_of_unit();
        assert_eq!(failure(&genuine), None);
        let mut other_serial = genuine.clone();
        other_serial.label.serial = Some("SN-2".to_owned());
        let mut absent = genuine.clone();
        absent.membership = Some(Membership::Absent);
        let mut other_salt = genuine.clone();
        other_salt.membership = Some(Membership::Unit {
            index: 0,
            salt: [8; 16],
            proof: Proof(Vec::new()),
        });
        let mut beyond = genuine.clone();
        beyond.membership = Some(Membership::Unit {
            index: 1,
            salt: SALT,
            proof: Proof(Vec::new()),
        });
        for question in [other_serial, absent, other_salt, beyond] {
            assert_eq!(
                failure(&question),
                Some(FailureReason::NoMatchGtinSerial),
                "{question:?}"
            );
        }
    }

    #[test]
    fn a_serial_that_nobody_checked_is_not_verified() {
        let mut unchecked = question_of_unit();
        unchecked.membership = None;
        let verdict = unchecked.judge(&facts(lot()), 0);
        assert_eq!(verdict.failure, Some(FailureReason::NoReasonProvided));
        // What is known to be wrong comes first.
        unchecked.label.expiry = Some("2028-03".parse().unwrap());
        let verdict = unchecked.judge(&facts(lot()), 0);
        assert_eq!(
            verdict.failure,
            Some(FailureReason::NoMatchGtinSerialExpiry)
        );
    }

    #[test]
    fn a_pack_that_left_the_chain_is_not_for_redistribution() {
        for gone in [
            Disposition::Dispensed,
            Disposition::Destroyed,
            Disposition::Stolen,
            Disposition::Sampled,
            Disposition::Exported,
            Disposition::Damaged,
        ] {
            let verdict = question_of_unit().judge(&facts_of_unit(gone), 0);
            assert_eq!(verdict.failure, Some(FailureReason::NotForRedistribution));
        }
        for (disposition, information) in [
            (Disposition::Suspect, AdditionalInformation::Suspect),
            (
                Disposition::Illegitimate,
                AdditionalInformation::Illegitimate,
            ),
        ] {
            let verdict = question_of_unit().judge(&facts_of_unit(disposition), 0);
            assert_eq!(verdict.failure, None);
            assert_eq!(verdict.additional_information, [information]);
        }
        let mut question = question_of_unit();
        question.consignment = Some(Address::default());
        let held = Consignment {
            quantity: 1,
            ..Consignment::zeroed()
        };
        let judge = |consignment: Consignment| {
            let facts = Facts {
                consignment: Some(consignment),
                ..facts_of_unit(Disposition::Active)
            };
            question.judge(&facts, 0)
        };
        assert!(judge(held).is_verified());
        for elsewhere in [
            Consignment {
                status: ConsignmentStatus::Stolen,
                ..held
            },
            Consignment {
                first_unit: 1,
                ..held
            },
            Consignment {
                restrictions: Restrictions::CONDEMNED.bits(),
                ..held
            },
        ] {
            assert_eq!(
                judge(elsewhere).failure,
                Some(FailureReason::NotForRedistribution)
            );
        }
        let quarantined = judge(Consignment {
            restrictions: Restrictions::QUARANTINED.bits(),
            ..held
        });
        assert_eq!(
            quarantined.additional_information,
            [AdditionalInformation::Suspect]
        );
    }

    #[test]
    fn what_rules_out_dispensing_is_listed_most_serious_first() {
        use AdditionalInformation::{Expired, Illegitimate, Recalled, Suspect};
        let mut lot = lot();
        lot.quantity = 10;
        lot.status = LotStatus::Quarantined;
        (lot.recalls, lot.recalled_first[0], lot.recalled_quantity[0]) = (1, 9, 1);
        let question = question("2028-02-29");
        let said = |facts: &Facts, now| question.judge(facts, now).additional_information;
        let condemned = Facts {
            cases: vec![Case {
                state: CaseState::Condemned,
                ..Case::zeroed()
            }],
            ..facts(lot)
        };
        assert_eq!(
            said(&condemned, lot.expires_at),
            [Illegitimate, Recalled, Suspect, Expired]
        );
        assert_eq!(said(&facts(lot), lot.expires_at - 1), [Recalled, Suspect]);
        (lot.status, lot.recalls, lot.open_cases) = (LotStatus::Released, 0, 1);
        assert_eq!(said(&facts(lot), 0), [Suspect]);
    }

    #[test]
    fn a_recall_of_other_units_does_not_concern_this_one() {
        let mut lot = lot();
        (lot.recalls, lot.recalled_first[0], lot.recalled_quantity[0]) = (1, 1, 5);
        let facts = Facts {
            lot: Some(lot),
            ..facts_of_unit(Disposition::Active)
        };
        assert!(question_of_unit().judge(&facts, 0).is_verified());
        lot.recalled_first[0] = 0;
        let facts = Facts {
            lot: Some(lot),
            ..facts
        };
        assert_eq!(
            question_of_unit().judge(&facts, 0).additional_information,
            [AdditionalInformation::Recalled]
        );
    }
}
