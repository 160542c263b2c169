//! Attempts: an instruction with arguments that may be right or wrong.

use anchor_lang::{Address, solana_program::instruction::Instruction};
use custody::{Disposition, ExceptionCode, Restrictions, UnitBlock};
use pedigree_interface::{
    Goods, Site, TransferKind,
    identifier::{Gln, Sscc},
    instruction::{
        custody::{self as to_custody, Cut, Finding, OfferTerms, Witness},
        recall::Token,
    },
};
use program_tests::{address, alter::Alter, world::GTIN};

use crate::{recall_action::RecallAction, register_action::RegisterAction};

pub const DOCUMENT: [u8; 32] = program_tests::world::DOCUMENT;

/// An attempt at one instruction of the custody program, or of the two others.
///
/// Where an offer is settled, the goods are named with the sequence of the offer.
#[derive(Clone, Debug)]
#[rustfmt::skip]
pub enum Action {
    Offer { from: Site, to: Site, goods: Goods, kind: u8, statement: bool, deadline: i64, document_hash: [u8; 32], reverses: Option<Address> },
    Accept { to: Site, from: Site, goods: Goods },
    AcceptWithDiscrepancy { to: Site, from: Site, goods: Goods, number: u32, exception: u8 },
    Reject { to: Site, from: Site, goods: Goods, exception: u8 },
    Cancel { from: Site, goods: Goods },
    Expire { from: Site, goods: Goods },
    Archive { goods: Goods },
    Handoff { from: Site, to: Site, kind: u8, document_hash: [u8; 32], goods: Goods },
    HandoffBatch { from: Site, to: Site, kind: u8, document_hash: [u8; 32], goods: Vec<Goods> },
    TransferTitle { seller: Site, buyer: Site, goods: Goods, document_hash: [u8; 32] },
    Split { by: Site, goods: Goods, quantity: u32, sscc: u64, pages: Vec<u32> },
    Merge { by: Site, goods: Goods, neighbour: Goods },
    Pack { by: Site, consignment: Address, sscc: u64 },
    Unpack { by: Site, consignment: Address },
    Quarantine { by: Site, consignment: Address, document_hash: [u8; 32] },
    Release { by: Site, consignment: Address, restrictions: u8, document_hash: [u8; 32] },
    VerifyReturn { by: Site, goods: Goods, document_hash: [u8; 32] },
    QuarantineLot { by: Site, lot: Address },
    ReleaseLot { by: Site, lot: Address },
    Destroy { by: Site, witness: Site, goods: Goods, document_hash: [u8; 32] },
    Export { by: Site, goods: Goods, document_hash: [u8; 32] },
    Sample { by: Site, goods: Goods, witness: Option<Witness>, document_hash: [u8; 32] },
    ReportStolen { by: Site, goods: Goods, witness: Option<Witness>, document_hash: [u8; 32] },
    Recover { regulator: Site, from: Gln, to: Site, goods: Goods, is_offered: bool, document_hash: [u8; 32] },
    AdoptLot { by: Site, lot: Address },
    OpenCase { by: Site, custodian: Site, goods: Goods, number: u32, exception: u8 },
    OpenLotCase { by: Site, lot: Address, number: u32, exception: u8 },
    DetermineCase { by: Site, case: Address, document_hash: [u8; 32] },
    NotifyCase { by: Site, case: Address, document_hash: [u8; 32] },
    ResolveCase { by: Site, subject: Address, number: u32, condemned: bool, document_hash: [u8; 32] },
    Dispense { by: Site, owner: Option<Site>, goods: Goods, block: UnitBlock },
    UndoDispense { by: Site, goods: Goods, block: UnitBlock },
    Decommission { by: Site, goods: Goods, block: UnitBlock, disposition: u8, witness: Option<Witness> },
    UndoDecommission { by: Site, goods: Goods, block: UnitBlock },
    UndoWithdrawal { by: Site, goods: Goods },
    RestoreUnits { by: Site, goods: Goods, block: UnitBlock },
    DestroyUnits { by: Site, witness: Site, goods: Goods, block: UnitBlock },
    CloseUnitRecord { record: Address, is_signed: bool },
    Recall(RecallAction),
    Register(RegisterAction),
}

