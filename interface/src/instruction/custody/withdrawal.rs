//! Whole consignments that leave the chain.

use custody::{accounts, instruction as data};
use solana_instruction::Instruction;

use super::{
    custodian::by_custodian_of_lot,
    witness::{Witness, accounts_of, signers},
};
use crate::{goods::Goods, instruction::signed, site::Site};

/// Records that a consignment was taken as samples, which may be undone for ten days.
///
/// Signed by the custodian, an operator with `WITHDRAW`, and by the `witness` where another site has to
/// agree: the owner of the goods or a regulator; if a case holds them, who opened it or a regulator; if they are
/// condemned, a regulator.
///
/// Refused with `NotCustodian`, `OwnerNotAsked`, `CondemnedGoods`, `HeldByCase`, `WitnessIsActor`,
/// `ConsignmentOffered`, `UnitsGone`, `PartlyGone`.
pub fn sample(
    custodian: Site,
    goods: impl Into<Goods>,
    witness: Option<Witness>,
    document_hash: Option<[u8; 32]>,
) -> Instruction {
    let goods = goods.into();
    let data = data::Sample {
        sequence: goods.sequence,
        document_hash: document_hash.unwrap_or_default(),
    };
    let accounts = withdraw(custodian, goods, witness);
    signed(signers(custodian, witness), data.to_instruction(accounts))
}

/// Records that a consignment was stolen or lost, whatever the custodian's standing. Its units are gone until
/// they are recovered.
///
/// Signed by the custodian, an operator with `WITHDRAW`, and, if a case holds the goods, by the `witness`: who
/// opened it, or a regulator.
///
/// Refused with `NotCustodian`, `HeldByCase`, `WitnessIsActor`, `ConsignmentOffered`, `UnitsGone`,
/// `PartlyGone`.
pub fn report_stolen(
    custodian: Site,
    goods: impl Into<Goods>,
    witness: Option<Witness>,
    document_hash: Option<[u8; 32]>,
) -> Instruction {
    let goods = goods.into();
    let data = data::ReportStolen {
        sequence: goods.sequence,
        document_hash: document_hash.unwrap_or_default(),
    };
    let accounts = withdraw(custodian, goods, witness);
    signed(signers(custodian, witness), data.to_instruction(accounts))
}

fn withdraw(custodian: Site, goods: Goods, witness: Option<Witness>) -> accounts::Withdraw {
    let (witness, witness_site, case) = accounts_of(witness);
    accounts::Withdraw {
        authority: custodian.key,
        custodian: custodian.partner,
        lot: goods.lot,
        consignment: goods.consignment,
        witness,
        witness_site,
        case,
    }
}

/// Records that a consignment left the territory that the registry covers, which may be undone for ten days.
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
    let accounts = by_custodian_of_lot(custodian, &goods);
    signed([custodian], data.to_instruction(accounts))
}

/// Takes back that a consignment was sampled or exported, within ten days (Delegated Regulation (EU) 2016/161,
/// article 13).
///
/// Signed by the custodian that did it, an operator with `WITHDRAW`.
///
/// Refused with `NotCustodian`, `NotWithdrawn`, `UndoTooLate`, and with what keeps goods from being sold, but for
/// `PartlyGone`.
pub fn undo_withdrawal(custodian: Site, goods: impl Into<Goods>) -> Instruction {
    let goods = goods.into();
    let data = data::UndoWithdrawal {
        sequence: goods.sequence,
    };
    let accounts = by_custodian_of_lot(custodian, &goods);
    signed([custodian], data.to_instruction(accounts))
}

/// Records that a consignment was destroyed in the presence of a witness. Its units are gone for good.
///
/// Signed by the custodian, an operator with `WITHDRAW`, and by another person: the key of the site
/// `witness`, or an operator with `WITNESS` of that site or of the custodian (21 CFR 1317.95(d)). The witness is
/// of the owner or of a regulator, unless the custodian owns the goods or the owner sent them to be destroyed;
/// and of a regulator if the custodian may not trade.
///
/// Refused with `NotCustodian`, `WitnessIsActor`, `OwnerNotAsked`, `ConsignmentOffered`, `UnitsGone`,
/// `PartlyGone`, `UnderCase`, `LotUnderCase`.
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
