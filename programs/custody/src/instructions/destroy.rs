use anchor_lang::prelude::*;
use custody_rules::{Consignment, CustodyError, Lot, destroy::destroy};
use pedigree_domain::Permissions;
use registry_rules::Partner;

use super::signer::{RemainingAccounts, check_signer, check_witness};

#[derive(Accounts)]
pub struct Destroy {
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
}

impl Destroy {
    /// Two persons see to it that the units are gone (21 CFR 1317.95(d); GDP 2013/C 343/01,
    /// section 6.3 asks for the record).
    pub fn destroy(
        &mut self,
        sequence: u32,
        document_hash: &[u8; 32],
        remaining: &mut RemainingAccounts,
    ) -> Result<()> {
        let now = Clock::get()?.unix_timestamp;
        check_signer(
            &self.authority,
            &self.custodian,
            Permissions::WITHDRAW,
            now,
            remaining,
        )?;
        check_witness(
            &self.witness,
            &self.authority,
            &self.witness_site,
            now,
            remaining,
        )?;
        Ok(destroy(
            (&self.custodian, &self.witness_site),
            &self.lot,
            &mut self.consignment,
            sequence,
            document_hash,
            now,
        )?)
    }
}
