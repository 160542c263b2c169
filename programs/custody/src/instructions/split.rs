use anchor_lang::{AnchorAccount, prelude::*};
use custody_rules::{
    Consignment, CustodyError, UnitPage,
    split::{Cut, split},
};
use pedigree_domain::Permissions;
use registry_rules::Partner;

use super::signer::{RemainingAccounts, check_signer};

#[derive(Accounts)]
pub struct Split {
    #[account(mut, unsafe(dup))]
    pub payer: Signer,
    pub authority: Signer,
    #[account(constraint = consignment.is_with(&custodian) @ CustodyError::NotCustodian)]
    pub custodian: Box<Account<Partner>>,
    #[account(mut)]
    pub consignment: Box<Account<Consignment>>,
    #[account(
        init, payer = payer,
        seeds = [
            Consignment::SEED,
            consignment.address().as_ref(),
            bytemuck::bytes_of(&consignment.children),
        ],
        bump
    )]
    pub child: Box<Account<Consignment>>,
    pub system_program: Program<System>,
}

impl Split {
    pub fn split(
        &mut self,
        sequence: u32,
        quantity: u32,
        sscc: u64,
        bump: u8,
        remaining: &mut RemainingAccounts,
    ) -> Result<()> {
        let now = Clock::get()?.unix_timestamp;
        check_signer(
            &self.authority,
            &self.custodian,
            Permissions::PACK,
            now,
            remaining,
        )?;
        let child = &mut self.child;
        child.parent = *self.consignment.address();
        child.payer = *self.payer.address();
        child.bump = bump;
        let cut = Cut {
            sequence,
            quantity,
            sscc,
        };
        Ok(split(&mut self.consignment, child, cut, || {
            let view = remaining.next().ok_or(CustodyError::NotUnitsPage)?;
            Account::<UnitPage>::load(*view).map_err(|_| CustodyError::NotUnitsPage)
        })?)
    }
}
