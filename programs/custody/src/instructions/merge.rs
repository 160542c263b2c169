use anchor_lang::prelude::*;
use pedigree_domain::Permissions;
use registry::Partner;

use super::signer::{Followers, check_signer};
use crate::{errors::CustodyError, state::Consignment};

#[derive(Accounts)]
pub struct Merge {
    pub authority: Signer,
    #[account(constraint = custodian.gln == consignment.custodian @ CustodyError::NotCustodian)]
    pub custodian: Box<Account<Partner>>,
    #[account(mut)]
    pub consignment: Box<Account<Consignment>>,
    /// The run right after the consignment's; closed.
    #[account(mut, close = payer)]
    pub neighbour: Box<Account<Consignment>>,
    /// Gets the rent back that it paid for the neighbour.
    #[account(mut, unsafe(dup), address = neighbour.payer @ CustodyError::NotPayer)]
    pub payer: UncheckedAccount,
}

impl Merge {
    pub fn merge(
        &mut self,
        sequence: u32,
        neighbour_sequence: u32,
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
        let (consignment, neighbour) = (&mut self.consignment, &self.neighbour);
        consignment.check_sequence(sequence)?;
        neighbour.check_sequence(neighbour_sequence)?;
        for part in [&**consignment, &**neighbour] {
            part.check_held()?;
            part.check_no_case()?;
        }
        consignment.next_sequence()?;
        consignment.merge(neighbour)
    }
}
