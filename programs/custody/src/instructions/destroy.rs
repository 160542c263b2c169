use anchor_lang::{address_eq, prelude::*};
use pedigree_domain::{Permissions, Roles};
use registry::Partner;

use super::signer::{Followers, check_signer, sender_barred};
use crate::{
    errors::CustodyError,
    state::{Change, Consignment, Lot},
};

#[derive(Accounts)]
pub struct Destroy {
    pub authority: Signer,
    /// Another person's key: of `witness_site`, or of an operator that may witness for it.
    pub witness: Signer,
    #[account(constraint = custodian.gln == consignment.custodian @ CustodyError::NotCustodian)]
    pub custodian: Box<Account<Partner>>,
    /// The site that the witness is of; the custodian itself if its own operator watches.
    pub witness_site: Box<Account<Partner>>,
    #[account(address = consignment.lot @ CustodyError::NotConsignmentsLot)]
    pub lot: Box<Account<Lot>>,
    #[account(mut)]
    pub consignment: Box<Account<Consignment>>,
}

impl Destroy {
    /// Two persons see to it that the units are gone (21 CFR 1317.95(d); GDP 2013/C 343/01,
    /// section 6.3 asks for the record).
    pub fn destroy(
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
        check_witness(
            &self.witness,
            &self.authority,
            &self.witness_site,
            now,
            followers,
        )?;
        let consignment = &mut self.consignment;
        consignment.check_sequence(sequence)?;
        consignment.check_held()?;
        consignment.check_no_case()?;
        consignment.check_whole()?;
        require!(self.lot.open_cases == 0, CustodyError::LotUnderCase);
        consignment.next_sequence()?;
        consignment.withdraw(Change::Destruction, document);
        Ok(())
    }
}

/// Whether another person than the one who acts witnesses for `site`, which may trade.
#[inline(never)]
pub(super) fn check_witness(
    witness: &Signer,
    authority: &Signer,
    site: &Account<Partner>,
    now: i64,
    followers: &mut Followers,
) -> Result<()> {
    require!(
        !address_eq(witness.address(), authority.address()),
        CustodyError::WitnessIsActor
    );
    site.check_trade(now, Roles::all()).map_err(sender_barred)?;
    check_signer(witness, site, Permissions::WITNESS, now, followers)
}
