use anchor_lang::prelude::*;
use pedigree_domain::gs1;

use crate::{
    errors::RegistryError,
    state::{COMPANY_PREFIXES, Issuer, Partner, PartnerStatus},
};

/// What an issuer vouches for.
#[derive(AnchorSerialize, AnchorDeserialize, IdlType, Clone, Copy)]
pub struct Licence {
    /// Bits of `Roles`.
    pub roles: u16,
    /// Unix seconds: the first moment out of force.
    pub valid_until: i64,
    /// SHA-256 of the licence document with a salt.
    pub hash: [u8; 32],
    /// GS1 company prefixes that the site may register products under; unused ones last and zero.
    pub company_prefixes: [u64; COMPANY_PREFIXES],
    /// How many digits each prefix is written with, 4 to 12; 0 = unused.
    pub company_prefix_digits: [u8; COMPANY_PREFIXES],
}

impl Licence {
    /// Writes the licence into a partner's account.
    pub(crate) fn apply(&self, partner: &mut Partner, now: i64) -> Result<()> {
        require!(self.valid_until > now, RegistryError::LicenceInPast);
        partner.roles = self.roles;
        partner.licence_valid_until = self.valid_until;
        partner.licence_hash = self.hash;
        partner.company_prefixes = self.company_prefixes;
        partner.company_prefix_digits = self.company_prefix_digits;
        partner.invariant()
    }
}

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
        require!(
            gs1::is_valid_key(gln, gs1::GLN_DIGITS),
            RegistryError::InvalidGln
        );
        let now = Clock::get()?.unix_timestamp;
        let partner = &mut self.partner;
        partner.gln = gln;
        partner.authority = authority;
        partner.issuer = *self.issuer.address();
        partner.name = name;
        partner.status = PartnerStatus::Active;
        partner.admitted_at = now;
        partner.status_changed_at = now;
        partner.bump = bump;
        licence.apply(partner, now)
    }
}
