use anchor_lang::prelude::*;
use registry::Partner;

use crate::{
    errors::CustodyError,
    state::{Consignment, ConsignmentStatus, ExceptionCode, Transfer, TransferState},
};

#[derive(Accounts)]
pub struct Reject {
    #[account(address = to.authority @ CustodyError::NotPartnerKey)]
    pub authority: Signer,
    #[account(address = transfer.to @ CustodyError::NotTransfersReceiver)]
    pub to: Account<Partner>,
    #[account(mut, address = transfer.consignment @ CustodyError::NotConsignmentsTransfer)]
    pub consignment: Account<Consignment>,
    #[account(mut)]
    pub transfer: Account<Transfer>,
}

impl Reject {
    /// Needs no valid licence: leaving the goods where they are is always allowed.
    pub fn reject(&mut self, exception: u8) -> Result<()> {
        let exception = ExceptionCode::from_code(exception);
        require!(
            exception.is_known() && exception != ExceptionCode::None,
            CustodyError::InvalidException
        );
        self.transfer.check_open(&self.consignment)?;
        self.consignment.status = ConsignmentStatus::Held;
        self.transfer.exception = exception;
        self.transfer
            .settle(TransferState::Rejected, Clock::get()?.unix_timestamp)
    }
}
