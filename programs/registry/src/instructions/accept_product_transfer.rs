use anchor_lang::prelude::*;

use registry_rules::{Partner, Product, RegistryError};

#[derive(Accounts)]
pub struct AcceptProductTransfer {
    #[account(
        constraint = *manufacturer.address() == product.pending_manufacturer
            @ RegistryError::NotPendingManufacturer
    )]
    pub manufacturer: Account<Partner>,
    #[account(address = manufacturer.authority @ RegistryError::NotPartnerKey)]
    pub authority: Signer,
    /// Who offered the product, and is its manufacturer until now.
    #[account(address = product.manufacturer @ RegistryError::NotProductsManufacturer)]
    pub former: Account<Partner>,
    #[account(mut)]
    pub product: Account<Product>,
}

impl AcceptProductTransfer {
    pub fn accept_product_transfer(&mut self) -> Result<()> {
        let now = Clock::get()?.unix_timestamp;
        let manufacturer = (self.manufacturer.address(), &*self.manufacturer);
        Ok(self
            .product
            .accept_product_transfer(&self.former, manufacturer, now)?)
    }
}
