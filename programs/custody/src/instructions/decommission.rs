use anchor_lang::prelude::*;
use pedigree_domain::{Permissions, Roles};
use registry::Partner;

use super::{
    destroy::check_witness,
    dispense::{check_page, check_units_movable},
    signer::{Followers, check_signer, sender_barred},
};
use crate::{
    errors::CustodyError,
    state::{Consignment, Disposition, Lot, UnitBlock, UnitPage},
};

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
        followers: &mut Followers,
    ) -> Result<()> {
        let now = Clock::get()?.unix_timestamp;
        let Self {
            authority,
            custodian,
            lot,
            consignment,
            page,
        } = self;
        let disposition = Disposition::from_code(disposition);
        require!(
            disposition.is_known()
                && disposition != Disposition::Active
                && disposition != Disposition::Dispensed
                && disposition != Disposition::Destroyed,
            CustodyError::InvalidDisposition
        );
        check_signer(authority, custodian, Permissions::WITHDRAW, now, followers)?;
        block.check_within(consignment)?;
        if disposition == Disposition::Exported {
            custodian
                .check_trade(now, Roles::CUSTODIANS)
                .map_err(sender_barred)?;
            require!(
                consignment.owner == custodian.gln,
                CustodyError::SenderNotOwner
            );
            check_units_movable(lot, consignment, block, now)?;
        } else {
            consignment.check_held()?;
        }
        check_page(page, lot.address(), block)?;
        let gone = page.dispose(block, disposition)?;
        consignment.count_inactive(gone)
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
    pub fn destroy_units(&mut self, block: UnitBlock, followers: &mut Followers) -> Result<()> {
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
        check_signer(authority, custodian, Permissions::WITHDRAW, now, followers)?;
        check_witness(witness, authority, witness_site, now, followers)?;
        block.check_within(consignment)?;
        consignment.check_held()?;
        consignment.check_no_case()?;
        require!(lot.open_cases == 0, CustodyError::LotUnderCase);
        check_page(page, lot.address(), block)?;
        let gone = page.dispose(block, Disposition::Destroyed)?;
        consignment.count_inactive(gone)
    }
}
