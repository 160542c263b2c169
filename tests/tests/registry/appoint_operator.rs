use anchor_lang::{Address, ErrorCode, solana_program::instruction::Instruction};
use pedigree_domain::Permissions;
use pedigree_interface::{
    Site,
    instruction::registry::{
        accept_partner_key, appoint_operator, propose_partner_key, update_operator,
    },
};
use program_tests::{
    address,
    alter::Alter,
    layout::{self, padded},
    ledger::NOW,
    world::{APPOINTMENT_END, World, operator_terms},
};
use registry::{Operator, RegistryError, instructions::OperatorTerms};

use crate::ALREADY_IN_USE;

/// Has the pharmacy appoint a new key.
fn appoint(world: &mut World, terms: OperatorTerms) -> Instruction {
    let key = world.ledger.key("new operator");
    appoint_operator(world.payer, world.pharmacy, key, terms)
}

/// The account that [`appoint`] creates.
fn appointed(world: &mut World) -> Address {
    address::operator(&world.pharmacy.partner, &world.ledger.key("new operator"))
}

#[test]
fn creates_an_operator() {
    let mut world = World::new();
    let terms = operator_terms(Permissions::RECEIVE.union(Permissions::DISPENSE));
    let instruction = appoint(&mut world, terms);
    world.ledger.execute(&instruction);
    let address = appointed(&mut world);
    let World {
        mut ledger,
        payer,
        pharmacy,
        ..
    } = world;
    let key = ledger.key("new operator");
    let account = ledger.account(address);
    assert_eq!(account.owner, registry::ID);
    assert_eq!(
        account.data,
        layout::encode(&Operator {
            partner: pharmacy.partner,
            key,
            valid_from: NOW,
            valid_until: APPOINTMENT_END,
            permissions: 2 + 64,
            bump: address::bump(
                &[b"operator", pharmacy.partner.as_ref(), key.as_ref()],
                &registry::ID
            ),
            _padding: 0,
            appointments: 0,
            payer,
            name: padded("Goods-in scanner 2"),
        })
    );
}

#[test]
fn accepts_every_valid_appointment() {
    let valid = operator_terms(Permissions::all());
    for accepted in [
        valid,
        operator_terms(Permissions::SHIP),
        operator_terms(Permissions::RECALL),
        OperatorTerms {
            valid_until: NOW + 1,
            ..valid
        },
        OperatorTerms {
            valid_from: NOW + 86_400,
            ..valid
        },
        OperatorTerms {
            valid_from: i64::MIN,
            valid_until: i64::MAX,
            ..valid
        },
        OperatorTerms {
            name: [b'N'; 32],
            ..valid
        },
    ] {
        let mut world = World::new();
        let instruction = appoint(&mut world, accepted);
        world.ledger.execute(&instruction);
    }
}

#[test]
fn the_site_may_pay_itself() {
    let World {
        mut ledger,
        pharmacy,
        ..
    } = World::new();
    let key = ledger.key("new operator");
    let terms = operator_terms(Permissions::SHIP);
    ledger.execute(&appoint_operator(pharmacy.key, pharmacy, key, terms));
}

#[test]
fn one_key_may_act_for_two_sites() {
    let World {
        mut ledger,
        payer,
        pharmacy,
        operator,
        ..
    } = World::new();
    let terms = operator_terms(Permissions::SHIP);
    ledger.execute(&appoint_operator(payer, pharmacy, operator, terms));
}

#[test]
fn a_lapsed_site_may_appoint() {
    let mut world = World::new();
    world.lapse(world.pharmacy);
    let instruction = appoint(&mut world, operator_terms(Permissions::SHIP));
    world.ledger.execute(&instruction);
}

#[test]
fn the_appointment_survives_a_rotation_of_the_sites_key() {
    let mut world = World::new();
    let terms = operator_terms(Permissions::SHIP);
    let instruction = appoint(&mut world, terms);
    world.ledger.execute(&instruction);
    let address = appointed(&mut world);
    let World {
        mut ledger,
        pharmacy,
        ..
    } = world;
    let (key, next) = (ledger.key("new operator"), ledger.key("next"));
    let before = ledger.account(address);
    ledger.execute(&propose_partner_key(pharmacy, Some(next)));
    ledger.execute(&accept_partner_key(pharmacy.gln, next));
    assert_eq!(ledger.account(address), before);
    let rotated = Site {
        key: next,
        ..pharmacy
    };
    ledger.execute(&update_operator(rotated, key, terms));
    let former = update_operator(pharmacy, key, terms);
    ledger.refuse(&former, RegistryError::NotPartnerKey);
}

#[test]
fn works_on_a_prefunded_address() {
    let mut world = World::new();
    let instruction = appoint(&mut world, operator_terms(Permissions::SHIP));
    let address = appointed(&mut world);
    world.ledger.execute_prefunded(&instruction, &[address]);
}

