//! The accounts that a plan creates, as commands report them.

use pedigree_client::plan::Created;
use serde::Serialize;

/// An account that a transaction creates.
#[derive(Serialize)]
pub struct Made {
    what: &'static str,
    address: String,
}

impl Made {
    pub fn of(created: &[Created]) -> Vec<Self> {
        let made = |created: &Created| Self {
            what: created.what,
            address: created.address.to_string(),
        };
        created.iter().map(made).collect()
    }

    pub fn lines(all: &[Self]) -> String {
        all.iter()
            .map(|made| format!("\nNew {} {}", made.what, made.address))
            .collect()
    }
}
