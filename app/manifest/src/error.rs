//! What can go wrong with a manifest's file.

use std::{io, ops::Range, path::PathBuf};

use crate::{serial::InvalidSerial, serial_list::SerialListError};

pub type Result<T> = std::result::Result<T, Error>;

/// Every failure of this library but those of reading a list ([`SerialListError`]).
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    #[error(
        "{0} exists already and a manifest is never overwritten: it may hold the only copy of a \
         lot's salts; choose another name"
    )]
    Exists(PathBuf),

    #[error("there is no manifest at {0}: check the path")]
    Missing(PathBuf),

    #[error(
        "{0} is no manifest, or its beginning is damaged: fetch it again from where it was kept"
    )]
    NotAManifest(PathBuf),

    /// Whatever it is, the system does not let it be read.
    #[error(
        "{path} cannot be read: {reason}; check its permissions, and whether so many files may be open \
         at a time (`ulimit -n`)"
    )]
    Unreadable {
        path: PathBuf,
        reason: rusqlite::Error,
    },

    #[error(
        "{path} has format {format}, which a newer version wrote: this one knows {known}; update it"
    )]
    NewerFormat {
        path: PathBuf,
        format: i32,
        known: i32,
    },

    /// What the caller says of the lot cannot stand on a label.
    #[error("{value} is no {what}")]
    Lot { what: &'static str, value: String },

    #[error(transparent)]
    List(#[from] SerialListError),

    #[error(
        "units {} to {} were asked for, but the manifest holds {} to {}",
        .asked.start, .asked.end.saturating_sub(1), .held.start, .held.end.saturating_sub(1)
    )]
    OutOfRange { asked: Range<u32>, held: Range<u32> },

    /// The file contradicts itself.
    #[error("the manifest was altered or damaged: {0}; fetch it again from where it was kept")]
    Damaged(#[from] Damage),

    #[error("stopped before it was finished; nothing was written")]
    Stopped,

    #[error("the file cannot be read or written: {0}")]
    File(#[from] io::Error),

    #[error("the file cannot be read or written: {0}")]
    Sqlite(#[from] rusqlite::Error),

    #[error("the operating system gives no random numbers: {0}")]
    Random(#[from] getrandom::Error),
}

/// How a file contradicts itself.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Damage {
    #[error("SQLite reports: {0}")]
    Sqlite(String),
    #[error("unit {expected} should come next, but {found} does")]
    Order { expected: u32, found: u32 },
    #[error("it ends after {found} of {expected} units")]
    Missing { expected: u32, found: u32 },
    #[error("it holds {0} units outside its run")]
    Strangers(u32),
    #[error("unit {index}: {reason}")]
    Serial { index: u32, reason: InvalidSerial },
    #[error("units {first} and {second} have the same serial")]
    Duplicate { first: u32, second: u32 },
    #[error("unit {index}: {sscc} is no SSCC")]
    Package { index: u32, sscc: u64 },
    #[error("the hash over units {} to {} is missing", .0.start, .0.end - 1)]
    NoSubtree(Range<u32>),
    #[error("the stored hashes are not those of its units")]
    Subtrees,
    #[error("its units do not lead to its root")]
    Root,
    #[error("its units do not lead to its manifest hash")]
    ManifestHash,
}
