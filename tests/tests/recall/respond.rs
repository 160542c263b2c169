use pedigree_domain::Roles;
use pedigree_interface::{
    Site,
    instruction::{
        recall::{Count, respond},
        registry::{admit_partner, confirm_partner, withdraw_admission},
    },
};
use program_tests::{
    address,
    effect::Effect,
    layout::padded,
    ledger::NOW,
    recalled::{RecalledWorld, count, units},
    world::{World, gln, licence},
};
use recall::{Recall, RecallError, Response};

use crate::refuse_other_signers;

/// The pharmacy's answer, and what becomes of it.
#[track_caller]
fn expect(recalled: &RecalledWorld, count: Count, refusal: Option<RecallError>) {
    let mut world = recalled.world.clone();
    let instruction = respond(world.payer, world.pharmacy, recalled.recall, count);
    match refusal {
        Some(refusal) => world.ledger.refuse(&instruction, refusal),
        None => drop(world.ledger.execute(&instruction)),
    }
}

#[test]
fn a_first_answer_is_counted() {
    let RecalledWorld {
        mut world, recall, ..
    } = RecalledWorld::new();
    let (payer, wholesaler) = (world.payer, world.wholesaler);
    let at = address::response(&recall, &wholesaler.partner);
    let mut response: Response = bytemuck::Zeroable::zeroed();
    response.recall = recall;
    response.partner = wholesaler.partner;
    response.gln = wholesaler.gln.number();
    (response.answered_at, response.updated_at) = (NOW, NOW);
    response.counted_at = NOW;
    (response.held, response.quarantined, response.dispensed) = (10, 20, 30);
    let seeds: &[&[u8]] = &[b"response", recall.as_ref(), wholesaler.partner.as_ref()];
    response.bump = address::bump(seeds, &recall::ID);
    // The pharmacy answered the same before.
    let total = world.ledger.effect(recall, |recall: &mut Recall| {
        recall.responses = 2;
        (recall.held, recall.quarantined, recall.dispensed) = (20, 40, 60);
    });
    let instruction = respond(payer, wholesaler, recall, count());
    let creation = Effect::creation(at, &response, payer);
    let before = world.clone();
    world
        .ledger
        .execute_with_effects(&instruction, &[total, creation]);
    before.ledger.clone().execute_prefunded(&instruction, &[at]);
}

#[test]
fn an_answer_is_replaced() {
    let RecalledWorld {
        mut world, recall, ..
    } = RecalledWorld::new();
    world.ledger.set_time(NOW + 100);
    let newer = Count {
        held: 0,
        quarantined: 25,
        dispensed: 31,
        returned: 3,
        destroyed: 2,
        counted_at: NOW + 50,
    };
    let at = address::response(&recall, &world.pharmacy.partner);
    let changes = [
        world.ledger.effect(at, |response: &mut Response| {
            (response.held, response.quarantined) = (0, 25);
            (response.dispensed, response.returned, response.destroyed) = (31, 3, 2);
            response.counted_at = NOW + 50;
            response.updated_at = NOW + 100;
        }),
        world.ledger.effect(recall, |recall: &mut Recall| {
            (recall.held, recall.quarantined) = (0, 25);
            (recall.dispensed, recall.returned, recall.destroyed) = (31, 3, 2);
        }),
    ];
    let instruction = respond(world.payer, world.pharmacy, recall, newer);
    world.ledger.execute_with_effects(&instruction, &changes);
}

#[test]
fn what_is_gone_stays_gone_and_what_is_accounted_for_stays_so() {
    let recalled = RecalledWorld::new();
    let counted = |held, quarantined, dispensed, returned, destroyed| Count {
        held,
        quarantined,
        dispensed,
        returned,
        destroyed,
        ..count()
    };
    let fell = Some(RecallError::CountFell);
    let high = Some(RecallError::CountTooHigh);
    for (count, refusal) in [
        (counted(0, 0, 60, 0, 0), None),
        (counted(0, 0, 30, 15, 15), None),
        (counted(31, 0, 29, 0, 0), fell),
        (counted(10, 19, 30, 0, 0), fell),
        (counted(0, 0, 30, 0, 0), fell),
        (counted(970, 0, 30, 0, 0), None),
        (counted(971, 0, 30, 0, 0), high),
        (counted(u32::MAX, u32::MAX, u32::MAX, 0, 0), high),
        (counted(0, 0, u32::MAX, u32::MAX, u32::MAX), high),
    ] {
        expect(&recalled, count, refusal);
    }
    let mut later = recalled.clone();
    let returned = respond(
        later.world.payer,
        later.world.pharmacy,
        later.recall,
        counted(0, 0, 30, 20, 10),
    );
    later.world.ledger.execute(&returned);
    expect(&later, counted(11, 0, 30, 19, 10), fell);
    expect(&later, counted(11, 0, 30, 20, 9), fell);
}

