use anchor_lang::{ErrorCode, prelude::ProgramError};
use pedigree_domain::Permissions;
use pedigree_interface::{
    Site,
    instruction::registry::{appoint_operator, dismiss_operator},
};
use program_tests::{
    address,
    alter::Alter,
    world::{World, operator_terms},
};
use registry::RegistryError;

#[test]
fn closes_the_operator_and_gives_its_rent_to_who_paid_it() {
    let World {
        mut ledger,
        payer,
        wholesaler,
        operator,
        ..
    } = World::new();
    let address = address::operator(&wholesaler.partner, &operator);
    let rent = ledger.account(address).lamports;
    let before = ledger.account(payer).lamports;
    let instruction = dismiss_operator(wholesaler, operator, payer);
    ledger.execute(&instruction);
    assert_eq!(ledger.find_account(address), None);
    assert_eq!(ledger.account(payer).lamports, before + rent);
    ledger.refuse(&instruction, ProgramError::AccountDataTooSmall);
}

#[test]
fn a_site_that_paid_itself_gets_the_rent_back() {
    let World {
        mut ledger,
        pharmacy,
        ..
    } = World::new();
    let key = ledger.key("new operator");
    let before = ledger.account(pharmacy.key).lamports;
    let terms = operator_terms(Permissions::SHIP);
    ledger.execute(&appoint_operator(pharmacy.key, pharmacy, key, terms));
    ledger.execute(&dismiss_operator(pharmacy, key, pharmacy.key));
    assert_eq!(ledger.account(pharmacy.key).lamports, before);
}

#[test]
fn a_revoked_or_lapsed_site_may_dismiss() {
    for disqualify in [World::revoke, World::lapse] {
        let mut world = World::new();
        let site = world.wholesaler;
        disqualify(&mut world, site);
        let World {
            mut ledger,
            payer,
            wholesaler,
            operator,
            ..
        } = world;
        ledger.execute(&dismiss_operator(wholesaler, operator, payer));
    }
}

#[test]
fn refuses_a_suspended_site() {
    let mut world = World::new();
    world.suspend(world.wholesaler);
    let instruction = dismiss_operator(world.wholesaler, world.operator, world.payer);
    world
        .ledger
        .refuse(&instruction, RegistryError::PartnerNotActive);
}

#[test]
fn a_dismissed_operator_may_be_appointed_again() {
    let World {
        mut ledger,
        payer,
        wholesaler,
        operator,
        ..
    } = World::new();
    let address = address::operator(&wholesaler.partner, &operator);
    let before = ledger.account(address);
    ledger.execute(&dismiss_operator(wholesaler, operator, payer));
    let terms = operator_terms(Permissions::all());
    ledger.execute(&appoint_operator(payer, wholesaler, operator, terms));
    assert_eq!(ledger.account(address), before);
}

#[test]
fn refuses_another_receiver_of_the_rent() {
    let World {
        mut ledger,
        payer,
        wholesaler,
        operator,
        ..
    } = World::new();
    for other in [wholesaler.key, operator] {
        let instruction = dismiss_operator(wholesaler, operator, other);
        ledger.refuse(&instruction, RegistryError::NotOperatorsPayer);
    }
    let address = address::operator(&wholesaler.partner, &operator);
    let itself = dismiss_operator(wholesaler, operator, address);
    ledger.refuse(&itself, ErrorCode::ConstraintDuplicateMutableAccount);
    let instruction = dismiss_operator(wholesaler, operator, payer);
    ledger.refuse(&instruction.read_only(payer), ErrorCode::ConstraintMut);
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
    for key in [payer, pharmacy.key, operator, issuer_key, authority] {
        let instruction = dismiss_operator(Site { key, ..wholesaler }, operator, payer);
        ledger.refuse(&instruction, RegistryError::NotPartnerKey);
    }
    let instruction = dismiss_operator(wholesaler, operator, payer);
    let another = instruction
        .clone()
        .replacing(wholesaler.partner, pharmacy.partner)
        .replacing(wholesaler.key, pharmacy.key);
    ledger.refuse(&another, RegistryError::NotOperatorsPartner);
    ledger.refuse_unsigned(&instruction, &[wholesaler.key]);
}

#[test]
fn refuses_wrong_accounts() {
    let World {
        mut ledger,
        payer,
        wholesaler,
        operator,
        ..
    } = World::new();
    ledger.refuse_stand_ins(
        &dismiss_operator(wholesaler, operator, payer),
        &[
            wholesaler.partner,
            address::operator(&wholesaler.partner, &operator),
        ],
    );
}
