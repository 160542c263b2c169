//! Sending, and reporting what was sent or would be.

use anyhow::{Context as _, Result, ensure};
use indicatif::{ProgressBar, ProgressStyle};
use pedigree_client::{
    Plan,
    transaction::{AccountUse, Receipt, Simulation, simulate},
};
use serde::Serialize;
use solana_signer::Signer;

use crate::{
    context::{Context, Mode},
    made::Made,
    output::{Report, fields, rows},
    prompt::ask,
    sign_only::sign_only,
    signing_key::Key,
};

/// Sends what the acting key signs, or does with it what `--dry-run`, `--sign-only` or `--unsigned` say.
pub async fn send(context: &Context, plan: Plan) -> Result<()> {
    send_with(context, plan, &[]).await
}

/// Sends what the acting key and `cosigners` sign, or does with it what `--dry-run`, `--sign-only` or
/// `--unsigned` say.
pub async fn send_with(context: &Context, plan: Plan, cosigners: &[&Key]) -> Result<()> {
    ensure!(
        context.nonce()?.is_none() || plan.transactions.len() < 2,
        "a nonce serves one transaction at a time, and this takes {}: do it in parts",
        plan.transactions.len()
    );
    ensure!(
        context.signing().outfile.is_none()
            || [Mode::SignOnly, Mode::Unsigned].contains(&context.mode()),
        "--outfile is for what --sign-only or --unsigned writes: pass one of them"
    );
    let mut keys = context.keys()?;
    keys.extend_from_slice(cosigners);
    match context.mode() {
        Mode::DryRun => dry_run(context, &plan).await,
        Mode::Send => submit(context, plan, &keys).await,
        Mode::SignOnly | Mode::Unsigned => sign_only(context, &plan, &keys).await,
    }
}

async fn dry_run(context: &Context, plan: &Plan) -> Result<()> {
    // Later transactions depend on the first, so they cannot be simulated yet.
    let first = plan.transactions.first();
    let first = first.context("there is nothing to do")?;
    let simulation = simulate(&context.ledger, &context.actor()?.payer, first).await?;
    context.print(&DryRun::new(plan, &simulation));
    Ok(())
}

async fn submit(context: &Context, plan: Plan, keys: &[&Key]) -> Result<()> {
    let mut needed = plan.signers();
    let besides_acting = context.keys()?.into_iter().skip(1);
    needed.extend(besides_acting.map(Key::address));
    let signers: Vec<&dyn Signer> = keys
        .iter()
        .filter(|key| needed.contains(&key.address()) || key.signer().is_some())
        .map(|key| key.need_signer())
        .collect::<Result<_>>()?;
    let submitter = context.submitter()?;
    ask(context, &plan.purpose)?;
    let progress = progress(context, plan.transactions.len())?;
    let sent = submitter.send_plan(&plan, &signers, |_| progress.inc(1));
    let receipts = sent.await?;
    progress.finish_and_clear();
    context.print(&Sent::new(plan, &receipts));
    Ok(())
}

/// A progress bar, if people read the output and there are several transactions.
fn progress(context: &Context, transactions: usize) -> Result<ProgressBar> {
    if transactions < 2 || !context.is_for_people() {
        return Ok(ProgressBar::hidden());
    }
    let style = ProgressStyle::with_template("{bar:40} {pos}/{len} transactions, {eta} left")?;
    Ok(ProgressBar::new(transactions as u64).with_style(style))
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
    #[serde(skip_serializing_if = "Vec::is_empty")]
    made: Vec<Made>,
}

#[derive(Serialize)]
struct DryRunAccount {
    address: String,
    signs: bool,
    changes: bool,
}

impl<'a> DryRun<'a> {
    fn new(plan: &'a Plan, simulation: &Simulation) -> Self {
        let account = |account: &AccountUse| DryRunAccount {
            address: account.address.to_string(),
            signs: account.is_signer,
            changes: account.is_writable,
        };
        Self {
            would: &plan.purpose,
            compute_units: simulation.compute_units,
            loaded_bytes: simulation.loaded_bytes,
            fee_lamports: simulation.fee,
            rent_lamports: simulation.rent,
            accounts: simulation.accounts.iter().map(account).collect(),
            transactions: plan.transactions.len(),
            made: Made::of(&plan.creates),
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
            .map_or_else(|| "unknown".to_owned(), |bytes| bytes.to_string());
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
            Made::lines(&self.made),
        )
    }
}

/// What was sent: the sums, and the last transaction.
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
    fn new(plan: Plan, receipts: &[Receipt]) -> Self {
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
            made: Made::of(&plan.creates),
            done: plan.purpose,
            signature: last.map_or_else(String::new, |last| last.signature.to_string()),
            slot: last.map_or(0, |last| last.slot),
            compute_units: simulations().map(|one| one.compute_units).sum(),
            fee_lamports: simulations().map(|one| one.fee).sum(),
            rent_lamports: simulations().map(|one| one.rent).sum(),
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
