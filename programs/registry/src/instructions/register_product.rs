use anchor_lang::prelude::*;
use pedigree_domain::gs1;

use super::manufacturer::check_manufacturer;
use crate::{
    errors::RegistryError,
    state::{Partner, Product},
};

/// What a manufacturer says of a product.
#[derive(AnchorSerialize, AnchorDeserialize, IdlType, Clone, Copy)]
pub struct ProductDescription {
    /// UTF-8, then zeros.
    pub name: [u8; 64],
    /// ASCII, then zeros; all zeros if there is none.
    pub national_code: [u8; 16],
    /// 0.1 °C.
    pub storage_min: i16,
    /// 0.1 °C.
    pub storage_max: i16,
}

impl ProductDescription {
    pub(crate) fn apply(&self, product: &mut Product) -> Result<()> {
        product.name = self.name;
        product.national_code = self.national_code;
        product.storage_min = self.storage_min;
        product.storage_max = self.storage_max;
        product.invariant()
    }
}

#[derive(Accounts)]
#[instruction(gtin: u64)]
pub struct RegisterProduct {
    #[account(mut, unsafe(dup))]
    pub payer: Signer,
    pub manufacturer: Account<Partner>,
    #[account(address = manufacturer.authority @ RegistryError::NotPartnerKey)]
    pub authority: Signer,
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
        check_manufacturer(&self.manufacturer, now)?;
        require!(
            gs1::is_valid_key(gtin, gs1::GTIN_DIGITS),
            RegistryError::InvalidGtin
        );
        require!(
            self.manufacturer
                .prefixes()
                .any(|prefix| prefix.covers_gtin(gtin)),
            RegistryError::GtinNotUnderPrefix
        );
        let product = &mut self.product;
        product.gtin = gtin;
        product.manufacturer = *self.manufacturer.address();
        product.registered_at = now;
        product.bump = bump;
        description.apply(product)
    }
}
