//! What the endpoint has about a consignment and those whose histories belong to its own.

use std::collections::{BTreeMap, BTreeSet, btree_map::Entry};

use custody::Consignment;
use futures_util::{StreamExt, TryStreamExt, stream};
use solana_client::{
    rpc_client::GetConfirmedSignaturesForAddress2Config, rpc_config::RpcTransactionConfig,
};
use solana_message::compiled_instruction::CompiledInstruction;
use solana_pubkey::Pubkey;
use solana_signature::Signature;
use solana_transaction_status_client_types::{
    EncodedConfirmedTransactionWithStatusMeta, UiInstruction, UiLoadedAddresses,
    UiTransactionEncoding,
};

use super::{
    event::{Event, event},
    invocation::Invocation,
};
use crate::{
    error::{Error, Result},
    ledger::{Ledger, missing},
};

/// Signatures asked for at once: what RPC nodes answer at most.
const PAGE: usize = 1_000;

/// How many transactions are fetched at once: few enough for a public endpoint.
const TRANSACTIONS_AT_ONCE: usize = 8;

/// Where an event comes from.
#[derive(Clone, Copy, Debug)]
pub(super) struct Source {
    pub(super) signature: Signature,
    pub(super) slot: u64,
    pub(super) time: Option<i64>,
    pub(super) compute_units: Option<u64>,
}

/// A successful transaction, as far as it is about custody.
pub(super) struct Transaction {
    pub(super) source: Source,
    pub(super) invocations: Vec<Invocation>,
}

/// What the endpoint has about a consignment and those whose histories belong to its own.
#[derive(Default)]
pub(super) struct Archive {
    /// The transactions that name each consignment, oldest first.
    pub(super) histories: BTreeMap<Pubkey, History>,
    pub(super) transactions: BTreeMap<Signature, Transaction>,
}

/// The transactions that name a consignment.
#[derive(Default)]
pub(super) struct History {
    pub(super) signatures: Vec<Signature>,
    /// How much of it, from the oldest on, belongs to the traced consignment's history.
    wanted: Extent,
}

impl History {
    pub(super) fn new(signatures: Vec<Signature>) -> Self {
        Self {
            signatures,
            wanted: Extent::default(),
        }
    }

    /// The wanted transactions, each with how many of its invocations are.
    fn wanted(&self) -> impl Iterator<Item = (&Signature, usize)> {
        let Extent {
            transactions,
            invocations,
        } = self.wanted;
        self.wanted_signatures()
            .iter()
            .enumerate()
            .map(move |(place, signature)| {
                let is_whole = place < transactions;
                (signature, if is_whole { usize::MAX } else { invocations })
            })
    }

    fn wanted_signatures(&self) -> &[Signature] {
        &self.signatures[..self.wanted.signatures()]
    }

    /// The extent of the history up to an invocation; `None` if the invocation is not in it.
    fn extent(&self, until: Until) -> Option<Extent> {
        let mut signatures = self.signatures.iter();
        Some(Extent {
            transactions: signatures.position(|one| *one == until.signature)?,
            invocations: until.invocation + 1,
        })
    }
}

/// A number of whole transactions, and of invocations of the next one.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
struct Extent {
    transactions: usize,
    invocations: usize,
}

impl Extent {
    /// How many transactions it touches.
    fn signatures(self) -> usize {
        self.transactions + usize::from(self.invocations > 0)
    }
}

/// An invocation up to which a consignment's history is wanted, itself included.
#[derive(Clone, Copy, Debug)]
pub(super) struct Until {
    signature: Signature,
    invocation: usize,
}

impl Archive {
    /// Fetches the history of the consignment at `address`, and those that belong to it.
    pub(super) async fn collect(ledger: &Ledger, address: &Pubkey) -> Result<Self> {
        let mut archive = Self::default();
        // Consignments still to be fetched, each up to an invocation, or wholly.
        let mut missing = vec![(*address, None)];
        while let Some((address, until)) = missing.pop() {
            if let Entry::Vacant(history) = archive.histories.entry(address) {
                history.insert(History::new(signatures(ledger, &address).await?));
            }
            let new: Vec<Signature> = archive
                .want(&address, until)?
                .into_iter()
                .filter(|signature| !archive.transactions.contains_key(signature))
                .collect();
            for transaction in fetch_all(ledger, new).await? {
                let signature = transaction.source.signature;
                archive.transactions.insert(signature, transaction);
            }
            missing.extend(archive.relatives(&address));
        }
        Ok(archive)
    }

