use anchor_lang::prelude::*;
use registry::Partner;

use super::trading_partners::check_trading_partners;
use crate::{
    errors::CustodyError,
    state::{Consignment, ConsignmentStatus, Lot, Transfer, TransferKind},
};

/// What the sender offers.
#[derive(AnchorSerialize, AnchorDeserialize, IdlType, Clone, Copy)]
pub struct OfferTerms {
    /// The consignment's sequence when it was read.
    pub sequence: u32,
    /// Code of a `TransferKind`.
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
    #[account(address = from.authority @ CustodyError::NotPartnerKey)]
    pub authority: Signer,
    #[account(
        constraint = *from.address() == consignment.custodian @ CustodyError::NotCustodian
    )]
    pub from: Account<Partner>,
    pub to: Account<Partner>,
    #[account(address = consignment.lot @ CustodyError::NotConsignmentsLot)]
    pub lot: Account<Lot>,
    #[account(mut)]
    pub consignment: Account<Consignment>,
    #[account(
        init, payer = payer,
        seeds = [
            Transfer::SEED,
            consignment.address().as_ref(),
            bytemuck::bytes_of(&consignment.sequence),
        ],
        bump
    )]
    pub transfer: Account<Transfer>,
    pub system_program: Program<System>,
}

impl Offer {
    pub fn offer(&mut self, terms: &OfferTerms, bump: u8) -> Result<()> {
        let now = Clock::get()?.unix_timestamp;
        let kind = TransferKind::of_transfer(terms.kind)?;
        check_trading_partners(&self.from, &self.to, kind, now)?;
        let consignment = &mut self.consignment;
        require!(
            terms.sequence == consignment.sequence,
            CustodyError::StaleSequence
        );
        require!(
            consignment.status == ConsignmentStatus::Held,
            CustodyError::ConsignmentOffered
        );
        if kind.is_downstream() {
            self.lot
                .check_movable(now, consignment.first_unit, consignment.quantity)?;
        }
        kind.owner_after(&consignment.owner, self.from.address(), self.to.address())?;
        require!(
            kind != TransferKind::Sale || terms.statement,
            CustodyError::StatementMissing
        );
        require!(
            terms.deadline > now && terms.deadline <= now.saturating_add(Transfer::LONGEST_OFFER),
            CustodyError::InvalidDeadline
        );

        let transfer = &mut self.transfer;
        transfer.consignment = *consignment.address();
        transfer.from = *self.from.address();
        transfer.to = *self.to.address();
        transfer.document = terms.document;
        transfer.deadline = terms.deadline;
        transfer.sequence = consignment.sequence;
        transfer.kind = kind;
        transfer.statement = u8::from(terms.statement);
        transfer.offered_at = now;
        transfer.payer = *self.payer.address();
        transfer.bump = bump;
        transfer.invariant()?;

        consignment.status = ConsignmentStatus::Offered;
        consignment.next_sequence()?;
        consignment.invariant(&self.lot)
    }
}
