use anchor_lang::prelude::*;
use custody_rules::{Lot, adopt_lot::adopt_lot};
use pedigree_domain::Permissions;
use registry_rules::{Partner, Product};

use super::signer::{RemainingAccounts, check_signer};

#[derive(Accounts)]
pub struct AdoptLot {
    pub authority: Signer,
    /// Who holds the product now.
    pub manufacturer: Box<Account<Partner>>,
    pub product: Box<Account<Product>>,
    #[account(mut)]
    pub lot: Box<Account<Lot>>,
}

impl AdoptLot {
    /// Takes over who is responsible for the lot.
    pub fn adopt_lot(&mut self, remaining: &mut RemainingAccounts) -> Result<()> {
        let now = Clock::get()?.unix_timestamp;
        let Self {
            authority,
            manufacturer,
            product,
            lot,
        } = self;
        check_signer(
            authority,
            manufacturer,
            Permissions::COMMISSION,
            now,
            remaining,
        )?;
        Ok(adopt_lot(
            (manufacturer.address(), manufacturer),
            (product.address(), product),
            lot,
            now,
        )?)
    }
}
