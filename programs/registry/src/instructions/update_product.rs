use anchor_lang::prelude::*;

use registry_rules::{Partner, Product, ProductDescription, RegistryError};

#[derive(Accounts)]
pub struct UpdateProduct {
    #[account(address = product.manufacturer @ RegistryError::NotProductsManufacturer)]
    pub manufacturer: Account<Partner>,
    #[account(address = manufacturer.authority @ RegistryError::NotPartnerKey)]
    pub authority: Signer,
    #[account(mut)]
    pub product: Account<Product>,
}

impl UpdateProduct {
    pub fn update_product(&mut self, description: &ProductDescription) -> Result<()> {
        let now = Clock::get()?.unix_timestamp;
        Ok(self
            .product
            .update_product(description, &self.manufacturer, now)?)
    }
}
