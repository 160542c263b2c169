use anchor_lang::{Address, ErrorCode, prelude::ProgramError};
use pedigree_domain::{
    Roles,
    gs1::{self, CompanyPrefix},
};
use pedigree_interface::{
    Site,
    identifier::Gtin,
    instruction::registry::{claim_prefix, move_prefix, register_product, release_prefix},
};
use program_tests::{
    address,
    alter::Alter,
    layout::{self, padded},
    ledger::NOW,
    world::{COMPANY_PREFIX, FREE_GTIN, GTIN, OTHER_FREE_GTIN, World, product_description},
};
use registry::{Partner, Product, RegistryError, instructions::ProductDescription};

use crate::{ALREADY_IN_USE, INELIGIBLE_MANUFACTURERS};

#[test]
fn creates_a_product() {
    let World {
        mut ledger,
        payer,
        manufacturer,
        ..
    } = World::new();
    ledger.execute(&register_product(
        payer,
        manufacturer,
        FREE_GTIN,
        product_description(),
    ));
    let account = ledger.account(address::product(FREE_GTIN));
    assert_eq!(account.owner, registry::ID);
    assert_eq!(
        account.data,
        layout::encode(&Product {
            gtin: FREE_GTIN.number(),
            manufacturer: manufacturer.partner,
            pending_manufacturer: Address::default(),
            registered_at: NOW,
            storage_min: 150,
            storage_max: 250,
            bump: address::bump(
                &[b"product", &FREE_GTIN.number().to_le_bytes()],
                &registry::ID
            ),
            _padding: 0,
            series: 0,
            national_code: padded("0093-3109-01"),
            name: padded("Amoxicillin 500 mg, 20 capsules"),
            proposed_at: 0,
        })
    );
}

#[test]
fn every_site_of_the_firm_may_register_under_its_prefixes() {
    let mut world = World::new();
    let site = world.other_manufacturer;
    world.license(site, Roles::REPACKAGER);
    let register = register_product(world.payer, site, FREE_GTIN, product_description());
    world
        .ledger
        .refuse(&register, RegistryError::GtinNotUnderPrefix);
    world.join_firm(site, world.manufacturer);
    world.ledger.execute(&register);
    // It has left its own firm, and with it that one's prefix.
    let own = register_product(world.payer, site, OTHER_FREE_GTIN, product_description());
    world.ledger.refuse(&own, RegistryError::GtinNotUnderPrefix);
}

/// The GTIN whose digits before the check digit are `body`.
fn gtin(body: u64) -> Gtin {
    Gtin::from_account(body * 10 + u64::from(gs1::check_digit(body)))
}

#[test]
fn a_gtin_8_is_registered_by_the_firm_that_it_was_given_to() {
    let World {
        mut ledger,
        payer,
        issuer_key,
        manufacturer,
        other_manufacturer,
        ..
    } = World::new();
    let prefix = |value, digits| CompanyPrefix { value, digits };
    let [own, neighbour] = [4_001_234, 4_001_235];
    for (site, claimed) in [
        (manufacturer, prefix(own, 12)),
        (other_manufacturer, prefix(neighbour, 12)),
        // What begins with four zeros, and is not a GTIN-8's.
        (other_manufacturer, prefix(1, 5)),
    ] {
        ledger.execute(&claim_prefix(payer, issuer_key, site.gln, claimed));
    }
    let register = |site, gtin| register_product(payer, site, gtin, product_description());
    let case = 1_000_000_000_000 + own;
    for body in [own, case] {
        let others = register(other_manufacturer, gtin(body));
        ledger.refuse(&others, RegistryError::GtinNotUnderPrefix);
        ledger.execute(&register(manufacturer, gtin(body)));
    }
    for body in [neighbour, own + 10] {
        let foreign = register(manufacturer, gtin(body));
        ledger.refuse(&foreign, RegistryError::GtinNotUnderPrefix);
    }
}

#[test]
fn a_gtin_12_with_zeros_in_front_is_registered_under_its_company_prefix() {
    let World {
        mut ledger,
        payer,
        issuer_key,
        manufacturer,
        ..
    } = World::new();
    for (value, digits, body) in [(614_141, 7, 61_414_100_734), (12, 6, 12_345_678)] {
        let prefix = CompanyPrefix { value, digits };
        let claim = claim_prefix(payer, issuer_key, manufacturer.gln, prefix);
        ledger.execute(&claim);
        let description = product_description();
        let register = register_product(payer, manufacturer, gtin(body), description);
        ledger.execute(&register);
    }
}

