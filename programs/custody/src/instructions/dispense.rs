use anchor_lang::prelude::*;
use custody_rules::{
    Consignment, CustodyError, Lot, UnitBlock, UnitPage, UnitRecord,
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
    #[account(constraint = consignment.is_with(&custodian) @ CustodyError::NotCustodian)]
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
            UnitRecord::SEED,
            lot.address().as_ref(),
            &custodian.gln.to_le_bytes(),
            &block.number.to_le_bytes(),
        ],
        bump
    )]
    pub record: Box<Account<UnitRecord>>,
    pub system_program: Program<System>,
    /// Signs for the goods' owner, if that is another site than the custodian; maybe the same key, which
    /// the owner made its operator.
    pub owner_authority: Option<Signer>,
    pub owner: Option<Box<Account<Partner>>>,
}

impl Dispense {
    pub fn dispense(
        &mut self,
        block: UnitBlock,
        evidence: &[u8; 32],
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
        if let (Some(authority), Some(owner)) = (&self.owner_authority, &self.owner) {
            check_signer(authority, owner, Permissions::DISPENSE, now, remaining)?;
        } else {
            require!(
                self.owner_authority.is_none() && self.owner.is_none(),
                CustodyError::NotPartnerKey
            );
        }
        let record = &mut self.record;
        if record.site == 0 {
            record.payer = *self.payer.address();
            record.bump = bump;
        }
        let owner = self.owner.as_ref().map(|owner| &***owner);
        Ok(dispense(
            (&self.custodian, owner),
            (self.lot.address(), &self.lot),
            &mut self.consignment,
            &mut self.page,
            record,
            block,
            evidence,
            now,
        )?)
    }
}

#[derive(Accounts)]
pub struct UndoDispense {
    pub authority: Signer,
    #[account(constraint = consignment.is_with(&custodian) @ CustodyError::NotCustodian)]
    pub custodian: Box<Account<Partner>>,
    #[account(address = consignment.lot @ CustodyError::NotConsignmentsLot)]
    pub lot: Box<Account<Lot>>,
    #[account(mut)]
    pub consignment: Box<Account<Consignment>>,
    #[account(mut)]
    pub page: Box<Account<UnitPage>>,
    #[account(
        mut,
        constraint = record.site == custodian.gln @ CustodyError::NotDispenser,
        constraint = record.lot == *lot.address() @ CustodyError::NotDispenser
    )]
    pub record: Box<Account<UnitRecord>>,
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
