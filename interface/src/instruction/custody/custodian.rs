//! What the instructions that only a consignment's custodian signs have in common.

use custody::accounts;
use solana_pubkey::Pubkey;

use crate::{goods::Goods, site::Site};

pub fn by_custodian(custodian: Site, consignment: Pubkey) -> accounts::ByCustodian {
    accounts::ByCustodian {
        authority: custodian.key,
        custodian: custodian.partner,
        consignment,
    }
}

pub fn by_custodian_of_lot(custodian: Site, goods: &Goods) -> accounts::ByCustodianOfLot {
    accounts::ByCustodianOfLot {
        authority: custodian.key,
        custodian: custodian.partner,
        lot: goods.lot,
        consignment: goods.consignment,
    }
}
