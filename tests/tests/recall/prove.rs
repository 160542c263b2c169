use anchor_lang::{ErrorCode, prelude::ProgramError, solana_program::instruction::Instruction};
use custody::{Consignment, ConsignmentStatus, Transfer, TransferState};
use pedigree_domain::Permissions;
use pedigree_interface::{
    Site, TransferKind,
    instruction::recall::{Since, open, prove, respond},
    units::UnitRange,
};
use program_tests::{
    address,
    alter::Alter,
    effect::Effect,
    recalled::{RecalledWorld, count, notice, recall_terms, units},
};
use recall::{Proofs, Recall, RecallError, Response};

use crate::refuse_other_signers;

#[test]
fn counts_what_the_ledger_shows() {
    for (destroyed, range) in [(true, units(8_300, 100)), (false, units(8_200, 64))] {
        let recalled = RecalledWorld::new();
        let mut world = recalled.world.clone();
        let recall = recalled.recall;
        let evidence = [recalled.returned, recalled.destroyed][usize::from(destroyed)];
        let mut page: Proofs = bytemuck::Zeroable::zeroed();
        page.recall = recall;
        page.payer = world.payer;
        page.page = 1;
        let seeds: &[&[u8]] = &[b"proofs", recall.as_ref(), &[1, 0, 0, 0]];
        page.bump = address::bump(seeds, &recall::ID);
        for unit in range.first - 8_192..range.first - 8_192 + range.quantity {
            page.shown[unit as usize / 64] |= 1 << (unit % 64);
        }
        let response = address::response(&recall, &world.pharmacy.partner);
        let count = range.quantity;
        // What was not reported yet comes out of the 20 quarantined and the 10 held.
        let changes = [
            world.ledger.effect(recall, |recall: &mut Recall| {
                (recall.held, recall.quarantined) = (0, 0);
                if destroyed {
                    recall.shown_destroyed = count;
                    recall.destroyed = count.into();
                } else {
                    recall.shown_returned = count;
                    recall.returned = count.into();
                }
            }),
            world.ledger.effect(response, |response: &mut Response| {
                (response.held, response.quarantined) = (0, 0);
                if destroyed {
                    (response.shown_destroyed, response.destroyed) = (count, count);
                } else {
                    (response.shown_returned, response.returned) = (count, count);
                }
            }),
            Effect::creation(address::proofs(&recall, 1), &page, world.payer),
        ];
        let instruction = recalled.prove(evidence, range);
        let at = address::proofs(&recall, 1);
        world.clone().ledger.execute_prefunded(&instruction, &[at]);
        world.ledger.execute_with_effects(&instruction, &changes);
        world.ledger.refuse(&instruction, RecallError::AlreadyShown);
    }
}

#[test]
fn no_unit_is_shown_twice_whatever_its_fate() {
    let mut recalled = RecalledWorld::new();
    let part = recalled.prove(recalled.returned, units(8_200, 10));
    recalled.world.ledger.execute(&part);
    for (range, refused) in [
        (units(8_209, 1), true),
        (units(8_209, 2), true),
        (units(8_192, 9), true),
        (units(8_192, 108), true),
        (units(8_192, 8), false),
        (units(8_210, 90), false),
    ] {
        let proof = recalled.prove(recalled.returned, range);
        let ledger = &mut recalled.world.ledger.clone();
        if refused {
            ledger.refuse(&proof, RecallError::AlreadyShown);
        } else {
            ledger.execute(&proof);
        }
    }
}

