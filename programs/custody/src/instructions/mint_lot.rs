use anchor_lang::prelude::*;
use custody_rules::{Consignment, CustodyError, Lot, LotLabel, mint_lot::mint_lot};
use pedigree_domain::Permissions;
use registry_rules::{Partner, Product};

use super::signer::{RemainingAccounts, check_signer};

#[derive(Accounts)]
#[instruction(lot_number: [u8; 20])]
pub struct MintLot {
    #[account(mut, unsafe(dup))]
    pub payer: Signer,
    #[account(address = product.manufacturer @ CustodyError::NotProductsManufacturer)]
    pub manufacturer: Box<Account<Partner>>,
    pub authority: Signer,
    pub product: Box<Account<Product>>,
    #[account(
        init, payer = payer,
        seeds = [
            Lot::SEED, product.address().as_ref(), &lot_number, bytemuck::bytes_of(&product.series)
        ],
        bump
    )]
    pub lot: Box<Account<Lot>>,
    /// The lot's first consignment, number 0: all its units.
    #[account(
        init, payer = payer,
        seeds = [Consignment::SEED, lot.address().as_ref(), &[0; 4]], bump
    )]
    pub consignment: Box<Account<Consignment>>,
    pub system_program: Program<System>,
}

impl MintLot {
    pub fn mint_lot(
        &mut self,
        label: &LotLabel,
        bumps: (u8, u8),
        remaining: &mut RemainingAccounts,
    ) -> Result<()> {
        let now = Clock::get()?.unix_timestamp;
        check_signer(
            &self.authority,
            &self.manufacturer,
            Permissions::COMMISSION,
            now,
            remaining,
        )?;
        let lot_address = *self.lot.address();
        let consignment = &mut self.consignment;
        consignment.bump = bumps.1;
        consignment.payer = *self.payer.address();
        let lot = &mut self.lot;
        lot.bump = bumps.0;
        Ok(mint_lot(
            &self.manufacturer,
            (self.product.address(), &self.product),
            (&lot_address, lot),
            consignment,
            label,
            now,
        )?)
    }
}
