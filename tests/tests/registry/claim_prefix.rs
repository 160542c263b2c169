use anchor_lang::{Address, ErrorCode, prelude::ProgramError};
use pedigree_domain::{Roles, gs1::CompanyPrefix};
use pedigree_interface::{
    Site,
    instruction::registry::{
        IssuerScope, claim_prefix, join_firm, register_product, release_prefix, revoke_partner,
        set_issuer_scope,
    },
};
use program_tests::{
    address,
    alter::Alter,
    world::{COMPANY_PREFIX, OTHER_COMPANY_PREFIX, World, product_description},
};
use registry::{Partner, PrefixClaim, PrefixTable, RegistryError};

use crate::correct_admission::mistyped;

/// A company prefix, valid or not.
pub(crate) const fn prefix(value: u64, digits: u8) -> CompanyPrefix {
    CompanyPrefix { value, digits }
}

/// The claims that begin with these four digits: each prefix, its digits and its firm.
pub(crate) fn claims(world: &World, leading: u16) -> Vec<(u64, u8, u64)> {
    let data = world.ledger.account(address::prefix_table(leading)).data;
    let (_, claims) = PrefixTable::from_account_data(&data).unwrap();
    let plain = |claim: &PrefixClaim| (claim.prefix, claim.digits, claim.firm);
    claims.iter().map(plain).collect()
}

#[test]
fn the_first_claim_creates_a_table() {
    let mut world = World::new();
    let firm = world.pharmacy.gln;
    let claim = claim_prefix(world.payer, world.issuer_key, firm, prefix(7_612_345, 7));
    world.ledger.execute(&claim);
    let account = world.ledger.account(address::prefix_table(7_612));
    let bump = address::bump(&[b"prefixes", &7_612_u16.to_le_bytes()], &registry::ID);
    let expected = [
        &PrefixTable::DISCRIMINATOR[..],
        &7_612_u16.to_le_bytes(),
        &[bump, 0],
        &1_u32.to_le_bytes(),
        &7_612_345_u64.to_le_bytes(),
        &firm.number().to_le_bytes(),
        &[7, 0, 0, 0, 0, 0, 0, 0],
    ]
    .concat();
    assert_eq!(account.owner, registry::ID);
    assert_eq!(account.data, expected);
    assert_eq!(account.lamports, world.ledger.rent(expected.len()));
}

#[test]
fn further_claims_are_put_in_order_and_paid_for_one_by_one() {
    let mut world = World::new();
    let (payer, firm) = (world.payer, world.pharmacy.gln);
    for (value, digits) in [(9_506_999, 7), (95_061, 5), (950_600_500_001, 12)] {
        let before = world.ledger.account(payer).lamports;
        let table = world.ledger.account(address::prefix_table(9_506));
        let claim = claim_prefix(payer, world.issuer_key, firm, prefix(value, digits));
        world.ledger.execute(&claim);
        let grown = world.ledger.account(address::prefix_table(9_506));
        assert_eq!(grown.data.len(), table.data.len() + 24);
        assert_eq!(grown.lamports, world.ledger.rent(grown.data.len()));
        let paid = grown.lamports - table.lamports;
        assert_eq!(world.ledger.account(payer).lamports, before - paid);
    }
    let [maker, other] =
        [world.manufacturer, world.other_manufacturer].map(|site| site.gln.number());
    let firm = firm.number();
    assert_eq!(
        claims(&world, 9_506),
        [
            (9_506_000, 7, maker),
            (9_506_001, 7, other),
            (950_600_500_001, 12, firm),
            (95_061, 5, firm),
            (9_506_999, 7, firm),
        ]
    );
}

#[test]
fn refuses_a_prefix_that_equals_contains_or_lies_in_one_whichever_comes_first() {
    let mut world = World::new();
    let World {
        payer,
        issuer_key,
        manufacturer,
        pharmacy,
        ..
    } = world;
    for (value, digits) in [
        (9_506_000, 7),
        (950_600, 6),
        (95_060, 5),
        (9_506, 4),
        (95_060_009, 8),
        (950_600_000_000, 12),
        (950_600_099_999, 12),
    ] {
        let foreign = claim_prefix(payer, issuer_key, pharmacy.gln, prefix(value, digits));
        world
            .ledger
            .refuse(&foreign, RegistryError::PrefixOfAnotherFirm);
    }
    for (value, digits) in [(9_506_000, 7), (95_060_009, 8)] {
        let own = claim_prefix(payer, issuer_key, manufacturer.gln, prefix(value, digits));
        world.ledger.refuse(&own, RegistryError::PrefixClaimed);
    }
    // The neighbours that touch but do not overlap.
    for (value, digits) in [(950_599_999_999, 12), (950_600_200_000, 12)] {
        let claim = claim_prefix(payer, issuer_key, pharmacy.gln, prefix(value, digits));
        world.ledger.execute(&claim);
    }
}

