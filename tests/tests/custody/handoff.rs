use anchor_lang::solana_program::instruction::Instruction;
use custody::{Change, Consignment, CustodyError};
use pedigree_domain::Roles;
use pedigree_interface::{Goods, Site, TransferKind, instruction::custody::handoff};
use program_tests::{
    alter::Alter,
    ledger::NOW,
    world::{DOCUMENT, World},
};
use registry::Partner;

use crate::{
    BEYOND_THE_LOT, INELIGIBLE_RECEIVERS, INELIGIBLE_SENDERS, KINDS, NOT_HELD, arrives, expect,
    of_receiver, of_sender, ready, refuse_immovable, refuse_other_sequences, refuse_other_signers,
    refuse_states,
};

const SALE: TransferKind = TransferKind::Sale;

/// The manufacturer sells the goods to the wholesaler.
fn sell(world: &World) -> Instruction {
    handoff(
        world.manufacturer,
        world.wholesaler,
        world.goods,
        SALE,
        Some(DOCUMENT),
    )
}

#[test]
fn moves_custody_at_once() {
    for kind in KINDS {
        let (mut world, from, to) = ready(kind);
        let goods = world.goods;
        let effect = world
            .ledger
            .effect(goods.consignment, |consignment: &mut Consignment| {
                consignment.sequence = goods.sequence + 1;
                arrives(consignment, from, to, kind);
            });
        let instruction = handoff(from, to, goods, kind, Some(DOCUMENT));
        world.ledger.execute_with_effects(&instruction, &[effect]);
    }
}

#[test]
fn hands_many_consignments_over_in_one_transaction() {
    let World {
        mut ledger,
        manufacturer,
        wholesaler,
        goods,
        other_goods,
        ..
    } = World::new();
    let instructions = [goods, other_goods]
        .map(|goods| handoff(manufacturer, wholesaler, goods, SALE, Some(DOCUMENT)));
    ledger
        .attempt_all(&instructions)
        .expect("both are handed over");
    for goods in [goods, other_goods] {
        let consignment: Consignment = ledger.read(goods.consignment);
        assert_eq!(consignment.custodian, wholesaler.gln.number());
    }
}

#[test]
fn one_key_may_sign_for_both_sites() {
    let World {
        mut ledger,
        manufacturer,
        wholesaler,
        goods,
        ..
    } = World::new();
    ledger.edit(wholesaler.partner, |partner: &mut Partner| {
        partner.authority = manufacturer.key
    });
    let to = Site {
        key: manufacturer.key,
        ..wholesaler
    };
    ledger.execute(&handoff(manufacturer, to, goods, SALE, Some(DOCUMENT)));
}

#[test]
fn refuses_a_stale_sequence() {
    let mut world = World::new();
    let World {
        manufacturer,
        other_manufacturer,
        wholesaler,
        pharmacy,
        goods,
        ..
    } = world;
    world.hand_over(manufacturer, wholesaler, goods, SALE);
    world.hand_over(wholesaler, other_manufacturer, goods, SALE);
    refuse_other_sequences(&world.ledger, world.now(goods), |goods| {
        handoff(other_manufacturer, pharmacy, goods, SALE, Some(DOCUMENT))
    });
}

#[test]
fn refuses_a_second_time() {
    let mut world = World::new();
    let instruction = sell(&world);
    world.ledger.execute(&instruction);
    world
        .ledger
        .refuse(&instruction, CustodyError::NotCustodian);
}

#[test]
fn refuses_a_consignment_that_is_not_held_or_not_within_its_lot() {
    let world = World::new();
    let (instruction, consignment) = (sell(&world), world.goods.consignment);
    refuse_states(&world.ledger, &instruction, consignment, NOT_HELD);
    refuse_states(&world.ledger, &instruction, consignment, BEYOND_THE_LOT);
}

#[test]
fn refuses_either_side_that_may_not_trade() {
    for kind in KINDS {
        for (disqualify, refusal) in INELIGIBLE_SENDERS {
            let (mut world, from, to) = ready(kind);
            disqualify(&mut world, from);
            let instruction = handoff(from, to, world.goods, kind, Some(DOCUMENT));
            expect(&mut world.ledger, &instruction, of_sender(kind, refusal));
        }
        for (disqualify, refusal) in INELIGIBLE_RECEIVERS {
            let (mut world, from, to) = ready(kind);
            disqualify(&mut world, to);
            let instruction = handoff(from, to, world.goods, kind, Some(DOCUMENT));
            expect(&mut world.ledger, &instruction, of_receiver(kind, refusal));
        }
    }
}

