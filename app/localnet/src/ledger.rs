//! The ledger's folder: opening it, refusing other contents, and loading the node's state from it.

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

/// The database's file.
const DATABASE: &str = "ledger.sqlite";

/// The file that is locked while a node has the folder open.
const LOCK: &str = "ledger.lock";

/// The first bytes of every SQLite database.
const SQLITE_MAGIC: &[u8] = b"SQLite format 3\0";

/// The application ID of the database: "PDGR".
const APPLICATION_ID: i32 = 0x5044_4752;

/// The format of the ledger, in the database's user version. It changes with the node's tables.
const FORMAT: i32 = 1;

/// An open ledger: in memory, or in a folder that is locked.
pub(crate) struct Ledger {
    folder: Option<(PathBuf, File)>,
}

impl Ledger {
    /// Opens the ledger in `folder`, which is created if missing, or one in memory.
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
        let exists = database.try_exists().map_err(refused)?;
        if !exists && !is_free(path).map_err(refused)? {
            return Err(LocalnetError::Foreign { path: path.into() });
        }
        let lock = File::create(path.join(LOCK)).map_err(refused)?;
        lock.try_lock().map_err(|error| match error {
            TryLockError::WouldBlock => LocalnetError::InUse { path: path.into() },
            TryLockError::Error(error) => refused(error),
        })?;
        if exists {
            check(path, &database)
        } else {
            create(path, &database)
        }?;
        Ok(Self {
            folder: Some((path.into(), lock)),
        })
    }

    /// The state of the ledger, or that of a new one, for a node with slots of `slot_time`.
    pub(crate) fn load(&self, slot_time: Duration) -> Result<SurfnetSvm> {
        let url = self
            .folder
            .as_ref()
            .map(|(path, _)| uri(&path.join(DATABASE)));
        let config = SurfnetSvmConfig {
            slot_time: slot_time.as_millis() as u64,
            // Executes every instruction twice, for methods that are not served.
            instruction_profiling_enabled: false,
            ..SurfnetSvmConfig::default()
        };
        let loaded = SurfnetSvm::new_with_db(url.as_deref(), config).and_then(|(mut svm, ..)| {
            index_owners(&mut svm)?;
            discard_extras(&mut svm)?;
            Ok(svm)
        });
        let mut svm = loaded.map_err(|error| match &self.folder {
            Some((path, _)) => damaged(path, error),
            None => LocalnetError::Node(error.to_string()),
        })?;
        // Makes the genesis hash unique to this ledger, and the same after every start.
        svm.genesis_config.creation_time = (svm.genesis_updated_at / 1_000) as i64;
        Ok(svm)
    }
}

/// Loads an account that is only in the ledger's folder, as all are after a start and some are later, so
/// that the runtime sees it. For the accounts of a transaction the node does this itself.
pub(crate) fn bring_into_memory(svm: &mut SurfnetSvm, address: &Pubkey) -> SurfpoolResult<()> {
    if svm.inner.get_account_no_db(address).is_some() {
        return Ok(());
    }
    match svm.get_account(address)? {
        Some(account) => svm.set_account(address, account),
        None => Ok(()),
    }
}

/// Replaces the node's index of accounts by owner with one in memory, built from the accounts.
///
/// When it opens a ledger, the node's own index loses the token accounts of earlier runs. It never contains
/// the built-in programs, and is rewritten completely for each new account.
fn index_owners(svm: &mut SurfnetSvm) -> SurfpoolResult<()> {
    let mut owners: StorageHashMap<String, Vec<String>> = StorageHashMap::new();
    for (address, account) in svm.get_all_accounts()? {
        let owned = owners.entry(account.owner().to_string()).or_default();
        owned.push(address.to_string());
    }
    svm.accounts_by_owner = Box::new(owners);
    Ok(())
}

/// Discards what only methods that are not served would return: profiles of executed transactions, and
/// the IDLs of other projects' programs, which the node adds to the ledger at every start.
fn discard_extras(svm: &mut SurfnetSvm) -> SurfpoolResult<()> {
    svm.registered_idls.clear()?;
    svm.registered_idls = Box::new(StorageFifoMap::new(1));
    svm.executed_transaction_profiles = Box::new(StorageFifoMap::new(1));
    svm.profile_tag_map = Box::new(StorageFifoMap::new(1));
    Ok(())
}

/// Whether the folder is empty, except for the lock file.
fn is_free(path: &Path) -> io::Result<bool> {
    for entry in fs::read_dir(path)? {
        if entry?.file_name() != LOCK {
            return Ok(false);
        }
    }
    Ok(true)
}

/// Creates the database, with the identification that [`check`] requires.
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

/// Checks that a database is an undamaged ledger of this format.
fn check(path: &Path, database: &Path) -> Result<()> {
    // SQLite itself treats a short file as an empty database.
    let mut start = Vec::new();
    File::open(database)
        .and_then(|file| file.take(SQLITE_MAGIC.len() as u64).read_to_end(&mut start))
        .map_err(|error| damaged(path, error))?;
    if start != SQLITE_MAGIC {
        return Err(damaged(path, format_args!("{DATABASE} is not a database")));
    }

    let mut connection = connect(database).map_err(|reason| damaged(path, reason))?;
    let mut query = |sql| {
        sql_query(sql)
            .get_result::<Row>(&mut connection)
            .map(|row| row.value)
            .map_err(|error| damaged(path, error))
    };
    let verdict = query("SELECT quick_check AS value FROM pragma_quick_check")?;
    if verdict != "ok" {
        return Err(damaged(path, verdict));
    }
    let id = query("SELECT CAST(application_id AS TEXT) AS value FROM pragma_application_id")?;
    if id != APPLICATION_ID.to_string() {
        return Err(LocalnetError::Foreign { path: path.into() });
    }
    let format = query("SELECT CAST(user_version AS TEXT) AS value FROM pragma_user_version")?;
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

/// The result of a query: one value.
#[derive(QueryableByName)]
struct Row {
    #[diesel(sql_type = Text)]
    value: String,
}

/// Opens the database.
fn connect(database: &Path) -> std::result::Result<SqliteConnection, String> {
    SqliteConnection::establish(&uri(database)).map_err(|error| error.to_string())
}

/// The database's URI for SQLite, with `?`, `#` and `%` in the path escaped.
fn uri(database: &Path) -> String {
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
