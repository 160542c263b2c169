use anchor_lang::prelude::*;

use super::manufacturer::check_manufacturer;
use crate::{
    errors::RegistryError,
    instructions::ProductDescription,
    state::{Partner, Product},
};

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
        check_manufacturer(&self.manufacturer, Clock::get()?.unix_timestamp)?;
        description.apply(&mut self.product)
    }
}
