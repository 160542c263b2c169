//! The custody program's instructions, one module each: what they do, and everything that they
//! refuse.

mod accept;
mod accept_with_discrepancy;
mod adopt_lot;
mod archive;
mod cancel;
mod close_unit_record;
mod codes;
mod decommission;
mod destroy;
mod determine_case;
mod dispense;
mod exits;
mod expire;
mod export;
mod from_a_dispenser;
mod handoff;
mod handoff_batch;
mod merge;
mod mint_lot;
mod notify_case;
mod offer;
mod open_case;
mod open_lot_case;
mod open_offer;
mod open_unit_page;
mod operator;
mod pack;
mod quarantine;
mod quarantine_lot;
mod recover;
mod reject;
mod release;
mod resolution;
mod resolve_case;
mod resolve_lot_case;
mod restore_units;
mod return_title;
mod returns;
mod set_recalled_range;
mod split;
mod title;
mod trail;
mod transfer_title;
mod undo_withdrawal;
mod verify_return;
mod ways_home;
mod withdraw;

use anchor_lang::{
    Address, Discriminator, prelude::ProgramError, solana_program::instruction::Instruction,
};
use bytemuck::Pod;
use custody::{Consignment, ConsignmentStatus, CustodyError, Lot, LotStatus, Restrictions};
use pedigree_domain::Roles;
use pedigree_interface::{Goods, Site, TransferKind};
use program_tests::{
    alter::Alter,
    ledger::{Ledger, NOW},
    scenario::SSCC,
    world::{DOCUMENT, UNITS, World},
};
use solana_system_interface::error::SystemError;

/// The System program's refusal to create an account that exists.
const ALREADY_IN_USE: ProgramError = ProgramError::Custom(SystemError::AccountAlreadyInUse as u32);

/// Every kind of transfer between partners.
const KINDS: [TransferKind; 5] = TransferKind::ALL;

/// Whether goods go down the chain in a transfer of this kind.
fn is_downstream(kind: TransferKind) -> bool {
    kind == TransferKind::Sale || kind == TransferKind::Logistics
}

/// A world whose goods may make a transfer of this kind, and from whom to whom.
fn ready(kind: TransferKind) -> (World, Site, Site) {
    let mut world = World::new();
    let World {
        manufacturer,
        wholesaler,
        goods,
        ..
    } = world;
    if kind == TransferKind::Return {
        world.hand_over(manufacturer, wholesaler, goods, TransferKind::Sale);
        world.goods = world.now(goods);
        (world, wholesaler, manufacturer)
    } else if kind == TransferKind::Examination {
        let laboratory = world.laboratory;
        (world, manufacturer, laboratory)
    } else {
        (world, manufacturer, wholesaler)
    }
}

/// The effects of a transfer by the owner on a consignment whose sequence is counted already.
fn arrives(consignment: &mut Consignment, from: Site, to: Site, kind: TransferKind) {
    match kind {
        TransferKind::Sale => {
            consignment.owner = to.gln.number();
            consignment.supplier = from.gln.number();
        }
        TransferKind::Return => {
            consignment.owner = to.gln.number();
            consignment.supplier = 0;
            restrict(consignment, Restrictions::RETURNED);
        }
        TransferKind::Disposal => {
            restrict(consignment, Restrictions::CONDEMNED);
            restrict(consignment, Restrictions::SURRENDERED);
            consignment.owner_since = Consignment::NEVER_PAID;
        }
        TransferKind::Examination => restrict(consignment, Restrictions::RETURNED),
        TransferKind::Logistics => {}
    }
    consignment.custodian = to.gln.number();
    consignment.status = ConsignmentStatus::Held;
    consignment.document_hash = DOCUMENT;
    consignment.kind = kind.into();
    consignment.trail = trail::link(consignment);
}

/// Makes a site ineligible to trade.
type Disqualification = fn(&mut World, Site);

