use anchor_lang::prelude::*;
use pedigree_domain::{Roles, expiry};
use registry::{Partner, Product, state::TradeBar};

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
    pub manufacturer: Account<Partner>,
    #[account(address = manufacturer.authority @ CustodyError::NotPartnerKey)]
    pub authority: Signer,
    pub product: Account<Product>,
    #[account(init, payer = payer, seeds = [Lot::SEED, product.address().as_ref(), &lot_number], bump)]
    pub lot: Account<Lot>,
    /// The lot's first consignment, number 0: all its units.
    #[account(
        init, payer = payer,
        seeds = [Consignment::SEED, lot.address().as_ref(), &[0; 4]], bump
    )]
    pub consignment: Account<Consignment>,
    pub system_program: Program<System>,
}

impl MintLot {
    pub fn mint_lot(&mut self, label: &LotLabel, lot_bump: u8, consignment_bump: u8) -> Result<()> {
        let now = Clock::get()?.unix_timestamp;
        self.manufacturer
            .check_trade(now, Roles::MANUFACTURER.union(Roles::REPACKAGER))
            .map_err(|bar| match bar {
                TradeBar::Suspended => CustodyError::SenderSuspended,
                TradeBar::Revoked => CustodyError::SenderRevoked,
                TradeBar::LicenceLapsed => CustodyError::SenderLicenceLapsed,
                TradeBar::Role => CustodyError::SenderRole,
            })?;
        let expires_at = expiry::expires_at(label.expiry).ok_or(CustodyError::InvalidExpiry)?;
        require!(now < expires_at, CustodyError::LotExpired);

        let lot = &mut self.lot;
        lot.expires_at = expires_at;
        lot.quantity = label.quantity;
        lot.expiry = label.expiry;
        lot.bump = lot_bump;
        lot.lot_number = label.lot_number;
        lot.gtin = self.product.gtin;
        lot.product = *self.product.address();
        lot.manufacturer = *self.manufacturer.address();
        lot.serial_root = label.serial_root;
        lot.manifest_hash = label.manifest_hash;
        lot.minted_at = now;
        lot.invariant()?;

        let consignment = &mut self.consignment;
        consignment.bump = consignment_bump;
        consignment.parent = *self.lot.address();
        consignment.begin_trail(
            self.lot.address(),
            self.manufacturer.address(),
            label.manifest_hash,
            label.quantity,
        );
        consignment.invariant(&self.lot)
    }
}
