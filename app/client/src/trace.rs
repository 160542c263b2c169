//! A consignment's custody history, from the ledger's transactions, checked against its trail.
//!
//! The account holds only the newest link of its hash chain. Here every link is computed again
//! from the transactions that the endpoint has, and the last one is compared with the account:
//! were a change missing, added or altered, the two would differ.

use std::collections::BTreeMap;

use anchor_lang::{
    BORSH_CONFIG, BorshConfig, Discriminator,
    bytemuck::Zeroable,
    wincode::{self, SchemaRead},
};
use custody::{
    Consignment, ExceptionCode, TransferKind,
    instruction::{Accept, Cancel, Expire, Handoff, MintLot, Offer, Reject},
    instructions::OfferTerms,
};
use serde::Serialize;
use solana_client::{
    rpc_client::GetConfirmedSignaturesForAddress2Config, rpc_config::RpcTransactionConfig,
};
use solana_message::compiled_instruction::CompiledInstruction;
use solana_pubkey::Pubkey;
use solana_signature::Signature;
use solana_transaction_status_client_types::{
    EncodedConfirmedTransactionWithStatusMeta, UiInstruction, UiTransactionEncoding,
};

use crate::{
    error::{Error, Result},
    ledger::Ledger,
};

/// Signatures asked for at once: what RPC nodes answer at most.
const PAGE: usize = 1_000;

/// Something that happened to a consignment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Event {
    /// The lot was minted, and the consignment with it.
    Minted {
        lot: Pubkey,
        manufacturer: Pubkey,
        quantity: u32,
        manifest_hash: [u8; 32],
    },
    Offered {
        from: Pubkey,
        to: Pubkey,
        terms: Terms,
    },
    Accepted {
        from: Pubkey,
        to: Pubkey,
        sequence: u32,
    },
    Rejected {
        to: Pubkey,
        exception: ExceptionCode,
    },
    Cancelled {
        from: Pubkey,
    },
    Expired,
    HandedOver {
        from: Pubkey,
        to: Pubkey,
        terms: Terms,
    },
}

/// What a transfer says of itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Terms {
    pub kind: TransferKind,
    pub sequence: u32,
    pub document: [u8; 32],
}

/// An event, and the transaction that made it.
#[derive(Clone, Debug)]
pub struct Entry {
    pub event: Event,
    pub signature: Signature,
    pub slot: u64,
    /// Unix seconds, if the endpoint knows.
    pub time: Option<i64>,
    /// Compute units of the whole transaction, if the endpoint knows.
    pub compute_units: Option<u64>,
    /// The trail once the event had happened.
    pub trail: [u8; 32],
}

/// Whether the history leads to what the account says.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Finding {
    /// The trail computed from the transactions is the account's.
    Proven,
    /// It is not: transactions are missing or false.
    Broken,
}

/// A consignment's whole history.
#[derive(Clone, Debug)]
pub struct Trace {
    /// Oldest first.
    pub entries: Vec<Entry>,
    pub finding: Finding,
}

/// Fetches and checks the history of the consignment at `address`.
pub async fn trace(ledger: &Ledger, address: &Pubkey) -> Result<Trace> {
    let consignment: Consignment = ledger.get(address).await?;
    let mut events = Vec::new();
    for signature in signatures(ledger, address).await? {
        events.extend(events_of(ledger, address, &signature).await?);
    }
    if !matches!(events.first(), Some((Event::Minted { .. }, _))) {
        return Err(Error::IncompleteHistory(format!(
            "the endpoint's history of {address} does not begin with its minting: ask an endpoint \
             that keeps the whole history"
        )));
    }
    Ok(replay(events, &consignment))
}

/// Where an event comes from.
#[derive(Clone, Copy, Debug)]
struct Source {
    signature: Signature,
    slot: u64,
    time: Option<i64>,
    compute_units: Option<u64>,
}

/// Computes every link of the trail again and compares the last with the account's.
fn replay(events: Vec<(Event, Source)>, consignment: &Consignment) -> Trace {
    let mut replayed = Consignment::zeroed();
    let mut offers = BTreeMap::new();
    let mut is_sound = true;
    let mut entries = Vec::with_capacity(events.len());
    for (event, source) in events {
        match &event {
            Event::Minted {
                lot,
                manufacturer,
                quantity,
                manifest_hash,
            } => {
                replayed.begin_trail(lot, manufacturer, *manifest_hash, *quantity);
            }
            Event::Offered { terms, .. } => {
                replayed.sequence += 1;
                offers.insert(terms.sequence, *terms);
            }
            Event::Accepted { from, to, sequence } => match offers.get(sequence) {
                Some(terms) => is_sound &= hand_over(&mut replayed, from, to, terms),
                None => is_sound = false,
            },
            Event::HandedOver { from, to, terms } => {
                replayed.sequence += 1;
                is_sound &= hand_over(&mut replayed, from, to, terms);
            }
            Event::Rejected { .. } | Event::Cancelled { .. } | Event::Expired => {}
        }
        let Source {
            signature,
            slot,
            time,
            compute_units,
        } = source;
        let trail = replayed.trail;
        entries.push(Entry {
            event,
            signature,
            slot,
            time,
            compute_units,
            trail,
        });
    }
    let is_proven = is_sound
        && replayed.trail == consignment.trail
        && replayed.custodian == consignment.custodian
        && replayed.owner == consignment.owner
        && replayed.sequence == consignment.sequence;
    let finding = if is_proven {
        Finding::Proven
    } else {
        Finding::Broken
    };
    Trace { entries, finding }
}

