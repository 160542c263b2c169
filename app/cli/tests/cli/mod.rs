//! Runs `pedigree` in processes of its own, with keypair files and a ledger in a folder of its own.

mod prefixes;

use std::{
    fs::{self, File},
    io::{BufRead, BufReader, Lines},
    path::{Path, PathBuf},
    process::{Child, ChildStdout, Command, ExitStatus, Stdio},
    sync::{Mutex, PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard},
};

use serde_json::Value;
use tempfile::TempDir;

use self::prefixes::Prefixes;

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

/// Names the endpoint of a cluster on which the tests run instead of embedded nodes of their own. The
/// programs are on it, upgradeable by the key in the file that [`AUTHORITY`] names.
const CLUSTER: &str = "PEDIGREE_TEST_URL";

/// Names the keypair file of the cluster's upgrade authority, which is or becomes the registry's.
const AUTHORITY: &str = "PEDIGREE_TEST_KEYPAIR";

/// Held by the tests that share a cluster, exclusively by one that changes what all of them use.
static CLUSTER_USE: RwLock<()> = RwLock::new(());

/// Whether this process has seen to the cluster's registry.
static CLUSTER_HAS_REGISTRY: Mutex<bool> = Mutex::new(false);

/// A ledger as a test sees it: an embedded node that ends with the test, or a share in a cluster, on which
/// the test has company prefixes of its own.
pub struct Ledger {
    folder: TempDir,
    node: Node,
    url: String,
    prefixes: Prefixes,
}

enum Node {
    Embedded(Child),
    Cluster { _use: ClusterUse },
}

enum ClusterUse {
    Shared {
        _guard: RwLockReadGuard<'static, ()>,
    },
    Alone {
        _guard: RwLockWriteGuard<'static, ()>,
    },
}

impl Ledger {
    /// Starts `pedigree localnet`, with the keypair `authority` as the programs' upgrade authority, or takes
    /// part in the cluster.
    pub fn start() -> Self {
        let on_cluster = |url| {
            let guard = CLUSTER_USE.read().unwrap_or_else(PoisonError::into_inner);
            Self::on_cluster(url, ClusterUse::Shared { _guard: guard })
        };
        cluster().map_or_else(|| Self::embedded(&[]), on_cluster)
    }

    /// The same, with no other test at work on it.
    pub fn start_alone() -> Self {
        let on_cluster = |url| {
            let guard = CLUSTER_USE.write().unwrap_or_else(PoisonError::into_inner);
            Self::on_cluster(url, ClusterUse::Alone { _guard: guard })
        };
        cluster().map_or_else(|| Self::embedded(&[]), on_cluster)
    }

    /// An embedded node for a test that is about one; none, and a line that says so, if the tests run on a
    /// cluster.
    pub fn only_embedded(options: &[&str]) -> Option<Self> {
        if let Some(url) = cluster() {
            eprintln!("skipped on {url}: it is about the embedded node");
            return None;
        }
        Some(Self::embedded(options))
    }

    fn embedded(options: &[&str]) -> Self {
        let folder = TempDir::new().expect("a folder");
        new_keypair(&folder, "authority");
        let (node, url) = start_node(&folder, options);
        let (node, prefixes) = (Node::Embedded(node), Prefixes::as_written());
        Self {
            folder,
            node,
            url,
            prefixes,
        }
    }

    fn on_cluster(url: String, cluster_use: ClusterUse) -> Self {
        let folder = TempDir::new().expect("a folder");
        let authority = std::env::var(AUTHORITY).unwrap_or_else(|_| {
            panic!(
                "{CLUSTER} is set, so {AUTHORITY} has to name the upgrade authority's keypair file"
            )
        });
        let copied = fs::copy(&authority, folder.path().join("authority.json"));
        copied.unwrap_or_else(|error| panic!("{authority}: {error}"));
        Self {
            folder,
            node: Node::Cluster { _use: cluster_use },
            url,
            prefixes: Prefixes::random(),
        }
    }

    /// Initialises the registry and adds its authority as an issuer named Board. On a cluster an earlier test
    /// may have done so.
    pub fn has_registry(&self) {
        let authority = self.address("authority");
        let steps = [
            "registry initialize --yes".to_owned(),
            add_board(&authority),
        ];
        if self.is_embedded() {
            for step in &steps {
                self.by("authority", step).succeeds();
            }
            return;
        }
        let mut has_registry = CLUSTER_HAS_REGISTRY
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        if !*has_registry {
            for step in &steps {
                let reply = self.by("authority", step);
                let is_done = reply.code == 0 || reply.stderr.contains("exists already");
                assert!(is_done, "{reply:?}");
            }
            *has_registry = true;
        }
    }