#[test]
fn refuses_an_operator_that_is_there() {
    let World {
        mut ledger,
        payer,
        wholesaler,
        operator,
        ..
    } = World::new();
    let terms = operator_terms(Permissions::SHIP);
    let instruction = appoint_operator(payer, wholesaler, operator, terms);
    ledger.refuse(&instruction, ALREADY_IN_USE);
}

#[test]
fn refuses_a_suspended_or_revoked_site() {
    let (mut suspended, mut revoked) = (World::new(), World::new());
    suspended.suspend(suspended.pharmacy);
    revoked.revoke(revoked.pharmacy);
    for (mut world, refusal) in [
        (suspended, RegistryError::PartnerNotActive),
        (revoked, RegistryError::PartnerRevoked),
    ] {
        let instruction = appoint(&mut world, operator_terms(Permissions::SHIP));
        world.ledger.refuse(&instruction, refusal);
    }
}

#[test]
fn refuses_anybody_but_the_sites_key() {
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
    let new = ledger.key("new operator");
    let terms = operator_terms(Permissions::SHIP);
    for key in [payer, wholesaler.key, operator, issuer_key, authority, new] {
        let instruction = appoint_operator(payer, Site { key, ..pharmacy }, new, terms);
        ledger.refuse(&instruction, RegistryError::NotPartnerKey);
    }
    let by_an_operator = Site {
        key: operator,
        ..wholesaler
    };
    let instruction = appoint_operator(payer, by_an_operator, new, terms);
    ledger.refuse(&instruction, RegistryError::NotPartnerKey);

    let instruction = appoint_operator(payer, pharmacy, new, terms);
    ledger.refuse_unsigned(&instruction, &[payer, pharmacy.key]);
    ledger.refuse(&instruction.read_only(payer), ErrorCode::ConstraintSigner);
}

#[test]
fn refuses_wrong_accounts() {
    let mut world = World::new();
    let instruction = appoint(&mut world, operator_terms(Permissions::SHIP));
    let address = appointed(&mut world);
    let World {
        mut ledger,
        pharmacy,
        wholesaler,
        operator,
        ..
    } = world;
    ledger.refuse_stand_ins(&instruction, &[pharmacy.partner]);
    ledger.refuse_misplaced(&instruction, address);
    let anothers = address::operator(&wholesaler.partner, &operator);
    let onto_another = instruction.replacing(address, anothers);
    ledger.refuse(&onto_another, ErrorCode::ConstraintSeeds);
}

#[test]
fn refuses_no_key_and_the_sites_own() {
    let World {
        mut ledger,
        payer,
        pharmacy,
        ..
    } = World::new();
    for (key, refusal) in [
        (Address::default(), RegistryError::ZeroAddress),
        (pharmacy.key, RegistryError::OperatorIsPartnerKey),
    ] {
        let terms = operator_terms(Permissions::SHIP);
        let instruction = appoint_operator(payer, pharmacy, key, terms);
        ledger.refuse(&instruction, refusal);
    }
}

#[test]
fn refuses_invalid_terms() {
    let mut world = World::new();
    for (terms, refusal) in invalid_terms() {
        let instruction = appoint(&mut world, terms);
        world.ledger.refuse(&instruction, refusal);
    }
}

#[test]
fn refuses_an_end_that_has_passed() {
    let mut world = World::new();
    for valid_until in [NOW, NOW - 1, i64::MIN] {
        let terms = OperatorTerms {
            valid_from: i64::MIN,
            valid_until,
            ..operator_terms(Permissions::SHIP)
        };
        let instruction = appoint(&mut world, terms);
        world
            .ledger
            .refuse(&instruction, RegistryError::AppointmentInPast);
    }
}

/// Terms that no operator may have, whether it is appointed or updated.
pub(crate) fn invalid_terms() -> Vec<(OperatorTerms, RegistryError)> {
    let valid = operator_terms(Permissions::SHIP);
    let permissions = |permissions| {
        let terms = OperatorTerms {
            permissions,
            ..valid
        };
        (terms, RegistryError::InvalidPermissions)
    };
    let valid_from = |valid_from| {
        let terms = OperatorTerms {
            valid_from,
            ..valid
        };
        (terms, RegistryError::InvalidAppointment)
    };
    let name = |name| (OperatorTerms { name, ..valid }, RegistryError::InvalidName);
    let mut hidden = padded("A");
    hidden[31] = b'B';
    vec![
        permissions(0),
        permissions(1 << 9),
        permissions(u16::MAX),
        valid_from(valid.valid_until),
        valid_from(valid.valid_until + 1),
        valid_from(i64::MAX),
        name(padded("")),
        name(padded("tab\t")),
        name([0xFF; 32]),
        name(hidden),
    ]
}
