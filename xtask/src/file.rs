//! Files that commands generate.

use std::{fs, path::Path};

use anyhow::{Context, Result};

/// Writes a file, unless it has these contents: then its time stamp stays, and what embeds the file
/// is not compiled again.
pub fn write_if_changed(path: &Path, contents: &[u8]) -> Result<()> {
    if fs::read(path).is_ok_and(|existing| existing == contents) {
        return Ok(());
    }
    fs::write(path, contents).with_context(|| format!("could not write {}", path.display()))
}
