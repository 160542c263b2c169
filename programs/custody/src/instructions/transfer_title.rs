use anchor_lang::prelude::*;
use custody_rules::{Consignment, CustodyError, Lot, transfer_title::transfer_title};
use pedigree_domain::Permissions;
use registry_rules::Partner;

use super::signer::{RemainingAccounts, check_signer};

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
    pub fn transfer_title(
        &mut self,
        sequence: u32,
        document_hash: &[u8; 32],
        remaining: &mut RemainingAccounts,
    ) -> Result<()> {
        let now = Clock::get()?.unix_timestamp;
        let Self {
            seller_authority,
            buyer_authority,
            seller,
            buyer,
            ..
        } = self;
        check_signer(seller_authority, seller, Permissions::SHIP, now, remaining)?;
        check_signer(buyer_authority, buyer, Permissions::RECEIVE, now, remaining)?;
        Ok(transfer_title(
            (seller, buyer),
            &self.lot,
            &mut self.consignment,
            sequence,
            document_hash,
            now,
        )?)
    }
}
