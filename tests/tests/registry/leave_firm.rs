use pedigree_interface::instruction::registry::leave_firm;
use program_tests::world::World;
use registry::Partner;

use crate::oversight;

#[test]
fn makes_the_site_its_own_head_office() {
    let mut world = World::new();
    let (manufacturer, pharmacy) = (world.manufacturer, world.pharmacy);
    world.join_firm(pharmacy, manufacturer);
    let effect = world
        .ledger
        .effect(pharmacy.partner, |partner: &mut Partner| {
            partner.firm = pharmacy.gln.number();
        });
    let instruction = leave_firm(world.issuer_key, pharmacy.gln);
    world.ledger.execute_with_effects(&instruction, &[effect]);
}

#[test]
fn changes_nothing_of_a_site_without_a_firm() {
    let World {
        mut ledger,
        issuer_key,
        pharmacy,
        ..
    } = World::new();
    ledger.execute_with_effects(&leave_firm(issuer_key, pharmacy.gln), &[]);
}

#[test]
fn refuses_wrong_accounts_and_signers() {
    oversight::refuses_wrong_accounts_and_signers(leave_firm);
}
