//! The node that is measured: the embedded one in a process of its own, so that its CPU time is measured
//! apart from the client's, or a cluster's endpoint.

use std::{
    env, fs,
    io::{self, BufRead, BufReader},
    path::PathBuf,
    process::{Child, ChildStdout, Command, Stdio},
    thread,
    time::{Duration, Instant},
};

use anyhow::{Context, Result, anyhow, ensure};
use clap::{Args, builder::ArgPredicate, value_parser};
use pedigree_localnet::{DeployedProgram, Localnet, LocalnetConfig};
use program_tests::ledger::{deploy_directory, keypair};
use solana_keypair::{Keypair, read_keypair_file};
use solana_signer::Signer;

/// How long the node may take to stop before it is killed.
const STOP_TIMEOUT: Duration = Duration::from_secs(10);

/// Options that name the node.
#[derive(Args, Clone, Debug, PartialEq, Eq)]
#[group(skip)]
pub struct Settings {
    /// Endpoint of a cluster to measure instead of the embedded node; the programs are on it
    #[arg(long, requires = "authority")]
    pub url: Option<String>,

    /// Keypair file of the cluster's upgrade authority, which is or becomes the registry's, and pays
    #[arg(long, value_name = "FILE", requires = "url")]
    pub authority: Option<PathBuf>,

    /// Process of the cluster's node if it is on this machine, for its CPU time
    #[arg(long, value_name = "PID", requires = "url")]
    pub node_process: Option<u32>,

    /// Milliseconds that a slot of the node lasts. The embedded node's are as long as this says; a
    /// cluster's last 400, which would dominate the figures
    #[arg(long, default_value_t = 100, default_value_if("url", ArgPredicate::IsPresent, "400"),
        value_parser = value_parser!(u64).range(50..=1_000))]
    pub slot_time: u64,
}

impl Settings {
    /// The options as they were given, to run the same again.
    pub fn as_typed(&self) -> String {
        match &self.url {
            Some(url) => format!(
                "--url {url} --authority FILE --slot-time {}",
                self.slot_time
            ),
            None => format!("--slot-time {}", self.slot_time),
        }
    }
}

/// A node that answers.
pub struct Node {
    /// An embedded one.
    _own: Option<OwnProcess>,
    url: String,
    process_id: Option<u32>,
    /// May upgrade the programs, and so initialise the registry.
    pub upgrade_authority: Keypair,
}

impl Node {
    /// Starts an embedded node, or takes the cluster's that is named.
    pub fn new(settings: &Settings) -> Result<Self> {
        let Settings {
            url,
            authority,
            node_process,
            slot_time,
        } = settings;
        if let (Some(url), Some(authority)) = (url, authority) {
            let upgrade_authority = read_keypair_file(authority)
                .map_err(|error| anyhow!("{}: {error}", authority.display()))?;
            return Ok(Self {
                _own: None,
                url: url.clone(),
                process_id: *node_process,
                upgrade_authority,
            });
        }
        let (own, url) = OwnProcess::start(*slot_time)?;
        Ok(Self {
            process_id: Some(own.process.id()),
            _own: Some(own),
            url,
            upgrade_authority: upgrade_authority(),
        })
    }

    /// Where its JSON-RPC answers.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// Its process, if it is known.
    pub fn process_id(&self) -> Option<u32> {
        self.process_id
    }
}

/// The embedded node's upgrade authority.
fn upgrade_authority() -> Keypair {
    keypair("upgrade authority")
}

/// A process that is a node. It stops when dropped, and when this process dies.
struct OwnProcess {
    process: Child,
    /// Its standard output, kept open so that it can write.
    _output: BufReader<ChildStdout>,
}

impl OwnProcess {
    /// Starts this program again as a node whose slots last `slot_time` milliseconds. Returns its endpoint
    /// too.
    fn start(slot_time: u64) -> Result<(Self, String)> {
        let mut process = Command::new(env::current_exe()?)
            .args(["node", &slot_time.to_string()])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .context("cannot start the node")?;
        let mut output = BufReader::new(process.stdout.take().context("stdout is piped")?);
        let mut url = String::new();
        let read = output.read_line(&mut url);
        let own = Self {
            process,
            _output: output,
        };
        read?;
        let url = url.trim_end().to_owned();
        ensure!(!url.is_empty(), "the node did not start");
        Ok((own, url))
    }
}

impl Drop for OwnProcess {
    fn drop(&mut self) {
        drop(self.process.stdin.take());
        let deadline = Instant::now() + STOP_TIMEOUT;
        while Instant::now() < deadline {
            if let Ok(Some(_)) = self.process.try_wait() {
                return;
            }
            thread::sleep(Duration::from_millis(20));
        }
        // An error means that it has ended already.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// Is the node: serves the compiled programs on free ports of the loopback address, says where on
/// standard output, and stops when standard input ends.
pub fn serve(slot_time: Duration) -> Result<()> {
    let upgrade_authority = upgrade_authority().pubkey();
    let program = |id, file| {
        let path = deploy_directory().join(file);
        let elf = fs::read(&path)
            .with_context(|| format!("cannot read {}: run `cargo xtask build`", path.display()))?;
        anyhow::Ok(DeployedProgram {
            id,
            upgrade_authority,
            elf: elf.into(),
        })
    };
    let node = Localnet::start(LocalnetConfig {
        rpc_port: 0,
        ws_port: 0,
        slot_time,
        programs: vec![
            program(registry::ID, "registry.so")?,
            program(custody::ID, "custody.so")?,
            program(recall::ID, "recall.so")?,
        ],
        ..LocalnetConfig::default()
    })?;
    println!("{}", node.rpc_url());
    io::copy(&mut io::stdin().lock(), &mut io::sink())?;
    node.stop()?;
    Ok(())
}
