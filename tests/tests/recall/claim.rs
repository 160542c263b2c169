use anchor_lang::{Address, ErrorCode, prelude::ProgramError};
use anchor_spl::token_2022::spl_token_2022::{
    error::TokenError,
    extension::{
        ExtensionType,
        memo_transfer::instruction::{
            disable_required_transfer_memos, enable_required_transfer_memos,
        },
    },
};
use pedigree_domain::Permissions;
use pedigree_interface::{
    TransferKind,
    instruction::{
        custody::accept,
        recall::{Claimed, Since, claim, open},
        registry::reinstate_partner,
    },
};
use program_tests::{
    address,
    alter::Alter,
    recalled::{FUNDED, RecalledWorld, UNIT_PRICE, notice, recall_terms, units},
    token::{TOKEN, TOKEN_2022},
    world::{World, terms},
};
use recall::{Claims, Recall, RecallError, Tranche};

use crate::Disqualification;

/// The vault of the recall's first tranche.
fn vault(recalled: &RecalledWorld) -> Address {
    address::vault(&address::tranche(&recalled.recall, 0))
}

#[test]
fn pays_for_units_once() {
    let recalled = RecalledWorld::funded();
    let mut world = recalled.world.clone();
    for (evidence, range, paid) in [
        (recalled.returned, units(8_192, 108), 108),
        (recalled.destroyed, units(8_300, 100), 208),
        (recalled.returned, units(8_100, 92), 300),
    ] {
        let instruction = recalled.claim(evidence, range);
        world.ledger.execute(&instruction);
        assert_eq!(world.balance(recalled.receiver), paid * UNIT_PRICE);
        let left = FUNDED - paid * UNIT_PRICE;
        assert_eq!(world.balance(vault(&recalled)), left);
        let tranche: Tranche = world.ledger.read(address::tranche(&recalled.recall, 0));
        assert_eq!(u64::from(tranche.paid_units), paid);
        world.ledger.refuse(&instruction, RecallError::AlreadyPaid);
    }
    let recall: Recall = world.ledger.read(recalled.recall);
    assert_eq!((recall.shown_returned, recall.shown_destroyed), (0, 0));
}

