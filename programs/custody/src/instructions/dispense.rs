use anchor_lang::prelude::*;
use pedigree_domain::{Permissions, Roles};
use registry::Partner;

use super::signer::{Followers, check_signer, sender_barred};
use crate::{
    errors::CustodyError,
    state::{
        BLOCK_UNITS, Change, Consignment, DispenseRecord, Disposition, Lot, PAGE_UNITS, UnitBlock,
        UnitPage,
    },
};

#[derive(Accounts)]
#[instruction(block: UnitBlock)]
pub struct Dispense {
    #[account(mut, unsafe(dup))]
    pub payer: Signer,
    pub authority: Signer,
    #[account(constraint = custodian.gln == consignment.custodian @ CustodyError::NotCustodian)]
    pub custodian: Box<Account<Partner>>,
    #[account(address = consignment.lot @ CustodyError::NotConsignmentsLot)]
    pub lot: Box<Account<Lot>>,
    #[account(mut)]
    pub consignment: Box<Account<Consignment>>,
    #[account(mut)]
    pub page: Box<Account<UnitPage>>,
    #[account(
        init_if_needed, payer = payer,
        seeds = [
            DispenseRecord::SEED,
            lot.address().as_ref(),
            &custodian.gln.to_le_bytes(),
            &block.number.to_le_bytes(),
        ],
        bump
    )]
    pub record: Box<Account<DispenseRecord>>,
    pub system_program: Program<System>,
}

impl Dispense {
    /// Gives units to patients: the custodian, which dispenses, may while nothing speaks against it.
    pub fn dispense(
        &mut self,
        block: UnitBlock,
        bump: u8,
        followers: &mut Followers,
    ) -> Result<()> {
        let now = Clock::get()?.unix_timestamp;
        let (custodian, lot, consignment) = (&self.custodian, &self.lot, &mut self.consignment);
        check_dispenser(&self.authority, custodian, now, followers)?;
        check_dispensable(lot, consignment, block, now)?;
        check_page(&self.page, lot.address(), block)?;
        let gone = self.page.dispose(block, Disposition::Dispensed)?;
        consignment.count_inactive(gone)?;

        let record = &mut self.record;
        if record.dispenser == 0 {
            record.lot = *lot.address();
            record.payer = *self.payer.address();
            record.dispenser = custodian.gln;
            record.block = block.number;
            record.bump = bump;
        }
        record.note(block, now)
    }
}

#[derive(Accounts)]
pub struct UndoDispense {
    pub authority: Signer,
    #[account(constraint = custodian.gln == consignment.custodian @ CustodyError::NotCustodian)]
    pub custodian: Box<Account<Partner>>,
    #[account(address = consignment.lot @ CustodyError::NotConsignmentsLot)]
    pub lot: Box<Account<Lot>>,
    #[account(mut)]
    pub consignment: Box<Account<Consignment>>,
    #[account(mut)]
    pub page: Box<Account<UnitPage>>,
    #[account(
        mut,
        constraint = record.dispenser == custodian.gln @ CustodyError::NotDispenser,
        constraint = record.lot == *lot.address() @ CustodyError::NotDispenser
    )]
    pub record: Box<Account<DispenseRecord>>,
}

impl UndoDispense {
    /// Takes units back that were not handed to the patient after all: within ten days, by who
    /// dispensed them, and only if they could be dispensed now (Delegated Regulation (EU) 2016/161,
    /// article 13(1)).
    pub fn undo_dispense(&mut self, block: UnitBlock, followers: &mut Followers) -> Result<()> {
        let now = Clock::get()?.unix_timestamp;
        let (lot, consignment) = (&self.lot, &mut self.consignment);
        check_dispenser(&self.authority, &self.custodian, now, followers)?;
        check_dispensable(lot, consignment, block, now)?;
        check_page(&self.page, lot.address(), block)?;
        require!(
            self.record.block == block.number,
            CustodyError::NotDispenser
        );
        for unit in block.units() {
            self.page.restore(unit)?;
            self.record.strike(unit, now)?;
        }
        consignment.count_active(block.units.count_ones())
    }
}

#[inline(never)]
fn check_dispenser(
    authority: &Signer,
    custodian: &Account<Partner>,
    now: i64,
    followers: &mut Followers,
) -> Result<()> {
    check_signer(authority, custodian, Permissions::DISPENSE, now, followers)?;
    custodian
        .check_trade(now, Roles::DISPENSER)
        .map_err(sender_barred)?;
    Ok(())
}

/// Whether the units of `block`, all of them the consignment's, may be given to patients.
#[inline(never)]
fn check_dispensable(
    lot: &Lot,
    consignment: &Consignment,
    block: UnitBlock,
    now: i64,
) -> Result<()> {
    block.check_within(consignment)?;
    check_units_movable(lot, consignment, block, now)
}

/// Whether single units may go where a sale could take them.
#[inline(never)]
pub(super) fn check_units_movable(
    lot: &Lot,
    consignment: &Consignment,
    block: UnitBlock,
    now: i64,
) -> Result<()> {
    consignment.check_held()?;
    consignment.check_no_case()?;
    consignment.check_units_unrestricted()?;
    lot.check_movable(Change::Sale, now)?;
    if lot.recalls != 0 {
        for unit in block.units() {
            require!(!lot.is_recalled(unit, 1), CustodyError::Recalled);
        }
    }
    Ok(())
}

/// Whether `page` is the one of `lot` that the units of `block` are on.
#[inline(never)]
pub(super) fn check_page(page: &UnitPage, lot: &Address, block: UnitBlock) -> Result<()> {
    require!(
        page.lot == *lot && page.number == block.number / (PAGE_UNITS / BLOCK_UNITS),
        CustodyError::NotUnitsPage
    );
    Ok(())
}
