//! What a hostile sender could make of a handoff, which the receiver refuses from a file and from a link alike.

use std::fs;

use base64::{Engine as _, prelude::BASE64_STANDARD};
use pedigree_client::{
    Goods, Site, TransferKind, address,
    custody::Consignment,
    instruction::custody::handoff,
    reference::{ConsignmentRef, LotRef},
};
use solana_instruction::{AccountMeta, Instruction};
use solana_pubkey::Pubkey;
use solana_signer::Signer as _;
use solana_system_interface::instruction::{advance_nonce_account, assign};

use super::{hostile_sender::transaction_of, signed_elsewhere::make_nonce, stand_in::offers, *};

const TOKEN_PROGRAM: Pubkey = Pubkey::from_str_const("TokenkegQfeZyiNwAJbNbGKPFXCWuBvf9Ss623VQ5DA");
const COMPUTE_BUDGET: Pubkey =
    Pubkey::from_str_const("ComputeBudget111111111111111111111111111111");

/// Asserts that the wholesaler, who was told of `goods`, signs a transaction neither from a file nor from a link,
/// and that each time one of its reasons says `expected`.
#[track_caller]
fn is_refused(ledger: &Ledger, transaction: &PartialTransaction, goods: &str, expected: &str) {
    let file = ledger.path("forged.txt");
    fs::write(&file, transaction.to_base64()).unwrap();
    for source in [file, offers(vec![transaction.to_base64()])] {
        let reasons = objections(ledger.cosigns("wholesaler", &source, goods));
        assert!(
            reasons.iter().any(|reason| reason.contains(expected)),
            "{expected:?} is not in {reasons:?}"
        );
    }
    assert_eq!(ledger.custodian(), format!("maker ({})", crate::MAKER));
}

/// A token program's instruction by which the wholesaler gives power over its token account away.
fn token_instruction(ledger: &Ledger, data: &[u8]) -> Instruction {
    let [maker, wholesaler] =
        ["maker", "wholesaler"].map(|name| ledger.read_keypair(name).pubkey());
    let accounts = vec![
        AccountMeta::new(Pubkey::new_unique(), false),
        AccountMeta::new_readonly(maker, false),
        AccountMeta::new_readonly(wholesaler, true),
    ];
    Instruction::new_with_bytes(TOKEN_PROGRAM, data, accounts)
}

#[test]
fn the_receivers_signature_serves_no_other_program() {
    let ledger = trading_ledger();
    let wholesaler = ledger.read_keypair("wholesaler").pubkey();
    let refused = |expected: &str, tamper: &dyn Fn(&mut Vec<Instruction>)| {
        let forged = transaction_of(&ledger, tamper);
        is_refused(&ledger, &forged, LOT, expected);
    };
    let token = "`TokenkegQfeZyiNwAJbNbGKPFXCWuBvf9Ss623VQ5DA`, which is not part of a handoff";
    let approve = token_instruction(&ledger, &[4, 255, 255, 255, 255, 255, 255, 255, 255]);
    refused(token, &|all| all.push(approve.clone()));
    let set_authority = token_instruction(&ledger, &[6, 2, 1]);
    refused(token, &|all| all.insert(0, set_authority.clone()));
    let system = "`11111111111111111111111111111111`, which is not part of a handoff";
    let given_away = assign(&wholesaler, &TOKEN_PROGRAM);
    refused(system, &|all| all.push(given_away.clone()));
    // The receiver's own nonce, advanced behind the handoff.
    let advance = advance_nonce_account(&Pubkey::new_unique(), &wholesaler);
    refused(system, &|all| all.push(advance.clone()));
    // A program of the sender's that is called with a handoff's accounts and data.
    let program = Pubkey::new_unique();
    let unknown = format!("`{program}`, which is not part of a handoff");
    refused(&unknown, &|all| all[0].program_id = program);
    refused(&unknown, &|all| {
        let also = Instruction {
            program_id: program,
            ..all[0].clone()
        };
        all.push(also);
    });
}

#[test]
fn a_handoff_with_other_accounts_is_none() {
    let ledger = trading_ledger();
    let malformed = "names other accounts or arguments than a handoff has";
    for (first, second) in [(0, 1), (2, 3), (4, 6), (5, 6)] {
        let forged = transaction_of(&ledger, |all| all[0].accounts.swap(first, second));
        is_refused(&ledger, &forged, LOT, malformed);
    }
    let stranger = AccountMeta::new(Pubkey::new_unique(), false);
    let longer = transaction_of(&ledger, |all| all[0].accounts.push(stranger));
    is_refused(&ledger, &longer, LOT, malformed);
    let longer = transaction_of(&ledger, |all| all[0].data.push(0));
    is_refused(&ledger, &longer, LOT, malformed);
    // The lot in the place of the consignment.
    let swapped = transaction_of(&ledger, |all| all[0].accounts.swap(4, 5));
    ledger
        .cosigns("wholesaler", &offers(vec![swapped.to_base64()]), LOT)
        .fails_saying("consignment");
}

