use pedigree_domain::{Permissions, Roles};
use pedigree_interface::{
    Site,
    instruction::{
        custody::quarantine,
        registry::{
            appoint_operator, correct_admission, dismiss_all_operators, dismiss_operator,
            revoke_partner, update_operator,
        },
    },
};
use program_tests::{
    layout::padded,
    world::{World, licence, operator_terms},
};
use registry::{Partner, RegistryError};

use crate::correct_admission::mistyped;

#[test]
fn counts_the_sites_appointments_up_and_changes_nothing_else() {
    let World {
        mut ledger,
        wholesaler,
        ..
    } = World::new();
    for number in [1, 2] {
        let effect = ledger.effect(wholesaler.partner, |partner: &mut Partner| {
            partner.appointments = number;
        });
        ledger.execute_with_effects(&dismiss_all_operators(wholesaler), &[effect]);
    }
    ledger.edit(wholesaler.partner, |partner: &mut Partner| {
        partner.appointments = u32::MAX;
    });
    ledger.execute(&dismiss_all_operators(wholesaler));
    let partner: Partner = ledger.read(wholesaler.partner);
    assert_eq!(partner.appointments, 0);
}

#[test]
fn every_operator_is_struck_out_and_none_of_another_site() {
    let mut world = World::new();
    let (maker, goods) = (world.manufacturer, world.goods);
    let two = ["badge", "scanner"].map(|name| world.appoint(maker, name, Permissions::all()));
    world
        .ledger
        .execute(&dismiss_all_operators(world.wholesaler));
    let set_aside = quarantine(maker, goods.consignment, None);
    let listed = set_aside.accounts.len();
    for appointment in two {
        world.after([&appointment.sign(set_aside.clone(), listed)]);
    }
    world.ledger.execute(&dismiss_all_operators(maker));
    for appointment in two {
        world.ledger.refuse(
            &appointment.sign(set_aside.clone(), listed),
            custody::CustodyError::OperatorDismissed,
        );
    }
    world.ledger.execute(&set_aside);
}

#[test]
fn who_was_struck_out_is_dismissed_and_appointed_again() {
    let World {
        mut ledger,
        payer,
        wholesaler,
        operator,
        ..
    } = World::new();
    let terms = operator_terms(Permissions::all());
    ledger.execute(&dismiss_all_operators(wholesaler));
    ledger.refuse(
        &update_operator(wholesaler, operator, terms),
        RegistryError::OperatorDismissed,
    );
    ledger.execute(&dismiss_operator(wholesaler, operator, payer));
    ledger.execute(&appoint_operator(payer, wholesaler, operator, terms));
    ledger.execute(&update_operator(wholesaler, operator, terms));
}

#[test]
fn refuses_a_suspended_site_but_no_revoked_or_lapsed_one() {
    for disqualify in [World::revoke, World::lapse] {
        let mut world = World::new();
        let site = world.wholesaler;
        disqualify(&mut world, site);
        world.ledger.execute(&dismiss_all_operators(site));
    }
    let mut world = World::new();
    world.suspend(world.wholesaler);
    let instruction = dismiss_all_operators(world.wholesaler);
    world
        .ledger
        .refuse(&instruction, RegistryError::PartnerNotActive);
}

#[test]
fn refuses_a_site_that_has_not_confirmed_also_once_it_was_revoked() {
    // Its admission could not be taken back afterwards.
    let (mut world, site) = mistyped();
    let (issuer_key, dispenser) = (world.issuer_key, licence(Roles::DISPENSER));
    let name = padded("New");
    for step in [
        correct_admission(issuer_key, site.gln, site.key, name, dispenser),
        revoke_partner(issuer_key, site.gln),
    ] {
        world.ledger.execute(&step);
        let instruction = dismiss_all_operators(site);
        world
            .ledger
            .refuse(&instruction, RegistryError::PartnerNotConfirmed);
    }
}

#[test]
fn refuses_anybody_but_the_site() {
    let World {
        mut ledger,
        pharmacy,
        wholesaler,
        operator,
        issuer_key,
        authority,
        ..
    } = World::new();
    for key in [pharmacy.key, operator, issuer_key, authority] {
        let instruction = dismiss_all_operators(Site { key, ..wholesaler });
        ledger.refuse(&instruction, RegistryError::NotPartnerKey);
    }
    let instruction = dismiss_all_operators(wholesaler);
    ledger.refuse_unsigned(&instruction, &[wholesaler.key]);
    ledger.refuse_stand_ins(&instruction, &[wholesaler.partner]);
}
