//! `pedigree localnet`

use std::{
    fs,
    net::IpAddr,
    path::{Path, PathBuf},
    time::Duration,
};

use anyhow::{Context as _, Result};
use clap::{Args, Subcommand};
use pedigree_localnet::{Account, Localnet as Node, LocalnetConfig};
use serde::Serialize;
use solana_pubkey::Pubkey;
use solana_rpc_client_api::response::RpcKeyedAccount;
use tokio::task::spawn_blocking;

use crate::{
    answer::Answer,
    context::{Context, parse_address},
    interruption::interrupted,
    output::{Report, fields},
    programs,
};

/// Lamports that the acting keypair has at the start.
const POCKET_MONEY: u64 = 1_000_000_000_000;
const LAMPORTS_PER_SOL: f64 = 1_000_000_000.0;

/// Run a local ledger with the programs deployed.
///
/// It speaks Solana's JSON-RPC and websocket until Ctrl-C. The acting keypair is the programs'
/// upgrade authority.
#[derive(Args)]
#[command(args_conflicts_with_subcommands = true)]
pub struct Localnet {
    #[command(subcommand)]
    command: Option<LocalnetCommand>,
    /// Address to listen on; anyone who can reach it can use the ledger
    #[arg(long, default_value = "127.0.0.1")]
    bind: IpAddr,
    /// Port of JSON-RPC; 0 takes a free one
    #[arg(long, default_value_t = pedigree_localnet::DEFAULT_RPC_PORT)]
    rpc_port: u16,
    /// Port of the websocket; 0 takes the one after the JSON-RPC port
    #[arg(long, default_value_t = pedigree_localnet::DEFAULT_WS_PORT)]
    ws_port: u16,
    /// Folder that keeps accounts and history between runs [default: nothing is kept]
    #[arg(long, value_name = "FOLDER")]
    ledger: Option<PathBuf>,
    /// How long a slot lasts
    #[arg(long, default_value = "400ms", value_name = "TIME")]
    slot_time: humantime::Duration,
    /// File of an account to start with, as written by `solana account ADDRESS --output json`; may be
    /// repeated
    #[arg(long = "account", value_name = "FILE")]
    accounts: Vec<PathBuf>,
}

#[derive(Subcommand)]
enum LocalnetCommand {
    /// Give an account SOL on a running local ledger
    Airdrop {
        #[arg(value_parser = parse_address)]
        address: Pubkey,
        /// How many SOL
        #[arg(default_value_t = 100.0)]
        sol: f64,
    },
}

#[derive(Serialize)]
struct Running {
    rpc_url: String,
    ws_url: String,
    upgrade_authority: String,
}

impl Report for Running {
    fn text(&self) -> String {
        format!(
            "{}\nThe ledger runs until Ctrl-C.",
            fields([
                ("JSON-RPC", self.rpc_url.clone()),
                ("Websocket", self.ws_url.clone()),
                ("Upgrade authority", self.upgrade_authority.clone()),
            ])
        )
    }
}

#[derive(Serialize)]
struct Airdropped {
    address: String,
    sol: f64,
}

impl Report for Airdropped {
    fn text(&self) -> String {
        format!("{} received {} SOL.", self.address, self.sol)
    }
}

impl Localnet {
    pub async fn run(self, context: &Context) -> Result<Answer> {
        if let Some(LocalnetCommand::Airdrop { address, sol }) = self.command {
            return airdrop(context, address, sol).await;
        }
        let key = context.key()?.address();
        let config = LocalnetConfig {
            bind: self.bind,
            rpc_port: self.rpc_port,
            ws_port: self.ws_port,
            ledger: self.ledger,
            slot_time: Duration::from(self.slot_time),
            programs: programs::all(key)?,
            airdrops: vec![(key, POCKET_MONEY)],
            accounts: self
                .accounts
                .iter()
                .map(|file| read_account(file))
                .collect::<Result<_>>()?,
        };
        let node = start(config).await?;
        context.print(&Running {
            rpc_url: node.rpc_url(),
            ws_url: node.ws_url(),
            upgrade_authority: key.to_string(),
        });
        until_interrupted(node).await?;
        Ok(Answer::Yes)
    }
}

/// Reads an account from a file that the Solana CLI wrote.
fn read_account(file: &Path) -> Result<(Pubkey, Account)> {
    let read = || -> Result<_> {
        let keyed: RpcKeyedAccount = serde_json::from_str(&fs::read_to_string(file)?)?;
        let account = keyed.account.to_account();
        Ok((
            keyed.pubkey.parse()?,
            account.context("its data cannot be decoded")?,
        ))
    };
    read().with_context(|| {
        format!(
            "{} does not hold an account: write it with `solana account ADDRESS --output json`",
            file.display()
        )
    })
}

/// Starts a node without blocking the runtime.
pub async fn start(config: LocalnetConfig) -> Result<Node> {
    Ok(spawn_blocking(move || Node::start(config)).await??)
}

/// Runs the node until Ctrl-C or a request to terminate, then stops it.
pub async fn until_interrupted(node: Node) -> Result<()> {
    interrupted().await?;
    spawn_blocking(move || node.stop()).await??;
    Ok(())
}

async fn airdrop(context: &Context, address: Pubkey, sol: f64) -> Result<Answer> {
    anyhow::ensure!(
        sol > 0.0 && sol <= 1_000_000.0,
        "give between 0 and 1,000,000 SOL"
    );
    let lamports = (sol * LAMPORTS_PER_SOL) as u64;
    let rpc = context.ledger.rpc();
    let refused = "the endpoint does not airdrop SOL; only local ledgers and test clusters do";
    let signature = rpc
        .request_airdrop(&address, lamports)
        .await
        .context(refused)?;
    while !rpc.confirm_transaction(&signature).await? {
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    context.print(&Airdropped {
        address: address.to_string(),
        sol,
    });
    Ok(Answer::Yes)
}
