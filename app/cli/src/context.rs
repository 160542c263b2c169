//! What every command works with: the ledger, the keys and the output.

use std::{
    path::{Path, PathBuf},
    sync::OnceLock,
};

use anyhow::{Context as _, Result, anyhow, bail};
use clap::Args;
use pedigree_client::{
    Actor, Ledger, actor::only_site, fee_payer::FeePayer, identifier::Gln, transaction::Submitter,
};
use solana_cli_config::{CONFIG_FILE, Config};
use solana_commitment_config::CommitmentConfig;
use solana_keypair::{Keypair, read_keypair_file};
use solana_pubkey::Pubkey;
use solana_signer::Signer;

use crate::output::{Output, Report};

/// Where a ledger is looked for if neither an option nor the Solana CLI's config names one.
const LOCAL_URL: &str = "http://127.0.0.1:8899";

#[derive(Args)]
#[command(next_help_heading = "Options of every command")]
pub struct GlobalOptions {
    /// JSON-RPC endpoint [default: the Solana CLI's config, else http://127.0.0.1:8899]
    #[arg(long, short, global = true, env = "PEDIGREE_URL")]
    pub url: Option<String>,
    /// Keypair file of the key that acts [default: the Solana CLI's config]
    #[arg(
        long,
        short,
        global = true,
        env = "PEDIGREE_KEYPAIR",
        value_name = "FILE"
    )]
    pub keypair: Option<PathBuf>,
    /// Keypair file of the key that pays fees and rent [default: --keypair]
    #[arg(long, global = true, value_name = "FILE")]
    pub fee_payer: Option<PathBuf>,
    /// Priority fee in micro-lamports for each compute unit
    #[arg(long, global = true, default_value_t = 0, value_name = "N")]
    pub priority_fee: u64,
    /// Commitment of what is read and sent: processed, confirmed or finalized
    #[arg(long, global = true, default_value = "confirmed")]
    pub commitment: CommitmentConfig,
    #[arg(long, short, global = true, value_enum, default_value_t)]
    pub output: Output,
    /// Simulate and show what would happen; send nothing
    #[arg(long, global = true)]
    pub dry_run: bool,
    /// Send without a prompt
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
            bail!("{url:?} is not a JSON-RPC endpoint: it begins with http:// or https://");
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

    /// The keypair that acts.
    pub fn keypair(&self) -> Result<&Keypair> {
        load_once(&self.keypair, &self.keypair_path)
    }

    /// The keypair that pays.
    pub fn fee_payer(&self) -> Result<&Keypair> {
        match &self.options.fee_payer {
            Some(path) => load_once(&self.fee_payer, path),
            None => self.keypair(),
        }
    }

    pub fn print(&self, report: &impl Report) {
        self.options.output.print(report);
    }

    /// Prints one of many reports, on a line of its own.
    pub fn print_line(&self, report: &impl Report) {
        self.options.output.print_line(report);
    }

    /// Whether people read the output, so that hints and progress may be printed between results.
    pub fn is_for_people(&self) -> bool {
        self.options.output == Output::Table
    }

    /// The acting key on the ledger, for plans.
    pub fn actor(&self) -> Result<Actor<'_>> {
        Ok(Actor {
            ledger: &self.ledger,
            key: self.keypair()?.pubkey(),
            payer: FeePayer {
                key: self.fee_payer()?.pubkey(),
                priority_fee: self.options.priority_fee,
            },
        })
    }

    /// What transactions are sent with.
    pub fn submitter(&self) -> Result<Submitter<'_>> {
        let fee_payer = self.fee_payer()?;
        Ok(Submitter::new(
            &self.ledger,
            fee_payer,
            self.options.priority_fee,
        ))
    }

    /// Whether nothing is to be sent.
    pub fn is_dry_run(&self) -> bool {
        self.options.dry_run
    }

    /// Whether to send without a prompt.
    pub fn is_agreed(&self) -> bool {
        self.options.yes
    }

    /// The site that a command reads about: the one that is `named`, or else the only one that the
    /// acting key may act for.
    pub async fn own_gln(&self, named: Option<Gln>) -> Result<Gln> {
        match named {
            Some(gln) => Ok(gln),
            None => Ok(only_site(&self.ledger, &self.keypair()?.pubkey())
                .await?
                .gln),
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
            "{} is not a keypair file ({error}): it holds one JSON array of 64 numbers, as `pedigree \
             key new` and `solana-keygen new` write it",
            path.display()
        )
    })
}

/// Reads an address in base58.
pub fn parse_address(text: &str) -> Result<Pubkey> {
    text.parse()
        .map_err(|_| anyhow!("{text:?} is not an address: it is 32 to 44 characters of base58"))
}
