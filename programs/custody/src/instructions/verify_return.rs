use anchor_lang::prelude::*;
use pedigree_domain::Permissions;
use registry::Partner;

use super::signer::{Followers, check_signer};
use crate::{
    errors::CustodyError,
    state::{Change, Consignment, Lot, Restrictions},
};

#[derive(Accounts)]
pub struct VerifyReturn {
    pub authority: Signer,
    #[account(constraint = custodian.gln == consignment.custodian @ CustodyError::NotCustodian)]
    pub custodian: Box<Account<Partner>>,
    #[account(address = consignment.lot @ CustodyError::NotConsignmentsLot)]
    pub lot: Box<Account<Lot>>,
    #[account(mut)]
    pub consignment: Box<Account<Consignment>>,
}

impl VerifyReturn {
    /// The custodian has verified the product identifiers of what came back (DSCSA section
    /// 582(c)(4)(D)), so it may be sold again. Not what could not be sold anyway.
    pub fn verify_return(&mut self, sequence: u32, followers: &mut Followers) -> Result<()> {
        let now = Clock::get()?.unix_timestamp;
        check_signer(
            &self.authority,
            &self.custodian,
            Permissions::RECEIVE,
            now,
            followers,
        )?;
        let consignment = &mut self.consignment;
        consignment.check_sequence(sequence)?;
        require!(
            consignment.restrictions & Restrictions::RETURNED.bits() != 0,
            CustodyError::NotReturned
        );
        consignment.restrictions &= !Restrictions::RETURNED.bits();
        consignment.check_movable(&self.lot, Change::Sale, now)
    }
}
