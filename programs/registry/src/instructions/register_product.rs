use anchor_lang::prelude::*;
use registry_rules::{Partner, PrefixTable, Product, ProductDescription, RegistryError};

use super::prefixes::Prefixes;

#[derive(Accounts)]
#[instruction(gtin: u64)]
pub struct RegisterProduct {
    #[account(mut, unsafe(dup))]
    pub payer: Signer,
    pub manufacturer: Account<Partner>,
    #[account(address = manufacturer.authority @ RegistryError::NotPartnerKey)]
    pub authority: Signer,
    /// The table of the GTIN's company prefix.
    #[account(
        constraint = prefixes.leading == PrefixTable::leading_of_gtin(gtin)
            @ RegistryError::NotPrefixTable
    )]
    pub prefixes: Prefixes,
    #[account(init, payer = payer, seeds = [Product::SEED, bytemuck::bytes_of(&gtin)], bump)]
    pub product: Account<Product>,
    pub system_program: Program<System>,
}

impl RegisterProduct {
    pub fn register_product(
        &mut self,
        gtin: u64,
        description: &ProductDescription,
        bump: u8,
    ) -> Result<()> {
        let now = Clock::get()?.unix_timestamp;
        let manufacturer = (self.manufacturer.address(), &*self.manufacturer);
        let claims = self.prefixes.as_slice();
        let product = &mut self.product;
        product.bump = bump;
        Ok(product.register_product(gtin, description, manufacturer, claims, now)?)
    }
}
