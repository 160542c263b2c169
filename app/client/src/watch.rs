//! A site's changes as they come: its consignments, the offers from it and to it, and the cases
//! about what it has or had.
//!
//! The endpoint's websocket tells of changes; what the site had before is read once at the start,
//! and again whenever the connection was lost, so that nothing is missed and nothing told twice.

use std::{collections::BTreeMap, time::Duration};

use anchor_lang::{
    Discriminator,
    bytemuck::{Pod, bytes_of},
};
use custody::{Case, Consignment, Transfer};
use futures_util::{StreamExt, stream};
use solana_account::Account;
use solana_client::nonblocking::pubsub_client::PubsubClient;
use solana_pubkey::Pubkey;

use crate::{
    error::{Error, Result},
    identifier::Gln,
    ledger::{Filter, Ledger, Record, decode},
};

/// The first and the longest wait before a lost connection is tried again.
const RETRY: (Duration, Duration) = (Duration::from_secs(1), Duration::from_secs(60));

/// What is seen while a site is watched.
#[derive(Clone, Debug)]
pub enum Sighting {
    /// The connection stands: from now on nothing is missed.
    Connected,
    /// It was lost, for this reason. What changes meanwhile is told once it stands again.
    Disconnected(String),
    Consignment(Change<Consignment>),
    Transfer(Change<Transfer>),
    Case(Change<Case>),
}

/// An account before and after a change.
#[derive(Clone, Copy, Debug)]
pub struct Change<T> {
    pub address: Pubkey,
    /// The slot in which it was seen; `None` if it was found after a lost connection.
    pub slot: Option<u64>,
    /// `None` if it is new to the site.
    pub before: Option<T>,
    pub now: T,
}

/// Watches `site` over the websocket at `url` and tells of every change, for ever.
///
/// Ends only if the first connection cannot be made or the ledger cannot be read.
pub async fn watch(
    ledger: &Ledger,
    url: &str,
    site: Gln,
    mut tell: impl FnMut(Sighting),
) -> Result<std::convert::Infallible> {
    let mut seen = Seen::new(site);
    let mut connected_before = false;
    let mut wait = RETRY.0;
    loop {
        match seen.follow(ledger, url, connected_before, &mut tell).await {
            Err(error) if !connected_before => return Err(error),
            outcome => {
                let reason = outcome.map_or_else(
                    |error| error.to_string(),
                    |()| "the endpoint closed the connection".to_owned(),
                );
                // Whoever got as far as to listen starts anew.
                if seen.is_connected {
                    (seen.is_connected, wait) = (false, RETRY.0);
                    tell(Sighting::Disconnected(reason));
                }
                connected_before = true;
            }
        }
        tokio::time::sleep(wait).await;
        wait = (wait * 2).min(RETRY.1);
    }
}

/// What is known of a site so far.
struct Seen {
    site: Gln,
    is_connected: bool,
    consignments: BTreeMap<Pubkey, Consignment>,
    transfers: BTreeMap<Pubkey, Transfer>,
    cases: BTreeMap<Pubkey, Case>,
}

impl Seen {
    fn new(site: Gln) -> Self {
        Self {
            site,
            is_connected: false,
            consignments: BTreeMap::new(),
            transfers: BTreeMap::new(),
            cases: BTreeMap::new(),
        }
    }

    /// The accounts that concern the site, as queries: of cases all, because they name no site that
    /// has the goods.
    fn queries(&self) -> [Vec<Filter>; 5] {
        let of = |discriminator, filter: Option<Filter>| {
            let mut filters = vec![Filter::discriminator(discriminator)];
            filters.extend(filter);
            filters
        };
        let site = &self.site;
        [
            of(
                Consignment::DISCRIMINATOR,
                Some(Filter::consignment_custodian(site)),
            ),
            of(
                Consignment::DISCRIMINATOR,
                Some(Filter::consignment_owner(site)),
            ),
            of(Transfer::DISCRIMINATOR, Some(Filter::transfer_from(site))),
            of(Transfer::DISCRIMINATOR, Some(Filter::transfer_to(site))),
            of(Case::DISCRIMINATOR, None),
        ]
    }

