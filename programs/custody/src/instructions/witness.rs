//! The second person who signs that goods leave the chain, where one is needed.

use anchor_lang::prelude::*;
use custody_rules::{Case, CustodyError, exit};
use registry_rules::Partner;

use super::signer::{RemainingAccounts, check_witness};

/// Checks the signature of a `witness` for `site`, if there is one, and says what the rules need of it.
#[inline(never)]
pub(super) fn take_witness<'a>(
    (witness, site): (&Option<Signer>, &'a Option<Box<Account<Partner>>>),
    case: &'a Option<Box<Account<Case>>>,
    authority: &Signer,
    now: i64,
    remaining: &mut RemainingAccounts,
) -> Result<Option<exit::Witness<'a>>> {
    let (Some(witness), Some(site)) = (witness, site) else {
        require!(
            witness.is_none() && site.is_none(),
            CustodyError::NotPartnerKey
        );
        return Ok(None);
    };
    check_witness(witness, authority, site, now, remaining)?;
    Ok(Some(exit::Witness {
        site,
        case: case.as_ref().map(|case| &***case),
    }))
}
