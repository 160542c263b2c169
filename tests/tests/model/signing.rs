//! Who signs an action, and with which key.

use pedigree_domain::Permissions;
use pedigree_interface::Site;

use crate::{
    Chain, Step, action::Action, recall_action::RecallAction, register_action::RegisterAction,
};

/// A site that signs, and what its operator must be permitted to sign for it; without a permission, only its
/// own key may.
pub type Signature<'a> = (&'a mut Site, Option<Permissions>);

impl Action {
    /// The sites that sign, in the order in which the program asks for their operators' accounts.
    pub fn signatures(&mut self) -> Vec<Signature<'_>> {
        let one = |site, needed| vec![(site, Some(needed))];
        match self {
            Self::Offer { from, .. } | Self::Cancel { from, .. } => one(from, Permissions::SHIP),
            Self::Accept { to, .. }
            | Self::AcceptWithDiscrepancy { to, .. }
            | Self::Reject { to, .. } => one(to, Permissions::RECEIVE),
            Self::Handoff { from, to, .. } | Self::HandoffBatch { from, to, .. } => vec![
                (from, Some(Permissions::SHIP)),
                (to, Some(Permissions::RECEIVE)),
            ],
            Self::TransferTitle { seller, buyer, .. } => vec![
                (seller, Some(Permissions::SHIP)),
                (buyer, Some(Permissions::RECEIVE)),
            ],
            Self::Recover { regulator, to, .. } => vec![
                (regulator, Some(Permissions::QUARANTINE)),
                (to, Some(Permissions::RECEIVE)),
            ],
            Self::Split { by, .. }
            | Self::Merge { by, .. }
            | Self::Pack { by, .. }
            | Self::Unpack { by, .. } => one(by, Permissions::PACK),
            Self::VerifyReturn { by, .. } => one(by, Permissions::RECEIVE),
            Self::Quarantine { by, .. }
            | Self::Release { by, .. }
            | Self::QuarantineLot { by, .. }
            | Self::ReleaseLot { by, .. }
            | Self::OpenCase { by, .. }
            | Self::OpenLotCase { by, .. }
            | Self::DetermineCase { by, .. }
            | Self::NotifyCase { by, .. }
            | Self::ResolveCase { by, .. }
            | Self::RestoreUnits { by, .. } => one(by, Permissions::QUARANTINE),
            Self::AdoptLot { by, .. } => one(by, Permissions::COMMISSION),
            Self::Destroy { by, witness, .. } | Self::DestroyUnits { by, witness, .. } => vec![
                (by, Some(Permissions::WITHDRAW)),
                (witness, Some(Permissions::WITNESS)),
            ],
            Self::Sample { by, witness, .. }
            | Self::ReportStolen { by, witness, .. }
            | Self::Decommission { by, witness, .. } => {
                let mut signatures = one(by, Permissions::WITHDRAW);
                let witness = witness.as_mut();
                signatures
                    .extend(witness.map(|witness| (&mut witness.site, Some(Permissions::WITNESS))));
                signatures
            }
            Self::Export { by, .. }
            | Self::UndoDecommission { by, .. }
            | Self::UndoWithdrawal { by, .. } => one(by, Permissions::WITHDRAW),
            Self::Dispense { by, owner, .. } => {
                let mut signatures = one(by, Permissions::DISPENSE);
                let owner = owner.as_mut();
                signatures.extend(owner.map(|owner| (owner, Some(Permissions::DISPENSE))));
                signatures
            }
            Self::UndoDispense { by, .. } => one(by, Permissions::DISPENSE),
            Self::Expire { .. } | Self::Archive { .. } | Self::CloseUnitRecord { .. } => Vec::new(),
            Self::Recall(action) => action.signatures(),
            Self::Register(action) => action.signatures(),
        }
    }
}

impl RecallAction {
    fn signatures(&mut self) -> Vec<Signature<'_>> {
        match self {
            Self::Open { by, .. }
            | Self::Expand { by, .. }
            | Self::Narrow { by, .. }
            | Self::Reclassify { by, .. }
            | Self::Complete { by, .. }
            | Self::Terminate { by, .. }
            | Self::Reopen { by, .. }
            | Self::Respond { by, .. }
            | Self::Prove { by, .. }
            | Self::Withdraw { by, .. } => vec![(by, Some(Permissions::RECALL))],
            Self::ReturnTitle { by, .. } => vec![(by, Some(Permissions::SHIP))],
            Self::Claim { by, .. } | Self::Fund { by, .. } => vec![(by, None)],
            Self::CloseClaims { .. } | Self::CloseProofs { .. } => Vec::new(),
        }
    }
}

impl RegisterAction {
    /// The sites that sign; who signs as an issuer or as the registry authority is for the rules to check.
    fn signatures(&mut self) -> Vec<Signature<'_>> {
        match self {
            Self::Confirm { by, .. }
            | Self::ProposeKey { by, .. }
            | Self::AppointOperator { by, .. }
            | Self::DismissOperator { by, .. }
            | Self::DismissAllOperators { by }
            | Self::ProposeProduct { by, .. }
            | Self::AcceptProduct { by, .. } => vec![(by, None)],
            _ => Vec::new(),
        }
    }
}

impl Chain<'_> {
    /// Has operators sign for their sites, or somebody with another key of the site, for some steps.
    pub fn sign_otherwise(&self, action: &mut Action, step: Step) {
        let signs = |site: &Site| self.current(*site).key == site.key;
        let own = action.signatures().into_iter().map(|(site, _)| site);
        for site in own.filter(|site| signs(site)) {
            let mut operators = self.model.register.operators.iter();
            match step.flaw {
                24..28 => {
                    let of_site: Vec<_> = operators
                        .by_ref()
                        .filter(|(_, it)| it.partner == site.partner)
                        .collect();
                    let place = step.amount as usize / 16 % of_site.len().max(1);
                    if let Some(&(&at, operator)) = of_site.get(place) {
                        (site.key, site.operator) = (operator.key, Some(at));
                    }
                }
                28 => site.key = self.keys.another(site.gln, step.sites[2]),
                _ => {}
            }
        }
    }
}
