//! What an attacker would try on any instruction, tried on all of them: accounts of the wrong type,
//! program or place, accounts that exist already or no longer, settled offers, and malformed instruction
//! data.

use std::{collections::BTreeSet, fs, path::Path};

use anchor_lang::{
    Address, ErrorCode, prelude::ProgramError, solana_program::instruction::Instruction,
};
use custody::{CustodyError, ExceptionCode, UnitBlock};
use pedigree_domain::{Permissions, Roles, gs1::CompanyPrefix};
use pedigree_interface::{
    Goods, Site, TransferKind,
    instruction::{
        custody::{
            Cut, accept, accept_with_discrepancy, archive, cancel, destroy, dispense, expire,
            merge, mint_lot, offer, open_case, open_unit_page, pack, reject, split,
        },
        recall::{self as to_recall, Claimed, FundedRecall, Funding, LotRecall, Since},
        registry::{
            admit_partner, claim_prefix, confirm_partner, dismiss_operator, remove_issuer,
            suspend_partner, update_operator,
        },
    },
};
use program_tests::{
    address,
    alter::Alter,
    effect::Outcome,
    layout::padded,
    recalled::{count, notice, recall_terms, units},
    refusal::failure,
    scenario::{SSCC, Scenario, finding},
    token::TOKEN,
    world::{World, gln, licence, lot_label, operator_terms, terms},
};
use recall::RecallError;
use registry::{Partner, PartnerStatus, RegistryError};
use solana_account::Account;
use solana_instruction_error::InstructionError;
use solana_sdk_ids::{system_program, sysvar};
use solana_system_interface::{error::SystemError, instruction::transfer};
use solana_transaction_error::TransactionError;

/// The System program's refusal to create an account that exists.
const ALREADY_IN_USE: ProgramError = ProgramError::Custom(SystemError::AccountAlreadyInUse as u32);

/// The accounts that the instruction lists and one of the programs owns, once each.
fn typed_accounts(scenario: &Scenario) -> BTreeSet<Address> {
    scenario.instruction.accounts[..scenario.listed]
        .iter()
        .map(|meta| meta.pubkey)
        .filter(|address| {
            let account = scenario.world.ledger.find_account(*address);
            account.is_some_and(|account| {
                [registry::ID, custody::ID, recall::ID].contains(&account.owner)
            })
        })
        .collect()
}

#[test]
fn every_instruction_has_its_scenario() {
    for (program, scenarios) in [
        ("registry", Scenario::of_registry()),
        ("custody", Scenario::of_custody()),
        ("recall", Scenario::of_recall()),
    ] {
        let names: BTreeSet<String> = scenarios
            .into_iter()
            .map(|scenario| {
                scenario.world.after([&scenario.instruction]);
                scenario.name.to_owned()
            })
            .collect();
        let instructions: BTreeSet<String> = instructions(program)
            .into_iter()
            .map(|(name, _)| name)
            .collect();
        assert_eq!(names, instructions);
    }
}

/// A program's instructions, from its IDL.
fn described(program: &str) -> Vec<serde_json::Value> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("../idl/{program}.json"));
    let idl: serde_json::Value = serde_json::from_str(&fs::read_to_string(path).unwrap()).unwrap();
    idl["instructions"].as_array().unwrap().clone()
}

/// Whether an instruction's account may be left out.
fn is_optional(instruction: &str, place: usize) -> bool {
    let of_programs = ["registry", "custody", "recall"].map(described);
    let mut described = of_programs.iter().flatten();
    let described = described.find(|described| described["name"] == instruction);
    described.unwrap()["accounts"][place]["optional"] == true
}

/// Names and discriminators of a program's instructions, from its IDL.
fn instructions(program: &str) -> Vec<(String, u8)> {
    described(program)
        .iter()
        .map(|instruction| {
            let discriminator = instruction["discriminator"][0].as_u64().unwrap();
            (
                instruction["name"].as_str().unwrap().to_owned(),
                u8::try_from(discriminator).unwrap(),
            )
        })
        .collect()
}

