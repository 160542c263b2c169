//! Instructions of the custody program: lots, consignments, offers, cases and single units.
//!
//! What is common to them is said in [the module above](super). Besides what their functions name,
//! transfers are refused with `SenderSuspended`, `SenderRevoked`, `SenderLicenceLapsed`, `SenderRole`,
//! `ReceiverSuspended`, `ReceiverRevoked`, `ReceiverLicenceLapsed` and `ReceiverRole` where a site is
//! not an authorised trading partner at that moment, and wherever a consignment's sequence is named,
//! `StaleSequence` means that it changed since it was read.

use custody::{
    Disposition, ExceptionCode, RECALL_AUTHORITY, TransferKind, accounts, instruction as data,
    instructions,
};
use pedigree_domain::identifier::{Expiry, Gln, LotNumber, Sscc};
use solana_instruction::{AccountMeta, Instruction};
use solana_pubkey::Pubkey;
use solana_sdk_ids::{system_program, sysvar::clock};

use super::signed;
use crate::{
    address,
    goods::{Goods, Offered},
    site::Site,
    units::{self, UnitBlock, UnitRange},
};

/// What the manufacturer prints on the packs of a lot, and the commitment to their serial numbers.
#[derive(Clone, Copy, Debug)]
pub struct LotLabel {
    /// The lot number: up to 20 characters.
    pub lot_number: LotNumber,
    /// The expiry date: a day, or a month and year, which ends with the month's last day.
    pub expiry: Expiry,
    /// Units in the lot, numbered from 0 in packing order.
    pub quantity: u32,
    /// Root of the manifest's Merkle tree; `None` if the lot is not serialised.
    pub serial_root: Option<[u8; 32]>,
    /// SHA-256 of the manifest, if there is one.
    pub manifest_hash: Option<[u8; 32]>,
}

/// Creates the lot of `product` that `label` describes, and the consignment that holds all its units in
/// the manufacturer's custody: [`Goods::minted`].
///
/// Signed by `payer` and by the product's manufacturer, an operator with the permission `COMMISSION`.
/// `product` is the address of the `Product`.
///
/// Refused with `NotProductsManufacturer`, `InvalidLotNumber`, `InvalidExpiry`, `LotExpired` (the
/// expiry has passed), `NoUnits`. A lot number that the product had before fails in the System program,
/// as the account exists.
pub fn mint_lot(
    payer: Pubkey,
    manufacturer: Site,
    product: Pubkey,
    label: &LotLabel,
) -> Instruction {
    let lot = address::lot(&product, label.lot_number);
    let data = data::MintLot {
        lot_number: label.lot_number.bytes(),
        expiry: label.expiry.label(),
        quantity: label.quantity,
        serial_root: label.serial_root.unwrap_or_default(),
        manifest_hash: label.manifest_hash.unwrap_or_default(),
    };
    let accounts = accounts::MintLot {
        payer,
        manufacturer: manufacturer.partner,
        authority: manufacturer.key,
        product,
        lot,
        consignment: address::consignment(&lot, 0),
        system_program: system_program::ID,
    };
    signed([manufacturer], data.to_instruction(accounts))
}

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
    /// Address of the `Transfer` by which the receiver sold the goods to the sender. Only a return needs
    /// it, and only if it goes neither to the owner's supplier, nor to the owner, nor to the lot's
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
/// Refused with `NotTransfersReceiver`, `TransferSettled`, `ConsignmentNotOffered`, `OfferLapsed`, and
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

/// What is wrong with goods.
#[derive(Clone, Copy, Debug)]
pub struct Finding {
    /// [`ExceptionCode::None`] for product that is suspect.
    pub exception: ExceptionCode,
    /// How many units it concerns.
    pub units: u32,
    /// SHA-256 of the finding with a salt.
    pub document_hash: Option<[u8; 32]>,
}

