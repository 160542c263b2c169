//! Sending over an endpoint that loses answers, falls silent or never processes anything: the
//! outcome is known, or known to be in doubt, and only one transaction is ever signed.

use std::{
    collections::BTreeSet,
    sync::{Arc, Mutex},
};

use pedigree_client::{
    Error, Ledger, Result,
    instruction::registry::propose_authority,
    transaction::{Receipt, Submitter},
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
use solana_keypair::Keypair;
use solana_pubkey::Pubkey;
use solana_signer::Signer;

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
}

const WORKS: Behaviour = Behaviour {
    processed_after: Some(1),
    error: None,
    falls_silent: false,
};

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
                let addresses = params[0].as_array().unwrap();
                with_context(vec![Value::Null; addresses.len()].into())
            }
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

async fn send(endpoint: &Endpoint) -> Result<Receipt> {
    let config = RpcClientConfig::with_commitment(CommitmentConfig::confirmed());
    let ledger = Ledger::from(RpcClient::new_sender(endpoint.clone(), config));
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
