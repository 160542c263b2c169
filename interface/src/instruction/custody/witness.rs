//! The second person who signs that goods leave the chain, where one is needed.

use solana_pubkey::Pubkey;

use crate::site::Site;

/// Who signs, besides the custodian, that goods leave the chain: their owner, a regulator, or the site that
/// opened the case that holds them. Another key than the custodian's; an operator needs `WITNESS`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Witness {
    /// For which site.
    pub site: Site,
    /// Address of the `Case` that the site opened, if that is why it signs.
    pub case: Option<Pubkey>,
}

impl From<Site> for Witness {
    fn from(site: Site) -> Self {
        Self { site, case: None }
    }
}

/// The key, the site and the case, as instructions list them.
pub(super) fn accounts_of(
    witness: Option<Witness>,
) -> (Option<Pubkey>, Option<Pubkey>, Option<Pubkey>) {
    let site = witness.map(|witness| witness.site);
    (
        site.map(|site| site.key),
        site.map(|site| site.partner),
        witness.and_then(|witness| witness.case),
    )
}

/// The sites that sign, in order.
pub(super) fn signers(custodian: Site, witness: Option<Witness>) -> impl Iterator<Item = Site> {
    let witness = witness.map(|witness| witness.site);
    core::iter::once(custodian).chain(witness)
}
