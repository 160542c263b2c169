//! `pedigree recall status` and `pedigree recall report`

use std::{fs::File, io::Write as _, path::PathBuf};

use anyhow::{Context as _, Result};

use super::{
    RecallRef,
    report::{StandingReport, page},
};
use crate::{Answer, context::Context};

/// Shows how a recall stands.
pub async fn status(context: &Context, recall: RecallRef) -> Result<Answer> {
    let (address, _) = recall.get(&context.ledger).await?;
    let report = StandingReport::read(&context.ledger, &address).await?;
    let is_complete = report.is_complete();
    context.print(&report);
    Ok(if is_complete { Answer::Yes } else { Answer::No })
}

/// Writes the page that is filed.
pub async fn write_report(context: &Context, recall: RecallRef, to: PathBuf) -> Result<Answer> {
    let (address, _) = recall.get(&context.ledger).await?;
    let report = StandingReport::read(&context.ledger, &address).await?;
    let html = page(&report)?;
    let mut file =
        File::create_new(&to).with_context(|| format!("could not create {}", to.display()))?;
    file.write_all(html.as_bytes())?;
    context.print(&report);
    Ok(Answer::Yes)
}