/// Genuine accounts of every type that have nothing to do with the signers of any scenario.
fn strangers() -> Vec<(Address, Account)> {
    let mut world = World::new();
    let World {
        payer,
        other_issuer_key,
        other_manufacturer: from,
        pharmacy: to,
        other_product: product,
        ..
    } = world;
    let site = gln(99);
    let key = world.ledger.key("stranger");
    let prefix = CompanyPrefix {
        value: 4_000,
        digits: 4,
    };
    let new = licence(Roles::all().difference(Roles::REGULATOR));
    let label = lot_label("STRANGE");
    let goods = Goods::minted(address::lot(&product, label.lot_number));
    let consignment = goods.consignment;
    let sale = terms(TransferKind::Sale);
    let suspect = finding(ExceptionCode::None);
    let recall_of = |lot| LotRecall {
        product,
        lot,
        number: 0,
    };
    for instruction in [
        admit_partner(payer, other_issuer_key, site, key, padded("Stranger"), new),
        confirm_partner(address::issuer(&other_issuer_key), Site::own(site, key)),
        claim_prefix(payer, other_issuer_key, site, prefix),
        mint_lot(payer, from, product, &label),
        offer(payer, from, to.gln, goods, sale),
        open_case(payer, from, from.gln, goods, 0, suspect),
        to_recall::open(payer, from, recall_of(goods.lot), recall_terms(), notice()),
        to_recall::respond(payer, from, address::recall(&goods.lot, 0), count()),
    ] {
        world.ledger.execute(&instruction);
    }
    let operator = world.appoint(from, "stranger", Permissions::all());
    let label = lot_label("OPENED");
    let opened = Goods::minted(address::lot(&product, label.lot_number));
    world
        .ledger
        .execute(&mint_lot(payer, from, product, &label));
    world.ledger.execute(&open_unit_page(payer, opened.lot, 0));
    world.hand_over(from, to, opened, TransferKind::Sale);
    let unit = UnitBlock::of(64);
    world
        .ledger
        .execute(&dispense(payer, to, opened, unit, None, None));
    let label = lot_label("PAID");
    let paid = Goods::minted(address::lot(&product, label.lot_number));
    world
        .ledger
        .execute(&mint_lot(payer, from, product, &label));
    world.hand_over(from, to, paid, TransferKind::Sale);
    let recall = recall_of(paid.lot);
    let at = recall.address();
    let token = world.token("strange coin", TOKEN, &[]);
    let source = world.token_account("strange source", token, from.key, 10);
    let receiver = world.token_account("strange receiver", token, to.key, 0);
    let range = units(8_000, 10);
    let funded = FundedRecall {
        recall,
        manufacturer: from.gln,
        tranches: 0,
    };
    let funding = Funding {
        units: range,
        unit_price: 1,
    };
    let since = Since::OPENING;
    let claimed = Claimed {
        evidence: paid.consignment,
        evidence_first: 0,
        units: range,
        since: since.clone(),
        tranche: 0,
    };
    for instruction in [
        to_recall::open(payer, from, recall, recall_terms(), notice()),
        to_recall::respond(payer, to, at, count()),
        to_recall::fund(payer, from, funded, token, source, funding),
        destroy(to, world.regulator, paid.at(1), None),
        to_recall::prove(payer, to, at, paid.consignment, units(8_000, 10), &since),
        to_recall::claim(payer, to, at, &claimed, token, receiver),
    ] {
        world.ledger.execute(&instruction);
    }
    [
        address::registry(),
        address::prefix_table(4_000),
        address::issuer(&other_issuer_key),
        address::partner(site),
        operator.operator,
        product,
        goods.lot,
        consignment,
        address::transfer(&consignment, 0),
        address::case(&consignment, 0),
        address::recall(&goods.lot, 0),
        address::response(&address::recall(&goods.lot, 0), &from.partner),
        address::scope(&at, 0),
        address::proofs(&at, 0),
        address::tranche(&at, 0),
        address::claims(&paid.consignment, claimed.page()),
        address::unit_page(&opened.lot, 0),
        address::unit_record(&opened.lot, to.gln, unit.number),
    ]
    .map(|address| (address, world.ledger.account(address)))
    .to_vec()
}

/// Takes back that a site's key confirmed its admission, as where a GLN goes to another holder.
fn unconfirm(world: &mut World, site: Site) {
    world.ledger.edit::<Partner>(site.partner, |partner| {
        partner.status = PartnerStatus::Admitted;
        partner.confirmed_at = 0;
    });
}

