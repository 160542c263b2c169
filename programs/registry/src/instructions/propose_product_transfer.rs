use anchor_lang::prelude::*;

use super::manufacturer::check_manufacturer;
use crate::{
    errors::RegistryError,
    state::{Partner, Product},
};

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
        check_manufacturer(&self.manufacturer, now)?;
        check_manufacturer(&self.pending_manufacturer, now)?;
        let pending = *self.pending_manufacturer.address();
        let withdrawn = pending == self.product.manufacturer;
        self.product.pending_manufacturer = if withdrawn {
            Address::default()
        } else {
            pending
        };
        self.product.invariant()
    }
}
