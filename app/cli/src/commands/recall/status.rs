//! `pedigree recall status` and `pedigree recall report`

use std::{fs::File, io::Write as _, path::PathBuf};

use anyhow::{Context as _, Result};
use pedigree_client::reference::RecallRef;

use super::{page::page, report::StatusReport};
use crate::{answer::Answer, context::Context};

/// Shows how a recall stands.
pub async fn status(context: &Context, recall: RecallRef) -> Result<Answer> {
    let report =
        StatusReport::read(&context.ledger, &recall.address(&context.ledger).await?).await?;
    let is_complete = report.is_complete();
    context.print(&report);
    Ok(is_complete.into())
}

/// Writes the page that is filed.
pub async fn write_report(context: &Context, recall: RecallRef, to: PathBuf) -> Result<Answer> {
    let report =
        StatusReport::read(&context.ledger, &recall.address(&context.ledger).await?).await?;
    let html = page(&report)?;
    let mut file =
        File::create_new(&to).with_context(|| format!("could not create {}", to.display()))?;
    file.write_all(html.as_bytes())?;
    context.print(&report);
    Ok(Answer::Yes)
}
