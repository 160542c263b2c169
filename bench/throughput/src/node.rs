//! The embedded node in a process of its own, so that its CPU time is measured apart from the client's.

use std::{
    env, fs,
    io::{self, BufRead, BufReader},
    process::{Child, ChildStdout, Command, Stdio},
    thread,
    time::{Duration, Instant},
};

use anyhow::{Context, Result, ensure};
use pedigree_localnet::{Localnet, LocalnetConfig, Program};
use program_tests::ledger::deploy_directory;
use solana_signer::Signer;

use crate::partners;

/// How long the node may take to stop before it is killed.
const STOP_TIMEOUT: Duration = Duration::from_secs(10);

/// A running node. It stops when dropped, and when this process dies.
pub struct Node {
    process: Child,
    url: String,
    /// The node's standard output, kept open so that it can write.
    _output: BufReader<ChildStdout>,
}

impl Node {
    /// Starts this program again as a node whose slots last `slot_time`.
    pub fn start(slot_time: Duration) -> Result<Self> {
        let mut process = Command::new(env::current_exe()?)
            .args(["node", &slot_time.as_millis().to_string()])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .context("cannot start the node")?;
        let mut output = BufReader::new(process.stdout.take().context("stdout is piped")?);
        let mut url = String::new();
        let read = output.read_line(&mut url);
        let node = Self {
            process,
            url: url.trim_end().to_owned(),
            _output: output,
        };
        read?;
        ensure!(!node.url.is_empty(), "the node did not start");
        Ok(node)
    }

    /// Where its JSON-RPC answers.
    pub fn url(&self) -> &str {
        &self.url
    }

    pub fn process_id(&self) -> u32 {
        self.process.id()
    }
}

impl Drop for Node {
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
    let upgrade_authority = partners::upgrade_authority().pubkey();
    let program = |id, file| {
        let path = deploy_directory().join(file);
        let elf = fs::read(&path)
            .with_context(|| format!("cannot read {}: run `cargo xtask build`", path.display()))?;
        anyhow::Ok(Program {
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