impl From<Finding> for instructions::Finding {
    fn from(finding: Finding) -> Self {
        Self {
            exception: finding.exception.code(),
            units: finding.units,
            document_hash: finding.document_hash.unwrap_or_default(),
        }
    }
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

/// Hands a consignment over at once: an offer and its acceptance in one, without a `Transfer`.
/// `document_hash` is that of the transaction information.
///
/// Signed by both sites: operators with `SHIP` for `from`, with `RECEIVE` for `to`.
///
/// Refused as [`offer`] is, but for what concerns the terms. A return that would have to name a sale
/// has to be offered.
pub fn handoff(
    from: Site,
    to: Site,
    goods: impl Into<Goods>,
    kind: TransferKind,
    document_hash: Option<[u8; 32]>,
) -> Instruction {
    let goods = goods.into();
    let data = data::Handoff {
        kind: kind.code(),
        sequence: goods.sequence,
        document_hash: document_hash.unwrap_or_default(),
    };
    let accounts = accounts::Handoff {
        from_authority: from.key,
        to_authority: to.key,
        from: from.partner,
        to: to.partner,
        lot: goods.lot,
        consignment: goods.consignment,
        clock: clock::ID,
    };
    signed([from, to], data.to_instruction(accounts))
}

/// Hands over all of `goods` as [`handoff`] does, or none. Put those of one lot next to each other: the
/// lot is named again wherever it changes.
///
/// A legacy transaction, of 1,232 bytes, holds 20 consignments of one lot, a v1 transaction 50
/// (`bench/compute_units.md`).
///
/// Signed by both sites: operators with `SHIP` for `from`, with `RECEIVE` for `to`.
///
/// Refused as [`handoff`] is, with the place of the consignment among `goods` in the upper 16 bits of
/// the error's number; and with `DuplicateConsignment`, `SequenceCount` (there are none).
pub fn handoff_batch(
    from: Site,
    to: Site,
    goods: &[Goods],
    kind: TransferKind,
    document_hash: Option<[u8; 32]>,
) -> Instruction {
    let data = data::HandoffBatch {
        kind: kind.code(),
        document_hash: document_hash.unwrap_or_default(),
        sequences: goods.iter().map(|goods| goods.sequence).collect(),
    };
    let accounts = accounts::HandoffBatch {
        from_authority: from.key,
        to_authority: to.key,
        from: from.partner,
        to: to.partner,
        clock: clock::ID,
    };
    let mut instruction = signed([from, to], data.to_instruction(accounts));
    for of_one_lot in goods.chunk_by(|one, next| one.lot == next.lot) {
        let lot = AccountMeta::new_readonly(of_one_lot[0].lot, false);
        let consignments = of_one_lot
            .iter()
            .map(|goods| AccountMeta::new(goods.consignment, false));
        instruction
            .accounts
            .extend(std::iter::once(lot).chain(consignments));
    }
    instruction
}

/// The part that a split cuts off a consignment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Cut {
    /// Its place among the consignment's children: how often that was split so far.
    pub index: u32,
    /// How many of the consignment's last units.
    pub quantity: u32,
    /// The package that it is in.
    pub sscc: Option<Sscc>,
}

impl Cut {
    /// The loose units that are cut off first.
    pub const fn first(quantity: u32) -> Self {
        Self {
            index: 0,
            quantity,
            sscc: None,
        }
    }
}

/// Cuts the last units of a consignment off into one of their own, at
/// [`address::consignment`]`(&consignment, cut.index)`. What stays is in no package any more.
///
/// If some of the consignment's units are gone one by one, add the pages of those that are cut off:
/// [`with_pages`].
///
/// Signed by `payer` and by the custodian, an operator with `PACK`.
///
/// Refused with `NotCustodian`, `SplitQuantity` (each side keeps at least one unit), `InvalidSscc`,
/// `ConsignmentOffered`, `UnitsGone`, `UnderCase`, `NotUnitsPage` (a page is missing).
pub fn split(payer: Pubkey, custodian: Site, goods: impl Into<Goods>, cut: Cut) -> Instruction {
    let goods = goods.into();
    let data = data::Split {
        sequence: goods.sequence,
        quantity: cut.quantity,
        sscc: cut.sscc.map_or(0, Sscc::number),
    };
    let accounts = accounts::Split {
        payer,
        authority: custodian.key,
        custodian: custodian.partner,
        consignment: goods.consignment,
        child: address::consignment(&goods.consignment, cut.index),
        system_program: system_program::ID,
    };
    signed([custodian], data.to_instruction(accounts))
}

/// Adds to a [`split`] the pages that say which of the units it cuts off, `units` of the lot at `lot`,
/// are gone.
#[must_use]
pub fn with_pages(mut split: Instruction, lot: &Pubkey, units: UnitRange) -> Instruction {
    let pages = units.pages().map(|page| address::unit_page(lot, page));
    split
        .accounts
        .extend(pages.map(|page| AccountMeta::new_readonly(page, false)));
    split
}