#[test]
fn nothing_is_reported_below_what_the_ledger_shows() {
    let recalled = RecalledWorld::new();
    let mut proven = recalled.clone();
    let proof = recalled.prove(recalled.destroyed, units(8_300, 25));
    proven.world.ledger.execute(&proof);
    let counted = |destroyed| Count {
        held: 100,
        destroyed,
        ..count()
    };
    expect(&proven, counted(24), Some(RecallError::CountBelowShown));
    expect(&proven, counted(25), None);
}

#[test]
fn refuses_a_count_of_tomorrow_or_before_the_last() {
    let recalled = RecalledWorld::new();
    for (counted_at, refusal) in [
        (NOW + 1, Some(RecallError::InvalidCountDate)),
        (NOW - 1, Some(RecallError::InvalidCountDate)),
        (i64::MIN, Some(RecallError::InvalidCountDate)),
        (NOW, None),
    ] {
        let count = Count {
            counted_at,
            ..count()
        };
        expect(&recalled, count, refusal);
    }
}

#[test]
fn a_site_without_licence_answers() {
    for disqualify in [World::suspend, World::revoke, World::lapse] as [crate::Disqualification; 3]
    {
        let mut recalled = RecalledWorld::new();
        let pharmacy = recalled.world.pharmacy;
        disqualify(&mut recalled.world, pharmacy);
        expect(&recalled, count(), None);
    }
}

#[test]
fn a_site_that_has_not_confirmed_leaves_no_answer_to_the_next_holder_of_its_gln() {
    let RecalledWorld {
        mut world, recall, ..
    } = RecalledWorld::new();
    let (payer, issuer_key) = (world.payer, world.issuer_key);
    let (typo, owner) = (world.ledger.key("typo"), world.ledger.key("owner"));
    let roles = Roles::DISPENSER;
    let admission = |key| {
        admit_partner(
            payer,
            issuer_key,
            gln(9),
            key,
            padded("New"),
            licence(roles),
        )
    };
    world.ledger.execute(&admission(typo));
    let answer = |key| respond(payer, Site::own(gln(9), key), recall, count());
    world
        .ledger
        .refuse(&answer(typo), RecallError::SiteNotConfirmed);
    for step in [
        withdraw_admission(issuer_key, gln(9)),
        admission(owner),
        confirm_partner(address::issuer(&issuer_key), Site::own(gln(9), owner)),
        answer(owner),
    ] {
        world.ledger.execute(&step);
    }
}

#[test]
fn refuses_who_holds_no_medicine_and_who_is_not_the_site() {
    let RecalledWorld {
        mut world, recall, ..
    } = RecalledWorld::new();
    let by_regulator = respond(world.payer, world.regulator, recall, count());
    world.ledger.refuse(&by_regulator, RecallError::NotHolder);
    let pharmacy = world.pharmacy;
    let instruction = respond(world.payer, pharmacy, recall, count());
    refuse_other_signers(&mut world.ledger, &instruction, pharmacy);
    world
        .ledger
        .refuse_stand_ins(&instruction, &[pharmacy.partner, recall]);
}

#[test]
fn refuses_after_the_end() {
    let mut recalled = RecalledWorld::new();
    let end = recalled.terminate();
    recalled.world.ledger.execute(&end);
    expect(&recalled, count(), Some(RecallError::RecallTerminated));
}

#[test]
fn a_narrowing_has_sites_count_anew() {
    let mut recalled = RecalledWorld::new();
    let counted = |held, dispensed, returned| Count {
        held,
        dispensed,
        returned,
        quarantined: 0,
        ..count()
    };
    for step in [
        recalled.prove(recalled.returned, units(8_200, 100)),
        recalled.narrow(units(8_000, 250)),
    ] {
        recalled.world.ledger.execute(&step);
    }
    // Units that are no longer recalled are not reported, and none is held against the site.
    expect(&recalled, counted(1, 2, 3), None);
    expect(&recalled, counted(250, 0, 0), None);
    expect(
        &recalled,
        counted(251, 0, 0),
        Some(RecallError::CountTooHigh),
    );
    let answer = respond(
        recalled.world.payer,
        recalled.world.pharmacy,
        recalled.recall,
        counted(1, 2, 3),
    );
    recalled.world.ledger.execute(&answer);
    let recall = recalled.read();
    assert_eq!((recall.held, recall.dispensed, recall.returned), (1, 2, 3));
    assert_eq!(recall.responses, 1);
    // From then on what is gone stays gone again.
    expect(&recalled, counted(2, 1, 3), Some(RecallError::CountFell));
}
