use anchor_lang::prelude::*;
use pedigree_domain::Permissions;
use registry::Partner;

use super::signer::{Followers, check_signer};
use crate::{
    errors::CustodyError,
    state::{Consignment, UnitPage},
};

#[derive(Accounts)]
pub struct Split {
    #[account(mut, unsafe(dup))]
    pub payer: Signer,
    pub authority: Signer,
    #[account(constraint = custodian.gln == consignment.custodian @ CustodyError::NotCustodian)]
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
    /// Cuts the last `quantity` units off into a consignment of their own, packed in `sscc` (0 for
    /// loose). What was packed is broken up: the rest has no SSCC until it is packed again. If some
    /// units are gone one by one, the pages of the part that is cut off follow.
    pub fn split(
        &mut self,
        sequence: u32,
        quantity: u32,
        sscc: u64,
        bump: u8,
        followers: &mut Followers,
    ) -> Result<()> {
        let now = Clock::get()?.unix_timestamp;
        check_signer(
            &self.authority,
            &self.custodian,
            Permissions::PACK,
            now,
            followers,
        )?;
        let (consignment, child) = (&mut self.consignment, &mut self.child);
        consignment.check_sequence(sequence)?;
        consignment.check_held()?;
        consignment.check_no_case()?;
        consignment.next_sequence()?;
        let inactive = if consignment.inactive == 0 {
            0
        } else {
            consignment.check_split(quantity)?;
            let first = consignment.first_unit + (consignment.quantity - quantity);
            UnitPage::count_inactive(followers, &consignment.lot, first, quantity)?
        };
        child.parent = *consignment.address();
        child.payer = *self.payer.address();
        child.bump = bump;
        consignment.split(child, quantity, inactive)?;
        child.set_sscc(sscc)
    }
}
