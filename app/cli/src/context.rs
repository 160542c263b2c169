//! What every command works with: the ledger, the keys, and how to ask and print.

use std::{
    io::{IsTerminal, stdin},
    path::{Path, PathBuf},
    sync::OnceLock,
};

use anyhow::{Context as _, Result, anyhow, bail};
use clap::Args;
use pedigree_client::{
    Ledger,
    transaction::{Receipt, Simulation, Submitter},
};
use serde::Serialize;
use solana_cli_config::{CONFIG_FILE, Config};
use solana_commitment_config::CommitmentConfig;
use solana_instruction::Instruction;
use solana_keypair::{Keypair, read_keypair_file};
use solana_pubkey::Pubkey;
use solana_signer::Signer;

use crate::output::{Output, Report, fields, rows};

/// Where a ledger is looked for if neither an option nor the Solana CLI's config names one.
const LOCAL_URL: &str = "http://127.0.0.1:8899";

#[derive(Args)]
#[command(next_help_heading = "Options of every command")]
pub struct GlobalOptions {
    /// JSON-RPC endpoint [default: the Solana CLI's config, else http://127.0.0.1:8899]
    #[arg(long, short, global = true, env = "PEDIGREE_URL")]
    pub url: Option<String>,
    /// Keypair file of the one who acts [default: the Solana CLI's config]
    #[arg(
        long,
        short,
        global = true,
        env = "PEDIGREE_KEYPAIR",
        value_name = "FILE"
    )]
    pub keypair: Option<PathBuf>,
    /// Keypair file of the one who pays fees and rent [default: --keypair]
    #[arg(long, global = true, value_name = "FILE")]
    pub fee_payer: Option<PathBuf>,
    /// Micro-lamports paid for each compute unit, to be processed sooner
    #[arg(long, global = true, default_value_t = 0, value_name = "N")]
    pub priority_fee: u64,
    /// How far the cluster must have come with what is read and sent: processed, confirmed, finalized
    #[arg(long, global = true, default_value = "confirmed")]
    pub commitment: CommitmentConfig,
    #[arg(long, short, global = true, value_enum, default_value_t)]
    pub output: Output,
    /// Simulate and show what would happen; send nothing
    #[arg(long, global = true)]
    pub dry_run: bool,
    /// Send without asking
    #[arg(long, short, global = true)]
    pub yes: bool,
}

pub struct Context {
    pub ledger: Ledger,
    options: GlobalOptions,
    keypair_path: PathBuf,
    keypair: OnceLock<Keypair>,
    fee_payer: OnceLock<Keypair>,
}

impl Context {
    pub fn new(options: GlobalOptions) -> Result<Self> {
        let config_file = CONFIG_FILE
            .as_deref()
            .filter(|file| Path::new(file).exists());
        let config = config_file
            .map(|file| {
                Config::load(file)
                    .with_context(|| format!("cannot read the Solana CLI's config {file}"))
            })
            .transpose()?;
        let url = options
            .url
            .clone()
            .or_else(|| config.as_ref().map(|config| config.json_rpc_url.clone()))
            .unwrap_or_else(|| LOCAL_URL.to_owned());
        if !url.starts_with("http://") && !url.starts_with("https://") {
            bail!("{url:?} is no JSON-RPC endpoint: it begins with http:// or https://");
        }
        let keypair_path = options
            .keypair
            .clone()
            .unwrap_or_else(|| config.unwrap_or_default().keypair_path.into());
        Ok(Self {
            ledger: Ledger::new(url, options.commitment),
            options,
            keypair_path,
            keypair: OnceLock::new(),
            fee_payer: OnceLock::new(),
        })
    }

    /// The keypair of the one who acts.
    pub fn keypair(&self) -> Result<&Keypair> {
        load_once(&self.keypair, &self.keypair_path)
    }

    /// The keypair of the one who pays.
    pub fn fee_payer(&self) -> Result<&Keypair> {
        match &self.options.fee_payer {
            Some(path) => load_once(&self.fee_payer, path),
            None => self.keypair(),
        }
    }

    pub fn print(&self, report: &impl Report) {
        self.options.output.print(report);
    }

    /// Whether people read the output, so that hints and progress may stand between results.
    pub fn is_for_people(&self) -> bool {
        self.options.output == Output::Table
    }

    /// Signs with the acting keypair and sends, or with `--dry-run` only simulates.
    ///
    /// `purpose` says what will happen, as the question and as the report's title.
    pub async fn execute(&self, purpose: &str, instruction: Instruction) -> Result<()> {
        self.execute_with(purpose, instruction, &[]).await
    }

