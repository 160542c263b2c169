//! Asking the ledger about a pack: the question at the pharmacy's counter.
//!
//! One round trip reads the product, the lot and, if the pack's serial number is known, the page
//! that records its disposition, all as of one slot. Serial numbers never leave the machine.

use custody::{Case, Disposition, LotStatus, PAGE_UNITS};
use pedigree_client::{
    Ledger, Located, LotSeries, address,
    blocking_recall::BlockingRecall,
    ledger::{Filter, decode},
    recalls::of_units,
    registry::Product,
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
    let (slot, mut accounts) = read(ledger, &question).await?;
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

/// How often the accounts are read: once, or, where the registry authority moved the product, until each read has
/// told which lot the label names and where the unit's page is. A further one is for a change in between.
const READS: usize = 5;

/// Reads the accounts that answer `question`, all as of one slot: at once as long as the registry authority
/// has not moved the product.
async fn read(
    ledger: &Ledger,
    question: &Question,
) -> Result<(u64, Vec<(Pubkey, Option<Account>)>)> {
    let mut needed = addresses(question, &[]);
    for _ in 0..READS {
        let (slot, accounts) = ledger.accounts(&needed).await?;
        let accounts: Vec<_> = needed.into_iter().zip(accounts).collect();
        needed = addresses(question, &accounts);
        if accounts.iter().map(|(at, _)| at).eq(&needed) {
            return Ok((slot, accounts));
        }
    }
    Err(pedigree_client::Error::Unsettled.into())
}

/// The addresses of the accounts that answer `question`, as far as the `known` ones say: the product; the lots
/// with the label's number in the product's series, from the newest series to the first lot that is there, which
/// the label names; and the page and the consignment as far as they are known.
pub(crate) fn addresses(question: &Question, known: &[(Pubkey, Option<Account>)]) -> Vec<Pubkey> {
    let product = address::product(question.label.gtin);
    let found = |at: &Pubkey| {
        let mut known = known.iter();
        known.find(|(known, _)| known == at)?.1.as_ref()
    };
    let newest = found(&product).and_then(|account| decode::<Product>(&product, account).ok());
    let newest = newest.map_or(0, |product| product.series);
    let mut addresses = vec![product];
    let mut lot = product;
    for number in (0..=newest).rev() {
        lot = address::lot(LotSeries { product, number }, question.label.lot_number);
        addresses.push(lot);
        if found(&lot).is_some() {
            break;
        }
    }
    let page = question
        .unit()
        .map(|unit| address::unit_page(&lot, unit / PAGE_UNITS));
    addresses.extend(page);
    addresses.extend(question.consignment);
    addresses
}

/// What `accounts` say: those of [`addresses`], then the cases about the lot.
pub(crate) fn facts(
    question: &Question,
    accounts: &[(Pubkey, Option<Account>)],
) -> pedigree_client::Result<Facts> {
    let mut facts = Facts::default();
    let mut accounts = accounts.iter();
    let mut next = || accounts.next().map(|(at, account)| (at, account.as_ref()));
    if let Some((at, Some(account))) = next() {
        facts.product = Some(decode(at, account)?);
    }
    let newest = facts.product.as_ref().map_or(0, |product| product.series);
    for _ in 0..=newest {
        let Some((at, account)) = next() else {
            break;
        };
        facts.lot_address = *at;
        if let Some(account) = account {
            facts.lot = Some(decode(at, account)?);
            break;
        }
    }
    if question.unit().is_some()
        && let Some((at, Some(account))) = next()
    {
        facts.page = Some(decode(at, account)?);
    }
    if question.consignment.is_some()
        && let Some((at, Some(account))) = next()
    {
        facts.consignment = Some(decode(at, account)?);
    }
    while let Some((at, Some(account))) = next() {
        facts.cases.push(decode(at, account)?);
    }
    Ok(facts)
}
