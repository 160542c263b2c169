use anchor_lang::prelude::ProgramError;
use anchor_spl::token_2022::spl_token_2022::{
    error::TokenError,
    extension::{
        ExtensionType,
        memo_transfer::instruction::{
            disable_required_transfer_memos, enable_required_transfer_memos,
        },
    },
};
use pedigree_interface::instruction::recall::{Token, claim, respond};
use program_tests::{
    address,
    alter::Alter,
    recalled::{FUNDED, RecalledWorld, UNIT_PRICE, count, units},
    token::{TOKEN, TOKEN_2022},
};
use recall::{Recall, RecallError, Response};

use crate::refuse_other_signers;

#[test]
fn pays_for_units_once() {
    let recalled = RecalledWorld::funded();
    let mut world = recalled.world.clone();
    for (evidence, range, count, paid) in [
        (recalled.returned, units(8_192, 108), 108, 108),
        (recalled.destroyed, units(8_300, 100), 100, 208),
        (recalled.returned, units(8_100, 92), 92, 300),
    ] {
        let instruction = recalled.claim(evidence, range);
        world.ledger.execute(&instruction);
        assert_eq!(world.balance(recalled.receiver), paid * UNIT_PRICE);
        let vault = address::vault(&recalled.recall);
        assert_eq!(world.balance(vault), FUNDED - paid * UNIT_PRICE);
        let recall: Recall = world.ledger.read(recalled.recall);
        assert_eq!(recall.paid, paid * UNIT_PRICE);
        assert_eq!(u64::from(recall.paid_units), paid);
        assert_eq!(
            u64::from(recall.shown_returned + recall.shown_destroyed),
            paid
        );
        assert!(count <= paid);
        world.ledger.refuse(&instruction, RecallError::AlreadyPaid);
        let again = recalled.prove(evidence, units(range.first, 1));
        world.ledger.refuse(&again, RecallError::AlreadyShown);
    }
    let response: Response = world
        .ledger
        .read(address::response(&recalled.recall, &world.pharmacy.partner));
    assert_eq!((response.paid, response.received), (300, 300 * UNIT_PRICE));
    assert_eq!(
        (response.shown_returned, response.shown_destroyed),
        (200, 100)
    );
}

#[test]
fn what_was_proven_is_paid_and_not_counted_again() {
    let recalled = RecalledWorld::funded();
    let mut world = recalled.world.clone();
    let proof = recalled.prove(recalled.returned, units(8_200, 50));
    world.ledger.execute(&proof);
    world
        .ledger
        .execute(&recalled.claim(recalled.returned, units(8_192, 108)));
    let recall: Recall = world.ledger.read(recalled.recall);
    assert_eq!((recall.shown_returned, recall.paid_units), (108, 108));
}

#[test]
fn refuses_units_of_which_one_is_paid() {
    let recalled = RecalledWorld::funded();
    let mut world = recalled.world.clone();
    world
        .ledger
        .execute(&recalled.claim(recalled.returned, units(8_250, 1)));
    for range in [
        units(8_192, 108),
        units(8_249, 2),
        units(8_250, 1),
        units(8_250, 50),
    ] {
        let instruction = recalled.claim(recalled.returned, range);
        world.ledger.refuse(&instruction, RecallError::AlreadyPaid);
    }
}

#[test]
fn pays_either_programs_tokens() {
    for program in [TOKEN, TOKEN_2022] {
        let mut recalled = RecalledWorld::new();
        let maker = recalled.world.manufacturer.key;
        let pharmacy = recalled.world.pharmacy.key;
        let world = &mut recalled.world;
        recalled.token = world.token("other coin", program, &[]);
        recalled.source = world.token_account("other source", recalled.token, maker, 1_000);
        recalled.receiver = world.token_account("other receiver", recalled.token, pharmacy, 0);
        let instructions = [
            recalled.fund(1_000, 3),
            recalled.claim(recalled.returned, units(8_192, 100)),
            recalled.terminate(),
            recalled.withdraw(),
        ];
        for instruction in &instructions {
            recalled.world.ledger.execute(instruction);
        }
        assert_eq!(recalled.world.balance(recalled.receiver), 300);
        assert_eq!(recalled.world.balance(recalled.source), 700);
    }
}

