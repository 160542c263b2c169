//! A consignment's history, from the ledger's transactions, checked against its account.
//!
//! The account holds only the newest link of its hash chain. Here every change is made again from
//! the transactions that the endpoint has, and what comes out is compared with the account, link
//! and all: were a change missing, added or altered, the two would differ.
//!
//! A consignment that was split off continues its parent's chain, and one that took a neighbour in
//! carries the neighbour's last link, so their histories belong to it and are fetched too.

mod archive;
mod event;
mod replay;

use std::collections::BTreeMap;

use anchor_lang::bytemuck::bytes_of;
use custody::Consignment;
use registry::Partner;
use serde::Serialize;
use solana_pubkey::Pubkey;
use solana_signature::Signature;

pub use event::{Event, Suspicion, Terms};

use self::{archive::Archive, replay::Replay};
use crate::{
    error::{Error, Result},
    ledger::Ledger,
};

/// An event, and the transaction that made it.
#[derive(Clone, Debug)]
pub struct Entry {
    /// The consignment that it happened to: the traced one, one that it was split from, or one that
    /// it took in.
    pub consignment: Pubkey,
    pub event: Event,
    pub signature: Signature,
    pub slot: u64,
    /// Unix seconds, if the endpoint knows.
    pub time: Option<i64>,
    /// Compute units of the whole transaction, if the endpoint knows.
    pub compute_units: Option<u64>,
    /// The consignment's trail once the event had happened.
    pub trail: [u8; 32],
}

/// Whether the history leads to what the account says.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Finding {
    /// The consignment made again from the transactions is the account's, trail and all.
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
    /// The consignment's account, that the history was compared with.
    pub consignment: Consignment,
    /// Every site that the history names.
    pub sites: BTreeMap<Pubkey, Partner>,
}

/// Fetches and checks the history of the consignment at `address`.
pub async fn trace(ledger: &Ledger, address: &Pubkey) -> Result<Trace> {
    let mut consignment: Option<Consignment> = ledger.find(address).await?;
    let archive = loop {
        let archive = Archive::collect(ledger, address).await?;
        // What changed meanwhile may be missing in the history.
        let now = ledger.find(address).await?;
        if now.as_ref().map(bytes_of) == consignment.as_ref().map(bytes_of) {
            break archive;
        }
        consignment = now;
    };
    let consignment = consignment.ok_or_else(|| archive.end_of(address))?;
    let events = archive.events()?;
    let named = || {
        events.iter().flat_map(|(_, event, _)| {
            let (from, to) = event.sites();
            from.into_iter().chain(to)
        })
    };
    let sites: BTreeMap<Pubkey, Partner> = ledger.get_many(named()).await?;
    if let Some(unknown) = named().find(|site| !sites.contains_key(site)) {
        return Err(Error::missing::<Partner>(&unknown));
    }
    let glns = sites
        .iter()
        .map(|(address, site)| (*address, site.gln))
        .collect();
    let (entries, replayed) = Replay::new(glns).run(events);
    let is_proven = replayed
        .and_then(|consignments| consignments.get(address).copied())
        .is_some_and(|replayed| bytes_of(&replayed) == bytes_of(&consignment));
    let finding = if is_proven {
        Finding::Proven
    } else {
        Finding::Broken
    };
    Ok(Trace {
        entries,
        finding,
        consignment,
        sites,
    })
}

#[cfg(test)]
mod tests {
    use custody::Change;
    use solana_instruction::Instruction;

    use super::{
        archive::{Invocation, Source, Transaction},
        *,
    };
    use crate::{
        address,
        identifier::Expiry,
        instruction::custody::{Goods, LotLabel, handoff, merge, mint_lot, pack, split},
        site::Site,
    };

    fn addresses<const N: usize>() -> [Pubkey; N] {
        std::array::from_fn(|_| Pubkey::new_unique())
    }

    fn source(slot: u64) -> Source {
        let mut signature = [0; 64];
        signature[..8].copy_from_slice(&slot.to_le_bytes());
        Source {
            signature: Signature::from(signature),
            slot,
            time: None,
            compute_units: None,
        }
    }

    /// A lot that is split at its maker's, half of it sold and taken in again.
    struct Story {
        root: Pubkey,
        child: Pubkey,
        glns: BTreeMap<Pubkey, u64>,
        transactions: Vec<Instruction>,
    }