    /// Listens until the connection is lost. `is_told` says whether what differs from what was seen
    /// before is told.
    async fn follow(
        &mut self,
        ledger: &Ledger,
        url: &str,
        is_told: bool,
        tell: &mut impl FnMut(Sighting),
    ) -> Result<()> {
        let unreachable = |error: &dyn std::error::Error| Error::Unreachable {
            url: url.to_owned(),
            reason: error.to_string(),
        };
        let client = PubsubClient::new(url)
            .await
            .map_err(|error| unreachable(&error))?;
        let mut subscriptions = Vec::new();
        for filters in self.queries() {
            let subscribed = client
                .program_subscribe(&custody::ID, Some(ledger.query(&filters)))
                .await;
            let (notifications, _) = subscribed.map_err(|error| unreachable(&error))?;
            subscriptions.push(notifications);
        }
        let mut notifications = stream::select_all(subscriptions);

        // Only now, so that nothing falls between what is read and what is heard.
        for filters in self.queries() {
            for (address, account) in ledger.list_accounts(&custody::ID, &filters).await? {
                let sighting = self.observe(address, &account, None);
                if is_told {
                    sighting.into_iter().for_each(&mut *tell);
                }
            }
        }
        self.is_connected = true;
        tell(Sighting::Connected);
        while let Some(notification) = notifications.next().await {
            let keyed = notification.value;
            let account = keyed.pubkey.parse().ok().zip(keyed.account.to_account());
            if let Some((address, account)) = account {
                let sighting = self.observe(address, &account, Some(notification.context.slot));
                sighting.into_iter().for_each(&mut *tell);
            }
        }
        Ok(())
    }

    /// Takes an account in; `None` if nothing about it is new, or it does not concern the site.
    fn observe(
        &mut self,
        address: Pubkey,
        account: &Account,
        slot: Option<u64>,
    ) -> Option<Sighting> {
        let is = |discriminator: &[u8]| account.data.starts_with(discriminator);
        if is(Consignment::DISCRIMINATOR) {
            change(&mut self.consignments, address, account, slot).map(Sighting::Consignment)
        } else if is(Transfer::DISCRIMINATOR) {
            change(&mut self.transfers, address, account, slot).map(Sighting::Transfer)
        } else if is(Case::DISCRIMINATOR) {
            let case = decode(&address, account).ok()?;
            self.concerns(&case)
                .then(|| change(&mut self.cases, address, account, slot))
                .flatten()
                .map(Sighting::Case)
        } else {
            None
        }
    }

    /// Whether the site opened the case, or it is about goods that the site has or had.
    fn concerns(&self, case: &Case) -> bool {
        let mut had = self.consignments.iter();
        case.opened_by == self.site.number()
            || had.any(|(address, consignment)| {
                case.subject == *address || case.subject == consignment.lot
            })
    }
}

/// Notes the account as it is now; `None` if that is how it was.
fn change<T: Record + Pod>(
    seen: &mut BTreeMap<Pubkey, T>,
    address: Pubkey,
    account: &Account,
    slot: Option<u64>,
) -> Option<Change<T>> {
    let now: T = decode(&address, account).ok()?;
    let before = seen.insert(address, now);
    if before
        .as_ref()
        .is_some_and(|before| bytes_of(before) == bytes_of(&now))
    {
        return None;
    }
    Some(Change {
        address,
        slot,
        before,
        now,
    })
}

#[cfg(test)]
mod tests {
    use anchor_lang::bytemuck::Zeroable;

    use super::*;

    const SITE: u64 = 9_506_000_000_015;

    fn account<T: Record + Pod>(value: &T) -> Account {
        Account {
            data: [T::DISCRIMINATOR, bytes_of(value)].concat(),
            owner: custody::ID,
            ..Account::default()
        }
    }

    #[test]
    fn only_what_is_new_is_told() {
        let mut seen = Seen::new(Gln::from_account(SITE));
        let address = Pubkey::new_unique();
        let mut consignment = Consignment {
            custodian: SITE,
            quantity: 10,
            ..Consignment::zeroed()
        };
        let first = seen.observe(address, &account(&consignment), Some(1));
        let Some(Sighting::Consignment(Change { before: None, .. })) = first else {
            panic!("{first:?}");
        };
        assert!(
            seen.observe(address, &account(&consignment), Some(2))
                .is_none()
        );
        consignment.quantity = 4;
        let second = seen.observe(address, &account(&consignment), Some(3));
        let Some(Sighting::Consignment(Change {
            before: Some(before),
            now,
            ..
        })) = second
        else {
            panic!("{second:?}");
        };
        assert_eq!((before.quantity, now.quantity), (10, 4));
    }

    #[test]
    fn a_case_concerns_whoever_opened_it_and_whoever_has_the_goods() {
        let mut seen = Seen::new(Gln::from_account(SITE));
        let (held, lot) = (Pubkey::new_unique(), Pubkey::new_unique());
        let consignment = Consignment {
            lot,
            custodian: SITE,
            ..Consignment::zeroed()
        };
        seen.observe(held, &account(&consignment), None);
        for (subject, opened_by, expected) in [
            (held, 1, true),
            (lot, 1, true),
            (Pubkey::new_unique(), SITE, true),
            (Pubkey::new_unique(), 1, false),
        ] {
            let case = Case {
                subject,
                opened_by,
                ..Case::zeroed()
            };
            let sighting = seen.observe(Pubkey::new_unique(), &account(&case), Some(1));
            assert_eq!(sighting.is_some(), expected);
        }
    }
}