#[test]
fn a_foreign_issuer_cannot_claim_for_another_firm_or_get_in_before_it() {
    let World {
        mut ledger,
        payer,
        authority,
        issuer_key,
        other_issuer_key,
        manufacturer,
        ..
    } = World::new();
    let own = prefix(7_612_345, 7);
    // Not for a firm for which it does not vouch.
    let by_another = claim_prefix(payer, other_issuer_key, manufacturer.gln, own);
    ledger.refuse(&by_another, RegistryError::NotPartnersIssuer);
    // Nor outside its scope.
    let mut scope = IssuerScope::everywhere(Roles::MANUFACTURER);
    (scope.prefixes[0], scope.prefix_digits[0]) = (950, 3);
    let issuer = address::issuer(&issuer_key);
    ledger.execute(&set_issuer_scope(authority, issuer, scope));
    let claim = claim_prefix(payer, issuer_key, manufacturer.gln, own);
    ledger.refuse(&claim, RegistryError::PrefixOutsideScope);
    let shorter = claim_prefix(payer, issuer_key, manufacturer.gln, prefix(9_500, 4));
    ledger.execute(&shorter);
}

#[test]
fn a_prefix_of_zeros_covers_no_gtin_8() {
    let World {
        mut ledger,
        payer,
        issuer_key,
        pharmacy,
        ..
    } = World::new();
    for (value, digits) in [(0, 4), (0, 5), (4, 6), (400, 8), (400_123, 11)] {
        let claim = claim_prefix(payer, issuer_key, pharmacy.gln, prefix(value, digits));
        ledger.refuse(&claim, RegistryError::InvalidCompanyPrefix);
    }
    // What begins with four zeros may be a prefix of GTIN-12s.
    let claim = claim_prefix(payer, issuer_key, pharmacy.gln, prefix(1, 5));
    ledger.execute(&claim);
}

#[test]
fn an_issuer_of_prefixes_that_begin_with_zero_does_not_give_gtin_8s_away() {
    let World {
        mut ledger,
        payer,
        authority,
        issuer_key,
        manufacturer,
        pharmacy,
        ..
    } = World::new();
    let issuer = address::issuer(&issuer_key);
    let gtin_8 = prefix(4_001_234, 12);
    let gtin_12 = prefix(614_141, 7);
    for (leading, digits, refusal) in [
        (0, 1, Some(RegistryError::PrefixOutsideScope)),
        (0, 4, Some(RegistryError::PrefixOutsideScope)),
        (401, 8, Some(RegistryError::PrefixOutsideScope)),
        (400, 8, None),
        (0, 5, None),
    ] {
        let mut scope = IssuerScope::everywhere(Roles::MANUFACTURER);
        (scope.prefixes[0], scope.prefix_digits[0]) = (leading, digits);
        let mut ledger = ledger.clone();
        ledger.execute(&set_issuer_scope(authority, issuer, scope));
        let claim = claim_prefix(payer, issuer_key, manufacturer.gln, gtin_8);
        match refusal {
            Some(refusal) => ledger.refuse(&claim, refusal),
            None => drop(ledger.execute(&claim)),
        }
        // And the other way round.
        let claim = claim_prefix(payer, issuer_key, manufacturer.gln, gtin_12);
        if (leading, digits) == (0, 1) {
            ledger.execute(&claim);
        } else {
            ledger.refuse(&claim, RegistryError::PrefixOutsideScope);
        }
    }
    // One of any scope claims each by itself, and once.
    let claim = |firm: Site| claim_prefix(payer, issuer_key, firm.gln, gtin_8);
    ledger.execute(&claim(manufacturer));
    ledger.refuse(&claim(pharmacy), RegistryError::PrefixOfAnotherFirm);
}

#[test]
fn refuses_an_issuer_that_vouches_for_no_maker_or_not_for_the_country() {
    let World {
        mut ledger,
        payer,
        authority,
        issuer_key,
        manufacturer,
        ..
    } = World::new();
    let issuer = address::issuer(&issuer_key);
    let claim = claim_prefix(payer, issuer_key, manufacturer.gln, prefix(7_612_345, 7));
    let mut abroad = IssuerScope::everywhere(Roles::REPACKAGER);
    abroad.countries[0] = 276;
    for (scope, refusal) in [
        (
            IssuerScope::everywhere(Roles::DISPENSER),
            RegistryError::RoleOutsideScope,
        ),
        (abroad, RegistryError::CountryOutsideScope),
    ] {
        ledger.execute(&set_issuer_scope(authority, issuer, scope));
        ledger.refuse(&claim, refusal);
    }
}

#[test]
fn refuses_a_site_that_is_no_head_office_or_was_revoked() {
    let mut world = World::new();
    let World {
        payer,
        issuer_key,
        manufacturer,
        pharmacy,
        ..
    } = world;
    let claim = claim_prefix(payer, issuer_key, pharmacy.gln, prefix(7_612_345, 7));
    let mut revoked = world.after([&revoke_partner(issuer_key, pharmacy.gln)]);
    revoked.ledger.refuse(&claim, RegistryError::PartnerRevoked);
    world.join_firm(pharmacy, manufacturer);
    world.ledger.refuse(&claim, RegistryError::NotHeadOffice);
}

