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
    #[account(address = head_office.authority @ RegistryError::HeadOfficeDisagrees)]
    pub head_office_key: Signer,
    #[account(mut)]
    pub partner: Account<Partner>,
    /// The site's own key; the issuer's of a site that nothing can name yet.
    pub partner_key: Signer,
}

impl JoinFirm {
    pub fn join_firm(&mut self) -> Result<()> {
        let (partner, signer) = (&mut self.partner, self.partner_key.address());
        if !(partner.is_new() && *signer == self.issuer.key) {
            require!(*signer == partner.authority, RegistryError::NotPartnerKey);
            partner.check_changes_keys()?;
        }
        Ok(partner.join_firm(&self.head_office)?)
    }
}
