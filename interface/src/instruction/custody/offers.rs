//! Changes of custody in two steps: an offer, and what ends it.

use custody::{ExceptionCode, TransferKind, accounts, instruction as data, instructions};
use pedigree_domain::identifier::Gln;
use solana_instruction::Instruction;
use solana_pubkey::Pubkey;
use solana_sdk_ids::{system_program, sysvar::clock};

use super::cases::Finding;
use crate::{
    address,
    goods::{Goods, Offered},
    instruction::signed,
    site::Site,
};

/// The terms on which goods are offered.
#[derive(Clone, Copy, Debug)]
pub struct OfferTerms {
    /// What the change of custody is for.
    pub kind: TransferKind,
    /// Whether the sender makes the transaction statement of DSCSA section 581(27). A sale needs it.
    pub statement: bool,
    /// Unix seconds: the last moment to accept, at most 90 days ahead.
    pub deadline: i64,
    /// SHA-256 of the transaction information with a salt.
    pub document_hash: Option<[u8; 32]>,
    /// Address of the `Transfer` by which the receiver sold the goods to the sender, which owns them. Only a return
    /// needs it, and only if it goes neither to the owner's supplier, nor to the owner, nor to the lot's
    /// manufacturer.
    pub reverses: Option<Pubkey>,
}

/// Offers a consignment to the site `to`, which accepts or rejects it before the deadline; creates the
/// `Transfer` that keeps the record.
///
/// Signed by `payer` and by the custodian, an operator with `SHIP`.
///
/// Refused, whatever the kind, with `NotCustodian`, `SamePartner`, `ConsignmentOffered`, `UnitsGone`,
/// `PartlyGone`, `UnderCase`, `LotUnderCase`, `InvalidDeadline`. A sale and logistics are refused with
/// `LotExpired`, `LotQuarantined`, `Recalled`, `ConsignmentQuarantined`, `ReturnNotVerified`,
/// `Condemned`; a sale also with `SenderNotOwner` and `StatementMissing`; a return with
/// `NotReturnsSupplier` (it has to name a sale), `NotReturnsTransfer`.
pub fn offer(
    payer: Pubkey,
    from: Site,
    to: Gln,
    goods: impl Into<Goods>,
    terms: OfferTerms,
) -> Instruction {
    let goods = goods.into();
    let data = data::Offer {
        terms: instructions::OfferTerms {
            sequence: goods.sequence,
            kind: terms.kind.code(),
            statement: terms.statement,
            deadline: terms.deadline,
            document_hash: terms.document_hash.unwrap_or_default(),
        },
    };
    let accounts = accounts::Offer {
        payer,
        authority: from.key,
        from: from.partner,
        to: address::partner(to),
        lot: goods.lot,
        consignment: goods.consignment,
        transfer: address::transfer(&goods.consignment, goods.sequence),
        reverses: terms.reverses,
        system_program: system_program::ID,
    };
    signed([from], data.to_instruction(accounts))
}

/// Takes offered goods into the custody of `to`.
///
/// Signed by the receiver, an operator with `RECEIVE`.
///
/// Refused with `NotTransfersReceiver`, `TransferSettled`, `ConsignmentNotOffered`, `OfferLapsed`, `OfferOutlived`, and
/// with what would have kept the goods from being offered.
pub fn accept(to: Site, offered: impl Into<Offered>) -> Instruction {
    let Offered { goods, from } = offered.into();
    let data = data::Accept {
        sequence: goods.sequence,
    };
    let accounts = accounts::Accept {
        authority: to.key,
        to: to.partner,
        from: address::partner(from),
        lot: goods.lot,
        consignment: goods.consignment,
        transfer: address::transfer(&goods.consignment, goods.sequence),
        clock: clock::ID,
    };
    signed([to], data.to_instruction(accounts))
}

/// Takes offered goods into custody as [`accept`] does, and opens the consignment's case number `case`,
/// as many as it had so far, on what is wrong with them.
///
/// Signed by `payer` and by the receiver, an operator with `RECEIVE`.
///
/// Refused as [`accept`] is, and with `InvalidException` where the finding names no exception.
pub fn accept_with_discrepancy(
    payer: Pubkey,
    to: Site,
    offered: impl Into<Offered>,
    case: u32,
    finding: Finding,
) -> Instruction {
    let Offered { goods, from } = offered.into();
    let data = data::AcceptWithDiscrepancy {
        sequence: goods.sequence,
        finding: finding.into(),
    };
    let accounts = accounts::AcceptWithDiscrepancy {
        payer,
        authority: to.key,
        to: to.partner,
        from: address::partner(from),
        lot: goods.lot,
        consignment: goods.consignment,
        transfer: address::transfer(&goods.consignment, goods.sequence),
        case: address::case(&goods.consignment, case),
        system_program: system_program::ID,
    };
    signed([to], data.to_instruction(accounts))
}

/// Refuses offered goods for the reason `exception`. They stay with the sender, and neither site needs a
/// licence.
///
/// Signed by the receiver, an operator with `RECEIVE`.
///
/// Refused with `InvalidException` (also for [`ExceptionCode::None`]), `NotTransfersReceiver`,
/// `TransferSettled`.
pub fn reject(to: Site, offered: impl Into<Offered>, exception: ExceptionCode) -> Instruction {
    let offered = offered.into();
    let data = data::Reject {
        exception: exception.code(),
    };
    let accounts = accounts::Reject {
        authority: to.key,
        to: to.partner,
        consignment: offered.goods.consignment,
        transfer: offered.transfer(),
    };
    signed([to], data.to_instruction(accounts))
}

/// Takes an offer back. The sender needs no licence for it.
///
/// Signed by the sender `from`, an operator with `SHIP`.
///
/// Refused with `NotTransfersSender`, `TransferSettled`.
pub fn cancel(from: Site, offered: impl Into<Offered>) -> Instruction {
    let offered = offered.into();
    let accounts = accounts::Cancel {
        authority: from.key,
        from: from.partner,
        consignment: offered.goods.consignment,
        transfer: offered.transfer(),
    };
    signed([from], data::Cancel {}.to_instruction(accounts))
}

/// Ends an offer whose deadline has passed. Nobody signs: anyone may send it.
///
/// Refused with `OfferNotLapsed`, `TransferSettled`.
pub fn expire(offered: impl Into<Offered>) -> Instruction {
    let offered = offered.into();
    data::Expire {}.to_instruction(accounts::Expire {
        consignment: offered.goods.consignment,
        transfer: offered.transfer(),
    })
}

/// Closes the `Transfer` at `transfer` six years after it was settled, and gives its rent to
/// `rent_payer`: the `payer` that the account names. Nobody signs: anyone may send it.
///
/// Refused with `TransferOpen`, `TransferRetained`, `NotPayer`.
pub fn archive(transfer: Pubkey, rent_payer: Pubkey) -> Instruction {
    data::Archive {}.to_instruction(accounts::Archive {
        transfer,
        payer: rent_payer,
    })
}