/// Such as wallets make: the owner of an associated token account never changes.
#[test]
fn pays_accounts_with_extensions() {
    let mut recalled = RecalledWorld::new();
    let maker = recalled.world.manufacturer.key;
    let pharmacy = recalled.world.pharmacy.key;
    let world = &mut recalled.world;
    let token = world.token("other coin", TOKEN_2022, &[]);
    let own = [ExtensionType::ImmutableOwner, ExtensionType::MemoTransfer];
    recalled.token = token;
    recalled.source = world.extended_token_account("other source", token, maker, 1_000, &own);
    recalled.receiver = world.extended_token_account("other receiver", token, pharmacy, 0, &own);
    let memo = |is_needed: bool| {
        let receiver = recalled.receiver;
        let change = if is_needed {
            enable_required_transfer_memos
        } else {
            disable_required_transfer_memos
        };
        change(&TOKEN_2022, &receiver, &pharmacy, &[]).unwrap()
    };
    let (asking, not_asking) = (memo(true), memo(false));
    let funding = recalled.fund(1_000, 3);
    let claim = recalled.claim(recalled.returned, units(8_192, 100));
    let ledger = &mut recalled.world.ledger;
    ledger.execute(&funding);
    // Who wants a memo with each payment gets none from a recall, and loses nothing.
    ledger.execute(&asking);
    ledger.refuse(&claim, ProgramError::Custom(TokenError::NoMemo as u32));
    ledger.execute(&not_asking);
    ledger.execute(&claim);
    assert_eq!(recalled.world.balance(recalled.receiver), 300);
    for instruction in [recalled.terminate(), recalled.withdraw()] {
        recalled.world.ledger.execute(&instruction);
    }
    assert_eq!(recalled.world.balance(recalled.source), 700);
}

#[test]
fn refuses_what_the_vault_cannot_pay() {
    let mut recalled = RecalledWorld::new();
    let funding = recalled.fund(99, 1);
    recalled.world.ledger.execute(&funding);
    let (token, source) = (recalled.token, recalled.source);
    let maker = recalled.world.manufacturer.key;
    // What comes to the vault past the program counts with the next funding.
    let vault = address::vault(&recalled.recall);
    recalled.world.send(token, source, maker, vault, 50);
    let whole = recalled.claim(recalled.returned, units(8_192, 100));
    let refused = &mut recalled.world.ledger;
    refused.refuse(&whole, RecallError::VaultShort);
    let funding = recalled.fund(1, 1);
    recalled.world.ledger.execute(&funding);
    recalled.world.ledger.execute(&whole);
    let recall: Recall = recalled.world.ledger.read(recalled.recall);
    assert_eq!((recall.funded, recall.paid), (150, 100));
}

#[test]
fn refuses_a_price_that_cannot_be_counted() {
    let mut recalled = RecalledWorld::new();
    let funding = recalled.fund(1, u64::MAX);
    recalled.world.ledger.execute(&funding);
    for (quantity, refusal) in [
        (1, RecallError::VaultShort),
        (2, RecallError::AmountTooLarge),
        (108, RecallError::AmountTooLarge),
    ] {
        let instruction = recalled.claim(recalled.returned, units(8_192, quantity));
        recalled.world.ledger.refuse(&instruction, refusal);
    }
}

#[test]
fn refuses_frozen_accounts_until_they_are_thawed() {
    let recalled = RecalledWorld::funded();
    let mut world = recalled.world.clone();
    let vault = address::vault(&recalled.recall);
    let instruction = recalled.claim(recalled.returned, units(8_192, 100));
    for (account, refusal) in [
        (vault, RecallError::VaultFrozen),
        (recalled.receiver, RecallError::ReceiverFrozen),
    ] {
        world.freeze(recalled.token, account);
        world.ledger.refuse(&instruction, refusal);
        world.thaw(recalled.token, account);
    }
    world.ledger.execute(&instruction);
}

