//! The tables of a manifest's file, which any SQLite tool can read.

/// "PedM" in the header of the SQLite file, by which `file(1)` can recognise it.
pub(crate) const APPLICATION_ID: i32 = 0x5065_644D;

/// The version of these tables, in SQLite's `user_version`.
pub(crate) const FORMAT: i32 = 1;

/// - `lot`: one row with the lot and the range of units in the file: all of them, or, in a partial
///   manifest, a consignment's.
/// - `unit`: the serial number, salt and package (SSCC, NULL if unknown) of each unit in the range.
/// - `subtree`: hashes of the Merkle tree over units `first..first + size`: the fewest that cover the
///   units outside the range, and those of at least
///   [`STORED_SUBTREE`](crate::subtrees::STORED_SUBTREE) units inside, so that a proof does not require
///   reading every unit.
pub(crate) const TABLES: &str = "
CREATE TABLE lot (
    id            INTEGER PRIMARY KEY CHECK (id = 1),
    gtin          INTEGER NOT NULL,
    lot_number    TEXT    NOT NULL,
    expiry        INTEGER NOT NULL,
    quantity      INTEGER NOT NULL CHECK (quantity > 0),
    address       BLOB    NOT NULL CHECK (length(address) = 32),
    root          BLOB    NOT NULL CHECK (length(root) = 32),
    manifest_hash BLOB    NOT NULL CHECK (length(manifest_hash) = 32),
    first_unit    INTEGER NOT NULL CHECK (first_unit >= 0),
    units         INTEGER NOT NULL CHECK (units > 0 AND first_unit + units <= quantity)
) STRICT;
CREATE TABLE unit (
    unit_index INTEGER PRIMARY KEY,
    serial     TEXT    NOT NULL,
    salt       BLOB    NOT NULL CHECK (length(salt) = 16),
    package    INTEGER
) STRICT;
CREATE TABLE subtree (
    first INTEGER NOT NULL,
    size  INTEGER NOT NULL,
    hash  BLOB    NOT NULL CHECK (length(hash) = 32),
    PRIMARY KEY (first, size)
) STRICT, WITHOUT ROWID;
";

/// Created after all units are inserted: sorting once is faster than inserting in random order.
pub(crate) const INDEX: &str = "CREATE UNIQUE INDEX unit_by_serial ON unit (serial)";
