use anchor_lang::prelude::ProgramError;
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
use pedigree_domain::Permissions;
use pedigree_interface::{
    Site,
    instruction::recall::{Funding, fund},
};
use program_tests::{
    address,
    alter::Alter,
    ledger::NOW,
    recalled::{RecalledWorld, UNIT_PRICE, units},
    token::{Extension, TOKEN, TOKEN_2022},
    world::World,
};
use recall::{Recall, RecallError, Tranche};

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
fn reserves_the_price_of_the_units_in_a_vault_of_their_own() {
    let mut recalled = RecalledWorld::new();
    let wider = recalled.expand(units(8_000, 1_200));
    recalled.world.ledger.execute(&wider);
    recalled.world.ledger.set_time(NOW + 100);
    for number in 0..3u32 {
        let mut world = recalled.world.clone();
        let maker = world.manufacturer.gln.number();
        let tranche = address::tranche(&recalled.recall, number);
        let vault = address::vault(&tranche);
        let seed = number.to_le_bytes();
        let (first, quantity) = (8_000 + 100 * number, 1_000 - 100 * number);
        let unit_price = UNIT_PRICE + u64::from(number);
        let expected = Tranche {
            recall: recalled.recall,
            mint: recalled.token.mint,
            vault,
            payer: world.payer,
            funder: maker,
            firm: maker,
            maker_firm: maker,
            unit_price,
            funded_at: NOW + 100,
            withdrawn_at: 0,
            withdrawn: 0,
            number,
            scope: 1,
            first,
            quantity,
            paid_units: 0,
            bump: address::bump(&[b"tranche", recalled.recall.as_ref(), &seed], &recall::ID),
            vault_bump: address::bump(&[b"vault", tranche.as_ref()], &recall::ID),
            _padding: [0; 2],
        };
        let before = recalled.read();
        let source = world.balance(recalled.source);
        let funding = recalled.fund(units(first, quantity), unit_price);
        world.ledger.execute(&funding);
        let funded: Tranche = world.ledger.read(tranche);
        assert_eq!(bytemuck::bytes_of(&funded), bytemuck::bytes_of(&expected));
        let reserve = u64::from(quantity) * unit_price;
        assert_eq!(world.balance(vault), reserve);
        assert_eq!(world.balance(recalled.source), source - reserve);
        let owner = world.ledger.account(vault).data[32..64].to_vec();
        assert_eq!(owner, tranche.to_bytes());
        let recall: Recall = world.ledger.read(recalled.recall);
        let counted = Recall {
            tranches: number + 1,
            ..before
        };
        assert_eq!(bytemuck::bytes_of(&recall), bytemuck::bytes_of(&counted));
        // Nothing but what another tranche costs is needed for the next one.
        let cheap = recalled.fund(units(8_000, 1), 1);
        recalled.world.ledger.execute(&cheap);
    }
}

#[test]
fn a_tranche_and_its_vault_are_made_where_somebody_sent_lamports() {
    let recalled = RecalledWorld::new();
    let tranche = address::tranche(&recalled.recall, 0);
    let vault = address::vault(&tranche);
    for lamports in [1_000_000, 50_000_000] {
        let mut world = recalled.world.clone();
        world.ledger.fund(vault, lamports);
        world.ledger.fund(tranche, lamports);
        world.ledger.execute(&recalled.fund(units(8_000, 10), 1));
        assert_eq!(world.balance(vault), 10);
    }
}

