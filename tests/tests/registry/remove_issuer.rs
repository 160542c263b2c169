use anchor_lang::{ErrorCode, prelude::ProgramError};
use pedigree_domain::Roles;
use pedigree_interface::instruction::registry::{
    add_issuer, admit_partner, remove_issuer, suspend_partner,
};
use program_tests::{
    address,
    alter::Alter,
    layout::padded,
    world::{World, gln, licence, scope},
};
use registry::{Registry, RegistryError};

#[test]
fn closes_the_issuer_and_gives_its_rent_to_the_authority() {
    let World {
        mut ledger,
        authority,
        issuer_key,
        ..
    } = World::new();
    let issuer = address::issuer(&issuer_key);
    let rent = ledger.account(issuer).lamports;
    let before = ledger.account(authority).lamports;
    ledger.execute(&remove_issuer(authority, address::issuer(&issuer_key)));
    assert_eq!(ledger.find_account(issuer), None);
    assert_eq!(ledger.read::<Registry>(address::registry()).key_changes, 1);
    assert_eq!(ledger.account(authority).lamports, before + rent);
    ledger.refuse(
        &remove_issuer(authority, address::issuer(&issuer_key)),
        ProgramError::AccountDataTooSmall,
    );
}

#[test]
fn a_removed_issuer_can_do_nothing() {
    let World {
        mut ledger,
        payer,
        authority,
        issuer_key,
        pharmacy,
        ..
    } = World::new();
    ledger.execute(&remove_issuer(authority, address::issuer(&issuer_key)));
    let suspend = suspend_partner(issuer_key, pharmacy.gln);
    ledger.refuse(&suspend, ProgramError::UninitializedAccount);
    let admit = admit_partner(
        payer,
        issuer_key,
        gln(9),
        payer,
        padded("New"),
        licence(Roles::DISPENSER),
    );
    ledger.refuse(&admit, ProgramError::UninitializedAccount);
}

#[test]
fn an_issuer_that_is_added_again_answers_for_its_partners_again() {
    let World {
        mut ledger,
        payer,
        authority,
        issuer_key,
        pharmacy,
        ..
    } = World::new();
    ledger.execute(&remove_issuer(authority, address::issuer(&issuer_key)));
    ledger.execute(&add_issuer(
        payer,
        authority,
        issuer_key,
        padded("Board"),
        scope(),
    ));
    ledger.execute(&suspend_partner(issuer_key, pharmacy.gln));
}

#[test]
fn refuses_anybody_but_the_authority() {
    let World {
        mut ledger,
        payer,
        authority,
        issuer_key,
        other_issuer_key,
        ..
    } = World::new();
    for other in [payer, issuer_key, other_issuer_key] {
        let instruction = remove_issuer(other, address::issuer(&issuer_key));
        ledger.refuse(&instruction, RegistryError::NotRegistryAuthority);
    }
    let instruction = remove_issuer(authority, address::issuer(&issuer_key));
    ledger.refuse_unsigned(&instruction, &[authority]);
    ledger.refuse(
        &instruction.read_only(authority),
        ErrorCode::ConstraintSigner,
    );
}

#[test]
fn refuses_wrong_accounts() {
    let World {
        mut ledger,
        authority,
        issuer_key,
        ..
    } = World::new();
    let instruction = remove_issuer(authority, address::issuer(&issuer_key));
    ledger.refuse_stand_ins(
        &instruction,
        &[address::registry(), address::issuer(&issuer_key)],
    );
}
