//! Sending over an endpoint that loses answers, falls silent or never processes anything: the
//! outcome is known, or known to be in doubt, and only one transaction is ever signed.

use std::{
    collections::BTreeSet,
    sync::{Arc, Mutex},
    time::Duration,
};

use base64::{Engine as _, prelude::BASE64_STANDARD};
use pedigree_client::{
    Error, Ledger, Result,
    fee_payer::FeePayer,
    instruction::registry::propose_authority,
    nonce::DurableNonce as Nonce,
    partial_transaction::PartialTransaction,
    transaction::{Receipt, Submitter, prepare, submit},
};
use serde_json::{Value, json};
use solana_client::{
    client_error::{ClientError, ClientErrorKind},
    nonblocking::rpc_client::RpcClient,
    rpc_client::RpcClientConfig,
    rpc_request::RpcRequest,
    rpc_sender::{RpcSender, RpcTransportStats},
};
use solana_commitment_config::CommitmentConfig;
use solana_hash::Hash;
use solana_keypair::Keypair;
use solana_message::Message;
use solana_nonce::{
    state::{Data, DurableNonce, State},
    versions::Versions,
};
use solana_pubkey::Pubkey;
use solana_signer::Signer;
use tokio::time::Instant;

const LAST_VALID_BLOCK_HEIGHT: u64 = 150;

/// What the endpoint does with a transaction.
#[derive(Clone, Copy, Debug)]
struct Behaviour {
    /// After how many copies the cluster processes it; `None` for never.
    processed_after: Option<usize>,
    /// The transaction error with which it is processed.
    error: Option<&'static str>,
    /// Whether the endpoint stops answering after the first copy.
    falls_silent: bool,
    /// Whether it takes blockhashes for valid.
    knows_blockhash: bool,
    /// After how many copies the nonce has another value; `None` for never.
    nonce_advanced_after: Option<usize>,
}

const WORKS: Behaviour = Behaviour {
    processed_after: Some(1),
    error: None,
    falls_silent: false,
    knows_blockhash: true,
    nonce_advanced_after: None,
};

/// The account that stands for a nonce.
const NONCE: Pubkey = Pubkey::new_from_array([9; 32]);

/// An endpoint that receives transactions and loses every answer to them, and whose block height rises
/// by one with every query for it.
#[derive(Clone)]
struct Endpoint {
    behaviour: Behaviour,
    copies: Arc<Mutex<Vec<Value>>>,
    height: Arc<Mutex<u64>>,
}

impl Endpoint {
    fn new(behaviour: Behaviour) -> Self {
        Self {
            behaviour,
            copies: Arc::default(),
            height: Arc::default(),
        }
    }

    fn copies(&self) -> Vec<Value> {
        self.copies.lock().unwrap().clone()
    }

    /// The nonce account, whose authority is the all-zero key.
    fn nonce(&self) -> Value {
        let after = self.behaviour.nonce_advanced_after;
        let is_advanced = after.is_some_and(|copies| self.copies().len() >= copies);
        let value =
            DurableNonce::from_blockhash(&Hash::new_from_array([u8::from(is_advanced); 32]));
        let state = State::Initialized(Data::new(Pubkey::default(), value, 5_000));
        let data = bincode::serialize(&Versions::new(state)).unwrap();
        json!({
            "lamports": 1, "owner": Pubkey::default().to_string(), "executable": false,
            "rentEpoch": 0, "space": data.len(), "data": [BASE64_STANDARD.encode(data), "base64"],
        })
    }

    fn status(&self) -> Value {
        let is_processed = self
            .behaviour
            .processed_after
            .is_some_and(|copies| self.copies().len() >= copies);
        if !is_processed {
            return Value::Null;
        }
        let error: Value = self
            .behaviour
            .error
            .map_or(Value::Null, |error| serde_json::from_str(error).unwrap());
        json!({
            "slot": 42,
            "confirmations": 1,
            "err": error,
            "status": if error.is_null() { json!({ "Ok": null }) } else { json!({ "Err": error }) },
            "confirmationStatus": "confirmed",
        })
    }
}

fn lost() -> ClientError {
    ClientErrorKind::Custom("the answer was lost".to_owned()).into()
}

fn with_context(value: Value) -> Value {
    json!({ "context": { "slot": 42 }, "value": value })
}

