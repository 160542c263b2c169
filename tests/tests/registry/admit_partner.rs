use anchor_lang::{Address, ErrorCode, solana_program::instruction::Instruction};
use pedigree_domain::Roles;
use pedigree_interface::{identifier::Gln, instruction::registry::admit_partner};
use program_tests::{
    address,
    alter::Alter,
    layout::{self, padded},
    ledger::NOW,
    world::{COUNTRY, LICENCE_END, World, gln, licence},
};
use registry::{Partner, PartnerStatus, RegistryError, instructions::Licence};

use crate::ALREADY_IN_USE;

/// Location number of a site that the world has no partner at.
const NEW_SITE: u64 = 99;

/// Admits the new site as a repackager.
fn admit(world: &mut World, licence: Licence) -> Instruction {
    let key = world.ledger.key("new partner");
    admit_partner(
        world.payer,
        world.issuer_key,
        gln(NEW_SITE),
        key,
        padded("Löwen"),
        licence,
    )
}

#[test]
fn creates_a_partner_that_its_key_has_to_confirm() {
    let mut world = World::new();
    let instruction = admit(&mut world, licence(Roles::REPACKAGER));
    world.ledger.execute(&instruction);
    let account = world.ledger.account(address::partner(gln(NEW_SITE)));
    assert_eq!(account.owner, registry::ID);
    assert_eq!(
        account.data,
        layout::encode(&Partner {
            gln: gln(NEW_SITE).number(),
            authority: world.ledger.key("new partner"),
            licence_valid_until: LICENCE_END,
            roles: Roles::REPACKAGER.bits(),
            status: PartnerStatus::Admitted,
            bump: address::bump(
                &[b"partner", &gln(NEW_SITE).number().to_le_bytes()],
                &registry::ID
            ),
            appointments: 0,
            firm: gln(NEW_SITE).number(),
            pending_authority: Address::default(),
            issuer: address::issuer(&world.issuer_key),
            licence_hash: [0x11; 32],
            recovery_authority: Address::default(),
            recovery_at: 0,
            admitted_at: NOW,
            confirmed_at: 0,
            status_changed_at: NOW,
            country: COUNTRY,
            issuer_key_changes: 0,
            prefix_claims: 0,
            name: padded("Löwen"),
        })
    );
}

#[test]
fn accepts_every_valid_licence() {
    for accepted in [
        Licence {
            roles: Roles::all().difference(Roles::REGULATOR).bits(),
            ..licence(Roles::MANUFACTURER)
        },
        Licence {
            valid_until: NOW + 1,
            ..licence(Roles::DISPENSER)
        },
        Licence {
            valid_until: i64::MAX,
            ..licence(Roles::DISPENSER)
        },
    ] {
        let mut world = World::new();
        let instruction = admit(&mut world, accepted);
        world.ledger.execute(&instruction);
    }
}

#[test]
fn the_issuer_may_pay_and_be_the_partner_itself() {
    let World {
        mut ledger,
        issuer_key,
        ..
    } = World::new();
    let name = padded("Self");
    let licence = licence(Roles::REGULATOR);
    ledger.execute(&admit_partner(
        issuer_key,
        issuer_key,
        gln(NEW_SITE),
        issuer_key,
        name,
        licence,
    ));
}

#[test]
fn works_on_a_prefunded_address() {
    let mut world = World::new();
    let instruction = admit(&mut world, licence(Roles::DISPENSER));
    world
        .ledger
        .execute_prefunded(&instruction, &[address::partner(gln(NEW_SITE))]);
}

#[test]
fn refuses_a_site_that_is_there() {
    let World {
        mut ledger,
        payer,
        issuer_key,
        other_issuer_key,
        ..
    } = World::new();
    for issuer in [issuer_key, other_issuer_key] {
        let licence = licence(Roles::DISPENSER);
        let instruction = admit_partner(payer, issuer, gln(1), payer, padded("Again"), licence);
        ledger.refuse(&instruction, ALREADY_IN_USE);
    }
}

