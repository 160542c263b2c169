//! The sender's side of a handoff at the dock: it waits until the receiver asks for it, and makes and signs the
//! transaction then, for the key that asks.
//!
//! What was handed over is never offered again: before each answer the consignments are read, and only those
//! that are as they were when the handoff was prepared are still handed over. As long as there is time to look at a
//! transaction and to submit it, the same one is given to the same key, so that asking often makes nobody pay often.

use std::collections::{BTreeMap, BTreeSet};

use custody::Consignment;
use pedigree_interface::{Located, TransferKind, address, identifier::Gln};
use registry::Partner;
use solana_instruction::Instruction;
use solana_pubkey::Pubkey;
use solana_signature::Signature;
use solana_signer::Signer;

use crate::{
    actor::Actor,
    confirmation::Lifetime,
    error::{Error, Result},
    fee_payer::FeePayer,
    ledger::Ledger,
    partial_transaction::PartialTransaction,
    planning::handoffs::{Handoff, hand_over},
    stock::{Item, describe},
    transaction::{Prepared, prepare, simulate},
};

/// Blocks for which a transaction has to be valid still to be given out again: time to look at it.
const MIN_BLOCKS_LEFT: u64 = 75;
/// Transactions that are signed for one handoff at most: each may cost its fee, though only one succeeds.
const MAX_SIGNED: usize = 200;
/// Consignments that a message names at most.
const MAX_NAMED: usize = 3;

/// The terms of a handoff that waits for its receiver.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RequestTerms {
    /// The receiving site.
    pub to: Gln,
    /// What the change of custody is for.
    pub kind: TransferKind,
    /// Salted SHA-256 of the document behind it.
    pub document_hash: Option<[u8; 32]>,
}

/// The keys that sign for the sender.
#[derive(Clone, Copy)]
pub struct SenderKeys<'a> {
    /// Signs for the site: its own key, or an operator's.
    pub acting: &'a dyn Signer,
    /// Pays the fees.
    pub payer: &'a dyn Signer,
    /// Micro-lamports for each compute unit.
    pub priority_fee: u64,
}

/// A handoff that waits for its receiver.
pub struct HandoffRequest<'a> {
    ledger: &'a Ledger,
    keys: SenderKeys<'a>,
    terms: RequestTerms,
    from: Gln,
    /// The consignments as they were when it was prepared.
    goods: Vec<Item>,
    /// Those that were handed over.
    done: BTreeSet<Pubkey>,
    /// The newest transaction for each key.
    newest: BTreeMap<Pubkey, Signed>,
    /// The signatures that identify the transactions that were signed.
    signatures: Vec<Signature>,
}

/// A transaction that the sender has signed.
struct Signed {
    transaction: PartialTransaction,
    lifetime: Lifetime,
    consignments: BTreeSet<Pubkey>,
}

/// An answer to the receiver.
#[derive(Clone, Debug)]
pub enum Answer {
    /// A transaction that the key that asked still has to sign.
    Sign {
        /// The transaction, signed by the sender.
        transaction: PartialTransaction,
        /// What it hands over, for people.
        message: String,
    },
    /// Everything was handed over.
    Done,
}

impl<'a> HandoffRequest<'a> {
    /// Prepares to hand `consignments` over, all of which one site holds, and simulates it for the receiver's
    /// own key, so that what cannot succeed is known before anybody comes.
    ///
    /// # Errors
    ///
    /// Those of [`hand_over`], [`Error::Refused`], or why the endpoint does not answer.
    pub async fn prepare(
        ledger: &'a Ledger,
        keys: SenderKeys<'a>,
        consignments: Vec<Located<Consignment>>,
        terms: RequestTerms,
    ) -> Result<Self> {
        let first = consignments.first().ok_or(Error::NothingToDo)?;
        let request = Self {
            ledger,
            keys,
            terms,
            from: first.custodian(),
            goods: describe(ledger, consignments).await?,
            done: BTreeSet::new(),
            newest: BTreeMap::new(),
            signatures: Vec::new(),
        };
        let to: Located<Partner> = ledger.get(&address::partner(terms.to)).await?;
        let instructions = request.next_transaction(to.authority).await?;
        simulate(ledger, &request.payer(), &instructions).await?;
        Ok(request)
    }

    /// The site that hands over.
    pub const fn from(&self) -> Gln {
        self.from
    }

    /// The consignments as they were when it was prepared.
    pub fn goods(&self) -> &[Item] {
        &self.goods
    }

    /// How many consignments are left to be handed over, by the ledger.
    ///
    /// # Errors
    ///
    /// [`Error::ChangedSince`] if a consignment is neither as it was nor with the receiver.
    pub async fn left(&mut self) -> Result<usize> {
        let left = self.open().map(|item| item.consignment.address);
        let now: BTreeMap<Pubkey, Consignment> = self.ledger.get_many(left).await?;
        let mut done = Vec::new();
        for item in self.open() {
            let before = &item.consignment;
            let (sequence, custodian) = match now.get(&before.address) {
                Some(now) => (now.sequence, now.custodian()),
                None => return Err(Error::ChangedSince(item.reference())),
            };
            if sequence > before.sequence && custodian == self.terms.to {
                done.push(before.address);
            } else if sequence != before.sequence {
                return Err(Error::ChangedSince(item.reference()));
            }
        }
        self.done.extend(done);
        Ok(self.open().count())
    }

