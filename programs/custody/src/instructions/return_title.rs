use anchor_lang::prelude::*;
use custody_rules::{
    Consignment, CustodyError, Lot, Transfer,
    return_title::{Parties, return_title},
};
use pedigree_domain::Permissions;
use registry_rules::{Partner, Product};

use super::signer::{RemainingAccounts, check_signer};

#[derive(Accounts)]
pub struct ReturnTitle {
    #[account(mut, unsafe(dup))]
    pub payer: Signer,
    pub authority: Signer,
    #[account(constraint = owner.gln == consignment.owner @ CustodyError::SenderNotOwner)]
    pub owner: Box<Account<Partner>>,
    /// Gets title: the site of the manufacturer's side that has the goods, or lost them.
    pub receiver: Box<Account<Partner>>,
    /// The lot's, or who minted it; often the receiver.
    #[account(
        constraint = [lot.manufacturer, lot.minted_by].contains(&manufacturer.gln)
            @ CustodyError::NotWithManufacturer
    )]
    pub manufacturer: Box<Account<Partner>>,
    #[account(address = lot.product @ CustodyError::NotConsignmentsLot)]
    pub product: Box<Account<Product>>,
    #[account(address = consignment.lot @ CustodyError::NotConsignmentsLot)]
    pub lot: Box<Account<Lot>>,
    #[account(mut)]
    pub consignment: Box<Account<Consignment>>,
    /// The custodian's open offer of the goods, if there is one: it ends.
    #[account(
        mut,
        constraint = offer.consignment == *consignment.address()
            @ CustodyError::NotConsignmentsTransfer
    )]
    pub offer: Option<Box<Account<Transfer>>>,
    #[account(
        init, payer = payer,
        seeds = [
            Transfer::SEED,
            consignment.address().as_ref(),
            bytemuck::bytes_of(&consignment.sequence),
        ],
        bump
    )]
    pub transfer: Box<Account<Transfer>>,
    pub system_program: Program<System>,
}

impl ReturnTitle {
    pub fn return_title(
        &mut self,
        sequence: u32,
        document_hash: &[u8; 32],
        bump: u8,
        remaining: &mut RemainingAccounts,
    ) -> Result<()> {
        let now = Clock::get()?.unix_timestamp;
        check_signer(
            &self.authority,
            &self.owner,
            Permissions::SHIP,
            now,
            remaining,
        )?;
        let transfer = &mut self.transfer;
        transfer.payer = *self.payer.address();
        transfer.bump = bump;
        let consignment_address = *self.consignment.address();
        Ok(return_title(
            Parties {
                owner: &self.owner,
                receiver: &self.receiver,
                manufacturer: &self.manufacturer,
                is_holder: self.product.manufacturer == *self.receiver.address(),
            },
            (self.lot.address(), &self.lot),
            (&consignment_address, &mut self.consignment),
            self.offer.as_mut().map(|offer| &mut ***offer),
            transfer,
            (sequence, document_hash),
            now,
        )?)
    }
}
