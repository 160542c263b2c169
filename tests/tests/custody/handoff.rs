use anchor_lang::{Address, prelude::ProgramError};
use custody::{Consignment, ConsignmentStatus, CustodyError, TransferKind};
use pedigree_domain::Roles;
use program_tests::{
    instruction::{Alter, custody::handoff},
    ledger::NOW,
    world::{DOCUMENT, Parcel, Site, World, terms},
};
use registry::Partner;
use solana_sdk_ids::sysvar;

use crate::{KINDS, RECEIVER_BARS, SENDER_BARS, immovable_lots, movable_lots};

const SALE: u8 = TransferKind::Sale.code();

#[test]
fn moves_custody_at_once() {
    for kind in KINDS {
        let World {
            mut ledger,
            manufacturer,
            wholesaler,
            parcel,
            ..
        } = World::new();
        let title_passes = kind == TransferKind::Sale || kind == TransferKind::Return;
        let owner = if title_passes {
            wholesaler.partner
        } else {
            manufacturer.partner
        };
        let effect = ledger.effect(parcel.consignment, |consignment: &mut Consignment| {
            consignment.sequence = 1;
            consignment.extend_trail(&wholesaler.partner, &owner, &DOCUMENT, kind);
        });
        let instruction = handoff(manufacturer, wholesaler, parcel, kind.code(), 0, DOCUMENT);
        ledger.execute_with_effects(&instruction, &[effect]);
    }
}

#[test]
fn a_provider_brings_back_what_it_never_owned() {
    let mut world = World::new();
    let World {
        manufacturer,
        logistics,
        parcel,
        ..
    } = world;
    world.hand_over(manufacturer, logistics, parcel, TransferKind::Logistics);
    world.hand_over(logistics, manufacturer, parcel, TransferKind::Return);
    let consignment: Consignment = world.ledger.read(parcel.consignment);
    assert_eq!(consignment.custodian, manufacturer.partner);
    assert_eq!(consignment.owner, manufacturer.partner);
}

#[test]
fn hands_many_parcels_over_in_one_transaction() {
    let World {
        mut ledger,
        manufacturer,
        wholesaler,
        parcel,
        other_parcel,
        ..
    } = World::new();
    let instructions = [parcel, other_parcel]
        .map(|parcel| handoff(manufacturer, wholesaler, parcel, SALE, 0, DOCUMENT));
    ledger
        .attempt_all(&instructions)
        .expect("both are handed over");
    for parcel in [parcel, other_parcel] {
        let consignment: Consignment = ledger.read(parcel.consignment);
        assert_eq!(consignment.custodian, wholesaler.partner);
    }
}

#[test]
fn one_key_may_sign_for_both_sites() {
    let World {
        mut ledger,
        manufacturer,
        wholesaler,
        parcel,
        ..
    } = World::new();
    ledger.edit(wholesaler.partner, |partner: &mut Partner| {
        partner.authority = manufacturer.key
    });
    let to = Site {
        key: manufacturer.key,
        ..wholesaler
    };
    ledger.execute(&handoff(manufacturer, to, parcel, SALE, 0, DOCUMENT));
}

#[test]
fn refuses_a_stale_sequence() {
    let mut world = World::new();
    let World {
        manufacturer,
        wholesaler,
        parcel,
        ..
    } = world;
    world.hand_over(manufacturer, wholesaler, parcel, TransferKind::Sale);
    world.hand_over(wholesaler, manufacturer, parcel, TransferKind::Return);
    for sequence in [0, 1, 3, u32::MAX] {
        let instruction = handoff(manufacturer, wholesaler, parcel, SALE, sequence, DOCUMENT);
        world
            .ledger
            .refuse(&instruction, CustodyError::StaleSequence);
    }
}

#[test]
fn refuses_a_second_time() {
    let World {
        mut ledger,
        manufacturer,
        wholesaler,
        parcel,
        ..
    } = World::new();
    let instruction = handoff(manufacturer, wholesaler, parcel, SALE, 0, DOCUMENT);
    ledger.execute(&instruction);
    ledger.refuse(&instruction, CustodyError::NotCustodian);
}

#[test]
fn refuses_the_handoff_after_the_last_sequence() {
    let World {
        mut ledger,
        manufacturer,
        wholesaler,
        parcel,
        ..
    } = World::new();
    ledger.edit(parcel.consignment, |consignment: &mut Consignment| {
        consignment.sequence = u32::MAX;
    });
    let instruction = handoff(manufacturer, wholesaler, parcel, SALE, u32::MAX, DOCUMENT);
    ledger.refuse(&instruction, CustodyError::SequenceExhausted);
}

