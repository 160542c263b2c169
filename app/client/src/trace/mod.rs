//! A consignment's history, from the ledger's transactions, checked against its account.
//!
//! The account holds only the newest link of its hash chain. Here every change is repeated from the
//! transactions that the endpoint has, and the result is compared with the account, link and all: if
//! a change were missing, added or altered, the two would differ.
//!
//! A consignment that was split off continues its parent's chain, and one into which another was merged
//! holds that one's last link, so their histories are fetched too.
//!
//! What became of single units is in the chain of their page, which [`trace_page`] checks in the same way.

mod archive;
mod entry;
mod event;
mod invocation;
mod page;
mod replay;

use std::collections::BTreeMap;

use bytemuck::bytes_of;
use custody::Consignment;
use pedigree_interface::Located;
use registry::Partner;
use serde::Serialize;
use solana_pubkey::Pubkey;

pub use entry::Entry;
pub use event::{Event, Suspicion, Terms};
pub(crate) use event::{decode, events};
pub use page::{PageTrace, trace_page};

use self::{archive::Archive, replay::Replay};
use crate::{
    error::Result,
    ledger::{Ledger, missing},
};

/// Whether the history leads to the account.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum TrailCheck {
    /// The consignment recomputed from the transactions equals the account, trail and all, but for what
    /// transactions of others would say: after which of its lot's recalls it was bought or destroyed, which
    /// parties opened its open cases, whether the last sale came up from a dispenser, and whether who sent it for
    /// disposal could surrender it.
    Proven,
    /// It does not: transactions are missing or false.
    Broken,
}

/// A consignment's whole history.
#[derive(Clone, Debug)]
pub struct Trace {
    /// Oldest first.
    pub entries: Vec<Entry>,
    /// Whether it leads to the account.
    pub check: TrailCheck,
    /// The consignment's account, that the history was compared with.
    pub consignment: Consignment,
    /// Every site that the history names.
    pub sites: BTreeMap<Pubkey, Partner>,
}

/// Fetches and checks the history of the consignment at `address`.
///
/// # Errors
///
/// [`Error::Merged`](crate::Error::Merged) if it was merged into another one,
/// [`Error::IncompleteHistory`](crate::Error::IncompleteHistory) if the endpoint does not have all of it,
/// [`Error::Missing`](crate::Error::Missing) if there is no such consignment.
pub async fn trace(ledger: &Ledger, address: &Pubkey) -> Result<Trace> {
    let mut consignment: Option<Located<Consignment>> = ledger.find(address).await?;
    let archive = loop {
        let archive = Archive::collect(ledger, address).await?;
        // A change since then may be missing in the history.
        let now = ledger.find(address).await?;
        if is_same(now.as_ref(), consignment.as_ref()) {
            break archive;
        }
        consignment = now;
    };
    let consignment = consignment.ok_or_else(|| archive.end_of(address))?.account;
    let events = archive.events()?;
    let named = || {
        events.iter().flat_map(|(_, event, _)| {
            let (from, to) = event.sites();
            from.into_iter().chain(to).chain(event.regulator())
        })
    };
    let sites: BTreeMap<Pubkey, Partner> = ledger.get_many(named()).await?;
    if let Some(unknown) = named().find(|site| !sites.contains_key(site)) {
        return Err(missing::<Partner>(&unknown));
    }
    let glns = sites
        .iter()
        .map(|(address, site)| (*address, site.gln))
        .collect();
    let (entries, replayed) = Replay::new(glns).run(events);
    let is_proven = replayed
        .and_then(|replayed| replayed.completed(address, &consignment))
        .is_some_and(|replayed| bytes_of(&replayed) == bytes_of(&consignment));
    let check = match is_proven {
        true => TrailCheck::Proven,
        false => TrailCheck::Broken,
    };
    Ok(Trace {
        entries,
        check,
        consignment,
        sites,
    })
}

/// Whether a consignment was not changed between two reads.
fn is_same(now: Option<&Located<Consignment>>, before: Option<&Located<Consignment>>) -> bool {
    now.map(|now| bytes_of(&now.account)) == before.map(|before| bytes_of(&before.account))
}

#[cfg(test)]
mod tests {
    use bytemuck::Zeroable;
    use custody::Restrictions;
    use pedigree_interface::{
        Goods, TransferKind, address,
        identifier::{Expiry, Gln},
        instruction::custody::{
            Cut, Holders, LotLabel, handoff, merge, mint_lot, pack, return_title, split,
        },
        site::Site,
    };
    use solana_instruction::Instruction;
    use solana_signature::Signature;

    use super::{
        archive::{Source, Transaction},
        invocation::Invocation,
        *,
    };

    use crate::error::Error;

    const MAKER: u64 = 9_506_000_000_015;
    const WHOLESALER: u64 = 9_506_000_000_022;

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

    fn label() -> LotLabel {
        LotLabel {
            lot_number: "A1".parse().unwrap(),
            expiry: Expiry::from_account(20_280_229),
            quantity: 10,
            serial_root: Some([1; 32]),
            manifest_hash: Some([2; 32]),
        }
    }

