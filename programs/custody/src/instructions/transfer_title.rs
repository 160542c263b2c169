use anchor_lang::prelude::*;
use pedigree_domain::{Permissions, Roles};
use registry::Partner;

use super::{
    passage::Passage,
    signer::{Followers, check_signer, sender_barred},
};
use crate::{
    errors::CustodyError,
    state::{Change, Consignment, Lot},
};

#[derive(Accounts)]
pub struct TransferTitle {
    pub seller_authority: Signer,
    pub buyer_authority: Signer,
    #[account(constraint = seller.gln == consignment.owner @ CustodyError::SenderNotOwner)]
    pub seller: Box<Account<Partner>>,
    pub buyer: Box<Account<Partner>>,
    #[account(address = consignment.lot @ CustodyError::NotConsignmentsLot)]
    pub lot: Box<Account<Lot>>,
    #[account(mut)]
    pub consignment: Box<Account<Consignment>>,
}

impl TransferTitle {
    /// Sells goods that stay where they are, with a 3PL for instance. Every rule of a sale holds.
    pub fn transfer_title(
        &mut self,
        sequence: u32,
        document: &[u8; 32],
        followers: &mut Followers,
    ) -> Result<()> {
        let now = Clock::get()?.unix_timestamp;
        let Self {
            seller_authority,
            buyer_authority,
            seller,
            buyer,
            ..
        } = self;
        check_signer(seller_authority, seller, Permissions::SHIP, now, followers)?;
        check_signer(buyer_authority, buyer, Permissions::RECEIVE, now, followers)?;
        let sale = Passage::between_cold(seller, buyer, Change::Sale, now)?;
        seller
            .check_trade(now, Roles::OWNERS)
            .map_err(sender_barred)?;
        let consignment = &mut self.consignment;
        consignment.check_sequence(sequence)?;
        consignment.check_movable(&self.lot, sale.kind, now)?;
        consignment.next_sequence()?;
        consignment.pass_title(sale.to, document);
        Ok(())
    }
}
