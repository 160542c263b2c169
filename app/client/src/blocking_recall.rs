//! A recall that blocks units.

use std::fmt;

use pedigree_interface::text::field_text;
use recall::Recall;
use serde::Serialize;
use solana_pubkey::Pubkey;

/// What a site that holds recalled units needs to know of the recall.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct BlockingRecall {
    /// The recall's address.
    pub recall: String,
    /// The health hazard: I, II, III or unclassified (21 CFR 7.3(m)).
    pub class: String,
    /// Why the units are recalled.
    pub reason: String,
    /// How far down the chain the recall reaches (21 CFR 7.42(b)(1)).
    pub depth: String,
    /// How far the recall has come.
    pub state: String,
    /// Where to read the notice.
    pub notice: String,
}

impl BlockingRecall {
    pub(crate) fn new(address: &Pubkey, recall: &Recall) -> Self {
        Self {
            recall: address.to_string(),
            class: recall.class.to_string(),
            reason: recall.reason.to_string(),
            depth: recall.depth.to_string(),
            state: recall.state.to_string(),
            notice: field_text(&recall.notice_address),
        }
    }
}

impl fmt::Display for BlockingRecall {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            recall,
            class,
            reason,
            depth,
            state,
            notice,
        } = self;
        write!(
            f,
            "class {class} to the {depth} level, {reason}, {state}: see {notice} (recall {recall})"
        )
    }
}