/// Leaves a site every role but those that may hold medicines.
fn leave_the_trade(world: &mut World, site: Site) {
    world.license(site, Roles::all().difference(Roles::CUSTODIANS));
}

/// Everything that makes a sender ineligible, and the error for it.
const INELIGIBLE_SENDERS: [(Disqualification, CustodyError); 4] = [
    (World::suspend, CustodyError::SenderSuspended),
    (World::revoke, CustodyError::SenderRevoked),
    (World::lapse, CustodyError::SenderLicenceLapsed),
    (leave_the_trade, CustodyError::SenderRole),
];

/// The refusal of a sender in a transfer of this kind, if there is one: goods go home and to disposal whatever
/// its standing.
fn of_sender(kind: TransferKind, refusal: CustodyError) -> Option<CustodyError> {
    let goes_home = [TransferKind::Return, TransferKind::Disposal].contains(&kind);
    (!goes_home).then_some(refusal)
}

/// The refusal of a receiver of what it owned or made, as [`ready`] has it: it takes that back even though
/// its licence has lapsed.
fn of_receiver(kind: TransferKind, refusal: CustodyError) -> Option<CustodyError> {
    let takes_back = kind == TransferKind::Return && refusal == CustodyError::ReceiverLicenceLapsed;
    (!takes_back).then_some(refusal)
}

/// Everything that makes a receiver ineligible, and the error for it.
const INELIGIBLE_RECEIVERS: [(Disqualification, CustodyError); 4] = [
    (World::suspend, CustodyError::ReceiverSuspended),
    (World::revoke, CustodyError::ReceiverRevoked),
    (World::lapse, CustodyError::ReceiverLicenceLapsed),
    (leave_the_trade, CustodyError::ReceiverRole),
];

/// Leaves a site every role but the regulator's.
fn leave_the_oversight(world: &mut World, site: Site) {
    world.license(site, Roles::all().difference(Roles::REGULATOR));
}

/// Everything that makes a regulator ineligible to oversee a lot, and the error for it.
const INELIGIBLE_OVERSEERS: [(Disqualification, CustodyError); 4] = [
    (World::suspend, CustodyError::SenderSuspended),
    (World::revoke, CustodyError::SenderRevoked),
    (World::lapse, CustodyError::SenderLicenceLapsed),
    (leave_the_oversight, CustodyError::NotOverseer),
];

/// Everything that makes a regulator ineligible to act on another's case, and the error for it.
const INELIGIBLE_INVESTIGATORS: [(Disqualification, CustodyError); 4] = [
    (World::suspend, CustodyError::SenderSuspended),
    (World::revoke, CustodyError::SenderRevoked),
    (World::lapse, CustodyError::SenderLicenceLapsed),
    (leave_the_oversight, CustodyError::NotInvestigator),
];

/// Makes a site ineligible whatever its roles are, and the error for it.
const OUT_OF_STANDING: [(Disqualification, CustodyError); 3] = [
    (World::suspend, CustodyError::SenderSuspended),
    (World::revoke, CustodyError::SenderRevoked),
    (World::lapse, CustodyError::SenderLicenceLapsed),
];

/// Puts an account into some state.
type State<T> = fn(&mut T);

/// Expects a refusal of an instruction with an account in each of these states.
#[track_caller]
fn refuse_states<T: Pod + Discriminator, R: Into<ProgramError>>(
    ledger: &Ledger,
    instruction: &Instruction,
    account: Address,
    states: impl IntoIterator<Item = (State<T>, R)>,
) {
    for (state, refusal) in states {
        let mut ledger = ledger.clone();
        ledger.edit(account, state);
        ledger.refuse(instruction, refusal);
    }
}