#[test]
fn refuses_units_that_the_evidence_does_not_show() {
    let recalled = RecalledWorld::new();
    let (returned, destroyed) = (recalled.returned, recalled.destroyed);
    let mut ledger = recalled.world.ledger.clone();
    for (evidence, range, refusal) in [
        (returned, units(8_100, 0), RecallError::NoUnits),
        (returned, units(8_099, 1), RecallError::RangeOutsideEvidence),
        (returned, units(8_299, 2), RecallError::RangeOutsideEvidence),
        (
            destroyed,
            units(8_399, 2),
            RecallError::RangeOutsideEvidence,
        ),
        (
            destroyed,
            units(8_200, 1),
            RecallError::RangeOutsideEvidence,
        ),
        (returned, units(7_999, 1), RecallError::RangeOutsideRecall),
        (returned, units(9_000, 1), RecallError::RangeOutsideRecall),
        (
            returned,
            units(8_300, u32::MAX),
            RecallError::RangeOutsideRecall,
        ),
        (returned, units(8_191, 2), RecallError::RangeOutsidePage),
    ] {
        ledger.refuse(&recalled.prove(evidence, range), refusal);
    }
    const FIRST: usize = 5;
    let elsewhere = recalled
        .prove(returned, units(8_192, 1))
        .with_data(FIRST, &8_191u32.to_le_bytes());
    ledger.refuse(&elsewhere, RecallError::RangeOutsidePage);
}

#[test]
fn refuses_what_is_not_evidence() {
    let recalled = RecalledWorld::new();
    let world = &recalled.world;
    let (returned, destroyed) = (recalled.returned, recalled.destroyed);
    let range = |evidence| {
        if evidence == returned {
            units(8_200, 10)
        } else {
            units(8_300, 10)
        }
    };
    for other in [
        world.goods.lot,
        world.pharmacy.partner,
        recalled.recall,
        recalled.source,
        world.payer,
        recalled.held.consignment,
    ] {
        let proof = recalled
            .prove(returned, units(8_200, 10))
            .replacing(returned, other);
        // The recall is written, so it is refused before it is read as evidence.
        let refusal: ProgramError = if other == recalled.recall {
            ErrorCode::ConstraintDuplicateMutableAccount.into()
        } else {
            RecallError::NotEvidence.into()
        };
        world.ledger.clone().refuse(&proof, refusal);
    }
    let not = |evidence, change: &dyn Fn(&mut program_tests::ledger::Ledger), refusal| {
        let mut ledger = world.ledger.clone();
        change(&mut ledger);
        ledger.refuse(&recalled.prove(evidence, range(evidence)), refusal);
    };
    for kind in [
        TransferKind::Sale,
        TransferKind::Logistics,
        TransferKind::Disposal,
    ] {
        not(
            returned,
            &|ledger| ledger.edit(returned, |it: &mut Transfer| it.kind = kind.into()),
            RecallError::NotEvidence,
        );
    }
    for state in [
        TransferState::Offered,
        TransferState::Rejected,
        TransferState::Cancelled,
        TransferState::Expired,
    ] {
        not(
            returned,
            &|ledger| ledger.edit(returned, |it: &mut Transfer| it.state = state),
            RecallError::NotEvidence,
        );
    }
    for status in [0, 1, 3, 4, 5, 9].map(ConsignmentStatus::from_code) {
        not(
            destroyed,
            &|ledger| ledger.edit(destroyed, |it: &mut Consignment| it.status = status),
            RecallError::NotEvidence,
        );
    }
    for evidence in [returned, destroyed] {
        not(
            evidence,
            &|ledger| {
                let mut account = ledger.account(evidence);
                account.owner = recall::ID;
                ledger.set_account(evidence, account);
            },
            RecallError::NotEvidence,
        );
    }
    let other = world.other_goods.lot;
    not(
        returned,
        &|ledger| ledger.edit(returned, |it: &mut Transfer| it.lot = other),
        RecallError::NotRecallsEvidence,
    );
    not(
        destroyed,
        &|ledger| ledger.edit(destroyed, |it: &mut Consignment| it.lot = other),
        RecallError::NotRecallsEvidence,
    );
    not(
        returned,
        &|ledger| ledger.edit(returned, |it: &mut Transfer| it.settled_since = 0),
        RecallError::EvidenceTooOld,
    );
    not(
        destroyed,
        &|ledger| ledger.edit(destroyed, |it: &mut Consignment| it.withdrawn_since = 0),
        RecallError::EvidenceTooOld,
    );
}

