use anchor_lang::{Address, ErrorCode, solana_program::instruction::Instruction};
use custody::{
    Case, CaseState, Change, Consignment, CustodyError, ExceptionCode, Party, Transfer,
    TransferState,
};
use pedigree_domain::Roles;
use pedigree_interface::{
    Goods, TransferKind,
    instruction::custody::{Finding, accept_with_discrepancy, handoff, resolve_case},
};
use program_tests::{
    address,
    alter::Alter,
    effect::Effect,
    ledger::NOW,
    scenario::{FINDING, finding},
    world::{DOCUMENT, World},
};

use crate::{
    ALREADY_IN_USE, BEYOND_THE_LOT, INELIGIBLE_RECEIVERS, INELIGIBLE_SENDERS, KINDS, arrives,
    expect, of_sender,
    open_offer::{OpenOffer, offered, offered_as, refuses_another_offer, refuses_what_is_not_open},
    refuse_immovable, refuse_other_signers, refuse_states, trail,
};

const DAY: i64 = 86_400;

/// The receiver takes what it was offered, with something wrong.
fn accept_offer(offered: &OpenOffer, finding: Finding) -> Instruction {
    let OpenOffer {
        world, from, to, ..
    } = offered;
    let World { payer, goods, .. } = *world;
    accept_with_discrepancy(payer, *to, goods.offered_by(from.gln), 0, finding)
}

/// The wholesaler accepts the offer with sequence 0, which was short.
fn accept_first(world: &World, goods: Goods) -> Instruction {
    let World {
        payer,
        manufacturer,
        wholesaler,
        ..
    } = *world;
    let shortage = finding(ExceptionCode::Shortage);
    accept_with_discrepancy(
        payer,
        wholesaler,
        goods.offered_by(manufacturer.gln),
        0,
        shortage,
    )
}

fn first_case(world: &World) -> Address {
    address::case(&world.goods.consignment, 0)
}

#[test]
fn moves_custody_and_opens_a_case_that_the_sender_answers() {
    for kind in KINDS {
        for &exception in &ExceptionCode::ALL[1..] {
            let offered = offered_as(kind);
            let instruction = accept_offer(&offered, finding(exception));
            let OpenOffer {
                mut world,
                from,
                to,
                transfer,
                ..
            } = offered;
            let World { payer, goods, .. } = world;
            let consignment = goods.consignment;
            world.ledger.set_time(NOW + 60);
            let case = Case {
                subject: consignment,
                lot: goods.lot,
                transfer,
                document_hash: FINDING,
                payer,
                opened_by: to.gln.number(),
                resolved_by: 0,
                opened_at: NOW + 60,
                answer_by: NOW + 60 + DAY,
                determined_at: 0,
                notify_by: 0,
                notified_at: 0,
                resolved_at: 0,
                number: 0,
                units: finding(exception).units,
                state: CaseState::Open,
                exception,
                bump: address::bump(&[b"case", consignment.as_ref(), &[0; 4]], &custody::ID),
                party: Party::Custodian,
                _padding: [0; 4],
                determination_hash: [0; 32],
                notification_hash: [0; 32],
            };
            let effects = [
                world
                    .ledger
                    .effect(consignment, |consignment: &mut Consignment| {
                        arrives(consignment, from, to, kind);
                        consignment.cases = 1;
                        consignment.open_cases = 1;
                        consignment.party_cases = [1, 0, 0];
                        trail::noted(consignment, Change::Case, FINDING);
                    }),
                world.ledger.effect(transfer, |transfer: &mut Transfer| {
                    transfer.state = TransferState::Accepted;
                    transfer.settled_at = NOW + 60;
                    transfer.exception = exception;
                }),
                Effect::creation(first_case(&world), &case, payer),
            ];
            world.ledger.execute_with_effects(&instruction, &effects);
        }
    }
}

