//! The local ledger as clients use it: over HTTP and websocket, with Solana's own client.

use std::{net::TcpListener, time::Duration};

use futures_util::{Stream, StreamExt};
use pedigree_localnet::{Account, DeployedProgram, Localnet, LocalnetConfig, LocalnetError};
use serde_json::{Value, json};
use solana_client::nonblocking::pubsub_client::PubsubClient;
use solana_commitment_config::CommitmentConfig;
use solana_keypair::Keypair;
use solana_loader_v3_interface::{get_program_data_address, state::UpgradeableLoaderState};
use solana_pubkey::Pubkey;
use solana_rpc_client::nonblocking::rpc_client::RpcClient;
use solana_rpc_client_api::{
    config::{RpcProgramAccountsConfig, RpcSendTransactionConfig, RpcSignatureSubscribeConfig},
    filter::{Memcmp, RpcFilterType},
    request::RpcRequest,
};
use solana_signer::Signer;
use solana_system_interface::instruction::{create_account, transfer};
use solana_transaction::{
    Hash, Instruction, InstructionError, Signature, Transaction, TransactionError,
};

const SOL: u64 = 1_000_000_000;
const TOKEN_PROGRAM: Pubkey = Pubkey::from_str_const("TokenkegQfeZyiNwAJbNbGKPFXCWuBvf9Ss623VQ5DA");

#[tokio::test(flavor = "multi_thread")]
async fn the_methods_of_a_cluster_are_served() {
    let localnet = Localnet::start(config()).unwrap();
    let client = client(&localnet);
    client.get_health().await.unwrap();

    let payer = Keypair::new();
    airdrop(&client, &payer, SOL).await;
    let recipient = Pubkey::new_unique();
    let sent = send(
        &client,
        &payer,
        &[transfer(&payer.pubkey(), &recipient, SOL / 2)],
        &[],
    )
    .await
    .unwrap();
    assert_eq!(client.get_balance(&recipient).await.unwrap(), SOL / 2);

    let transaction = history(&client, &sent).await;
    assert!(transaction["blockTime"].is_i64(), "{transaction}");
    let page = client.get_signatures_for_address(&recipient).await.unwrap();
    assert_eq!(page.len(), 1);
    assert_eq!(page[0].signature, sent.to_string());

    localnet.stop().unwrap();
    client.get_health().await.expect_err("the port is closed");
}

