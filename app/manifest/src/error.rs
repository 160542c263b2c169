//! Errors of manifests and their files.

use std::{io, ops::Range, path::PathBuf};

use crate::{serial::InvalidSerial, serial_list::SerialListError};

/// The result of this library's functions on manifests.
pub type Result<T> = std::result::Result<T, Error>;

/// Why a manifest cannot be created, opened, read or checked.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// There is a file where a manifest was to be created.
    #[error(
        "{0} already exists and is never overwritten, because it may hold the only copy of a lot's \
         salts: choose another name"
    )]
    Exists(PathBuf),

    /// The file is the manifest of another lot than the one that goes on with it.
    #[error("{0} is the manifest of another lot, or of another expiry: name another file")]
    OtherLot(PathBuf),

    /// The file holds some of the lot's units where all are needed.
    #[error("{0} holds only a part of the lot's units: the whole manifest is needed")]
    Partial(PathBuf),

    /// The file holds other serial numbers than the list that was to be written.
    #[error("{0} exists already and holds other serial numbers: name another file")]
    OtherSerials(PathBuf),

    /// There is no file where a manifest was to be opened.
    #[error("there is no manifest at {0}: check the path")]
    Missing(PathBuf),

    /// The file is of another kind, or its header is damaged.
    #[error("{0} is not a manifest, or its header is damaged: restore it from a backup")]
    NotAManifest(PathBuf),

    /// The operating system does not allow the file to be read, whatever it is.
    #[error(
        "{path} cannot be read: {reason}; check its permissions and the limit on open files (`ulimit \
         -n`)"
    )]
    Unreadable {
        path: PathBuf,
        reason: rusqlite::Error,
    },

    /// The file was written by a newer version.
    #[error(
        "{path} has format {format}, but this version reads only format {known}: use a newer version"
    )]
    NewerFormat {
        path: PathBuf,
        format: i32,
        known: i32,
    },

    /// The caller's lot has an invalid GTIN, lot number or expiry date.
    #[error("{value} is not a valid {what}")]
    Lot { what: &'static str, value: String },

    /// The list of serial numbers is invalid.
    #[error(transparent)]
    List(#[from] SerialListError),

    /// The manifest does not hold all the requested units.
    #[error(
        "units {} to {} were requested, but the manifest holds units {} to {}",
        .requested.start, .requested.end.saturating_sub(1), .held.start, .held.end.saturating_sub(1)
    )]
    OutOfRange {
        requested: Range<u32>,
        held: Range<u32>,
    },

    /// The file contradicts itself.
    #[error("the manifest was altered or damaged: {0}; restore it from a backup")]
    Damaged(#[from] Damage),

    /// The caller stopped the work.
    #[error("stopped before completion; nothing was written")]
    Stopped,

    /// The file system failed.
    #[error("the file cannot be read or written: {0}")]
    File(#[from] io::Error),

    /// SQLite failed.
    #[error("the file cannot be read or written: {0}")]
    Sqlite(#[from] rusqlite::Error),

    /// The operating system failed to provide random numbers.
    #[error("the operating system provides no random numbers: {0}")]
    Random(#[from] getrandom::Error),
}

/// How a file contradicts itself.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Damage {
    /// SQLite's own check of the file fails.
    #[error("SQLite reports: {0}")]
    Sqlite(String),
    /// The units are not numbered consecutively.
    #[error("unit {found} follows where unit {expected} should")]
    Order { expected: u32, found: u32 },
    /// Units are missing at the end.
    #[error("it ends after {found} of {expected} units")]
    Missing { expected: u32, found: u32 },
    /// This many units are outside its range.
    #[error("it holds {0} units outside its range")]
    OutsideRange(u32),
    /// A serial number is invalid.
    #[error("unit {index}: {reason}")]
    Serial { index: u32, reason: InvalidSerial },
    /// Two units have the same serial number.
    #[error("units {first} and {second} have the same serial number")]
    Duplicate { first: u32, second: u32 },
    /// The number of a unit's package is not an SSCC.
    #[error("unit {index}: {sscc} is not a valid SSCC")]
    Package { index: u32, sscc: u64 },
    /// The hash of a subtree is missing.
    #[error("the hash of units {} to {} is missing", .0.start, .0.end.saturating_sub(1))]
    NoSubtree(Range<u32>),
    /// The stored hashes of subtrees do not match the units.
    #[error("its stored subtree hashes do not match its units")]
    Subtrees,
    /// The stored root does not match the units.
    #[error("its root does not match its units")]
    Root,
    /// The stored manifest hash does not match the units.
    #[error("its manifest hash does not match its units")]
    ManifestHash,
}
