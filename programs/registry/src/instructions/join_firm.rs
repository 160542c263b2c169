use anchor_lang::prelude::*;

use registry_rules::{Issuer, Partner, RegistryError};

#[derive(Accounts)]
pub struct JoinFirm {
    #[account(address = partner.issuer @ RegistryError::NotPartnersIssuer)]
    pub issuer: Account<Issuer>,
    #[account(
        constraint = *issuer_key.address() == issuer.key @ RegistryError::NotPartnersIssuer
    )]
    pub issuer_key: Signer,
    pub head_office: Account<Partner>,
    /// Signs for the head office: its own key, or the issuer's key if the issuer answers for both.
    pub head_office_key: Signer,
    #[account(mut)]
    pub partner: Account<Partner>,
}

impl JoinFirm {
    pub fn join_firm(&mut self) -> Result<()> {
        let (head_office, signer) = (&self.head_office, self.head_office_key.address());
        let is_vouched_for =
            *signer == self.issuer.key && head_office.issuer == *self.issuer.address();
        if !is_vouched_for {
            require!(
                *signer == head_office.authority,
                RegistryError::HeadOfficeDisagrees
            );
            head_office.check_changes_keys()?;
        }
        Ok(self.partner.join_firm(head_office)?)
    }
}