#[test]
fn who_took_the_goods_back_did_not_return_them() {
    let mut recalled = RecalledWorld::new();
    let (payer, wholesaler) = (recalled.world.payer, recalled.world.wholesaler);
    let answer = respond(payer, wholesaler, recalled.recall, count());
    recalled.world.ledger.execute(&answer);
    for (evidence, range) in [
        (recalled.returned, units(8_200, 10)),
        (recalled.destroyed, units(8_300, 10)),
    ] {
        let since = &Since::OPENING;
        let proof = prove(payer, wholesaler, recalled.recall, evidence, range, since);
        recalled
            .world
            .ledger
            .refuse(&proof, RecallError::NotSitesEvidence);
    }
}

/// Has the pharmacy prove units of the return since these scopes.
fn prove_since(
    recalled: &RecalledWorld,
    range: UnitRange,
    scope: u32,
    narrowings: &[u32],
) -> Instruction {
    let (payer, pharmacy) = (recalled.world.payer, recalled.world.pharmacy);
    let since = Since {
        scope,
        narrowings: narrowings.to_vec(),
    };
    let evidence = recalled.returned;
    prove(payer, pharmacy, recalled.recall, evidence, range, &since)
}

#[test]
fn expanding_makes_no_return_too_old() {
    let mut recalled = RecalledWorld::new();
    // Once and again, and after the goods came back.
    for first in [7_999, 7_998, 7_000] {
        let wider = recalled.expand(units(first, 9_500 - first));
        recalled.world.ledger.execute(&wider);
    }
    let proof = recalled.prove(recalled.returned, units(8_192, 108));
    recalled.world.ledger.execute(&proof);
}

#[test]
fn units_that_were_released_count_only_if_they_came_back_after_they_were_recalled_again() {
    let mut recalled = RecalledWorld::new();
    for step in [units(8_000, 250), units(8_000, 249)] {
        let releasing = recalled.narrow(step);
        recalled.world.ledger.execute(&releasing);
    }
    let again = recalled.expand(units(8_000, 1_000));
    recalled.world.ledger.execute(&again);
    let prove = |first, quantity, scope, narrowings: &[u32]| {
        prove_since(&recalled, units(first, quantity), scope, narrowings)
    };
    let mut ledger = recalled.world.ledger.clone();
    for (proof, refusal) in [
        // Unit 8,249 was released and recalled again after it came back.
        (prove(8_240, 10, 0, &[1, 2]), RecallError::ReleasedSince),
        (prove(8_249, 1, 0, &[1, 2]), RecallError::ReleasedSince),
        (prove(8_249, 1, 3, &[]), RecallError::EvidenceTooOld),
        (prove(8_248, 1, 3, &[]), RecallError::NotAddedByScope),
        (prove(8_249, 1, 1, &[]), RecallError::NotAddedByScope),
        // All that released units, in their order, and nothing else.
        (prove(8_240, 9, 0, &[]), RecallError::NotNextNarrowing),
        (prove(8_240, 9, 0, &[1]), RecallError::NotNextNarrowing),
        (prove(8_240, 9, 0, &[2]), RecallError::NotNextNarrowing),
        (prove(8_240, 9, 0, &[2, 1]), RecallError::NotNextNarrowing),
        (prove(8_240, 9, 0, &[1, 1]), RecallError::NotNextNarrowing),
        (prove(8_240, 9, 0, &[1, 3]), RecallError::NotNextNarrowing),
        (prove(8_240, 9, 0, &[0, 1]), RecallError::NotNextNarrowing),
    ] {
        ledger.refuse(&proof, refusal);
    }
    ledger.execute(&prove(8_240, 9, 0, &[1, 2]));
    ledger.edit(recalled.returned, |it: &mut Transfer| it.settled_since = 4);
    ledger.execute(&prove(8_249, 40, 3, &[]));
    let recall: Recall = ledger.read(recalled.recall);
    assert_eq!(recall.shown_returned, 49);
}

