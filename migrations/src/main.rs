//! `pedigree-migrations`, which `cargo xtask migrate` and `anchor migrate` run: the steps of this
//! package's library, on the cluster and with the keypairs that the command line names.

use std::{path::PathBuf, process::ExitCode};

use anyhow::{Context, Result, anyhow};
use clap::Parser;
use pedigree_client::Ledger;
use pedigree_migrations::{FirstIssuer, Setup, Step};
use solana_cli_config::{CONFIG_FILE, Config};
use solana_commitment_config::CommitmentConfig;
use solana_keypair::{Keypair, read_keypair_file};
use solana_pubkey::Pubkey;

/// Turns a cluster with the programs deployed into a working registry.
///
/// Steps that are already done are skipped, so this may be run again at any time.
#[derive(Parser)]
#[command(version, max_term_width = 100)]
struct Arguments {
    /// The cluster's RPC endpoint [default: the Solana CLI's, else http://127.0.0.1:8899]
    #[arg(long, short)]
    url: Option<String>,

    /// Pays the fees, and is the programs' upgrade authority [default: the Solana CLI's keypair, else
    /// ~/.config/solana/id.json]
    #[arg(long, short, value_name = "FILE")]
    keypair: Option<PathBuf>,

    /// The registry's authority [default: the upgrade authority]
    #[arg(long, value_name = "FILE")]
    authority_keypair: Option<PathBuf>,

    /// The key of the first issuer, a body that may admit partners
    #[arg(
        long,
        value_name = "PUBKEY",
        env = "PEDIGREE_ISSUER",
        requires = "issuer_name"
    )]
    issuer: Option<Pubkey>,

    /// The first issuer's name
    #[arg(
        long,
        value_name = "NAME",
        env = "PEDIGREE_ISSUER_NAME",
        requires = "issuer"
    )]
    issuer_name: Option<String>,

    /// Micro-lamports to pay per compute unit
    #[arg(long, value_name = "NUMBER", default_value_t = 0)]
    priority_fee: u64,
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    match migrate(Arguments::parse()).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::from(2)
        }
    }
}

async fn migrate(arguments: Arguments) -> Result<()> {
    let config = solana_cli_config()?;
    let url = arguments
        .url
        .or_else(|| config.as_ref().map(|config| config.json_rpc_url.clone()))
        .unwrap_or_else(|| "http://127.0.0.1:8899".to_owned());
    let keypair = match (arguments.keypair, config) {
        (Some(path), _) => path,
        (None, Some(config)) => config.keypair_path.into(),
        (None, None) => std::env::home_dir()
            .context("no home folder found; name a keypair file with --keypair")?
            .join(".config/solana/id.json"),
    };
    let keypair = read_keypair(keypair)?;
    let authority = arguments.authority_keypair.map(read_keypair).transpose()?;

    let ledger = Ledger::new(url, CommitmentConfig::confirmed());
    let setup = Setup {
        ledger: &ledger,
        payer: &keypair,
        upgrade_authority: &keypair,
        authority: authority.as_ref().unwrap_or(&keypair),
        issuer: arguments
            .issuer
            .zip(arguments.issuer_name.as_deref())
            .map(|(key, name)| FirstIssuer { key, name }),
        priority_fee: arguments.priority_fee,
    };
    println!("migrating {}", ledger.rpc().url());
    for step in Step::ALL {
        let outcome = step
            .run(&setup)
            .await
            .with_context(|| format!("could not {step}"))?;
        println!("{step}: {outcome}");
    }
    Ok(())
}

/// The Solana CLI's configuration, if it has one.
fn solana_cli_config() -> Result<Option<Config>> {
    let Some(path) = CONFIG_FILE
        .as_deref()
        .filter(|path| std::path::Path::new(path).exists())
    else {
        return Ok(None);
    };
    Config::load(path).map(Some).with_context(|| {
        format!("{path} is not a valid Solana CLI configuration; correct it or delete it")
    })
}

fn read_keypair(path: PathBuf) -> Result<Keypair> {
    read_keypair_file(&path).map_err(|error| {
        anyhow!(
            "{} is not a keypair file ({error}); name another, or make one with `solana-keygen new`",
            path.display()
        )
    })
}
