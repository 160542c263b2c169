//! What an answer about a pack rests on, in a file that anyone can check: the accounts as they were
//! read, byte by byte, and the proof that the serial number belongs to the lot.
//!
//! The file holds the pack's serial number and salt, so it is for those who may see them.

use std::collections::BTreeMap;

use base64::{Engine as _, prelude::BASE64_STANDARD};
use pedigree_client::{Ledger, identifier::InvalidIdentifier};
use pedigree_manifest::Proof;
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};
use solana_account::Account;
use solana_pubkey::Pubkey;

use crate::{
    error,
    verdict::{Label, Membership, Question, Verdict},
    verification::{Verification, addresses, facts},
};

/// The format's name and version, which each file begins with.
const FORMAT: &str = "pedigree evidence 1";

/// The content of an evidence file, as JSON.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Evidence {
    /// `pedigree evidence 1`.
    pub format: String,
    /// The label's GTIN, 14 digits.
    pub gtin: String,
    /// The label's lot number.
    pub lot_number: String,
    /// The label's expiry, in the form of [`Expiry`](pedigree_client::identifier::Expiry)'s text.
    pub expiry: Option<String>,
    /// The label's serial number.
    pub serial: Option<String>,
    /// Whether a manifest lists the serial number; absent if none decided it.
    pub membership: Option<MembershipEvidence>,
    /// Address of the consignment that the pack was said to be in.
    pub consignment: Option<String>,
    /// The slot at which the accounts were read.
    pub slot: u64,
    /// Unix seconds of the question.
    pub asked_at: i64,
    /// The accounts that the answer rests on.
    pub accounts: Vec<AccountEvidence>,
    /// The answer.
    pub verdict: Verdict,
}

/// Whether a manifest lists the serial number.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MembershipEvidence {
    /// No unit carries it.
    Absent,
    /// This unit carries it.
    Unit {
        /// Index of the unit in the lot.
        index: u32,
        /// The unit's salt, in hexadecimal digits.
        salt: String,
        /// The hashes of the proof, in hexadecimal digits.
        proof: Vec<String>,
    },
}

/// An account as it was read.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct AccountEvidence {
    /// Its address, in base58.
    pub address: String,
    /// `None`: there was no such account.
    pub content: Option<ContentEvidence>,
}

/// What an account held.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct ContentEvidence {
    /// Address of the program that owns it, in base58.
    pub owner: String,
    /// Its balance.
    pub lamports: u64,
    /// Base64.
    pub data: String,
    /// SHA-256 of the data, in hexadecimal digits: short enough to compare by eye.
    pub sha256: String,
}