fn hand_over(replayed: &mut Consignment, from: &Pubkey, to: &Pubkey, terms: &Terms) -> bool {
    let owner = replayed.owner;
    match terms.kind.owner_after(&owner, from, to) {
        Ok(owner) => {
            let owner = *owner;
            replayed.extend_trail(to, &owner, &terms.document, terms.kind);
            true
        }
        Err(_) => false,
    }
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

/// What one transaction did to the consignment at `address`.
async fn events_of(
    ledger: &Ledger,
    address: &Pubkey,
    signature: &Signature,
) -> Result<Vec<(Event, Source)>> {
    let config = RpcTransactionConfig {
        encoding: Some(UiTransactionEncoding::Base64),
        commitment: Some(ledger.commitment()),
        max_supported_transaction_version: Some(1),
    };
    let transaction = ledger
        .rpc()
        .get_transaction_with_config(signature, config)
        .await;
    let transaction = transaction.map_err(|error| ledger.rpc_error(error))?;
    let source = Source {
        signature: *signature,
        slot: transaction.slot,
        time: transaction.block_time,
        compute_units: transaction
            .transaction
            .meta
            .as_ref()
            .and_then(|meta| Option::from(meta.compute_units_consumed.clone())),
    };
    let events = instructions_of(&transaction).ok_or_else(|| {
        Error::IncompleteHistory(format!(
            "the endpoint sent transaction {signature} in a form that cannot be read"
        ))
    })?;
    Ok(events
        .iter()
        .filter_map(|instruction| event(instruction, address))
        .map(|event| (event, source))
        .collect())
}

/// An instruction to the custody program, wherever in the transaction it was.
struct Invocation {
    accounts: Vec<Pubkey>,
    data: Vec<u8>,
}

/// All instructions to the custody program in the order of their execution, those that other
/// programs made included.
fn instructions_of(
    transaction: &EncodedConfirmedTransactionWithStatusMeta,
) -> Option<Vec<Invocation>> {
    let meta = transaction.transaction.meta.as_ref()?;
    let message = transaction.transaction.transaction.decode()?.message;
    let mut keys = message.static_account_keys().to_vec();
    let loaded = Option::from(meta.loaded_addresses.clone());
    if let Some(solana_transaction_status_client_types::UiLoadedAddresses { writable, readonly }) =
        loaded
    {
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

/// What an instruction did to the consignment at `address`; `None` if it is about another one.
fn event(invocation: &Invocation, address: &Pubkey) -> Option<Event> {
    let (discriminator, arguments) = invocation.data.split_at_checked(1)?;
    let account = |index: usize| invocation.accounts.get(index).copied();
    let about = |index: usize| (account(index) == Some(*address)).then_some(());
    if discriminator == MintLot::DISCRIMINATOR {
        about(5)?;
        let (_, _, quantity, _, manifest_hash): ([u8; 20], u32, u32, [u8; 32], [u8; 32]) =
            decode(arguments)?;
        Some(Event::Minted {
            lot: account(4)?,
            manufacturer: account(1)?,
            quantity,
            manifest_hash,
        })
    } else if discriminator == Offer::DISCRIMINATOR {
        about(5)?;
        let OfferTerms {
            sequence,
            kind,
            document,
            ..
        } = decode(arguments)?;
        let terms = Terms {
            kind: TransferKind::from_code(kind),
            sequence,
            document,
        };
        Some(Event::Offered {
            from: account(2)?,
            to: account(3)?,
            terms,
        })
    } else if discriminator == Accept::DISCRIMINATOR {
        about(4)?;
        let (sequence,): (u32,) = decode(arguments)?;
        Some(Event::Accepted {
            from: account(2)?,
            to: account(1)?,
            sequence,
        })
    } else if discriminator == Reject::DISCRIMINATOR {
        about(2)?;
        let (exception,): (u8,) = decode(arguments)?;
        Some(Event::Rejected {
            to: account(1)?,
            exception: ExceptionCode::from_code(exception),
        })
    } else if discriminator == Cancel::DISCRIMINATOR {
        about(2)?;
        Some(Event::Cancelled { from: account(1)? })
    } else if discriminator == Expire::DISCRIMINATOR {
        about(0)?;
        Some(Event::Expired)
    } else if discriminator == Handoff::DISCRIMINATOR {
        about(5)?;
        let (kind, sequence, document): (u8, u32, [u8; 32]) = decode(arguments)?;
        let terms = Terms {
            kind: TransferKind::from_code(kind),
            sequence,
            document,
        };
        Some(Event::HandedOver {
            from: account(2)?,
            to: account(3)?,
            terms,
        })
    } else {
        None
    }
}

fn decode<'a, T: SchemaRead<'a, BorshConfig, Dst = T>>(arguments: &'a [u8]) -> Option<T> {
    wincode::config::deserialize(arguments, BORSH_CONFIG).ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        identifier::Expiry,
        instruction::custody::{Goods, LotLabel, Sides, accept, handoff, mint_lot, offer},
    };

    fn source() -> Source {
        Source {
            signature: Signature::default(),
            slot: 1,
            time: None,
            compute_units: None,
        }
    }

    fn invocation_of(instruction: &solana_instruction::Instruction) -> Invocation {
        Invocation {
            accounts: instruction
                .accounts
                .iter()
                .map(|meta| meta.pubkey)
                .collect(),
            data: instruction.data.clone(),
        }
    }

    fn terms(sequence: u32) -> Terms {
        Terms {
            kind: TransferKind::Sale,
            sequence,
            document: [7; 32],
        }
    }

    #[test]
    fn instructions_are_read_back() {
        let [payer, maker, buyer, product] = std::array::from_fn(|_| Pubkey::new_unique());
        let label = LotLabel {
            lot_number: "A1".parse().unwrap(),
            expiry: Expiry::from_account(20_280_229),
            quantity: 10,
            serial_root: [1; 32],
            manifest_hash: [2; 32],
        };
        let minting = mint_lot(payer, maker, payer, product, &label);
        let (lot, consignment) = (minting.accounts[4].pubkey, minting.accounts[5].pubkey);
        assert_eq!(
            event(&invocation_of(&minting), &consignment),
            Some(Event::Minted {
                lot,
                manufacturer: maker,
                quantity: 10,
                manifest_hash: [2; 32]
            })
        );
        assert_eq!(event(&invocation_of(&minting), &lot), None);

        let (sides, goods) = (
            Sides {
                from: maker,
                to: buyer,
            },
            Goods { consignment, lot },
        );
        let offered = OfferTerms {
            sequence: 3,
            kind: 1,
            statement: true,
            deadline: 9,
            document: [7; 32],
        };
        assert_eq!(
            event(
                &invocation_of(&offer(payer, payer, sides, goods, offered)),
                &consignment
            ),
            Some(Event::Offered {
                from: maker,
                to: buyer,
                terms: terms(3)
            })
        );
        assert_eq!(
            event(
                &invocation_of(&accept(payer, sides, goods, 3)),
                &consignment
            ),
            Some(Event::Accepted {
                from: maker,
                to: buyer,
                sequence: 3
            })
        );
        let handed = handoff(payer, payer, sides, goods, TransferKind::Sale, 4, [7; 32]);
        assert_eq!(
            event(&invocation_of(&handed), &consignment),
            Some(Event::HandedOver {
                from: maker,
                to: buyer,
                terms: terms(4)
            })
        );
    }

    #[test]
    fn a_left_out_change_breaks_the_trail() {
        let [lot, maker, wholesaler, pharmacy] = std::array::from_fn(|_| Pubkey::new_unique());
        let history = [
            Event::Minted {
                lot,
                manufacturer: maker,
                quantity: 10,
                manifest_hash: [2; 32],
            },
            Event::Offered {
                from: maker,
                to: wholesaler,
                terms: terms(0),
            },
            Event::Accepted {
                from: maker,
                to: wholesaler,
                sequence: 0,
            },
            Event::HandedOver {
                from: wholesaler,
                to: pharmacy,
                terms: terms(1),
            },
        ];
        let with_source = |events: &[Event]| {
            events
                .iter()
                .map(|event| (event.clone(), source()))
                .collect()
        };

        let mut account = Consignment::zeroed();
        account.begin_trail(&lot, &maker, [2; 32], 10);
        account.sequence = 1;
        account.extend_trail(&wholesaler, &wholesaler, &[7; 32], TransferKind::Sale);
        account.sequence = 2;
        account.extend_trail(&pharmacy, &pharmacy, &[7; 32], TransferKind::Sale);

        assert_eq!(
            replay(with_source(&history), &account).finding,
            Finding::Proven
        );
        assert_eq!(
            replay(with_source(&history[..3]), &account).finding,
            Finding::Broken
        );
        let mut forged = history.clone();
        forged[3] = Event::HandedOver {
            from: wholesaler,
            to: maker,
            terms: terms(1),
        };
        assert_eq!(
            replay(with_source(&forged), &account).finding,
            Finding::Broken
        );
    }
}