#[test]
fn refuses_a_consignment_that_is_not_held() {
    let mut world = World::new();
    let World {
        manufacturer,
        wholesaler,
        parcel,
        ..
    } = world;
    world.offer(
        manufacturer,
        wholesaler,
        parcel,
        terms(TransferKind::Sale, 0),
    );
    let instruction = handoff(manufacturer, wholesaler, parcel, SALE, 1, DOCUMENT);
    world
        .ledger
        .refuse(&instruction, CustodyError::ConsignmentOffered);
    world
        .ledger
        .edit(parcel.consignment, |consignment: &mut Consignment| {
            consignment.status = ConsignmentStatus::from_code(9);
        });
    world
        .ledger
        .refuse(&instruction, CustodyError::ConsignmentOffered);
}

#[test]
fn refuses_a_consignment_that_reaches_beyond_its_lot() {
    let World {
        mut ledger,
        manufacturer,
        wholesaler,
        parcel,
        ..
    } = World::new();
    for (first_unit, refusal) in [
        (1, CustodyError::NotConsignmentsLot),
        (u32::MAX, CustodyError::NotConsignmentsLot),
    ] {
        ledger.edit(parcel.consignment, |consignment: &mut Consignment| {
            consignment.first_unit = first_unit;
        });
        let instruction = handoff(manufacturer, wholesaler, parcel, SALE, 0, DOCUMENT);
        ledger.refuse(&instruction, refusal);
    }
    ledger.edit(parcel.consignment, |consignment: &mut Consignment| {
        consignment.first_unit = 0;
        consignment.quantity = 0;
    });
    let instruction = handoff(manufacturer, wholesaler, parcel, SALE, 0, DOCUMENT);
    ledger.refuse(&instruction, CustodyError::NoUnits);
}

#[test]
fn refuses_either_side_that_may_not_trade() {
    for kind in KINDS {
        for (bar, refusal) in SENDER_BARS {
            let mut world = World::new();
            let site = world.manufacturer;
            bar(&mut world, site);
            let World {
                mut ledger,
                manufacturer,
                wholesaler,
                parcel,
                ..
            } = world;
            let instruction = handoff(manufacturer, wholesaler, parcel, kind.code(), 0, DOCUMENT);
            ledger.refuse(&instruction, refusal);
        }
        for (bar, refusal) in RECEIVER_BARS {
            let mut world = World::new();
            let site = world.wholesaler;
            bar(&mut world, site);
            let World {
                mut ledger,
                manufacturer,
                wholesaler,
                parcel,
                ..
            } = world;
            let instruction = handoff(manufacturer, wholesaler, parcel, kind.code(), 0, DOCUMENT);
            ledger.refuse(&instruction, refusal);
        }
    }
}

#[test]
fn allows_the_last_second_of_both_licences() {
    let World {
        mut ledger,
        manufacturer,
        wholesaler,
        parcel,
        ..
    } = World::new();
    for site in [manufacturer, wholesaler] {
        ledger.edit(site.partner, |partner: &mut Partner| {
            partner.licence_valid_until = NOW + 1
        });
    }
    ledger.execute(&handoff(
        manufacturer,
        wholesaler,
        parcel,
        SALE,
        0,
        DOCUMENT,
    ));
}

#[test]
fn takes_a_receiver_in_the_roles_of_the_kind_only() {
    let may_receive = |kind: TransferKind, role: Roles| {
        let takers = match kind {
            TransferKind::Sale => Roles::OWNERS,
            TransferKind::Return => Roles::OWNERS.difference(Roles::DISPENSER),
            TransferKind::Logistics => Roles::CUSTODIANS,
            _ => Roles::CUSTODIANS.difference(Roles::DISPENSER),
        };
        takers.contains(role)
    };
    for role in Roles::all().iter() {
        for kind in KINDS {
            let mut world = World::new();
            let (manufacturer, wholesaler, parcel) =
                (world.manufacturer, world.wholesaler, world.parcel);
            world.license(wholesaler, role);
            let instruction = handoff(manufacturer, wholesaler, parcel, kind.code(), 0, DOCUMENT);
            if may_receive(kind, role) {
                world.ledger.execute(&instruction);
            } else {
                world
                    .ledger
                    .refuse(&instruction, CustodyError::ReceiverRole);
            }
        }
    }
}

