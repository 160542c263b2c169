//! Operators: a key that a site has appointed may sign whatever the site's own key signs, during its
//! appointment and within its permissions.

use anchor_lang::{prelude::ProgramError, solana_program::instruction::Instruction};
use custody::{Consignment, CustodyError};
use pedigree_domain::Permissions;
use pedigree_interface::{
    Site, TransferKind,
    instruction::{
        custody::{accept, cancel, handoff},
        registry::{accept_partner_key, propose_partner_key},
    },
};
use program_tests::{
    alter::Alter,
    ledger::NOW,
    operator::Appointment,
    scenario::Scenario,
    world::{DOCUMENT, World, terms},
};
use registry::{Operator, Partner};
use solana_account::Account;

use crate::expect;

/// An instruction that an operator signs in place of one of its signers.
struct Act {
    world: World,
    appointment: Appointment,
    needed: Permissions,
    /// As the site itself signs it.
    original: Instruction,
    instruction: Instruction,
    /// Where the operator's account is.
    place: usize,
}

/// Every signature of a site that any instruction asks for, made by an operator who may do that
/// and nothing else.
fn acts() -> Vec<Act> {
    let acts: Vec<Act> = Scenario::of_custody()
        .into_iter()
        .flat_map(|scenario| {
            let signers = scenario.signers.clone();
            signers
                .into_iter()
                .map(move |(site, needed)| act(&scenario, site, needed))
        })
        .collect();
    assert_eq!(acts.len(), 48, "one for each signature of a site");
    acts
}

fn act(scenario: &Scenario, site: Site, needed: Permissions) -> Act {
    let mut world = scenario.world.clone();
    let appointment = world.appoint(site, "scanner", needed);
    let original = scenario.instruction.clone();
    Act {
        world,
        appointment,
        needed,
        instruction: appointment.sign(original.clone(), scenario.listed),
        original,
        place: scenario.listed,
    }
}

impl Act {
    /// Tries it with another appointment.
    #[track_caller]
    fn with(&self, change: impl FnOnce(&mut Operator), refusal: Option<CustodyError>) {
        let mut ledger = self.world.ledger.clone();
        ledger.edit(self.appointment.operator, change);
        expect(&mut ledger, &self.instruction, refusal);
    }
}

#[test]
fn an_operator_has_the_effects_of_its_site() {
    for act in acts() {
        let [by_site, by_operator] =
            [&act.original, &act.instruction].map(|instruction| act.world.after([instruction]));
        for meta in &act.original.accounts {
            assert_eq!(
                by_operator.ledger.find_account(meta.pubkey),
                by_site.ledger.find_account(meta.pubkey),
                "{}",
                meta.pubkey
            );
        }
    }
}

#[test]
fn an_operator_needs_the_permission_and_no_other() {
    let refused = Some(CustodyError::OperatorPermission);
    for act in acts() {
        let others = Permissions::all().difference(act.needed).bits();
        act.with(|operator| operator.permissions = !0, None);
        act.with(|operator| operator.permissions = others, refused);
        act.with(|operator| operator.permissions = 0, refused);
    }
}

#[test]
fn an_operator_signs_from_the_first_moment_to_the_last() {
    let early = Some(CustodyError::OperatorNotYetValid);
    let late = Some(CustodyError::OperatorLapsed);
    for act in acts() {
        act.with(|operator| operator.valid_from = NOW + 1, early);
        act.with(|operator| operator.valid_from = NOW, None);
        act.with(|operator| operator.valid_until = NOW + 1, None);
        act.with(|operator| operator.valid_until = NOW, late);
        act.with(|operator| operator.valid_until = i64::MIN, late);
    }
}

#[test]
fn an_operator_that_its_site_struck_out_may_do_nothing() {
    for act in acts() {
        act.with(
            |operator| operator.appointments = 1,
            Some(CustodyError::OperatorDismissed),
        );
        let mut ledger = act.world.ledger.clone();
        let Operator { partner, .. } = ledger.read(act.appointment.operator);
        ledger.edit(partner, |site: &mut Partner| site.appointments = 1);
        let refused = Some(CustodyError::OperatorDismissed);
        expect(&mut ledger, &act.instruction, refused);
    }
}