#[async_trait::async_trait]
impl RpcSender for Endpoint {
    async fn send(
        &self,
        request: RpcRequest,
        params: Value,
    ) -> std::result::Result<Value, ClientError> {
        if self.behaviour.falls_silent && !self.copies().is_empty() {
            return Err(lost());
        }
        Ok(match request {
            RpcRequest::GetVersion => json!({ "solana-core": "4.3.2", "feature-set": 1 }),
            RpcRequest::GetMultipleAccounts => {
                let addresses = params[0].as_array().unwrap().iter();
                let account = |address: &Value| match *address == json!(NONCE.to_string()) {
                    true => self.nonce(),
                    false => Value::Null,
                };
                with_context(addresses.map(account).collect())
            }
            RpcRequest::IsBlockhashValid => with_context(json!(self.behaviour.knows_blockhash)),
            RpcRequest::SimulateTransaction => with_context(json!({
                "err": null, "logs": [], "accounts": null,
                "unitsConsumed": 200, "loadedAccountsDataSize": 1_000,
            })),
            RpcRequest::GetLatestBlockhash => with_context(json!({
                "blockhash": Pubkey::default().to_string(),
                "lastValidBlockHeight": LAST_VALID_BLOCK_HEIGHT,
            })),
            RpcRequest::GetBlockHeight => {
                let mut height = self.height.lock().unwrap();
                *height += 1;
                json!(*height)
            }
            RpcRequest::GetSignatureStatuses => with_context(json!([self.status()])),
            RpcRequest::SendTransaction => {
                self.copies.lock().unwrap().push(params[0].clone());
                return Err(lost());
            }
            other => panic!("the client asked for {other}"),
        })
    }

    fn get_transport_stats(&self) -> RpcTransportStats {
        RpcTransportStats::default()
    }

    fn url(&self) -> String {
        "http://stand-in".to_owned()
    }
}

fn ledger(endpoint: &Endpoint) -> Ledger {
    let config = RpcClientConfig::with_commitment(CommitmentConfig::confirmed());
    Ledger::from(RpcClient::new_sender(endpoint.clone(), config))
}

async fn send(endpoint: &Endpoint) -> Result<Receipt> {
    let ledger = ledger(endpoint);
    let payer = Keypair::new();
    let instruction = propose_authority(payer.pubkey(), Pubkey::new_unique());
    Submitter::new(&ledger, &payer, 0)
        .send(&[instruction], &[])
        .await
}

#[tokio::test(start_paused = true)]
async fn a_processed_transaction_has_a_receipt() {
    let endpoint = Endpoint::new(WORKS);
    let receipt = send(&endpoint).await.unwrap();
    assert_eq!(receipt.slot, 42);
    assert_eq!(receipt.simulation.compute_units, 200);
    assert_eq!(endpoint.copies().len(), 1);
}

#[tokio::test(start_paused = true)]
async fn a_lost_answer_does_not_double_the_transaction() {
    let endpoint = Endpoint::new(Behaviour {
        processed_after: Some(3),
        ..WORKS
    });
    send(&endpoint).await.unwrap();
    let copies = endpoint.copies();
    assert_eq!(copies.len(), 3);
    let different: BTreeSet<String> = copies.iter().map(Value::to_string).collect();
    assert_eq!(different.len(), 1, "the same bytes are sent again");
}

#[tokio::test(start_paused = true)]
async fn a_transaction_that_expired_is_known_to_have_had_no_effect() {
    let endpoint = Endpoint::new(Behaviour {
        processed_after: None,
        ..WORKS
    });
    let error = send(&endpoint).await.unwrap_err();
    assert!(matches!(error, Error::Expired(_)), "{error}");
    assert!(*endpoint.height.lock().unwrap() > LAST_VALID_BLOCK_HEIGHT);
}

#[tokio::test(start_paused = true)]
async fn a_silent_endpoint_leaves_the_outcome_in_doubt() {
    let endpoint = Endpoint::new(Behaviour {
        falls_silent: true,
        ..WORKS
    });
    let error = send(&endpoint).await.unwrap_err();
    let Error::InDoubt {
        last_valid_block_height,
        ..
    } = error
    else {
        panic!("{error}");
    };
    assert_eq!(last_valid_block_height, LAST_VALID_BLOCK_HEIGHT);
}

