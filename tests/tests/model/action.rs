//! What anybody may try: an instruction with arguments that may be right or wrong.

use anchor_lang::{Address, solana_program::instruction::Instruction};
use custody::{
    UnitBlock,
    instructions::{Finding, OfferTerms},
};
use program_tests::{
    instruction::custody as to_custody,
    token::Token,
    world::{Parcel, Site},
};

use crate::recall_action::RecallAction;

pub const DOCUMENT: [u8; 32] = program_tests::world::DOCUMENT;

/// An attempt at one instruction of the custody program, or of the recall program.
#[derive(Clone, Debug)]
#[rustfmt::skip]
pub enum Action {
    Offer { from: Site, to: Site, parcel: Parcel, terms: OfferTerms, reverses: Option<Address> },
    Accept { to: Site, from: Site, parcel: Parcel, sequence: u32 },
    AcceptWithDiscrepancy { to: Site, from: Site, parcel: Parcel, sequence: u32, number: u32, exception: u8 },
    Reject { to: Site, consignment: Address, sequence: u32, exception: u8 },
    Cancel { from: Site, consignment: Address, sequence: u32 },
    Expire { consignment: Address, sequence: u32 },
    Archive { consignment: Address, sequence: u32 },
    Handoff { from: Site, to: Site, kind: u8, document: [u8; 32], parcel: Parcel, sequence: u32 },
    HandoffBatch { from: Site, to: Site, kind: u8, document: [u8; 32], parcels: Vec<(Parcel, u32)> },
    TransferTitle { seller: Site, buyer: Site, parcel: Parcel, sequence: u32, document: [u8; 32] },
    Split { by: Site, consignment: Address, sequence: u32, quantity: u32, sscc: u64, pages: Vec<u32> },
    Merge { by: Site, consignment: Address, sequence: u32, neighbour: Address, neighbour_sequence: u32 },
    Pack { by: Site, consignment: Address, sscc: u64 },
    Unpack { by: Site, consignment: Address },
    Quarantine { by: Site, consignment: Address },
    Release { by: Site, consignment: Address },
    VerifyReturn { by: Site, parcel: Parcel, sequence: u32 },
    QuarantineLot { by: Site, lot: Address },
    ReleaseLot { by: Site, lot: Address },
    Destroy { by: Site, witness: Site, parcel: Parcel, sequence: u32, document: [u8; 32] },
    Export { by: Site, parcel: Parcel, sequence: u32, document: [u8; 32] },
    Sample { by: Site, consignment: Address, sequence: u32, document: [u8; 32] },
    ReportStolen { by: Site, consignment: Address, sequence: u32, document: [u8; 32] },
    OpenCase { by: Site, custodian: Site, parcel: Parcel, number: u32, exception: u8 },
    OpenLotCase { by: Site, lot: Address, number: u32, exception: u8 },
    DetermineCase { by: Site, case: Address, document: [u8; 32] },
    NotifyCase { by: Site, case: Address, document: [u8; 32] },
    ResolveCase { by: Site, subject: Address, number: u32, condemned: bool, document: [u8; 32] },
    Dispense { by: Site, parcel: Parcel, block: UnitBlock },
    UndoDispense { by: Site, parcel: Parcel, block: UnitBlock },
    Decommission { by: Site, parcel: Parcel, block: UnitBlock, disposition: u8 },
    DestroyUnits { by: Site, witness: Site, parcel: Parcel, block: UnitBlock },
    CloseDispenseRecord { record: Address },
    Recall(RecallAction),
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
        match *self {
            Self::Offer {
                from,
                to,
                parcel,
                terms,
                reverses,
            } => to_custody::offer_reversing(payer, from, to.partner, parcel, terms, reverses),
            Self::Accept {
                to,
                from,
                parcel,
                sequence,
            } => to_custody::accept(to, from.partner, parcel, sequence),
            Self::AcceptWithDiscrepancy {
                to,
                from,
                parcel,
                sequence,
                number,
                exception,
            } => to_custody::accept_with_discrepancy(
                payer,
                to,
                from.partner,
                parcel,
                sequence,
                number,
                finding(exception),
            ),
            Self::Reject {
                to,
                consignment,
                sequence,
                exception,
            } => to_custody::reject(to, consignment, sequence, exception),
            Self::Cancel {
                from,
                consignment,
                sequence,
            } => to_custody::cancel(from, consignment, sequence),
            Self::Expire {
                consignment,
                sequence,
            } => to_custody::expire(consignment, sequence),
            Self::Archive {
                consignment,
                sequence,
            } => to_custody::archive(payer, consignment, sequence),
            Self::Handoff {
                from,
                to,
                kind,
                document,
                parcel,
                sequence,
            } => to_custody::handoff(from, to, parcel, kind, sequence, document),
            Self::HandoffBatch {
                from,
                to,
                kind,
                document,
                ref parcels,
            } => to_custody::handoff_batch(from, to, parcels, kind, document),
            Self::TransferTitle {
                seller,
                buyer,
                parcel,
                sequence,
                document,
            } => to_custody::transfer_title(seller, buyer, parcel, sequence, document),
            Self::Split {
                by,
                consignment,
                sequence,
                quantity,
                sscc,
                pages: _,
            } => to_custody::split(payer, by, consignment, child, sequence, quantity, sscc),
            Self::Merge {
                by,
                consignment,
                sequence,
                neighbour,
                neighbour_sequence,
            } => to_custody::merge(
                payer,
                by,
                (consignment, sequence),
                (neighbour, neighbour_sequence),
            ),
            Self::Pack {
                by,
                consignment,
                sscc,
            } => to_custody::pack(by, consignment, sscc),
            Self::Unpack { by, consignment } => to_custody::unpack(by, consignment),
            Self::Quarantine { by, consignment } => to_custody::quarantine(by, consignment),
            Self::Release { by, consignment } => to_custody::release(by, consignment),
            Self::VerifyReturn {
                by,
                parcel,
                sequence,
            } => to_custody::verify_return(by, parcel, sequence),
            Self::QuarantineLot { by, lot } => to_custody::quarantine_lot(by, lot),
            Self::ReleaseLot { by, lot } => to_custody::release_lot(by, lot),
            Self::Destroy {
                by,
                witness,
                parcel,
                sequence,
                document,
            } => to_custody::destroy(by, witness, parcel, sequence, document),
            Self::Export {
                by,
                parcel,
                sequence,
                document,
            } => to_custody::export(by, parcel, sequence, document),
            Self::Sample {
                by,
                consignment,
                sequence,
                document,
            } => to_custody::sample(by, consignment, sequence, document),
            Self::ReportStolen {
                by,
                consignment,
                sequence,
                document,
            } => to_custody::report_stolen(by, consignment, sequence, document),
            Self::OpenCase {
                by,
                custodian,
                parcel,
                number,
                exception,
            } => to_custody::open_case(
                payer,
                by,
                custodian.partner,
                parcel,
                number,
                finding(exception),
            ),
            Self::OpenLotCase {
                by,
                lot,
                number,
                exception,
            } => to_custody::open_lot_case(payer, by, lot, number, finding(exception)),
            Self::DetermineCase { by, case, document } => {
                to_custody::determine_case(by, case, document)
            }
            Self::NotifyCase { by, case, document } => to_custody::notify_case(by, case, document),
            Self::ResolveCase {
                by,
                subject,
                number,
                condemned,
                document,
            } => {
                if is_lot {
                    to_custody::resolve_lot_case(by, subject, number, condemned, document)
                } else {
                    to_custody::resolve_case(by, subject, number, condemned, document)
                }
            }
            Self::Dispense { by, parcel, block } => to_custody::dispense(payer, by, parcel, block),
            Self::UndoDispense { by, parcel, block } => {
                to_custody::undo_dispense(by, parcel, block)
            }
            Self::Decommission {
                by,
                parcel,
                block,
                disposition,
            } => to_custody::decommission(by, parcel, block, disposition),
            Self::DestroyUnits {
                by,
                witness,
                parcel,
                block,
            } => to_custody::destroy_units(by, witness, parcel, block),
            Self::CloseDispenseRecord { record } => {
                to_custody::close_dispense_record(record, payer)
            }
            Self::Recall(ref action) => action.instruction(payer, token),
        }
    }
}

fn finding(exception: u8) -> Finding {
    Finding {
        exception,
        units: 1,
        document: DOCUMENT,
    }
}