/// Joins `neighbour`, which has the units right after those of `goods`, to them and closes its account.
/// The rent goes to `rent_payer`: the `payer` that the neighbour's account names.
///
/// Signed by the custodian, an operator with `PACK`.
///
/// Refused with `NotCustodian`, `NotNeighbours`, `UnlikeNeighbours` (another custodian, owner, supplier
/// or other restrictions), `NotPayer`, `ConsignmentOffered`, `UnitsGone`, `UnderCase`.
pub fn merge(
    custodian: Site,
    goods: impl Into<Goods>,
    neighbour: impl Into<Goods>,
    rent_payer: Pubkey,
) -> Instruction {
    let (goods, neighbour) = (goods.into(), neighbour.into());
    let data = data::Merge {
        sequence: goods.sequence,
        neighbour_sequence: neighbour.sequence,
    };
    let accounts = accounts::Merge {
        authority: custodian.key,
        custodian: custodian.partner,
        consignment: goods.consignment,
        neighbour: neighbour.consignment,
        payer: rent_payer,
    };
    signed([custodian], data.to_instruction(accounts))
}

fn by_custodian(custodian: Site, consignment: Pubkey) -> accounts::ByCustodian {
    accounts::ByCustodian {
        authority: custodian.key,
        custodian: custodian.partner,
        consignment,
    }
}

/// Names the outermost package that a consignment is in.
///
/// Signed by the custodian, an operator with `PACK`.
///
/// Refused with `NotCustodian`, `InvalidSscc`, `ConsignmentOffered`, `UnitsGone`.
pub fn pack(custodian: Site, consignment: Pubkey, sscc: Sscc) -> Instruction {
    let data = data::Pack {
        sscc: sscc.number(),
    };
    let accounts = by_custodian(custodian, consignment);
    signed([custodian], data.to_instruction(accounts))
}

/// Takes a consignment out of its package.
///
/// Signed by the custodian, an operator with `PACK`.
///
/// Refused with `NotCustodian`, `ConsignmentOffered`, `UnitsGone`.
pub fn unpack(custodian: Site, consignment: Pubkey) -> Instruction {
    let accounts = by_custodian(custodian, consignment);
    signed([custodian], data::Unpack {}.to_instruction(accounts))
}

/// Sets a consignment aside, so that it does not go down the chain until it is released.
///
/// Signed by the custodian, an operator with `QUARANTINE`.
///
/// Refused with `NotCustodian`, `ConsignmentQuarantined` (it is aside already), `ConsignmentOffered`,
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