    /// A lot that its maker splits, sells in two parts, and that its buyer merges again.
    struct Story {
        product: Pubkey,
        root: Pubkey,
        child: Pubkey,
        glns: BTreeMap<Pubkey, u64>,
        transactions: Vec<Instruction>,
    }

    impl Story {
        fn new() -> Self {
            let [payer, key, product] = addresses();
            let [maker, wholesaler] =
                [MAKER, WHOLESALER].map(|gln| Site::own(Gln::from_account(gln), key));
            let label = label();
            let root = Goods::minted(address::lot(product, label.lot_number));
            let child = Goods {
                consignment: address::consignment(&root.consignment, 0),
                ..root
            };
            let sell = |from, to, goods: Goods| {
                handoff(from, to, goods, TransferKind::Sale, Some([7; 32]))
            };
            Self {
                product,
                root: root.consignment,
                child: child.consignment,
                glns: [maker, wholesaler]
                    .map(|site| (site.partner, site.gln.number()))
                    .into(),
                transactions: vec![
                    mint_lot(payer, maker, product, &label),
                    split(payer, maker, root, Cut::first(4)),
                    sell(maker, wholesaler, child.at(1)),
                    sell(maker, wholesaler, root.at(1)),
                    merge(wholesaler, root.at(2), child.at(2), payer),
                    pack(
                        wholesaler,
                        root.consignment,
                        "106141412345678908".parse().unwrap(),
                    ),
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
            let none = Consignment::zeroed();
            let consignment = replayed.and_then(|replayed| replayed.completed(&traced, &none));
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
            (10, WHOLESALER, 3)
        );
        assert_eq!(
            merged.document_hash, entries[2].trail,
            "the child's last link"
        );

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
        let mut story = Story::new();
        let (_, whole) = story.replay(story.root, &[0, 1, 2, 3, 4, 5]).unwrap();
        let trail = whole.unwrap().trail;
        // Without the child's sale, the two are not neighbours and may not merge.
        let (_, without_sale) = story.replay(story.root, &[0, 1, 3, 4, 5]).unwrap();
        assert!(without_sale.is_none());
        let (_, without_merger) = story.replay(story.root, &[0, 1, 2, 3, 5]).unwrap();
        assert_ne!(without_merger.unwrap().trail, trail);
        let wholesaler = address::partner(Gln::from_account(WHOLESALER));
        story.glns.insert(wholesaler, 3);
        let (_, by_another) = story.replay(story.root, &[0, 1, 2, 3, 4, 5]).unwrap();
        assert_ne!(by_another.unwrap().trail, trail);
        story.glns.remove(&wholesaler);
        let (_, by_nobody) = story.replay(story.root, &[0, 1, 2, 3, 4, 5]).unwrap();
        assert!(by_nobody.is_none());

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

    #[test]
    fn a_stopped_sites_disposal_leads_to_goods_that_are_not_surrendered() {
        let [payer, key] = addresses();
        let [maker, disposer] =
            [MAKER, WHOLESALER].map(|gln| Site::own(Gln::from_account(gln), key));
        let mut story = Story::new();
        let product = story.product;
        let root = Goods::minted(address::lot(product, label().lot_number));
        let sent = handoff(maker, disposer, root, TransferKind::Disposal, Some([7; 32]));
        story.transactions = vec![mint_lot(payer, maker, product, &label()), sent];
        let events = story
            .archive(story.root, &[0, 1])
            .unwrap()
            .events()
            .unwrap();
        let (_, replayed) = Replay::new(story.glns.clone()).run(events);
        let replayed = replayed.unwrap();
        for restrictions in [
            Restrictions::CONDEMNED | Restrictions::SURRENDERED,
            Restrictions::RETURNED,
        ] {
            let mut account = Consignment::zeroed();
            account.restrict(restrictions);
            let completed = replayed.completed(&story.root, &account).unwrap();
            assert_eq!(completed.restrictions(), restrictions);
        }
    }

    #[test]
    fn what_came_back_by_title_is_merged_with_what_came_back_by_return() {
        let [payer, key] = addresses();
        let [maker, wholesaler] =
            [MAKER, WHOLESALER].map(|gln| Site::own(Gln::from_account(gln), key));
        let mut story = Story::new();
        let product = story.product;
        let root = Goods::minted(address::lot(product, label().lot_number));
        let child = Goods {
            consignment: story.child,
            ..root
        };
        let send = |from, to, goods, kind| handoff(from, to, goods, kind, Some([7; 32]));
        let with = Holders {
            receiver: maker.gln,
            manufacturer: maker.gln,
            product,
            is_offered: false,
        };
        story.transactions = vec![
            mint_lot(payer, maker, product, &label()),
            send(maker, wholesaler, root, TransferKind::Sale),
            split(payer, wholesaler, root.at(1), Cut::first(4)),
            // As if a provider had it brought; what matters is whose it is.
            send(wholesaler, maker, root.at(2), TransferKind::Logistics),
            return_title(payer, wholesaler, root.at(3), with, Some([7; 32])),
            send(wholesaler, maker, child.at(2), TransferKind::Return),
            merge(maker, root.at(4), child.at(3), payer),
        ];
        let (_, merged) = story.replay(story.root, &[0, 1, 2, 3, 4, 5, 6]).unwrap();
        assert_eq!(merged.unwrap().quantity, 10);
    }
}
