//! Transactions that are signed by the keys that are here, and written for the others to sign.

use std::{
    fs::{self, File},
    io::{self, Write as _},
    path::Path,
};

use anyhow::{Context as _, Result};
use pedigree_client::{
    Plan,
    partial_transaction::PartialTransaction,
    sign_only::{Encoding, SignOnly},
    transaction::{prepare, prepare_without_limits},
};
use serde::Serialize;

use crate::{
    context::{Context, Mode},
    made::Made,
    output::{Report, fields},
    prompt::ask,
    signing_key::Key,
};

/// Makes the transactions of a plan, signs them with those of `keys` that are here, unless they are to stay
/// unsigned, and writes them.
pub async fn sign_only(context: &Context, plan: &Plan, keys: &[&Key]) -> Result<()> {
    let signs = context.mode() == Mode::SignOnly;
    if signs {
        ask(context, &format!("sign, to {}", plan.purpose))?;
    }
    let payer = context.actor()?.payer;
    let total = plan.transactions.len();
    let mut transactions = Vec::with_capacity(total);
    for (instructions, number) in plan.transactions.iter().zip(1..) {
        let prepared = match signs {
            true => prepare(&context.ledger, &payer, instructions).await,
            false => prepare_without_limits(&context.ledger, &payer, instructions).await,
        };
        let prepared = prepared.with_context(|| match number {
            1 => "it cannot be signed for now".to_owned(),
            _ => format!("transaction {number} of {total}, if it depends on those before, is signed after them"),
        })?;
        let mut transaction = prepared.transaction;
        if signs {
            sign(&mut transaction, keys)?;
        }
        transactions.push(transaction);
    }
    write(
        context,
        &plan.purpose,
        &transactions,
        Made::of(&plan.creates),
    )
}

/// Signs with every one of `keys` that is here and has to sign.
pub fn sign(transaction: &mut PartialTransaction, keys: &[&Key]) -> Result<()> {
    for signer in keys.iter().filter_map(|key| key.signer()) {
        if transaction.absent().contains(&signer.pubkey()) {
            transaction.sign(signer)?;
        }
    }
    Ok(())
}

/// Prints the transactions, or writes them to the file that `--outfile` names.
fn write(
    context: &Context,
    purpose: &str,
    transactions: &[PartialTransaction],
    made: Vec<Made>,
) -> Result<()> {
    let outfile = context.signing().outfile.as_deref();
    let transactions = transactions.iter();
    let document = Document {
        would: purpose,
        transactions: transactions.map(|one| written(context, one)).collect(),
        made,
        outfile,
    };
    if let Some(file) = outfile {
        write_file(file, &document)?;
    }
    context.print(&document);
    Ok(())
}

/// A transaction in the encoding that `--encoding` names, with its message if that is asked for.
pub fn written(context: &Context, transaction: &PartialTransaction) -> SignOnly {
    let signing = context.signing();
    let encoding = Encoding::from(signing.encoding);
    SignOnly::of(transaction, encoding, signing.dump_transaction_message)
}

/// Writes a document that `cosign` reads. It takes the file's place once it is complete, because the file may be the
/// one that was read, with signatures that nobody could restore.
pub fn write_file(file: &Path, document: &impl Serialize) -> Result<()> {
    let json = serde_json::to_string_pretty(document)? + "\n";
    // What is not a plain file, such as /dev/stdout, keeps its place.
    let is_special = file.symlink_metadata().is_ok_and(|it| !it.is_file());
    let written = match is_special {
        true => fs::write(file, json),
        false => replace(file, json.as_bytes()),
    };
    written.with_context(|| format!("could not write {}", file.display()))
}

fn replace(file: &Path, content: &[u8]) -> io::Result<()> {
    let mut name = file.file_name().unwrap_or_default().to_owned();
    name.push(".unfinished");
    let unfinished = file.with_file_name(name);
    let written = File::create(&unfinished).and_then(|mut unfinished| {
        unfinished.write_all(content)?;
        unfinished.sync_all()
    });
    let replaced = written.and_then(|()| fs::rename(&unfinished, file));
    if replaced.is_err() {
        let _ = fs::remove_file(&unfinished);
    }
    replaced
}

#[derive(Serialize)]
struct Document<'a> {
    would: &'a str,
    transactions: Vec<SignOnly>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    made: Vec<Made>,
    #[serde(skip)]
    outfile: Option<&'a Path>,
}

impl Report for Document<'_> {
    fn text(&self) -> String {
        let transactions = self.transactions.iter().map(|transaction| {
            let list = |keys: &[String]| match keys.is_empty() {
                true => "none".to_owned(),
                false => keys.join("\n"),
            };
            let mut lines = vec![
                ("Blockhash", transaction.blockhash.clone()),
                ("Signers (Pubkey=Signature)", list(&transaction.signers)),
                ("Absent Signers (Pubkey)", list(&transaction.absent)),
            ];
            lines.extend(
                transaction
                    .message
                    .clone()
                    .map(|message| ("Transaction Message", message)),
            );
            if self.outfile.is_none() {
                lines.push(("Transaction", transaction.transaction.clone()));
            }
            fields(lines)
        });
        let transactions: Vec<String> = transactions.collect();
        let place = self.outfile.map_or_else(String::new, |file| {
            format!(" Written to {}.", file.display())
        });
        format!(
            "Would {}. Nothing was sent.{place}\n{}{}",
            self.would,
            transactions.join("\n\n"),
            Made::lines(&self.made),
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_document_takes_the_place_of_the_file_that_was_read() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("handoff.json");
        for document in [["first"; 1_000].as_slice(), &["second"]] {
            write_file(&file, &document).unwrap();
            let read: Vec<String> = serde_json::from_slice(&fs::read(&file).unwrap()).unwrap();
            assert_eq!(read, document);
        }
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
    }

    #[cfg(unix)]
    #[test]
    fn a_link_to_a_file_stays_one() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("handoff.json");
        let link = folder.path().join("link.json");
        std::os::unix::fs::symlink(&file, &link).unwrap();
        write_file(&link, &["third"]).unwrap();
        assert!(link.symlink_metadata().unwrap().is_symlink());
        assert_eq!(fs::read_to_string(&file).unwrap(), "[\n  \"third\"\n]\n");
    }
}
