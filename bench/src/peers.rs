//! The alternatives to these programs: a token that stands for the goods, or a memo on the ledger.

use anchor_lang::{
    Address,
    solana_program::instruction::{AccountMeta, Instruction},
};
use program_tests::ledger::Ledger;
use solana_account::Account;

use crate::measurement::{Measurement, measure};

const TOKEN: Address = Address::from_str_const("TokenkegQfeZyiNwAJbNbGKPFXCWuBvf9Ss623VQ5DA");
const TOKEN_2022: Address = Address::from_str_const("TokenzQdBNbLqP5VEhdkAS6EPFLC1PHnBqCXEpPxuEb");
const MEMO: Address = Address::from_str_const("MemoSq4gqABAXKb96qnH8TysNcWxMyWCqXgDLGmfcHr");

/// Measures them on the programs that come with LiteSVM.
pub fn run() -> Vec<Measurement> {
    let mut measurements = Vec::new();
    for (program, address) in [("token", TOKEN), ("token-2022", TOKEN_2022)] {
        let mut ledger = Ledger::new();
        let (owner, receiver) = (ledger.key("owner"), ledger.key("receiver"));
        ledger.set_fee_payer(owner);
        let mint = hold(&mut ledger, address, 1, &mint());
        let from = hold(&mut ledger, address, 2, &holding(&mint, &owner));
        let to = hold(&mut ledger, address, 3, &holding(&mint, &receiver));
        let transfer = Instruction::new_with_bytes(
            address,
            &[&[3], 1u64.to_le_bytes().as_slice()].concat(),
            vec![
                AccountMeta::new(from, false),
                AccountMeta::new(to, false),
                AccountMeta::new_readonly(owner, true),
            ],
        );
        let checked = Instruction::new_with_bytes(
            address,
            &[&[12], 1u64.to_le_bytes().as_slice(), &[0]].concat(),
            vec![
                AccountMeta::new(from, false),
                AccountMeta::new_readonly(mint, false),
                AccountMeta::new(to, false),
                AccountMeta::new_readonly(owner, true),
            ],
        );
        for (name, instruction) in [("Transfer", transfer), ("TransferChecked", checked)] {
            measurements.push(measure(&mut ledger, program, name, &instruction));
        }
    }
    let mut ledger = Ledger::new();
    let writer = ledger.key("writer");
    ledger.set_fee_payer(writer);
    let note = "a".repeat(64);
    let memo = Instruction::new_with_bytes(
        MEMO,
        note.as_bytes(),
        vec![AccountMeta::new_readonly(writer, true)],
    );
    let name = "a hash in hex, signed";
    measurements.push(measure(&mut ledger, "memo", name, &memo));
    measurements
}

/// Puts a token program's account on the ledger.
fn hold(ledger: &mut Ledger, owner: Address, number: u8, data: &[u8]) -> Address {
    let address = Address::new_from_array([number; 32]);
    let account = Account {
        lamports: ledger.rent(data.len()),
        data: data.to_vec(),
        owner,
        ..Account::default()
    };
    ledger.set_account(address, account);
    address
}

/// A mint without authorities: `spl_token::state::Mint`.
fn mint() -> [u8; 82] {
    let mut mint = [0; 82];
    mint[36..44].copy_from_slice(&1_000u64.to_le_bytes());
    mint[45] = 1;
    mint
}

/// 1,000 tokens of `owner`: `spl_token::state::Account`.
fn holding(mint: &Address, owner: &Address) -> [u8; 165] {
    let mut holding = [0; 165];
    holding[..32].copy_from_slice(mint.as_ref());
    holding[32..64].copy_from_slice(owner.as_ref());
    holding[64..72].copy_from_slice(&1_000u64.to_le_bytes());
    holding[108] = 1;
    holding
}