#[test]
fn who_is_out_of_standing_keeps_what_protects_others_and_nothing_else() {
    // Ending offers, reporting and answering, what brings goods into the shape in which they go home, and a
    // destruction that a regulator watches. Transfers home and to disposal are tried by themselves.
    const BY_ANYBODY: [&str; 7] = [
        "cancel",
        "destroy_units",
        "pack",
        "prove",
        "reject",
        "split",
        "unpack",
    ];
    // The key may be a typing error until it has confirmed.
    const ONCE_CONFIRMED: [&str; 4] = ["complete", "notify_case", "report_stolen", "respond"];
    // What a site has title to, is owed, or put aside, is its own whatever its licence, but not a thief's.
    const BUT_SUSPENDED: [&str; 4] = ["claim", "fund", "return_title", "withdraw"];
    type Disqualify = fn(&mut World, Site);
    const STATES: [(&str, Disqualify); 4] = [
        ("suspended", World::suspend),
        ("revoked", World::revoke),
        ("lapsed", World::lapse),
        ("unconfirmed", unconfirm),
    ];
    let mut found = BTreeSet::new();
    for scenario in Scenario::of_custody()
        .into_iter()
        .chain(Scenario::of_recall())
    {
        let world = &scenario.world;
        let mut sites: Vec<_> = scenario.signers.iter().map(|(site, _)| *site).collect();
        match scenario.name {
            "claim" => sites.push(world.pharmacy),
            "fund" => sites.push(world.manufacturer),
            _ => {}
        }
        for (place, site) in sites.into_iter().enumerate() {
            for (state, disqualify) in STATES {
                let mut world = world.clone();
                disqualify(&mut world, site);
                if world.ledger.attempt(&scenario.instruction).is_ok() {
                    assert_eq!(place, 0, "the second signer of {}", scenario.name);
                    found.insert((scenario.name, state));
                }
            }
        }
    }
    let allowed: [(&[&str], &[&str]); 3] = [
        (
            &BY_ANYBODY,
            &["suspended", "revoked", "lapsed", "unconfirmed"],
        ),
        (&ONCE_CONFIRMED, &["suspended", "revoked", "lapsed"]),
        (&BUT_SUSPENDED, &["revoked", "lapsed"]),
    ];
    let mut expected = BTreeSet::new();
    for (names, states) in allowed {
        for name in names {
            expected.extend(states.iter().map(|state| (*name, *state)));
        }
    }
    assert_eq!(found, expected);
}

#[test]
fn no_account_stands_in_for_another() {
    // What the signers may choose, by its place among the accounts: to whom they offer a consignment or a
    // product, which issuer they limit, give another key or remove, which site they reassign or restore, to
    // whom they move a prefix, a product or a GLN, which lot a regulator or the recall program stops, which
    // record's rent goes back, which recall a regulator ends.
    const CHOSEN: [(&str, usize); 16] = [
        ("offer", 3),
        ("propose_product_transfer", 2),
        ("set_issuer_scope", 2),
        ("rotate_issuer_key", 2),
        ("remove_issuer", 2),
        ("reassign_partner", 3),
        ("restore_partner", 2),
        ("move_prefix", 2),
        ("move_product", 2),
        ("move_product", 3),
        ("move_gln", 2),
        ("move_gln", 3),
        ("quarantine_lot", 2),
        ("set_recalled_range", 1),
        ("close_unit_record", 0),
        ("terminate", 2),
    ];
    let strangers = strangers();
    let mut accepted = BTreeSet::new();
    for scenario in Scenario::all() {
        let mut ledger = scenario.world.ledger.clone();
        let typed = typed_accounts(&scenario);
        for place in 0..scenario.listed {
            let genuine = scenario.instruction.accounts[place].pubkey;
            if !typed.contains(&genuine) {
                continue;
            }
            for (stranger, account) in &strangers {
                if *stranger == genuine {
                    continue;
                }
                ledger.set_account(*stranger, account.clone());
                let mut instruction = scenario.instruction.clone();
                instruction.accounts[place].pubkey = *stranger;
                if ledger.outcome(&instruction).result.is_ok() {
                    accepted.insert((scenario.name, place));
                }
            }
        }
    }
    assert_eq!(accepted, BTreeSet::from(CHOSEN));
}

