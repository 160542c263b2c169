use anchor_lang::prelude::*;

use registry_rules::{Partner, Product, RegistryError};

#[derive(Accounts)]
pub struct ProposeProductTransfer {
    #[account(address = product.manufacturer @ RegistryError::NotProductsManufacturer)]
    pub manufacturer: Account<Partner>,
    #[account(address = manufacturer.authority @ RegistryError::NotPartnerKey)]
    pub authority: Signer,
    /// Whom the product is offered to; the manufacturer itself withdraws an offer.
    pub pending_manufacturer: Account<Partner>,
    #[account(mut)]
    pub product: Account<Product>,
}

impl ProposeProductTransfer {
    pub fn propose_product_transfer(&mut self) -> Result<()> {
        let now = Clock::get()?.unix_timestamp;
        let pending = (
            self.pending_manufacturer.address(),
            &*self.pending_manufacturer,
        );
        Ok(self
            .product
            .propose_product_transfer(&self.manufacturer, pending, now)?)
    }
}