    /// Marks the history of `address` as wanted, up to an invocation or all of it. Returns the transactions
    /// that this adds.
    pub(super) fn want(
        &mut self,
        address: &Pubkey,
        until: Option<Until>,
    ) -> Result<Vec<Signature>> {
        let Some(history) = self.histories.get_mut(address) else {
            return Ok(Vec::new());
        };
        let wanted = match until {
            None => Extent {
                transactions: history.signatures.len(),
                invocations: 0,
            },
            Some(until) => history.extent(until).ok_or_else(contradiction)?,
        };
        let before = history.wanted.signatures();
        history.wanted = history.wanted.max(wanted);
        Ok(history.wanted_signatures()[before..].to_vec())
    }

    /// The consignments whose histories the wanted part of `address`'s continues or absorbs, each with how
    /// far, unless that much is wanted already.
    pub(super) fn relatives(&self, address: &Pubkey) -> Vec<(Pubkey, Option<Until>)> {
        let mut relatives = Vec::new();
        for (signature, invocation, made) in self.wanted_invocations(address) {
            let Some(relative) = made.relative(address) else {
                continue;
            };
            let until = Until {
                signature: *signature,
                invocation,
            };
            let is_wanted = self.histories.get(&relative).is_some_and(|history| {
                history
                    .extent(until)
                    .is_some_and(|extent| extent <= history.wanted)
            });
            if !is_wanted {
                relatives.push((relative, Some(until)));
            }
        }
        relatives
    }

    /// The wanted invocations of the transactions that name `address`, oldest first.
    fn wanted_invocations(
        &self,
        address: &Pubkey,
    ) -> impl Iterator<Item = (&Signature, usize, &Invocation)> {
        let history = self.histories.get(address).into_iter();
        history
            .flat_map(History::wanted)
            .flat_map(|(signature, limit)| {
                let transaction = self.transactions.get(signature).into_iter();
                transaction
                    .flat_map(|transaction| transaction.invocations.iter().enumerate())
                    .take(limit)
                    .map(move |(index, invocation)| (signature, index, invocation))
            })
    }

    /// Why there is no consignment at `address` to trace.
    pub(super) fn end_of(&self, address: &Pubkey) -> Error {
        let last = self
            .wanted_invocations(address)
            .filter_map(|(_, _, invocation)| invocation.merged_into(address))
            .last();
        match last {
            Some(into) => Error::Merged {
                consignment: *address,
                into,
            },
            None => missing::<Consignment>(address),
        }
    }

    /// What happened to all consignments here, oldest first.
    pub(super) fn events(&self) -> Result<Vec<(Pubkey, Event, Source)>> {
        let mut events = Vec::new();
        let wanted: BTreeMap<&Pubkey, BTreeMap<&Signature, usize>> = self
            .histories
            .iter()
            .map(|(address, history)| (address, history.wanted().collect()))
            .collect();
        for signature in self.in_order()? {
            let Some(transaction) = self.transactions.get(&signature) else {
                continue;
            };
            for (place, invocation) in transaction.invocations.iter().enumerate() {
                for (&address, limits) in &wanted {
                    if limits.get(&signature).is_some_and(|limit| place < *limit) {
                        let event = event(invocation, address);
                        events.extend(event.map(|event| (*address, event, transaction.source)));
                    }
                }
            }
        }
        let mut begun: BTreeSet<Pubkey> = BTreeSet::new();
        for (address, event, _) in &events {
            match event {
                Event::Minted { .. } => begun.insert(*address),
                Event::Split { child, .. } if begun.contains(address) => begun.insert(*child),
                _ if begun.contains(address) => continue,
                _ => {
                    return Err(Error::IncompleteHistory(format!(
                        "the endpoint's history of {address} does not begin with its minting: ask \
                         an endpoint that keeps the whole history"
                    )));
                }
            };
        }
        if begun.is_empty() {
            return Err(Error::IncompleteHistory(
                "the endpoint has no transaction of this consignment: ask an endpoint that keeps \
                 the whole history"
                    .to_owned(),
            ));
        }
        Ok(events)
    }

    /// All wanted transactions in one order that agrees with every consignment's own.
    pub(super) fn in_order(&self) -> Result<Vec<Signature>> {
        let mut left: BTreeMap<&Pubkey, &[Signature]> = self
            .histories
            .iter()
            .map(|(address, history)| (address, history.wanted_signatures()))
            .collect();
        let mut ordered = Vec::new();
        loop {
            left.retain(|_, signatures| !signatures.is_empty());
            if left.is_empty() {
                return Ok(ordered);
            }
            // The next one is first in every history that has it; of several, the one of the earliest slot.
            let next = left
                .values()
                .map(|signatures| signatures[0])
                .filter(|next| {
                    left.values()
                        .all(|signatures| !signatures[1..].contains(next))
                })
                .min_by_key(|next| self.transactions.get(next).map(|one| one.source.slot));
            let next = next.ok_or_else(contradiction)?;
            for signatures in left.values_mut() {
                if signatures[0] == next {
                    *signatures = &signatures[1..];
                }
            }
            ordered.push(next);
        }
    }
}