#[test]
fn no_other_programs_account_passes() {
    for scenario in Scenario::all() {
        for account in typed_accounts(&scenario) {
            for owner in [Address::new_from_array([7; 32]), system_program::ID] {
                let mut ledger = scenario.world.ledger.clone();
                let genuine = ledger.account(account);
                ledger.set_account(account, Account { owner, ..genuine });
                let accounts = &scenario.instruction.accounts;
                let place = accounts.iter().position(|meta| meta.pubkey == account);
                let refusal = match (scenario.name, place) {
                    // Created if it is missing, but not over what is there.
                    ("respond", Some(4)) if owner == system_program::ID => ALREADY_IN_USE,
                    ("respond", Some(4)) => ErrorCode::ConstraintOwner.into(),
                    // They may be gone.
                    ("cancel_recovery" | "leave_firm", Some(1)) | ("release_prefix", Some(2)) => {
                        RegistryError::NotOverseer.into()
                    }
                    // Of either type.
                    ("prove" | "claim", Some(6)) => RecallError::NotEvidence.into(),
                    _ => ProgramError::IllegalOwner,
                };
                ledger.refuse(&scenario.instruction, refusal);
            }
        }
    }
}

#[test]
fn no_impostor_passes_for_the_clock_or_the_system_program() {
    for scenario in Scenario::all() {
        let mut ledger = scenario.world.ledger.clone();
        let impostor = ledger.key("impostor");
        for (genuine, refusals) in [
            (
                sysvar::clock::ID,
                [
                    ProgramError::InvalidArgument,
                    ProgramError::InvalidArgument,
                    ProgramError::InvalidArgument,
                ],
            ),
            (
                system_program::ID,
                [
                    ErrorCode::ConstraintExecutable.into(),
                    ErrorCode::ConstraintExecutable.into(),
                    ProgramError::IncorrectProgramId,
                ],
            ),
        ] {
            let mut accounts = scenario.instruction.accounts.iter();
            if !accounts.any(|meta| meta.pubkey == genuine) {
                continue;
            }
            let look_alike = Account {
                executable: false,
                ..ledger.account(genuine)
            };
            ledger.set_account(impostor, look_alike);
            for (other, refusal) in [impostor, sysvar::rent::ID, registry::ID]
                .into_iter()
                .zip(refusals)
            {
                let instruction = scenario.instruction.clone().replacing(genuine, other);
                ledger.refuse(&instruction, refusal);
            }
        }
    }
}

#[test]
fn no_account_is_written_through_two_names() {
    for scenario in Scenario::all() {
        let mut ledger = scenario.world.ledger.clone();
        let accounts = &scenario.instruction.accounts[..scenario.listed];
        let typed = typed_accounts(&scenario);
        for (place_of_written, written) in accounts.iter().enumerate() {
            if !written.is_writable || !typed.contains(&written.pubkey) {
                continue;
            }
            let is_optional = is_optional(scenario.name, place_of_written);
            for (place, other) in accounts.iter().enumerate() {
                if other.pubkey == written.pubkey || other.is_signer {
                    continue;
                }
                let mut instruction = scenario.instruction.clone();
                instruction.accounts[place].pubkey = written.pubkey;
                if is_optional {
                    // Anchor does not look for it under other names: no other is of its type.
                    assert!(ledger.attempt(&instruction).is_err());
                    continue;
                }
                ledger.refuse(&instruction, ErrorCode::ConstraintDuplicateMutableAccount);
            }
            // Nor behind the listed accounts, where operators are looked for.
            if scenario.signers.is_empty() {
                continue;
            }
            let followed = scenario
                .instruction
                .clone()
                .inserting(scenario.listed, written.pubkey);
            ledger.refuse(&followed, ErrorCode::ConstraintDuplicateMutableAccount);
        }
    }
}

#[test]
fn no_account_is_created_where_one_is() {
    for scenario in Scenario::all() {
        let after = scenario.world.after([&scenario.instruction]);
        for &account in &scenario.created {
            // A record of units or claims and a table of prefixes are created by the first who needs them,
            // and written on by the others.
            if ["dispense", "decommission", "claim", "claim_prefix"].contains(&scenario.name) {
                continue;
            }
            let mut ledger = scenario.world.ledger.clone();
            ledger.set_account(account, after.ledger.account(account));
            ledger.refuse(&scenario.instruction, ALREADY_IN_USE);
        }
    }
}

