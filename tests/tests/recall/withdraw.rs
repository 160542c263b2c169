use anchor_lang::prelude::ProgramError;
use pedigree_interface::instruction::recall::{Funding, fund, terminate, withdraw};
use program_tests::{
    address,
    alter::Alter,
    recalled::{FUNDED, RecalledWorld, UNIT_PRICE, units},
    world::{DOCUMENT, World},
};
use recall::{Recall, RecallError};

use crate::refuse_other_signers;

/// A terminated recall that paid for a hundred units.
fn ended() -> RecalledWorld {
    let mut recalled = RecalledWorld::funded();
    let claim = recalled.claim(recalled.returned, units(8_192, 100));
    let end = recalled.terminate();
    recalled.world.ledger.execute(&claim);
    recalled.world.ledger.execute(&end);
    recalled
}

#[test]
fn gives_all_that_is_left_back_and_closes_the_vault() {
    let recalled = ended();
    let mut world = recalled.world.clone();
    let (token, maker, payer) = (recalled.token, world.manufacturer.key, world.payer);
    let vault = address::vault(&recalled.recall);
    let before = world.balance(recalled.source);
    // Including tokens that came without the program.
    world.send(token, recalled.source, maker, vault, 7);
    let rent = world.ledger.account(vault).lamports;
    let lamports = world.ledger.account(payer).lamports;
    let instruction = recalled.withdraw();
    world.ledger.execute(&instruction);
    let rest = FUNDED - 100 * UNIT_PRICE;
    assert_eq!(world.balance(recalled.source), before + rest);
    assert_eq!(world.ledger.account(payer).lamports, lamports + rent);
    assert!(
        world
            .ledger
            .find_account(vault)
            .is_none_or(|account| account.lamports == 0)
    );
    let recall: Recall = world.ledger.read(recalled.recall);
    assert_eq!(recall.withdrawn, rest + 7);
    // The vault is closed.
    world
        .ledger
        .refuse(&instruction, ProgramError::AccountDataTooSmall);
}

#[test]
fn the_manufacturers_own_key_may_have_paid_for_the_vault() {
    let mut recalled = RecalledWorld::new();
    let World {
        manufacturer,
        regulator,
        ..
    } = recalled.world;
    let (recall, token, source) = (recalled.recall, recalled.token, recalled.source);
    let key = manufacturer.key;
    for instruction in [
        fund(
            key,
            manufacturer,
            recall,
            token,
            source,
            Funding {
                amount: FUNDED,
                unit_price: UNIT_PRICE,
            },
        ),
        terminate(regulator, recall, Some(DOCUMENT)),
        withdraw(manufacturer, recall, token, source, key),
    ] {
        recalled.world.ledger.execute(&instruction);
    }
    let recall: Recall = recalled.world.ledger.read(recall);
    assert_eq!(recall.withdrawn, FUNDED);
}

#[test]
fn refuses_before_the_end() {
    let recalled = RecalledWorld::funded();
    let mut world = recalled.world.clone();
    world
        .ledger
        .refuse(&recalled.withdraw(), RecallError::RecallNotTerminated);
}

#[test]
fn refuses_anybody_but_the_manufacturer() {
    let recalled = ended();
    let mut world = recalled.world.clone();
    for site in [
        world.regulator,
        world.other_manufacturer,
        world.wholesaler,
        world.pharmacy,
    ] {
        let (payer, token) = (world.payer, recalled.token);
        let other = withdraw(site, recalled.recall, token, recalled.receiver, payer);
        world.ledger.refuse(&other, RecallError::NotManufacturer);
    }
    let maker = world.manufacturer;
    let instruction = recalled.withdraw();
    refuse_other_signers(&mut world.ledger, &instruction, maker);
    world
        .ledger
        .refuse_stand_ins(&instruction, &[maker.partner, recalled.recall]);
}

#[test]
fn refuses_another_receiver_vault_mint_or_payer() {
    let recalled = ended();
    let mut world = recalled.world.clone();
    let vault = address::vault(&recalled.recall);
    let maker = world.manufacturer.key;
    let own = world.token_account("own vault", recalled.token, maker, 5);
    let instruction = recalled.withdraw();
    for (account, other, refusal) in [
        (
            recalled.source,
            recalled.receiver,
            RecallError::NotSitesTokenAccount,
        ),
        (vault, own, RecallError::NotRecallsVault),
        (world.payer, world.operator, RecallError::NotPayer),
    ] {
        let other = instruction.clone().replacing(account, other);
        world.ledger.refuse(&other, refusal);
    }
    world.freeze(recalled.token, vault);
    world.ledger.refuse(&instruction, RecallError::VaultFrozen);
}
