//! Asking whether to send, sending, and telling what it did or would do.

use std::io::{IsTerminal, stdin};

use anyhow::{Context as _, Result, anyhow, bail};
use indicatif::{ProgressBar, ProgressStyle};
use pedigree_client::transaction::{AccountUse, Receipt, Simulation, Submitter};
use serde::Serialize;
use solana_instruction::Instruction;
use solana_pubkey::Pubkey;
use solana_signer::Signer;

use crate::{
    context::Context,
    output::{Report, fields, rows},
};

/// What is to be sent: one transaction, or several one after the other.
pub struct Job<'a> {
    purpose: String,
    transactions: Vec<Vec<Instruction>>,
    cosigners: Vec<&'a dyn Signer>,
    made: Vec<Made>,
}

impl<'a> Job<'a> {
    /// `purpose` says what will happen, as the question and as the report's title.
    pub fn new(purpose: impl Into<String>, instruction: Instruction) -> Self {
        Self::of_many(purpose, vec![vec![instruction]])
    }

    /// Several transactions, each with its instructions.
    pub fn of_many(purpose: impl Into<String>, transactions: Vec<Vec<Instruction>>) -> Self {
        Self {
            purpose: purpose.into(),
            transactions,
            cosigners: Vec::new(),
            made: Vec::new(),
        }
    }

    /// Somebody who signs beside the acting keypair.
    pub fn signed_by(mut self, cosigner: &'a dyn Signer) -> Self {
        self.cosigners.push(cosigner);
        self
    }

    /// An account that comes into being, which people will want to name next.
    pub fn making(mut self, what: &'static str, address: Pubkey) -> Self {
        self.made.push(Made {
            what,
            address: address.to_string(),
        });
        self
    }

    /// Signs with the acting keypair and sends, or with `--dry-run` only simulates.
    pub async fn run(self, context: &Context) -> Result<()> {
        let submitter = context.submitter()?;
        if context.is_dry_run() {
            // What comes later depends on what comes first, so it cannot be simulated before.
            let first = self
                .transactions
                .first()
                .context("there is nothing to do")?;
            let simulation = submitter.simulate(first).await?;
            context.print(&DryRun::new(&self, &simulation));
            return Ok(());
        }
        ask(context, &self.purpose)?;
        let receipts = self.send(context, &submitter).await?;
        context.print(&Sent::new(self, &receipts));
        Ok(())
    }

    async fn send(&self, context: &Context, submitter: &Submitter<'_>) -> Result<Vec<Receipt>> {
        let mut signers: Vec<&dyn Signer> = vec![context.keypair()?];
        signers.extend_from_slice(&self.cosigners);
        let total = self.transactions.len();
        let progress = progress(context, total)?;
        let mut receipts = Vec::with_capacity(total);
        for instructions in &self.transactions {
            let sent = submitter.send(instructions, &signers).await;
            let receipt = match receipts.len() {
                0 => sent?,
                done => sent.with_context(|| {
                    format!(
                        "only the first {done} of {total} transactions were made: look at what is \
                         left, and run the command again for that"
                    )
                })?,
            };
            receipts.push(receipt);
            progress.inc(1);
        }
        progress.finish_and_clear();
        Ok(receipts)
    }
}

/// A bar on the terminal, if there are people to see it and several transactions to wait for.
fn progress(context: &Context, transactions: usize) -> Result<ProgressBar> {
    if transactions < 2 || !context.is_for_people() {
        return Ok(ProgressBar::hidden());
    }
    let style = ProgressStyle::with_template("{bar:40} {pos}/{len} transactions, {eta} left")?;
    Ok(ProgressBar::new(transactions as u64).with_style(style))
}

/// Asks whether to send, unless `--yes` answered already.
pub fn ask(context: &Context, purpose: &str) -> Result<()> {
    if context.is_agreed() {
        return Ok(());
    }
    if !stdin().is_terminal() {
        bail!(
            "nobody is there to ask whether to {purpose}: pass --yes to send, or --dry-run to only look"
        );
    }
    let prompt = format!("On {}: {purpose}?", context.ledger.rpc().url());
    if dialoguer::Confirm::new()
        .with_prompt(prompt)
        .default(false)
        .interact()?
    {
        Ok(())
    } else {
        Err(anyhow!("not sent"))
    }
}

/// An account that a transaction made.
#[derive(Serialize)]
struct Made {
    what: &'static str,
    address: String,
}

