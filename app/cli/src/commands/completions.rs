//! `pedigree completions`

use std::io::stdout;

use clap::{Args, CommandFactory};
use clap_complete::Shell;

use crate::{Answer, Arguments};

/// Write a completion script for a shell.
#[derive(Args)]
pub struct Completions {
    shell: Shell,
}

impl Completions {
    pub fn run(self) -> Answer {
        clap_complete::generate(
            self.shell,
            &mut Arguments::command(),
            "pedigree",
            &mut stdout(),
        );
        Answer::Yes
    }
}
