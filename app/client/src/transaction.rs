//! Simulating, sending and confirming a transaction, never twice.
//!
//! A transaction is signed once, for one blockhash or one value of a nonce, and sent again until the
//! cluster has processed it or that has expired. However often a packet is lost, the outcome is one of
//! three: processed, never processed, or, if the endpoint falls silent, not known yet, with what decides
//! when it will be.
//!
//! [`Submitter`] signs with keys that are at hand. Where others have to sign as well, [`prepare`] makes the
//! transaction, and [`submit`] sends it once all have.

use solana_commitment_config::CommitmentConfig;
use solana_hash::Hash;
use solana_instruction::Instruction;
use solana_message::VersionedMessage;
use solana_pubkey::Pubkey;
use solana_signature::Signature;
use solana_signer::Signer;

use crate::{
    compute_budget::ComputeBudget,
    confirmation::confirm,
    error::{Error, Result},
    fee_payer::FeePayer,
    ledger::Ledger,
    nonce::{DurableNonce, read_nonce},
    partial_transaction::PartialTransaction,
    plan::Plan,
    simulation::{Blockhash, simulate_message},
};

pub use crate::{
    confirmation::Lifetime,
    simulation::{AccountUse, Simulation},
};

/// A transaction that the cluster has processed.
#[derive(Clone, Debug)]
pub struct Receipt {
    /// The transaction's first signature, which identifies it.
    pub signature: Signature,
    /// The slot in which it was processed.
    pub slot: u64,
    /// The simulation before it was sent.
    pub simulation: Simulation,
}

/// A transaction that nobody has signed yet.
#[derive(Clone, Debug)]
pub struct Prepared {
    /// It, with all its signatures missing.
    pub transaction: PartialTransaction,
    /// Until when it can be processed.
    pub lifetime: Lifetime,
    /// What it would do.
    pub simulation: Simulation,
}

/// Runs the transaction on the endpoint's current state without sending it.
///
/// # Errors
///
/// [`Error::Refused`], or why the endpoint did not answer.
pub async fn simulate(
    ledger: &Ledger,
    payer: &FeePayer,
    instructions: &[Instruction],
) -> Result<Simulation> {
    let message = payer.message(instructions, &Hash::default());
    let message = VersionedMessage::Legacy(message);
    simulate_message(ledger, &message, Blockhash::Newest, payer.priority_fee).await
}

/// Makes the transaction with the newest blockhash, or with the payer's nonce, and with its limits set to
/// what it takes in a simulation.
///
/// # Errors
///
/// [`Error::Refused`] if it cannot succeed now, [`Error::NotNonceAuthority`], or why the endpoint did not
/// answer.
pub async fn prepare(
    ledger: &Ledger,
    payer: &FeePayer,
    instructions: &[Instruction],
) -> Result<Prepared> {
    let limited = |simulation: &Simulation| {
        let mut limited = payer.limits(simulation.unit_limit(), simulation.loaded_data_limit());
        limited.extend_from_slice(instructions);
        limited
    };
    prepare_as(ledger, payer, instructions, limited).await
}

/// The same without limits, which who signs in the end sets: a multisig's program, or a custody desk.
///
/// # Errors
///
/// Those of [`prepare`].
pub async fn prepare_without_limits(
    ledger: &Ledger,
    payer: &FeePayer,
    instructions: &[Instruction],
) -> Result<Prepared> {
    prepare_as(ledger, payer, instructions, |_| instructions.to_vec()).await
}

/// Makes the transaction with the instructions that `finish` returns once the given ones were simulated.
async fn prepare_as(
    ledger: &Ledger,
    payer: &FeePayer,
    instructions: &[Instruction],
    finish: impl FnOnce(&Simulation) -> Vec<Instruction>,
) -> Result<Prepared> {
    let nonce = nonce_lifetime(ledger, payer).await?;
    let simulation = simulate(ledger, payer, instructions).await?;
    let (hash, lifetime) = nonce_or_blockhash(ledger, nonce).await?;
    let message = payer.message(&finish(&simulation), &hash);
    Ok(Prepared {
        transaction: PartialTransaction::unsigned(message),
        lifetime,
        simulation,
    })
}

