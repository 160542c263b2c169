//! What a custodian does to a consignment that stays where it is.

use anchor_lang::prelude::*;
use pedigree_domain::Permissions;
use registry::Partner;

use super::signer::{Followers, check_signer};
use crate::{
    errors::CustodyError,
    state::{Change, Consignment, Restrictions},
};

#[derive(Accounts)]
pub struct ByCustodian {
    pub authority: Signer,
    #[account(constraint = custodian.gln == consignment.custodian @ CustodyError::NotCustodian)]
    pub custodian: Box<Account<Partner>>,
    #[account(mut)]
    pub consignment: Box<Account<Consignment>>,
}

impl ByCustodian {
    #[inline(never)]
    fn check(&self, needed: Permissions, followers: &mut Followers) -> Result<()> {
        let now = Clock::get()?.unix_timestamp;
        check_signer(&self.authority, &self.custodian, needed, now, followers)?;
        self.consignment.check_held()
    }

    /// Names the outermost package that the units are in; `sscc` 0 takes them out of it.
    pub fn pack(&mut self, sscc: u64, followers: &mut Followers) -> Result<()> {
        self.check(Permissions::PACK, followers)?;
        self.consignment.set_sscc(sscc)
    }

    /// Sets the units aside, or releases them again.
    pub fn set_quarantined(&mut self, quarantined: bool, followers: &mut Followers) -> Result<()> {
        self.check(Permissions::QUARANTINE, followers)?;
        let quarantine = Restrictions::QUARANTINED.bits();
        let restrictions = &mut self.consignment.restrictions;
        require!(
            (*restrictions & quarantine != 0) != quarantined,
            if quarantined {
                CustodyError::ConsignmentQuarantined
            } else {
                CustodyError::NotQuarantined
            }
        );
        *restrictions ^= quarantine;
        Ok(())
    }

    /// Takes the units out of the chain where nobody needs to watch it: samples, theft. An open
    /// case does not stand in the way.
    pub fn withdraw(
        &mut self,
        kind: Change,
        sequence: u32,
        document: &[u8; 32],
        followers: &mut Followers,
    ) -> Result<()> {
        self.check(Permissions::WITHDRAW, followers)?;
        let consignment = &mut self.consignment;
        consignment.check_whole()?;
        consignment.check_sequence(sequence)?;
        consignment.next_sequence()?;
        consignment.withdraw(kind, document);
        Ok(())
    }
}
