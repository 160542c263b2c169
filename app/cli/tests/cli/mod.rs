//! Runs `pedigree` in processes of its own, with keypair files and a ledger in a folder of its own.

use std::{
    fs::File,
    io::{BufRead, BufReader, Lines},
    path::{Path, PathBuf},
    process::{Child, ChildStdout, Command, ExitStatus, Stdio},
};

use serde_json::Value;
use tempfile::TempDir;

const PEDIGREE: &str = env!("CARGO_BIN_EXE_pedigree");

/// What a command printed, and its exit code.
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

    /// An incomplete command, whose usage mentions `expected`.
    #[track_caller]
    pub fn asks_for(self, expected: &str) {
        assert_eq!(self.code, 2, "{self:?}");
        assert!(self.stderr.contains(expected), "{}", self.stderr);
    }

    #[track_caller]
    fn json_with_code(self, code: i32) -> Value {
        assert_eq!(self.code, code, "{self:?}");
        serde_json::from_str(&self.stdout).expect("an answer in JSON")
    }
}

fn run(command: &mut Command) -> Reply {
    run_on(command, Stdio::null())
}

fn run_on(command: &mut Command, input: Stdio) -> Reply {
    let output = command
        .env_remove("PEDIGREE_URL")
        .env_remove("PEDIGREE_KEYPAIR")
        .stdin(input)
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

/// Generates a keypair while nothing reads the output.
pub fn make_keypair_unread() -> ExitStatus {
    let folder = TempDir::new().expect("a folder");
    let (reader, writer) = std::io::pipe().expect("a pipe");
    drop(reader);
    Command::new(PEDIGREE)
        .args(["key", "new"])
        .arg(folder.path().join("key.json"))
        .stdout(writer)
        .status()
        .expect("pedigree starts")
}

/// A ledger that ends with the test.
pub struct Ledger {
    folder: TempDir,
    node: Child,
    url: String,
}

impl Ledger {
    /// Starts `pedigree localnet`, with the keypair `authority` as the programs' upgrade authority.
    pub fn start() -> Self {
        let folder = TempDir::new().expect("a folder");
        new_keypair(&folder, "authority");
        let (node, url) = start_node(&folder, &[]);
        Self { folder, node, url }
    }

    /// Starts it with the account that `account` makes of the address of the new keypair `name`.
    pub fn start_with(name: &str, account: impl Fn(&str) -> Value) -> Self {
        let folder = TempDir::new().expect("a folder");
        new_keypair(&folder, "authority");
        let address = new_keypair(&folder, name);
        let file = folder.path().join("account");
        std::fs::write(&file, account(&address).to_string()).expect("the folder is writable");
        let file = file.to_str().expect("UTF-8");
        let (node, url) = start_node(&folder, &["--account", file]);
        Self { folder, node, url }
    }

    /// Starts it with the accounts that `accounts` makes of the addresses of the new keypairs `names`.
    pub fn start_with_all<const N: usize>(
        names: [&str; N],
        accounts: impl Fn([String; N]) -> Vec<Value>,
    ) -> Self {
        let folder = TempDir::new().expect("a folder");
        new_keypair(&folder, "authority");
        let addresses = names.map(|name| new_keypair(&folder, name));
        let mut options = Vec::new();
        for (number, account) in accounts(addresses).into_iter().enumerate() {
            let file = folder.path().join(format!("account-{number}"));
            std::fs::write(&file, account.to_string()).expect("the folder is writable");
            options.push("--account".to_owned());
            options.push(file.to_str().expect("UTF-8").to_owned());
        }
        let options: Vec<&str> = options.iter().map(String::as_str).collect();
        let (node, url) = start_node(&folder, &options);
        Self { folder, node, url }
    }

    /// Stops the node as Ctrl-C does and starts it again on the same folder.
    pub fn restart(&mut self) {
        self.stop();
        (self.node, self.url) = start_node(&self.folder, &[]);
    }

    fn stop(&mut self) {
        interrupt(&mut self.node);
    }

    /// A keypair file `NAME.json`, new if there is none yet, with SOL on its account.
    pub fn make_keypair(&self, name: &str) {
        let address = match std::fs::exists(self.keypair(name)) {
            Ok(true) => self.address(name),
            _ => new_keypair(&self.folder, name),
        };
        self.fund(&address);
    }

    /// Gives an account SOL.
    pub fn fund(&self, address: &str) {
        self.by("authority", &format!("localnet airdrop {address} 10"))
            .succeeds();
    }

    /// Starts `pedigree watch` for the site of a keypair file and waits until it listens.
    pub fn watch(&self, name: &str) -> Service {
        let mut watch = self.start_service(name, "watch");
        watch.until(|line| line["what"] == "watching");
        watch
    }

    /// Starts a command that runs until it is stopped.
    pub fn start_service(&self, name: &str, command: &str) -> Service {
        let mut child = self
            .command(name, command)
            .args(["--output", "json"])
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .spawn()
            .expect("pedigree starts");
        let lines = BufReader::new(child.stdout.take().expect("piped")).lines();
        Service { child, lines }
    }

    /// The ledger's JSON-RPC endpoint.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// The path of a keypair file.
    pub fn keypair(&self, name: &str) -> String {
        let path: PathBuf = self.folder.path().join(name).with_extension("json");
        path.to_str().expect("UTF-8").to_owned()
    }

    /// The path of a file in the ledger's folder.
    pub fn path(&self, name: &str) -> String {
        let path = self.folder.path().join(name);
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

    /// Runs it with text on its standard input.
    pub fn by_with_input(&self, name: &str, command: &str, input: &str) -> Reply {
        let file = self.path("input");
        std::fs::write(&file, input).expect("the folder is writable");
        let input = File::open(file).expect("written above");
        let mut command = self.command(name, command);
        run_on(command.args(["--output", "json"]), input.into())
    }

    /// Runs a command signed by a keypair file, as a person sees it.
    pub fn by_person(&self, name: &str, command: &str) -> Reply {
        run(&mut self.command(name, command))
    }

    /// Runs a command that sends, signed by a keypair file.
    #[track_caller]
    pub fn does(&self, name: &str, command: &str) -> Value {
        self.by(name, &format!("{command} --yes")).succeeds()
    }

    /// Ships a consignment from one site to another, which accepts it.
    #[track_caller]
    pub fn delivers(&self, consignment: &str, from: &str, (to, gln): (&str, &str)) {
        self.does(from, &format!("ship {consignment} --to {gln}"));
        self.does(to, &format!("receive {consignment}"));
    }

    /// Runs a script as in a terminal in the ledger's folder, with `pedigree` on the PATH and the ledger's
    /// URL set.
    pub fn shell(&self, script: &str) -> Reply {
        let programs = Path::new(PEDIGREE).parent().expect("it is in a folder");
        let known = format!(
            "export PEDIGREE_URL={} PATH={}:$PATH\n",
            self.url,
            programs.display()
        );
        let mut shell = Command::new("bash");
        shell.args(["-c", &(known + script)]);
        run(shell.current_dir(&self.folder))
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

/// A command that runs until it is stopped.
pub struct Service {
    child: Child,
    lines: Lines<BufReader<ChildStdout>>,
}

impl Service {
    /// The next line for which `is_it` holds.
    pub fn until(&mut self, is_it: impl Fn(&Value) -> bool) -> Value {
        loop {
            let line = self.lines.next().expect("it goes on").expect("UTF-8");
            let line = serde_json::from_str(&line).expect("one JSON document a line");
            if is_it(&line) {
                return line;
            }
        }
    }

    /// Stops it as Ctrl-C does.
    pub fn stop(mut self) {
        interrupt(&mut self.child);
    }
}

impl Drop for Service {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Stops a process as Ctrl-C does, which must end successfully.
fn interrupt(process: &mut Child) {
    let interrupted = Command::new("kill")
        .args(["-INT", &process.id().to_string()])
        .status()
        .expect("kill starts");
    assert!(interrupted.success());
    let status = process.wait().expect("it ends");
    assert!(status.success(), "it ended with {status}");
}

/// Generates a keypair file `NAME.json` and returns its address.
fn new_keypair(folder: &TempDir, name: &str) -> String {
    let file = folder.path().join(name).with_extension("json");
    let made = run(Command::new(PEDIGREE)
        .args(["--output", "json", "key", "new"])
        .arg(file));
    let address = &made.succeeds()["address"];
    address.as_str().expect("an address").to_owned()
}

impl Drop for Ledger {
    fn drop(&mut self) {
        let _ = self.node.kill();
        let _ = self.node.wait();
    }
}

fn start_node(folder: &TempDir, options: &[&str]) -> (Child, String) {
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
        .args(options)
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