#[test]
fn every_account_is_created_where_somebody_sent_lamports() {
    for scenario in Scenario::all() {
        let mut ledger = scenario.world.ledger;
        ledger.execute_prefunded(&scenario.instruction, &scenario.created);
    }
}

/// Instructions that close an account, each with the account and another instruction that uses it.
fn closings() -> Vec<(World, Instruction, Address, Instruction)> {
    let scenarios = Scenario::all();
    let world_of = |name: &str| {
        let mut scenarios = scenarios.iter();
        let scenario = scenarios.find(|scenario| scenario.name == name);
        scenario.expect("a scenario of that name").world.clone()
    };
    let [merging, archiving, removing, dismissing] =
        ["merge", "archive", "remove_issuer", "dismiss_operator"].map(world_of);
    let World {
        payer,
        authority,
        issuer_key,
        manufacturer,
        wholesaler,
        pharmacy,
        operator,
        goods,
        ..
    } = merging;
    let consignment = goods.consignment;
    let part = Goods {
        consignment: address::consignment(&consignment, 0),
        sequence: 1,
        ..goods
    };
    vec![
        (
            merging,
            merge(manufacturer, goods.at(1), part, payer),
            part.consignment,
            pack(manufacturer, part.consignment, SSCC),
        ),
        (
            archiving,
            archive(address::transfer(&consignment, 0), payer),
            address::transfer(&consignment, 0),
            cancel(manufacturer, goods.offered_by(manufacturer.gln)),
        ),
        (
            removing,
            remove_issuer(authority, address::issuer(&issuer_key)),
            address::issuer(&issuer_key),
            suspend_partner(issuer_key, pharmacy.gln),
        ),
        (
            dismissing,
            dismiss_operator(wholesaler, operator, payer),
            address::operator(&wholesaler.partner, &operator),
            update_operator(wholesaler, operator, operator_terms(Permissions::all())),
        ),
    ]
}

#[test]
fn a_closed_account_stays_closed_for_who_funds_it_at_once() {
    for (mut world, close, closed, uses) in closings() {
        let rent = world.ledger.account(closed).lamports;
        let fund = transfer(&world.payer, &closed, rent);
        let before = world.ledger.account(closed);
        let failed = world
            .ledger
            .attempt_all(&[close.clone(), fund.clone(), uses])
            .expect_err("the account is gone");
        assert!(
            matches!(failed.err, TransactionError::InstructionError(2, _)),
            "{}",
            failed.err
        );
        assert_eq!(world.ledger.account(closed), before);

        world.ledger.attempt_all(&[close, fund]).expect("it closes");
        let account = world.ledger.account(closed);
        assert_eq!(account.owner, system_program::ID);
        assert!(account.data.is_empty());
    }
}

#[test]
fn a_closed_account_is_not_made_again() {
    let [
        (merging, merge, part, _),
        (archiving, archive, settled, _),
        ..,
    ] = <[_; 4]>::try_from(closings()).unwrap_or_else(|_| unreachable!());
    let World {
        payer,
        manufacturer,
        wholesaler,
        goods,
        ..
    } = merging;
    let again = split(payer, manufacturer, goods.at(2), Cut::first(100));
    assert!(again.accounts.iter().any(|meta| meta.pubkey == part));
    let sale = terms(TransferKind::Sale);
    let offer_again = offer(payer, manufacturer, wholesaler.gln, goods, sale);
    assert!(
        offer_again
            .accounts
            .iter()
            .any(|meta| meta.pubkey == settled)
    );
    for (mut world, close, create) in [(merging, merge, again), (archiving, archive, offer_again)] {
        let failed = world
            .ledger
            .attempt_all(&[close, create])
            .expect_err("another address is next");
        assert_eq!(failed.err, failure(1, ProgramError::InvalidSeeds));
    }
}

