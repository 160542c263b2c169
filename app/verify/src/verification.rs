//! Asking the ledger about a pack: the question at the pharmacy's counter.
//!
//! One round trip reads the product, the lot and, if the pack's serial number is known, the page
//! that records its disposition, all as of one slot. Serial numbers never leave the machine.

use custody::{Case, Disposition, LotStatus, PAGE_UNITS};
use pedigree_client::{
    Ledger, Located, address,
    blocking_recall::BlockingRecall,
    ledger::{Filter, decode},
    recalls::of_units,
};
use solana_account::Account;
use solana_pubkey::Pubkey;

use crate::{
    error::Result,
    verdict::{Facts, Question, Verdict},
};

/// The answer about a pack.
#[derive(Clone, Debug)]
pub struct Verification {
    /// What was asked.
    pub question: Question,
    /// The verdict.
    pub verdict: Verdict,
    /// What the verdict follows from.
    pub facts: Facts,
    /// The slot at which the accounts were read.
    pub slot: u64,
    /// Unix seconds of the question.
    pub asked_at: i64,
    /// Every account that the answer rests on, as it was read; `None` where there is none.
    pub accounts: Vec<(Pubkey, Option<Account>)>,
}

impl Verification {
    /// Whether the label agrees and nothing rules out dispensing the pack.
    pub fn is_verified(&self) -> bool {
        self.verdict.is_verified()
    }

    /// Index of the unit that carries the serial number, and its disposition if its page is open.
    pub fn unit(&self) -> Option<(u32, Option<Disposition>)> {
        let index = self.question.unit()?;
        let page = self.facts.page.as_ref();
        Some((index, page.map(|page| page.disposition(index))))
    }
}

/// The recalls that block the pack, or, if it is not known which unit it is, any unit of its lot. The most
/// serious comes first.
///
/// # Errors
///
/// If the ledger cannot be read.
pub async fn blocking_recalls(
    ledger: &Ledger,
    verification: &Verification,
) -> Result<Vec<BlockingRecall>> {
    let Some(lot) = verification.facts.lot else {
        return Ok(Vec::new());
    };
    let units = match verification.unit() {
        Some((unit, _)) => u64::from(unit)..u64::from(unit) + 1,
        None => 0..lot.quantity.into(),
    };
    let lot = Located::new(verification.facts.lot_address, lot);
    Ok(of_units(ledger, &lot, units).await?)
}

/// Compares what `question` says with the ledger at Unix time `now`.
///
/// # Errors
///
/// If the ledger cannot be read.
pub async fn verify(ledger: &Ledger, question: Question, now: i64) -> Result<Verification> {
    let addresses = addresses(&question);
    let (slot, accounts) = ledger.accounts(&addresses).await?;
    let mut accounts: Vec<(Pubkey, Option<Account>)> =
        addresses.into_iter().zip(accounts).collect();
    let mut facts = facts(&question, &accounts)?;
    if let Some(lot) = &facts.lot
        && (lot.open_cases > 0 || lot.status == LotStatus::Condemned)
    {
        // Why the lot is on hold: rare enough to be worth a second round trip.
        let cases = ledger
            .list_accounts::<Case>(&[Filter::case_subject(&facts.lot_address)])
            .await?;
        accounts.extend(cases.into_iter().map(|(at, account)| (at, Some(account))));
        facts = self::facts(&question, &accounts)?;
    }
    Ok(Verification {
        verdict: question.judge(&facts, now),
        question,
        facts,
        slot,
        asked_at: now,
        accounts,
    })
}

/// The addresses of the accounts that answer `question`: product, lot, and page and consignment as
/// far as they are known.
pub(crate) fn addresses(question: &Question) -> Vec<Pubkey> {
    let product = address::product(question.label.gtin);
    let lot = address::lot(&product, question.label.lot_number);
    let page = question
        .unit()
        .map(|unit| address::unit_page(&lot, unit / PAGE_UNITS));
    [product, lot]
        .into_iter()
        .chain(page)
        .chain(question.consignment)
        .collect()
}

/// What `accounts` say: those of [`addresses`], then the cases about the lot.
pub(crate) fn facts(
    question: &Question,
    accounts: &[(Pubkey, Option<Account>)],
) -> pedigree_client::Result<Facts> {
    let mut facts = Facts::default();
    let mut accounts = accounts.iter();
    let mut next = || {
        accounts
            .next()
            .and_then(|(at, account)| Some((at, account.as_ref()?)))
    };
    facts.product = next()
        .map(|(at, account)| decode(at, account))
        .transpose()?;
    facts.lot_address = address::lot(
        &address::product(question.label.gtin),
        question.label.lot_number,
    );
    facts.lot = next()
        .map(|(at, account)| decode(at, account))
        .transpose()?;
    if question.unit().is_some() {
        facts.page = next()
            .map(|(at, account)| decode(at, account))
            .transpose()?;
    }
    if question.consignment.is_some() {
        facts.consignment = next()
            .map(|(at, account)| decode(at, account))
            .transpose()?;
    }
    while let Some((at, account)) = next() {
        facts.cases.push(decode(at, account)?);
    }
    Ok(facts)
}
