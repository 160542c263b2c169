use pedigree_domain::ensure;

use crate::{
    error::{RecallError, Result},
    state::{CheckLevel, Recall, RecallClass, RecallDepth},
};

/// How grave a recall is, and how its effectiveness is checked.
#[cfg_attr(
    feature = "anchor",
    derive(
        anchor_lang::AnchorSerialize,
        anchor_lang::AnchorDeserialize,
        anchor_lang::IdlType
    )
)]
#[derive(Clone, Copy, Debug)]
pub struct RecallStrategy {
    /// Code of a [`RecallClass`].
    pub class: u8,
    /// Code of a [`RecallDepth`].
    pub depth: u8,
    /// Code of a [`CheckLevel`].
    pub check_level: u8,
    /// Percentage of the sites to ask at level B, 11 to 99; 0 at the other levels.
    pub check_percent: u8,
}

impl RecallStrategy {
    /// Writes it into a recall.
    pub(crate) fn apply(&self, recall: &mut Recall) -> Result {
        let class = RecallClass::from_code(self.class);
        ensure!(class.is_known(), RecallError::InvalidClass);
        let depth = RecallDepth::from_code(self.depth);
        ensure!(depth.is_known(), RecallError::InvalidDepth);
        let level = CheckLevel::from_code(self.check_level);
        let percent = level
            .percent(self.check_percent)
            .ok_or(RecallError::InvalidCheckLevel)?;
        recall.class = class;
        recall.depth = depth;
        recall.check_level = level;
        recall.check_percent = percent;
        Ok(())
    }
}