/// Expects refusals of an instruction that names other sequences than that of `goods`, and of one that
/// names the last sequence that can be counted.
#[track_caller]
fn refuse_other_sequences(
    ledger: &Ledger,
    goods: Goods,
    instruction: impl Fn(Goods) -> Instruction,
) {
    let mut ledger = ledger.clone();
    let Goods {
        consignment,
        sequence,
        ..
    } = goods;
    let others = [0, sequence.wrapping_sub(1), sequence + 1, u32::MAX];
    for stale in others.into_iter().filter(|&other| other != sequence) {
        ledger.refuse(&instruction(goods.at(stale)), CustodyError::StaleSequence);
    }
    ledger.edit(consignment, |consignment: &mut Consignment| {
        consignment.sequence = u32::MAX;
    });
    let last = instruction(goods.at(u32::MAX));
    ledger.refuse(&last, CustodyError::SequenceExhausted);
}

/// Expects refusals of an instruction that another key signs for each of these sites, or none.
#[track_caller]
fn refuse_other_signers(ledger: &mut Ledger, instruction: &Instruction, sites: &[Site]) {
    let stranger = ledger.key("stranger");
    for site in sites {
        let forged = instruction.clone().replacing(site.key, stranger);
        ledger.refuse(&forged, CustodyError::NotPartnerKey);
        ledger.refuse_unsigned(instruction, &[site.key]);
    }
}

/// States of a consignment in which its custodian does not hold the units.
const NOT_HELD: [(State<Consignment>, CustodyError); 6] = [
    (
        |consignment| consignment.status = ConsignmentStatus::Offered,
        CustodyError::ConsignmentOffered,
    ),
    (
        |consignment| consignment.status = ConsignmentStatus::Destroyed,
        CustodyError::UnitsGone,
    ),
    (
        |consignment| consignment.status = ConsignmentStatus::Sampled,
        CustodyError::UnitsGone,
    ),
    (
        |consignment| consignment.status = ConsignmentStatus::Stolen,
        CustodyError::UnitsGone,
    ),
    (
        |consignment| consignment.status = ConsignmentStatus::Exported,
        CustodyError::UnitsGone,
    ),
    (
        |consignment| consignment.status = ConsignmentStatus::from_code(9),
        CustodyError::UnitsGone,
    ),
];

/// States of a consignment in which it may not move.
const UNDER_CASE: [(State<Consignment>, CustodyError); 2] = [
    (
        |consignment| consignment.open_cases = 1,
        CustodyError::UnderCase,
    ),
    (
        |consignment| consignment.open_cases = u8::MAX,
        CustodyError::UnderCase,
    ),
];

/// Numbers that are not a valid SSCC-18: a wrong check digit, a digit too many.
const INVALID_SSCCS: [u64; 4] = [
    SSCC.number() + 1,
    SSCC.number() * 10,
    1_000_000_000_000_000_000,
    u64::MAX,
];

/// States of a lot in which none of its units may move.
const LOT_UNDER_CASE: [(State<Lot>, CustodyError); 2] = [
    (|lot| lot.open_cases = 1, CustodyError::LotUnderCase),
    (|lot| lot.open_cases = u8::MAX, CustodyError::LotUnderCase),
];

/// States of a lot's only consignment in which its units are not within the lot.
const BEYOND_THE_LOT: [(State<Consignment>, CustodyError); 4] = [
    (
        |consignment| consignment.first_unit = 1,
        CustodyError::NotConsignmentsLot,
    ),
    (
        |consignment| consignment.first_unit = u32::MAX,
        CustodyError::NotConsignmentsLot,
    ),
    (
        |consignment| consignment.quantity = UNITS + 1,
        CustodyError::NotConsignmentsLot,
    ),
    (
        |consignment| consignment.quantity = 0,
        CustodyError::NotConsignmentsLot,
    ),
];

