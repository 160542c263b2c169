//! The manifest as callers see it.

mod check;
mod create;
mod extract;

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
    tree::{self, Hash, Proof, STORED_SUBTREE, Salt},
};

/// What a manifest says of its lot, in the encodings of the ledger's accounts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Lot {
    /// The GTIN as a number.
    pub gtin: u64,
    /// 1 to 20 characters of GS1 character set 82.
    pub lot_number: String,
    /// The expiry date on the label: `YYYYMMDD`, day 00 = last of the month.
    pub expiry: u32,
    /// The address of the lot's account, which follows from GTIN and lot number.
    pub address: [u8; 32],
}

impl Lot {
    /// Checks GTIN, lot number and expiry; gives the lot number zero padded.
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
    /// Its place in packing order, from 0.
    pub index: u32,
    pub serial: String,
    /// Random bytes that keep the serial from being found by trying; as secret as the serial.
    pub salt: Salt,
    /// The SSCC of the package that it was packed in, if the packaging line told.
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

/// An open manifest, whole or partial. It is never changed once it is written.
#[derive(Debug)]
pub struct Manifest {
    connection: Connection,
    lot: Lot,
    quantity: u32,
    root: Hash,
    manifest_hash: Hash,
    run: Range<u32>,
}

impl Manifest {
    /// Opens the manifest at `path`. What it holds is believed as it stands until
    /// [`check`](Self::check) has been through it.
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
                Error::Sqlite(reason) if is_the_systems(&reason) => Error::Unreadable {
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
        let (lot, quantity, root, manifest_hash, run) = connection.query_row(
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
                let (first, units): (u32, u32) = (row.get(7)?, row.get(8)?);
                let run = first..first.saturating_add(units);
                Ok((lot, row.get(4)?, row.get(5)?, row.get(6)?, run))
            },
        )?;
        lot.checked_number()?;
        if run.is_empty() || run.end > quantity {
            return Err(not_a_manifest());
        }
        Ok(Self {
            connection,
            lot,
            quantity,
            root,
            manifest_hash,
            run,
        })
    }

    pub const fn lot(&self) -> &Lot {
        &self.lot
    }

    /// Units in the lot, whether or not this manifest holds them.
    pub const fn quantity(&self) -> u32 {
        self.quantity
    }

    /// The root of the lot's tree; genuine if the lot's account has the same.
    pub const fn root(&self) -> &Hash {
        &self.root
    }

    /// The hash over the whole manifest's canonical stream, which a partial one repeats. The stream
    /// holds, in this order and little-endian: the 20 bytes `pedigree manifest 1` and zero, the
    /// lot's address, GTIN (8 bytes), lot number (20, zero padded), expiry and quantity (4 each) and
    /// root; then for each unit the serial's length (1) and bytes, the salt and the SSCC (8, 0 for
    /// none).
    pub const fn manifest_hash(&self) -> &Hash {
        &self.manifest_hash
    }

    /// The indices of the units that this manifest holds.
    pub fn run(&self) -> Range<u32> {
        self.run.clone()
    }

    /// Whether the lot has units that this manifest does not hold.
    pub fn is_partial(&self) -> bool {
        self.run != (0..self.quantity)
    }

    /// The unit that carries `serial`, if the manifest holds it.
    pub fn find(&self, serial: &str) -> Result<Option<Unit>> {
        let mut statement = self.connection.prepare_cached(&format!(
            "SELECT {UNIT_COLUMNS} FROM unit WHERE serial = ?1"
        ))?;
        Ok(statement.query_row([serial], Unit::from_row).optional()?)
    }

    /// The unit with this index.
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

    /// Calls `visit` with each unit of `units` in order, until it breaks off.
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
    pub fn prove(&self, index: u32) -> Result<Proof> {
        self.require(index..index.saturating_add(1))?;
        let mut proof = Vec::new();
        let mut subtree = 0..self.quantity;
        while subtree.end - subtree.start > 1 {
            let (left, right) = tree::halves(&subtree);
            let (towards, beside) = if left.contains(&index) {
                (left, right)
            } else {
                (right, left)
            };
            proof.push(self.subtree_hash(beside)?);
            subtree = towards;
        }
        proof.reverse();
        Ok(Proof(proof))
    }

    /// The hash of a subtree, as stored or computed from what is.
    fn subtree_hash(&self, units: Range<u32>) -> Result<Hash> {
        let size = units.end - units.start;
        let inside = tree::contains(&self.run, &units);
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
        } else if inside || tree::are_disjoint(&units, &self.run) {
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

    /// Refuses units that the manifest does not hold.
    fn require(&self, asked: Range<u32>) -> Result<()> {
        if asked.is_empty() || !tree::contains(&self.run, &asked) {
            let held = self.run.clone();
            return Err(Error::OutOfRange { asked, held });
        }
        Ok(())
    }
}

/// Whether the system failed rather than the file.
fn is_the_systems(error: &rusqlite::Error) -> bool {
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