#[test]
fn a_prefix_is_claimed_along_with_the_admission_and_used_after_the_confirmation() {
    let (mut world, site) = mistyped();
    let claim = claim_prefix(
        world.payer,
        world.issuer_key,
        site.gln,
        prefix(7_612_345, 7),
    );
    world.ledger.execute(&claim);
    assert_eq!(claims(&world, 7_612), [(7_612_345, 7, site.gln.number())]);
    // It is not a head office for others before, whoever has that key.
    world.ledger.trust_signatures();
    let partner: Partner = world.ledger.read(site.partner);
    assert_eq!(partner.prefix_claims, 1);
    let head_office = Site::own(site.gln, partner.authority);
    let joining = join_firm(world.issuer_key, head_office, world.pharmacy);
    world
        .ledger
        .refuse(&joining, RegistryError::PartnerNotConfirmed);
    world
        .ledger
        .refuse(&world.confirmation(site), RegistryError::NotPartnerKey);
}

#[test]
fn refuses_invalid_prefixes() {
    let World {
        mut ledger,
        payer,
        issuer_key,
        manufacturer,
        ..
    } = World::new();
    for (value, digits) in [
        (950, 3),
        (0, 0),
        (95_060, 4),
        (1_000_000_000_000, 12),
        (9_506, 13),
        (9_506, 255),
        (u64::MAX, 12),
        (u64::MAX, 255),
    ] {
        let claim = claim_prefix(payer, issuer_key, manufacturer.gln, prefix(value, digits));
        ledger.refuse(&claim, RegistryError::InvalidCompanyPrefix);
    }
}

#[test]
fn refuses_anybody_but_the_head_offices_issuer() {
    let World {
        mut ledger,
        payer,
        authority,
        issuer_key,
        manufacturer,
        pharmacy,
        ..
    } = World::new();
    let claim = claim_prefix(payer, issuer_key, manufacturer.gln, prefix(7_612_345, 7));
    for other in [authority, manufacturer.key] {
        let by_other = claim.clone().replacing(issuer_key, other);
        ledger.refuse(&by_other, RegistryError::NotPartnersIssuer);
    }
    ledger.refuse_unsigned(&claim, &[payer, issuer_key]);
    ledger.refuse(&claim.clone().read_only(payer), ErrorCode::ConstraintSigner);
    ledger.refuse_stand_ins(
        &claim,
        &[address::issuer(&issuer_key), manufacturer.partner],
    );
    let table = address::prefix_table(7_612);
    for elsewhere in [
        address::prefix_table(9_506),
        pharmacy.partner,
        Address::new_from_array([7; 32]),
    ] {
        let misplaced = claim.clone().replacing(table, elsewhere);
        ledger.refuse(&misplaced, ErrorCode::ConstraintSeeds);
    }
}

#[test]
fn a_table_at_a_prefunded_address_is_created() {
    let World {
        mut ledger,
        payer,
        issuer_key,
        manufacturer,
        ..
    } = World::new();
    let claim = claim_prefix(payer, issuer_key, manufacturer.gln, prefix(7_612_345, 7));
    ledger.execute_prefunded(&claim, &[address::prefix_table(7_612)]);
}

#[test]
fn a_table_of_many_claims_is_searched_and_kept_in_order() {
    let mut world = World::new();
    let World {
        payer,
        issuer_key,
        manufacturer,
        pharmacy,
        ..
    } = world;
    // In an order that is neither ascending nor descending.
    for step in 0..300_u64 {
        let number = step * 7 % 300;
        let prefix = prefix(76_120_000 + number, 8);
        let claim = claim_prefix(payer, issuer_key, pharmacy.gln, prefix);
        let used = world.ledger.execute(&claim).compute_units_consumed;
        assert!(used < 60_000, "{used} compute units");
    }
    let claims = claims(&world, 7_612);
    assert_eq!(claims.len(), 300);
    assert!(claims.is_sorted());
    let again = claim_prefix(payer, issuer_key, manufacturer.gln, prefix(76_120_123, 8));
    world
        .ledger
        .refuse(&again, RegistryError::PrefixOfAnotherFirm);
}

#[test]
fn what_is_released_may_be_claimed_by_another_firm() {
    let World {
        mut ledger,
        payer,
        issuer_key,
        manufacturer,
        other_manufacturer,
        ..
    } = World::new();
    let other = other_manufacturer;
    let gtin = program_tests::world::FREE_GTIN;
    ledger.execute(&release_prefix(
        issuer_key,
        manufacturer.gln,
        COMPANY_PREFIX,
    ));
    let both = prefix(950_600, 6);
    let claim = claim_prefix(payer, issuer_key, other.gln, both);
    ledger.refuse(&claim, RegistryError::PrefixClaimed);
    ledger.execute(&release_prefix(issuer_key, other.gln, OTHER_COMPANY_PREFIX));
    // The table is gone with its last claim, and comes back.
    let table = address::prefix_table(9_506);
    assert_eq!(ledger.find_account(table), None);
    let register = register_product(payer, other, gtin, product_description());
    ledger.refuse(&register, ProgramError::UninitializedAccount);
    ledger.execute(&claim);
    ledger.execute(&register);
}