#[test]
fn the_manufacturer_may_pay_and_leave_the_national_code_out() {
    let World {
        mut ledger,
        manufacturer,
        ..
    } = World::new();
    let description = ProductDescription {
        national_code: [0; 16],
        storage_min: -2731,
        storage_max: -2731,
        ..product_description()
    };
    ledger.execute(&register_product(
        manufacturer.key,
        manufacturer,
        FREE_GTIN,
        description,
    ));
}

#[test]
fn works_on_a_prefunded_address() {
    let World {
        mut ledger,
        payer,
        manufacturer,
        ..
    } = World::new();
    let instruction = register_product(payer, manufacturer, FREE_GTIN, product_description());
    ledger.execute_prefunded(&instruction, &[address::product(FREE_GTIN)]);
}

#[test]
fn refuses_a_gtin_that_is_registered() {
    let World {
        mut ledger,
        payer,
        manufacturer,
        ..
    } = World::new();
    let instruction = register_product(payer, manufacturer, GTIN, product_description());
    ledger.refuse(&instruction, ALREADY_IN_USE);
}

#[test]
fn refuses_a_manufacturer_that_may_not_act() {
    for (disqualify, refusal) in INELIGIBLE_MANUFACTURERS {
        let mut world = World::new();
        let site = world.manufacturer;
        disqualify(&mut world, site);
        let World {
            mut ledger,
            payer,
            manufacturer,
            ..
        } = world;
        let instruction = register_product(payer, manufacturer, FREE_GTIN, product_description());
        ledger.refuse(&instruction, refusal);
    }
}

#[test]
fn allows_the_last_second_of_a_licence() {
    let World {
        mut ledger,
        payer,
        manufacturer,
        ..
    } = World::new();
    ledger.edit(manufacturer.partner, |partner: &mut Partner| {
        partner.licence_valid_until = NOW + 1;
    });
    ledger.execute(&register_product(
        payer,
        manufacturer,
        FREE_GTIN,
        product_description(),
    ));
}

#[test]
fn refuses_gtins_that_are_not_the_manufacturers() {
    let World {
        mut ledger,
        payer,
        manufacturer,
        ..
    } = World::new();
    // Under nobody's prefix, in the table of the same four digits.
    let unclaimed = 9_506_002_134_350;
    for (gtin, refusal) in [
        (FREE_GTIN.number() + 1, RegistryError::InvalidGtin),
        (
            FREE_GTIN.number() + 100_000_000_000_000,
            RegistryError::InvalidGtin,
        ),
        (OTHER_FREE_GTIN.number(), RegistryError::GtinNotUnderPrefix),
        (unclaimed, RegistryError::GtinNotUnderPrefix),
    ] {
        let gtin = Gtin::from_account(gtin);
        let instruction = register_product(payer, manufacturer, gtin, product_description());
        ledger.refuse(&instruction, refusal);
    }
    // Four digits with which no claim begins have no table.
    let sample_upc = Gtin::from_account(614_141_007_349);
    let instruction = register_product(payer, manufacturer, sample_upc, product_description());
    ledger.refuse(&instruction, ProgramError::UninitializedAccount);
}

#[test]
fn refuses_a_prefix_that_was_released_or_moved() {
    let World {
        ledger,
        payer,
        authority,
        issuer_key,
        manufacturer,
        other_manufacturer,
        ..
    } = World::new();
    let register = register_product(payer, manufacturer, FREE_GTIN, product_description());
    for step in [
        release_prefix(issuer_key, manufacturer.gln, COMPANY_PREFIX),
        move_prefix(
            authority,
            COMPANY_PREFIX,
            manufacturer.gln,
            other_manufacturer.gln,
        ),
    ] {
        let mut ledger = ledger.clone();
        ledger.execute(&step);
        ledger.refuse(&register, RegistryError::GtinNotUnderPrefix);
    }
}