impl From<RegisterAction> for Action {
    fn from(action: RegisterAction) -> Self {
        Self::Register(action)
    }
}

impl From<RecallAction> for Action {
    fn from(action: RecallAction) -> Self {
        Self::Recall(action)
    }
}

impl Action {
    /// The instruction that tries it; `token` is what recalls pay in, `child` the number that a
    /// split's new consignment gets, and `is_lot` whether a case is about a whole lot.
    pub fn instruction(
        &self,
        payer: Address,
        token: Token,
        child: u32,
        is_lot: bool,
    ) -> Instruction {
        // Where the kind stands in the data, behind the discriminator and, in an offer, the sequence.
        const KIND: usize = 1;
        const KIND_OF_OFFER: usize = 5;
        match *self {
            Self::Offer {
                from,
                to,
                goods,
                kind,
                statement,
                deadline,
                document_hash,
                reverses,
            } => {
                let terms = OfferTerms {
                    kind: TransferKind::Sale,
                    statement,
                    deadline,
                    document_hash: Some(document_hash),
                    reverses,
                };
                to_custody::offer(payer, from, to.gln, goods, terms)
                    .with_data(KIND_OF_OFFER, &[kind])
            }
            Self::Accept { to, from, goods } => to_custody::accept(to, goods.offered_by(from.gln)),
            Self::AcceptWithDiscrepancy {
                to,
                from,
                goods,
                number,
                exception,
            } => {
                let offered = goods.offered_by(from.gln);
                let finding = finding(exception);
                to_custody::accept_with_discrepancy(payer, to, offered, number, finding)
            }
            Self::Reject {
                to,
                from,
                goods,
                exception,
            } => {
                let exception = ExceptionCode::from_code(exception);
                to_custody::reject(to, goods.offered_by(from.gln), exception)
            }
            Self::Cancel { from, goods } => to_custody::cancel(from, goods.offered_by(from.gln)),
            Self::Expire { from, goods } => to_custody::expire(goods.offered_by(from.gln)),
            Self::Archive { goods } => {
                let transfer = address::transfer(&goods.consignment, goods.sequence);
                to_custody::archive(transfer, payer)
            }
            Self::Handoff {
                from,
                to,
                kind,
                document_hash,
                goods,
            } => to_custody::handoff(from, to, goods, TransferKind::Sale, Some(document_hash))
                .with_data(KIND, &[kind]),
            Self::HandoffBatch {
                from,
                to,
                kind,
                document_hash,
                ref goods,
            } => {
                to_custody::handoff_batch(from, to, goods, TransferKind::Sale, Some(document_hash))
                    .with_data(KIND, &[kind])
            }
            Self::TransferTitle {
                seller,
                buyer,
                goods,
                document_hash,
            } => to_custody::transfer_title(seller, buyer, goods, Some(document_hash)),
            Self::Split {
                by,
                goods,
                quantity,
                sscc,
                pages: _,
            } => {
                let cut = Cut {
                    index: child,
                    quantity,
                    sscc: Sscc::of_consignment(sscc),
                };
                to_custody::split(payer, by, goods, cut)
            }
            Self::Merge {
                by,
                goods,
                neighbour,
            } => to_custody::merge(by, goods, neighbour, payer),
            Self::Pack {
                by,
                consignment,
                sscc,
            } => to_custody::pack(by, consignment, Sscc::from_account(sscc)),
            Self::Unpack { by, consignment } => to_custody::unpack(by, consignment),
            Self::Quarantine {
                by,
                consignment,
                document_hash,
            } => to_custody::quarantine(by, consignment, Some(document_hash)),
            Self::Release {
                by,
                consignment,
                restrictions,
                document_hash,
            } => {
                let restrictions = Restrictions::from_bits_retain(restrictions);
                to_custody::release(by, consignment, restrictions, Some(document_hash))
            }
            Self::VerifyReturn {
                by,
                goods,
                document_hash,
            } => to_custody::verify_return(by, goods, Some(document_hash)),
            Self::QuarantineLot { by, lot } => to_custody::quarantine_lot(by, lot),
            Self::ReleaseLot { by, lot } => to_custody::release_lot(by, lot),
            Self::Destroy {
                by,
                witness,
                goods,
                document_hash,
            } => to_custody::destroy(by, witness, goods, Some(document_hash)),
            Self::Export {
                by,
                goods,
                document_hash,
            } => to_custody::export(by, goods, Some(document_hash)),
            Self::Sample {
                by,
                goods,
                witness,
                document_hash,
            } => to_custody::sample(by, goods, witness, Some(document_hash)),
            Self::ReportStolen {
                by,
                goods,
                witness,
                document_hash,
            } => to_custody::report_stolen(by, goods, witness, Some(document_hash)),
            Self::Recover {
                regulator,
                from,
                to,
                goods,
                is_offered,
                document_hash,
            } => {
                let document = Some(document_hash);
                to_custody::recover(regulator, from, to, goods, is_offered, document)
            }
            Self::AdoptLot { by, lot } => to_custody::adopt_lot(by, address::product(GTIN), lot),
            Self::OpenCase {
                by,
                custodian,
                goods,
                number,
                exception,
            } => {
                let finding = finding(exception);
                to_custody::open_case(payer, by, custodian.gln, goods, number, finding)
            }
            Self::OpenLotCase {
                by,
                lot,
                number,
                exception,
            } => to_custody::open_lot_case(payer, by, lot, number, finding(exception)),
            Self::DetermineCase {
                by,
                case,
                document_hash,
            } => to_custody::determine_case(by, case, Some(document_hash)),
            Self::NotifyCase {
                by,
                case,
                document_hash,
            } => to_custody::notify_case(by, case, Some(document_hash)),
            Self::ResolveCase {
                by,
                subject,
                number,
                condemned,
                document_hash,
            } => {
                let resolve = if is_lot {
                    to_custody::resolve_lot_case
                } else {
                    to_custody::resolve_case
                };
                let case = address::case(&subject, number);
                resolve(by, case, subject, condemned, Some(document_hash))
            }
            Self::Dispense {
                by,
                owner,
                goods,
                block,
            } => to_custody::dispense(payer, by, goods, block, owner, None),
            Self::UndoDispense { by, goods, block } => to_custody::undo_dispense(by, goods, block),
            Self::Decommission {
                by,
                goods,
                block,
                disposition,
                witness,
            } => {
                let disposition = Disposition::from_code(disposition);
                let document = Some(DOCUMENT);
                to_custody::decommission(payer, by, goods, block, disposition, witness, document)
            }
            Self::UndoDecommission { by, goods, block } => {
                to_custody::undo_decommission(by, goods, block)
            }
            Self::UndoWithdrawal { by, goods } => to_custody::undo_withdrawal(by, goods),
            Self::RestoreUnits { by, goods, block } => {
                to_custody::restore_units(by, goods, block, Some(DOCUMENT))
            }
            Self::DestroyUnits {
                by,
                witness,
                goods,
                block,
            } => to_custody::destroy_units(by, witness, goods, block, None),
            Self::CloseUnitRecord { record, is_signed } => {
                to_custody::close_unit_record(record, payer, is_signed)
            }
            Self::Recall(ref action) => action.instruction(payer, token),
            Self::Register(ref action) => action.instruction(payer),
        }
    }
}

fn finding(exception: u8) -> Finding {
    Finding {
        exception: ExceptionCode::from_code(exception),
        units: 1,
        document_hash: Some(DOCUMENT),
    }
}
