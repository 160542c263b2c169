//! Runs `pedigree` in processes of its own, with keypair files and a ledger in a folder of its own.

use std::{
    io::{BufRead, BufReader},
    path::PathBuf,
    process::{Child, Command, Stdio},
};

use serde_json::Value;
use tempfile::TempDir;

const PEDIGREE: &str = env!("CARGO_BIN_EXE_pedigree");

/// What a command said.
#[derive(Debug)]
pub struct Reply {
    pub code: i32,
    pub stdout: String,
    pub stderr: String,
}

impl Reply {
    /// The JSON of a command that succeeds.
    #[track_caller]
    pub fn succeeds(self) -> Value {
        self.json_with_code(0)
    }

    /// The JSON of a command whose answer is no.
    #[track_caller]
    pub fn answers_no(self) -> Value {
        self.json_with_code(1)
    }

    /// The error's JSON of a command that fails and says `expected`.
    #[track_caller]
    pub fn fails_saying(self, expected: &str) -> Value {
        assert_eq!(self.code, 2, "{self:?}");
        assert!(
            self.stderr.contains(expected),
            "{expected:?} is not in {}",
            self.stderr
        );
        serde_json::from_str(&self.stderr).expect("an error in JSON")
    }

    #[track_caller]
    fn json_with_code(self, code: i32) -> Value {
        assert_eq!(self.code, code, "{self:?}");
        serde_json::from_str(&self.stdout).expect("an answer in JSON")
    }
}

fn run(command: &mut Command) -> Reply {
    let output = command
        .env_remove("PEDIGREE_URL")
        .env_remove("PEDIGREE_KEYPAIR")
        .stdin(Stdio::null())
        .output()
        .expect("pedigree starts");
    Reply {
        code: output.status.code().expect("pedigree exits"),
        stdout: String::from_utf8(output.stdout).expect("UTF-8"),
        stderr: String::from_utf8(output.stderr).expect("UTF-8"),
    }
}

/// Runs a command that needs no ledger.
pub fn no_ledger(command: &str) -> Reply {
    run(Command::new(PEDIGREE).args(command.split_whitespace()))
}

/// A ledger of its own, which ends with the test.
pub struct Ledger {
    folder: TempDir,
    node: Child,
    url: String,
}

impl Ledger {
    /// Starts `pedigree localnet`, with the keypair `authority` as the programs' upgrade authority.
    pub fn start() -> Self {
        let folder = TempDir::new().expect("a folder");
        let keypair = folder.path().join("authority.json");
        let made = run(Command::new(PEDIGREE).args(["key", "new"]).arg(&keypair));
        assert_eq!(made.code, 0, "{made:?}");
        let (node, url) = start_node(&folder);
        Self { folder, node, url }
    }

    /// Stops the node as Ctrl-C does and starts it again on the same folder.
    pub fn restart(&mut self) {
        self.stop();
        (self.node, self.url) = start_node(&self.folder);
    }

    fn stop(&mut self) {
        let id = self.node.id().to_string();
        let interrupted = Command::new("kill")
            .args(["-INT", &id])
            .status()
            .expect("kill starts");
        assert!(interrupted.success());
        let status = self.node.wait().expect("the node ends");
        assert!(status.success(), "the node ended with {status}");
    }

    /// A new keypair file `NAME.json` with SOL on its account.
    pub fn make_keypair(&self, name: &str) {
        self.by("authority", &format!("key new {}", self.keypair(name)))
            .succeeds();
        let address = self.address(name);
        self.by("authority", &format!("localnet airdrop {address} 10"))
            .succeeds();
    }

    /// The path of a keypair file.
    pub fn keypair(&self, name: &str) -> String {
        let path: PathBuf = self.folder.path().join(name).with_extension("json");
        path.to_str().expect("UTF-8").to_owned()
    }

    /// The address of a keypair file.
    pub fn address(&self, name: &str) -> String {
        let reply = self.by(name, "key address").succeeds();
        reply["address"].as_str().expect("an address").to_owned()
    }

    /// Runs a command signed by a keypair file, with JSON output.
    pub fn by(&self, name: &str, command: &str) -> Reply {
        run(self.command(name, command).args(["--output", "json"]))
    }

    /// Runs a command signed by a keypair file, as a person sees it.
    pub fn by_person(&self, name: &str, command: &str) -> Reply {
        run(&mut self.command(name, command))
    }

    fn command(&self, name: &str, command: &str) -> Command {
        let mut pedigree = Command::new(PEDIGREE);
        pedigree.args(command.split_whitespace()).args([
            "--url",
            &self.url,
            "--keypair",
            &self.keypair(name),
        ]);
        pedigree
    }
}

impl Drop for Ledger {
    fn drop(&mut self) {
        let _ = self.node.kill();
        let _ = self.node.wait();
    }
}

fn start_node(folder: &TempDir) -> (Child, String) {
    let mut node = Command::new(PEDIGREE)
        .args([
            "localnet",
            "--rpc-port",
            "0",
            "--ws-port",
            "0",
            "--slot-time",
            "100ms",
        ])
        .args(["--output", "json", "--ledger"])
        .arg(folder.path().join("ledger"))
        .arg("--keypair")
        .arg(folder.path().join("authority.json"))
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .spawn()
        .expect("pedigree starts");
    let mut lines = BufReader::new(node.stdout.take().expect("piped")).lines();
    let mut document = String::new();
    while !document.ends_with('}') {
        let line = lines
            .next()
            .expect("the node says where it answers")
            .expect("UTF-8");
        document.push_str(&line);
    }
    let running: Value = serde_json::from_str(&document).expect("JSON");
    (node, running["rpc_url"].as_str().expect("a URL").to_owned())
}