#[test]
fn refuses_who_is_not_an_operator_of_the_site() {
    for act in acts() {
        let Act {
            mut world,
            appointment: Appointment { site, operator, .. },
            instruction,
            ..
        } = act;
        let elsewhere = world.appoint(world.other_pharmacy, "scanner", Permissions::all());
        let colleague = world.appoint(site, "colleague", Permissions::all());
        for other in [elsewhere.operator, colleague.operator] {
            let borrowed = instruction.clone().replacing(operator, other);
            world
                .ledger
                .refuse(&borrowed, CustodyError::NotSitesOperator);
        }
        let genuine = world.ledger.account(operator);
        let data = &genuine.data;
        for look_alike in [
            Account::default(),
            Account {
                owner: custody::ID,
                ..genuine.clone()
            },
            Account {
                data: data[..data.len() - 1].to_vec(),
                ..genuine.clone()
            },
            Account {
                data: [&[!data[0]], &data[1..]].concat(),
                ..genuine.clone()
            },
            world.ledger.account(site.partner),
            world.ledger.account(world.goods.lot),
        ] {
            let mut ledger = world.ledger.clone();
            ledger.set_account(operator, look_alike);
            ledger.refuse(&instruction, CustodyError::NotSitesOperator);
        }
    }
}

#[test]
fn refuses_an_operator_without_account_or_signature() {
    for act in acts() {
        let Act {
            mut world,
            appointment,
            instruction,
            place,
            ..
        } = act;
        let mut alone = instruction.clone();
        alone.accounts.truncate(place);
        world.ledger.refuse(&alone, CustodyError::NotPartnerKey);
        let unsigned = instruction.unsigned(appointment.key);
        world
            .ledger
            .refuse(&unsigned, ProgramError::MissingRequiredSignature);
    }
}

#[test]
fn a_needless_operator_changes_nothing() {
    // In a batch, the lots begin where operators end.
    let scenarios = Scenario::of_custody().into_iter().filter(|scenario| {
        !scenario.signers.is_empty() && scenario.instruction.accounts.len() == scenario.listed
    });
    for scenario in scenarios {
        let mut world = scenario.world;
        let site = world.manufacturer;
        let needless = world.appoint(site, "scanner", Permissions::all());
        let instruction = scenario
            .instruction
            .inserting(scenario.listed, needless.operator);
        world.ledger.execute(&instruction);
    }
}

#[test]
fn two_operators_follow_in_the_order_of_the_signers() {
    for scenario in Scenario::of_custody() {
        let [(first, needed), (second, needed_too)] = scenario.signers[..] else {
            continue;
        };
        let mut world = scenario.world;
        let first = world.appoint(first, "first operator", needed);
        let second = world.appoint(second, "second operator", needed_too);
        let place = scenario.listed;
        let signed = |a: Appointment, b: Appointment| {
            b.sign(a.sign(scenario.instruction.clone(), place), place + 1)
        };
        let out_of_order = signed(second, first);
        world
            .ledger
            .refuse(&out_of_order, CustodyError::NotSitesOperator);
        world.ledger.execute(&signed(first, second));
    }
}

#[test]
fn an_operator_of_both_sites_signs_for_both() {
    let mut world = World::new();
    let World {
        manufacturer,
        wholesaler,
        goods,
        ..
    } = world;
    let sale = TransferKind::Sale;
    let listed = 7;
    let [here, there] =
        [manufacturer, wholesaler].map(|site| world.appoint(site, "carrier", Permissions::all()));
    let instruction = handoff(manufacturer, wholesaler, goods, sale, Some(DOCUMENT));
    let instruction = there.sign(here.sign(instruction, listed), listed + 1);
    world.ledger.execute(&instruction);
}

#[test]
fn a_rotated_site_key_strands_no_consignment() {
    let mut world = World::new();
    let World {
        manufacturer,
        wholesaler,
        goods,
        other_goods,
        ..
    } = world;
    let dock = world.appoint(wholesaler, "dock", Permissions::RECEIVE);
    for goods in [goods, other_goods] {
        world.offer(manufacturer, wholesaler, goods, terms(TransferKind::Sale));
    }
    let keys = [manufacturer, wholesaler].map(|site| {
        let key = world.ledger.key(&format!("new key of {}", site.gln));
        let ledger = &mut world.ledger;
        ledger.execute(&propose_partner_key(site, Some(key)));
        ledger.execute(&accept_partner_key(site.gln, key));
        Site { key, ..site }
    });
    let [new_manufacturer, new_wholesaler] = keys;

    let acceptance = accept(wholesaler, goods.offered_by(manufacturer.gln));
    world
        .ledger
        .refuse(&acceptance, CustodyError::NotPartnerKey);
    let by_operator = dock.sign(acceptance, 7);
    world.ledger.execute(&by_operator);
    let consignment: Consignment = world.ledger.read(goods.consignment);
    assert_eq!(consignment.custodian, wholesaler.gln.number());

    let cancellation = cancel(manufacturer, other_goods.offered_by(manufacturer.gln));
    world
        .ledger
        .refuse(&cancellation, CustodyError::NotPartnerKey);
    let cancellation = cancel(
        new_manufacturer,
        other_goods.offered_by(new_manufacturer.gln),
    );
    world.ledger.execute(&cancellation);
    world.hand_over(
        new_wholesaler,
        new_manufacturer,
        goods,
        TransferKind::Return,
    );
}
