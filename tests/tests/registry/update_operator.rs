use anchor_lang::solana_program::instruction::Instruction;
use pedigree_domain::Permissions;
use pedigree_interface::{
    Site,
    instruction::registry::{appoint_operator, update_operator},
};
use program_tests::{
    address,
    alter::Alter,
    layout::padded,
    ledger::NOW,
    world::{World, operator_terms},
};
use registry::{Operator, RegistryError, instructions::OperatorTerms};

use crate::appoint_operator::invalid_terms;

/// Has the wholesaler give its operator other terms.
fn update(world: &World, terms: OperatorTerms) -> Instruction {
    update_operator(world.wholesaler, world.operator, terms)
}

#[test]
fn replaces_the_terms_and_nothing_else() {
    let mut world = World::new();
    let terms = OperatorTerms {
        permissions: Permissions::WITNESS.bits(),
        valid_from: NOW + 1,
        valid_until: NOW + 2,
        name: padded("Badge 4711"),
    };
    let address = address::operator(&world.wholesaler.partner, &world.operator);
    let effect = world.ledger.effect(address, |operator: &mut Operator| {
        operator.permissions = 32;
        operator.valid_from = NOW + 1;
        operator.valid_until = NOW + 2;
        operator.name = padded("Badge 4711");
    });
    let instruction = update(&world, terms);
    world.ledger.execute_with_effects(&instruction, &[effect]);
}

#[test]
fn may_end_an_appointment_at_once_and_begin_it_again() {
    let mut world = World::new();
    let ended = OperatorTerms {
        valid_from: NOW - 1,
        valid_until: NOW,
        ..operator_terms(Permissions::SHIP)
    };
    for terms in [ended, operator_terms(Permissions::SHIP)] {
        let instruction = update(&world, terms);
        world.ledger.execute(&instruction);
    }
}

#[test]
fn a_lapsed_site_may_update() {
    let mut world = World::new();
    world.lapse(world.wholesaler);
    let instruction = update(&world, operator_terms(Permissions::SHIP));
    world.ledger.execute(&instruction);
}

#[test]
fn refuses_a_suspended_or_revoked_site() {
    let (mut suspended, mut revoked) = (World::new(), World::new());
    suspended.suspend(suspended.wholesaler);
    revoked.revoke(revoked.wholesaler);
    for (mut world, refusal) in [
        (suspended, RegistryError::PartnerNotActive),
        (revoked, RegistryError::PartnerRevoked),
    ] {
        let instruction = update(&world, operator_terms(Permissions::SHIP));
        world.ledger.refuse(&instruction, refusal);
    }
}

#[test]
fn refuses_invalid_terms() {
    let mut world = World::new();
    for (terms, refusal) in invalid_terms() {
        let instruction = update(&world, terms);
        world.ledger.refuse(&instruction, refusal);
    }
}

#[test]
fn refuses_anybody_but_the_operators_site() {
    let World {
        mut ledger,
        payer,
        pharmacy,
        wholesaler,
        operator,
        issuer_key,
        authority,
        ..
    } = World::new();
    let terms = operator_terms(Permissions::SHIP);
    for key in [pharmacy.key, operator, issuer_key, authority] {
        let instruction = update_operator(Site { key, ..wholesaler }, operator, terms);
        ledger.refuse(&instruction, RegistryError::NotPartnerKey);
    }
    let instruction = update_operator(wholesaler, operator, terms);
    let another = instruction
        .clone()
        .replacing(wholesaler.partner, pharmacy.partner)
        .replacing(wholesaler.key, pharmacy.key);
    ledger.refuse(&another, RegistryError::NotOperatorsPartner);
    ledger.execute(&appoint_operator(payer, pharmacy, operator, terms));
    let same_key_elsewhere = instruction.clone().replacing(
        address::operator(&wholesaler.partner, &operator),
        address::operator(&pharmacy.partner, &operator),
    );
    ledger.refuse(&same_key_elsewhere, RegistryError::NotOperatorsPartner);
    ledger.refuse_unsigned(&instruction, &[wholesaler.key]);
}

#[test]
fn refuses_wrong_accounts() {
    let World {
        mut ledger,
        wholesaler,
        operator,
        ..
    } = World::new();
    ledger.refuse_stand_ins(
        &update_operator(wholesaler, operator, operator_terms(Permissions::SHIP)),
        &[
            wholesaler.partner,
            address::operator(&wholesaler.partner, &operator),
        ],
    );
}
