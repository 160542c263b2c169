use anchor_lang::{Address, ErrorCode};
use pedigree_domain::Roles;
use pedigree_interface::{Site, identifier::Gtin, instruction::registry::register_product};
use program_tests::{
    address,
    alter::Alter,
    layout::{self, padded},
    ledger::NOW,
    world::{FREE_GTIN, GTIN, OTHER_GTIN, World, product_description},
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
            _padding: [0; 3],
            national_code: padded("0093-3109-01"),
            name: padded("Amoxicillin 500 mg, 20 capsules"),
        })
    );
}

#[test]
fn a_repackager_may_register_under_any_of_its_prefixes() {
    let mut world = World::new();
    world.license(world.other_manufacturer, Roles::REPACKAGER);
    world
        .ledger
        .edit(world.other_manufacturer.partner, |partner: &mut Partner| {
            partner.company_prefixes = [4_000, 5_000, 6_000, 7_000, 8_000, 1_000, 2_000, 9_506_000];
            partner.company_prefix_digits = [4, 4, 4, 4, 4, 4, 4, 7];
        });
    let World {
        mut ledger,
        payer,
        other_manufacturer,
        ..
    } = world;
    ledger.execute(&register_product(
        payer,
        other_manufacturer,
        FREE_GTIN,
        product_description(),
    ));
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
    for gtin in [GTIN, OTHER_GTIN] {
        let instruction = register_product(payer, manufacturer, gtin, product_description());
        ledger.refuse(&instruction, ALREADY_IN_USE);
    }
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
    let sample_upc = 614_141_007_349;
    for (gtin, refusal) in [
        (0, RegistryError::InvalidGtin),
        (FREE_GTIN.number() + 1, RegistryError::InvalidGtin),
        (100_000_000_000_007, RegistryError::InvalidGtin),
        (u64::MAX, RegistryError::InvalidGtin),
        (sample_upc, RegistryError::GtinNotUnderPrefix),
    ] {
        let instruction = register_product(
            payer,
            manufacturer,
            Gtin::from_account(gtin),
            product_description(),
        );
        ledger.refuse(&instruction, refusal);
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
