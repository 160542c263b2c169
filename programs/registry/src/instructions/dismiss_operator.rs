use anchor_lang::prelude::*;

use registry_rules::{Operator, Partner, RegistryError};

#[derive(Accounts)]
pub struct DismissOperator {
    #[account(address = operator.partner @ RegistryError::NotOperatorsPartner)]
    pub partner: Account<Partner>,
    #[account(address = partner.authority @ RegistryError::NotPartnerKey)]
    pub authority: Signer,
    /// Gets the operator account's rent back.
    #[account(mut, unsafe(dup), address = operator.payer @ RegistryError::NotOperatorsPayer)]
    pub payer: UncheckedAccount,
    #[account(mut, close = payer)]
    pub operator: Account<Operator>,
}

impl DismissOperator {
    /// The account's `close` constraint does the work.
    pub fn dismiss_operator(&self) -> Result<()> {
        Ok(self.partner.check_dismisses()?)
    }
}