#[test]
fn gives_a_dispenser_two_business_days_to_answer_and_a_repackager_one() {
    let both = Roles::DISPENSER.union(Roles::REPACKAGER);
    for (roles, days) in [(Roles::REPACKAGER, 1), (both, 1), (Roles::DISPENSER, 2)] {
        let (mut world, _) = offered();
        world.license(world.manufacturer, roles);
        let instruction = accept_first(&world, world.goods);
        world.ledger.execute(&instruction);
        let case: Case = world.ledger.read(first_case(&world));
        assert_eq!(case.answer_by, NOW + days * DAY, "{roles:?}");
    }
}

#[test]
fn the_goods_stay_until_the_receiver_resolves_the_case() {
    let (mut world, _) = offered();
    let World {
        manufacturer,
        wholesaler,
        pharmacy,
        goods,
        ..
    } = world;
    let sale = TransferKind::Sale;
    let instruction = accept_first(&world, goods);
    world.ledger.execute(&instruction);
    let sale_on = handoff(wholesaler, pharmacy, goods.at(1), sale, Some(DOCUMENT));
    world.ledger.refuse(&sale_on, CustodyError::UnderCase);
    let resolve = |site| {
        resolve_case(
            site,
            address::case(&goods.consignment, 0),
            goods.consignment,
            false,
            Some(DOCUMENT),
        )
    };
    world
        .ledger
        .refuse(&resolve(manufacturer), CustodyError::NotInvestigator);
    world.ledger.execute(&resolve(wholesaler));
    world.ledger.execute(&sale_on);
}

#[test]
fn the_receiver_may_pay() {
    let (mut world, _) = offered();
    let (payer, key) = (world.payer, world.wholesaler.key);
    let instruction = accept_first(&world, world.goods).replacing(payer, key);
    world.ledger.execute(&instruction);
}

#[test]
fn works_on_a_prefunded_address() {
    let (mut world, _) = offered();
    let instruction = accept_first(&world, world.goods);
    let case = first_case(&world);
    world.ledger.execute_prefunded(&instruction, &[case]);
}

#[test]
fn works_until_the_last_moment() {
    let (mut world, transfer) = offered();
    let Transfer { deadline, .. } = world.ledger.read(transfer);
    let instruction = accept_first(&world, world.goods);
    world.ledger.set_time(deadline + 1);
    world.ledger.refuse(&instruction, CustodyError::OfferLapsed);
    world.ledger.set_time(deadline);
    world.ledger.execute(&instruction);
}

#[test]
fn refuses_what_names_no_discrepancy() {
    let mut offered = offered_as(TransferKind::Sale);
    for exception in [0, 9, 255] {
        let nothing = Finding {
            exception: ExceptionCode::from_code(exception),
            ..finding(ExceptionCode::None)
        };
        let instruction = accept_offer(&offered, nothing);
        offered
            .world
            .ledger
            .refuse(&instruction, CustodyError::InvalidException);
    }
}

#[test]
fn refuses_either_side_that_may_not_trade_any_more() {
    let damage = finding(ExceptionCode::Damage);
    for kind in KINDS {
        for (disqualify, refusal) in INELIGIBLE_SENDERS {
            let mut offered = offered_as(kind);
            disqualify(&mut offered.world, offered.from);
            let instruction = accept_offer(&offered, damage);
            expect(
                &mut offered.world.ledger,
                &instruction,
                of_sender(kind, refusal),
            );
        }
        for (disqualify, refusal) in INELIGIBLE_RECEIVERS {
            let mut offered = offered_as(kind);
            disqualify(&mut offered.world, offered.to);
            let instruction = accept_offer(&offered, damage);
            offered.world.ledger.refuse(&instruction, refusal);
        }
    }
}

#[test]
fn refuses_what_became_immovable() {
    for kind in KINDS {
        let offered = offered_as(kind);
        let instruction = accept_offer(&offered, finding(ExceptionCode::Damage));
        let World { ledger, goods, .. } = offered.world;
        let Goods {
            lot, consignment, ..
        } = goods;
        refuse_immovable(&ledger, &instruction, kind, lot, consignment);
        refuse_states(&ledger, &instruction, consignment, BEYOND_THE_LOT);
    }
}