    /// [`execute`](Self::execute), signed by `others` too.
    pub async fn execute_with(
        &self,
        purpose: &str,
        instruction: Instruction,
        others: &[&dyn Signer],
    ) -> Result<()> {
        let (keypair, fee_payer) = (self.keypair()?, self.fee_payer()?);
        let submitter = Submitter::new(&self.ledger, fee_payer, self.options.priority_fee);
        let instructions = [instruction];
        if self.options.dry_run {
            let simulation = submitter.simulate(&instructions).await?;
            self.print(&DryRun::new(purpose, &simulation));
            return Ok(());
        }
        self.ask(purpose)?;
        let mut signers: Vec<&dyn Signer> = vec![keypair];
        signers.extend_from_slice(others);
        let receipt = submitter.send(&instructions, &signers).await?;
        self.print(&Sent::new(purpose, &receipt));
        Ok(())
    }

    /// Asks whether to send, unless `--yes` answered already.
    fn ask(&self, purpose: &str) -> Result<()> {
        if self.options.yes {
            return Ok(());
        }
        if !stdin().is_terminal() {
            bail!(
                "nobody is there to ask whether to {purpose}: pass --yes to send, or --dry-run to only look"
            );
        }
        let prompt = format!("On {}: {purpose}?", self.ledger.rpc().url());
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
}

fn load_once<'a>(slot: &'a OnceLock<Keypair>, path: &Path) -> Result<&'a Keypair> {
    if slot.get().is_none() {
        let _ = slot.set(load_keypair(path)?);
    }
    Ok(slot.get().expect("set above"))
}

/// Reads a keypair file as the Solana CLI writes it.
pub fn load_keypair(path: &Path) -> Result<Keypair> {
    if !path.exists() {
        bail!(
            "there is no keypair file {}: pass --keypair, or make one with `pedigree key new {0}`",
            path.display()
        );
    }
    read_keypair_file(path).map_err(|error| {
        anyhow!(
            "{} is no keypair file ({error}): it holds one JSON array of 64 numbers, as `pedigree \
             key new` and `solana-keygen new` write it",
            path.display()
        )
    })
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
}

#[derive(Serialize)]
struct DryRunAccount {
    address: String,
    signs: bool,
    changes: bool,
}

impl<'a> DryRun<'a> {
    fn new(purpose: &'a str, simulation: &Simulation) -> Self {
        let account = |account: &pedigree_client::transaction::AccountUse| DryRunAccount {
            address: account.address.to_string(),
            signs: account.is_signer,
            changes: account.is_writable,
        };
        Self {
            would: purpose,
            compute_units: simulation.compute_units,
            loaded_bytes: simulation.loaded_bytes,
            fee_lamports: simulation.fee,
            rent_lamports: simulation.rent,
            accounts: simulation.accounts.iter().map(account).collect(),
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
        format!(
            "Would {}. Nothing was sent.\n{}\n{}",
            self.would,
            fields([
                ("Compute units", self.compute_units.to_string()),
                ("Bytes loaded", loaded),
                ("Fee", format!("{} lamports", self.fee_lamports)),
                ("Rent", format!("{} lamports", self.rent_lamports)),
            ]),
            rows(["Account", "", ""], accounts),
        )
    }
}

/// What a transaction did.
#[derive(Serialize)]
struct Sent<'a> {
    done: &'a str,
    signature: String,
    slot: u64,
    compute_units: u64,
    fee_lamports: u64,
    rent_lamports: i64,
}

impl<'a> Sent<'a> {
    fn new(purpose: &'a str, receipt: &Receipt) -> Self {
        Self {
            done: purpose,
            signature: receipt.signature.to_string(),
            slot: receipt.slot,
            compute_units: receipt.simulation.compute_units,
            fee_lamports: receipt.simulation.fee,
            rent_lamports: receipt.simulation.rent,
        }
    }
}

impl Report for Sent<'_> {
    fn text(&self) -> String {
        format!(
            "Done: {}.\n{}",
            self.done,
            fields([
                ("Signature", self.signature.clone()),
                ("Slot", self.slot.to_string()),
                ("Compute units", self.compute_units.to_string()),
                ("Fee", format!("{} lamports", self.fee_lamports)),
                ("Rent", format!("{} lamports", self.rent_lamports)),
            ])
        )
    }
}

/// The address that a keypair file or a base58 text names.
pub fn parse_address(text: &str) -> Result<Pubkey> {
    text.parse()
        .map_err(|_| anyhow!("{text:?} is no address: it is 32 to 44 characters of base58"))
}
