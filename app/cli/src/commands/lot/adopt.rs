//! `pedigree lot adopt`

use anyhow::Result;
use pedigree_client::{planning::minting::adopt, reference::LotRef};

use crate::{context::Context, sending::send};

/// Makes the product's manufacturer responsible for a lot that another one minted.
pub async fn run(context: &Context, lot: LotRef) -> Result<()> {
    let plan = adopt(&context.actor()?, lot).await?;
    send(context, plan).await
}