#[test]
fn records_which_units_are_paid_for() {
    let recalled = RecalledWorld::funded();
    let mut world = recalled.world.clone();
    let at = address::claims(&recalled.returned, 0);
    let seeds: &[&[u8]] = &[b"claims", recalled.returned.as_ref(), &[0; 4]];
    let mut claims: Claims = bytemuck::Zeroable::zeroed();
    claims.evidence = recalled.returned;
    claims.lot = world.goods.lot;
    claims.payer = world.payer;
    claims.owner = world.pharmacy.gln.number();
    claims.first = 8_100;
    claims.paid_units = 70;
    claims.bump = address::bump(seeds, &recall::ID);
    // Units 8,160 to 8,229.
    claims.paid[0] = 0xF << 60;
    claims.paid[1] = u64::MAX;
    claims.paid[2] = 0b11;
    let instruction = recalled.claim(recalled.returned, units(8_160, 70));
    world.clone().ledger.execute_prefunded(&instruction, &[at]);
    world.ledger.execute(&instruction);
    let recorded: Claims = world.ledger.read(at);
    assert_eq!(bytemuck::bytes_of(&recorded), bytemuck::bytes_of(&claims));
    assert!(recorded.is_paid(8_160) && recorded.is_paid(8_229));
    assert!(!recorded.is_paid(8_159) && !recorded.is_paid(8_230) && !recorded.is_paid(0));
    // Who is owed the rest is paid the rest.
    world
        .ledger
        .execute(&recalled.claim(recalled.returned, units(8_100, 60)));
    let rest = recalled.claim(recalled.returned, units(8_230, 70));
    world.ledger.execute(&rest);
    let recorded: Claims = world.ledger.read(at);
    assert_eq!((recorded.paid_units, recorded.paid[3]), (200, 0xFF));
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
fn many_units_are_claimed_page_by_page() {
    let mut recalled = RecalledWorld::new();
    let (wholesaler, lot) = (recalled.world.wholesaler, recalled.held);
    let wider = recalled.expand(units(0, 9_000));
    recalled.world.ledger.execute(&wider);
    // The last hundred were recalled at the opening.
    recalled.world.cut(wholesaler, lot, 100);
    let rest = recalled.world.cut(wholesaler, lot, 5_000);
    let manufacturer = recalled.world.manufacturer;
    let transfer =
        recalled
            .world
            .offer(wholesaler, manufacturer, rest, terms(TransferKind::Return));
    let acceptance = accept(manufacturer, rest.offered_by(wholesaler.gln));
    recalled.world.ledger.execute(&acceptance);
    let first = recalled.world.first_shown(transfer);
    let funding = recalled.fund(units(0, 9_000), 1);
    recalled.world.ledger.execute(&funding);
    let receiver =
        recalled
            .world
            .token_account("other receiver", recalled.token, wholesaler.key, 0);
    let claim_of = |units| {
        let claimed = Claimed {
            since: Since {
                scope: 1,
                narrowings: Vec::new(),
            },
            ..recalled.claimed(transfer, units)
        };
        let (payer, recall) = (recalled.world.payer, recalled.recall);
        claim(
            payer,
            wholesaler,
            recall,
            &claimed,
            recalled.token,
            receiver,
        )
    };
    let mut world = recalled.world.clone();
    for across in [units(first + 1_023, 2), units(first + 2_047, 1_025)] {
        world
            .ledger
            .refuse(&claim_of(across), RecallError::RangeOutsidePage);
    }
    for page in 0..5 {
        let quantity = 1_024.min(5_000 - page * 1_024);
        let whole = claim_of(units(first + page * 1_024, quantity));
        world.ledger.execute(&whole);
        let claims: Claims = world.ledger.read(address::claims(&transfer, page));
        assert_eq!((claims.page, claims.paid_units), (page, quantity));
        assert_eq!(claims.first, first + page * 1_024);
    }
    assert_eq!(world.balance(receiver), 5_000);
    // A page that is named wrongly is another page.
    let elsewhere = claim_of(units(first + 1_024, 1)).with_data(1, &0u32.to_le_bytes());
    world.ledger.refuse(&elsewhere, ErrorCode::ConstraintSeeds);
    let mut misnamed = elsewhere;
    for meta in &mut misnamed.accounts {
        if meta.pubkey == address::claims(&transfer, 1) {
            meta.pubkey = address::claims(&transfer, 0);
        }
    }
    world
        .ledger
        .refuse(&misnamed, RecallError::RangeOutsidePage);
    let far = claim_of(units(first, 1))
        .replacing(
            address::claims(&transfer, 0),
            address::claims(&transfer, u32::MAX),
        )
        .with_data(1, &u32::MAX.to_le_bytes());
    world.ledger.refuse(&far, RecallError::RangeOutsidePage);
}

#[test]
fn pays_either_programs_tokens() {
    for program in [TOKEN, TOKEN_2022] {
        let mut recalled = RecalledWorld::new();
        let maker = recalled.world.manufacturer.key;
        let pharmacy = recalled.world.pharmacy.key;
        let world = &mut recalled.world;
        recalled.token = world.token("other coin", program, &[]);
        recalled.source = world.token_account("other source", recalled.token, maker, 3_000);
        recalled.receiver = world.token_account("other receiver", recalled.token, pharmacy, 0);
        let instructions = [
            recalled.fund(units(8_000, 1_000), 3),
            recalled.claim(recalled.returned, units(8_192, 100)),
            recalled.terminate(),
        ];
        for instruction in &instructions {
            recalled.world.ledger.execute(instruction);
        }
        recalled.let_claims_end();
        let withdrawal = recalled.withdraw();
        recalled.world.ledger.execute(&withdrawal);
        assert_eq!(recalled.world.balance(recalled.receiver), 300);
        assert_eq!(recalled.world.balance(recalled.source), 2_700);
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
    recalled.source = world.extended_token_account("other source", token, maker, 3_000, &own);
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
    let funding = recalled.fund(units(8_000, 1_000), 3);
    let claim = recalled.claim(recalled.returned, units(8_192, 100));
    let ledger = &mut recalled.world.ledger;
    ledger.execute(&funding);
    // Who wants a memo with each payment gets none from a recall, and loses nothing.
    ledger.execute(&asking);
    ledger.refuse(&claim, ProgramError::Custom(TokenError::NoMemo as u32));
    ledger.execute(&not_asking);
    ledger.execute(&claim);
    assert_eq!(recalled.world.balance(recalled.receiver), 300);
    let end = recalled.terminate();
    recalled.world.ledger.execute(&end);
    recalled.let_claims_end();
    let withdrawal = recalled.withdraw();
    recalled.world.ledger.execute(&withdrawal);
    assert_eq!(recalled.world.balance(recalled.source), 2_700);
}

#[test]
fn refuses_units_that_the_evidence_the_tranche_or_the_scope_does_not_cover() {
    let mut recalled = RecalledWorld::new();
    let funding = recalled.fund(units(8_150, 200), UNIT_PRICE);
    recalled.world.ledger.execute(&funding);
    let (returned, destroyed) = (recalled.returned, recalled.destroyed);
    let mut ledger = recalled.world.ledger.clone();
    for (evidence, range, refusal) in [
        (returned, units(8_200, 0), RecallError::NoUnits),
        (returned, units(8_149, 1), RecallError::RangeOutsideTranche),
        (returned, units(8_149, 2), RecallError::RangeOutsideTranche),
        (destroyed, units(8_349, 2), RecallError::RangeOutsideTranche),
        (
            returned,
            units(8_200, u32::MAX),
            RecallError::RangeOutsideTranche,
        ),
        (returned, units(8_299, 2), RecallError::RangeOutsideEvidence),
        (
            destroyed,
            units(8_299, 1),
            RecallError::RangeOutsideEvidence,
        ),
    ] {
        ledger.refuse(&recalled.claim(evidence, range), refusal);
    }
    ledger.execute(&recalled.claim(returned, units(8_150, 150)));
    ledger.execute(&recalled.claim(destroyed, units(8_300, 50)));
}

#[test]
fn refuses_frozen_accounts_until_they_are_thawed() {
    let recalled = RecalledWorld::funded();
    let mut world = recalled.world.clone();
    let vault = vault(&recalled);
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
    let vault = vault(&recalled);
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
        (vault, own, RecallError::NotTranchesVault),
        (vault, not_its, RecallError::NotTranchesVault),
        (token.mint, foreign.mint, RecallError::NotTranchesMint),
        (token.mint, newer.mint, RecallError::NotTranchesMint),
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
fn refuses_other_signers_and_wrong_accounts() {
    let mut recalled = RecalledWorld::funded();
    let world = &mut recalled.world;
    let other = world.recall_of(world.goods.lot, 1);
    let opening = open(
        world.payer,
        world.regulator,
        other,
        recall_terms(),
        notice(),
    );
    world.ledger.execute(&opening);
    let pharmacy = world.pharmacy;
    let desk = world.appoint(pharmacy, "recall desk", Permissions::all());
    let mut world = recalled.world.clone();
    let instruction = recalled.claim(recalled.returned, units(8_192, 1));
    let tranche = address::tranche(&recalled.recall, 0);
    let scope = address::scope(&recalled.recall, 0);
    world.ledger.refuse_stand_ins(
        &instruction,
        &[pharmacy.partner, recalled.recall, tranche, scope],
    );
    let others_scope = address::scope(&other.address(), 0);
    for (account, stand_in, refusal) in [
        (
            recalled.recall,
            other.address(),
            RecallError::NotRecallsTranche,
        ),
        (scope, others_scope, RecallError::NotRecallsScope),
    ] {
        let borrowed = instruction.clone().replacing(account, stand_in);
        world.ledger.refuse(&borrowed, refusal);
    }
    let claims = address::claims(&recalled.returned, 0);
    world.ledger.refuse_misplaced(&instruction, claims);
    // The page of other claims.
    let destroyed = recalled.claim(recalled.destroyed, units(8_300, 1));
    world.ledger.execute(&destroyed);
    let swapped = instruction
        .clone()
        .replacing(claims, address::claims(&recalled.destroyed, 0));
    world.ledger.refuse(&swapped, ErrorCode::ConstraintSeeds);
    // What a site is paid, and in which token, is not for its operators to settle.
    let listed = instruction.accounts.len();
    let alone = instruction.clone().replacing(pharmacy.key, desk.key);
    for forged in [alone, desk.sign(instruction.clone(), listed)] {
        world.ledger.refuse(&forged, RecallError::OwnKeyOnly);
    }
    world.ledger.refuse_unsigned(&instruction, &[pharmacy.key]);
}

#[test]
fn an_owner_is_paid_whose_licence_is_no_longer_in_force() {
    for (disqualify, refusal) in [
        (
            World::suspend as Disqualification,
            Some(RecallError::SiteSuspended),
        ),
        (World::revoke, None),
        (World::lapse, None),
    ] {
        let recalled = RecalledWorld::funded();
        let mut world = recalled.world.clone();
        let pharmacy = world.pharmacy;
        disqualify(&mut world, pharmacy);
        let instruction = recalled.claim(recalled.returned, units(8_192, 1));
        match refusal {
            None => drop(world.ledger.execute(&instruction)),
            // A key that may be stolen is paid nothing, until the site is reinstated.
            Some(refusal) => {
                world.ledger.refuse(&instruction, refusal);
                let reinstating = reinstate_partner(world.issuer_key, pharmacy.gln);
                world.ledger.execute(&reinstating);
                world.ledger.execute(&instruction);
            }
        }
    }
}