/// The value of the payer's nonce, if it has one, which its authority may advance.
async fn nonce_lifetime(ledger: &Ledger, payer: &FeePayer) -> Result<Option<(Hash, Lifetime)>> {
    let Some(DurableNonce { account, authority }) = payer.nonce else {
        return Ok(None);
    };
    let (value, holder) = read_nonce(ledger, &account).await?;
    match holder == authority {
        true => Ok(Some((value, Lifetime::Nonce { account, value }))),
        false => Err(Error::NotNonceAuthority {
            nonce: account,
            authority: holder,
            key: authority,
        }),
    }
}

/// What a transaction names: the nonce's value, or else the newest blockhash.
async fn nonce_or_blockhash(
    ledger: &Ledger,
    nonce: Option<(Hash, Lifetime)>,
) -> Result<(Hash, Lifetime)> {
    if let Some(nonce) = nonce {
        return Ok(nonce);
    }
    let (hash, last_valid_block_height) = ledger.newest_blockhash().await?;
    let lifetime = Lifetime::Blockhash {
        last_valid_block_height,
    };
    Ok((hash, lifetime))
}

/// Submits a transaction that all have signed, and waits until it is processed at the ledger's commitment.
/// It is simulated before, so that one that is refused costs nothing.
///
/// # Errors
///
/// [`InvalidTransaction::Unsigned`](crate::partial_transaction::InvalidTransaction::Unsigned),
/// [`Error::BlockhashExpired`] or [`Error::NonceAdvanced`] if it is too late, [`Error::Refused`], or those
/// of [`Submitter::send`].
pub async fn submit(ledger: &Ledger, transaction: &PartialTransaction) -> Result<Receipt> {
    let complete = transaction.complete()?;
    let lifetime = lifetime_of(ledger, transaction).await?;
    let simulation = simulate_finished(ledger, transaction, Blockhash::Own).await?;
    let slot = confirm(ledger, &complete, lifetime).await?;
    Ok(Receipt {
        signature: complete.signatures[0],
        slot,
        simulation,
    })
}

/// Runs a transaction that was made elsewhere on the endpoint's current state, whoever has signed it.
///
/// # Errors
///
/// [`Error::Refused`] if it would be refused for another reason than its age or missing signatures.
pub async fn simulate_as_it_is(
    ledger: &Ledger,
    transaction: &PartialTransaction,
) -> Result<Simulation> {
    simulate_finished(ledger, transaction, Blockhash::Newest).await
}

/// Simulates a transaction to which no limits are added. Its fee is that of the limits that it has.
async fn simulate_finished(
    ledger: &Ledger,
    transaction: &PartialTransaction,
    blockhash: Blockhash,
) -> Result<Simulation> {
    let message = VersionedMessage::Legacy(transaction.message().clone());
    let mut simulation = simulate_message(ledger, &message, blockhash, 0).await?;
    simulation.fee = ComputeBudget::of(&transaction.instructions())
        .fee(transaction.signers().len(), simulation.compute_units);
    Ok(simulation)
}

/// Until when a transaction that was made elsewhere can be processed.
///
/// # Errors
///
/// [`Error::BlockhashExpired`] or [`Error::NonceAdvanced`] if it is too late.
pub async fn lifetime_of(ledger: &Ledger, transaction: &PartialTransaction) -> Result<Lifetime> {
    let named = transaction.message().recent_blockhash;
    if let Some(nonce) = DurableNonce::named_by(&transaction.instructions()) {
        let (value, _) = read_nonce(ledger, &nonce.account).await?;
        if value != named {
            return Err(Error::NonceAdvanced(nonce.account));
        }
        let account = nonce.account;
        return Ok(Lifetime::Nonce { account, value });
    }
    // Its blockhash is not newer than the newest one now, which therefore expires no earlier.
    let (_, last_valid_block_height) = ledger.newest_blockhash().await?;
    // Who made it may have asked for a less settled state than this ledger is read at.
    let processed = CommitmentConfig::processed();
    let is_valid = ledger.rpc().is_blockhash_valid(&named, processed).await;
    match is_valid.map_err(|error| ledger.rpc_error(error))? {
        true => Ok(Lifetime::Blockhash {
            last_valid_block_height,
        }),
        false => Err(Error::BlockhashExpired),
    }
}

