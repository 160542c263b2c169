//! `pedigree recall list`

use std::cmp::Reverse;

use anyhow::Result;
use pedigree_client::{
    identifier::Gtin,
    recall::{Recall, RecallState},
};
use solana_pubkey::Pubkey;

use super::report::RecallList;
use crate::{Answer, context::Context, names::SiteNames};

/// Lists recalls, the newest first.
pub async fn list(context: &Context, gtin: Option<Gtin>, all: bool) -> Result<Answer> {
    let mut recalls: Vec<(Pubkey, Recall)> = context.ledger.list(&[]).await?;
    recalls.retain(|(_, recall)| {
        gtin.is_none_or(|gtin| gtin.number() == recall.gtin)
            && (all || recall.state != RecallState::Terminated)
    });
    recalls.sort_by_key(|(_, recall)| Reverse(recall.opened_at));
    let sites = recalls.iter().map(|(_, recall)| recall.opened_by);
    let names = SiteNames::read(&context.ledger, sites).await?;
    let lots = context
        .ledger
        .get_many(recalls.iter().map(|(_, recall)| recall.lot))
        .await?;
    context.print(&RecallList::new(&recalls, &lots, &names));
    Ok(Answer::Yes)
}
