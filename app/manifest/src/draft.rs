//! A manifest's file while it is being written: under a temporary name beside its target, which it
//! takes when it is complete.

use std::{
    ffi::{OsStr, OsString},
    fs::{self, File},
    io,
    path::{Path, PathBuf},
};

use rusqlite::Connection;
use tempfile::NamedTempFile;

use crate::{
    error::{Error, Result},
    schema,
};

const UNFINISHED: &str = ".unfinished";

/// An unfinished manifest. It is deleted when dropped; one that a killed process left behind is deleted
/// by the next one for the same target.
pub(crate) struct Draft {
    // Before the file, because fields are dropped in this order.
    connection: Connection,
    file: NamedTempFile,
    target: PathBuf,
}

impl Draft {
    /// Creates a file with empty tables.
    pub(crate) fn begin(target: &Path) -> Result<Self> {
        if target.symlink_metadata().is_ok() {
            return Err(Error::Exists(target.to_owned()));
        }
        let folder = folder_of(target);
        let prefix = prefix_of(target);
        remove_abandoned(folder, &prefix)?;
        let file = tempfile::Builder::new()
            .prefix(&prefix)
            .suffix(UNFINISHED)
            .tempfile_in(folder)?;
        // Distinguishes it from an abandoned one.
        file.as_file().lock()?;
        let connection = Connection::open(file.path())?;
        // Nobody else opens the file, and it is useless before it is complete.
        connection.pragma_update(None, "journal_mode", "OFF")?;
        connection.pragma_update(None, "synchronous", "OFF")?;
        connection.pragma_update(None, "locking_mode", "EXCLUSIVE")?;
        // Enough to sort the serial numbers of a million units in memory.
        connection.pragma_update(None, "cache_size", -65_536)?;
        connection.pragma_update(None, "application_id", schema::APPLICATION_ID)?;
        connection.pragma_update(None, "user_version", schema::FORMAT)?;
        connection.execute_batch(schema::TABLES)?;
        Ok(Self {
            connection,
            file,
            target: target.to_owned(),
        })
    }

    pub(crate) fn connection(&mut self) -> &mut Connection {
        &mut self.connection
    }

    /// Gives the file its name, unless another file has taken it meanwhile.
    pub(crate) fn finish(self) -> Result<()> {
        self.connection.close().map_err(|(_, error)| error)?;
        self.file.as_file().sync_all()?;
        match self.file.persist_noclobber(&self.target) {
            Ok(file) => file.unlock()?,
            Err(error) if error.error.kind() == io::ErrorKind::AlreadyExists => {
                return Err(Error::Exists(self.target));
            }
            Err(error) => return Err(error.error.into()),
        }
        // The name is durable once the folder is.
        File::open(folder_of(&self.target))?.sync_all()?;
        Ok(())
    }
}

fn folder_of(target: &Path) -> &Path {
    match target.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder,
        _ => Path::new("."),
    }
}

fn prefix_of(target: &Path) -> OsString {
    let mut prefix = OsString::from(".");
    prefix.push(target.file_name().unwrap_or(OsStr::new("manifest")));
    prefix.push(".");
    prefix
}

/// Deletes drafts of this target that no process is writing.
fn remove_abandoned(folder: &Path, prefix: &OsStr) -> io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        let name = path.file_name().unwrap_or_default().as_encoded_bytes();
        if name.starts_with(prefix.as_encoded_bytes())
            && name.ends_with(UNFINISHED.as_bytes())
            && File::open(&path).is_ok_and(|file| file.try_lock().is_ok())
        {
            fs::remove_file(&path)?;
        }
    }
    Ok(())
}