    /// The transaction that `account` has to sign next.
    ///
    /// # Errors
    ///
    /// [`Error::NotSitesKey`] if `account` is neither the receiver's key nor its operator's,
    /// [`Error::ChangedSince`], [`Error::AskedTooOften`], [`Error::Refused`], or why the endpoint does not
    /// answer.
    pub async fn answer(&mut self, account: Pubkey) -> Result<Answer> {
        if self.left().await? == 0 {
            return Ok(Answer::Done);
        }
        let is_current = match self.newest.get(&account) {
            Some(newest) => {
                newest.consignments.is_disjoint(&self.done) && self.lasts(newest).await?
            }
            None => false,
        };
        if !is_current {
            let signed = self.sign(account).await?;
            self.newest.insert(account, signed);
        }
        let newest = &self.newest[&account];
        Ok(Answer::Sign {
            transaction: newest.transaction.clone(),
            message: self.message(&newest.consignments),
        })
    }

    /// Those of the transactions that were signed and that the ledger has processed.
    ///
    /// # Errors
    ///
    /// If the endpoint does not answer.
    pub async fn processed(&self) -> Result<Vec<Signature>> {
        if self.signatures.is_empty() {
            return Ok(Vec::new());
        }
        let statuses = self.ledger.rpc().get_signature_statuses(&self.signatures);
        let statuses = statuses
            .await
            .map_err(|error| self.ledger.rpc_error(error))?;
        let signatures = self.signatures.iter().zip(statuses.value);
        Ok(signatures
            .filter(|(_, status)| status.as_ref().is_some_and(|it| it.err.is_none()))
            .map(|(signature, _)| *signature)
            .collect())
    }

    /// What is not handed over yet, as far as it is known.
    fn open(&self) -> impl Iterator<Item = &Item> {
        self.goods
            .iter()
            .filter(|item| !self.done.contains(&item.consignment.address))
    }

    fn payer(&self) -> FeePayer {
        FeePayer {
            priority_fee: self.keys.priority_fee,
            ..FeePayer::new(self.keys.payer.pubkey())
        }
    }

    /// The first of the transactions that hand over what is left, to the site for which `account` signs.
    async fn next_transaction(&self, account: Pubkey) -> Result<Vec<Instruction>> {
        let actor = Actor {
            ledger: self.ledger,
            key: self.keys.acting.pubkey(),
            payer: self.payer(),
        };
        let handoff = Handoff {
            to: self.terms.to,
            to_key: account,
            kind: self.terms.kind,
            document_hash: self.terms.document_hash,
        };
        let left: Vec<Located<Consignment>> = self.open().map(|item| item.consignment).collect();
        let plan = hand_over(&actor, &left, &handoff).await?;
        let first = plan.transactions.into_iter().next();
        first.ok_or(Error::NothingToDo)
    }

    async fn sign(&mut self, account: Pubkey) -> Result<Signed> {
        if self.signatures.len() >= MAX_SIGNED {
            return Err(Error::AskedTooOften(MAX_SIGNED));
        }
        let instructions = self.next_transaction(account).await?;
        let Prepared {
            mut transaction,
            lifetime,
            ..
        } = prepare(self.ledger, &self.payer(), &instructions).await?;
        for signer in [self.keys.acting, self.keys.payer] {
            if transaction.absent().contains(&signer.pubkey()) {
                transaction.sign(signer)?;
            }
        }
        let first = transaction.signatures().next();
        self.signatures
            .extend(first.map(|(_, signature)| signature));
        let named: BTreeSet<Pubkey> = instructions
            .iter()
            .flat_map(|instruction| &instruction.accounts)
            .map(|account| account.pubkey)
            .collect();
        let consignments = self.open().map(|item| item.consignment.address);
        Ok(Signed {
            consignments: consignments.filter(|it| named.contains(it)).collect(),
            transaction,
            lifetime,
        })
    }

    /// Whether there is time enough to sign and submit a transaction.
    async fn lasts(&self, signed: &Signed) -> Result<bool> {
        let Lifetime::Blockhash {
            last_valid_block_height,
        } = signed.lifetime
        else {
            return Ok(true);
        };
        let height = self.ledger.block_height().await?;
        Ok(height + MIN_BLOCKS_LEFT <= last_valid_block_height)
    }

    /// What a transaction hands over, for people: wallets show it.
    fn message(&self, consignments: &BTreeSet<Pubkey>) -> String {
        let items = self.goods.iter();
        let items: Vec<&Item> = items
            .filter(|item| consignments.contains(&item.consignment.address))
            .collect();
        let units: u64 = items
            .iter()
            .map(|item| u64::from(item.consignment.quantity))
            .sum();
        let named = items
            .iter()
            .take(MAX_NAMED)
            .map(|item| item.reference().to_string());
        let mut named: Vec<String> = named.collect();
        if items.len() > MAX_NAMED {
            named.push(format!("{} more", items.len() - MAX_NAMED));
        }
        let RequestTerms { to, kind, .. } = self.terms;
        format!(
            "{units} units from {} to {to} ({kind}): {}",
            self.from,
            named.join(", ")
        )
    }
}
