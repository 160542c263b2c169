//! The custody program's instructions, one module each: what they do, and everything that they
//! refuse.

mod accept;
mod cancel;
mod codes;
mod expire;
mod handoff;
mod mint_lot;
mod offer;
mod open_offer;
mod reject;
mod trail;

use anchor_lang::prelude::ProgramError;
use custody::{CustodyError, Lot, LotStatus, TransferKind};
use pedigree_domain::Roles;
use program_tests::{
    ledger::NOW,
    world::{Site, UNITS, World},
};
use solana_system_interface::error::SystemError;

/// How the System program refuses to create an account that is there already.
const ALREADY_IN_USE: ProgramError = ProgramError::Custom(SystemError::AccountAlreadyInUse as u32);

/// Every kind of transfer between partners.
const KINDS: [TransferKind; 4] = [
    TransferKind::Sale,
    TransferKind::Return,
    TransferKind::Logistics,
    TransferKind::Disposal,
];

/// Something that keeps a site from trading.
type Bar = fn(&mut World, Site);

/// A site with every role that holds no medicine.
fn leave_the_trade(world: &mut World, site: Site) {
    world.license(site, Roles::all().difference(Roles::CUSTODIANS));
}

/// Everything that keeps a sender from trading, and how the program says so.
const SENDER_BARS: [(Bar, CustodyError); 4] = [
    (World::suspend, CustodyError::SenderSuspended),
    (World::revoke, CustodyError::SenderRevoked),
    (World::lapse, CustodyError::SenderLicenceLapsed),
    (leave_the_trade, CustodyError::SenderRole),
];

/// Everything that keeps a receiver from trading, and how the program says so.
const RECEIVER_BARS: [(Bar, CustodyError); 4] = [
    (World::suspend, CustodyError::ReceiverSuspended),
    (World::revoke, CustodyError::ReceiverRevoked),
    (World::lapse, CustodyError::ReceiverLicenceLapsed),
    (leave_the_trade, CustodyError::ReceiverRole),
];

/// Something that happens to a lot.
type LotChange = fn(&mut Lot);

/// States of a lot in which its whole parcel may only go back or to disposal.
fn immovable_lots() -> [(LotChange, CustodyError); 8] {
    [
        (
            |lot| lot.status = LotStatus::Quarantined,
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
    ]
}

/// States of a lot in which its whole parcel may move.
fn movable_lots() -> [LotChange; 4] {
    [
        |lot| lot.expires_at = NOW + 1,
        |lot| recall(lot, 0, 0),
        |lot| recall(lot, UNITS, 1),
        |lot| recall(lot, UNITS, u32::MAX),
    ]
}

fn recall(lot: &mut Lot, first: u32, quantity: u32) {
    lot.recalled_first = first;
    lot.recalled_quantity = quantity;
}
