use anchor_lang::prelude::*;
use custody_rules::{
    Case, Consignment, CustodyError, Lot,
    withdraw::{report_stolen, sample},
};
use pedigree_domain::Permissions;
use registry_rules::Partner;

use super::{
    signer::{RemainingAccounts, check_signer},
    witness::take_witness,
};

#[derive(Accounts)]
pub struct Withdraw {
    pub authority: Signer,
    #[account(constraint = consignment.is_with(&custodian) @ CustodyError::NotCustodian)]
    pub custodian: Box<Account<Partner>>,
    #[account(address = consignment.lot @ CustodyError::NotConsignmentsLot)]
    pub lot: Box<Account<Lot>>,
    #[account(mut)]
    pub consignment: Box<Account<Consignment>>,
    /// Another person's key, where the owner, a regulator or a case's opener has to sign too: of
    /// `witness_site`, or of an operator that may witness for it.
    pub witness: Option<Signer>,
    pub witness_site: Option<Box<Account<Partner>>>,
    /// The case that `witness_site` opened, if that is why it signs.
    pub case: Option<Box<Account<Case>>>,
}

impl Withdraw {
    /// Takes the units as samples.
    pub fn sample(
        &mut self,
        sequence: u32,
        document_hash: &[u8; 32],
        remaining: &mut RemainingAccounts,
    ) -> Result<()> {
        let now = self.check(remaining)?;
        let Self {
            authority,
            custodian,
            lot,
            consignment,
            witness,
            witness_site,
            case,
        } = self;
        let witness = take_witness((witness, witness_site), case, authority, now, remaining)?;
        let address = *consignment.address();
        Ok(sample(
            custodian,
            (lot.address(), lot),
            (&address, consignment),
            witness,
            sequence,
            document_hash,
            now,
        )?)
    }

    /// Reports the units as stolen or lost.
    pub fn report_stolen(
        &mut self,
        sequence: u32,
        document_hash: &[u8; 32],
        remaining: &mut RemainingAccounts,
    ) -> Result<()> {
        let now = self.check(remaining)?;
        let Self {
            authority,
            custodian,
            lot,
            consignment,
            witness,
            witness_site,
            case,
        } = self;
        let witness = take_witness((witness, witness_site), case, authority, now, remaining)?;
        let address = *consignment.address();
        Ok(report_stolen(
            custodian,
            (lot.address(), lot),
            (&address, consignment),
            witness,
            sequence,
            document_hash,
            now,
        )?)
    }

    /// Checks the custodian's signer, and says what time it is.
    fn check(&self, remaining: &mut RemainingAccounts) -> Result<i64> {
        let now = Clock::get()?.unix_timestamp;
        check_signer(
            &self.authority,
            &self.custodian,
            Permissions::WITHDRAW,
            now,
            remaining,
        )?;
        Ok(now)
    }
}
