use anchor_lang::{ErrorCode, prelude::ProgramError};
use anchor_spl::token_2022::spl_token_2022::{
    error::TokenError,
    extension::{
        ExtensionType, default_account_state::instruction::initialize_default_account_state,
        interest_bearing_mint, metadata_pointer, pausable,
        transfer_fee::instruction::initialize_transfer_fee_config, transfer_hook,
    },
    instruction::{
        initialize_mint_close_authority, initialize_non_transferable_mint,
        initialize_permanent_delegate,
    },
    state::AccountState,
};
use pedigree_interface::instruction::recall::{Funding, fund};
use program_tests::{
    address,
    alter::Alter,
    recalled::{FUNDED, RecalledWorld, UNIT_PRICE},
    token::{Extension, TOKEN, TOKEN_2022},
};
use recall::{Recall, RecallError};
use solana_sdk_ids::system_program;

use crate::refuse_other_signers;

/// The token programs' refusal to move tokens that the signer does not own.
const NOT_OWNER: ProgramError = ProgramError::Custom(TokenError::OwnerMismatch as u32);

/// Extensions with which the vault might not pay what it was given.
const REFUSED: [(Extension, RecallError); 6] = [
    (
        (ExtensionType::TransferFeeConfig, |program, mint| {
            initialize_transfer_fee_config(program, mint, None, None, 100, 1_000).unwrap()
        }),
        RecallError::MintTakesFees,
    ),
    (
        (ExtensionType::TransferHook, |program, mint| {
            transfer_hook::instruction::initialize(program, mint, None, Some(custody::ID)).unwrap()
        }),
        RecallError::MintHasHook,
    ),
    (
        (ExtensionType::NonTransferable, |program, mint| {
            initialize_non_transferable_mint(program, mint).unwrap()
        }),
        RecallError::MintNotTransferable,
    ),
    (
        (ExtensionType::PermanentDelegate, |program, mint| {
            initialize_permanent_delegate(program, mint, &custody::ID).unwrap()
        }),
        RecallError::MintHasDelegate,
    ),
    (
        (ExtensionType::DefaultAccountState, |program, mint| {
            initialize_default_account_state(program, mint, &AccountState::Frozen).unwrap()
        }),
        RecallError::MintFreezesAccounts,
    ),
    (
        (ExtensionType::Pausable, |program, mint| {
            pausable::instruction::initialize(program, mint, &custody::ID).unwrap()
        }),
        RecallError::MintPausable,
    ),
];

/// Extensions that take nothing away.
const HARMLESS: [Extension; 4] = [
    (ExtensionType::MintCloseAuthority, |program, mint| {
        initialize_mint_close_authority(program, mint, Some(&custody::ID)).unwrap()
    }),
    (ExtensionType::InterestBearingConfig, |program, mint| {
        interest_bearing_mint::instruction::initialize(program, mint, None, 100).unwrap()
    }),
    (ExtensionType::MetadataPointer, |program, mint| {
        metadata_pointer::instruction::initialize(program, mint, None, Some(*mint)).unwrap()
    }),
    (ExtensionType::DefaultAccountState, |program, mint| {
        initialize_default_account_state(program, mint, &AccountState::Initialized).unwrap()
    }),
];

#[test]
fn the_first_funding_makes_the_vault_and_names_token_and_price() {
    let recalled = RecalledWorld::new();
    let mut world = recalled.world.clone();
    let vault = address::vault(&recalled.recall);
    let before: Recall = world.ledger.read(recalled.recall);
    world.ledger.execute(&recalled.fund(FUNDED, UNIT_PRICE));
    let recall: Recall = world.ledger.read(recalled.recall);
    let mut expected = before;
    expected.mint = recalled.token.mint;
    expected.vault = vault;
    expected.vault_payer = world.payer;
    expected.vault_bump = address::bump(&[b"vault", recalled.recall.as_ref()], &recall::ID);
    expected.unit_price = UNIT_PRICE;
    expected.funded = FUNDED;
    assert_eq!(bytemuck::bytes_of(&recall), bytemuck::bytes_of(&expected));
    assert_eq!(world.balance(vault), FUNDED);
    let owner = world.ledger.account(vault).data[32..64].to_vec();
    assert_eq!(owner, recalled.recall.to_bytes());
}

#[test]
fn a_vault_is_made_where_somebody_sent_lamports() {
    let recalled = RecalledWorld::new();
    let vault = address::vault(&recalled.recall);
    for lamports in [1_000_000, 50_000_000] {
        let mut world = recalled.world.clone();
        world.ledger.fund(vault, lamports);
        world.ledger.execute(&recalled.fund(10, 1));
        assert_eq!(world.balance(vault), 10);
    }
}

#[test]
fn the_price_may_rise_only() {
    let recalled = RecalledWorld::funded();
    let mut world = recalled.world.clone();
    for price in [0, UNIT_PRICE - 1] {
        let lower = recalled.fund(1, price);
        world.ledger.refuse(&lower, RecallError::PriceLowered);
    }
    world.ledger.execute(&recalled.fund(1, UNIT_PRICE));
    world.ledger.execute(&recalled.fund(2, UNIT_PRICE + 1));
    let recall: Recall = world.ledger.read(recalled.recall);
    assert_eq!(recall.funded, FUNDED + 3);
    assert_eq!(recall.unit_price, UNIT_PRICE + 1);
    let nothing = recalled.fund(0, 2 * UNIT_PRICE);
    world.ledger.refuse(&nothing, RecallError::NothingFunded);
    let free = RecalledWorld::new();
    let unpriced = free.fund(1, 0);
    free.world
        .ledger
        .clone()
        .refuse(&unpriced, RecallError::PriceLowered);
}

