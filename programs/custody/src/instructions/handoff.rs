use anchor_lang::{address_eq, prelude::*};
use registry::Partner;

use super::trading_partners::check_trading_partners;
use crate::{
    errors::CustodyError,
    state::{ClockSysvar, Consignment, ConsignmentStatus, Lot, TransferKind},
};

#[derive(Accounts)]
pub struct Handoff {
    #[account(
        constraint = address_eq(from_authority.address(), &from.authority)
            @ CustodyError::NotPartnerKey
    )]
    pub from_authority: Signer,
    #[account(
        constraint = address_eq(to_authority.address(), &to.authority)
            @ CustodyError::NotPartnerKey
    )]
    pub to_authority: Signer,
    #[account(
        constraint = address_eq(from.address(), &consignment.custodian)
            @ CustodyError::NotCustodian
    )]
    pub from: Account<Partner>,
    pub to: Account<Partner>,
    #[account(address = consignment.lot @ CustodyError::NotConsignmentsLot)]
    pub lot: Account<Lot>,
    #[account(mut)]
    pub consignment: Account<Consignment>,
    pub clock: Account<ClockSysvar>,
}

impl Handoff {
    /// A sale's transaction statement is made by the sender's signature.
    pub fn handoff(&mut self, kind: u8, sequence: u32, document: [u8; 32]) -> Result<()> {
        let now = self.clock.unix_timestamp;
        let kind = TransferKind::of_transfer(kind)?;
        check_trading_partners(&self.from, &self.to, kind, now)?;
        let consignment = &mut self.consignment;
        require!(
            sequence == consignment.sequence,
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
        let owner =
            *kind.owner_after(&consignment.owner, self.from.address(), self.to.address())?;

        consignment.next_sequence()?;
        consignment.extend_trail(self.to.address(), &owner, &document, kind);
        consignment.invariant(&self.lot)
    }
}
