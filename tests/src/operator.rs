//! Operators of the world's sites.

use anchor_lang::{Address, solana_program::instruction::Instruction};
use pedigree_domain::Permissions;
use pedigree_interface::{
    Site,
    instruction::registry::{OperatorTerms, appoint_operator},
};

use crate::{
    address,
    alter::Alter,
    layout::padded,
    world::{World, operator_terms},
};

/// A key that may act for a site, and the `Operator` account that allows it.
#[derive(Clone, Copy, Debug)]
pub struct Appointment {
    pub site: Site,
    pub key: Address,
    pub operator: Address,
}

impl Appointment {
    /// The instruction, signed by the operator instead of its site's own key, with the operator's account
    /// at `place`: after the accounts that the instruction lists, and after those of other operators that
    /// sign before this one.
    pub fn sign(&self, instruction: Instruction, place: usize) -> Instruction {
        instruction
            .replacing(self.site.key, self.key)
            .inserting(place, self.operator)
    }
}

impl World {
    /// Lets the key called `name` act for a site.
    #[track_caller]
    pub fn appoint(&mut self, site: Site, name: &str, permissions: Permissions) -> Appointment {
        let key = self.ledger.key(name);
        let terms = OperatorTerms {
            name: padded(name),
            ..operator_terms(permissions)
        };
        self.ledger
            .execute(&appoint_operator(self.payer, site, key, terms));
        Appointment {
            site,
            key,
            operator: address::operator(&site.partner, &key),
        }
    }
}
