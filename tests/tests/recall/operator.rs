//! Operators: a key that may settle recalls for a site may sign whatever the site's own key signs.

use pedigree_domain::Permissions;
use program_tests::{
    alter::Alter, ledger::NOW, operator::Appointment, scenario::Scenario, world::World,
};
use recall::RecallError;
use registry::Operator;

/// Each instruction that a site signs, signed by its operator.
fn acts() -> Vec<(
    World,
    Appointment,
    anchor_lang::solana_program::instruction::Instruction,
)> {
    let acts: Vec<_> = Scenario::of_recall()
        .into_iter()
        .filter_map(|scenario| {
            let (site, needed) = *scenario.signers.first()?;
            assert_eq!(needed, Permissions::RECALL);
            let mut world = scenario.world;
            let appointment = world.appoint(site, "recall desk", needed);
            let instruction = appointment.sign(scenario.instruction, scenario.listed);
            Some((world, appointment, instruction))
        })
        .collect();
    // Neither what a recall pays nor who is paid is for operators.
    assert_eq!(acts.len(), 10);
    acts
}

#[test]
fn an_operator_acts_within_its_appointment() {
    type State = fn(&mut Operator);
    const REFUSED: [(State, RecallError); 5] = [
        (
            |operator| operator.permissions = !Permissions::RECALL.bits(),
            RecallError::OperatorPermission,
        ),
        (
            |operator| operator.valid_from = NOW + 1,
            RecallError::OperatorNotYetValid,
        ),
        (
            |operator| operator.valid_until = NOW,
            RecallError::OperatorLapsed,
        ),
        (
            |operator| operator.appointments = 1,
            RecallError::OperatorDismissed,
        ),
        (
            |operator| operator.key = custody::ID,
            RecallError::NotSitesOperator,
        ),
    ];
    for (world, appointment, instruction) in acts() {
        for (state, refusal) in REFUSED {
            let mut ledger = world.ledger.clone();
            ledger.edit(appointment.operator, state);
            ledger.refuse(&instruction, refusal);
        }
        world.after([&instruction]);
    }
}

#[test]
fn refuses_an_operator_of_another_site_or_none() {
    for (mut world, appointment, instruction) in acts() {
        let other_pharmacy = world.other_pharmacy;
        let elsewhere = world.appoint(other_pharmacy, "recall desk", Permissions::all());
        for other in [elsewhere.operator, world.other_goods.lot] {
            let borrowed = instruction.clone().replacing(appointment.operator, other);
            world
                .ledger
                .refuse(&borrowed, RecallError::NotSitesOperator);
        }
        let mut alone = instruction.clone();
        alone.accounts.pop();
        world.ledger.refuse(&alone, RecallError::NotPartnerKey);
    }
}