#[test]
fn refuses_another_table_and_what_stands_in_for_one() {
    let World {
        mut ledger,
        payer,
        issuer_key,
        manufacturer,
        ..
    } = World::new();
    let elsewhere = CompanyPrefix {
        value: 7_612,
        digits: 4,
    };
    ledger.execute(&claim_prefix(
        payer,
        issuer_key,
        manufacturer.gln,
        elsewhere,
    ));
    let register = register_product(payer, manufacturer, FREE_GTIN, product_description());
    let [own, other] = [9_506, 7_612].map(address::prefix_table);
    let with_another = register.clone().replacing(own, other);
    ledger.refuse(&with_another, RegistryError::NotPrefixTable);
    for (stand_in, refusal) in [
        (manufacturer.partner, ProgramError::InvalidAccountData),
        (payer, ProgramError::IllegalOwner),
        (
            Address::new_from_array([7; 32]),
            ProgramError::UninitializedAccount,
        ),
    ] {
        let with_another = register.clone().replacing(own, stand_in);
        ledger.refuse(&with_another, refusal);
    }
}

#[test]
fn refuses_anybody_but_the_manufacturer() {
    let World {
        mut ledger,
        payer,
        manufacturer,
        other_manufacturer,
        pharmacy,
        ..
    } = World::new();
    let description = product_description();
    let key = other_manufacturer.key;
    let with_anothers_key = Site {
        key,
        ..manufacturer
    };
    let instruction = register_product(payer, with_anothers_key, FREE_GTIN, description);
    ledger.refuse(&instruction, RegistryError::NotPartnerKey);
    let instruction = register_product(payer, pharmacy, FREE_GTIN, description);
    ledger.refuse(&instruction, RegistryError::NotManufacturer);

    let instruction = register_product(payer, manufacturer, FREE_GTIN, description);
    ledger.refuse_unsigned(&instruction, &[payer, manufacturer.key]);
    ledger.refuse(&instruction.read_only(payer), ErrorCode::ConstraintSigner);
}

#[test]
fn refuses_wrong_accounts() {
    let World {
        mut ledger,
        payer,
        manufacturer,
        product,
        ..
    } = World::new();
    let instruction = register_product(payer, manufacturer, FREE_GTIN, product_description());
    ledger.refuse_stand_ins(&instruction, &[manufacturer.partner]);
    ledger.refuse_misplaced(&instruction, address::product(FREE_GTIN));
    let onto_another = instruction.replacing(address::product(FREE_GTIN), product);
    ledger.refuse(&onto_another, ErrorCode::ConstraintSeeds);
}

#[test]
fn refuses_invalid_descriptions() {
    let World {
        mut ledger,
        payer,
        manufacturer,
        ..
    } = World::new();
    for (description, refusal) in invalid_descriptions() {
        let instruction = register_product(payer, manufacturer, FREE_GTIN, description);
        ledger.refuse(&instruction, refusal);
    }
}

/// Descriptions that no product may have, whether it is registered or updated.
pub(crate) fn invalid_descriptions() -> Vec<(ProductDescription, RegistryError)> {
    let valid = product_description();
    let code = |text: &str| ProductDescription {
        national_code: padded(text),
        ..valid
    };
    let storage = |storage_min, storage_max| ProductDescription {
        storage_min,
        storage_max,
        ..valid
    };
    let mut late_code = [0; 16];
    late_code[15] = b'1';
    vec![
        (
            ProductDescription {
                name: [0; 64],
                ..valid
            },
            RegistryError::InvalidName,
        ),
        (
            ProductDescription {
                name: padded("new\nline"),
                ..valid
            },
            RegistryError::InvalidName,
        ),
        (
            ProductDescription {
                name: [0x80; 64],
                ..valid
            },
            RegistryError::InvalidName,
        ),
        (code("0093 3109"), RegistryError::InvalidNationalCode),
        (code("abc"), RegistryError::InvalidNationalCode),
        (code("Ä"), RegistryError::InvalidNationalCode),
        (
            ProductDescription {
                national_code: late_code,
                ..valid
            },
            RegistryError::InvalidNationalCode,
        ),
        (storage(251, 250), RegistryError::InvalidStorageRange),
        (storage(-2732, 250), RegistryError::InvalidStorageRange),
        (
            storage(i16::MIN, i16::MAX),
            RegistryError::InvalidStorageRange,
        ),
    ]
}
