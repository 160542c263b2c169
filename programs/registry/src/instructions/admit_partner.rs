use anchor_lang::prelude::*;
use registry_rules::{Issuer, Licence, Partner, RegistryError};

#[derive(Accounts)]
#[instruction(gln: u64)]
pub struct AdmitPartner {
    #[account(mut, unsafe(dup))]
    pub payer: Signer,
    pub issuer: Account<Issuer>,
    #[account(
        constraint = *issuer_key.address() == issuer.key @ RegistryError::NotPartnersIssuer
    )]
    pub issuer_key: Signer,
    #[account(init, payer = payer, seeds = [Partner::SEED, bytemuck::bytes_of(&gln)], bump)]
    pub partner: Account<Partner>,
    pub system_program: Program<System>,
}

impl AdmitPartner {
    pub fn admit_partner(
        &mut self,
        gln: u64,
        authority: Address,
        name: [u8; 64],
        licence: &Licence,
        bump: u8,
    ) -> Result<()> {
        let now = Clock::get()?.unix_timestamp;
        let issuer = (self.issuer.address(), &*self.issuer);
        let partner = &mut self.partner;
        partner.bump = bump;
        Ok(partner.admit_partner(gln, &authority, &name, licence, issuer, now)?)
    }
}
