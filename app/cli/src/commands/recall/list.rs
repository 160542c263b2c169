//! `pedigree recall list`

use std::cmp::Reverse;

use anyhow::Result;
use pedigree_client::{
    Located,
    identifier::Gtin,
    recall::{Recall, RecallState},
};

use super::report::RecallList;
use crate::{answer::Answer, context::Context, names::SiteNames};

/// Lists recalls, the newest first.
pub async fn list(context: &Context, gtin: Option<Gtin>, all: bool) -> Result<Answer> {
    let mut recalls: Vec<Located<Recall>> = context.ledger.list(&[]).await?;
    recalls.retain(|recall| {
        gtin.is_none_or(|gtin| gtin == recall.gtin())
            && (all || recall.state != RecallState::Terminated)
    });
    recalls.sort_by_key(|recall| Reverse(recall.opened_at));
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
