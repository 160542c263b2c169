//! `pedigree recall list`

use anyhow::Result;
use pedigree_client::{identifier::Gtin, lists};

use super::report::RecallList;
use crate::{answer::Answer, context::Context, names::SiteNames};

/// Lists recalls, the newest first.
pub async fn list(context: &Context, gtin: Option<Gtin>, all: bool) -> Result<Answer> {
    let recalls = lists::recalls(&context.ledger, gtin, all).await?;
    let sites = recalls
        .iter()
        .flat_map(|recall| [Some(recall.opened_by()), recall.classified_by()])
        .flatten();
    let names = SiteNames::read(&context.ledger, sites).await?;
    let lots = context
        .ledger
        .get_many(recalls.iter().map(|recall| recall.lot))
        .await?;
    context.print(&RecallList::new(&recalls, &lots, &names));
    Ok(Answer::Yes)
}
