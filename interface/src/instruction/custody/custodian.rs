//! What the instructions that only a consignment's custodian signs have in common.

use custody::accounts;
use solana_pubkey::Pubkey;

use crate::site::Site;

pub fn by_custodian(custodian: Site, consignment: Pubkey) -> accounts::ByCustodian {
    accounts::ByCustodian {
        authority: custodian.key,
        custodian: custodian.partner,
        consignment,
    }
}