#[test]
fn a_second_handoff_is_refused() {
    let ledger = trading_ledger();
    ledger.does(
        "maker",
        &format!("lot mint {GTIN} B7 --expiry 2089-02 --quantity 10"),
    );
    let [maker, wholesaler] =
        ["maker", "wholesaler"].map(|name| ledger.read_keypair(name).pubkey());
    let [from, to] = [(crate::MAKER, maker), (WHOLESALER, wholesaler)]
        .map(|(gln, key)| Site::own(ledger.own(gln).parse().unwrap(), key));
    let goods = |lot: &str, sequence| {
        let lot: LotRef = ledger.own(lot).parse().unwrap();
        let lot = lot.address_in(0);
        Goods {
            lot,
            consignment: address::consignment(&lot, 0),
            sequence,
        }
    };
    let sequence_of = |lot: &str| {
        let lot: ConsignmentRef = ledger.own(lot).parse().unwrap();
        let client = ledger.client();
        let consignment: pedigree_client::Located<Consignment> =
            wait(lot.resolve(&client)).unwrap();
        consignment.sequence
    };
    // Of goods that nobody named.
    let other = format!("{GTIN}/B7");
    let more = handoff(
        from,
        to,
        goods(&other, sequence_of(&other)),
        TransferKind::Sale,
        None,
    );
    let both = transaction_of(&ledger, |all| all.push(more));
    is_refused(&ledger, &both, LOT, "09506000134352/B7");
    // Of the same goods, back to the sender, as the next thing that happens to them.
    let back = goods(LOT, sequence_of(LOT) + 1);
    let back = handoff(to, from, back, TransferKind::Return, None);
    let both = transaction_of(&ledger, |all| all.push(back));
    is_refused(&ledger, &both, LOT, "would sign for the sender");
}

#[test]
fn what_it_costs_and_how_long_it_is_valid_are_agreed_to() {
    let ledger = trading_ledger();
    let budget = |data: &[u8]| Instruction::new_with_bytes(COMPUTE_BUDGET, data, Vec::new());
    // The most that a price can be, for the most units.
    let price = [&[3][..], &u64::MAX.to_le_bytes()].concat();
    let dear = transaction_of(&ledger, |all| all.insert(0, budget(&price)));
    is_refused(&ledger, &dear, LOT, "at most 1000000 were agreed");
    let unknown = transaction_of(&ledger, |all| all.insert(0, budget(&[9, 0])));
    let foreign = "`ComputeBudget111111111111111111111111111111`, which is not part of a handoff";
    is_refused(&ledger, &unknown, LOT, foreign);

    // The sender's nonce would let it submit when it likes.
    let nonce = make_nonce(&ledger, "maker");
    let handoff = format!("handoff {LOT} --to {WHOLESALER}");
    let file = ledger.signed_by("maker", &format!("{handoff} --nonce {nonce}"));
    let durable = transaction_in(&file);
    is_refused(&ledger, &durable, LOT, &format!("pass --nonce {nonce}"));
    let another = format!("{LOT} --nonce {}", make_nonce(&ledger, "wholesaler"));
    is_refused(
        &ledger,
        &durable,
        &another,
        &format!("pass --nonce {nonce}"),
    );

    // A document that was not agreed to.
    let [theirs, ours] = ["ab", "cd"].map(|byte| byte.repeat(32));
    let file = ledger.signed_by("maker", &format!("{handoff} --document {theirs}"));
    let documented = transaction_in(&file);
    let expected = format!("{LOT} --document {ours}");
    is_refused(
        &ledger,
        &documented,
        &expected,
        "another document than was expected",
    );
}

#[test]
fn accounts_from_look_up_tables_are_not_read() {
    let ledger = trading_ledger();
    let message = transaction_of(&ledger, |_| {}).message().serialize();
    // Version 0, with one table from which one account is taken that may change.
    let table = [&[1][..], &[7; 32], &[1, 0, 0]].concat();
    let bytes = [&[2][..], &[0; 128], &[0x80], &message, &table].concat();
    let text = BASE64_STANDARD.encode(bytes);
    let file = ledger.path("newer.txt");
    fs::write(&file, &text).unwrap();
    for source in [file, offers(vec![text])] {
        ledger
            .cosigns("wholesaler", &source, LOT)
            .fails_saying("have it made without address look-up tables");
    }
}
