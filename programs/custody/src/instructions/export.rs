use anchor_lang::prelude::*;
use pedigree_domain::{Permissions, Roles};
use registry::Partner;

use super::signer::{Followers, check_signer, sender_barred};
use crate::{
    errors::CustodyError,
    state::{Change, Consignment, Lot},
};

#[derive(Accounts)]
pub struct Export {
    pub authority: Signer,
    #[account(constraint = custodian.gln == consignment.custodian @ CustodyError::NotCustodian)]
    pub custodian: Box<Account<Partner>>,
    #[account(address = consignment.lot @ CustodyError::NotConsignmentsLot)]
    pub lot: Box<Account<Lot>>,
    #[account(mut)]
    pub consignment: Box<Account<Consignment>>,
}

impl Export {
    /// Sends the units out of the territory: only what a licensed site owns and could sell.
    pub fn export(
        &mut self,
        sequence: u32,
        document: &[u8; 32],
        followers: &mut Followers,
    ) -> Result<()> {
        let now = Clock::get()?.unix_timestamp;
        check_signer(
            &self.authority,
            &self.custodian,
            Permissions::WITHDRAW,
            now,
            followers,
        )?;
        self.custodian
            .check_trade(now, Roles::CUSTODIANS)
            .map_err(sender_barred)?;
        let consignment = &mut self.consignment;
        require!(
            consignment.owner == self.custodian.gln,
            CustodyError::SenderNotOwner
        );
        consignment.check_sequence(sequence)?;
        consignment.check_movable(&self.lot, Change::Sale, now)?;
        consignment.next_sequence()?;
        consignment.withdraw(Change::Export, document);
        Ok(())
    }
}