#[test]
fn refuses_the_scope_of_another_recall() {
    let mut recalled = RecalledWorld::new();
    let world = &mut recalled.world;
    let other = world.recall_of(world.goods.lot, 1);
    let opening = open(
        world.payer,
        world.regulator,
        other,
        recall_terms(),
        notice(),
    );
    world.ledger.execute(&opening);
    let own = address::scope(&recalled.recall, 0);
    let others = address::scope(&other.address(), 0);
    let proof = recalled.prove(recalled.returned, units(8_200, 10));
    let borrowed = proof.clone().replacing(own, others);
    recalled
        .world
        .ledger
        .refuse(&borrowed, RecallError::NotRecallsScope);
    // Nor is it one of this recall's narrowings.
    let releasing = recalled.narrow(units(8_000, 500));
    recalled.world.ledger.execute(&releasing);
    let proof = prove_since(&recalled, units(8_200, 10), 0, &[1]);
    let next = address::scope(&recalled.recall, 1);
    for stand_in in [others, own, recalled.returned, recalled.world.payer] {
        let borrowed = proof.clone().replacing(next, stand_in);
        recalled
            .world
            .ledger
            .refuse(&borrowed, RecallError::NotNextNarrowing);
    }
    recalled.world.ledger.execute(&proof);
}

#[test]
fn an_operators_account_comes_before_the_narrowings() {
    let mut recalled = RecalledWorld::new();
    let releasing = recalled.narrow(units(8_000, 500));
    recalled.world.ledger.execute(&releasing);
    let pharmacy = recalled.world.pharmacy;
    let desk = recalled
        .world
        .appoint(pharmacy, "recall desk", Permissions::RECALL);
    let since = Since {
        scope: 0,
        narrowings: vec![1],
    };
    let (payer, site) = (
        recalled.world.payer,
        Site::by_operator(pharmacy.gln, desk.key),
    );
    let range = units(8_200, 10);
    let proof = prove(
        payer,
        site,
        recalled.recall,
        recalled.returned,
        range,
        &since,
    );
    recalled.world.ledger.execute(&proof);
}

#[test]
fn refuses_who_did_not_answer_and_anothers_answer() {
    let mut recalled = RecalledWorld::new();
    let proof = recalled.prove(recalled.returned, units(8_200, 10));
    let own = address::response(&recalled.recall, &recalled.world.pharmacy.partner);
    let (payer, wholesaler) = (recalled.world.payer, recalled.world.wholesaler);
    let ledger = &mut recalled.world.ledger;
    ledger.execute(&respond(payer, wholesaler, recalled.recall, count()));
    let others = address::response(&recalled.recall, &wholesaler.partner);
    let borrowed = proof.clone().replacing(own, others);
    ledger.refuse(&borrowed, RecallError::NotSitesResponse);
    let mut elsewhere = ledger.clone();
    elsewhere.edit(own, |response: &mut Response| response.recall = payer);
    elsewhere.refuse(&proof, RecallError::NotRecallsResponse);
    let accounts = [recalled.world.pharmacy.partner, recalled.recall, own];
    ledger.refuse_stand_ins(&proof, &accounts);
    refuse_other_signers(ledger, &proof, recalled.world.pharmacy);
    ledger.set_account(own, Default::default());
    ledger.refuse(&proof, ProgramError::AccountDataTooSmall);
}

#[test]
fn refuses_another_page_and_a_terminated_recall() {
    let mut recalled = RecalledWorld::new();
    let proof = recalled.prove(recalled.returned, units(8_200, 10));
    let pages = [0, 1].map(|page| address::proofs(&recalled.recall, page));
    let misplaced = proof.clone().replacing(pages[1], pages[0]);
    let end = recalled.terminate();
    let ledger = &mut recalled.world.ledger;
    ledger.refuse(&misplaced, ErrorCode::ConstraintSeeds);
    ledger.execute(&end);
    ledger.refuse(&proof, RecallError::RecallTerminated);
}