#[test]
fn refuses_terms_that_cannot_be_kept() {
    let recalled = RecalledWorld::new();
    let mut world = recalled.world.clone();
    // The token programs' refusal: the manufacturer has less.
    let poor = ProgramError::Custom(TokenError::InsufficientFunds as u32);
    for (range, price, refusal) in [
        (units(8_000, 0), 1, RecallError::NoUnits.into()),
        (units(7_999, 1), 1, RecallError::RangeOutsideRecall.into()),
        (units(9_000, 1), 1, RecallError::RangeOutsideRecall.into()),
        (
            units(8_000, 1_001),
            1,
            RecallError::RangeOutsideRecall.into(),
        ),
        (
            units(8_000, u32::MAX),
            1,
            RecallError::RangeOutsideRecall.into(),
        ),
        (units(8_000, 1), 0, RecallError::NoPrice.into()),
        (units(8_000, 1), u64::MAX, poor.clone()),
        (
            units(8_000, 2),
            u64::MAX,
            RecallError::AmountTooLarge.into(),
        ),
        (
            units(8_000, 1_000),
            u64::MAX / 999,
            RecallError::AmountTooLarge.into(),
        ),
        (units(8_000, 1_000), 2 * UNIT_PRICE + 1, poor),
    ] {
        let funding = recalled.fund(range, price);
        let refusal: ProgramError = refusal;
        world.ledger.refuse(&funding, refusal);
    }
    // None of these stops another funding.
    world
        .ledger
        .execute(&recalled.fund(units(8_000, 1_000), UNIT_PRICE));
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
        let funding = recalled.fund(units(8_000, 1), 1);
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
        let funding = recalled.fund(units(8_000, 10), 1);
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
    let funding = recalled.fund(units(8_000, 1), 1);
    recalled
        .world
        .ledger
        .refuse(&funding, RecallError::MintUnknownExtension);
}

#[test]
fn refuses_a_frozen_source() {
    let recalled = RecalledWorld::new();
    let mut world = recalled.world.clone();
    let funding = recalled.fund(units(8_000, 1), UNIT_PRICE);
    world.freeze(recalled.token, recalled.source);
    world.ledger.refuse(&funding, RecallError::SourceFrozen);
    world.thaw(recalled.token, recalled.source);
    world.ledger.execute(&funding);
}

#[test]
fn refuses_another_source_or_program() {
    let recalled = RecalledWorld::new();
    let mut world = recalled.world.clone();
    let maker = world.manufacturer.key;
    let foreign = world.token("foreign coin", TOKEN, &[]);
    let foreign_source = world.token_account("foreign source", foreign, maker, 10);
    let funding = recalled.fund(units(8_000, 1), 1);
    let other = funding.clone().replacing(recalled.source, foreign_source);
    world.ledger.refuse(&other, RecallError::OtherMint);
    let other = funding.clone().replacing(TOKEN, TOKEN_2022);
    world.ledger.refuse(&other, RecallError::NotMintsProgram);
    // Nobody's tokens but the signer's.
    let payers = world.token_account("payer's", recalled.token, world.payer, 10);
    let other = funding.clone().replacing(recalled.source, payers);
    world.ledger.refuse(&other, NOT_OWNER);
    // Each tranche pays in a token of its own.
    world.ledger.execute(&funding);
    let mut other = recalled.clone();
    other.world = world;
    (other.token, other.source) = (foreign, foreign_source);
    let funding = other.fund(units(8_000, 1), 1);
    other.world.ledger.execute(&funding);
}