#[test]
fn refuses_anybody_but_the_issuers_key() {
    let mut world = World::new();
    let instruction = admit(&mut world, licence(Roles::DISPENSER));
    let World {
        mut ledger,
        payer,
        authority,
        issuer_key,
        other_issuer_key,
        ..
    } = world;
    for other in [authority, other_issuer_key] {
        let instruction = instruction.clone().replacing(issuer_key, other);
        ledger.refuse(&instruction, RegistryError::NotPartnersIssuer);
    }
    ledger.refuse_unsigned(&instruction, &[payer, issuer_key]);
    ledger.refuse(&instruction.read_only(payer), ErrorCode::ConstraintSigner);
}

#[test]
fn refuses_wrong_accounts() {
    let mut world = World::new();
    let instruction = admit(&mut world, licence(Roles::DISPENSER));
    let World {
        mut ledger,
        issuer_key,
        other_issuer_key,
        pharmacy,
        ..
    } = world;
    let issuer = address::issuer(&issuer_key);
    ledger.refuse_stand_ins(&instruction, &[issuer]);
    let sibling = instruction
        .clone()
        .replacing(issuer, address::issuer(&other_issuer_key));
    ledger.refuse(&sibling, RegistryError::NotPartnersIssuer);
    let partner = address::partner(gln(NEW_SITE));
    ledger.refuse_misplaced(&instruction, partner);
    let onto_another = instruction.replacing(partner, pharmacy.partner);
    ledger.refuse(&onto_another, ErrorCode::ConstraintSeeds);
}

#[test]
fn refuses_invalid_glns() {
    let World {
        mut ledger,
        payer,
        issuer_key,
        ..
    } = World::new();
    for invalid in [0, gln(NEW_SITE).number() + 1, 10_000_000_000_007, u64::MAX] {
        let licence = licence(Roles::DISPENSER);
        let gln = Gln::from_account(invalid);
        let instruction = admit_partner(payer, issuer_key, gln, payer, padded("New"), licence);
        ledger.refuse(&instruction, RegistryError::InvalidGln);
    }
}

#[test]
fn refuses_no_key_and_no_name() {
    let World {
        mut ledger,
        payer,
        issuer_key,
        ..
    } = World::new();
    let nobody = Address::default();
    let mut hidden = padded("A");
    hidden[63] = b'B';
    for (key, name, refusal) in [
        (nobody, padded("New"), RegistryError::ZeroAddress),
        (payer, padded(""), RegistryError::InvalidName),
        (payer, padded("tab\t"), RegistryError::InvalidName),
        (payer, [0xFF; 64], RegistryError::InvalidName),
        (payer, hidden, RegistryError::InvalidName),
    ] {
        let licence = licence(Roles::DISPENSER);
        let instruction = admit_partner(payer, issuer_key, gln(NEW_SITE), key, name, licence);
        ledger.refuse(&instruction, refusal);
    }
}

#[test]
fn refuses_invalid_licences() {
    let mut world = World::new();
    for (licence, refusal) in invalid_licences() {
        let instruction = admit(&mut world, licence);
        world.ledger.refuse(&instruction, refusal);
    }
}

/// Licences that no partner may have, whether it is admitted or renewed.
pub(crate) fn invalid_licences() -> Vec<(Licence, RegistryError)> {
    let valid = licence(Roles::MANUFACTURER);
    vec![
        (Licence { roles: 0, ..valid }, RegistryError::InvalidRoles),
        (
            Licence {
                roles: 1 << 8,
                ..valid
            },
            RegistryError::InvalidRoles,
        ),
        (
            Licence {
                roles: u16::MAX,
                ..valid
            },
            RegistryError::InvalidRoles,
        ),
        (licence(Roles::all()), RegistryError::IncompatibleRoles),
        (
            licence(Roles::REGULATOR.union(Roles::DISPENSER)),
            RegistryError::IncompatibleRoles,
        ),
        (
            Licence {
                country: 0,
                ..valid
            },
            RegistryError::InvalidCountry,
        ),
        (
            Licence {
                country: 1_000,
                ..valid
            },
            RegistryError::InvalidCountry,
        ),
        (
            Licence {
                valid_until: NOW,
                ..valid
            },
            RegistryError::LicenceInPast,
        ),
        (
            Licence {
                valid_until: 0,
                ..valid
            },
            RegistryError::LicenceInPast,
        ),
        (
            Licence {
                valid_until: i64::MIN,
                ..valid
            },
            RegistryError::LicenceInPast,
        ),
    ]
}
