//! Methods that the node answers differently from a cluster, corrected. All others are the node's own.

use serde::Deserialize;
use serde_json::json;
use solana_rpc_client_api::{
    config::RpcSendTransactionConfig,
    custom_error::{
        JSON_RPC_SERVER_ERROR_SEND_TRANSACTION_PREFLIGHT_FAILURE,
        JSON_RPC_SERVER_ERROR_TRANSACTION_SIGNATURE_VERIFICATION_FAILURE,
    },
};
use solana_transaction_error::TransactionError;
use surfpool_core::{
    jsonrpc_core::{BoxFuture, Error, ErrorCode, Params, Result, Value},
    rpc::{
        RunloopContext,
        full::{Full, SurfpoolFullRpc, SurfpoolRpcSendTransactionConfig},
        utils::{decode_rpc_versioned_transaction, verify_pubkey},
    },
};
use surfpool_types::{
    SerialVmMutationResult, SerialVmMutationTask, SimnetCommand, channel::bounded,
};
use tokio::task::block_in_place;

use crate::ledger::bring_into_memory;

/// The parameters of `sendTransaction`.
#[derive(Deserialize)]
struct SendTransaction {
    transaction: String,
    #[serde(default)]
    config: Option<RpcSendTransactionConfig>,
}

/// `sendTransaction` without the node's option to skip the verification of signatures, and with a
/// cluster's answers to a repeated transaction and to one with an invalid signature.
pub(crate) fn send_transaction(
    params: Params,
    meta: Option<RunloopContext>,
) -> BoxFuture<Result<Value>> {
    Box::pin(async move {
        let SendTransaction {
            transaction,
            config,
        } = params.parse()?;
        let base = config.unwrap_or_default();
        let skip_preflight = base.skip_preflight;
        let decoded = decode_rpc_versioned_transaction(transaction.clone(), base.encoding)?;
        let Some(signature) = decoded.signatures.first() else {
            return Err(Error::invalid_params("the transaction has no signature"));
        };

        let config = SurfpoolRpcSendTransactionConfig {
            base,
            skip_sig_verify: None,
        };
        let sent = SurfpoolFullRpc
            .send_transaction(meta, transaction, Some(config))
            .await;
        match sent {
            Err(error) if is(&error, &TransactionError::AlreadyProcessed) => {
                if skip_preflight {
                    Ok(signature.to_string())
                } else {
                    Err(already_processed())
                }
            }
            Err(error) if is(&error, &TransactionError::SignatureFailure) => {
                Err(invalid_signature())
            }
            sent => sent,
        }
        .map(Value::String)
    })
}

/// Whether the node refused a transaction for `reason`, which is only in the text of its error.
fn is(error: &Error, reason: &TransactionError) -> bool {
    error.data.is_none() && error.message.contains(&reason.to_string())
}

/// A cluster's error in preflight for a transaction that was already executed.
fn already_processed() -> Error {
    let reason = TransactionError::AlreadyProcessed;
    Error {
        code: ErrorCode::ServerError(JSON_RPC_SERVER_ERROR_SEND_TRANSACTION_PREFLIGHT_FAILURE),
        message: format!("Transaction simulation failed: {reason}"),
        data: Some(json!({ "err": reason, "logs": [] })),
    }
}

/// A cluster's error in preflight for a transaction with an invalid signature.
fn invalid_signature() -> Error {
    Error {
        code: ErrorCode::ServerError(
            JSON_RPC_SERVER_ERROR_TRANSACTION_SIGNATURE_VERIFICATION_FAILURE,
        ),
        message: "Transaction signature verification failure".into(),
        data: None,
    }
}

/// The parameters of `requestAirdrop`; the last one is ignored.
#[derive(Deserialize)]
struct RequestAirdrop {
    account: String,
    lamports: u64,
    #[serde(default, rename = "config")]
    _config: Option<Value>,
}

/// `requestAirdrop` that adds to the account's balance: the node itself treats an account that is in the
/// ledger's folder, but not in memory, as a new one.
pub(crate) fn request_airdrop(
    params: Params,
    meta: Option<RunloopContext>,
) -> BoxFuture<Result<Value>> {
    Box::pin(async move {
        let RequestAirdrop {
            account, lamports, ..
        } = params.parse()?;
        let address = verify_pubkey(&account)?;
        let context = meta.ok_or_else(Error::internal_error)?;

        // Executed between transactions, as the node does it.
        let (reply, answer) = bounded(1);
        let svm = context.svm_locker;
        let airdrop = SerialVmMutationTask::new(move || {
            Box::pin(async move {
                let sent = svm.with_svm_writer(|svm| {
                    bring_into_memory(svm, &address)?;
                    svm.airdrop(&address, lamports)
                });
                // The client may have disconnected.
                let _ = reply.send(sent);
                SerialVmMutationResult::ProduceBlock
            })
        });
        context
            .simnet_commands_tx
            .send(SimnetCommand::ProcessSerialVmMutation(airdrop))
            .map_err(|_| Error::internal_error())?;
        let sent = block_in_place(|| answer.recv()).map_err(|_| Error::internal_error())??;
        match sent {
            Ok(metadata) => Ok(Value::String(metadata.signature.to_string())),
            Err(failed) => Err(Error::invalid_params(failed.err.to_string())),
        }
    })
}