    /// Whether it is a node of the test's own, which begins with no accounts but the programs.
    pub fn is_embedded(&self) -> bool {
        matches!(self.node, Node::Embedded(_))
    }

    /// The text with this test's company prefixes in place of those that the tests are written with.
    pub fn own(&self, text: &str) -> String {
        self.prefixes.own(text)
    }

    /// A file that a command wrote, with the company prefixes that the tests are written with.
    pub fn read(&self, file: &str) -> String {
        self.prefixes
            .written(&fs::read_to_string(file).expect("a text file"))
    }

    /// Stops the embedded node as Ctrl-C does and starts it again on the same folder.
    pub fn restart(&mut self) {
        if let Node::Embedded(node) = &mut self.node {
            interrupt(node);
        }
        let (node, url) = start_node(&self.folder, &[]);
        (self.node, self.url) = (Node::Embedded(node), url);
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
        let prefixes = self.prefixes.clone();
        Service {
            child,
            lines,
            prefixes,
        }
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
        self.written(run(self.command(name, command).args(["--output", "json"])))
    }

    /// Runs a command for a key of which only the address is known.
    pub fn by_key(&self, address: &str, command: &str) -> Reply {
        self.by_source(address, command, &[])
    }

    /// Runs a command for a key that is named in another way than by a file, with these environment variables.
    pub fn by_source(&self, source: &str, command: &str, variables: &[(&str, &str)]) -> Reply {
        let mut pedigree = Command::new(PEDIGREE);
        let command = self.own(command);
        pedigree.args(command.split_whitespace());
        pedigree.args(["--url", &self.url, "--keypair", source, "--output", "json"]);
        self.written(run(pedigree.envs(variables.iter().copied())))
    }

    /// Runs a command whose key is on its standard input.
    pub fn with_key_on_stdin(&self, source: &str, command: &str, keypair: &str) -> Reply {
        let file = self.path("stdin");
        fs::write(&file, keypair).expect("the folder is writable");
        let input = File::open(file).expect("written above");
        let mut pedigree = Command::new(PEDIGREE);
        let command = self.own(command);
        pedigree.args(command.split_whitespace());
        pedigree.args(["--url", &self.url, "--keypair", source, "--output", "json"]);
        self.written(run_on(&mut pedigree, input.into()))
    }

    /// Runs it with text on its standard input.
    pub fn by_with_input(&self, name: &str, command: &str, input: &str) -> Reply {
        let file = self.path("input");
        fs::write(&file, self.own(input)).expect("the folder is writable");
        let input = File::open(file).expect("written above");
        let mut command = self.command(name, command);
        self.written(run_on(command.args(["--output", "json"]), input.into()))
    }

    /// Runs a command signed by a keypair file, as a person sees it.
    pub fn by_person(&self, name: &str, command: &str) -> Reply {
        self.written(run(&mut self.command(name, command)))
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
        shell.args(["-c", &(known + &self.own(script))]);
        self.written(run(shell.current_dir(&self.folder)))
    }

    fn written(&self, reply: Reply) -> Reply {
        Reply {
            code: reply.code,
            stdout: self.prefixes.written(&reply.stdout),
            stderr: self.prefixes.written(&reply.stderr),
        }
    }

    fn command(&self, name: &str, command: &str) -> Command {
        let mut pedigree = Command::new(PEDIGREE);
        pedigree.args(self.own(command).split_whitespace()).args([
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
    prefixes: Prefixes,
}

impl Service {
    /// The next line for which `is_it` holds.
    pub fn until(&mut self, is_it: impl Fn(&Value) -> bool) -> Value {
        loop {
            let line = self.lines.next().expect("it goes on").expect("UTF-8");
            let line = self.prefixes.written(&line);
            let line = serde_json::from_str(&line).expect("one JSON document a line");
            if is_it(&line) {
                return line;
            }
        }
    }

    /// Waits until it ends by itself, and returns its exit code.
    pub fn ends(mut self) -> i32 {
        let status = self.child.wait().expect("it ends");
        status.code().expect("it exits")
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
        if let Node::Embedded(node) = &mut self.node {
            let _ = node.kill();
            let _ = node.wait();
        }
    }
}

/// The command that makes a key an issuer named Board, of regulators too.
pub fn add_board(key: &str) -> String {
    const ROLES: &str = "manufacturer,repackager,wholesaler,logistics,dispenser,regulator,\
                         reverse-distributor,laboratory";
    format!("registry add-issuer {key} --name Board --roles {ROLES} --yes")
}

/// The endpoint of the cluster to test on.
fn cluster() -> Option<String> {
    std::env::var(CLUSTER).ok()
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
