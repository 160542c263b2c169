//! The demo's handoff at the dock: two processes, each with the key of one company, and a link between them.

use std::{
    env,
    io::{BufRead as _, BufReader},
    process::{Child, ChildStdout, Command, Stdio},
};

use anyhow::{Context as _, Result, anyhow, ensure};
use pedigree_client::identifier::Gln;
use serde_json::Value;
use solana_keypair::{Keypair, write_keypair};

/// A handoff between two companies.
pub struct Dock {
    /// The ledger's JSON-RPC endpoint.
    pub url: String,
    /// Signs for the site that hands over.
    pub sender: Keypair,
    /// Signs for the site that takes over.
    pub receiver: Keypair,
    /// The site that hands over.
    pub from: Gln,
    /// The site that takes over.
    pub to: Gln,
    /// The consignment.
    pub consignment: String,
    /// Hash of the document behind it, in hexadecimal.
    pub document: String,
}

/// What came of it.
pub struct HandedOver {
    /// The transaction's signature.
    pub signature: String,
    /// What it took.
    pub compute_units: u64,
}

impl Dock {
    /// Has one process offer the handoff and another fetch, compare, sign and submit it.
    pub fn hand_over(&self) -> Result<HandedOver> {
        let (from, to) = (self.from.to_string(), self.to.to_string());
        let (goods, document) = (self.consignment.as_str(), self.document.as_str());
        let offer = [
            "handoff",
            goods,
            "--to",
            &to,
            "--document",
            document,
            "--request",
        ];
        let mut sender = Process::start(&self.url, &self.sender, &offer)?;
        let link = sender.link()?;
        let cosign = [
            "cosign",
            &link,
            goods,
            "--from",
            &from,
            "--document",
            document,
        ];
        let receiver = Process::start(&self.url, &self.receiver, &cosign)?;
        let done = receiver.answer()?;
        sender.answer()?;
        let submitted = &done["submitted"][0];
        let signature = submitted["signature"].as_str();
        Ok(HandedOver {
            signature: signature.context("nothing was submitted")?.to_owned(),
            compute_units: submitted["compute_units"].as_u64().unwrap_or_default(),
        })
    }
}

/// `pedigree` in a process of its own, which ends with this.
struct Process {
    child: Child,
    output: BufReader<ChildStdout>,
}

impl Process {
    /// Starts a command whose key is written to its standard input.
    fn start(url: &str, keypair: &Keypair, command: &[&str]) -> Result<Self> {
        let mut child = Command::new(env::current_exe()?)
            .args(command)
            .args(["--url", url, "--keypair", "-", "--output", "json", "--yes"])
            .env("RUST_LOG", "error")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()?;
        let output = child.stdout.take().context("its output is read")?;
        let mut input = child.stdin.take().context("its input is written")?;
        let process = Self {
            child,
            output: BufReader::new(output),
        };
        write_keypair(keypair, &mut input)
            .map_err(|error| anyhow!("the key cannot be passed on: {error}"))?;
        Ok(process)
    }

    /// The link that the sender shows in its first line.
    fn link(&mut self) -> Result<String> {
        let mut line = String::new();
        self.output.read_line(&mut line)?;
        let shown: Value = serde_json::from_str(&line).context("the sender shows no link")?;
        let link = shown["link"].as_str().context("the sender shows no link")?;
        Ok(link.to_owned())
    }

    /// What it has answered when it has ended well.
    fn answer(mut self) -> Result<Value> {
        let answer = serde_json::from_reader(&mut self.output)?;
        let status = self.child.wait()?;
        ensure!(status.success(), "the handoff was not signed: {answer}");
        Ok(answer)
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        // It may have ended already.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
