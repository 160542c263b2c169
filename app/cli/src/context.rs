//! What every command works with: the ledger, the keys and the output.

use std::{
    cell::OnceCell,
    path::{Path, PathBuf},
};

use anyhow::{Context as _, Result, anyhow, bail, ensure};
use clap::Args;
use pedigree_client::{
    Actor, Ledger, actor::only_site, fee_payer::FeePayer, identifier::Gln, nonce::DurableNonce,
    sign_only::Encoding, transaction::Submitter,
};
use solana_cli_config::{CONFIG_FILE, Config};
use solana_commitment_config::CommitmentConfig;
use solana_pubkey::Pubkey;

use crate::{
    output::{Output, Report},
    signing_key::{Key, KeySource},
};

/// Where a ledger is looked for if neither an option nor the Solana CLI's config names one.
const LOCAL_URL: &str = "http://127.0.0.1:8899";

#[derive(Args)]
#[command(next_help_heading = "Options of every command")]
pub struct GlobalOptions {
    /// JSON-RPC endpoint [default: the Solana CLI's config, else http://127.0.0.1:8899]
    #[arg(long, short, global = true, env = "PEDIGREE_URL")]
    pub url: Option<String>,
    /// Keypair that acts, or the address of one that signs elsewhere [default: the Solana CLI's config]
    #[arg(
        long,
        short,
        global = true,
        env = "PEDIGREE_KEYPAIR",
        value_name = "KEYPAIR"
    )]
    pub keypair: Option<KeySource>,
    /// Keypair that pays fees and rent, or the address of one that signs elsewhere [default: --keypair]
    #[arg(long, global = true, value_name = "KEYPAIR")]
    pub fee_payer: Option<KeySource>,
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
    #[command(flatten)]
    pub signing: SigningOptions,
}

/// For transactions that others sign as well.
#[derive(Args)]
#[command(next_help_heading = "Signing with others")]
pub struct SigningOptions {
    /// Sign with the keys that are here, and write the transaction for the others; send nothing
    #[arg(long, global = true)]
    pub sign_only: bool,
    /// Write the transaction without signatures and fee limits, for a multisig or a custody desk
    #[arg(long, global = true)]
    pub unsigned: bool,
    /// File for the transactions that others are to sign
    #[arg(long, global = true, value_name = "FILE")]
    pub outfile: Option<PathBuf>,
    /// How transactions and messages are written
    #[arg(long, global = true, value_enum, default_value_t)]
    pub encoding: TextEncoding,
    /// Write the message, which is what is signed, as well
    #[arg(long, global = true)]
    pub dump_transaction_message: bool,
    /// Nonce account whose value stands for a blockhash, so that the transaction does not expire
    #[arg(long, global = true, value_name = "ADDRESS", value_parser = parse_address)]
    pub nonce: Option<Pubkey>,
    /// Keypair that may advance the nonce, or its address [default: --keypair]
    #[arg(long, global = true, value_name = "KEYPAIR")]
    pub nonce_authority: Option<KeySource>,
}

/// How transactions are written as text.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, clap::ValueEnum)]
pub enum TextEncoding {
    /// As wallets and RPC nodes take it.
    #[default]
    Base64,
    /// As programs of multisigs import it.
    Base58,
}

impl From<TextEncoding> for Encoding {
    fn from(encoding: TextEncoding) -> Self {
        match encoding {
            TextEncoding::Base64 => Self::Base64,
            TextEncoding::Base58 => Self::Base58,
        }
    }
}

/// What is done with a plan.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mode {
    /// It is signed and sent.
    Send,
    /// It is simulated.
    DryRun,
    /// It is signed by the keys that are here, and written.
    SignOnly,
    /// It is written as it is.
    Unsigned,
}

