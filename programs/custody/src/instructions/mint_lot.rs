use anchor_lang::prelude::*;
use pedigree_domain::{Permissions, Roles, expiry};
use registry::{Partner, Product};

use super::signer::{Followers, check_signer, sender_barred};
use crate::{
    errors::CustodyError,
    state::{Consignment, Lot},
};

/// What the manufacturer prints on the packs of a lot, and the commitment to their serials.
pub struct LotLabel {
    pub lot_number: [u8; 20],
    pub expiry: u32,
    pub quantity: u32,
    pub serial_root: [u8; 32],
    pub manifest_hash: [u8; 32],
}

#[derive(Accounts)]
#[instruction(lot_number: [u8; 20])]
pub struct MintLot {
    #[account(mut, unsafe(dup))]
    pub payer: Signer,
    #[account(address = product.manufacturer @ CustodyError::NotProductsManufacturer)]
    pub manufacturer: Box<Account<Partner>>,
    pub authority: Signer,
    pub product: Box<Account<Product>>,
    #[account(init, payer = payer, seeds = [Lot::SEED, product.address().as_ref(), &lot_number], bump)]
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
        followers: &mut Followers,
    ) -> Result<()> {
        let now = Clock::get()?.unix_timestamp;
        check_signer(
            &self.authority,
            &self.manufacturer,
            Permissions::COMMISSION,
            now,
            followers,
        )?;
        self.manufacturer
            .check_trade(now, Roles::MANUFACTURER.union(Roles::REPACKAGER))
            .map_err(sender_barred)?;
        let expires_at = expiry::expires_at(label.expiry).ok_or(CustodyError::InvalidExpiry)?;
        require!(now < expires_at, CustodyError::LotExpired);

        let lot = &mut self.lot;
        lot.expires_at = expires_at;
        lot.quantity = label.quantity;
        lot.expiry = label.expiry;
        lot.bump = bumps.0;
        lot.lot_number = label.lot_number;
        lot.gtin = self.product.gtin;
        lot.product = *self.product.address();
        lot.manufacturer = self.manufacturer.gln;
        lot.serial_root = label.serial_root;
        lot.manifest_hash = label.manifest_hash;
        lot.minted_at = now;
        lot.invariant()?;

        let consignment = &mut self.consignment;
        consignment.bump = bumps.1;
        consignment.payer = *self.payer.address();
        consignment.commission(
            self.lot.address(),
            self.manufacturer.gln,
            label.manifest_hash,
            label.quantity,
        );
        consignment.invariant(&self.lot)
    }
}
