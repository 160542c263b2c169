//! Signing the transactions in a file, and submitting them once everybody has signed.

use std::{
    fs::File,
    io::{Read, stdin},
    str::FromStr,
};

use anyhow::{Context as _, Result, bail};
use pedigree_client::{
    cosigning::{Expectation, Objection, review},
    partial_transaction::PartialTransaction,
    sign_only::{MAX_TEXT, read},
    transaction::{simulate_as_it_is, submit},
};
use solana_pubkey::Pubkey;
use solana_signature::Signature;

use super::{
    report::{Cosigned, ReviewReport, SubmittedReport},
    signing::{is_looked_at, need_goods, show, sign},
};
use crate::{
    answer::Answer,
    context::{Context, Mode},
    prompt::ask,
    sign_only::{write_file, written},
};

/// A signature that was made elsewhere, as Solana's tools write it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct MadeSignature {
    key: Pubkey,
    signature: Signature,
}

impl FromStr for MadeSignature {
    type Err = anyhow::Error;

    fn from_str(text: &str) -> Result<Self> {
        let pair = text.split_once('=').and_then(|(key, signature)| {
            Some(Self {
                key: key.parse().ok()?,
                signature: signature.parse().ok()?,
            })
        });
        pair.with_context(|| format!("{text:?} is not PUBKEY=SIGNATURE, both in base58"))
    }
}

/// Reads the transactions in `file`, or on standard input, and adds signatures to them that were made elsewhere.
pub fn transactions(file: &str, signatures: &[MadeSignature]) -> Result<Vec<PartialTransaction>> {
    let text = match file {
        "-" => text(stdin().lock()),
        file => File::open(file).map_err(Into::into).and_then(text),
    };
    let text = text.with_context(|| format!("{file} cannot be read"))?;
    let mut transactions = read(&text).with_context(|| file.to_owned())?;
    for made in signatures {
        add(&mut transactions, *made)?;
    }
    Ok(transactions)
}

fn text(source: impl Read) -> Result<String> {
    let mut text = String::new();
    // One byte more than is read of it shows that it is too long.
    source.take(MAX_TEXT as u64 + 1).read_to_string(&mut text)?;
    Ok(text)
}

/// Adds a signature to the transaction that it belongs to.
fn add(transactions: &mut [PartialTransaction], made: MadeSignature) -> Result<()> {
    let mut reason = None;
    for transaction in transactions {
        match transaction.add(made.key, made.signature) {
            Ok(()) => return Ok(()),
            Err(error) => reason = Some(error),
        }
    }
    match reason {
        Some(reason) => Err(reason.into()),
        None => bail!("there is nothing to sign"),
    }
}

/// Compares transactions with what was agreed, signs them, submits those that everybody has signed, and writes the
/// rest.
pub async fn cosign(
    context: &Context,
    mut transactions: Vec<PartialTransaction>,
    mut expectation: Expectation,
) -> Result<Answer> {
    let is_complete = transactions.iter().all(|one| one.absent().is_empty());
    let mut reviewed = Vec::with_capacity(transactions.len());
    let mut objections: Vec<Objection> = Vec::new();
    for transaction in &transactions {
        let review = review(&context.ledger, transaction).await?;
        // What everybody has signed is only submitted.
        if !is_complete {
            objections.extend(expectation.compare(&review));
        }
        reviewed.push(ReviewReport::new(&context.ledger, &review).await?);
    }
    if !is_complete {
        objections.extend(expectation.goods.left());
    }
    let mut outcome = Cosigned {
        reviewed,
        objections: objections.iter().map(ToString::to_string).collect(),
        ..Cosigned::default()
    };
    if !objections.is_empty() {
        context.print(&outcome);
        return Ok(Answer::No);
    }
    for transaction in &transactions {
        simulate_as_it_is(&context.ledger, transaction).await?;
    }
    if context.mode() == Mode::DryRun {
        context.print(&outcome);
        return Ok(Answer::Yes);
    }
    if !is_complete {
        need_goods(context, &expectation)?;
    }
    if is_looked_at(context) {
        show(context, &outcome);
        outcome.is_shown = true;
    }
    let purpose = match is_complete {
        true => "submit this",
        false => "sign this",
    };
    ask(context, purpose)?;
    for transaction in &mut transactions {
        sign(context, transaction)?;
    }
    finish(context, transactions, outcome).await?;
    Ok(Answer::Yes)
}

/// Submits what everybody has signed, one after the other, and writes the rest.
async fn finish(
    context: &Context,
    transactions: Vec<PartialTransaction>,
    mut outcome: Cosigned,
) -> Result<()> {
    let is_kept = context.mode() == Mode::SignOnly;
    let mut left = Vec::new();
    for transaction in transactions {
        if is_kept || !transaction.absent().is_empty() {
            left.push(transaction);
            continue;
        }
        match submit(&context.ledger, &transaction).await {
            Ok(receipt) => outcome.submitted.push(SubmittedReport::from(&receipt)),
            Err(error) => {
                let done = outcome.submitted.len();
                let error = anyhow::Error::from(error);
                return Err(match done {
                    0 => error,
                    _ => error.context(format!("only the first {done} were submitted")),
                });
            }
        }
    }
    outcome.transactions = left.iter().map(|one| written(context, one)).collect();
    if let Some(file) = &context.signing().outfile {
        write_file(file, &outcome)?;
    }
    context.print(&outcome);
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_signature_comes_with_its_key() {
        let (key, signature) = (Pubkey::new_unique(), Signature::from([7; 64]));
        let made: MadeSignature = format!("{key}={signature}").parse().unwrap();
        assert_eq!(made, MadeSignature { key, signature });
        for text in [
            key.to_string(),
            format!("{signature}={key}"),
            "=".to_owned(),
        ] {
            let error = text.parse::<MadeSignature>().unwrap_err().to_string();
            assert!(error.contains("PUBKEY=SIGNATURE"), "{error}");
        }
    }
}
