use anchor_lang::prelude::*;

use registry_rules::{Partner, Product, Registry, RegistryError};

#[derive(Accounts)]
pub struct MoveProduct {
    pub registry: Account<Registry>,
    #[account(address = registry.authority @ RegistryError::NotRegistryAuthority)]
    pub authority: Signer,
    /// Who gets the product.
    pub manufacturer: Account<Partner>,
    #[account(mut)]
    pub product: Account<Product>,
}

impl MoveProduct {
    pub fn move_product(&mut self) -> Result<()> {
        let now = Clock::get()?.unix_timestamp;
        let manufacturer = (self.manufacturer.address(), &*self.manufacturer);
        Ok(self.product.move_product(manufacturer, now)?)
    }
}
