//! The model: what every account must hold, and which actions the rules allow, in plain Rust and written
//! without reference to the programs' code.

use std::collections::BTreeMap;

use anchor_lang::Address;
use custody::{Case, Change, Consignment, ConsignmentStatus, Lot, Transfer, UnitRecord};
use pedigree_domain::Roles;
use pedigree_interface::{Goods, Site};

use crate::{
    action::Action,
    state::{Gone, Recalls, Register},
};

pub const QUARANTINED: u8 = 1;
pub const RETURNED: u8 = 2;
pub const CONDEMNED: u8 = 4;
pub const OPENED: u8 = 8;
pub const SURRENDERED: u8 = 16;

/// Who may have medicines that are for sale.
pub const TRADERS: Roles = Roles::MANUFACTURER
    .union(Roles::REPACKAGER)
    .union(Roles::WHOLESALER)
    .union(Roles::LOGISTICS)
    .union(Roles::DISPENSER);

/// Who may own medicines.
pub const OWNERS: Roles = TRADERS.difference(Roles::LOGISTICS);

/// Who may have medicines.
pub const HOLDERS: Roles = TRADERS
    .union(Roles::REVERSE_DISTRIBUTOR)
    .union(Roles::LABORATORY);

/// Everything that the programs' accounts must hold.
#[derive(Clone)]
pub struct Model {
    pub now: i64,
    pub register: Register,
    pub lots: BTreeMap<Address, Lot>,
    pub consignments: BTreeMap<Address, Consignment>,
    pub transfers: BTreeMap<Address, Transfer>,
    pub cases: BTreeMap<Address, Case>,
    /// The units that are no longer active, by their lot and their index in it.
    pub gone: BTreeMap<(Address, u32), Gone>,
    /// The lot and the number of each page.
    pub pages: BTreeMap<Address, (Address, u32)>,
    pub records: BTreeMap<Address, UnitRecord>,
    /// The trail of each page.
    pub trails: BTreeMap<Address, [u8; 32]>,
    pub recalls: Recalls,
    /// Who pays rent.
    pub payer: Address,
}

/// Goes on if the condition holds, and refuses the action otherwise.
macro_rules! need {
    ($condition:expr) => {
        if !$condition {
            return None;
        }
    };
}
pub(crate) use need;

impl Model {
    /// Carries the action out if the rules allow it; returns the model before it then.
    pub fn act(&mut self, action: &Action) -> Option<Self> {
        let before = self.clone();
        if self.try_to(action).is_none() {
            *self = before;
            return None;
        }
        Some(before)
    }

    fn try_to(&mut self, action: &Action) -> Option<()> {
        match *action {
            Action::Offer { .. }
            | Action::Accept { .. }
            | Action::AcceptWithDiscrepancy { .. }
            | Action::Reject { .. }
            | Action::Cancel { .. }
            | Action::Expire { .. }
            | Action::Archive { .. }
            | Action::Handoff { .. }
            | Action::HandoffBatch { .. }
            | Action::TransferTitle { .. }
            | Action::Recover { .. } => self.act_on_custody(action),
            Action::Split { .. }
            | Action::Merge { .. }
            | Action::Pack { .. }
            | Action::Unpack { .. } => self.act_on_packages(action),
            Action::Quarantine { .. }
            | Action::Release { .. }
            | Action::VerifyReturn { .. }
            | Action::QuarantineLot { .. }
            | Action::ReleaseLot { .. }
            | Action::AdoptLot { .. } => self.act_on_restrictions(action),
            Action::OpenCase { .. }
            | Action::OpenLotCase { .. }
            | Action::DetermineCase { .. }
            | Action::NotifyCase { .. }
            | Action::ResolveCase { .. } => self.act_on_cases(action),
            Action::Destroy { .. }
            | Action::Export { .. }
            | Action::Sample { .. }
            | Action::ReportStolen { .. }
            | Action::UndoWithdrawal { .. } => self.withdraw(action),
            Action::Dispense { .. }
            | Action::UndoDispense { .. }
            | Action::Decommission { .. }
            | Action::UndoDecommission { .. }
            | Action::RestoreUnits { .. }
            | Action::DestroyUnits { .. }
            | Action::CloseUnitRecord { .. } => self.act_on_units(action),
            Action::Recall(ref action) => self.act_on_recall(action),
            Action::Register(ref action) => self.act_on_register(action),
        }
    }

    /// A consignment that `by` holds.
    pub fn at_hand(&mut self, by: Site, consignment: Address) -> Option<&mut Consignment> {
        self.check_at_hand(by, consignment)?;
        self.consignments.get_mut(&consignment)
    }

    /// The consignment of these goods, if `by` holds it and it is at the sequence that they name.
    pub fn named(&mut self, by: Site, goods: Goods) -> Option<&mut Consignment> {
        let consignment = self.at_hand(by, goods.consignment)?;
        need!(consignment.sequence == goods.sequence);
        Some(consignment)
    }

    /// The consignment, if `by` holds it.
    pub fn check_at_hand(&self, by: Site, consignment: Address) -> Option<&Consignment> {
        let consignment = self.consignments.get(&consignment)?;
        need!(consignment.custodian == by.gln.number());
        need!(consignment.status == ConsignmentStatus::Held);
        Some(consignment)
    }
}

/// Whether the units are in the chain.
pub fn is_live(consignment: &Consignment) -> bool {
    [ConsignmentStatus::Held, ConsignmentStatus::Offered].contains(&consignment.status)
}

/// Extends the trail as its documentation says.
pub fn link(consignment: &mut Consignment, kind: Change, document_hash: [u8; 32]) {
    consignment.kind = kind;
    consignment.document_hash = document_hash;
    let link = [
        consignment.trail.as_slice(),
        &document_hash,
        &consignment.custodian.to_le_bytes(),
        &consignment.owner.to_le_bytes(),
        &consignment.sequence.to_le_bytes(),
        &consignment.first_unit.to_le_bytes(),
        &consignment.quantity.to_le_bytes(),
        &[kind.code()],
    ]
    .concat();
    consignment.trail = anchor_lang::sha256(&link);
}
