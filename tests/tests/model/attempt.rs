//! An action on the ledger: its instruction, whether it is signed as it must be, and a forged version of
//! it.

use anchor_lang::{AccountMeta, Address, solana_program::instruction::Instruction};
use pedigree_interface::{Site, identifier::Gln};
use program_tests::{address, alter::Alter};
use solana_account::Account;

use crate::{
    Chain, FORGERY,
    action::Action,
    unit_rules::{self, TEN_DAYS},
};

impl Chain<'_> {
    /// The action's name in the tally, with a suffix for cases that must be tried both ways on their own.
    pub fn name(&self, action: &Action) -> String {
        let is_opened = |at: &Address| {
            let consignment = self.model.consignments.get(at);
            consignment.is_some_and(|consignment| consignment.inactive > 0)
        };
        let special = match action {
            Action::Split { goods, .. } if is_opened(&goods.consignment) => " where units are gone",
            Action::Merge {
                goods, neighbour, ..
            } if is_opened(&goods.consignment) || is_opened(&neighbour.consignment) => {
                " where units are gone"
            }
            Action::UndoDispense { goods, block, .. }
            | Action::UndoDecommission { goods, block, .. }
                if unit_rules::units_of(*block).any(|unit| {
                    let gone = self.model.gone.get(&(goods.lot, unit as u32));
                    gone.is_some_and(|gone| gone.at + TEN_DAYS <= self.model.now)
                }) =>
            {
                " after ten days"
            }
            _ => "",
        };
        let name = match action {
            Action::Recall(action) => format!("{action:?}"),
            _ => format!("{action:?}"),
        };
        let name = name.split(' ').next().unwrap_or_default();
        format!("{name}{special}")
    }

    /// The sites whose keys sign an instruction.
    pub fn signers(&self, instruction: &Instruction) -> Vec<Gln> {
        let signs = |site: &&Site| {
            let mut accounts = instruction.accounts.iter();
            accounts.any(|meta| meta.is_signer && meta.pubkey == site.key)
        };
        self.sites
            .iter()
            .filter(signs)
            .map(|site| site.gln)
            .collect()
    }

    pub fn instruction(&self, action: &Action) -> Instruction {
        let child = match action {
            Action::Split { goods, .. } => self.model.consignments[&goods.consignment].children,
            _ => 0,
        };
        let is_lot = matches!(
            action,
            Action::ResolveCase { subject, .. } if self.lots.contains(subject)
        );
        let mut instruction = action.instruction(self.world.payer, self.token, child, is_lot);
        if let Action::Split { goods, pages, .. } = action {
            let lot = self.model.consignments[&goods.consignment].lot;
            for &page in pages {
                let page = address::unit_page(&lot, page);
                instruction
                    .accounts
                    .push(AccountMeta::new_readonly(page, false));
            }
        }
        instruction
    }

    /// Whether the keys that sign are their sites'.
    pub fn is_signed(&self, action: &Action) -> bool {
        let is_own = |site: &Site| self.site_of(site.gln.number()).key == site.key;
        match action {
            Action::Handoff { from, to, .. } | Action::HandoffBatch { from, to, .. } => {
                is_own(from) && is_own(to)
            }
            Action::TransferTitle { seller, buyer, .. } => is_own(seller) && is_own(buyer),
            Action::Destroy { by, witness, .. } | Action::DestroyUnits { by, witness, .. } => {
                is_own(by) && is_own(witness)
            }
            Action::Sample { by, witness, .. }
            | Action::ReportStolen { by, witness, .. }
            | Action::Decommission { by, witness, .. } => {
                is_own(by) && witness.is_none_or(|witness| is_own(&witness.site))
            }
            Action::Dispense { by, owner, .. } => {
                is_own(by) && owner.is_none_or(|owner| is_own(&owner))
            }
            Action::Recover { regulator, to, .. } => is_own(regulator) && is_own(to),
            Action::Offer { from, .. } | Action::Cancel { from, .. } => is_own(from),
            Action::Accept { to, .. }
            | Action::AcceptWithDiscrepancy { to, .. }
            | Action::Reject { to, .. } => is_own(to),
            Action::Expire { .. } | Action::Archive { .. } | Action::CloseUnitRecord { .. } => true,
            Action::Recall(action) => action.by().is_none_or(|by| is_own(&by)),
            Action::Split { by, .. }
            | Action::Merge { by, .. }
            | Action::Pack { by, .. }
            | Action::Unpack { by, .. }
            | Action::Quarantine { by, .. }
            | Action::Release { by, .. }
            | Action::VerifyReturn { by, .. }
            | Action::QuarantineLot { by, .. }
            | Action::ReleaseLot { by, .. }
            | Action::Export { by, .. }
            | Action::AdoptLot { by, .. }
            | Action::OpenCase { by, .. }
            | Action::OpenLotCase { by, .. }
            | Action::DetermineCase { by, .. }
            | Action::NotifyCase { by, .. }
            | Action::ResolveCase { by, .. }
            | Action::UndoDispense { by, .. }
            | Action::UndoDecommission { by, .. }
            | Action::RestoreUnits { by, .. } => is_own(by),
        }
    }

    /// The instruction with one of its accounts replaced by a forgery: the same bytes at another
    /// address, in another program's hands.
    pub fn forge(&mut self, instruction: &Instruction, amount: u32) -> Option<Instruction> {
        let ours: Vec<(Address, Account)> = instruction
            .accounts
            .iter()
            .filter_map(|meta| Some((meta.pubkey, self.world.ledger.find_account(meta.pubkey)?)))
            .filter(|(_, account)| [registry::ID, custody::ID, recall::ID].contains(&account.owner))
            .collect();
        let (genuine, mut account) = ours.get(amount as usize % ours.len().max(1))?.clone();
        account.owner = Address::new_from_array([0xF1; 32]);
        self.world.ledger.set_account(FORGERY, account);
        Some(instruction.clone().replacing(genuine, FORGERY))
    }
}
