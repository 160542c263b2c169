//! A manifest's file, opened to look up and prove units.

mod check;
mod create;
mod extract;
mod reopen;

use std::{
    ops::{ControlFlow, Range},
    path::{Path, PathBuf},
};

use pedigree_domain::{
    expiry, gs1,
    lot_number::{self, LOT_NUMBER_BYTES},
};
use rusqlite::{Connection, OpenFlags, OptionalExtension, Row, params};

use crate::{
    error::{Damage, Error, Result},
    schema,
    subtrees::{self, STORED_SUBTREE},
};
use custody_rules::serial_tree::{self as tree, Hash, Proof, Salt};

/// The lot of a manifest, in the encodings of the ledger's accounts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Lot {
    /// The GTIN as a number, without leading zeros.
    pub gtin: u64,
    /// 1 to 20 characters of GS1 character set 82.
    pub lot_number: String,
    /// The expiry date on the label as the number `YYYYMMDD`; day 00 is the last day of the month.
    pub expiry: u32,
    /// The address of the lot's account, which is derived from GTIN and lot number.
    pub address: [u8; 32],
}

impl Lot {
    /// Checks the GTIN, the lot number and the expiry date. Returns the lot number padded with zeros.
    fn checked_number(&self) -> Result<[u8; LOT_NUMBER_BYTES]> {
        let invalid = |what, value: String| Error::Lot { what, value };
        if !gs1::is_valid_key(self.gtin, gs1::GTIN_DIGITS) {
            return Err(invalid("GTIN", format!("{:014}", self.gtin)));
        }
        if expiry::expires_at(self.expiry).is_none() {
            return Err(invalid("expiry date", self.expiry.to_string()));
        }
        lot_number::from_text(&self.lot_number)
            .ok_or_else(|| invalid("lot number", format!("{:?}", self.lot_number)))
    }
}

/// One unit of a lot.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unit {
    /// Its position in packing order, from 0.
    pub index: u32,
    /// Its serial number: 1 to 20 characters of GS1 character set 82.
    pub serial: String,
    /// Random bytes that prevent finding the serial number by trial; as secret as the serial number.
    pub salt: Salt,
    /// The SSCC, as a number, of the package that it was packed in, if the packaging line reported it.
    pub package: Option<u64>,
}

const UNIT_COLUMNS: &str = "unit_index, serial, salt, package";

impl Unit {
    fn from_row(row: &Row) -> rusqlite::Result<Self> {
        Ok(Self {
            index: row.get(0)?,
            serial: row.get(1)?,
            salt: row.get(2)?,
            package: row.get(3)?,
        })
    }
}

/// An open manifest, whole or partial. Its file is never changed after it is written.
#[derive(Debug)]
pub struct Manifest {
    connection: Connection,
    lot: Lot,
    quantity: u32,
    root: Hash,
    manifest_hash: Hash,
    /// The units in the file.
    units: Range<u32>,
}

impl Manifest {
    /// Opens the manifest at `path`. Its contents are not verified; [`check`](Self::check) does that.
    ///
    /// # Errors
    ///
    /// If the file cannot be read, is not a manifest, or has a newer format.
    pub fn open(path: impl AsRef<Path>) -> Result<Self> {
        let path = path.as_ref();
        if !path.try_exists()? {
            return Err(Error::Missing(path.to_owned()));
        }
        let connection = Connection::open_with_flags(
            path,
            OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX,
        );
        connection
            .map_err(Error::from)
            .and_then(|connection| Self::from_connection(connection, path))
            .map_err(|error| match error {
                Error::Sqlite(reason) if is_system_failure(&reason) => Error::Unreadable {
                    path: path.to_owned(),
                    reason,
                },
                Error::Sqlite(_) => Error::NotAManifest(path.to_owned()),
                other => other,
            })
    }

    fn from_connection(connection: Connection, path: &Path) -> Result<Self> {
        let not_a_manifest = || Error::NotAManifest(PathBuf::from(path));
        let pragma = |name| connection.pragma_query_value(None, name, |row| row.get::<_, i32>(0));
        if pragma("application_id")? != schema::APPLICATION_ID {
            return Err(not_a_manifest());
        }
        let format = pragma("user_version")?;
        if format != schema::FORMAT {
            return Err(Error::NewerFormat {
                path: path.to_owned(),
                format,
                known: schema::FORMAT,
            });
        }
        let (lot, quantity, root, manifest_hash, units) = connection.query_row(
            "SELECT gtin, lot_number, expiry, address, quantity, root, manifest_hash, first_unit, \
             units FROM lot",
            [],
            |row| {
                let lot = Lot {
                    gtin: row.get(0)?,
                    lot_number: row.get(1)?,
                    expiry: row.get(2)?,
                    address: row.get(3)?,
                };
                let (first, count): (u32, u32) = (row.get(7)?, row.get(8)?);
                let units = first..first.saturating_add(count);
                Ok((lot, row.get(4)?, row.get(5)?, row.get(6)?, units))
            },
        )?;
        lot.checked_number()?;
        if units.is_empty() || units.end > quantity {
            return Err(not_a_manifest());
        }
        Ok(Self {
            connection,
            lot,
            quantity,
            root,
            manifest_hash,
            units,
        })
    }

    /// The lot.
    pub const fn lot(&self) -> &Lot {
        &self.lot
    }

    /// The number of units in the lot, including those that this manifest does not hold.
    pub const fn quantity(&self) -> u32 {
        self.quantity
    }

    /// The root of the lot's tree. It is genuine if it is the one in the lot's account.
    pub const fn root(&self) -> &Hash {
        &self.root
    }

