//! What became of the units of one page, from the ledger's transactions, checked against its account.

use std::collections::BTreeMap;

use bytemuck::{Zeroable, bytes_of};
use custody::{CustodyError, Disposition, UnitPage};
use pedigree_interface::{Located, address};
use registry::Partner;
use solana_pubkey::Pubkey;

use super::{
    TrailCheck,
    archive::{Source, Transaction, transactions},
    entry::Entry,
    event::{Event, page_event},
};
use crate::{
    error::Result,
    ledger::{Ledger, missing},
};

/// The history of a page.
#[derive(Clone, Debug)]
pub struct PageTrace {
    /// What happened to its units, oldest first. The trails are the page's.
    pub entries: Vec<Entry>,
    /// Whether the page as recomputed from the transactions equals the account, trail and all. So who took units
    /// out is proven also when the site's record of it was closed.
    pub check: TrailCheck,
    /// Every site that the history names.
    pub sites: BTreeMap<Pubkey, Partner>,
}

impl PageTrace {
    /// What happened to the lot's unit of this index, oldest first.
    pub fn about(&self, unit: u32) -> impl Iterator<Item = &Entry> {
        self.entries
            .iter()
            .filter(move |entry| entry.event.is_about_unit(unit))
    }
}

/// Fetches and checks the history of page `number` of the lot at `lot`.
///
/// # Errors
///
/// [`Error::Missing`](crate::Error::Missing) if the page is not open, or if a site is unknown.
pub async fn trace_page(ledger: &Ledger, lot: &Pubkey, number: u32) -> Result<PageTrace> {
    let address = address::unit_page(lot, number);
    let mut page: Located<UnitPage> = ledger.get(&address).await?;
    let transactions = loop {
        let transactions = transactions(ledger, &address).await?;
        // A change since then may be missing in the history.
        let now: Located<UnitPage> = ledger.get(&address).await?;
        if bytes_of(&now.account) == bytes_of(&page.account) {
            break transactions;
        }
        page = now;
    };
    let events = events(&transactions, &address);
    let named = || {
        events.iter().flat_map(|(_, event, _)| {
            let (site, other) = event.sites();
            site.into_iter().chain(other)
        })
    };
    let sites: BTreeMap<Pubkey, Partner> = ledger.get_many(named()).await?;
    if let Some(unknown) = named().find(|site| !sites.contains_key(site)) {
        return Err(missing::<Partner>(&unknown));
    }
    let glns: BTreeMap<Pubkey, u64> = sites.iter().map(|(at, site)| (*at, site.gln)).collect();
    let (entries, replayed) = replay(&page, &glns, events);
    let is_proven = replayed.is_some_and(|it| bytes_of(&it) == bytes_of(&page.account));
    Ok(PageTrace {
        entries,
        check: match is_proven {
            true => TrailCheck::Proven,
            false => TrailCheck::Broken,
        },
        sites,
    })
}

/// What happened to units of the page at `address`, each with the consignment that held them.
fn events(transactions: &[Transaction], address: &Pubkey) -> Vec<(Pubkey, Event, Source)> {
    transactions
        .iter()
        .flat_map(|transaction| {
            let invocations = transaction.invocations.iter();
            invocations.filter_map(|invocation| {
                let (consignment, event) = page_event(invocation, address)?;
                Some((consignment, event, transaction.source))
            })
        })
        .collect()
}

/// The events with the trail after each, and the page as it is after the last; `None` if an event is one that
/// cannot have happened.
fn replay(
    account: &UnitPage,
    glns: &BTreeMap<Pubkey, u64>,
    events: Vec<(Pubkey, Event, Source)>,
) -> (Vec<Entry>, Option<UnitPage>) {
    let mut page = UnitPage {
        lot: account.lot,
        number: account.number,
        bump: account.bump,
        trail: account.lot.to_bytes(),
        ..UnitPage::zeroed()
    };
    let mut is_sound = true;
    let mut entries = Vec::with_capacity(events.len());
    for (consignment, event, source) in events {
        is_sound &= apply(&mut page, glns, &event).is_some();
        let Source {
            signature,
            slot,
            time,
            compute_units,
        } = source;
        entries.push(Entry {
            consignment,
            event,
            signature,
            slot,
            time,
            compute_units,
            trail: page.trail,
        });
    }
    (entries, is_sound.then_some(page))
}

