//! `pedigree man`

use std::{fs, path::PathBuf};

use anyhow::{Context as _, Result};
use clap::{Args, Command};

/// Write man pages, one for each command.
#[derive(Args)]
pub struct Man {
    /// The folder to write them to, such as ~/.local/share/man/man1
    folder: PathBuf,
}

impl Man {
    /// Writes the pages of `command` and of those below it.
    pub fn write(self, command: Command) -> Result<()> {
        fs::create_dir_all(&self.folder)
            .and_then(|()| clap_mangen::generate_to(command, &self.folder))
            .with_context(|| format!("could not write to {}", self.folder.display()))
    }
}
