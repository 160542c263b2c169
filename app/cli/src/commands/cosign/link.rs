//! Signing what is fetched from a link, one transaction after the other.

use std::{fs, path::PathBuf};

use anyhow::{Context as _, Result};
use pedigree_client::{
    Error,
    cosigning::{Expectation, do_the_same, review},
    partial_transaction::PartialTransaction,
    transaction::{Receipt, simulate_as_it_is, submit},
    transaction_request::{Fetched, Link, Requester},
};

use super::{
    report::{AskedBy, Cosigned, ReviewReport, SubmittedReport},
    signing::{is_looked_at, need_goods, show, sign},
};
use crate::{
    answer::Answer,
    context::{Context, Mode},
    prompt::ask,
    sign_only::{write_file, written},
};

/// Transactions that are signed from one link at most.
const MAX_TRANSACTIONS: usize = 1_000;
/// How often a transaction is fetched again whose blockhash expired while a person looked at it.
const MAX_REFRESHES: usize = 3;

/// What fetches from `link`, and trusts the certificate authorities in these files, too.
pub fn requester(link: Link, authorities: &[PathBuf]) -> Result<Requester> {
    let mut pems = Vec::with_capacity(authorities.len());
    for file in authorities {
        let pem = fs::read(file).with_context(|| format!("{} cannot be read", file.display()))?;
        pems.push(pem);
    }
    Ok(Requester::new(link, &pems)?)
}

/// Fetches, compares, signs and submits until nothing is left to be signed.
pub async fn cosign(
    context: &Context,
    requester: Requester,
    mut expectation: Expectation,
) -> Result<Answer> {
    need_goods(context, &expectation)?;
    let label = requester.label().await?.label;
    let host = requester.host();
    if context.is_for_people() {
        anstream::eprintln!("{host} asks for a signature and calls itself {label:?}.");
    }
    let mut outcome = Cosigned {
        asked_by: Some(AskedBy { host, label }),
        ..Cosigned::default()
    };
    let session = Session { context, requester };
    while outcome.submitted.len() < MAX_TRANSACTIONS {
        let Some(fetched) = session.fetch().await? else {
            break;
        };
        if !session
            .handle(fetched, &mut expectation, &mut outcome)
            .await?
        {
            break;
        }
    }
    if context.mode() == Mode::Send && outcome.objections.is_empty() {
        let left = expectation.goods.left();
        outcome.objections = left.iter().map(ToString::to_string).collect();
        if outcome.submitted.is_empty() && outcome.objections.is_empty() {
            outcome.objections = vec!["there was nothing to sign".to_owned()];
        }
    }
    let is_well = outcome.objections.is_empty();
    context.print(&outcome);
    Ok(is_well.into())
}

struct Session<'a> {
    context: &'a Context,
    requester: Requester,
}

impl Session<'_> {
    async fn fetch(&self) -> Result<Option<Fetched>> {
        let key = self.context.key()?.address();
        Ok(self.requester.transaction(&key).await?)
    }

    /// Looks at a transaction and, if it is what was agreed, signs and submits it. Returns whether to ask for
    /// another one.
    async fn handle(
        &self,
        fetched: Fetched,
        expectation: &mut Expectation,
        outcome: &mut Cosigned,
    ) -> Result<bool> {
        let context = self.context;
        let Fetched {
            transaction,
            message,
        } = fetched;
        let (report, objections, after) = self.look(&transaction, expectation).await?;
        if is_looked_at(context) {
            let said = message.as_deref().unwrap_or_default();
            let host = self.requester.host();
            anstream::eprintln!("{host} says: {said:?}. What it would do:");
            show(context, &report);
            outcome.is_shown = true;
        }
        outcome.reviewed.push(report);
        outcome.objections = objections;
        if !outcome.objections.is_empty() {
            return Ok(false);
        }
        simulate_as_it_is(&context.ledger, &transaction).await?;
        if context.mode() == Mode::DryRun {
            return Ok(false);
        }
        ask(context, "sign this")?;
        let mut signed = transaction;
        sign(context, &mut signed)?;
        if context.mode() == Mode::SignOnly {
            self.keep(&signed, outcome)?;
            return Ok(false);
        }
        let receipt = self.submit(signed, expectation, outcome).await?;
        let Some(receipt) = receipt else {
            return Ok(false);
        };
        outcome.submitted.push(SubmittedReport::from(&receipt));
        *expectation = after;
        Ok(true)
    }

    /// What a transaction would do, the objections to it, and what is expected after it.
    async fn look(
        &self,
        transaction: &PartialTransaction,
        expectation: &Expectation,
    ) -> Result<(ReviewReport, Vec<String>, Expectation)> {
        let ledger = &self.context.ledger;
        let review = review(ledger, transaction).await?;
        let mut after = expectation.clone();
        let objections = after.compare(&review);
        let objections = objections.iter().map(ToString::to_string).collect();
        Ok((ReviewReport::new(ledger, &review).await?, objections, after))
    }

    /// Submits a transaction. If it expired while a person looked at it, it is fetched again, and signed only
    /// if it does the same. `None`: it does something else, which the outcome says.
    async fn submit(
        &self,
        mut signed: PartialTransaction,
        expectation: &Expectation,
        outcome: &mut Cosigned,
    ) -> Result<Option<Receipt>> {
        let ledger = &self.context.ledger;
        for _ in 0..MAX_REFRESHES {
            match submit(ledger, &signed).await {
                Err(Error::BlockhashExpired) => {}
                submitted => return Ok(Some(submitted?)),
            }
            let Some(Fetched { transaction, .. }) = self.fetch().await? else {
                outcome.objections = vec!["it is no longer offered".to_owned()];
                return Ok(None);
            };
            let (_, objections, _) = self.look(&transaction, expectation).await?;
            outcome.objections = objections;
            if !do_the_same(&transaction, &signed) {
                let changed = "it was changed after it was shown: ask the sender";
                outcome.objections.push(changed.to_owned());
            }
            if !outcome.objections.is_empty() {
                return Ok(None);
            }
            signed = transaction;
            sign(self.context, &mut signed)?;
        }
        Err(Error::BlockhashExpired.into())
    }

    /// Keeps a signed transaction instead of submitting it.
    fn keep(&self, signed: &PartialTransaction, outcome: &mut Cosigned) -> Result<()> {
        outcome.transactions = vec![written(self.context, signed)];
        match &self.context.signing().outfile {
            Some(file) => write_file(file, outcome),
            None => Ok(()),
        }
    }
}
