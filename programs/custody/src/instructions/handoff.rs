use anchor_lang::prelude::*;
use pedigree_domain::Permissions;
use registry::Partner;

use super::{
    passage::Passage,
    signer::{Followers, check_signer},
};
use crate::{
    errors::CustodyError,
    state::{Change, ClockSysvar, Consignment, Lot},
};

#[derive(Accounts)]
pub struct Handoff {
    pub from_authority: Signer,
    pub to_authority: Signer,
    pub from: Box<Account<Partner>>,
    pub to: Box<Account<Partner>>,
    #[account(address = consignment.lot @ CustodyError::NotConsignmentsLot)]
    pub lot: Box<Account<Lot>>,
    #[account(mut)]
    pub consignment: Box<Account<Consignment>>,
    pub clock: Box<Account<ClockSysvar>>,
}

impl Handoff {
    /// A sale's transaction statement is made by the sender's signature.
    pub fn handoff(
        &mut self,
        kind: u8,
        sequence: u32,
        document: &[u8; 32],
        followers: &mut Followers,
    ) -> Result<()> {
        let now = self.clock.unix_timestamp;
        let Self {
            from_authority,
            to_authority,
            from,
            to,
            ..
        } = self;
        check_signer(from_authority, from, Permissions::SHIP, now, followers)?;
        check_signer(to_authority, to, Permissions::RECEIVE, now, followers)?;
        let passage = Passage::between_cold(from, to, Change::of_transfer(kind)?, now)?;
        passage.check_lot(&self.lot)?;
        passage.hand_over(
            self.lot.address(),
            &self.lot,
            &mut self.consignment,
            sequence,
            document,
        )
    }
}