pub struct Context {
    pub ledger: Ledger,
    options: GlobalOptions,
    key_source: KeySource,
    key: OnceCell<Key>,
    fee_payer: OnceCell<Key>,
    nonce_authority: OnceCell<Key>,
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
        let SigningOptions {
            sign_only,
            unsigned,
            nonce,
            nonce_authority,
            ..
        } = &options.signing;
        ensure!(
            u8::from(*sign_only) + u8::from(*unsigned) + u8::from(options.dry_run) < 2,
            "--dry-run, --sign-only and --unsigned exclude each other: pass one of them"
        );
        ensure!(
            nonce_authority.is_none() || nonce.is_some(),
            "--nonce-authority is the key of a nonce account: pass its address with --nonce"
        );
        let key_source = options.keypair.clone().unwrap_or_else(|| {
            let path = config.unwrap_or_default().keypair_path;
            KeySource::File(path.into())
        });
        Ok(Self {
            ledger: Ledger::new(url, options.commitment),
            options,
            key_source,
            key: OnceCell::new(),
            fee_payer: OnceCell::new(),
            nonce_authority: OnceCell::new(),
        })
    }

    /// The key that acts.
    pub fn key(&self) -> Result<&Key> {
        load_once(&self.key, &self.key_source)
    }

    /// The key that pays.
    pub fn fee_payer(&self) -> Result<&Key> {
        match &self.options.fee_payer {
            Some(source) => load_once(&self.fee_payer, source),
            None => self.key(),
        }
    }

    /// The key that `--fee-payer` names, if it does.
    pub fn named_fee_payer(&self) -> Result<Option<&Key>> {
        match self.options.fee_payer {
            Some(_) => self.fee_payer().map(Some),
            None => Ok(None),
        }
    }

    /// The key that advances the nonce, if one is named.
    fn nonce_authority(&self) -> Result<&Key> {
        match &self.options.signing.nonce_authority {
            Some(source) => load_once(&self.nonce_authority, source),
            None => self.key(),
        }
    }

    /// The nonce that transactions name, if they are to name one.
    pub fn nonce(&self) -> Result<Option<DurableNonce>> {
        let Some(account) = self.options.signing.nonce else {
            return Ok(None);
        };
        let authority = self.nonce_authority()?.address();
        Ok(Some(DurableNonce { account, authority }))
    }

    /// The keys that sign every transaction of the acting key: it, who pays, and who advances the nonce.
    pub fn keys(&self) -> Result<Vec<&Key>> {
        let mut keys = vec![self.key()?, self.fee_payer()?];
        if self.options.signing.nonce.is_some() {
            keys.push(self.nonce_authority()?);
        }
        Ok(keys)
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
            key: self.key()?.address(),
            payer: FeePayer {
                key: self.fee_payer()?.address(),
                priority_fee: self.options.priority_fee,
                nonce: self.nonce()?,
            },
        })
    }

    /// What transactions are sent with.
    pub fn submitter(&self) -> Result<Submitter<'_>> {
        let fee_payer = self.fee_payer()?.need_signer()?;
        let submitter = Submitter::new(&self.ledger, fee_payer, self.options.priority_fee);
        Ok(submitter.with_nonce(self.nonce()?))
    }

    /// What is to be done with a plan.
    pub fn mode(&self) -> Mode {
        let signing = &self.options.signing;
        match (self.options.dry_run, signing.sign_only, signing.unsigned) {
            (true, ..) => Mode::DryRun,
            (_, true, _) => Mode::SignOnly,
            (.., true) => Mode::Unsigned,
            _ => Mode::Send,
        }
    }

    /// How transactions are written for others.
    pub const fn signing(&self) -> &SigningOptions {
        &self.options.signing
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
            None => Ok(only_site(&self.ledger, &self.key()?.address()).await?.gln),
        }
    }
}

fn load_once<'a>(slot: &'a OnceCell<Key>, source: &KeySource) -> Result<&'a Key> {
    if slot.get().is_none() {
        let _ = slot.set(source.load()?);
    }
    Ok(slot.get().expect("set above"))
}

/// Reads an address in base58.
pub fn parse_address(text: &str) -> Result<Pubkey> {
    text.parse()
        .map_err(|_| anyhow!("{text:?} is not an address: it is 32 to 44 characters of base58"))
}