/// Sends transactions for one fee payer.
pub struct Submitter<'a> {
    ledger: &'a Ledger,
    payer: &'a dyn Signer,
    priority_fee: u64,
    nonce: Option<DurableNonce>,
}

impl<'a> Submitter<'a> {
    /// `priority_fee` is in micro-lamports a compute unit; zero for none.
    pub fn new(ledger: &'a Ledger, payer: &'a dyn Signer, priority_fee: u64) -> Self {
        Self {
            ledger,
            payer,
            priority_fee,
            nonce: None,
        }
    }

    /// Names this nonce in the transactions instead of blockhashes.
    #[must_use]
    pub fn with_nonce(mut self, nonce: Option<DurableNonce>) -> Self {
        self.nonce = nonce;
        self
    }

    /// The key that pays.
    pub fn payer(&self) -> Pubkey {
        self.payer.pubkey()
    }

    /// The key that pays, and what for each compute unit.
    pub fn fee_payer(&self) -> FeePayer {
        FeePayer {
            key: self.payer(),
            priority_fee: self.priority_fee,
            nonce: self.nonce,
        }
    }

    /// Runs the transaction on the endpoint's current state without sending it.
    pub async fn simulate(&self, instructions: &[Instruction]) -> Result<Simulation> {
        simulate(self.ledger, &self.fee_payer(), instructions).await
    }

    /// Simulates the transaction, sets its limits to what that took, sends it and waits until it
    /// is processed at the ledger's commitment.
    ///
    /// `signers` sign beside the fee payer, who may be among them.
    pub async fn send(
        &self,
        instructions: &[Instruction],
        signers: &[&dyn Signer],
    ) -> Result<Receipt> {
        let Prepared {
            mut transaction,
            lifetime,
            simulation,
        } = prepare(self.ledger, &self.fee_payer(), instructions).await?;
        for address in transaction.absent() {
            let signer = std::iter::once(&self.payer)
                .chain(signers)
                .find(|signer| signer.pubkey() == address)
                .ok_or_else(|| Error::Signing(format!("the keypair of {address} is needed too")))?;
            transaction.sign(*signer)?;
        }
        let transaction = transaction.complete()?;
        let slot = confirm(self.ledger, &transaction, lifetime).await?;
        Ok(Receipt {
            signature: transaction.signatures[0],
            slot,
            simulation,
        })
    }

    /// Sends the transactions of a plan, one after the other, and calls `sent` after each.
    ///
    /// `signers` sign beside the fee payer, who may be among them.
    ///
    /// # Errors
    ///
    /// Why the first was not sent, or [`Error::PartlySent`] if a later one was not.
    pub async fn send_plan(
        &self,
        plan: &Plan,
        signers: &[&dyn Signer],
        mut sent: impl FnMut(&Receipt),
    ) -> Result<Vec<Receipt>> {
        let total = plan.transactions.len();
        let mut receipts = Vec::with_capacity(total);
        for instructions in &plan.transactions {
            let receipt = match (self.send(instructions, signers).await, receipts.len()) {
                (Ok(receipt), _) => receipt,
                (Err(error), 0) => return Err(error),
                (Err(error), done) => {
                    return Err(Error::PartlySent {
                        done,
                        total,
                        error: Box::new(error),
                    });
                }
            };
            sent(&receipt);
            receipts.push(receipt);
        }
        Ok(receipts)
    }
}
