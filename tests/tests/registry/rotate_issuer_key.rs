use anchor_lang::Address;
use pedigree_domain::Roles;
use pedigree_interface::{
    IssuerSigner,
    instruction::registry::{
        add_issuer, admit_partner, remove_issuer, revoke_partner, rotate_issuer_key,
        suspend_partner,
    },
};
use program_tests::{
    address,
    layout::padded,
    world::{World, gln, licence, scope},
};
use registry::{Issuer, RegistryError};

use crate::ALREADY_IN_USE;

/// A world in which the issuer that admitted everybody signs with the second of these keys instead of
/// the first.
fn rotated() -> (World, Address, IssuerSigner) {
    let mut world = World::new();
    let stolen = world.issuer_key;
    let new = IssuerSigner {
        issuer: address::issuer(&stolen),
        key: world.ledger.key("the board's next key"),
    };
    world
        .ledger
        .execute(&rotate_issuer_key(world.authority, new.issuer, new.key));
    (world, stolen, new)
}

#[test]
fn replaces_the_key_and_nothing_else() {
    let World {
        mut ledger,
        authority,
        issuer_key,
        ..
    } = World::new();
    let (issuer, next) = (address::issuer(&issuer_key), ledger.key("next"));
    let effect = ledger.effect(issuer, |issuer: &mut Issuer| {
        issuer.key = next;
        issuer.key_changes = 1;
    });
    ledger.execute_with_effects(&rotate_issuer_key(authority, issuer, next), &[effect]);
}

#[test]
fn the_new_key_oversees_the_issuers_partners_and_the_former_one_does_not() {
    let (mut world, stolen, new) = rotated();
    let (pharmacy, payer) = (world.pharmacy, world.payer);
    let by_thief = IssuerSigner { key: stolen, ..new };
    world.ledger.refuse(
        &suspend_partner(by_thief, pharmacy.gln),
        RegistryError::NotPartnersIssuer,
    );
    let name = padded("New");
    let admit = |by| admit_partner(payer, by, gln(99), payer, name, licence(Roles::DISPENSER));
    world
        .ledger
        .refuse(&admit(by_thief), RegistryError::NotPartnersIssuer);
    world.ledger.execute(&suspend_partner(new, pharmacy.gln));
    world.ledger.execute(&admit(new));
}

#[test]
fn the_former_key_becomes_no_issuer_again() {
    let (mut world, stolen, new) = rotated();
    let (payer, authority) = (world.payer, world.authority);
    let again = add_issuer(payer, authority, stolen, padded("Again"), scope());
    world.ledger.refuse(&again, ALREADY_IN_USE);
    // The key is the address's seed, not a right.
    world.ledger.execute(&remove_issuer(authority, new.issuer));
    world.ledger.refuse(
        &revoke_partner(new, world.pharmacy.gln),
        anchor_lang::prelude::ProgramError::UninitializedAccount,
    );
}

#[test]
fn refuses_anybody_but_the_authority() {
    let World {
        mut ledger,
        authority,
        issuer_key,
        other_issuer_key,
        pharmacy,
        ..
    } = World::new();
    let (issuer, next) = (address::issuer(&issuer_key), ledger.key("next"));
    // Not even the issuer itself: it may be the thief.
    for other in [issuer_key, other_issuer_key, pharmacy.key, next] {
        let instruction = rotate_issuer_key(other, issuer, next);
        ledger.refuse(&instruction, RegistryError::NotRegistryAuthority);
    }
    let instruction = rotate_issuer_key(authority, issuer, next);
    ledger.refuse_unsigned(&instruction, &[authority]);
    ledger.refuse_stand_ins(&instruction, &[address::registry(), issuer]);
}

#[test]
fn refuses_no_key() {
    let World {
        mut ledger,
        authority,
        issuer_key,
        ..
    } = World::new();
    let issuer = address::issuer(&issuer_key);
    let instruction = rotate_issuer_key(authority, issuer, Address::default());
    ledger.refuse(&instruction, RegistryError::ZeroAddress);
}
