use anchor_lang::prelude::*;
use pedigree_domain::Permissions;
use registry::Partner;

use super::{
    passage::Passage,
    signer::{Followers, check_signer},
};
use crate::{
    errors::CustodyError,
    state::{Change, Consignment, ConsignmentStatus, Lot, Transfer},
};

/// What the sender offers.
#[derive(AnchorSerialize, AnchorDeserialize, IdlType, Clone, Copy, Debug)]
pub struct OfferTerms {
    /// The consignment's sequence when it was read.
    pub sequence: u32,
    /// Code of a [`Change`] that is a transfer.
    pub kind: u8,
    /// The sender makes the transaction statement (DSCSA section 581(27)); a sale needs it.
    pub statement: bool,
    /// Unix seconds: the last moment to accept, at most 90 days ahead.
    pub deadline: i64,
    /// SHA-256 of the transaction information with a salt.
    pub document: [u8; 32],
}

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
    pub fn offer(&mut self, terms: &OfferTerms, bump: u8, followers: &mut Followers) -> Result<()> {
        let now = Clock::get()?.unix_timestamp;
        check_signer(
            &self.authority,
            &self.from,
            Permissions::SHIP,
            now,
            followers,
        )?;
        let kind = Change::of_transfer(terms.kind)?;
        let passage = Passage::between_cold(&self.from, &self.to, kind, now)?;
        let consignment = &mut self.consignment;
        let mut reverses = Address::default();
        if let Some(reversed) = &self.reverses {
            require!(
                kind == Change::Return
                    && reversed.is_reversed_by(consignment, passage.from, passage.to),
                CustodyError::NotReturnsTransfer
            );
            reverses = *reversed.address();
        }
        passage.check_lot(&self.lot)?;
        passage.check_departure(
            &self.lot,
            consignment,
            terms.sequence,
            self.reverses.is_some(),
        )?;
        require!(
            kind != Change::Sale || terms.statement,
            CustodyError::StatementMissing
        );
        require!(
            terms.deadline > now && terms.deadline <= now.saturating_add(Transfer::LONGEST_OFFER),
            CustodyError::InvalidDeadline
        );

        let transfer = &mut self.transfer;
        transfer.consignment = *consignment.address();
        transfer.lot = *self.lot.address();
        transfer.document = terms.document;
        transfer.reverses = reverses;
        transfer.payer = *self.payer.address();
        transfer.from = passage.from;
        transfer.to = passage.to;
        transfer.deadline = terms.deadline;
        transfer.offered_at = now;
        transfer.sequence = consignment.sequence;
        transfer.first_unit = consignment.first_unit;
        transfer.quantity = consignment.quantity;
        transfer.kind = kind;
        transfer.statement = u8::from(terms.statement);
        transfer.bump = bump;
        transfer.invariant()?;

        consignment.status = ConsignmentStatus::Offered;
        consignment.next_sequence()?;
        consignment.invariant(&self.lot)
    }
}
