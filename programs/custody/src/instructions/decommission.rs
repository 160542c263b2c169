use anchor_lang::prelude::*;
use custody_rules::{
    Case, Consignment, CustodyError, Lot, UnitBlock, UnitPage, UnitRecord,
    decommission::{decommission, destroy_units, undo_decommission},
};
use pedigree_domain::Permissions;
use registry_rules::Partner;

use super::{
    signer::{RemainingAccounts, check_signer, check_witness},
    witness::take_witness,
};

#[derive(Accounts)]
#[instruction(block: UnitBlock)]
pub struct Decommission {
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
    pub record: Option<Box<Account<UnitRecord>>>,
    pub system_program: Program<System>,
    /// Another person's key, where the owner, a regulator or a case's opener has to sign too: of
    /// `witness_site`, or of an operator that may witness for it.
    pub witness: Option<Signer>,
    pub witness_site: Option<Box<Account<Partner>>>,
    /// The case that `witness_site` opened, if that is why it signs.
    pub case: Option<Box<Account<Case>>>,
}

impl Decommission {
    /// Takes single units out of the chain: stolen, sampled, exported, damaged, suspect or
    /// illegitimate.
    pub fn decommission(
        &mut self,
        block: UnitBlock,
        disposition: u8,
        document_hash: &[u8; 32],
        bump: Option<u8>,
        remaining: &mut RemainingAccounts,
    ) -> Result<()> {
        let now = Clock::get()?.unix_timestamp;
        let Self {
            payer,
            authority,
            custodian,
            lot,
            consignment,
            page,
            record,
            witness,
            witness_site,
            case,
            ..
        } = self;
        check_signer(authority, custodian, Permissions::WITHDRAW, now, remaining)?;
        let witness = take_witness((witness, witness_site), case, authority, now, remaining)?;
        if let (Some(record), Some(bump)) = (record.as_mut(), bump)
            && record.site == 0
        {
            record.payer = *payer.address();
            record.bump = bump;
        }
        let record = record.as_mut().map(|record| &mut ***record);
        let address = *consignment.address();
        Ok(decommission(
            custodian,
            (lot.address(), lot),
            (&address, consignment),
            page,
            record,
            witness,
            (block, disposition),
            document_hash,
            now,
        )?)
    }
}

#[derive(Accounts)]
pub struct UndoDecommission {
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

impl UndoDecommission {
    /// Takes back that units were sampled or exported.
    pub fn undo_decommission(
        &mut self,
        block: UnitBlock,
        remaining: &mut RemainingAccounts,
    ) -> Result<()> {
        let now = Clock::get()?.unix_timestamp;
        let Self {
            authority,
            custodian,
            lot,
            consignment,
            page,
            record,
        } = self;
        check_signer(authority, custodian, Permissions::WITHDRAW, now, remaining)?;
        Ok(undo_decommission(
            custodian,
            (lot.address(), lot),
            consignment,
            page,
            record,
            block,
            now,
        )?)
    }
}

#[derive(Accounts)]
pub struct DestroyUnits {
    pub authority: Signer,
    /// Another person's key: of `witness_site`, or of an operator that may witness for it.
    pub witness: Signer,
    #[account(constraint = consignment.is_with(&custodian) @ CustodyError::NotCustodian)]
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
        document_hash: &[u8; 32],
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
        Ok(destroy_units(
            (custodian, witness_site),
            (lot.address(), lot),
            consignment,
            page,
            block,
            document_hash,
            now,
        )?)
    }
}
