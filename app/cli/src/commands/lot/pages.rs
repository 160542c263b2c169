//! `pedigree lot open-pages`

use anyhow::Result;
use pedigree_client::{planning::minting::open_pages, reference::LotRef};

use crate::{context::Context, sending::send};

/// Opens those of the lot's pages that are not open yet.
pub async fn open(context: &Context, lot: LotRef) -> Result<()> {
    let plan = open_pages(&context.actor()?, lot).await?;
    send(context, plan).await
}