#[test]
fn refuses_anybody_but_the_manufacturers_firm_and_who_holds_the_product() {
    let recalled = RecalledWorld::new();
    let mut world = recalled.world.clone();
    let by = |world: &World, site: Site| {
        let recall: Recall = world.ledger.read(recalled.recall);
        let funding = Funding {
            units: units(8_000, 1),
            unit_price: 1,
        };
        fund(
            world.payer,
            site,
            &recall,
            recalled.token,
            recalled.source,
            funding,
        )
    };
    for site in [
        world.regulator,
        world.other_manufacturer,
        world.wholesaler,
        world.pharmacy,
        world.other_pharmacy,
    ] {
        let funding = by(&world, site);
        world.ledger.refuse(&funding, RecallError::NotManufacturer);
    }
    // A sister site, and who took the product over, with tokens of their own.
    for is_sister in [true, false] {
        let mut world = world.clone();
        let site = world.other_manufacturer;
        if is_sister {
            world.join_firm(site, world.manufacturer);
        } else {
            world.hand_over_product(site);
        }
        let own = world.token_account("own source", recalled.token, site.key, 10);
        let funding = by(&world, site).replacing(recalled.source, own);
        world.ledger.execute(&funding);
        let tranche: Tranche = world.ledger.read(address::tranche(&recalled.recall, 0));
        let firm = if is_sister { world.manufacturer } else { site };
        assert_eq!(tranche.funder(), site.gln);
        assert_eq!(tranche.firm, firm.gln.number());
        assert_eq!(tranche.maker_firm, world.manufacturer.gln.number());
    }
    let maker = world.manufacturer;
    let funding = by(&world, maker);
    world.ledger.refuse_stand_ins(&funding, &[world.product]);
    let another_product = funding
        .clone()
        .replacing(world.product, world.other_product);
    world
        .ledger
        .refuse(&another_product, RecallError::NotRecallsProduct);
    world.ledger.refuse_unsigned(&funding, &[maker.key]);
    let tranche = address::tranche(&recalled.recall, 0);
    for created in [tranche, address::vault(&tranche)] {
        world.ledger.refuse_misplaced(&funding, created);
    }
    let mut suspended = world.clone();
    suspended.suspend(maker);
    suspended
        .ledger
        .refuse(&funding, RecallError::SiteSuspended);
    // Who lost its licence may still pay what it owes.
    let mut revoked = world.clone();
    revoked.revoke(maker);
    revoked.ledger.execute(&funding);
    world.ledger.execute(&recalled.terminate());
    world.ledger.refuse(&funding, RecallError::RecallTerminated);
}

#[test]
fn a_head_office_that_joined_another_firm_still_funds_what_its_sites_recall() {
    let recalled = RecalledWorld::new();
    let mut world = recalled.world.clone();
    let (head_office, other) = (world.other_manufacturer, world.other_pharmacy);
    world.join_firm(world.manufacturer, head_office);
    world.join_firm(head_office, other);
    let recall: Recall = world.ledger.read(recalled.recall);
    let own = world.token_account("own source", recalled.token, head_office.key, 10);
    let funding = Funding {
        units: units(8_000, 1),
        unit_price: 1,
    };
    let (payer, token) = (world.payer, recalled.token);
    let by = |site: Site, source| fund(payer, site, &recall, token, source, funding);
    // Its new sisters have nothing to do with it.
    world
        .ledger
        .refuse(&by(other, recalled.source), RecallError::NotManufacturer);
    world.ledger.execute(&by(head_office, own));
    let tranche: Tranche = world.ledger.read(address::tranche(&recalled.recall, 0));
    assert_eq!(tranche.funder(), head_office.gln);
    assert_eq!(tranche.firm, other.gln.number());
    assert_eq!(tranche.maker_firm, head_office.gln.number());
}

#[test]
fn refuses_another_site_in_the_manufacturers_place() {
    let recalled = RecalledWorld::new();
    let mut world = recalled.world.clone();
    let (maker, other) = (world.manufacturer, world.other_manufacturer);
    let own = world.token_account("own source", recalled.token, other.key, 10);
    let mut funding = recalled
        .fund(units(8_000, 1), 1)
        .replacing(maker.key, other.key)
        .replacing(recalled.source, own);
    for meta in &mut funding.accounts {
        if meta.pubkey == maker.partner {
            meta.pubkey = other.partner;
        }
    }
    world.ledger.refuse(&funding, RecallError::NotManufacturer);
}

#[test]
fn only_the_sites_own_key_decides_what_is_paid() {
    let recalled = RecalledWorld::new();
    let mut world = recalled.world.clone();
    let maker = world.manufacturer;
    let desk = world.appoint(maker, "recall desk", Permissions::all());
    let own = world.token_account("own source", recalled.token, desk.key, 10);
    let funding = recalled
        .fund(units(8_000, 1), 1)
        .replacing(recalled.source, own);
    let listed = funding.accounts.len();
    let alone = funding.clone().replacing(maker.key, desk.key);
    for funding in [alone, desk.sign(funding, listed)] {
        world.ledger.refuse(&funding, RecallError::OwnKeyOnly);
    }
}
