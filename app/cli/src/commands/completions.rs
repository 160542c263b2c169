//! `pedigree completions`

use std::io::stdout;

use clap::{Args, Command};
use clap_complete::{Shell, generate};

/// Write a completion script for a shell.
#[derive(Args)]
pub struct Completions {
    shell: Shell,
}

impl Completions {
    /// Writes the script that completes `command`.
    pub fn write(self, command: &mut Command) {
        generate(self.shell, command, "pedigree", &mut stdout());
    }
}
