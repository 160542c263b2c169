use anchor_lang::prelude::*;

use crate::{
    errors::RegistryError,
    instructions::OperatorTerms,
    state::{Operator, Partner},
};

#[derive(Accounts)]
pub struct UpdateOperator {
    #[account(address = operator.partner @ RegistryError::NotOperatorsPartner)]
    pub partner: Account<Partner>,
    #[account(address = partner.authority @ RegistryError::NotPartnerKey)]
    pub authority: Signer,
    #[account(mut)]
    pub operator: Account<Operator>,
}

impl UpdateOperator {
    /// An end that has passed stops the operator at once and keeps the record of it.
    pub fn update_operator(&mut self, terms: &OperatorTerms) -> Result<()> {
        terms.apply(&mut self.operator, &self.partner)
    }
}
