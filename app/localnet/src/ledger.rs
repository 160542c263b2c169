//! The ledger's folder: opening it, refusing what is not a ledger of ours, and loading the node's
//! state from it.

use std::{
    fs::{self, File, TryLockError},
    io::{self, Read},
    path::{Path, PathBuf},
    time::Duration,
};

use solana_pubkey::Pubkey;
use surfpool_core::{
    error::SurfpoolResult,
    solana_account::ReadableAccount,
    storage::{StorageFifoMap, StorageHashMap},
    surfnet::svm::{SurfnetSvm, SurfnetSvmConfig},
};
use surfpool_db::{
    diesel::{
        self, Connection, QueryableByName, RunQueryDsl, connection::SimpleConnection, sql_query,
        sql_types::Text,
    },
    sqlite::SqliteConnection,
};

use crate::error::{LocalnetError, Result};

/// The database in the folder.
const DATABASE: &str = "ledger.sqlite";

/// The file that is locked while a node has the folder open.
const LOCK: &str = "ledger.lock";

/// What every SQLite database starts with.
const SQLITE_MAGIC: &[u8] = b"SQLite format 3\0";

/// What the database's application ID says in a ledger of ours: "PDGR".
const APPLICATION_ID: i32 = 0x5044_4752;

/// The layout of the ledger, in the database's user version. It changes with the node's tables.
const FORMAT: i32 = 1;

/// An open ledger: in memory, or in a folder that nobody else can open meanwhile.
pub(crate) struct Ledger {
    folder: Option<(PathBuf, File)>,
}

impl Ledger {
    /// Opens the ledger in `folder`, created if missing, or one in memory.
    pub(crate) fn open(folder: Option<&Path>) -> Result<Self> {
        let Some(path) = folder else {
            return Ok(Self { folder: None });
        };
        let refused = |source| LocalnetError::Folder {
            path: path.into(),
            source,
        };

        fs::create_dir_all(path).map_err(refused)?;
        let database = path.join(DATABASE);
        let known = database.try_exists().map_err(refused)?;
        if !known && !is_free(path).map_err(refused)? {
            return Err(LocalnetError::Foreign { path: path.into() });
        }
        let lock = File::create(path.join(LOCK)).map_err(refused)?;
        lock.try_lock().map_err(|error| match error {
            TryLockError::WouldBlock => LocalnetError::InUse { path: path.into() },
            TryLockError::Error(error) => refused(error),
        })?;
        if known {
            check(path, &database)
        } else {
            create(path, &database)
        }?;
        Ok(Self {
            folder: Some((path.into(), lock)),
        })
    }

    /// The node's state: the ledger's, or that of a new one. Its slots last `slot_time`.
    pub(crate) fn load(&self, slot_time: Duration) -> Result<SurfnetSvm> {
        let url = self
            .folder
            .as_ref()
            .map(|(path, _)| url(&path.join(DATABASE)));
        let config = SurfnetSvmConfig {
            slot_time: slot_time.as_millis() as u64,
            // A second run of every instruction, which only the cheat codes would show.
            instruction_profiling_enabled: false,
            ..SurfnetSvmConfig::default()
        };
        let loaded = SurfnetSvm::new_with_db(url.as_deref(), config).and_then(|(mut svm, ..)| {
            index_owners(&mut svm)?;
            forget_extras(&mut svm)?;
            Ok(svm)
        });
        let mut svm = loaded.map_err(|error| match &self.folder {
            Some((path, _)) => damaged(path, error),
            None => LocalnetError::Node(error.to_string()),
        })?;
        // The genesis hash is this ledger's own, and the same after every start.
        svm.genesis_config.creation_time = (svm.genesis_updated_at / 1_000) as i64;
        Ok(svm)
    }
}

/// Lets the runtime see `account` if it is in the ledger's folder only, as all accounts are after a
/// start and, now and then, later on. The node does so itself for the accounts of a transaction.
pub(crate) fn bring_into_memory(svm: &mut SurfnetSvm, address: &Pubkey) -> SurfpoolResult<()> {
    if svm.inner.get_account_no_db(address).is_some() {
        return Ok(());
    }
    match svm.get_account(address)? {
        Some(account) => svm.set_account(address, account),
        None => Ok(()),
    }
}

