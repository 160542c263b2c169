//! The tables of a manifest's file, which any SQLite tool reads.

/// "PedM" in the header of the SQLite file, where `file(1)` looks.
pub(crate) const APPLICATION_ID: i32 = 0x5065_644D;

/// The version of these tables, in SQLite's `user_version`.
pub(crate) const FORMAT: i32 = 1;

/// - `lot`: its only row names the lot and the run of units that the file holds: all of them, or,
///   in a partial manifest, a consignment's.
/// - `unit`: serial, salt and package (SSCC, NULL if unknown) of each unit of the run.
/// - `subtree`: hashes of the Merkle tree over units `first..first + size`: those outside the run,
///   as few as cover them, and those inside of [`STORED_SUBTREE`](crate::tree::STORED_SUBTREE)
///   units and more, so that a proof is found without reading every unit.
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

/// Made when all units are in: sorting once is faster than inserting in random order.
pub(crate) const INDEX: &str = "CREATE UNIQUE INDEX unit_by_serial ON unit (serial)";