#[test]
fn refuses_to_sell_what_another_owns() {
    let mut world = World::new();
    let World {
        manufacturer,
        logistics,
        pharmacy,
        parcel,
        ..
    } = world;
    world.hand_over(manufacturer, logistics, parcel, TransferKind::Logistics);
    world.license(logistics, Roles::all());
    let sale = handoff(logistics, pharmacy, parcel, SALE, 1, DOCUMENT);
    world.ledger.refuse(&sale, CustodyError::SenderNotOwner);
}

#[test]
fn refuses_immovable_lots_downstream_only() {
    for (change, refusal) in immovable_lots() {
        for kind in KINDS {
            let World {
                mut ledger,
                manufacturer,
                wholesaler,
                parcel,
                ..
            } = World::new();
            ledger.edit(parcel.lot, change);
            let instruction = handoff(manufacturer, wholesaler, parcel, kind.code(), 0, DOCUMENT);
            if kind == TransferKind::Sale || kind == TransferKind::Logistics {
                ledger.refuse(&instruction, refusal);
            } else {
                ledger.execute(&instruction);
            }
        }
    }
    for change in movable_lots() {
        let World {
            mut ledger,
            manufacturer,
            wholesaler,
            parcel,
            ..
        } = World::new();
        ledger.edit(parcel.lot, change);
        ledger.execute(&handoff(
            manufacturer,
            wholesaler,
            parcel,
            SALE,
            0,
            DOCUMENT,
        ));
    }
}

#[test]
fn refuses_unknown_kinds() {
    let World {
        mut ledger,
        manufacturer,
        wholesaler,
        parcel,
        ..
    } = World::new();
    for kind in [0, 5, 255] {
        let instruction = handoff(manufacturer, wholesaler, parcel, kind, 0, DOCUMENT);
        ledger.refuse(&instruction, CustodyError::InvalidKind);
    }
}

#[test]
fn refuses_one_site_on_both_sides() {
    let World {
        mut ledger,
        manufacturer,
        parcel,
        ..
    } = World::new();
    for kind in KINDS {
        let instruction = handoff(manufacturer, manufacturer, parcel, kind.code(), 0, DOCUMENT);
        ledger.refuse(&instruction, CustodyError::SamePartner);
    }
}

#[test]
fn refuses_anybody_but_the_custodian_and_the_receiver() {
    let World {
        mut ledger,
        manufacturer,
        wholesaler,
        pharmacy,
        parcel,
        ..
    } = World::new();
    let thief = handoff(pharmacy, wholesaler, parcel, SALE, 0, DOCUMENT);
    ledger.refuse(&thief, CustodyError::NotCustodian);
    let key = pharmacy.key;
    for (from, to) in [
        (
            Site {
                key,
                ..manufacturer
            },
            wholesaler,
        ),
        (manufacturer, Site { key, ..wholesaler }),
    ] {
        let instruction = handoff(from, to, parcel, SALE, 0, DOCUMENT);
        ledger.refuse(&instruction, CustodyError::NotPartnerKey);
    }
    let instruction = handoff(manufacturer, wholesaler, parcel, SALE, 0, DOCUMENT);
    ledger.refuse_unsigned(&instruction, &[manufacturer.key, wholesaler.key]);
}

#[test]
fn refuses_wrong_accounts() {
    let World {
        mut ledger,
        manufacturer,
        wholesaler,
        parcel,
        other_parcel,
        ..
    } = World::new();
    let instruction = handoff(manufacturer, wholesaler, parcel, SALE, 0, DOCUMENT);
    ledger.refuse_stand_ins(
        &instruction,
        &[
            manufacturer.partner,
            wholesaler.partner,
            parcel.lot,
            parcel.consignment,
        ],
    );
    for mixed in [
        Parcel {
            lot: other_parcel.lot,
            ..parcel
        },
        Parcel {
            lot: parcel.lot,
            ..other_parcel
        },
    ] {
        let instruction = handoff(manufacturer, wholesaler, mixed, SALE, 0, DOCUMENT);
        ledger.refuse(&instruction, CustodyError::NotConsignmentsLot);
    }
}

#[test]
fn refuses_any_clock_but_the_sysvar() {
    let World {
        mut ledger,
        manufacturer,
        wholesaler,
        parcel,
        ..
    } = World::new();
    let look_alike: Address = ledger.key("clock");
    let clock = ledger.account(sysvar::clock::ID);
    ledger.set_account(look_alike, clock);
    for other in [look_alike, sysvar::rent::ID, parcel.lot] {
        let instruction = handoff(manufacturer, wholesaler, parcel, SALE, 0, DOCUMENT)
            .replacing(sysvar::clock::ID, other);
        ledger.refuse(&instruction, ProgramError::InvalidArgument);
    }
}
