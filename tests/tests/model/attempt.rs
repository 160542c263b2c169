//! An action on the ledger: its instruction, whether it is signed as it must be, and a forged version of
//! it.

use std::fmt::{self, Write as _};

use anchor_lang::{AccountMeta, Address, solana_program::instruction::Instruction};
use pedigree_interface::{Site, identifier::Gln};
use program_tests::{address, alter::Alter};
use solana_account::Account;

use crate::{
    Chain, FORGERY,
    action::Action,
    recall_action::RecallAction,
    register_action::RegisterAction,
    rules::Model,
    unit_rules::{self, TEN_DAYS},
};

/// The first word of what is written, and no more of it.
#[derive(Default)]
struct FirstWord(String);

impl fmt::Write for FirstWord {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        let end = text.find(' ').unwrap_or(text.len());
        self.0.push_str(&text[..end]);
        if end < text.len() {
            Err(fmt::Error)
        } else {
            Ok(())
        }
    }
}

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
            Action::Recall(RecallAction::ReturnTitle { goods, .. })
                if self.model.consignments[&goods.consignment].withdrawn_at != 0 =>
            {
                " of what was lost"
            }
            _ => "",
        };
        let mut name = FirstWord::default();
        // It ends with the word, as an error.
        let _ = match action {
            Action::Recall(action) => write!(name, "{action:?}"),
            Action::Register(action) => write!(name, "{action:?}"),
            _ => write!(name, "{action:?}"),
        };
        name.0 + special
    }

    /// The sites that sign an action, by whatever key.
    pub fn signers(&self, action: &mut Action) -> Vec<Gln> {
        let signatures = action.signatures().into_iter();
        signatures.map(|(site, _)| site.gln).collect()
    }

    /// Carries an action out in the model if it is allowed; returns the model before it then.
    ///
    /// No instruction can name a site that nobody has admitted, whatever its part would be.
    pub fn act(&mut self, action: &mut Action, instruction: &Instruction) -> Option<Model> {
        let is_new = |site: &&Site| !self.model.register.partners.contains_key(&site.gln);
        let mut new = self.sites.iter().filter(is_new);
        let is_named = |site: &Site| {
            instruction
                .accounts
                .iter()
                .any(|it| it.pubkey == site.partner)
        };
        let admits = matches!(action, Action::Register(RegisterAction::Admit { .. }));
        if !admits && new.any(is_named) {
            return None;
        }
        let mut signatures = action.signatures().into_iter();
        let is_signed = signatures.all(|(site, needed)| self.model.may_sign(*site, needed));
        if is_signed {
            self.model.act(action)
        } else {
            None
        }
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