/// Restrictions that keep a consignment from going down the chain.
const UNSALEABLE: [(State<Consignment>, CustodyError); 6] = [
    (
        |consignment| restrict(consignment, Restrictions::QUARANTINED),
        CustodyError::ConsignmentQuarantined,
    ),
    (
        |consignment| restrict(consignment, Restrictions::RETURNED),
        CustodyError::ReturnNotVerified,
    ),
    (
        |consignment| {
            restrict(consignment, Restrictions::QUARANTINED);
            restrict(consignment, Restrictions::RETURNED);
        },
        CustodyError::ConsignmentQuarantined,
    ),
    (
        |consignment| consignment.restrictions = 1 << 7,
        CustodyError::ReturnNotVerified,
    ),
    (
        |consignment| restrict(consignment, Restrictions::CONDEMNED),
        CustodyError::Condemned,
    ),
    (
        |consignment| restrict(consignment, Restrictions::all()),
        CustodyError::Condemned,
    ),
];

fn restrict(consignment: &mut Consignment, restrictions: Restrictions) {
    consignment.restrictions |= restrictions.bits();
}

/// States of a lot in which all its units may only be returned or go to disposal.
const IMMOVABLE_LOTS: [(State<Lot>, CustodyError); 9] = [
    (
        |lot| lot.status = LotStatus::Quarantined,
        CustodyError::LotQuarantined,
    ),
    (
        |lot| lot.status = LotStatus::Condemned,
        CustodyError::LotQuarantined,
    ),
    (
        |lot| lot.status = LotStatus::from_code(9),
        CustodyError::LotQuarantined,
    ),
    (|lot| lot.expires_at = NOW, CustodyError::LotExpired),
    (|lot| lot.expires_at = 0, CustodyError::LotExpired),
    (|lot| recall(lot, 0, UNITS), CustodyError::Recalled),
    (|lot| recall(lot, 0, 1), CustodyError::Recalled),
    (|lot| recall(lot, UNITS - 1, 1), CustodyError::Recalled),
    (
        |lot| recall(lot, UNITS - 1, u32::MAX),
        CustodyError::Recalled,
    ),
];

/// States of a lot in which all its units may move.
const MOVABLE_LOTS: [State<Lot>; 4] = [
    |lot| lot.expires_at = NOW + 1,
    |lot| recall(lot, 0, 0),
    |lot| recall(lot, UNITS, 1),
    |lot| recall(lot, UNITS, u32::MAX),
];

fn recall(lot: &mut Lot, first: u32, quantity: u32) {
    lot.recalls = 1;
    lot.recalled_first[0] = first;
    lot.recalled_quantity[0] = quantity;
}

/// Tries a transfer of this kind, of all units of a lot, in every state of the lot and the consignment
/// that matters.
#[track_caller]
fn refuse_immovable(
    ledger: &Ledger,
    instruction: &Instruction,
    kind: TransferKind,
    lot: Address,
    consignment: Address,
) {
    refuse_states(ledger, instruction, consignment, UNDER_CASE);
    refuse_states(ledger, instruction, lot, LOT_UNDER_CASE);
    for (state, refusal) in IMMOVABLE_LOTS {
        let mut ledger = ledger.clone();
        ledger.edit(lot, state);
        expect(
            &mut ledger,
            instruction,
            is_downstream(kind).then_some(refusal),
        );
    }
    for (state, refusal) in UNSALEABLE {
        let mut ledger = ledger.clone();
        ledger.edit(consignment, state);
        let refused = match kind {
            TransferKind::Disposal | TransferKind::Examination => false,
            TransferKind::Return => refusal == CustodyError::Condemned,
            _ => true,
        };
        expect(&mut ledger, instruction, refused.then_some(refusal));
    }
    for state in MOVABLE_LOTS {
        let mut ledger = ledger.clone();
        ledger.edit(lot, state);
        ledger.execute(instruction);
    }
}

/// Expects a refusal, or success for `None`.
#[track_caller]
fn expect(ledger: &mut Ledger, instruction: &Instruction, refusal: Option<CustodyError>) {
    match refusal {
        Some(refusal) => ledger.refuse(instruction, refusal),
        None => {
            ledger.execute(instruction);
        }
    }
}