    impl Story {
        fn new() -> Self {
            let [payer, key, product] = addresses();
            let [maker, wholesaler] = addresses().map(|partner| Site::own(partner, key));
            let label = LotLabel {
                lot_number: "A1".parse().unwrap(),
                expiry: Expiry::from_account(20_280_229),
                quantity: 10,
                serial_root: [1; 32],
                manifest_hash: [2; 32],
            };
            let lot = address::lot(&product, label.lot_number);
            let root = address::consignment(&lot, 0);
            let child = address::consignment(&root, 0);
            let goods = |consignment| Goods { consignment, lot };
            let sell = |from, to, consignment, sequence| {
                handoff(
                    from,
                    to,
                    goods(consignment),
                    Change::Sale,
                    sequence,
                    [7; 32],
                )
            };
            Self {
                root,
                child,
                glns: [(maker.partner, 1), (wholesaler.partner, 2)].into(),
                transactions: vec![
                    mint_lot(payer, maker, product, &label),
                    split(payer, maker, root, 0, 0, 4, None),
                    sell(maker, wholesaler, child, 1),
                    sell(maker, wholesaler, root, 1),
                    merge(wholesaler, (root, 2), (child, 2), payer),
                    pack(wholesaler, root, "106141412345678908".parse().unwrap()),
                ],
            }
        }

        /// What an endpoint that has the transactions `kept` knows of the consignment at `traced`.
        fn archive(&self, traced: Pubkey, kept: &[usize]) -> Result<Archive> {
            let mut archive = Archive::default();
            for &index in kept {
                let source = source(index as u64);
                let invocations = vec![Invocation::of(&self.transactions[index])];
                let transaction = Transaction {
                    source,
                    invocations,
                };
                for address in [self.root, self.child] {
                    if transaction.invocations[0].accounts.contains(&address) {
                        let history = archive.histories.entry(address).or_default();
                        history.signatures.push(source.signature);
                    }
                }
                archive.transactions.insert(source.signature, transaction);
            }
            let mut missing = vec![(traced, None)];
            while let Some((address, until)) = missing.pop() {
                archive.want(&address, until)?;
                missing.extend(archive.relatives(&address));
            }
            Ok(archive)
        }

        fn replay(
            &self,
            traced: Pubkey,
            kept: &[usize],
        ) -> Result<(Vec<Entry>, Option<Consignment>)> {
            let events = self.archive(traced, kept)?.events()?;
            let (entries, replayed) = Replay::new(self.glns.clone()).run(events);
            let consignment = replayed.and_then(|mut all| all.remove(&traced));
            Ok((entries, consignment))
        }
    }

    #[test]
    fn a_history_follows_splits_and_mergers() {
        let story = Story::new();
        let (entries, merged) = story.replay(story.root, &[0, 1, 2, 3, 4, 5]).unwrap();
        assert_eq!(entries.len(), 6);
        let merged = merged.unwrap();
        assert_eq!(
            (merged.quantity, merged.custodian, merged.sequence),
            (10, 2, 3)
        );
        assert_eq!(merged.document, entries[2].trail, "the child's last link");

        let (entries, child) = story.replay(story.child, &[0, 1, 2, 3]).unwrap();
        let child = child.unwrap();
        assert_eq!(
            (child.first_unit, child.quantity, child.sequence),
            (6, 4, 2)
        );
        let of: Vec<Pubkey> = entries.iter().map(|entry| entry.consignment).collect();
        assert_eq!(
            of,
            [story.root, story.root, story.child],
            "nothing that came after"
        );
    }

    #[test]
    fn a_left_out_or_altered_change_is_noticed() {
        let story = Story::new();
        let (_, whole) = story.replay(story.root, &[0, 1, 2, 3, 4, 5]).unwrap();
        let trail = whole.unwrap().trail;
        // Without the child's sale, the two are no neighbours that may merge.
        let (_, without_sale) = story.replay(story.root, &[0, 1, 3, 4, 5]).unwrap();
        assert!(without_sale.is_none());
        let (_, without_merger) = story.replay(story.root, &[0, 1, 2, 3, 5]).unwrap();
        assert_ne!(without_merger.unwrap().trail, trail);
        let mut forged = Story::new();
        forged.glns = story
            .glns
            .keys()
            .zip([1, 3])
            .map(|(site, gln)| (*site, gln))
            .collect();
        assert!(
            forged
                .replay(forged.root, &[0, 1, 2, 3, 4])
                .unwrap()
                .1
                .is_none()
        );

        for incomplete in [[1, 2, 3, 4].as_slice(), &[]] {
            let error = story.replay(story.root, incomplete).unwrap_err();
            assert!(matches!(error, Error::IncompleteHistory(_)), "{error}");
        }
    }

    #[test]
    fn a_merged_consignment_says_where_its_units_went() {
        let story = Story::new();
        let archive = story.archive(story.child, &[0, 1, 2, 3, 4, 5]).unwrap();
        let error = archive.end_of(&story.child);
        assert!(matches!(error, Error::Merged { into, .. } if into == story.root));
        let untouched = Archive::default().end_of(&story.child);
        assert!(matches!(untouched, Error::Missing { .. }));
    }

    #[test]
    fn contradicting_orders_are_refused() {
        let story = Story::new();
        let mut archive = story.archive(story.root, &[0, 1, 2, 3, 4]).unwrap();
        let history = archive.histories.get_mut(&story.child).unwrap();
        history.signatures.reverse();
        assert!(archive.in_order().is_err());
    }
}