impl Made {
    fn lines(all: &[Self]) -> String {
        all.iter()
            .map(|made| format!("\nNew {} {}", made.what, made.address))
            .collect()
    }
}

/// What a transaction would do.
#[derive(Serialize)]
struct DryRun<'a> {
    would: &'a str,
    compute_units: u64,
    loaded_bytes: Option<u32>,
    fee_lamports: u64,
    rent_lamports: i64,
    accounts: Vec<DryRunAccount>,
    /// How many transactions there would be; the figures are the first one's.
    transactions: usize,
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    made: &'a [Made],
}

#[derive(Serialize)]
struct DryRunAccount {
    address: String,
    signs: bool,
    changes: bool,
}

impl<'a> DryRun<'a> {
    fn new(job: &'a Job, simulation: &Simulation) -> Self {
        let account = |account: &AccountUse| DryRunAccount {
            address: account.address.to_string(),
            signs: account.is_signer,
            changes: account.is_writable,
        };
        Self {
            would: &job.purpose,
            compute_units: simulation.compute_units,
            loaded_bytes: simulation.loaded_bytes,
            fee_lamports: simulation.fee,
            rent_lamports: simulation.rent,
            accounts: simulation.accounts.iter().map(account).collect(),
            transactions: job.transactions.len(),
            made: &job.made,
        }
    }
}

impl Report for DryRun<'_> {
    fn text(&self) -> String {
        let mark = |is_so: bool, word: &str| {
            if is_so {
                word.to_owned()
            } else {
                String::new()
            }
        };
        let accounts = self.accounts.iter().map(|account| {
            [
                account.address.clone(),
                mark(account.signs, "signs"),
                mark(account.changes, "changes"),
            ]
        });
        let loaded = self
            .loaded_bytes
            .map_or_else(|| "not told".to_owned(), |bytes| bytes.to_string());
        let several = match self.transactions {
            1 => String::new(),
            several => format!(" The first of {several} transactions:"),
        };
        format!(
            "Would {}. Nothing was sent.{several}\n{}\n{}{}",
            self.would,
            fields([
                ("Compute units", self.compute_units.to_string()),
                ("Bytes loaded", loaded),
                ("Fee", format!("{} lamports", self.fee_lamports)),
                ("Rent", format!("{} lamports", self.rent_lamports)),
            ]),
            rows(["Account", "", ""], accounts),
            Made::lines(self.made),
        )
    }
}

/// What was done: the sums, and the transaction with which it was complete.
#[derive(Serialize)]
struct Sent {
    done: String,
    signature: String,
    slot: u64,
    compute_units: u64,
    fee_lamports: u64,
    rent_lamports: i64,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    made: Vec<Made>,
    /// All transactions, if there were several.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    transactions: Vec<SentTransaction>,
}

#[derive(Serialize)]
struct SentTransaction {
    signature: String,
    slot: u64,
    compute_units: u64,
}

impl Sent {
    fn new(job: Job, receipts: &[Receipt]) -> Self {
        let last = receipts.last();
        let transaction = |receipt: &Receipt| SentTransaction {
            signature: receipt.signature.to_string(),
            slot: receipt.slot,
            compute_units: receipt.simulation.compute_units,
        };
        let transactions = match receipts.len() {
            0 | 1 => Vec::new(),
            _ => receipts.iter().map(transaction).collect(),
        };
        let simulations = || receipts.iter().map(|receipt| &receipt.simulation);
        Self {
            done: job.purpose,
            signature: last.map_or_else(String::new, |last| last.signature.to_string()),
            slot: last.map_or(0, |last| last.slot),
            compute_units: simulations().map(|one| one.compute_units).sum(),
            fee_lamports: simulations().map(|one| one.fee).sum(),
            rent_lamports: simulations().map(|one| one.rent).sum(),
            made: job.made,
            transactions,
        }
    }
}

impl Report for Sent {
    fn text(&self) -> String {
        let several = match self.transactions.len() {
            0 => String::new(),
            several => format!(" (the last of {several})"),
        };
        format!(
            "Done: {}.\n{}{}",
            self.done,
            fields([
                ("Signature", format!("{}{several}", self.signature)),
                ("Slot", self.slot.to_string()),
                ("Compute units", self.compute_units.to_string()),
                ("Fee", format!("{} lamports", self.fee_lamports)),
                ("Rent", format!("{} lamports", self.rent_lamports)),
            ]),
            Made::lines(&self.made),
        )
    }
}
