use anchor_lang::{Address, prelude::ProgramError};
use pedigree_interface::{
    IssuerSigner,
    instruction::registry::{claim_prefix, reassign_partner, release_prefix, remove_issuer},
};
use program_tests::{
    address,
    alter::Alter,
    world::{COMPANY_PREFIX, OTHER_COMPANY_PREFIX, World},
};
use registry::RegistryError;

use crate::claim_prefix::{claims, prefix};

#[test]
fn shrinks_the_table_and_gives_the_rent_to_who_signs() {
    let mut world = World::new();
    let (issuer_key, maker) = (world.issuer_key, world.manufacturer.gln);
    let table = address::prefix_table(9_506);
    let before = [table, issuer_key].map(|it| world.ledger.account(it).lamports);
    let release = release_prefix(issuer_key, maker, COMPANY_PREFIX);
    world.ledger.execute(&release);
    let account = world.ledger.account(table);
    assert_eq!(account.data.len(), 16 + 24);
    assert_eq!(account.lamports, world.ledger.rent(16 + 24));
    let back = before[0] - account.lamports;
    assert_eq!(world.ledger.account(issuer_key).lamports, before[1] + back);
    let other = world.other_manufacturer.gln.number();
    assert_eq!(claims(&world, 9_506), [(9_506_001, 7, other)]);
    world
        .ledger
        .refuse(&release, RegistryError::PrefixNotClaimed);
}

#[test]
fn the_last_claim_takes_the_table_with_it() {
    let mut world = World::new();
    let issuer_key = world.issuer_key;
    let table = address::prefix_table(9_506);
    let before = [table, issuer_key].map(|it| world.ledger.account(it).lamports);
    for (site, prefix) in [
        (world.other_manufacturer, OTHER_COMPANY_PREFIX),
        (world.manufacturer, COMPANY_PREFIX),
    ] {
        world
            .ledger
            .execute(&release_prefix(issuer_key, site.gln, prefix));
    }
    assert_eq!(world.ledger.find_account(table), None);
    assert_eq!(
        world.ledger.account(issuer_key).lamports,
        before[0] + before[1]
    );
    let again = release_prefix(issuer_key, world.manufacturer.gln, COMPANY_PREFIX);
    world
        .ledger
        .refuse(&again, ProgramError::AccountDataTooSmall);
}

#[test]
fn releases_the_very_prefix_only() {
    let World {
        mut ledger,
        issuer_key,
        manufacturer,
        ..
    } = World::new();
    for (value, digits) in [(950_600, 6), (95_060_000, 8), (9_506_002, 7), (9_506, 4)] {
        let release = release_prefix(issuer_key, manufacturer.gln, prefix(value, digits));
        ledger.refuse(&release, RegistryError::PrefixNotClaimed);
    }
}

#[test]
fn refuses_who_does_not_answer_for_the_firms_head_office() {
    let mut world = World::new();
    let World {
        authority,
        issuer_key,
        other_issuer_key,
        manufacturer,
        other_manufacturer,
        pharmacy,
        ..
    } = world;
    let other_issuer = address::issuer(&other_issuer_key);
    // The other manufacturer has another issuer: that one has no say, and a head office that it answers
    // for is not this firm's.
    world.ledger.execute(&reassign_partner(
        authority,
        other_issuer,
        other_manufacturer.gln,
    ));
    for (site, prefix, refusal) in [
        (
            manufacturer,
            OTHER_COMPANY_PREFIX,
            RegistryError::PrefixOfAnotherFirm,
        ),
        (
            other_manufacturer,
            OTHER_COMPANY_PREFIX,
            RegistryError::NotOverseer,
        ),
        (pharmacy, COMPANY_PREFIX, RegistryError::PrefixOfAnotherFirm),
    ] {
        let release = release_prefix(issuer_key, site.gln, prefix);
        world.ledger.refuse(&release, refusal);
    }
    let release = release_prefix(issuer_key, manufacturer.gln, COMPANY_PREFIX);
    for other in [other_issuer_key, manufacturer.key] {
        let by_other = release.clone().replacing(issuer_key, other);
        world.ledger.refuse(&by_other, RegistryError::NotOverseer);
    }
    world.ledger.refuse_unsigned(&release, &[issuer_key]);
    world
        .ledger
        .refuse_stand_ins(&release, &[address::registry(), manufacturer.partner]);
    world.ledger.execute(&release_prefix(
        other_issuer_key,
        other_manufacturer.gln,
        OTHER_COMPANY_PREFIX,
    ));
}

#[test]
fn refuses_another_table() {
    let World {
        mut ledger,
        payer,
        issuer_key,
        manufacturer,
        ..
    } = World::new();
    let elsewhere = prefix(7_612_345, 7);
    ledger.execute(&claim_prefix(
        payer,
        issuer_key,
        manufacturer.gln,
        elsewhere,
    ));
    let [own, other] = [9_506, 7_612].map(address::prefix_table);
    let release = release_prefix(issuer_key, manufacturer.gln, COMPANY_PREFIX);
    let from_another = release.clone().replacing(own, other);
    ledger.refuse(&from_another, RegistryError::NotPrefixTable);
    let from_none = release.replacing(own, Address::new_from_array([7; 32]));
    ledger.refuse(&from_none, ProgramError::AccountDataTooSmall);
}

#[test]
fn the_authority_releases_what_an_issuer_left_behind() {
    let mut world = World::new();
    let (authority, issuer_key) = (world.authority, world.issuer_key);
    let issuer = address::issuer(&issuer_key);
    let by_authority = IssuerSigner {
        issuer,
        key: authority,
    };
    world.ledger.execute(&remove_issuer(authority, issuer));
    let maker = world.manufacturer.gln;
    let by_removed = release_prefix(issuer_key, maker, COMPANY_PREFIX);
    world.ledger.refuse(&by_removed, RegistryError::NotOverseer);
    world
        .ledger
        .execute(&release_prefix(by_authority, maker, COMPANY_PREFIX));
}