/// Repeats the change that `event` made to the page.
fn apply(page: &mut UnitPage, glns: &BTreeMap<Pubkey, u64>, event: &Event) -> Option<()> {
    let (site, block, disposition, document_hash) = match event {
        Event::UnitsGone {
            custodian,
            block,
            disposition,
            document_hash,
            ..
        } => (custodian, block, *disposition, *document_hash),
        Event::UnitsRestored {
            site,
            block,
            document_hash,
        } => (site, block, Disposition::Active, *document_hash),
        Event::DispenseUndone { custodian, block }
        | Event::DecommissionUndone { custodian, block } => {
            (custodian, block, Disposition::Active, [0; 32])
        }
        _ => return None,
    };
    match disposition == Disposition::Active {
        true => page.restore(*block, Disposition::ALL, CustodyError::UnitNotRestorable),
        false => page.dispose(*block, disposition),
    }
    .ok()?;
    page.link(*glns.get(site)?, *block, disposition, &document_hash);
    Some(())
}

#[cfg(test)]
mod tests {
    use custody::UnitBlock;
    use pedigree_interface::{
        Goods,
        identifier::Gln,
        instruction::custody::{
            decommission, destroy_units, dispense, restore_units, undo_decommission, undo_dispense,
        },
        site::Site,
    };
    use solana_instruction::Instruction;
    use solana_signature::Signature;

    use super::*;
    use crate::trace::invocation::Invocation;

    const PHARMACY: u64 = 9_506_000_000_039;
    const REGULATOR: u64 = 9_506_000_000_046;

    /// A page of which units were dispensed, sampled, cleared and destroyed, and the instructions that did it.
    fn story() -> (Pubkey, Vec<Instruction>, BTreeMap<Pubkey, u64>) {
        let [payer, key, lot] = std::array::from_fn(|_| Pubkey::new_unique());
        let [pharmacy, regulator] =
            [PHARMACY, REGULATOR].map(|gln| Site::own(Gln::from_account(gln), key));
        let goods = Goods::minted(lot);
        let block = |units| UnitBlock { number: 1, units };
        let hash = Some([7; 32]);
        let taken_out = |units, disposition| {
            decommission(
                payer,
                pharmacy,
                goods,
                block(units),
                disposition,
                None,
                hash,
            )
        };
        let story = vec![
            dispense(payer, pharmacy, goods, block(0b11), None, hash),
            undo_dispense(pharmacy, goods, block(0b10)),
            taken_out(0b100, Disposition::Sampled),
            undo_decommission(pharmacy, goods, block(0b100)),
            taken_out(0b1000, Disposition::Suspect),
            restore_units(regulator, goods, block(0b1000), hash),
            destroy_units(pharmacy, regulator, goods, block(0b10000), hash),
        ];
        let glns = [pharmacy, regulator].map(|site| (site.partner, site.gln.number()));
        (lot, story, glns.into())
    }

    fn replayed(
        lot: Pubkey,
        story: &[Instruction],
        glns: &BTreeMap<Pubkey, u64>,
    ) -> Option<UnitPage> {
        let transactions: Vec<Transaction> = story
            .iter()
            .map(|instruction| Transaction {
                source: Source {
                    signature: Signature::default(),
                    slot: 0,
                    time: None,
                    compute_units: None,
                },
                invocations: vec![Invocation::of(instruction)],
            })
            .collect();
        let events = events(&transactions, &address::unit_page(&lot, 0));
        assert_eq!(events.len(), story.len());
        let empty = UnitPage {
            lot,
            ..UnitPage::zeroed()
        };
        replay(&empty, glns, events).1
    }

    #[test]
    fn a_page_is_recomputed_and_a_left_out_change_is_noticed() {
        let (lot, story, glns) = story();
        let page = replayed(lot, &story, &glns).unwrap();
        let dispositions: Vec<Disposition> = (64..70).map(|unit| page.disposition(unit)).collect();
        assert_eq!(
            dispositions,
            [
                Disposition::Dispensed,
                Disposition::Active,
                Disposition::Active,
                Disposition::Active,
                Disposition::Destroyed,
                Disposition::Active
            ]
        );
        for left_out in 0..story.len() {
            let mut story = story.clone();
            story.remove(left_out);
            let other = replayed(lot, &story, &glns);
            assert!(other.is_none_or(|other| other.trail != page.trail));
        }
        let by_another: BTreeMap<Pubkey, u64> = glns.keys().map(|site| (*site, 3)).collect();
        let other = replayed(lot, &story, &by_another).unwrap();
        assert_eq!(other.dispositions, page.dispositions);
        assert_ne!(other.trail, page.trail);
    }
}
