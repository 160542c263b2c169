use anchor_lang::prelude::*;

use super::manufacturer::check_manufacturer;
use crate::{
    errors::RegistryError,
    state::{Partner, Product},
};

#[derive(Accounts)]
pub struct AcceptProductTransfer {
    #[account(
        constraint = *manufacturer.address() == product.pending_manufacturer
            @ RegistryError::NotPendingManufacturer
    )]
    pub manufacturer: Account<Partner>,
    #[account(address = manufacturer.authority @ RegistryError::NotPartnerKey)]
    pub authority: Signer,
    #[account(mut)]
    pub product: Account<Product>,
}

impl AcceptProductTransfer {
    /// The GTIN need not lie under the new manufacturer's prefixes: it keeps the number that its
    /// first manufacturer gave it (GS1 General Specifications, section 4.2.8).
    pub fn accept_product_transfer(&mut self) -> Result<()> {
        check_manufacturer(&self.manufacturer, Clock::get()?.unix_timestamp)?;
        let product = &mut self.product;
        product.manufacturer = *self.manufacturer.address();
        product.pending_manufacturer = Address::default();
        product.invariant()
    }
}
