//! Restrictions that can be lifted: quarantine, and a return that is not verified yet.

use custody::{accounts, instruction as data};
use solana_instruction::Instruction;
use solana_pubkey::Pubkey;

use super::custodian::by_custodian;
use crate::{goods::Goods, instruction::signed, site::Site};

/// Puts a consignment in quarantine: it does not move down the chain until it is released.
///
/// Signed by the custodian, an operator with `QUARANTINE`.
///
/// Refused with `NotCustodian`, `ConsignmentQuarantined` (it is already), `ConsignmentOffered`,
/// `UnitsGone`.
pub fn quarantine(custodian: Site, consignment: Pubkey) -> Instruction {
    let accounts = by_custodian(custodian, consignment);
    signed([custodian], data::Quarantine {}.to_instruction(accounts))
}

/// Ends a consignment's quarantine.
///
/// Signed by the custodian, an operator with `QUARANTINE`.
///
/// Refused with `NotCustodian`, `NotQuarantined`, `ConsignmentOffered`, `UnitsGone`.
pub fn release(custodian: Site, consignment: Pubkey) -> Instruction {
    let accounts = by_custodian(custodian, consignment);
    signed([custodian], data::Release {}.to_instruction(accounts))
}

/// Makes returned goods saleable again: the custodian has verified their product identifiers (DSCSA
/// section 582(c)(4)(D)).
///
/// Signed by the custodian, an operator with `RECEIVE`.
///
/// Refused with `NotCustodian`, `NotReturned`, and with what else keeps goods from being sold.
pub fn verify_return(custodian: Site, goods: impl Into<Goods>) -> Instruction {
    let goods = goods.into();
    let data = data::VerifyReturn {
        sequence: goods.sequence,
    };
    let accounts = accounts::VerifyReturn {
        authority: custodian.key,
        custodian: custodian.partner,
        lot: goods.lot,
        consignment: goods.consignment,
    };
    signed([custodian], data.to_instruction(accounts))
}

fn by_overseer(site: Site, lot: Pubkey) -> accounts::ByOverseer {
    accounts::ByOverseer {
        authority: site.key,
        site: site.partner,
        lot,
    }
}

/// Puts a lot in quarantine: none of its units moves down the chain until it is released.
///
/// Signed by the lot's manufacturer or by a regulator, an operator with `QUARANTINE`.
///
/// Refused with `NotOverseer`, `LotQuarantined`.
pub fn quarantine_lot(site: Site, lot: Pubkey) -> Instruction {
    let accounts = by_overseer(site, lot);
    signed([site], data::QuarantineLot {}.to_instruction(accounts))
}

/// Ends a lot's quarantine.
///
/// Signed by the site that quarantined it or by a regulator, an operator with `QUARANTINE`.
///
/// Refused with `NotOverseer`, `NotQuarantined`, `ReleasedByRegulator`.
pub fn release_lot(site: Site, lot: Pubkey) -> Instruction {
    let accounts = by_overseer(site, lot);
    signed([site], data::ReleaseLot {}.to_instruction(accounts))
}
