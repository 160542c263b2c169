//! Opening a manifest to go on with what it was created for.

use std::{ops::ControlFlow, path::Path};

use super::{Lot, Manifest};
use crate::{
    error::{Error, Result},
    serial_list::SerialList,
};

impl Manifest {
    /// Opens the whole manifest of `lot` that was created at `path` before: with the serial numbers of
    /// `list`, if one is given.
    ///
    /// # Errors
    ///
    /// If the file is the manifest of another lot, of another expiry date, of a part of the lot or of other
    /// serial numbers, or those of [`open`](Self::open).
    pub fn reopen(path: impl AsRef<Path>, lot: &Lot, list: Option<&SerialList>) -> Result<Self> {
        let path = path.as_ref();
        let manifest = Self::open(path)?;
        if manifest.lot != *lot {
            return Err(Error::OtherLot(path.to_owned()));
        }
        if manifest.is_partial() {
            return Err(Error::Partial(path.to_owned()));
        }
        match list {
            Some(list) if !manifest.lists(list)? => Err(Error::OtherSerials(path.to_owned())),
            _ => Ok(manifest),
        }
    }

    /// Whether the units of a whole manifest have the serial numbers of `list`, in its order.
    fn lists(&self, list: &SerialList) -> Result<bool> {
        let mut is_same = list.len() == self.quantity;
        if is_same {
            self.for_each(self.units(), |unit| {
                is_same = list.serial(unit.index) == unit.serial;
                match is_same {
                    true => ControlFlow::Continue(()),
                    false => ControlFlow::Break(()),
                }
            })?;
        }
        Ok(is_same)
    }
}
