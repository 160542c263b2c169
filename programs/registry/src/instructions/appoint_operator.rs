use anchor_lang::prelude::*;
use registry_rules::{Operator, OperatorTerms, Partner, RegistryError};

#[derive(Accounts)]
#[instruction(key: Address)]
pub struct AppointOperator {
    #[account(mut, unsafe(dup))]
    pub payer: Signer,
    pub partner: Account<Partner>,
    #[account(address = partner.authority @ RegistryError::NotPartnerKey)]
    pub authority: Signer,
    #[account(
        init, payer = payer,
        seeds = [Operator::SEED, partner.address().as_ref(), key.as_ref()],
        bump
    )]
    pub operator: Account<Operator>,
    pub system_program: Program<System>,
}

impl AppointOperator {
    pub fn appoint_operator(
        &mut self,
        key: Address,
        terms: &OperatorTerms,
        bump: u8,
    ) -> Result<()> {
        let now = Clock::get()?.unix_timestamp;
        let partner = (self.partner.address(), &*self.partner);
        let operator = &mut self.operator;
        operator.payer = *self.payer.address();
        operator.bump = bump;
        Ok(operator.appoint_operator(&key, terms, partner, now)?)
    }
}