/// Sells goods that stay where they are, at a logistics provider for instance. `document_hash` is that
/// of the transaction information.
///
/// Signed by both sites: operators with `SHIP` for the seller, with `RECEIVE` for the buyer.
///
/// Refused with `SenderNotOwner` (the seller does not own the goods), `SamePartner`, and with what keeps
/// goods from being sold.
pub fn transfer_title(
    seller: Site,
    buyer: Site,
    goods: impl Into<Goods>,
    document_hash: Option<[u8; 32]>,
) -> Instruction {
    let goods = goods.into();
    let data = data::TransferTitle {
        sequence: goods.sequence,
        document_hash: document_hash.unwrap_or_default(),
    };
    let accounts = accounts::TransferTitle {
        seller_authority: seller.key,
        buyer_authority: buyer.key,
        seller: seller.partner,
        buyer: buyer.partner,
        lot: goods.lot,
        consignment: goods.consignment,
    };
    signed([seller, buyer], data.to_instruction(accounts))
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

/// Keeps all units of a lot from going down the chain.
///
/// Signed by the lot's manufacturer or a regulator, an operator with `QUARANTINE`.
///
/// Refused with `NotOverseer`, `LotQuarantined`.
pub fn quarantine_lot(site: Site, lot: Pubkey) -> Instruction {
    let accounts = by_overseer(site, lot);
    signed([site], data::QuarantineLot {}.to_instruction(accounts))
}

/// Ends a lot's quarantine.
///
/// Signed by who quarantined it or a regulator, an operator with `QUARANTINE`.
///
/// Refused with `NotOverseer`, `NotQuarantined`, `ReleasedByRegulator`.
pub fn release_lot(site: Site, lot: Pubkey) -> Instruction {
    let accounts = by_overseer(site, lot);
    signed([site], data::ReleaseLot {}.to_instruction(accounts))
}

/// Freezes a consignment until its case number `case`, as many as it had so far, is resolved. The site
/// `custodian`, which has the consignment, has to answer.
///
/// Signed by `payer` and by the custodian, the owner, the lot's manufacturer or a regulator, an operator
/// with `QUARANTINE`.
///
/// Refused with `NotOverseer`, `NotCustodian` (`custodian` does not have the goods), `InvalidException`,
/// `TooManyCases`.
pub fn open_case(
    payer: Pubkey,
    site: Site,
    custodian: Gln,
    goods: impl Into<Goods>,
    case: u32,
    finding: Finding,
) -> Instruction {
    let goods = goods.into();
    let data = data::OpenCase {
        finding: finding.into(),
    };
    let accounts = accounts::OpenCase {
        payer,
        authority: site.key,
        site: site.partner,
        custodian: address::partner(custodian),
        lot: goods.lot,
        consignment: goods.consignment,
        case: address::case(&goods.consignment, case),
        system_program: system_program::ID,
    };
    signed([site], data.to_instruction(accounts))
}

/// Freezes a whole lot until its case number `case`, as many as it had so far, is resolved.
///
/// Signed by `payer` and by the lot's manufacturer or a regulator, an operator with `QUARANTINE`.
///
/// Refused with `NotOverseer`, `InvalidException`, `TooManyCases`.
pub fn open_lot_case(
    payer: Pubkey,
    site: Site,
    lot: Pubkey,
    case: u32,
    finding: Finding,
) -> Instruction {
    let data = data::OpenLotCase {
        finding: finding.into(),
    };
    let accounts = accounts::OpenLotCase {
        payer,
        authority: site.key,
        site: site.partner,
        lot,
        case: address::case(&lot, case),
        system_program: system_program::ID,
    };
    signed([site], data.to_instruction(accounts))
}

fn by_investigator(site: Site, case: Pubkey) -> accounts::ByInvestigator {
    accounts::ByInvestigator {
        authority: site.key,
        site: site.partner,
        case,
    }
}

/// Determines that a case's product is illegitimate, which starts the 24 hours to notify the regulator
/// and the trading partners. `document_hash` is that of the determination.
///
/// Signed by who opened the case or a regulator, an operator with `QUARANTINE`.
///
/// Refused with `NotInvestigator`, `CaseResolved`, `CaseDetermined`.
pub fn determine_case(site: Site, case: Pubkey, document_hash: Option<[u8; 32]>) -> Instruction {
    let data = data::DetermineCase {
        document_hash: document_hash.unwrap_or_default(),
    };
    let accounts = by_investigator(site, case);
    signed([site], data.to_instruction(accounts))
}

/// Records that the regulator and the trading partners were notified (Form FDA 3911).
///
/// Signed by who opened the case or a regulator, an operator with `QUARANTINE`.
///
/// Refused with `NotInvestigator`, `CaseNotDetermined`, `CaseNotified`.
pub fn notify_case(site: Site, case: Pubkey, document_hash: Option<[u8; 32]>) -> Instruction {
    let data = data::NotifyCase {
        document_hash: document_hash.unwrap_or_default(),
    };
    let accounts = by_investigator(site, case);
    signed([site], data.to_instruction(accounts))
}

/// Ends the case at `case` on a consignment, which moves again; `condemned`, only to disposal.
///
/// Signed by who opened the case or a regulator, an operator with `QUARANTINE`.
///
/// Refused with `NotInvestigator`, `NotCasesSubject`, `CaseResolved`, `CaseDetermined` (product that was
/// found illegitimate is condemned; only a regulator clears it).
pub fn resolve_case(
    site: Site,
    case: Pubkey,
    consignment: Pubkey,
    condemned: bool,
    document_hash: Option<[u8; 32]>,
) -> Instruction {
    let data = data::ResolveCase {
        condemned,
        document_hash: document_hash.unwrap_or_default(),
    };
    let accounts = accounts::ResolveCase {
        authority: site.key,
        site: site.partner,
        case,
        consignment,
    };
    signed([site], data.to_instruction(accounts))
}

/// Ends the case at `case` on a whole lot, as [`resolve_case`] does on a consignment. A lot that is
/// condemned stays so until a regulator releases it.
pub fn resolve_lot_case(
    site: Site,
    case: Pubkey,
    lot: Pubkey,
    condemned: bool,
    document_hash: Option<[u8; 32]>,
) -> Instruction {
    let data = data::ResolveLotCase {
        condemned,
        document_hash: document_hash.unwrap_or_default(),
    };
    let accounts = accounts::ResolveLotCase {
        authority: site.key,
        site: site.partner,
        case,
        lot,
    };
    signed([site], data.to_instruction(accounts))
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

/// Sets the units that a lot's recall number `number` stops.
///
/// Only the recall program sends it, by a call from within its own instructions: its address
/// [`RECALL_AUTHORITY`] signs, and no transaction can. It is here to be recognised and compared.
///
/// Refused with `NotRecallAuthority`, `InvalidRecallNumber`, `RangeOutsideLot`.
pub fn set_recalled_range(lot: Pubkey, number: u8, units: UnitRange) -> Instruction {
    let data = data::SetRecalledRange {
        number,
        first: units.first,
        quantity: units.quantity,
    };
    data.to_instruction(accounts::SetRecalledRange {
        recall_authority: RECALL_AUTHORITY,
        lot,
    })
}

/// Opens page `number` of a lot's units, so that they can be dispensed and decommissioned one by one.
///
/// Signed by `payer`, whoever that is.
///
/// Refused with `NotUnitsPage` for a page beyond the lot's last unit.
pub fn open_unit_page(payer: Pubkey, lot: Pubkey, number: u32) -> Instruction {
    let data = data::OpenUnitPage { number };
    data.to_instruction(accounts::OpenUnitPage {
        payer,
        lot,
        page: address::unit_page(&lot, number),
        system_program: system_program::ID,
    })
}

/// Gives the units of `block` to patients, and creates the record of it if the site has none for the
/// block. `evidence_hash` is that of what the units were verified with; only the transaction keeps it.
///
/// Signed by `payer` and by the custodian, who must be a dispenser, an operator with `DISPENSE`.
///
/// Refused with `UnitNotActive` (dispensed or decommissioned before), `UnitOutsideConsignment`,
/// `NoUnits`, `NotCustodian`, and with what keeps goods from being sold.
pub fn dispense(
    payer: Pubkey,
    custodian: Site,
    goods: impl Into<Goods>,
    block: UnitBlock,
    evidence_hash: Option<[u8; 32]>,
) -> Instruction {
    let goods = goods.into();
    let data = data::Dispense {
        block,
        evidence: evidence_hash.unwrap_or_default(),
    };
    let accounts = accounts::Dispense {
        payer,
        authority: custodian.key,
        custodian: custodian.partner,
        lot: goods.lot,
        consignment: goods.consignment,
        page: page_of(goods, block),
        record: address::dispense_record(&goods.lot, custodian.gln, block.number),
        system_program: system_program::ID,
    };
    signed([custodian], data.to_instruction(accounts))
}

/// Takes dispensed units of `block` back, within ten days (Delegated Regulation (EU) 2016/161, article
/// 13).
///
/// Signed by the custodian that dispensed them, an operator with `DISPENSE`.
///
/// Refused with `UnitNotDispensed`, `NotDispenser`, `UndoTooLate`, `UnitOutsideConsignment`.
pub fn undo_dispense(custodian: Site, goods: impl Into<Goods>, block: UnitBlock) -> Instruction {
    let goods = goods.into();
    let data = data::UndoDispense { block };
    let accounts = accounts::UndoDispense {
        authority: custodian.key,
        custodian: custodian.partner,
        lot: goods.lot,
        consignment: goods.consignment,
        page: page_of(goods, block),
        record: address::dispense_record(&goods.lot, custodian.gln, block.number),
    };
    signed([custodian], data.to_instruction(accounts))
}

/// Takes the units of `block` out of the chain as `disposition`: any but active, dispensed and
/// destroyed. `document_hash` is that of the reason; only the transaction keeps it.
///
/// Signed by the custodian, an operator with `WITHDRAW`.
///
/// Refused with `InvalidDisposition`, `UnitNotActive`, `UnitOutsideConsignment`, `NotCustodian`; an
/// export also with `SenderNotOwner`, and with what keeps goods from being sold.
pub fn decommission(
    custodian: Site,
    goods: impl Into<Goods>,
    block: UnitBlock,
    disposition: Disposition,
    document_hash: Option<[u8; 32]>,
) -> Instruction {
    let goods = goods.into();
    let data = data::Decommission {
        block,
        disposition: disposition.code(),
        document_hash: document_hash.unwrap_or_default(),
    };
    let accounts = accounts::Decommission {
        authority: custodian.key,
        custodian: custodian.partner,
        lot: goods.lot,
        consignment: goods.consignment,
        page: page_of(goods, block),
    };
    signed([custodian], data.to_instruction(accounts))
}

/// Records that the units of `block` were destroyed in the presence of a witness, as [`destroy`] does of
/// a whole consignment.
///
/// Refused with `UnitNotActive` (unless they are damaged, suspect or illegitimate),
/// `UnitOutsideConsignment`, and as [`destroy`] is.
pub fn destroy_units(
    custodian: Site,
    witness: Site,
    goods: impl Into<Goods>,
    block: UnitBlock,
    document_hash: Option<[u8; 32]>,
) -> Instruction {
    let goods = goods.into();
    let data = data::DestroyUnits {
        block,
        document_hash: document_hash.unwrap_or_default(),
    };
    let accounts = accounts::DestroyUnits {
        authority: custodian.key,
        witness: witness.key,
        custodian: custodian.partner,
        witness_site: witness.partner,
        lot: goods.lot,
        consignment: goods.consignment,
        page: page_of(goods, block),
    };
    signed([custodian, witness], data.to_instruction(accounts))
}

/// Closes the `DispenseRecord` at `record` once none of its dispenses can be undone any more, and gives
/// its rent to `rent_payer`: the `payer` that the account names. Nobody signs: anyone may send it.
///
/// Refused with `RecordRetained`, `NotPayer`.
pub fn close_dispense_record(record: Pubkey, rent_payer: Pubkey) -> Instruction {
    data::CloseDispenseRecord {}.to_instruction(accounts::CloseDispenseRecord {
        record,
        payer: rent_payer,
    })
}

fn page_of(goods: Goods, block: UnitBlock) -> Pubkey {
    address::unit_page(&goods.lot, units::page_of_block(block.number))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sites() -> [Site; 2] {
        [1, 2].map(|gln| Site::own(Gln::from_account(gln), Pubkey::new_unique()))
    }

    fn goods(lot: Pubkey) -> Goods {
        Goods {
            consignment: Pubkey::new_unique(),
            lot,
            sequence: 7,
        }
    }

    #[test]
    fn operators_follow_in_the_order_of_the_signers() {
        let goods = goods(Pubkey::new_unique());
        let [from, to] = sites();
        let direct = handoff(from, to, goods, TransferKind::Sale, None);
        assert_eq!(direct.accounts.len(), 7);

        let [from, to] = [from, to].map(|site| Site::by_operator(site.gln, site.key));
        let operators: Vec<AccountMeta> = [from, to]
            .into_iter()
            .filter_map(|site| site.operator)
            .map(|operator| AccountMeta::new_readonly(operator, false))
            .collect();
        assert_eq!(operators.len(), 2);
        let by_operators = handoff(from, to, goods, TransferKind::Sale, None);
        assert_eq!(by_operators.accounts[..7], direct.accounts);
        assert_eq!(by_operators.accounts[7..], operators);

        let batch = handoff_batch(from, to, &[goods], TransferKind::Sale, None);
        assert_eq!(batch.accounts[5..7], operators);
    }

    #[test]
    fn a_batch_names_each_lot_before_its_consignments() {
        let [lot, other_lot] = std::array::from_fn(|_| Pubkey::new_unique());
        let [a, b, c] = [lot, lot, other_lot].map(goods);
        let [from, to] = sites();
        let batch = handoff_batch(from, to, &[a, b, c], TransferKind::Sale, None);
        let behind: Vec<(Pubkey, bool)> = batch.accounts[5..]
            .iter()
            .map(|meta| (meta.pubkey, meta.is_writable))
            .collect();
        assert_eq!(
            behind,
            [
                (lot, false),
                (a.consignment, true),
                (b.consignment, true),
                (other_lot, false),
                (c.consignment, true)
            ]
        );
    }
}
