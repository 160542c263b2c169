//! The account that shows what became of units.

use anchor_lang::{AnchorAccount, prelude::*};
use custody_rules::{Consignment, Transfer};
use recall_rules::{RecallError, evidence::Evidence};

/// A custody account of one of the two types that show it.
pub(super) enum EvidenceAccount {
    Transfer(Account<Transfer>),
    Consignment(Account<Consignment>),
}

impl EvidenceAccount {
    #[inline(never)]
    pub(super) fn load(account: &UncheckedAccount) -> Result<Self> {
        let view = *account.account();
        if let Ok(transfer) = Account::load(view) {
            return Ok(Self::Transfer(transfer));
        }
        let consignment = Account::load(view).map_err(|_| RecallError::NotEvidence)?;
        Ok(Self::Consignment(consignment))
    }

    pub(super) fn evidence(&self) -> Evidence<'_> {
        match self {
            Self::Transfer(transfer) => Evidence::Transfer(transfer),
            Self::Consignment(consignment) => Evidence::Consignment(consignment),
        }
    }
}
