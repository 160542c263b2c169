//! Whole consignments that leave the chain.

use custody::{accounts, instruction as data};
use solana_instruction::Instruction;

use super::custodian::by_custodian;
use crate::{goods::Goods, instruction::signed, site::Site};

/// Records that a consignment was taken as samples. Its units are gone for good.
///
/// Signed by the custodian, an operator with `WITHDRAW`.
///
/// Refused with `NotCustodian`, `ConsignmentOffered`, `UnitsGone`, `PartlyGone`. An open case
/// does not stand in the way.
pub fn sample(
    custodian: Site,
    goods: impl Into<Goods>,
    document_hash: Option<[u8; 32]>,
) -> Instruction {
    let goods = goods.into();
    let data = data::Sample {
        sequence: goods.sequence,
        document_hash: document_hash.unwrap_or_default(),
    };
    let accounts = by_custodian(custodian, goods.consignment);
    signed([custodian], data.to_instruction(accounts))
}

/// Records that a consignment was stolen or lost. Its units are gone for good.
///
/// Signed by the custodian, an operator with `WITHDRAW`.
///
/// Refused with `NotCustodian`, `ConsignmentOffered`, `UnitsGone`, `PartlyGone`. An open case
/// does not stand in the way.
pub fn report_stolen(
    custodian: Site,
    goods: impl Into<Goods>,
    document_hash: Option<[u8; 32]>,
) -> Instruction {
    let goods = goods.into();
    let data = data::ReportStolen {
        sequence: goods.sequence,
        document_hash: document_hash.unwrap_or_default(),
    };
    let accounts = by_custodian(custodian, goods.consignment);
    signed([custodian], data.to_instruction(accounts))
}

/// Records that a consignment left the territory that the registry covers. Its units are gone for good.
///
/// Signed by the custodian, who must own the goods, an operator with `WITHDRAW`.
///
/// Refused with `NotCustodian`, `SenderNotOwner`, and with what keeps goods from being sold.
pub fn export(
    custodian: Site,
    goods: impl Into<Goods>,
    document_hash: Option<[u8; 32]>,
) -> Instruction {
    let goods = goods.into();
    let data = data::Export {
        sequence: goods.sequence,
        document_hash: document_hash.unwrap_or_default(),
    };
    let accounts = accounts::Export {
        authority: custodian.key,
        custodian: custodian.partner,
        lot: goods.lot,
        consignment: goods.consignment,
    };
    signed([custodian], data.to_instruction(accounts))
}

/// Records that a consignment was destroyed in the presence of a witness. Its units are gone for good.
///
/// Signed by the custodian, an operator with `WITHDRAW`, and by another person: the key of the site
/// `witness`, or an operator with `WITNESS` of that site or of the custodian (21 CFR 1317.95(d)).
///
/// Refused with `NotCustodian`, `WitnessIsActor`, `ConsignmentOffered`, `UnitsGone`, `PartlyGone`,
/// `UnderCase`, `LotUnderCase`.
pub fn destroy(
    custodian: Site,
    witness: Site,
    goods: impl Into<Goods>,
    document_hash: Option<[u8; 32]>,
) -> Instruction {
    let goods = goods.into();
    let data = data::Destroy {
        sequence: goods.sequence,
        document_hash: document_hash.unwrap_or_default(),
    };
    let accounts = accounts::Destroy {
        authority: custodian.key,
        witness: witness.key,
        custodian: custodian.partner,
        witness_site: witness.partner,
        lot: goods.lot,
        consignment: goods.consignment,
    };
    signed([custodian, witness], data.to_instruction(accounts))
}
