use anchor_lang::prelude::*;
use custody_rules::{
    Consignment, CustodyError, Lot, UnitBlock, UnitPage,
    decommission::{decommission, destroy_units},
};
use pedigree_domain::Permissions;
use registry_rules::Partner;

use super::signer::{RemainingAccounts, check_signer, check_witness};

#[derive(Accounts)]
pub struct Decommission {
    pub authority: Signer,
    #[account(constraint = custodian.gln == consignment.custodian @ CustodyError::NotCustodian)]
    pub custodian: Box<Account<Partner>>,
    #[account(address = consignment.lot @ CustodyError::NotConsignmentsLot)]
    pub lot: Box<Account<Lot>>,
    #[account(mut)]
    pub consignment: Box<Account<Consignment>>,
    #[account(mut)]
    pub page: Box<Account<UnitPage>>,
}

impl Decommission {
    /// Takes single units out of the chain: stolen, sampled, exported, damaged, suspect or
    /// illegitimate. Only to export them needs what a sale needs.
    pub fn decommission(
        &mut self,
        block: UnitBlock,
        disposition: u8,
        remaining: &mut RemainingAccounts,
    ) -> Result<()> {
        let now = Clock::get()?.unix_timestamp;
        let Self {
            authority,
            custodian,
            lot,
            consignment,
            page,
        } = self;
        check_signer(authority, custodian, Permissions::WITHDRAW, now, remaining)?;
        let lot = (lot.address(), &***lot);
        Ok(decommission(
            custodian,
            lot,
            consignment,
            page,
            block,
            disposition,
            now,
        )?)
    }
}

#[derive(Accounts)]
pub struct DestroyUnits {
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
    #[account(mut)]
    pub page: Box<Account<UnitPage>>,
}

impl DestroyUnits {
    /// Destroys single units before a witness, as [`Destroy`](super::Destroy) does whole
    /// consignments.
    pub fn destroy_units(
        &mut self,
        block: UnitBlock,
        remaining: &mut RemainingAccounts,
    ) -> Result<()> {
        let now = Clock::get()?.unix_timestamp;
        let Self {
            authority,
            witness,
            custodian,
            witness_site,
            lot,
            consignment,
            page,
        } = self;
        check_signer(authority, custodian, Permissions::WITHDRAW, now, remaining)?;
        check_witness(witness, authority, witness_site, now, remaining)?;
        let lot = (lot.address(), &***lot);
        Ok(destroy_units(lot, consignment, page, block)?)
    }
}