#[test]
fn on_free_ports_the_websocket_is_where_clients_expect_it() {
    let localnets: Vec<Localnet> = (0..4).map(|_| Localnet::start(config()).unwrap()).collect();
    let port = |url: &str| -> u16 { url.rsplit(':').next().unwrap().parse().unwrap() };
    for localnet in localnets {
        assert_eq!(port(&localnet.ws_url()), port(&localnet.rpc_url()) + 1);
        localnet.stop().unwrap();
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_repeated_transaction_is_executed_once() {
    let localnet = Localnet::start(config()).unwrap();
    let client = client(&localnet);
    let payer = Keypair::new();
    airdrop(&client, &payer, SOL).await;
    let recipient = Pubkey::new_unique();
    let blockhash = client.get_latest_blockhash().await.unwrap();
    let transaction = payment(&payer, &recipient, SOL / 4, blockhash);
    let signature = client
        .send_and_confirm_transaction(&transaction)
        .await
        .unwrap();

    let error = client.send_transaction(&transaction).await.unwrap_err();
    assert_eq!(
        error.get_transaction_error(),
        Some(TransactionError::AlreadyProcessed)
    );
    let no_preflight = RpcSendTransactionConfig {
        skip_preflight: true,
        ..RpcSendTransactionConfig::default()
    };
    let again = client
        .send_transaction_with_config(&transaction, no_preflight)
        .await
        .unwrap();
    assert_eq!(again, signature);
    assert_eq!(client.get_balance(&recipient).await.unwrap(), SOL / 4);
    localnet.stop().unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn confirmations_are_sent_over_the_websocket() {
    let localnet = Localnet::start(config()).unwrap();
    let client = client(&localnet);
    let payer = Keypair::new();
    airdrop(&client, &payer, SOL).await;

    let pubsub = PubsubClient::new(localnet.ws_url()).await.unwrap();
    let blockhash = client.get_latest_blockhash().await.unwrap();
    let transaction = payment(&payer, &Pubkey::new_unique(), SOL / 2, blockhash);
    let confirmed = RpcSignatureSubscribeConfig {
        commitment: Some(CommitmentConfig::confirmed()),
        enable_received_notification: None,
    };
    let (mut notifications, unsubscribe) = pubsub
        .signature_subscribe(&transaction.signatures[0], Some(confirmed))
        .await
        .unwrap();
    client.send_transaction(&transaction).await.unwrap();
    let notified = tokio::time::timeout(Duration::from_secs(5), next(&mut notifications)).await;
    assert!(notified.is_ok(), "no notification within five seconds");

    unsubscribe().await;
    localnet.stop().unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn programs_are_deployed_with_their_authority() {
    let program = program_returning(7);
    let localnet = Localnet::start(LocalnetConfig {
        programs: vec![program.clone()],
        ..config()
    })
    .unwrap();
    let client = client(&localnet);

    let data = client
        .get_account(&get_program_data_address(&program.id))
        .await
        .unwrap()
        .data;
    let (metadata, elf) = data.split_at(UpgradeableLoaderState::size_of_programdata_metadata());
    assert_eq!(elf, program.elf.as_ref());
    match bincode::deserialize(metadata).unwrap() {
        UpgradeableLoaderState::ProgramData {
            upgrade_authority_address,
            ..
        } => {
            assert_eq!(upgrade_authority_address, Some(program.upgrade_authority));
        }
        other => panic!("not a ProgramData account: {other:?}"),
    }
    assert!(client.get_account(&program.id).await.unwrap().executable);
    assert_eq!(call(&client, &program).await, Err(7));
}

#[tokio::test(flavor = "multi_thread")]
async fn configured_accounts_exist_from_the_start_and_can_change() {
    let folder = tempfile::tempdir().unwrap();
    let (owner, payer) = (Pubkey::new_unique(), Keypair::new());
    let foreign = Account {
        lamports: 10_000_000,
        data: vec![1, 2, 3],
        owner,
        ..Account::default()
    };
    let plain = Account {
        lamports: 1_000_000_000,
        ..Account::default()
    };
    let address = Pubkey::new_unique();
    let start = || {
        Localnet::start(LocalnetConfig {
            ledger: Some(folder.path().join("ledger")),
            accounts: vec![(address, foreign.clone()), (payer.pubkey(), plain.clone())],
            ..config()
        })
        .unwrap()
    };
    let localnet = start();
    let client_before = client(&localnet);
    assert_eq!(
        client_before.get_account(&address).await.unwrap().data,
        foreign.data
    );
    let owned = client_before.get_program_accounts(&owner).await.unwrap();
    assert_eq!(owned.len(), 1);
    let payment = transfer(&payer.pubkey(), &Pubkey::new_unique(), 500_000_000);
    send(&client_before, &payer, &[payment], &[]).await.unwrap();
    localnet.stop().unwrap();

    let localnet = start();
    let balance = client(&localnet)
        .get_balance(&payer.pubkey())
        .await
        .unwrap();
    assert!(balance < 500_000_000, "{balance}");
    localnet.stop().unwrap();
}

#[test]
fn a_broken_program_is_refused() {
    let program = DeployedProgram {
        elf: b"not an ELF file".as_slice().into(),
        ..program_returning(0)
    };
    let error = Localnet::start(LocalnetConfig {
        programs: vec![program.clone()],
        ..config()
    })
    .unwrap_err();
    assert!(
        matches!(error, LocalnetError::Program { id, .. } if id == program.id),
        "{error}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_ledger_in_a_folder_survives_its_node() {
    let folder = tempfile::tempdir().unwrap();
    let payer = Keypair::new();
    let program = program_returning(0);
    let start = |program: &DeployedProgram| {
        Localnet::start(LocalnetConfig {
            // Characters with a meaning in a database's URI.
            ledger: Some(folder.path().join("a ledger? 100%")),
            programs: vec![program.clone()],
            airdrops: vec![(payer.pubkey(), SOL)],
            ..config()
        })
        .unwrap()
    };

    let localnet = start(&program);
    let first = client(&localnet);
    let genesis = first.get_genesis_hash().await.unwrap();
    let mut created = Vec::new();
    let mut signatures = Vec::new();
    for (owner, size) in [(program.id, 8), (program.id, 16), (TOKEN_PROGRAM, 82)] {
        let account = Keypair::new();
        let rent = first
            .get_minimum_balance_for_rent_exemption(size)
            .await
            .unwrap();
        let create = create_account(
            &payer.pubkey(),
            &account.pubkey(),
            rent,
            size as u64,
            &owner,
        );
        signatures.push(send(&first, &payer, &[create], &[&account]).await.unwrap());
        created.push(account.pubkey());
    }
    // In the slot that is open when the node stops.
    let blockhash = first.get_latest_blockhash().await.unwrap();
    let last = payment(&payer, &created[0], 1, blockhash);
    signatures.push(first.send_transaction(&last).await.unwrap());
    let slot = first.get_slot().await.unwrap();
    let saver = Keypair::new();
    airdrop(&first, &saver, SOL).await;
    localnet.stop().unwrap();

    // The same program, then another one at the same address.
    for (code, expected) in [(0, Ok(())), (9, Err(9))] {
        let program = DeployedProgram {
            elf: program_returning(code).elf,
            ..program.clone()
        };
        let localnet = start(&program);
        let again = client(&localnet);
        assert_eq!(again.get_genesis_hash().await.unwrap(), genesis);
        assert!(again.get_slot().await.unwrap() >= slot);
        assert!(again.get_account(&created[1]).await.is_ok());
        assert_eq!(owned(&again, &program.id, &[]).await.len(), 2);
        let sixteen = [
            RpcFilterType::DataSize(16),
            RpcFilterType::Memcmp(Memcmp::new_raw_bytes(8, vec![0; 8])),
        ];
        assert_eq!(owned(&again, &program.id, &sixteen).await, [created[1]]);
        let ones = [RpcFilterType::Memcmp(Memcmp::new_raw_bytes(8, vec![1; 8]))];
        assert_eq!(owned(&again, &program.id, &ones).await, []);
        assert!(
            owned(&again, &TOKEN_PROGRAM, &[])
                .await
                .contains(&created[2])
        );

        let page = again
            .get_signatures_for_address(&payer.pubkey())
            .await
            .unwrap();
        for signature in &signatures {
            assert!(
                page.iter()
                    .any(|entry| entry.signature == signature.to_string())
            );
            let transaction = history(&again, signature).await;
            assert!(transaction["blockTime"].is_i64(), "{transaction}");
        }
        assert_eq!(call(&again, &program).await, expected);

        // The start restores the balance, and an airdrop adds to it.
        assert_eq!(again.get_balance(&payer.pubkey()).await.unwrap(), SOL);
        let saved = again.get_balance(&saver.pubkey()).await.unwrap();
        airdrop(&again, &saver, SOL).await;
        assert_eq!(
            again.get_balance(&saver.pubkey()).await.unwrap(),
            saved + SOL
        );
        localnet.stop().unwrap();
    }
}

#[test]
fn folders_without_a_valid_ledger_are_refused() {
    let start = |folder: &std::path::Path| {
        Localnet::start(LocalnetConfig {
            ledger: Some(folder.into()),
            ..config()
        })
    };

    let foreign = tempfile::tempdir().unwrap();
    std::fs::write(foreign.path().join("genesis.bin"), b"").unwrap();
    let error = start(foreign.path()).unwrap_err();
    assert!(matches!(error, LocalnetError::Foreign { .. }), "{error}");

    let folder = tempfile::tempdir().unwrap();
    let localnet = start(folder.path()).unwrap();
    let error = start(folder.path()).unwrap_err();
    assert!(matches!(error, LocalnetError::InUse { .. }), "{error}");
    localnet.stop().unwrap();

    let database = folder.path().join("ledger.sqlite");
    let sound = std::fs::read(&database).unwrap();
    let mut torn = sound.clone();
    for page in torn.chunks_mut(4096).skip(1) {
        page[..64].fill(0xAA);
    }
    for damaged in [&sound[..100], b"something else", &torn] {
        std::fs::write(&database, damaged).unwrap();
        let error = start(folder.path()).unwrap_err();
        assert!(matches!(error, LocalnetError::Damaged { .. }), "{error}");
    }

    std::fs::write(&database, &sound).unwrap();
    start(folder.path()).unwrap().stop().unwrap();
}

#[test]
fn errors_name_ports_in_use() {
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = taken.local_addr().unwrap().port();

    let error = Localnet::start(LocalnetConfig {
        rpc_port: port,
        ..config()
    })
    .unwrap_err();
    assert_eq!(
        error.to_string(),
        format!("port {port} is in use: pass another with --rpc-port, or stop what listens there")
    );
    let error = Localnet::start(LocalnetConfig {
        ws_port: port,
        ..config()
    })
    .unwrap_err();
    assert_eq!(
        error.to_string(),
        format!("port {port} is in use: pass another with --ws-port, or stop what listens there")
    );

    let localnet = Localnet::start(config()).unwrap();
    let rpc: u16 = localnet
        .rpc_url()
        .rsplit_once(':')
        .unwrap()
        .1
        .parse()
        .unwrap();
    let error = Localnet::start(LocalnetConfig {
        rpc_port: rpc,
        ..config()
    })
    .unwrap_err();
    assert!(matches!(error, LocalnetError::PortInUse { .. }), "{error}");
    localnet.stop().unwrap();
    Localnet::start(LocalnetConfig {
        rpc_port: rpc,
        ..config()
    })
    .expect("the port of a stopped ledger is free")
    .stop()
    .unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn clients_cannot_cheat() {
    let localnet = Localnet::start(config()).unwrap();
    let client = client(&localnet);
    let victim = Keypair::new();
    airdrop(&client, &victim, SOL).await;

    let blockhash = client.get_latest_blockhash().await.unwrap();
    let mut forged = payment(&victim, &Pubkey::new_unique(), SOL / 2, blockhash);
    forged.signatures[0] = Keypair::new().sign_message(&forged.message_data());
    let error = client.send_transaction(&forged).await.unwrap_err();
    assert!(
        error.to_string().contains("signature verification failure"),
        "{error}"
    );

    let encoded = bs58::encode(bincode::serialize(&forged).unwrap()).into_string();
    for options in [
        json!({ "skipSigVerify": true }),
        json!({ "skipPreflight": true, "skipSigVerify": true }),
    ] {
        let sent: Result<String, _> = client
            .send(RpcRequest::SendTransaction, json!([encoded, options]))
            .await;
        assert!(sent.is_err(), "a forged signature was accepted: {sent:?}");
    }
    tokio::time::sleep(Duration::from_millis(200)).await;
    assert_eq!(client.get_balance(&victim.pubkey()).await.unwrap(), SOL);

    let account = Pubkey::new_unique().to_string();
    for (method, params) in [
        ("surfnet_setAccount", json!([account, { "lamports": SOL }])),
        ("surfnet_timeTravel", json!([{ "absoluteSlot": 1_000_000 }])),
        ("surfnet_enableCheatcode", json!(["all"])),
        ("loadPlugin", json!(["/dev/null"])),
        ("sendBundle", json!([[encoded]])),
        ("exit", json!([])),
    ] {
        let method = RpcRequest::Custom { method };
        let error = client.send::<Value>(method, params).await.unwrap_err();
        assert!(
            error.to_string().contains("Method not found"),
            "{method}: {error}"
        );
    }
}

#[tokio::test]
async fn the_clock_moves_forward_only() {
    let localnet = Localnet::start(config()).unwrap();
    let client = client(&localnet);
    let now = block_time(&client).await;
    let year = 365 * 24 * 3_600;

    let payer = Keypair::new();
    airdrop(&client, &payer, SOL).await;
    let blockhash = client.get_latest_blockhash().await.unwrap();

    localnet.time_travel(now + year).unwrap();
    let later = block_time(&client).await;
    assert!((now + year..now + year + 10).contains(&later), "{later}");
    let error = localnet.time_travel(now).unwrap_err();
    assert!(matches!(error, LocalnetError::Clock { .. }), "{error}");

    let transaction = payment(&payer, &Pubkey::new_unique(), SOL / 2, blockhash);
    client
        .send_and_confirm_transaction(&transaction)
        .await
        .unwrap();
    localnet.stop().unwrap();
}

/// A ledger on free ports, with short slots.
fn config() -> LocalnetConfig {
    LocalnetConfig {
        rpc_port: 0,
        ws_port: 0,
        slot_time: Duration::from_millis(50),
        ..LocalnetConfig::default()
    }
}

fn client(localnet: &Localnet) -> RpcClient {
    RpcClient::new_with_commitment(localnet.rpc_url(), CommitmentConfig::confirmed())
}

async fn airdrop(client: &RpcClient, account: &Keypair, lamports: u64) {
    let signature = client
        .request_airdrop(&account.pubkey(), lamports)
        .await
        .unwrap();
    while !client.confirm_transaction(&signature).await.unwrap() {
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
}

/// A transaction that transfers lamports from `payer` to `recipient`.
fn payment(payer: &Keypair, recipient: &Pubkey, lamports: u64, blockhash: Hash) -> Transaction {
    let instruction = transfer(&payer.pubkey(), recipient, lamports);
    Transaction::new_signed_with_payer(&[instruction], Some(&payer.pubkey()), &[payer], blockhash)
}

/// Sends `instructions` and waits until they are confirmed.
async fn send(
    client: &RpcClient,
    payer: &Keypair,
    instructions: &[Instruction],
    others: &[&Keypair],
) -> Result<Signature, TransactionError> {
    let blockhash = client.get_latest_blockhash().await.unwrap();
    let signers: Vec<&Keypair> = std::iter::once(payer)
        .chain(others.iter().copied())
        .collect();
    let transaction = Transaction::new_signed_with_payer(
        instructions,
        Some(&payer.pubkey()),
        &signers,
        blockhash,
    );
    client
        .send_and_confirm_transaction(&transaction)
        .await
        .map_err(|error| {
            error
                .get_transaction_error()
                .unwrap_or_else(|| panic!("{error}"))
        })
}

/// Calls `program` from a new account and returns its error code.
async fn call(client: &RpcClient, program: &DeployedProgram) -> Result<(), u32> {
    let payer = Keypair::new();
    airdrop(client, &payer, SOL).await;
    let instruction = Instruction {
        program_id: program.id,
        accounts: vec![],
        data: vec![],
    };
    match send(client, &payer, &[instruction], &[]).await {
        Ok(_) => Ok(()),
        Err(TransactionError::InstructionError(0, InstructionError::Custom(code))) => Err(code),
        Err(error) => panic!("{error}"),
    }
}

/// The result of `getTransaction`, for transactions of any version.
async fn history(client: &RpcClient, signature: &Signature) -> Value {
    let options = json!({
        "encoding": "json",
        "commitment": "confirmed",
        "maxSupportedTransactionVersion": 1,
    });
    client
        .send(
            RpcRequest::GetTransaction,
            json!([signature.to_string(), options]),
        )
        .await
        .unwrap()
}

/// The accounts of `program` that match the filters.
async fn owned(client: &RpcClient, program: &Pubkey, filters: &[RpcFilterType]) -> Vec<Pubkey> {
    let config = RpcProgramAccountsConfig {
        filters: Some(filters.to_vec()),
        ..RpcProgramAccountsConfig::default()
    };
    let accounts = client
        .get_program_ui_accounts_with_config(program, config)
        .await
        .unwrap();
    accounts.into_iter().map(|(address, _)| address).collect()
}

/// The time that programs see, in seconds since the Unix epoch.
async fn block_time(client: &RpcClient) -> i64 {
    let clock = client
        .get_account(&Pubkey::from_str_const(
            "SysvarC1ock11111111111111111111111111111111",
        ))
        .await
        .unwrap();
    i64::from_le_bytes(clock.data[32..40].try_into().unwrap())
}

/// A program at a unique address that only returns `code`: the smallest ELF file that the loader accepts
/// as sBPF v3.
fn program_returning(code: u32) -> DeployedProgram {
    const CODE_ADDRESS: u64 = 1 << 32;
    let code_size = 16u64;
    let mut elf = Vec::new();
    elf.extend_from_slice(b"\x7fELF\x02\x01\x01\0\0\0\0\0\0\0\0\0");
    elf.extend_from_slice(&3u16.to_le_bytes()); // shared object
    elf.extend_from_slice(&247u16.to_le_bytes()); // BPF
    elf.extend_from_slice(&1u32.to_le_bytes());
    elf.extend_from_slice(&CODE_ADDRESS.to_le_bytes()); // entry point
    elf.extend_from_slice(&64u64.to_le_bytes()); // program headers
    elf.extend_from_slice(&0u64.to_le_bytes()); // no section headers
    elf.extend_from_slice(&3u32.to_le_bytes()); // sBPF version
    for half in [64u16, 56, 1, 64, 0, 0] {
        elf.extend_from_slice(&half.to_le_bytes());
    }
    elf.extend_from_slice(&1u32.to_le_bytes()); // load this segment
    elf.extend_from_slice(&1u32.to_le_bytes()); // as code
    for word in [120, CODE_ADDRESS, CODE_ADDRESS, code_size, code_size, 0] {
        elf.extend_from_slice(&word.to_le_bytes());
    }
    elf.extend_from_slice(&[0xb7, 0, 0, 0]); // r0 = code
    elf.extend_from_slice(&code.to_le_bytes());
    elf.extend_from_slice(&[0x95, 0, 0, 0, 0, 0, 0, 0]); // exit
    DeployedProgram {
        id: Pubkey::new_unique(),
        upgrade_authority: Pubkey::new_unique(),
        elf: elf.into(),
    }
}

/// The next item of a subscription.
async fn next<T>(stream: &mut (impl Stream<Item = T> + Unpin)) -> T {
    stream.next().await.expect("the subscription has not ended")
}