#[test]
fn refuses_another_receiver_vault_mint_or_program() {
    let recalled = RecalledWorld::funded();
    let mut world = recalled.world.clone();
    let RecalledWorld {
        token, receiver, ..
    } = recalled;
    let (pharmacy, payer) = (world.pharmacy.key, world.payer);
    let vault = address::vault(&recalled.recall);
    let foreign = world.token("foreign coin", TOKEN, &[]);
    let newer = world.token("newer coin", TOKEN_2022, &[]);
    let not_its = world.token_account("stranger's", token, payer, 0);
    let foreign_receiver = world.token_account("foreign receiver", foreign, pharmacy, 0);
    let newer_receiver = world.token_account("newer receiver", newer, pharmacy, 0);
    let own = world.token_account("own vault", token, pharmacy, FUNDED);
    let instruction = recalled.claim(recalled.returned, units(8_192, 100));
    for (account, other, refusal) in [
        (receiver, not_its, RecallError::NotSitesTokenAccount),
        (receiver, recalled.source, RecallError::NotSitesTokenAccount),
        (receiver, foreign_receiver, RecallError::OtherMint),
        (receiver, newer_receiver, RecallError::OtherMint),
        (vault, own, RecallError::NotRecallsVault),
        (vault, not_its, RecallError::NotRecallsVault),
        (token.mint, foreign.mint, RecallError::NotRecallsMint),
        (token.mint, newer.mint, RecallError::NotRecallsMint),
        (TOKEN, TOKEN_2022, RecallError::NotMintsProgram),
        (TOKEN, recall::ID, RecallError::NotMintsProgram),
    ] {
        let other = instruction.clone().replacing(account, other);
        world.ledger.refuse(&other, refusal);
    }
    // A token account that another program made up.
    let mut made_up = world.ledger.account(receiver);
    made_up.owner = custody::ID;
    world.ledger.set_account(receiver, made_up);
    world
        .ledger
        .refuse(&instruction, ProgramError::IllegalOwner);
}

#[test]
fn the_manufacturer_is_not_paid() {
    let recalled = RecalledWorld::funded();
    let mut world = recalled.world.clone();
    let (payer, maker) = (world.payer, world.manufacturer);
    let answer = respond(payer, maker, recalled.recall, count());
    world.ledger.execute(&answer);
    let instruction = claim(
        payer,
        maker,
        recalled.recall,
        recalled.returned,
        units(8_192, 1),
        recalled.token,
        recalled.source,
    );
    world
        .ledger
        .refuse(&instruction, RecallError::ManufacturerPays);
}

#[test]
fn refuses_without_escrow_and_after_the_end() {
    let recalled = RecalledWorld::new();
    let mut world = recalled.world.clone();
    // Somebody else's token account where a vault would be.
    let Token { .. } = recalled.token;
    let instruction = recalled
        .claim(recalled.returned, units(8_192, 1))
        .replacing(address::vault(&recalled.recall), recalled.source);
    world.ledger.refuse(&instruction, RecallError::NoEscrow);

    let recalled = RecalledWorld::funded();
    let mut world = recalled.world.clone();
    world.ledger.execute(&recalled.terminate());
    let instruction = recalled.claim(recalled.returned, units(8_192, 1));
    world
        .ledger
        .refuse(&instruction, RecallError::RecallTerminated);
}

#[test]
fn refuses_other_signers_and_wrong_accounts() {
    let recalled = RecalledWorld::funded();
    let mut world = recalled.world.clone();
    let pharmacy = world.pharmacy;
    let instruction = recalled.claim(recalled.returned, units(8_192, 1));
    let response = address::response(&recalled.recall, &pharmacy.partner);
    world
        .ledger
        .refuse_stand_ins(&instruction, &[pharmacy.partner, recalled.recall, response]);
    refuse_other_signers(&mut world.ledger, &instruction, pharmacy);
}
