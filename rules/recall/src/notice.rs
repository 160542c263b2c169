use pedigree_domain::ensure;

use crate::{
    error::{RecallError, Result},
    state::Recall,
};

/// Where the public notice is.
#[cfg_attr(
    feature = "anchor",
    derive(
        anchor_lang::AnchorSerialize,
        anchor_lang::AnchorDeserialize,
        anchor_lang::IdlType
    )
)]
#[derive(Clone, Copy, Debug)]
pub struct Notice {
    /// SHA-256 of the notice as published.
    pub hash: [u8; 32],
    /// Its address on the web: printable ASCII without spaces, then zeros.
    pub address: [u8; 96],
}

impl Notice {
    /// Writes it into a recall. Only a regulator replaces the notice that a regulator published: others name it
    /// again.
    pub(crate) fn apply(&self, recall: &mut Recall, by_regulator: bool) -> Result {
        let length = self
            .address
            .iter()
            .position(|byte| !byte.is_ascii_graphic())
            .unwrap_or(self.address.len());
        let (text, padding) = self.address.split_at(length);
        ensure!(
            !text.is_empty() && padding.iter().all(|&byte| byte == 0) && self.hash != [0; 32],
            RecallError::InvalidNotice
        );
        let is_there = recall.notice_hash == self.hash && recall.notice_address == self.address;
        ensure!(
            by_regulator || recall.regulators_notice == 0 || is_there,
            RecallError::RegulatorsNotice
        );
        recall.regulators_notice |= u8::from(by_regulator);
        recall.notice_hash = self.hash;
        recall.notice_address = self.address;
        Ok(())
    }
}