/// Replaces the index of accounts by owner with one in memory, made of the accounts.
///
/// The node's own loses, when it opens a ledger, every token account of earlier runs, never has the
/// programs that are built in, and is written as a whole for each new account.
fn index_owners(svm: &mut SurfnetSvm) -> SurfpoolResult<()> {
    let mut owners: StorageHashMap<String, Vec<String>> = StorageHashMap::new();
    for (address, account) in svm.get_all_accounts()? {
        let owned = owners.entry(account.owner().to_string()).or_default();
        owned.push(address.to_string());
    }
    svm.accounts_by_owner = Box::new(owners);
    Ok(())
}

/// Keeps what only the cheat codes would show out of memory and off the disk: profiles of executed
/// transactions, and the interfaces of other projects' programs, which the node adds to the ledger
/// again at every start.
fn forget_extras(svm: &mut SurfnetSvm) -> SurfpoolResult<()> {
    svm.registered_idls.clear()?;
    svm.registered_idls = Box::new(StorageFifoMap::new(1));
    svm.executed_transaction_profiles = Box::new(StorageFifoMap::new(1));
    svm.profile_tag_map = Box::new(StorageFifoMap::new(1));
    Ok(())
}

/// Whether the folder holds nothing but, perhaps, a lock of ours.
fn is_free(path: &Path) -> io::Result<bool> {
    for entry in fs::read_dir(path)? {
        if entry?.file_name() != LOCK {
            return Ok(false);
        }
    }
    Ok(true)
}

/// Creates the database, with the mark by which [`check`] knows it.
fn create(path: &Path, database: &Path) -> Result<()> {
    connect(database)
        .and_then(|mut database| {
            database
                .batch_execute(&format!(
                    "PRAGMA application_id = {APPLICATION_ID}; PRAGMA user_version = {FORMAT};"
                ))
                .map_err(|error| error.to_string())
        })
        .map_err(|reason| LocalnetError::Folder {
            path: path.into(),
            source: io::Error::other(reason),
        })
}

/// Refuses a database that is not a sound ledger of ours.
fn check(path: &Path, database: &Path) -> Result<()> {
    // SQLite itself takes a short file for an empty database.
    let mut start = Vec::new();
    File::open(database)
        .and_then(|file| file.take(SQLITE_MAGIC.len() as u64).read_to_end(&mut start))
        .map_err(|error| damaged(path, error))?;
    if start != SQLITE_MAGIC {
        return Err(damaged(path, format_args!("{DATABASE} is not a database")));
    }

    let mut connection = connect(database).map_err(|reason| damaged(path, reason))?;
    let mut ask = |question| {
        sql_query(question)
            .get_result::<Answer>(&mut connection)
            .map(|answer| answer.value)
            .map_err(|error| damaged(path, error))
    };
    let verdict = ask("SELECT quick_check AS value FROM pragma_quick_check")?;
    if verdict != "ok" {
        return Err(damaged(path, verdict));
    }
    let id = ask("SELECT CAST(application_id AS TEXT) AS value FROM pragma_application_id")?;
    if id != APPLICATION_ID.to_string() {
        return Err(LocalnetError::Foreign { path: path.into() });
    }
    let format = ask("SELECT CAST(user_version AS TEXT) AS value FROM pragma_user_version")?;
    match format.parse() {
        Ok(FORMAT) => Ok(()),
        Ok(found) => Err(LocalnetError::Format {
            path: path.into(),
            found,
            expected: FORMAT,
        }),
        Err(error) => Err(damaged(path, error)),
    }
}

/// The one column of a question to the database.
#[derive(QueryableByName)]
struct Answer {
    #[diesel(sql_type = Text)]
    value: String,
}

/// Opens the database.
fn connect(database: &Path) -> std::result::Result<SqliteConnection, String> {
    SqliteConnection::establish(&url(database)).map_err(|error| error.to_string())
}

/// The database's address for SQLite, which reads `?`, `#` and `%` in one as signs of its own.
fn url(database: &Path) -> String {
    let path = database
        .to_string_lossy()
        .replace('%', "%25")
        .replace('?', "%3f")
        .replace('#', "%23");
    format!("file:{path}")
}

/// The error for a ledger that cannot be read.
fn damaged(path: &Path, reason: impl ToString) -> LocalnetError {
    LocalnetError::Damaged {
        path: path.into(),
        reason: reason.to_string(),
    }
}
