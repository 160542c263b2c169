use anchor_lang::{Address, ErrorCode, prelude::ProgramError};
use pedigree_interface::instruction::registry::initialize;
use program_tests::{address, alter::Alter, layout, ledger::Ledger};
use registry::{Registry, RegistryError};
use solana_account::Account;

use crate::ALREADY_IN_USE;

struct Deployed {
    ledger: Ledger,
    payer: Address,
    upgrade_authority: Address,
    authority: Address,
    program_data: Address,
}

/// The registry's program, deployed and not initialised yet.
fn deployed() -> Deployed {
    let mut ledger = Ledger::new();
    let upgrade_authority = ledger.key("upgrade authority");
    ledger.set_upgrade_authority(registry::ID, Some(upgrade_authority));
    Deployed {
        payer: ledger.key("payer"),
        authority: ledger.key("registry authority"),
        program_data: address::program_data(&registry::ID),
        upgrade_authority,
        ledger,
    }
}

#[test]
fn creates_the_registry() {
    let Deployed {
        mut ledger,
        payer,
        upgrade_authority,
        authority,
        ..
    } = deployed();
    ledger.execute(&initialize(payer, upgrade_authority, authority));
    let account = ledger.account(address::registry());
    assert_eq!(account.owner, registry::ID);
    assert_eq!(
        account.data,
        layout::encode(&Registry {
            authority,
            pending_authority: Address::default(),
            bump: address::bump(&[b"registry"], &registry::ID),
            _padding: 0,
            key_changes: 0,
            _rest: [0; 4],
        })
    );
}

#[test]
fn one_key_may_pay_and_be_upgrade_authority() {
    let Deployed {
        mut ledger,
        upgrade_authority,
        authority,
        ..
    } = deployed();
    ledger.execute(&initialize(upgrade_authority, upgrade_authority, authority));
}

#[test]
fn works_on_a_prefunded_address() {
    let Deployed {
        mut ledger,
        payer,
        upgrade_authority,
        authority,
        ..
    } = deployed();
    let instruction = initialize(payer, upgrade_authority, authority);
    ledger.execute_prefunded(&instruction, &[address::registry()]);
}

#[test]
fn refuses_a_second_time() {
    let Deployed {
        mut ledger,
        payer,
        upgrade_authority,
        authority,
        ..
    } = deployed();
    let instruction = initialize(payer, upgrade_authority, authority);
    ledger.execute(&instruction);
    ledger.refuse(&instruction, ALREADY_IN_USE);
}

#[test]
fn refuses_whoever_may_not_upgrade_the_program() {
    let Deployed {
        mut ledger,
        payer,
        upgrade_authority,
        authority,
        ..
    } = deployed();
    for front_runner in [payer, authority, ledger.key("stranger")] {
        let instruction = initialize(payer, front_runner, front_runner);
        ledger.refuse(&instruction, RegistryError::NotUpgradeAuthority);
    }
    ledger.set_upgrade_authority(registry::ID, None);
    let instruction = initialize(payer, upgrade_authority, authority);
    ledger.refuse(&instruction, RegistryError::NotUpgradeAuthority);
}

#[test]
fn refuses_the_last_upgrade_authority_of_a_final_program() {
    let Deployed {
        mut ledger,
        payer,
        upgrade_authority,
        authority,
        program_data,
    } = deployed();
    // The loader clears the flag and leaves the key's bytes where they are.
    let mut account = ledger.account(program_data);
    account.data[12] = 0;
    ledger.set_account(program_data, account);
    let instruction = initialize(payer, upgrade_authority, authority);
    ledger.refuse(&instruction, RegistryError::NotUpgradeAuthority);
}

#[test]
fn refuses_another_record_of_the_deployment() {
    let Deployed {
        mut ledger,
        payer,
        upgrade_authority,
        authority,
        program_data,
    } = deployed();
    let attacker = ledger.key("attacker");
    ledger.set_upgrade_authority(custody::ID, Some(attacker));
    let genuine = ledger.account(program_data);
    let with_tag = |tag: u8| {
        let mut data = genuine.data.clone();
        data[0] = tag;
        Account {
            data,
            ..genuine.clone()
        }
    };
    let stand_ins = [
        (
            ledger.account(address::program_data(&custody::ID)),
            ErrorCode::ConstraintAddress.into(),
        ),
        (genuine.clone(), ErrorCode::ConstraintAddress.into()),
        (
            Account {
                owner: custody::ID,
                ..genuine.clone()
            },
            ProgramError::IllegalOwner,
        ),
        (with_tag(0), ProgramError::InvalidAccountData),
        (with_tag(1), ProgramError::InvalidAccountData),
        (with_tag(2), ProgramError::InvalidAccountData),
        (
            Account {
                data: genuine.data[..44].to_vec(),
                ..genuine.clone()
            },
            ProgramError::AccountDataTooSmall,
        ),
    ];
    for (stand_in, refusal) in stand_ins {
        let elsewhere = ledger.key("stand-in");
        ledger.set_account(elsewhere, stand_in);
        let instruction =
            initialize(payer, upgrade_authority, authority).replacing(program_data, elsewhere);
        ledger.refuse(&instruction, refusal);
    }
    let genuine_sibling = initialize(payer, attacker, attacker)
        .replacing(program_data, address::program_data(&custody::ID));
    ledger.refuse(&genuine_sibling, ErrorCode::ConstraintAddress);
}

#[test]
fn refuses_missing_signatures_and_misplaced_accounts() {
    let Deployed {
        mut ledger,
        payer,
        upgrade_authority,
        authority,
        ..
    } = deployed();
    let instruction = initialize(payer, upgrade_authority, authority);
    ledger.refuse_unsigned(&instruction, &[payer, upgrade_authority]);
    ledger.refuse_misplaced(&instruction, address::registry());
    ledger.refuse(&instruction.read_only(payer), ErrorCode::ConstraintSigner);
}

#[test]
fn refuses_the_zero_address_as_authority() {
    let Deployed {
        mut ledger,
        payer,
        upgrade_authority,
        ..
    } = deployed();
    let instruction = initialize(payer, upgrade_authority, Address::default());
    ledger.refuse(&instruction, RegistryError::ZeroAddress);
}
