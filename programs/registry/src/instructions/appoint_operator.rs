use anchor_lang::prelude::*;

use crate::{
    errors::RegistryError,
    state::{Operator, Partner, PartnerStatus},
};

/// What a site lets an operator do, and when.
#[derive(AnchorSerialize, AnchorDeserialize, IdlType, Clone, Copy)]
pub struct OperatorTerms {
    /// Bits of `Permissions`.
    pub permissions: u16,
    /// Unix seconds: the first moment in force.
    pub valid_from: i64,
    /// Unix seconds: the first moment out of force.
    pub valid_until: i64,
    /// A badge or a device, never a person's name: UTF-8, then zeros.
    pub name: [u8; 32],
}

impl OperatorTerms {
    /// Writes the terms into an operator's account, for a site that was not revoked.
    pub(crate) fn apply(&self, operator: &mut Operator, partner: &Partner) -> Result<()> {
        require!(
            partner.status != PartnerStatus::Revoked,
            RegistryError::PartnerRevoked
        );
        operator.permissions = self.permissions;
        operator.valid_from = self.valid_from;
        operator.valid_until = self.valid_until;
        operator.name = self.name;
        operator.invariant()
    }
}

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
    /// A suspended site may appoint: while it is, its operators can do no more than it can.
    pub fn appoint_operator(
        &mut self,
        key: Address,
        terms: &OperatorTerms,
        bump: u8,
    ) -> Result<()> {
        require!(
            key != self.partner.authority,
            RegistryError::OperatorIsPartnerKey
        );
        require!(
            terms.valid_until > Clock::get()?.unix_timestamp,
            RegistryError::AppointmentInPast
        );
        let operator = &mut self.operator;
        operator.partner = *self.partner.address();
        operator.key = key;
        operator.payer = *self.payer.address();
        operator.bump = bump;
        terms.apply(operator, &self.partner)
    }
}