#[test]
fn refuses_mints_that_may_not_pay_in_full() {
    for (extension, refusal) in REFUSED {
        let mut recalled = RecalledWorld::new();
        let maker = recalled.world.manufacturer.key;
        recalled.token = recalled.world.token("odd coin", TOKEN_2022, &[extension]);
        recalled.source = recalled
            .world
            .token_account("odd source", recalled.token, maker, 0);
        let funding = recalled.fund(1, 1);
        recalled.world.ledger.refuse(&funding, refusal);
    }
}

#[test]
fn takes_mints_with_harmless_extensions() {
    for extension in HARMLESS {
        let mut recalled = RecalledWorld::new();
        let maker = recalled.world.manufacturer.key;
        recalled.token = recalled.world.token("fine coin", TOKEN_2022, &[extension]);
        recalled.source = recalled
            .world
            .token_account("fine source", recalled.token, maker, 10);
        let funding = recalled.fund(10, 1);
        recalled.world.ledger.execute(&funding);
    }
}

#[test]
fn refuses_an_extension_that_nobody_knows() {
    let mut recalled = RecalledWorld::new();
    let maker = recalled.world.manufacturer.key;
    let world = &mut recalled.world;
    recalled.token = world.token("new coin", TOKEN_2022, &[HARMLESS[0]]);
    recalled.source = world.token_account("new source", recalled.token, maker, 10);
    // The extension's type is right behind the account's.
    let mut mint = world.ledger.account(recalled.token.mint);
    mint.data[166..168].copy_from_slice(&999u16.to_le_bytes());
    world.ledger.set_account(recalled.token.mint, mint);
    let funding = recalled.fund(1, 1);
    recalled
        .world
        .ledger
        .refuse(&funding, RecallError::MintUnknownExtension);
}

#[test]
fn refuses_frozen_accounts() {
    let recalled = RecalledWorld::funded();
    let mut world = recalled.world.clone();
    let funding = recalled.fund(1, UNIT_PRICE);
    for (account, refusal) in [
        (address::vault(&recalled.recall), RecallError::VaultFrozen),
        (recalled.source, RecallError::SourceFrozen),
    ] {
        world.freeze(recalled.token, account);
        world.ledger.refuse(&funding, refusal);
        world.thaw(recalled.token, account);
    }
    world.ledger.execute(&funding);
}

#[test]
fn refuses_another_mint_source_or_program() {
    let recalled = RecalledWorld::funded();
    let mut world = recalled.world.clone();
    let maker = world.manufacturer.key;
    let foreign = world.token("foreign coin", TOKEN, &[]);
    let foreign_source = world.token_account("foreign source", foreign, maker, 10);
    let funding = recalled.fund(1, UNIT_PRICE);
    let other = funding
        .clone()
        .replacing(recalled.token.mint, foreign.mint)
        .replacing(recalled.source, foreign_source);
    world.ledger.refuse(&other, RecallError::NotRecallsMint);
    let other = funding.clone().replacing(recalled.source, foreign_source);
    world.ledger.refuse(&other, RecallError::OtherMint);
    let other = funding.clone().replacing(TOKEN, TOKEN_2022);
    world.ledger.refuse(&other, RecallError::NotMintsProgram);
    // Nobody's tokens but the signer's.
    let payers = world.token_account("payer's", recalled.token, world.payer, 10);
    let other = funding.replacing(recalled.source, payers);
    world.ledger.refuse(&other, NOT_OWNER);
    let vault = address::vault(&recalled.recall);
    assert_eq!(world.balance(vault), FUNDED);
}

#[test]
fn refuses_anybody_but_the_manufacturer_and_a_terminated_recall() {
    let recalled = RecalledWorld::new();
    let mut world = recalled.world.clone();
    for site in [
        world.regulator,
        world.other_manufacturer,
        world.wholesaler,
        world.pharmacy,
        world.other_pharmacy,
    ] {
        let (payer, token) = (world.payer, recalled.token);
        let funding = fund(
            payer,
            site,
            recalled.recall,
            token,
            recalled.source,
            Funding {
                amount: 1,
                unit_price: 1,
            },
        );
        world.ledger.refuse(&funding, RecallError::NotManufacturer);
    }
    let maker = world.manufacturer;
    let funding = recalled.fund(1, 1);
    refuse_other_signers(&mut world.ledger, &funding, maker);
    world
        .ledger
        .refuse_stand_ins(&funding, &[maker.partner, recalled.recall]);
    let vault = address::vault(&recalled.recall);
    let misplaced = funding.clone().replacing(vault, recalled.receiver);
    world.ledger.refuse(&misplaced, ErrorCode::ConstraintSeeds);
    let no_system = funding.clone().replacing(system_program::ID, custody::ID);
    world
        .ledger
        .refuse(&no_system, ProgramError::IncorrectProgramId);
    world.ledger.execute(&recalled.terminate());
    world.ledger.refuse(&funding, RecallError::RecallTerminated);
}