    /// The SHA-256 of the whole manifest's canonical stream; a partial manifest has that of the whole one.
    ///
    /// The stream consists of the 19 characters `pedigree manifest 1` and a zero byte, the lot's address,
    /// GTIN (8 bytes), lot number (20, padded with zeros), expiry and quantity (4 each) and root; then,
    /// for each unit, the serial number's length (1) and characters, the salt, and the SSCC (8, 0 for
    /// none). Integers are little-endian.
    pub const fn manifest_hash(&self) -> &Hash {
        &self.manifest_hash
    }

    /// The indices of the units that this manifest holds.
    pub fn units(&self) -> Range<u32> {
        self.units.clone()
    }

    /// Whether the lot has units that this manifest does not hold.
    pub fn is_partial(&self) -> bool {
        self.units != (0..self.quantity)
    }

    /// The unit with this serial number, if the manifest holds it.
    ///
    /// # Errors
    ///
    /// If the file cannot be read.
    pub fn find(&self, serial: &str) -> Result<Option<Unit>> {
        let mut statement = self.connection.prepare_cached(&format!(
            "SELECT {UNIT_COLUMNS} FROM unit WHERE serial = ?1"
        ))?;
        Ok(statement.query_row([serial], Unit::from_row).optional()?)
    }

    /// The unit with this index.
    ///
    /// # Errors
    ///
    /// If the manifest does not hold it, or the file cannot be read.
    pub fn unit(&self, index: u32) -> Result<Unit> {
        self.require(index..index.saturating_add(1))?;
        let mut unit = None;
        self.for_each(index..index + 1, |found| {
            unit = Some(found);
            ControlFlow::Continue(())
        })?;
        unit.ok_or_else(|| {
            let (expected, found) = (1, 0);
            Damage::Missing { expected, found }.into()
        })
    }

    /// Calls `visit` with each of the units in order, until it breaks.
    ///
    /// # Errors
    ///
    /// If the manifest does not hold all of them, or the file cannot be read.
    pub fn for_each(
        &self,
        units: Range<u32>,
        mut visit: impl FnMut(Unit) -> ControlFlow<()>,
    ) -> Result<()> {
        self.require(units.clone())?;
        let mut statement = self.connection.prepare_cached(&format!(
            "SELECT {UNIT_COLUMNS} FROM unit WHERE unit_index >= ?1 AND unit_index < ?2 \
             ORDER BY unit_index"
        ))?;
        let mut rows = statement.query(params![units.start, units.end])?;
        while let Some(row) = rows.next()? {
            if visit(Unit::from_row(row)?).is_break() {
                break;
            }
        }
        Ok(())
    }

    /// The proof that the unit with this index belongs to the lot, for [`crate::verify`].
    ///
    /// # Errors
    ///
    /// If the manifest does not hold the unit, or the file cannot be read or is damaged.
    pub fn prove(&self, index: u32) -> Result<Proof> {
        self.require(index..index.saturating_add(1))?;
        let mut proof = Vec::new();
        let mut subtree = 0..self.quantity;
        while subtree.end - subtree.start > 1 {
            let (left, right) = tree::halves(&subtree);
            let (on_path, sibling) = if left.contains(&index) {
                (left, right)
            } else {
                (right, left)
            };
            proof.push(self.subtree_hash(sibling)?);
            subtree = on_path;
        }
        proof.reverse();
        Ok(Proof(proof))
    }

    /// The hash of a subtree, which is stored or computed from those that are.
    fn subtree_hash(&self, units: Range<u32>) -> Result<Hash> {
        let size = units.end - units.start;
        let inside = subtrees::contains(&self.units, &units);
        if inside && size < STORED_SUBTREE {
            let mut leaves = Vec::with_capacity(size as usize);
            self.for_each(units.clone(), |unit| {
                leaves.push(tree::leaf(
                    &self.lot.address,
                    unit.index,
                    &unit.serial,
                    &unit.salt,
                ));
                ControlFlow::Continue(())
            })?;
            let (expected, found) = (size, leaves.len() as u32);
            if found != expected {
                return Err(Damage::Missing { expected, found }.into());
            }
            Ok(tree::root(&leaves))
        } else if inside || subtrees::are_disjoint(&units, &self.units) {
            let mut statement = self
                .connection
                .prepare_cached("SELECT hash FROM subtree WHERE first = ?1 AND size = ?2")?;
            statement
                .query_row([units.start, size], |row| row.get(0))
                .optional()?
                .ok_or_else(|| Damage::NoSubtree(units).into())
        } else {
            let (left, right) = tree::halves(&units);
            Ok(tree::node(
                &self.subtree_hash(left)?,
                &self.subtree_hash(right)?,
            ))
        }
    }

    /// Checks that the manifest holds these units, and that there are any.
    fn require(&self, requested: Range<u32>) -> Result<()> {
        if requested.is_empty() || !subtrees::contains(&self.units, &requested) {
            let held = self.units.clone();
            return Err(Error::OutOfRange { requested, held });
        }
        Ok(())
    }
}

/// Whether the operating system failed, rather than the file being damaged.
fn is_system_failure(error: &rusqlite::Error) -> bool {
    use rusqlite::ErrorCode::{
        CannotOpen, DatabaseBusy, DatabaseLocked, OutOfMemory, PermissionDenied, SystemIoFailure,
    };
    matches!(
        error.sqlite_error_code(),
        Some(
            CannotOpen
                | DatabaseBusy
                | DatabaseLocked
                | OutOfMemory
                | PermissionDenied
                | SystemIoFailure
        )
    )
}
