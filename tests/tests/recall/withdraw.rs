use anchor_lang::prelude::ProgramError;
use pedigree_interface::instruction::recall::{Funding, fund, open, terminate, withdraw};
use program_tests::{
    address,
    alter::Alter,
    ledger::NOW,
    recalled::{CLAIM_PERIOD, FUNDED, RecalledWorld, UNIT_PRICE, notice, recall_terms, units},
    token::TOKEN,
    world::{DOCUMENT, World},
};
use recall::{RecallError, Tranche};

use crate::refuse_other_signers;

/// A recall that paid for a hundred units and was terminated, and the time to claim is over.
fn ended() -> RecalledWorld {
    let mut recalled = RecalledWorld::funded();
    let claim = recalled.claim(recalled.returned, units(8_192, 100));
    let end = recalled.terminate();
    recalled.world.ledger.execute(&claim);
    recalled.world.ledger.execute(&end);
    recalled.let_claims_end();
    recalled
}

#[test]
fn gives_all_that_is_left_back_and_closes_the_vault() {
    let recalled = ended();
    let mut world = recalled.world.clone();
    let (token, maker, payer) = (recalled.token, world.manufacturer.key, world.payer);
    let tranche = address::tranche(&recalled.recall, 0);
    let vault = address::vault(&tranche);
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
    let funded: Tranche = world.ledger.read(tranche);
    assert_eq!(
        (funded.withdrawn, funded.withdrawn_at),
        (rest + 7, NOW + CLAIM_PERIOD)
    );
    // The vault is closed: nothing is withdrawn or claimed any more.
    let claim = recalled.claim(recalled.destroyed, units(8_300, 1));
    for late in [instruction, claim] {
        world
            .ledger
            .refuse(&late, ProgramError::AccountDataTooSmall);
    }
}

#[test]
fn claims_are_paid_until_the_rest_is_given_back() {
    let recalled = ended();
    let mut world = recalled.world.clone();
    let claim = recalled.claim(recalled.destroyed, units(8_300, 100));
    world.ledger.execute(&claim);
    assert_eq!(world.balance(recalled.receiver), 200 * UNIT_PRICE);
    world.ledger.execute(&recalled.withdraw());
    let tranche: Tranche = world.ledger.read(address::tranche(&recalled.recall, 0));
    assert_eq!(tranche.withdrawn, FUNDED - 200 * UNIT_PRICE);
}

#[test]
fn a_tokens_account_in_the_vaults_place_brings_nothing_back() {
    let recalled = ended();
    let mut world = recalled.world.clone();
    world.ledger.execute(&recalled.withdraw());
    let tranche = address::tranche(&recalled.recall, 0);
    let vault = address::vault(&tranche);
    // As if somebody could make one at the vault's address again.
    let other = world.ledger.account(recalled.source);
    world.ledger.set_account(vault, other);
    for late in [
        recalled.withdraw(),
        recalled.claim(recalled.destroyed, units(8_300, 1)),
    ] {
        world.ledger.refuse(&late, RecallError::TrancheWithdrawn);
    }
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
    let funding = Funding {
        units: units(8_000, 1_000),
        unit_price: UNIT_PRICE,
    };
    for instruction in [
        fund(key, manufacturer, &recalled.read(), token, source, funding),
        terminate(regulator, recall, Some(DOCUMENT)),
    ] {
        recalled.world.ledger.execute(&instruction);
    }
    recalled.let_claims_end();
    let instruction = withdraw(manufacturer, recall, 0, token, source, key);
    recalled.world.ledger.execute(&instruction);
    let tranche: Tranche = recalled.world.ledger.read(address::tranche(&recall, 0));
    assert_eq!(tranche.withdrawn, FUNDED);
}

#[test]
fn refuses_before_the_end_and_for_180_days_after_it() {
    let mut recalled = RecalledWorld::funded();
    let withdrawal = recalled.withdraw();
    let (end, reopening) = (recalled.terminate(), recalled.reopen());
    let ledger = &mut recalled.world.ledger;
    ledger.refuse(&withdrawal, RecallError::RecallNotTerminated);
    ledger.set_time(NOW + CLAIM_PERIOD);
    ledger.refuse(&withdrawal, RecallError::RecallNotTerminated);
    ledger.execute(&end);
    ledger.set_time(NOW + 2 * CLAIM_PERIOD - 1);
    ledger.refuse(&withdrawal, RecallError::ClaimsOpen);
    // With a reopened recall, the time begins anew when it ends.
    ledger.execute(&reopening);
    ledger.set_time(NOW + 2 * CLAIM_PERIOD);
    ledger.refuse(&withdrawal, RecallError::RecallNotTerminated);
    ledger.execute(&end);
    ledger.refuse(&withdrawal, RecallError::ClaimsOpen);
    ledger.set_time(NOW + 3 * CLAIM_PERIOD);
    ledger.execute(&withdrawal);
}

#[test]
fn refuses_anybody_but_who_funded() {
    let recalled = ended();
    let mut world = recalled.world.clone();
    // Not even another site of its firm.
    world.join_firm(world.other_manufacturer, world.manufacturer);
    for site in [
        world.regulator,
        world.other_manufacturer,
        world.wholesaler,
        world.pharmacy,
    ] {
        let (payer, token) = (world.payer, recalled.token);
        let own = world.token_account(&format!("of {}", site.gln), token, site.key, 0);
        let other = withdraw(site, recalled.recall, 0, token, own, payer);
        world.ledger.refuse(&other, RecallError::NotManufacturer);
    }
    let maker = world.manufacturer;
    let instruction = recalled.withdraw();
    refuse_other_signers(&mut world.ledger, &instruction, maker);
    let tranche = address::tranche(&recalled.recall, 0);
    world
        .ledger
        .refuse_stand_ins(&instruction, &[maker.partner, recalled.recall, tranche]);
    let mut suspended = world.clone();
    suspended.suspend(maker);
    suspended
        .ledger
        .refuse(&instruction, RecallError::SiteSuspended);
}

#[test]
fn refuses_another_receiver_vault_recall_or_payer() {
    let recalled = ended();
    let mut world = recalled.world.clone();
    let vault = address::vault(&address::tranche(&recalled.recall, 0));
    let maker = world.manufacturer.key;
    let own = world.token_account("own vault", recalled.token, maker, 5);
    let foreign = world.token("foreign coin", TOKEN, &[]);
    let other_recall = world.next_recall(world.other_goods);
    let opening = open(
        world.payer,
        world.regulator,
        other_recall,
        recall_terms(),
        notice(),
    );
    world.ledger.execute(&opening);
    let instruction = recalled.withdraw();
    for (account, other, refusal) in [
        (
            recalled.source,
            recalled.receiver,
            RecallError::NotSitesTokenAccount,
        ),
        (vault, own, RecallError::NotTranchesVault),
        (
            recalled.token.mint,
            foreign.mint,
            RecallError::NotTranchesMint,
        ),
        (
            recalled.recall,
            other_recall.address(),
            RecallError::NotRecallsTranche,
        ),
        (world.payer, world.operator, RecallError::NotPayer),
    ] {
        let other = instruction.clone().replacing(account, other);
        world.ledger.refuse(&other, refusal);
    }
    world.freeze(recalled.token, vault);
    world.ledger.refuse(&instruction, RecallError::VaultFrozen);
}
