//! Sending a signed transaction until it is processed or has expired.

use std::time::Duration;

use custody::CustodyError;
use solana_client::rpc_config::RpcSendTransactionConfig;
use solana_hash::Hash;
use solana_message::VersionedMessage;
use solana_pubkey::Pubkey;
use solana_signature::Signature;
use solana_transaction::versioned::VersionedTransaction;
use solana_transaction_error::TransactionError;
use solana_transaction_status_client_types::{TransactionConfirmationStatus, TransactionStatus};
use tokio::time::Instant;

use crate::{
    error::{Error, Result},
    ledger::Ledger,
    nonce::read_nonce,
    recalls::of_goods,
    refusal::explain,
};

/// How often the outcome is asked for.
const POLL_EVERY: Duration = Duration::from_millis(200);
/// How often the transaction is sent again until the cluster has seen it.
const RESEND_EVERY: Duration = Duration::from_secs(2);
/// How long a silent endpoint is waited for; a blockhash is valid for about a minute.
const SILENCE_LIMIT: Duration = Duration::from_secs(90);
/// How long the transaction is still looked for after its nonce was advanced: of several nodes behind an endpoint one
/// may know of the new nonce before another knows of the transaction that advanced it.
const NONCE_GRACE: Duration = Duration::from_secs(30);

/// Until when a transaction can be processed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Lifetime {
    /// As long as its blockhash is valid.
    Blockhash {
        /// The height of the last block that may have it.
        last_valid_block_height: u64,
    },
    /// As long as a nonce account holds the value that it names.
    Nonce {
        /// The account.
        account: Pubkey,
        /// That value.
        value: Hash,
    },
}

impl Lifetime {
    /// How long after its end a transaction may still turn out to have been processed.
    const fn grace(&self) -> Duration {
        match self {
            Self::Blockhash { .. } => Duration::ZERO,
            Self::Nonce { .. } => NONCE_GRACE,
        }
    }

    /// Whether it is over.
    async fn is_over(&self, ledger: &Ledger) -> Result<bool> {
        match self {
            Self::Blockhash {
                last_valid_block_height,
            } => Ok(ledger.block_height().await? > *last_valid_block_height),
            Self::Nonce { account, value } => Ok(read_nonce(ledger, account).await?.0 != *value),
        }
    }
}

/// Sends until the transaction is processed at the ledger's commitment, or its lifetime is over. Returns its
/// slot.
pub(crate) async fn confirm(
    ledger: &Ledger,
    transaction: &VersionedTransaction,
    lifetime: Lifetime,
) -> Result<u64> {
    let signature = transaction.signatures[0];
    let config = RpcSendTransactionConfig {
        skip_preflight: true,
        max_retries: Some(0),
        ..RpcSendTransactionConfig::default()
    };
    let mut sent_at: Option<Instant> = None;
    let mut heard_at = Instant::now();
    let mut missed_at: Option<Instant> = None;
    loop {
        // A failed attempt to send is not an outcome: the next query or attempt decides.
        if sent_at.is_none_or(|sent_at| sent_at.elapsed() >= RESEND_EVERY) {
            let sent = ledger.rpc();
            match sent.send_transaction_with_config(transaction, config).await {
                Ok(_) => tracing::debug!(%signature, "sent"),
                Err(error) => tracing::debug!(%signature, %error, "could not send"),
            }
            sent_at = Some(Instant::now());
        }
        match outcome(ledger, transaction, lifetime).await {
            Ok(Outcome::Processed(slot)) => return Ok(slot),
            Ok(Outcome::Missed) => {
                heard_at = Instant::now();
                if missed_at.get_or_insert(heard_at).elapsed() >= lifetime.grace() {
                    return Err(Error::Expired(signature));
                }
            }
            Ok(Outcome::Pending) => heard_at = Instant::now(),
            Err(error @ Error::Refused(_)) => return Err(error),
            Err(error) if heard_at.elapsed() > SILENCE_LIMIT => {
                return Err(in_doubt(signature, lifetime, &error));
            }
            Err(error) => tracing::debug!(%signature, %error, "no answer, asking again"),
        }
        tokio::time::sleep(POLL_EVERY).await;
    }
}

fn in_doubt(signature: Signature, lifetime: Lifetime, error: &Error) -> Error {
    let reason = error.to_string();
    match lifetime {
        Lifetime::Blockhash {
            last_valid_block_height,
        } => Error::InDoubt {
            signature,
            last_valid_block_height,
            reason,
        },
        Lifetime::Nonce { account, .. } => Error::InDoubtByNonce {
            signature,
            nonce: account,
            reason,
        },
    }
}

enum Outcome {
    Processed(u64),
    Pending,
    /// Its lifetime is over, and the endpoint does not know of it.
    Missed,
}

/// What the endpoint knows of a transaction now.
async fn outcome(
    ledger: &Ledger,
    transaction: &VersionedTransaction,
    lifetime: Lifetime,
) -> Result<Outcome> {
    let rpc = ledger.rpc();
    // The lifetime is read first: were it read last, a transaction processed between the two calls in
    // the very last block would be taken for one that never was.
    let is_over = lifetime.is_over(ledger).await?;
    let signatures = [transaction.signatures[0]];
    let statuses = if is_over {
        rpc.get_signature_statuses_with_history(&signatures).await
    } else {
        rpc.get_signature_statuses(&signatures).await
    };
    let status = statuses
        .map_err(|error| ledger.rpc_error(error))?
        .value
        .into_iter()
        .next()
        .flatten();
    match status {
        Some(status) if is_committed(ledger, &status) => match status.err {
            None => Ok(Outcome::Processed(status.slot)),
            Some(error) => {
                let message = &transaction.message;
                Err(refused(ledger, &error, message, Vec::new()).await)
            }
        },
        Some(_) => Ok(Outcome::Pending),
        None if is_over => Ok(Outcome::Missed),
        None => Ok(Outcome::Pending),
    }
}

/// The refusal, with the recalls that it is for.
pub(crate) async fn refused(
    ledger: &Ledger,
    error: &TransactionError,
    message: &VersionedMessage,
    logs: Vec<String>,
) -> Error {
    let mut refusal = explain(error, message, logs);
    if refusal.is(CustodyError::Recalled) {
        // If the endpoint falls silent now, the refusal is reported without the recalls.
        let recalls = of_goods(ledger, message.static_account_keys()).await;
        refusal.recalls = recalls.unwrap_or_default();
    }
    Error::Refused(Box::new(refusal))
}

fn is_committed(ledger: &Ledger, status: &TransactionStatus) -> bool {
    let commitment = ledger.commitment();
    match status.confirmation_status() {
        TransactionConfirmationStatus::Finalized => true,
        TransactionConfirmationStatus::Confirmed => !commitment.is_finalized(),
        TransactionConfirmationStatus::Processed => commitment.is_processed(),
    }
}
