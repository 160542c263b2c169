use anchor_lang::prelude::*;
use registry::Partner;

use super::trading_partners::check_trading_partners;
use crate::{
    errors::CustodyError,
    state::{ClockSysvar, Consignment, Lot, Transfer, TransferState},
};

#[derive(Accounts)]
pub struct Accept {
    #[account(address = to.authority @ CustodyError::NotPartnerKey)]
    pub authority: Signer,
    #[account(address = transfer.to @ CustodyError::NotTransfersReceiver)]
    pub to: Account<Partner>,
    #[account(address = transfer.from @ CustodyError::NotTransfersSender)]
    pub from: Account<Partner>,
    #[account(address = consignment.lot @ CustodyError::NotConsignmentsLot)]
    pub lot: Account<Lot>,
    #[account(mut, address = transfer.consignment @ CustodyError::NotConsignmentsTransfer)]
    pub consignment: Account<Consignment>,
    #[account(mut)]
    pub transfer: Account<Transfer>,
    pub clock: Account<ClockSysvar>,
}

impl Accept {
    /// `sequence` is the transfer's: an older offer of the same consignment is refused.
    pub fn accept(&mut self, sequence: u32) -> Result<()> {
        let now = self.clock.unix_timestamp;
        let (consignment, transfer) = (&mut self.consignment, &mut self.transfer);
        transfer.check_open(consignment)?;
        require!(sequence == transfer.sequence, CustodyError::StaleSequence);
        require!(now <= transfer.deadline, CustodyError::OfferLapsed);
        check_trading_partners(&self.from, &self.to, transfer.kind, now)?;
        if transfer.kind.is_downstream() {
            self.lot
                .check_movable(now, consignment.first_unit, consignment.quantity)?;
        }
        let owner = *transfer.kind.owner_after(
            &consignment.owner,
            self.from.address(),
            self.to.address(),
        )?;

        consignment.extend_trail(self.to.address(), &owner, &transfer.document, transfer.kind);
        transfer.settle(TransferState::Accepted, now)?;
        consignment.invariant(&self.lot)
    }
}