#[test]
fn allows_the_last_second_of_both_licences() {
    let mut world = World::new();
    for site in [world.manufacturer, world.wholesaler] {
        world.ledger.edit(site.partner, |partner: &mut Partner| {
            partner.licence_valid_until = NOW + 1
        });
    }
    let instruction = sell(&world);
    world.ledger.execute(&instruction);
}

#[test]
fn takes_a_receiver_in_the_roles_of_the_kind_only() {
    let may_receive = |kind, role| {
        let takers = match kind {
            TransferKind::Sale => Roles::OWNERS,
            // Whoever may hold medicines takes its own back.
            TransferKind::Return => Roles::CUSTODIANS,
            TransferKind::Logistics => Roles::OWNERS | Roles::LOGISTICS,
            TransferKind::Disposal => {
                Roles::OWNERS.difference(Roles::DISPENSER)
                    | Roles::LOGISTICS
                    | Roles::REVERSE_DISTRIBUTOR
            }
            TransferKind::Examination => Roles::LABORATORY,
        };
        takers.contains(role)
    };
    for role in Roles::all().iter() {
        for kind in KINDS {
            let (mut world, from, to) = ready(kind);
            world.license(to, role);
            let instruction = handoff(from, to, world.goods, kind, Some(DOCUMENT));
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
        goods,
        ..
    } = world;
    world.hand_over(manufacturer, logistics, goods, TransferKind::Logistics);
    world.license(logistics, Roles::all());
    let sale = handoff(logistics, pharmacy, goods.at(1), SALE, Some(DOCUMENT));
    world.ledger.refuse(&sale, CustodyError::SenderNotOwner);
}

#[test]
fn refuses_what_is_immovable() {
    for kind in KINDS {
        let (world, from, to) = ready(kind);
        let World { ledger, goods, .. } = world;
        let instruction = handoff(from, to, goods, kind, Some(DOCUMENT));
        refuse_immovable(&ledger, &instruction, kind, goods.lot, goods.consignment);
    }
}

#[test]
fn refuses_unknown_kinds() {
    const KIND: usize = 1;
    let mut world = World::new();
    let sale = sell(&world);
    let transfers = KINDS.map(|kind| Change::from(kind).code());
    for kind in (0..=u8::MAX).filter(|kind| !transfers.contains(kind)) {
        let instruction = sale.clone().with_data(KIND, &[kind]);
        world.ledger.refuse(&instruction, CustodyError::InvalidKind);
    }
}

#[test]
fn refuses_one_site_on_both_sides() {
    let World {
        mut ledger,
        manufacturer,
        goods,
        ..
    } = World::new();
    for kind in KINDS {
        let instruction = handoff(manufacturer, manufacturer, goods, kind, Some(DOCUMENT));
        ledger.refuse(&instruction, CustodyError::SamePartner);
    }
}

#[test]
fn refuses_anybody_but_the_custodian_and_the_receiver() {
    let mut world = World::new();
    let World {
        manufacturer,
        wholesaler,
        pharmacy,
        goods,
        ..
    } = world;
    let thief = handoff(pharmacy, wholesaler, goods, SALE, Some(DOCUMENT));
    world.ledger.refuse(&thief, CustodyError::NotCustodian);
    let instruction = sell(&world);
    refuse_other_signers(&mut world.ledger, &instruction, &[manufacturer, wholesaler]);
}

#[test]
fn refuses_wrong_accounts() {
    let mut world = World::new();
    let World {
        manufacturer,
        wholesaler,
        goods,
        other_goods,
        ..
    } = world;
    let instruction = sell(&world);
    world.ledger.refuse_stand_ins(
        &instruction,
        &[
            manufacturer.partner,
            wholesaler.partner,
            goods.lot,
            goods.consignment,
        ],
    );
    for mixed in [
        Goods {
            lot: other_goods.lot,
            ..goods
        },
        Goods {
            lot: goods.lot,
            ..other_goods
        },
    ] {
        let instruction = handoff(manufacturer, wholesaler, mixed, SALE, Some(DOCUMENT));
        world
            .ledger
            .refuse(&instruction, CustodyError::NotConsignmentsLot);
    }
}
