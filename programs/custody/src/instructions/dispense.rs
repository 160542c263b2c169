use anchor_lang::prelude::*;
use custody_rules::{
    Consignment, CustodyError, DispenseRecord, Lot, UnitBlock, UnitPage,
    dispense::{dispense, undo_dispense},
};
use pedigree_domain::Permissions;
use registry_rules::Partner;

use super::signer::{RemainingAccounts, check_signer};

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
    pub fn dispense(
        &mut self,
        block: UnitBlock,
        bump: u8,
        remaining: &mut RemainingAccounts,
    ) -> Result<()> {
        let now = Clock::get()?.unix_timestamp;
        check_signer(
            &self.authority,
            &self.custodian,
            Permissions::DISPENSE,
            now,
            remaining,
        )?;
        let record = &mut self.record;
        if record.dispenser == 0 {
            record.payer = *self.payer.address();
            record.bump = bump;
        }
        Ok(dispense(
            &self.custodian,
            (self.lot.address(), &self.lot),
            &mut self.consignment,
            &mut self.page,
            record,
            block,
            now,
        )?)
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
    pub fn undo_dispense(
        &mut self,
        block: UnitBlock,
        remaining: &mut RemainingAccounts,
    ) -> Result<()> {
        let now = Clock::get()?.unix_timestamp;
        check_signer(
            &self.authority,
            &self.custodian,
            Permissions::DISPENSE,
            now,
            remaining,
        )?;
        Ok(undo_dispense(
            &self.custodian,
            (self.lot.address(), &self.lot),
            &mut self.consignment,
            &mut self.page,
            &mut self.record,
            block,
            now,
        )?)
    }
}
