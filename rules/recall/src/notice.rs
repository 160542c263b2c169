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
    /// Writes it into a recall.
    pub(crate) fn apply(&self, recall: &mut Recall) -> Result {
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
        recall.notice_hash = self.hash;
        recall.notice_address = self.address;
        Ok(())
    }
}