#[test]
fn a_settled_offer_is_not_settled_again() {
    let mut world = World::new();
    let World {
        payer,
        manufacturer: from,
        wholesaler: to,
        goods,
        ..
    } = world;
    let sale = terms(TransferKind::Sale);
    world.offer(from, to, goods, sale);
    let damage = ExceptionCode::Damage;
    let discrepancy = finding(damage);
    let offered = goods.offered_by(from.gln);
    let settlements = |number| {
        [
            accept(to, offered),
            accept_with_discrepancy(payer, to, offered, number, discrepancy),
            reject(to, offered, damage),
            cancel(from, offered),
            expire(offered),
        ]
    };
    for (place, settlement) in settlements(0).iter().enumerate() {
        let mut settled = world.clone();
        if place == 4 {
            settled.ledger.set_time(sale.deadline + 1);
        }
        settled.ledger.execute(settlement);
        for replay in settlements(u32::from(place == 1)) {
            settled
                .ledger
                .refuse(&replay, CustodyError::TransferSettled);
        }
    }
    // Not even while the next offer of the same goods to the same site is open.
    for ending in [2, 3] {
        let mut settled = world.after([&settlements(0)[ending]]);
        settled.offer(from, to, goods.at(1), terms(TransferKind::Sale));
        for replay in settlements(0) {
            settled
                .ledger
                .refuse(&replay, CustodyError::TransferSettled);
        }
    }
}

#[test]
fn too_few_accounts_are_refused() {
    for scenario in Scenario::all() {
        let mut ledger = scenario.world.ledger.clone();
        for count in 0..scenario.listed {
            let mut instruction = scenario.instruction.clone();
            instruction.accounts.truncate(count);
            ledger.refuse(&instruction, ErrorCode::AccountNotEnoughKeys);
        }
    }
}

#[test]
fn unknown_instructions_are_refused() {
    for (program, scenarios) in [
        ("registry", Scenario::of_registry()),
        ("custody", Scenario::of_custody()),
        ("recall", Scenario::of_recall()),
    ] {
        let known: BTreeSet<u8> = instructions(program)
            .into_iter()
            .map(|(_, discriminator)| discriminator)
            .collect();
        let Scenario {
            world: World { mut ledger, .. },
            mut instruction,
            ..
        } = scenarios.into_iter().next_back().expect("an instruction");
        for discriminator in (0..=u8::MAX).filter(|byte| !known.contains(byte)) {
            instruction.data[0] = discriminator;
            ledger.refuse(&instruction, ErrorCode::InstructionFallbackNotFound);
        }
    }
}

#[test]
fn truncated_data_are_refused() {
    for mut scenario in Scenario::all() {
        while scenario.instruction.data.pop().is_some() {
            scenario.world.ledger.refuse(
                &scenario.instruction,
                ErrorCode::InstructionDidNotDeserialize,
            );
        }
    }
}

#[test]
fn data_that_mean_nothing_are_refused() {
    for mut scenario in Scenario::of_custody() {
        // (offset, bytes): a boolean of 2, and more sequences than there is memory.
        let (offset, bytes): (usize, &[u8]) = match scenario.name {
            "offer" => (1 + 4 + 1, &[2]),
            "resolve_case" | "resolve_lot_case" => (1, &[2]),
            "handoff_batch" => (1 + 1 + 32, &[0xFF; 4]),
            _ => continue,
        };
        let meaningless = scenario.instruction.with_data(offset, bytes);
        scenario
            .world
            .ledger
            .refuse(&meaningless, ErrorCode::InstructionDidNotDeserialize);
    }
}

#[test]
fn bytes_behind_the_data_mean_nothing() {
    for scenario in Scenario::all() {
        let ledger = &scenario.world.ledger;
        let expected = ledger.outcome(&scenario.instruction);
        for surplus in [1, 4, 8, 100] {
            let mut longer = scenario.instruction.clone();
            longer.data.extend(vec![0xA5; surplus]);
            assert_eq!(ledger.outcome(&longer), expected, "{}", scenario.name);
        }
    }
}

#[test]
fn garbage_makes_no_program_panic() {
    let mut seed = [0; 32];
    for scenario in Scenario::all() {
        let ledger = &scenario.world.ledger;
        for length in 0..scenario.instruction.data.len() + 8 {
            seed = anchor_lang::sha256(&seed);
            let garbage = seed.iter().cycle().take(length);
            let mut instruction = scenario.instruction.clone();
            instruction.data.truncate(1);
            instruction.data.extend(garbage);
            let Outcome { result, .. } = ledger.outcome(&instruction);
            let panicked = Err(TransactionError::InstructionError(
                0,
                InstructionError::ProgramFailedToComplete,
            ));
            assert_ne!(result, panicked, "{} {:?}", scenario.name, instruction.data);
        }
    }
}
