//! A token that recalls are paid with, made as its issuer would make it.

use pedigree_client::{ledger::Ledger as Client, transaction::Submitter};
use solana_commitment_config::CommitmentConfig;
use solana_instruction::{AccountMeta, Instruction};
use solana_keypair::read_keypair_file;
use solana_pubkey::{Pubkey, pubkey};
use solana_signer::Signer;
use solana_system_interface::instruction::{allocate, assign};
use tokio::runtime::Runtime;

use crate::cli::Ledger;

const TOKEN: Pubkey = pubkey!("TokenkegQfeZyiNwAJbNbGKPFXCWuBvf9Ss623VQ5DA");
const ASSOCIATED_TOKEN: Pubkey = pubkey!("ATokenGPvbdGVxr1b2hvZbsiqW5xWH25efTNsLJA8knL");
const SYSTEM: Pubkey = pubkey!("11111111111111111111111111111111");

const DECIMALS: u8 = 2;
const MINT_BYTES: u64 = 82;

/// The token program's instructions, by their first byte.
const INITIALIZE_MINT_2: u8 = 20;
const MINT_TO: u8 = 7;

/// Makes a token with two decimals under the keypair `mint`, with these amounts of its smallest parts in the
/// wallets of keypairs that exist, the first of which is the token's issuer. Returns the mint's address.
pub fn issue<const N: usize>(ledger: &Ledger, amounts: [(&str, u64); N]) -> String {
    ledger.make_keypair("mint");
    let keypair = |name| read_keypair_file(ledger.keypair(name)).expect("a keypair file");
    let (mint, issuer) = (keypair("mint"), keypair(amounts[0].0));
    let (mint_key, issuer_key) = (mint.pubkey(), issuer.pubkey());

    let mut initialize = vec![INITIALIZE_MINT_2, DECIMALS];
    initialize.extend(issuer_key.to_bytes());
    initialize.push(0);
    let metas = vec![AccountMeta::new(mint_key, false)];
    let mut instructions = vec![
        allocate(&mint_key, MINT_BYTES),
        assign(&mint_key, &TOKEN),
        Instruction::new_with_bytes(TOKEN, &initialize, metas),
    ];
    for (owner, amount) in amounts {
        let owner = keypair(owner).pubkey();
        let seeds = [owner.as_ref(), TOKEN.as_ref(), mint_key.as_ref()];
        let (wallet, _) = Pubkey::find_program_address(&seeds, &ASSOCIATED_TOKEN);
        let metas = vec![
            AccountMeta::new(issuer_key, true),
            AccountMeta::new(wallet, false),
            AccountMeta::new_readonly(owner, false),
            AccountMeta::new_readonly(mint_key, false),
            AccountMeta::new_readonly(SYSTEM, false),
            AccountMeta::new_readonly(TOKEN, false),
        ];
        instructions.push(Instruction::new_with_bytes(ASSOCIATED_TOKEN, &[], metas));
        let metas = vec![
            AccountMeta::new(mint_key, false),
            AccountMeta::new(wallet, false),
            AccountMeta::new_readonly(issuer_key, true),
        ];
        let data = [&[MINT_TO], amount.to_le_bytes().as_slice()].concat();
        instructions.push(Instruction::new_with_bytes(TOKEN, &data, metas));
    }
    let client = Client::new(ledger.url().to_owned(), CommitmentConfig::confirmed());
    let submitter = Submitter::new(&client, &issuer, 0);
    let runtime = Runtime::new().unwrap();
    let sent = runtime.block_on(submitter.send(&instructions, &[&mint]));
    sent.unwrap();
    mint_key.to_string()
}
