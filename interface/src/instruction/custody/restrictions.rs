//! Restrictions of consignments and lots, and lifting them.

use custody::{Restrictions, accounts, instruction as data};
use solana_instruction::Instruction;
use solana_pubkey::Pubkey;

use super::custodian::{by_custodian, by_custodian_of_lot};
use crate::{goods::Goods, instruction::signed, site::Site};

/// Puts a consignment in quarantine: it does not move down the chain until it is released. `document_hash` is
/// that of the reason.
///
/// Signed by the custodian, an operator with `QUARANTINE`.
///
/// Refused with `NotCustodian`, `ConsignmentQuarantined` (it is already), `ConsignmentOffered`,
/// `UnitsGone`.
pub fn quarantine(
    custodian: Site,
    consignment: Pubkey,
    document_hash: Option<[u8; 32]>,
) -> Instruction {
    let data = data::Quarantine {
        document_hash: document_hash.unwrap_or_default(),
    };
    let accounts = by_custodian(custodian, consignment);
    signed([custodian], data.to_instruction(accounts))
}

/// Lifts `restrictions` of a consignment. `document_hash` is that of the reason.
///
/// Signed by the custodian, for [`Restrictions::QUARANTINED`] only, or by a regulator; an operator with
/// `QUARANTINE`.
///
/// Refused with `LiftedByRegulator`, `NotRestricted`, `InvalidRestrictions`, `ConsignmentOffered` (by its
/// custodian), `UnitsGone`.
pub fn release(
    site: Site,
    consignment: Pubkey,
    restrictions: Restrictions,
    document_hash: Option<[u8; 32]>,
) -> Instruction {
    let data = data::Release {
        restrictions: restrictions.bits(),
        document_hash: document_hash.unwrap_or_default(),
    };
    let accounts = accounts::Release {
        authority: site.key,
        site: site.partner,
        consignment,
    };
    signed([site], data.to_instruction(accounts))
}

/// Makes returned goods saleable again: the custodian has verified their product identifiers (DSCSA
/// section 582(c)(4)(D)). `document_hash` is that of what it verified them with.
///
/// Signed by the custodian, an operator with `RECEIVE`.
///
/// Refused with `NotCustodian`, `NotReturned`, and with what else keeps goods from being sold.
pub fn verify_return(
    custodian: Site,
    goods: impl Into<Goods>,
    document_hash: Option<[u8; 32]>,
) -> Instruction {
    let goods = goods.into();
    let data = data::VerifyReturn {
        sequence: goods.sequence,
        document_hash: document_hash.unwrap_or_default(),
    };
    let accounts = by_custodian_of_lot(custodian, &goods);
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
