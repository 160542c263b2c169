use pedigree_interface::instruction::registry::{
    claim_prefix, move_prefix, register_product, release_prefix,
};
use program_tests::{
    address,
    world::{COMPANY_PREFIX, FREE_GTIN, OTHER_COMPANY_PREFIX, World, product_description},
};
use registry::{Partner, RegistryError};

use crate::claim_prefix::{claims, prefix};

#[test]
fn gives_the_prefix_to_the_other_firm_and_changes_no_other_claim() {
    let mut world = World::new();
    let World {
        payer,
        authority,
        manufacturer,
        other_manufacturer,
        ..
    } = world;
    let (from, to) = (manufacturer.gln, other_manufacturer.gln);
    let table = address::prefix_table(9_506);
    let before = world.ledger.account(table);
    let moving = move_prefix(authority, COMPANY_PREFIX, from, to);
    world.ledger.execute(&moving);
    assert_eq!(
        claims(&world, 9_506),
        [(9_506_000, 7, to.number()), (9_506_001, 7, to.number())]
    );
    let after = world.ledger.account(table);
    assert_eq!(
        (after.lamports, after.data.len()),
        (before.lamports, before.data.len())
    );
    let counts = [manufacturer, other_manufacturer].map(|site| {
        let partner: Partner = world.ledger.read(site.partner);
        partner.prefix_claims
    });
    assert_eq!(counts, [0, 2]);
    let register = register_product(payer, other_manufacturer, FREE_GTIN, product_description());
    world.ledger.execute(&register);
    world
        .ledger
        .refuse(&moving, RegistryError::PrefixOfAnotherFirm);
}

#[test]
fn a_squatters_wider_and_narrower_claims_end() {
    // Wider: the squatter got in with six digits before the owner of seven.
    let mut world = World::new();
    let World {
        payer,
        authority,
        issuer_key,
        manufacturer,
        other_manufacturer,
        wholesaler: squatter,
        ..
    } = world;
    for (site, prefix) in [
        (manufacturer, COMPANY_PREFIX),
        (other_manufacturer, OTHER_COMPANY_PREFIX),
    ] {
        let release = release_prefix(issuer_key, site.gln, prefix);
        world.ledger.execute(&release);
    }
    let mut wider = world.clone();
    let squat = claim_prefix(payer, issuer_key, squatter.gln, prefix(950_600, 6));
    wider.ledger.execute(&squat);
    let settle = move_prefix(authority, COMPANY_PREFIX, squatter.gln, manufacturer.gln);
    wider.ledger.execute(&settle);
    assert_eq!(
        claims(&wider, 9_506),
        [(9_506_000, 7, manufacturer.gln.number())]
    );

    // Narrower: it claimed parts of what is the owner's.
    for value in [95_060_001, 95_060_002, 95_060_009] {
        let squat = claim_prefix(payer, issuer_key, squatter.gln, prefix(value, 8));
        world.ledger.execute(&squat);
    }
    let own = claim_prefix(payer, issuer_key, manufacturer.gln, COMPANY_PREFIX);
    world
        .ledger
        .refuse(&own, RegistryError::PrefixOfAnotherFirm);
    let table = address::prefix_table(9_506);
    let before = [table, authority].map(|it| world.ledger.account(it).lamports);
    world.ledger.execute(&settle);
    assert_eq!(
        claims(&world, 9_506),
        [(9_506_000, 7, manufacturer.gln.number())]
    );
    // The rent of two claims goes back.
    let left = world.ledger.account(table).lamports;
    assert_eq!(left, world.ledger.rent(16 + 24));
    assert_eq!(
        world.ledger.account(authority).lamports,
        before[1] + before[0] - left
    );
}

#[test]
fn refuses_to_end_a_third_firms_claim() {
    let mut world = World::new();
    let World {
        authority,
        manufacturer,
        other_manufacturer,
        pharmacy,
        ..
    } = world;
    let both = prefix(950_600, 6);
    for from in [manufacturer, other_manufacturer] {
        let moving = move_prefix(authority, both, from.gln, pharmacy.gln);
        world
            .ledger
            .refuse(&moving, RegistryError::PrefixOfAnotherFirm);
    }
    let unclaimed = move_prefix(
        authority,
        prefix(9_506_002, 7),
        manufacturer.gln,
        pharmacy.gln,
    );
    world
        .ledger
        .refuse(&unclaimed, RegistryError::PrefixNotClaimed);
}

#[test]
fn refuses_a_receiver_that_is_no_head_office_or_was_revoked() {
    let mut world = World::new();
    let World {
        authority,
        manufacturer,
        wholesaler,
        pharmacy,
        ..
    } = world;
    let to = |site: pedigree_interface::Site| {
        move_prefix(authority, COMPANY_PREFIX, manufacturer.gln, site.gln)
    };
    world.join_firm(pharmacy, manufacturer);
    world
        .ledger
        .refuse(&to(pharmacy), RegistryError::NotHeadOffice);
    world.revoke(wholesaler);
    world
        .ledger
        .refuse(&to(wholesaler), RegistryError::PartnerRevoked);
}

#[test]
fn refuses_anybody_but_the_authority() {
    let World {
        mut ledger,
        authority,
        issuer_key,
        other_issuer_key,
        manufacturer,
        other_manufacturer,
        ..
    } = World::new();
    let (from, to) = (manufacturer.gln, other_manufacturer.gln);
    for other in [issuer_key, other_issuer_key, other_manufacturer.key] {
        let moving = move_prefix(other, COMPANY_PREFIX, from, to);
        ledger.refuse(&moving, RegistryError::NotRegistryAuthority);
    }
    let moving = move_prefix(authority, COMPANY_PREFIX, from, to);
    ledger.refuse_unsigned(&moving, &[authority]);
    ledger.refuse_stand_ins(
        &moving,
        &[
            address::registry(),
            manufacturer.partner,
            other_manufacturer.partner,
        ],
    );
}
