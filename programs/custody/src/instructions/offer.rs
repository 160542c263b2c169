use anchor_lang::prelude::*;
use custody_rules::{
    Consignment, CustodyError, Lot, OfferTerms, Transfer,
    offer::{Offered, offer},
};
use pedigree_domain::Permissions;
use registry_rules::Partner;

use super::signer::{RemainingAccounts, check_signer};

#[derive(Accounts)]
pub struct Offer {
    #[account(mut, unsafe(dup))]
    pub payer: Signer,
    pub authority: Signer,
    pub from: Box<Account<Partner>>,
    pub to: Box<Account<Partner>>,
    #[account(address = consignment.lot @ CustodyError::NotConsignmentsLot)]
    pub lot: Box<Account<Lot>>,
    #[account(mut)]
    pub consignment: Box<Account<Consignment>>,
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
    /// The sale that a return undoes; needed unless the goods go to who sold them to their owner,
    /// to the owner, or to the lot's manufacturer.
    pub reverses: Option<Box<Account<Transfer>>>,
    pub system_program: Program<System>,
}

impl Offer {
    pub fn offer(
        &mut self,
        terms: &OfferTerms,
        bump: u8,
        remaining: &mut RemainingAccounts,
    ) -> Result<()> {
        let now = Clock::get()?.unix_timestamp;
        check_signer(
            &self.authority,
            &self.from,
            Permissions::SHIP,
            now,
            remaining,
        )?;
        let transfer = &mut self.transfer;
        transfer.payer = *self.payer.address();
        transfer.bump = bump;
        let consignment_address = *self.consignment.address();
        let offered = Offered {
            lot: (self.lot.address(), &self.lot),
            consignment: (&consignment_address, &mut self.consignment),
            reverses: self
                .reverses
                .as_ref()
                .map(|reversed| (reversed.address(), &***reversed)),
        };
        Ok(offer(
            (&self.from, &self.to),
            offered,
            transfer,
            terms,
            now,
        )?)
    }
}
