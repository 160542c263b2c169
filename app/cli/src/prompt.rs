//! Asking a person to agree.

use std::io::{IsTerminal as _, stdin};

use anyhow::{Result, anyhow, bail};

use crate::context::Context;

/// Prompts whether to send, unless `--yes` was given.
pub fn ask(context: &Context, purpose: &str) -> Result<()> {
    if context.is_agreed() {
        return Ok(());
    }
    if !stdin().is_terminal() {
        bail!(
            "cannot prompt whether to {purpose}: stdin is not a terminal; pass --yes to send, or \
             --dry-run to simulate only"
        );
    }
    let prompt = format!("On {}: {purpose}?", context.ledger.rpc().url());
    if dialoguer::Confirm::new()
        .with_prompt(prompt)
        .default(false)
        .interact()?
    {
        Ok(())
    } else {
        Err(anyhow!("not sent"))
    }
}
