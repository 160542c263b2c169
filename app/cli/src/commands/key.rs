//! `pedigree key`

use std::path::PathBuf;

use anyhow::{Context as _, Result, bail};
use clap::Subcommand;
use serde::Serialize;
use solana_keypair::{Keypair, write_keypair_file};
use solana_signer::Signer;

use crate::{answer::Answer, context::Context, output::Report};

#[derive(Subcommand)]
pub enum Key {
    /// Generate a keypair and write it to a file that must not exist yet
    New { file: PathBuf },
    /// Show the address of the acting keypair
    Address,
}

#[derive(Serialize)]
struct Address {
    address: String,
}

impl Report for Address {
    fn text(&self) -> String {
        self.address.clone()
    }
}

impl Key {
    pub fn run(self, context: &Context) -> Result<Answer> {
        let address = match self {
            Self::New { file } => {
                if file.exists() {
                    bail!(
                        "{} exists already, and a key in it would be lost: choose another name",
                        file.display()
                    );
                }
                let keypair = Keypair::new();
                write_keypair_file(&keypair, &file)
                    .map_err(|error| anyhow::anyhow!("{error}"))
                    .with_context(|| format!("cannot write {}", file.display()))?;
                keypair.pubkey()
            }
            Self::Address => context.key()?.address(),
        };
        context.print(&Address {
            address: address.to_string(),
        });
        Ok(Answer::Yes)
    }
}