/// What is wrong with a file.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Flaw {
    /// It does not begin with the format's name and version.
    #[error("the file is of another format than `{FORMAT}`")]
    Format,
    /// An identifier of the label is not valid.
    #[error("the label cannot be read: {0}")]
    Label(#[from] InvalidIdentifier),
    /// This part is not base58, base64 or hexadecimal as it should be.
    #[error("{0} is not encoded correctly")]
    Encoding(&'static str),
    /// An account is missing, or is another one.
    #[error("the accounts are not those that the question is about")]
    Accounts,
    /// The data of the account at this address were altered.
    #[error("the account {0} does not have the hash that the file gives")]
    Hash(String),
    /// The data of an account cannot be read as its type.
    #[error("an account is of another type than it should be: {0}")]
    Content(String),
    /// The answer was altered, or what it rests on.
    #[error("another answer than the file's follows from these accounts")]
    Verdict,
}

impl Evidence {
    /// What `verification` rests on.
    pub fn of(verification: &Verification) -> Self {
        let Question {
            label,
            membership,
            consignment,
        } = &verification.question;
        let membership = membership.as_ref().map(|membership| match membership {
            Membership::Absent => MembershipEvidence::Absent,
            Membership::Unit { index, salt, proof } => MembershipEvidence::Unit {
                index: *index,
                salt: hex::encode(salt),
                proof: proof.0.iter().map(hex::encode).collect(),
            },
        });
        let content = |account: &Account| ContentEvidence {
            owner: account.owner.to_string(),
            lamports: account.lamports,
            data: BASE64_STANDARD.encode(&account.data),
            sha256: hex::encode(Sha256::digest(&account.data)),
        };
        Self {
            format: FORMAT.to_owned(),
            gtin: label.gtin.to_string(),
            lot_number: label.lot_number.to_string(),
            expiry: label.expiry.map(|expiry| expiry.to_string()),
            serial: label.serial.clone(),
            membership,
            consignment: consignment.map(|address| address.to_string()),
            slot: verification.slot,
            asked_at: verification.asked_at,
            accounts: verification
                .accounts
                .iter()
                .map(|(address, account)| AccountEvidence {
                    address: address.to_string(),
                    content: account.as_ref().map(content),
                })
                .collect(),
            verdict: verification.verdict.clone(),
        }
    }

    /// The content of the file: JSON, indented.
    pub fn to_json(&self) -> String {
        serde_json::to_string_pretty(self).expect("keys are strings")
    }

    /// Checks that the answer follows from what the file holds: the right accounts, their hashes and the
    /// proof. That the accounts were so at that slot only the endpoint says.
    pub fn check(&self) -> Result<(), Flaw> {
        if self.format != FORMAT {
            return Err(Flaw::Format);
        }
        let question = self.question()?;
        let accounts = self.accounts()?;
        let addresses = addresses(&question, &accounts);
        let is_about_them = accounts.len() >= addresses.len()
            && addresses
                .iter()
                .zip(&accounts)
                .all(|(expected, (address, _))| address == expected);
        if !is_about_them {
            return Err(Flaw::Accounts);
        }
        let facts =
            facts(&question, &accounts).map_err(|error| Flaw::Content(error.to_string()))?;
        let mut cases = facts.cases.iter();
        if cases.any(|case| case.subject != facts.lot_address) {
            return Err(Flaw::Accounts);
        }
        if question.judge(&facts, self.asked_at) != self.verdict {
            return Err(Flaw::Verdict);
        }
        Ok(())
    }

    /// The accounts that are no longer as the file has them.
    pub async fn changed_since(&self, ledger: &Ledger) -> error::Result<Vec<Pubkey>> {
        let Ok(accounts) = self.accounts() else {
            return Ok(Vec::new());
        };
        let addresses: Vec<Pubkey> = accounts.iter().map(|(address, _)| *address).collect();
        let (_, now) = ledger.accounts(&addresses).await?;
        let then: BTreeMap<Pubkey, Option<Vec<u8>>> = accounts
            .into_iter()
            .map(|(address, account)| (address, account.map(|account| account.data)))
            .collect();
        Ok(addresses
            .into_iter()
            .zip(now)
            .filter(|(address, now)| {
                then.get(address) != Some(&now.as_ref().map(|account| account.data.clone()))
            })
            .map(|(address, _)| address)
            .collect())
    }

    fn question(&self) -> Result<Question, Flaw> {
        let membership = match &self.membership {
            None => None,
            Some(MembershipEvidence::Absent) => Some(Membership::Absent),
            Some(MembershipEvidence::Unit { index, salt, proof }) => {
                let proof = proof.iter().map(|hash| unhex(hash)).collect();
                Some(Membership::Unit {
                    index: *index,
                    salt: unhex(salt)?,
                    proof: Proof(Result::<_, Flaw>::from_iter::<Vec<_>>(proof)?),
                })
            }
        };
        Ok(Question {
            label: Label {
                gtin: self.gtin.parse()?,
                lot_number: self.lot_number.parse()?,
                expiry: self.expiry.as_deref().map(str::parse).transpose()?,
                serial: self.serial.clone(),
            },
            membership,
            consignment: self.consignment.as_deref().map(parse_address).transpose()?,
        })
    }

    fn accounts(&self) -> Result<Vec<(Pubkey, Option<Account>)>, Flaw> {
        let account = |evidence: &AccountEvidence| {
            let address = parse_address(&evidence.address)?;
            let Some(content) = &evidence.content else {
                return Ok((address, None));
            };
            let data = BASE64_STANDARD
                .decode(&content.data)
                .map_err(|_| Flaw::Encoding("an account's data"))?;
            if content.sha256 != hex::encode(Sha256::digest(&data)) {
                return Err(Flaw::Hash(evidence.address.clone()));
            }
            let account = Account {
                lamports: content.lamports,
                data,
                owner: parse_address(&content.owner)?,
                executable: false,
                rent_epoch: u64::MAX,
            };
            Ok((address, Some(account)))
        };
        self.accounts.iter().map(account).collect()
    }
}

fn parse_address(text: &str) -> Result<Pubkey, Flaw> {
    text.parse().map_err(|_| Flaw::Encoding("an address"))
}

fn unhex<const N: usize>(text: &str) -> Result<[u8; N], Flaw> {
    let mut bytes = [0; N];
    hex::decode_to_slice(text, &mut bytes).map_err(|_| Flaw::Encoding("a hash"))?;
    Ok(bytes)
}

#[cfg(test)]
mod tests {
    use bytemuck::Zeroable;
    use custody::{Lot, UnitPage};
    use pedigree_client::{LotSeries, address, registry::Product};
    use pedigree_domain::Record;
    use pedigree_manifest::leaf;

    use super::*;

    fn account<T: Record>(fields: &T) -> Option<Account> {
        Some(Account {
            lamports: 1,
            data: fields.to_account_data(),
            owner: T::PROGRAM,
            executable: false,
            rent_epoch: u64::MAX,
        })
    }

    fn question() -> Question {
        Question {
            label: Label {
                gtin: "09506000134352".parse().unwrap(),
                lot_number: "A1".parse().unwrap(),
                expiry: Some("2028-02".parse().unwrap()),
                serial: Some("SN-1".to_owned()),
            },
            membership: Some(Membership::Unit {
                index: 0,
                salt: [7; 16],
                proof: Proof(Vec::new()),
            }),
            consignment: None,
        }
    }

    /// The answer about the lot in the series that is given, of a product with so many.
    fn verification_in(found: Option<u16>, newest: u16) -> Verification {
        let question = question();
        let product_at = address::product(question.label.gtin);
        let product = Product {
            series: newest,
            ..Product::zeroed()
        };
        let lot_at = |number| {
            let product = product_at;
            address::lot(LotSeries { product, number }, question.label.lot_number)
        };
        let lot = |number| Lot {
            expiry: 20_280_200,
            expires_at: 1_835_481_600,
            quantity: 1,
            serial_root: leaf(&lot_at(number).to_bytes(), 0, "SN-1", &[7; 16]),
            ..Lot::zeroed()
        };
        // All older ones are there as well.
        let lots = found.map_or(0..0, |found| 0..found + 1);
        let mut ledger: BTreeMap<_, _> = lots
            .map(|number| (lot_at(number), account(&lot(number))))
            .collect();
        let page = address::unit_page(&lot_at(found.unwrap_or_default()), 0);
        ledger.insert(product_at, account(&product));
        ledger.insert(page, account(&UnitPage::zeroed()));
        let mut accounts = Vec::new();
        loop {
            let needed = addresses(&question, &accounts);
            if needed.iter().eq(accounts.iter().map(|(at, _)| at)) {
                break;
            }
            let read = |at: Pubkey| (at, ledger.get(&at).cloned().flatten());
            accounts = needed.into_iter().map(read).collect();
        }
        let facts = facts(&question, &accounts).unwrap();
        Verification {
            verdict: question.judge(&facts, 5),
            question,
            facts,
            slot: 9,
            asked_at: 5,
            accounts,
        }
    }

    fn verification() -> Verification {
        verification_in(Some(0), 0)
    }

    #[test]
    fn the_newest_lot_with_the_labels_number_is_the_packs() {
        for (found, newest) in [(0, 0), (0, 2), (1, 2), (2, 2)] {
            let verification = verification_in(Some(found), newest);
            assert!(verification.is_verified());
            let evidence = Evidence::of(&verification);
            assert_eq!(evidence.check(), Ok(()));
            // It shows that no newer series has the number.
            let lots = usize::from(newest - found) + 1;
            assert_eq!(evidence.accounts.len(), 1 + lots + 1);
        }
        let nowhere = verification_in(None, 2);
        assert!(!nowhere.is_verified());
        assert_eq!(nowhere.facts.lot_address, nowhere.accounts[3].0);
        assert_eq!(Evidence::of(&nowhere).check(), Ok(()));
    }

    #[test]
    fn an_older_lot_does_not_pass_for_the_newest() {
        let mut evidence = Evidence::of(&verification_in(Some(0), 1));
        evidence.accounts.remove(1);
        assert_eq!(evidence.check(), Err(Flaw::Accounts));
        let mut evidence = Evidence::of(&verification_in(Some(1), 1));
        evidence.accounts.swap(1, 2);
        assert_eq!(evidence.check(), Err(Flaw::Accounts));
    }

    #[test]
    fn evidence_survives_its_file_and_proves_itself() {
        let evidence = Evidence::of(&verification());
        assert!(evidence.verdict.is_verified());
        let file = evidence.to_json();
        let read: Evidence = serde_json::from_str(&file).unwrap();
        assert_eq!(read.check(), Ok(()));
    }

    /// Something done to a file.
    type Change = fn(&mut Evidence);
    /// Whether a flaw is the one that it must lead to.
    type Expected = fn(&Flaw) -> bool;

    #[test]
    fn whatever_is_altered_is_found() {
        let changes: [(Change, Expected); 9] = [
            (|it| it.format.push('0'), |flaw| *flaw == Flaw::Format),
            (
                |it| it.gtin = "09506000134353".to_owned(),
                |flaw| matches!(flaw, Flaw::Label(_)),
            ),
            (
                |it| it.lot_number = "A2".to_owned(),
                |flaw| *flaw == Flaw::Accounts,
            ),
            (
                |it| it.serial = Some("SN-2".to_owned()),
                |flaw| *flaw == Flaw::Verdict,
            ),
            (
                |it| it.expiry = Some("2028-03".to_owned()),
                |flaw| *flaw == Flaw::Verdict,
            ),
            (|it| it.asked_at = i64::MAX, |flaw| *flaw == Flaw::Verdict),
            (|it| it.accounts.truncate(2), |flaw| *flaw == Flaw::Accounts),
            (
                |it| {
                    it.accounts[2]
                        .content
                        .as_mut()
                        .unwrap()
                        .data
                        .replace_range(70..71, "B")
                },
                |flaw| matches!(flaw, Flaw::Hash(_)),
            ),
            (
                |it| it.accounts[1].content = it.accounts[0].content.clone(),
                |flaw| matches!(flaw, Flaw::Content(_)),
            ),
        ];
        for (place, (change, expected)) in changes.into_iter().enumerate() {
            let mut evidence = Evidence::of(&verification());
            change(&mut evidence);
            let flaw = evidence.check().unwrap_err();
            assert!(expected(&flaw), "change {place}: {flaw}");
        }
    }
}
