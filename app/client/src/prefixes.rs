//! The company prefixes that firms have claimed.

use pedigree_interface::{address, domain::gs1::CompanyPrefix, identifier::Gln};
use registry::{PrefixClaim, PrefixTable};
use solana_pubkey::Pubkey;

use crate::{
    error::{Error, Result},
    ledger::{Filter, Ledger},
};

/// All claims, in the order of their digits.
///
/// # Errors
///
/// If the ledger cannot be read.
pub async fn all(ledger: &Ledger) -> Result<Vec<PrefixClaim>> {
    let tables = [Filter::discriminator(PrefixTable::DISCRIMINATOR)];
    let tables = ledger.program_accounts(&registry::ID, &tables).await?;
    let mut all = Vec::new();
    for (address, account) in tables {
        all.extend(claims(&address, &account.data)?);
    }
    all.sort_by_key(|claim| claim.prefix().first());
    Ok(all)
}

/// The claims of the firm whose head office has this GLN.
///
/// # Errors
///
/// If the ledger cannot be read.
pub async fn of_firm(ledger: &Ledger, firm: Gln) -> Result<Vec<PrefixClaim>> {
    let claims = all(ledger).await?;
    Ok(among(&claims, firm).copied().collect())
}

/// Those of `claims` that are of the firm whose head office has this GLN.
pub fn among(claims: &[PrefixClaim], firm: Gln) -> impl Iterator<Item = &PrefixClaim> {
    claims.iter().filter(move |claim| claim.firm() == firm)
}

/// The claims that equal `prefix`, contain it or lie in it.
///
/// # Errors
///
/// If the ledger cannot be read.
pub async fn overlapping(ledger: &Ledger, prefix: CompanyPrefix) -> Result<Vec<PrefixClaim>> {
    let mut claims = of_table(ledger, PrefixTable::leading_of(prefix)).await?;
    claims.retain(|claim| {
        let claimed = claim.prefix();
        claimed.first() < prefix.end() && prefix.first() < claimed.end()
    });
    Ok(claims)
}

/// The claims that begin with these four digits; none if there is no table of them.
///
/// # Errors
///
/// If the ledger cannot be read.
pub async fn of_table(ledger: &Ledger, leading: u16) -> Result<Vec<PrefixClaim>> {
    let address = address::prefix_table(leading);
    let (_, accounts) = ledger.accounts(&[address]).await?;
    let table = accounts.into_iter().next().flatten();
    table.map_or(Ok(Vec::new()), |account| claims(&address, &account.data))
}

/// The claims in a table's bytes.
fn claims(address: &Pubkey, data: &[u8]) -> Result<Vec<PrefixClaim>> {
    let read = PrefixTable::from_account_data(data);
    read.map(|(_, claims)| claims).ok_or(Error::NotA {
        what: "table of company prefixes",
        address: *address,
        reason: "it has other bytes",
    })
}
