use anchor_lang::prelude::*;

use registry_rules::{Operator, OperatorTerms, Partner, RegistryError};

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
    pub fn update_operator(&mut self, terms: &OperatorTerms) -> Result<()> {
        Ok(self.operator.update_operator(terms, &self.partner)?)
    }
}