#[test]
fn refuses_offers_that_are_not_open() {
    refuses_what_is_not_open(&offered().0, accept_first);
}

#[test]
fn refuses_a_stale_sequence() {
    let (mut world, transfer) = offered();
    let World {
        payer,
        manufacturer: from,
        wholesaler: to,
        goods,
        ..
    } = world;
    let damage = finding(ExceptionCode::Damage);
    for sequence in [1, 2, u32::MAX] {
        let of_another = address::transfer(&goods.consignment, sequence);
        let stale = accept_with_discrepancy(
            payer,
            to,
            goods.at(sequence).offered_by(from.gln),
            0,
            damage,
        )
        .replacing(of_another, transfer);
        world.ledger.refuse(&stale, CustodyError::StaleSequence);
    }
}

#[test]
fn refuses_a_case_that_is_there() {
    let (mut world, _) = offered();
    let case = first_case(&world);
    let taken = world.ledger.account(world.other_goods.consignment);
    world.ledger.set_account(case, taken);
    let instruction = accept_first(&world, world.goods);
    world.ledger.refuse(&instruction, ALREADY_IN_USE);
}

#[test]
fn refuses_more_cases_than_can_be_counted() {
    let (mut world, _) = offered();
    let World {
        payer,
        manufacturer: from,
        wholesaler: to,
        goods,
        ..
    } = world;
    world
        .ledger
        .edit(goods.consignment, |consignment: &mut Consignment| {
            consignment.cases = u32::MAX;
        });
    let damage = finding(ExceptionCode::Damage);
    let last = accept_with_discrepancy(payer, to, goods.offered_by(from.gln), u32::MAX, damage);
    world.ledger.refuse(&last, CustodyError::TooManyCases);
}

#[test]
fn refuses_anybody_but_the_receiver() {
    let (mut world, _) = offered();
    let World {
        payer,
        manufacturer,
        wholesaler,
        pharmacy,
        goods,
        ..
    } = world;
    let damage = finding(ExceptionCode::Damage);
    for other in [manufacturer, pharmacy] {
        let offered = goods.offered_by(manufacturer.gln);
        let instruction = accept_with_discrepancy(payer, other, offered, 0, damage);
        world
            .ledger
            .refuse(&instruction, CustodyError::NotTransfersReceiver);
    }
    let instruction = accept_first(&world, goods);
    refuse_other_signers(&mut world.ledger, &instruction, &[wholesaler]);
    world.ledger.refuse_unsigned(&instruction, &[payer]);
}

#[test]
fn refuses_wrong_accounts() {
    let (mut world, transfer) = offered();
    let World {
        payer,
        manufacturer,
        wholesaler,
        pharmacy,
        goods,
        other_goods,
        ..
    } = world;
    let instruction = accept_first(&world, goods);
    world.ledger.refuse_stand_ins(
        &instruction,
        &[
            wholesaler.partner,
            manufacturer.partner,
            goods.lot,
            goods.consignment,
            transfer,
        ],
    );
    let case = first_case(&world);
    world.ledger.refuse_misplaced(&instruction, case);
    let misplaced = address::case(&goods.lot, 0);
    world.ledger.refuse(
        &instruction.clone().replacing(case, misplaced),
        ErrorCode::ConstraintSeeds,
    );
    let damage = finding(ExceptionCode::Damage);
    let another_sender =
        accept_with_discrepancy(payer, wholesaler, goods.offered_by(pharmacy.gln), 0, damage);
    world
        .ledger
        .refuse(&another_sender, CustodyError::NotTransfersSender);
    let another_lot = instruction.replacing(goods.lot, other_goods.lot);
    world
        .ledger
        .refuse(&another_lot, CustodyError::NotConsignmentsLot);
    refuses_another_offer(&world, accept_first);
}