fn contradiction() -> Error {
    Error::IncompleteHistory(
        "the endpoint's lists of two consignments' transactions contradict each other: ask another \
         endpoint"
            .to_owned(),
    )
}

/// Every successful transaction that names `address`, oldest first.
async fn signatures(ledger: &Ledger, address: &Pubkey) -> Result<Vec<Signature>> {
    let mut newest_first = Vec::new();
    let mut before = None;
    loop {
        let config = GetConfirmedSignaturesForAddress2Config {
            before,
            until: None,
            limit: Some(PAGE),
            commitment: Some(ledger.commitment()),
        };
        let page = ledger
            .rpc()
            .get_signatures_for_address_with_config(address, config)
            .await;
        let page = page.map_err(|error| ledger.rpc_error(error))?;
        let is_last = page.len() < PAGE;
        for status in page {
            let signature = status.signature.parse().map_err(|_| {
                Error::IncompleteHistory("the endpoint sent a malformed signature".to_owned())
            })?;
            before = Some(signature);
            if status.err.is_none() {
                newest_first.push(signature);
            }
        }
        if is_last {
            break;
        }
    }
    newest_first.reverse();
    Ok(newest_first)
}

/// Every successful transaction that names `address`, oldest first, as far as it is about custody.
pub(super) async fn transactions(ledger: &Ledger, address: &Pubkey) -> Result<Vec<Transaction>> {
    fetch_all(ledger, signatures(ledger, address).await?).await
}

async fn fetch_all(ledger: &Ledger, signatures: Vec<Signature>) -> Result<Vec<Transaction>> {
    stream::iter(signatures)
        .map(|signature| fetch(ledger, signature))
        .buffered(TRANSACTIONS_AT_ONCE)
        .try_collect()
        .await
}

async fn fetch(ledger: &Ledger, signature: Signature) -> Result<Transaction> {
    let config = RpcTransactionConfig {
        encoding: Some(UiTransactionEncoding::Base64),
        commitment: Some(ledger.commitment()),
        max_supported_transaction_version: Some(1),
    };
    let transaction = ledger
        .rpc()
        .get_transaction_with_config(&signature, config)
        .await;
    let transaction = transaction.map_err(|error| ledger.rpc_error(error))?;
    let source = Source {
        signature,
        slot: transaction.slot,
        time: transaction.block_time,
        compute_units: transaction
            .transaction
            .meta
            .as_ref()
            .and_then(|meta| Option::from(meta.compute_units_consumed.clone())),
    };
    let invocations = instructions_of(&transaction).ok_or_else(|| {
        Error::IncompleteHistory(format!(
            "the endpoint sent transaction {signature} in a form that cannot be read"
        ))
    })?;
    Ok(Transaction {
        source,
        invocations,
    })
}

/// All instructions to the custody program in the order of their execution, including those that other
/// programs invoked.
fn instructions_of(
    transaction: &EncodedConfirmedTransactionWithStatusMeta,
) -> Option<Vec<Invocation>> {
    let meta = transaction.transaction.meta.as_ref()?;
    let message = transaction.transaction.transaction.decode()?.message;
    let mut keys = message.static_account_keys().to_vec();
    let loaded = Option::from(meta.loaded_addresses.clone());
    if let Some(UiLoadedAddresses { writable, readonly }) = loaded {
        for key in writable.iter().chain(&readonly) {
            keys.push(key.parse().ok()?);
        }
    }

    let inner: Option<Vec<_>> = Option::from(meta.inner_instructions.clone());
    let inner = inner.unwrap_or_default();
    let mut invocations = Vec::new();
    for (index, outer) in message.instructions().iter().enumerate() {
        invocations.extend(invocation(outer, &keys));
        for inner in inner
            .iter()
            .filter(|inner| usize::from(inner.index) == index)
        {
            for instruction in &inner.instructions {
                let UiInstruction::Compiled(instruction) = instruction else {
                    return None;
                };
                let compiled = CompiledInstruction {
                    program_id_index: instruction.program_id_index,
                    accounts: instruction.accounts.clone(),
                    data: bs58::decode(&instruction.data).into_vec().ok()?,
                };
                invocations.extend(invocation(&compiled, &keys));
            }
        }
    }
    Some(invocations)
}

fn invocation(instruction: &CompiledInstruction, keys: &[Pubkey]) -> Option<Invocation> {
    let program = keys.get(usize::from(instruction.program_id_index))?;
    (*program == custody::ID).then(|| Invocation {
        accounts: instruction
            .accounts
            .iter()
            .filter_map(|&index| keys.get(usize::from(index)).copied())
            .collect(),
        data: instruction.data.clone(),
    })
}