#[tokio::test(start_paused = true)]
async fn a_refusal_after_sending_is_explained() {
    let endpoint = Endpoint::new(Behaviour {
        error: Some(r#"{ "InstructionError": [2, { "Custom": 6001 }] }"#),
        ..WORKS
    });
    let error = send(&endpoint).await.unwrap_err();
    let Error::Refused(refusal) = error else {
        panic!("{error}");
    };
    assert_eq!(refusal.name, "NotRegistryAuthority");
}

/// Submits a transaction that was prepared and signed before, with the nonce if that is asked for.
async fn submit_signed(endpoint: &Endpoint, with_nonce: bool) -> Result<Receipt> {
    let ledger = ledger(endpoint);
    let payer = Keypair::new();
    let instruction = propose_authority(payer.pubkey(), Pubkey::new_unique());
    let nonce = Nonce {
        account: NONCE,
        authority: Pubkey::default(),
    };
    let fee_payer = FeePayer {
        nonce: with_nonce.then_some(nonce),
        ..FeePayer::new(payer.pubkey())
    };
    let prepared = prepare(&ledger, &fee_payer, &[instruction]).await?;
    let mut transaction = prepared.transaction;
    if with_nonce {
        // Nobody has the key of the stand-in's authority.
        transaction = without_authority(&transaction);
    }
    transaction.sign(&payer)?;
    submit(&ledger, &transaction).await
}

/// The same transaction, whose nonce anybody may advance.
fn without_authority(transaction: &PartialTransaction) -> PartialTransaction {
    let mut instructions = transaction.instructions();
    instructions[0].accounts[2].is_signer = false;
    let message = Message::new_with_blockhash(
        &instructions,
        Some(&transaction.fee_payer()),
        &transaction.message().recent_blockhash,
    );
    PartialTransaction::unsigned(message)
}

#[tokio::test(start_paused = true)]
async fn what_was_signed_elsewhere_is_submitted_until_it_is_processed() {
    let endpoint = Endpoint::new(Behaviour {
        processed_after: Some(3),
        ..WORKS
    });
    let receipt = submit_signed(&endpoint, false).await.unwrap();
    assert_eq!((receipt.slot, receipt.simulation.fee), (42, 5_000));
    assert_eq!(endpoint.copies().len(), 3);
}

#[tokio::test(start_paused = true)]
async fn what_was_signed_too_long_ago_is_not_submitted() {
    let endpoint = Endpoint::new(Behaviour {
        knows_blockhash: false,
        ..WORKS
    });
    let error = submit_signed(&endpoint, false).await.unwrap_err();
    assert!(matches!(error, Error::BlockhashExpired), "{error}");
    assert!(endpoint.copies().is_empty());
}

#[tokio::test(start_paused = true)]
async fn only_its_authority_advances_a_nonce() {
    let endpoint = Endpoint::new(WORKS);
    let fee_payer = FeePayer {
        nonce: Some(Nonce {
            account: NONCE,
            authority: NONCE,
        }),
        ..FeePayer::new(NONCE)
    };
    let prepared = prepare(&ledger(&endpoint), &fee_payer, &[]).await;
    let error = prepared.unwrap_err();
    assert!(matches!(error, Error::NotNonceAuthority { .. }), "{error}");
}

#[tokio::test(start_paused = true)]
async fn a_transaction_with_a_nonce_ends_when_the_nonce_is_advanced() {
    let endpoint = Endpoint::new(Behaviour {
        processed_after: Some(200),
        knows_blockhash: false,
        ..WORKS
    });
    let receipt = submit_signed(&endpoint, true).await.unwrap();
    assert_eq!(receipt.slot, 42);
    assert_eq!(
        endpoint.copies().len(),
        200,
        "longer than a blockhash is valid"
    );

    let endpoint = Endpoint::new(Behaviour {
        processed_after: None,
        nonce_advanced_after: Some(2),
        ..WORKS
    });
    let asked = Instant::now();
    let error = submit_signed(&endpoint, true).await.unwrap_err();
    assert!(matches!(error, Error::Expired(_)), "{error}");
    assert!(asked.elapsed() > Duration::from_secs(30), "it may turn up");

    let endpoint = Endpoint::new(Behaviour {
        falls_silent: true,
        ..WORKS
    });
    let error = submit_signed(&endpoint, true).await.unwrap_err();
    assert!(
        matches!(error, Error::InDoubtByNonce { nonce: NONCE, .. }),
        "{error}"
    );
}

#[tokio::test(start_paused = true)]
async fn an_advanced_nonce_is_noticed_before_anything_is_sent() {
    let endpoint = Endpoint::new(WORKS);
    let ledger_before = ledger(&endpoint);
    let payer = Keypair::new();
    let nonce = Nonce {
        account: NONCE,
        authority: Pubkey::default(),
    };
    let fee_payer = FeePayer {
        nonce: Some(nonce),
        ..FeePayer::new(payer.pubkey())
    };
    let instruction = propose_authority(payer.pubkey(), Pubkey::new_unique());
    let prepared = prepare(&ledger_before, &fee_payer, &[instruction]).await;
    let mut transaction = without_authority(&prepared.unwrap().transaction);
    transaction.sign(&payer).unwrap();
    let later = Endpoint::new(Behaviour {
        nonce_advanced_after: Some(0),
        ..WORKS
    });
    let error = submit(&ledger(&later), &transaction).await.unwrap_err();
    assert!(matches!(error, Error::NonceAdvanced(NONCE)), "{error}");
    assert!(later.copies().is_empty());
}
