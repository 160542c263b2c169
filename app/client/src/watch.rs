//! Watching a site: its consignments, the offers from it and to it, and the cases and recalls about
//! what it has or had.
//!
//! The endpoint reports changes over its websocket. The site's accounts are read once at the start and
//! again after each lost connection, so that no change is missed and none is reported twice.

use std::{collections::BTreeMap, time::Duration};

use bytemuck::bytes_of;
use custody::{
    Case, Consignment, ConsignmentStatus, Disposition, PAGE_UNITS, Transfer, TransferState,
};
use futures_util::{StreamExt, stream};
use pedigree_domain::{DISCRIMINATOR_BYTES, Record};
use pedigree_interface::{Located, identifier::Gln};
use recall::Recall;
use solana_account::Account;
use solana_client::nonblocking::pubsub_client::PubsubClient;
use solana_pubkey::Pubkey;

use crate::{
    effectiveness::{overlap, unit_pages},
    error::{Error, Result},
    ledger::{Filter, Ledger, LedgerAccount, decode},
};

/// The first and the longest wait before a lost connection is tried again.
const RETRY: (Duration, Duration) = (Duration::from_secs(1), Duration::from_secs(60));

/// What is reported while a site is watched.
#[derive(Clone, Debug)]
pub enum WatchEvent {
    /// The connection is up: from now on no change is missed.
    Connected,
    /// The connection was lost, for this reason. What changes meanwhile is reported once it is up again.
    Disconnected(String),
    /// A consignment that the site holds or owns, or did.
    Consignment(AccountChange<Consignment>),
    /// An offer from the site or to it.
    Transfer(AccountChange<Transfer>),
    /// A case that the site opened, or about what it has or had.
    Case(AccountChange<Case>),
    /// A recall of what the site has or had, and which of its goods are affected.
    Recall(Box<AccountChange<Recall>>, Affected),
}

impl WatchEvent {
    /// Whether it is about goods of the site, and not about a recall or the connection.
    pub const fn is_about_goods(&self) -> bool {
        matches!(
            self,
            Self::Consignment(_) | Self::Transfer(_) | Self::Case(_)
        )
    }
}

/// The goods of a site that a recall affects.
#[derive(Clone, Debug, Default)]
pub struct Affected {
    /// The consignments that the site holds.
    pub consignments: Vec<AffectedConsignment>,
    /// The open offers from the site and to it.
    pub offers: Vec<Located<Transfer>>,
}

/// A consignment of which units are recalled.
#[derive(Clone, Copy, Debug)]
pub struct AffectedConsignment {
    /// The consignment.
    pub consignment: Located<Consignment>,
    /// How many of its units are recalled.
    pub units: u32,
}

impl Affected {
    /// How many of the recalled units the site dispensed to patients.
    ///
    /// # Errors
    ///
    /// If the ledger cannot be read.
    pub async fn dispensed(&self, ledger: &Ledger, recall: &Recall) -> Result<usize> {
        let consignments = self.consignments.iter().map(|one| one.consignment);
        let units: Vec<u32> = consignments
            .filter(|one| one.inactive > 0)
            .flat_map(|one| overlap(recall, one.first_unit, one.quantity))
            .collect();
        if units.is_empty() {
            return Ok(0);
        }
        let pages = unit_pages(ledger, recall).await?;
        let dispensed = units.into_iter().filter(|unit| {
            let page = pages.get(&(unit / PAGE_UNITS));
            page.is_some_and(|page| page.disposition(*unit) == Disposition::Dispensed)
        });
        Ok(dispensed.count())
    }
}

/// An account before and after a change.
#[derive(Clone, Copy, Debug)]
pub struct AccountChange<T> {
    /// The slot in which the change was seen; `None` if it was found after a lost connection.
    pub slot: Option<u64>,
    /// `None` if the account is new to the site.
    pub before: Option<T>,
    /// The account as it is now.
    pub now: Located<T>,
}

/// Watches `site` over the websocket at `url` and reports every change, until the future is dropped.
///
/// # Errors
///
/// If the first connection cannot be made, or the ledger cannot be read on it. Later ones are tried
/// again for ever.
pub async fn watch(
    ledger: &Ledger,
    url: &str,
    site: Gln,
    mut report: impl FnMut(WatchEvent),
) -> Result<std::convert::Infallible> {
    let mut seen = Seen::new(site);
    let mut connected_before = false;
    let mut wait = RETRY.0;
    loop {
        match seen
            .follow(ledger, url, connected_before, &mut report)
            .await
        {
            Err(error) if !connected_before => return Err(error),
            outcome => {
                let reason = outcome.map_or_else(
                    |error| error.to_string(),
                    |()| "the endpoint closed the connection".to_owned(),
                );
                // A connection that was up resets the wait.
                if seen.is_connected {
                    (seen.is_connected, wait) = (false, RETRY.0);
                    report(WatchEvent::Disconnected(reason));
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
    recalls: BTreeMap<Pubkey, Recall>,
}

impl Seen {
    fn new(site: Gln) -> Self {
        Self {
            site,
            is_connected: false,
            consignments: BTreeMap::new(),
            transfers: BTreeMap::new(),
            cases: BTreeMap::new(),
            recalls: BTreeMap::new(),
        }
    }

    /// The accounts that concern the site, as queries of one program each. Of cases and recalls these
    /// are all, because they do not name the sites that hold the goods.
    fn queries(&self) -> [(Pubkey, Vec<Filter>); 6] {
        let site = &self.site;
        [
            of::<Consignment>(Some(Filter::consignment_custodian(site))),
            of::<Consignment>(Some(Filter::consignment_owner(site))),
            of::<Transfer>(Some(Filter::transfer_from(site))),
            of::<Transfer>(Some(Filter::transfer_to(site))),
            of::<Case>(None),
            // Last, so that the site's consignments are known by then.
            of::<Recall>(None),
        ]
    }

    /// Listens until the connection is lost. `reports_first` says whether to report what differs at the
    /// start from what was seen before.
    async fn follow(
        &mut self,
        ledger: &Ledger,
        url: &str,
        reports_first: bool,
        report: &mut impl FnMut(WatchEvent),
    ) -> Result<()> {
        let unreachable = |error: &dyn std::error::Error| Error::Unreachable {
            url: url.to_owned(),
            reason: error.to_string(),
        };
        let client = PubsubClient::new(url)
            .await
            .map_err(|error| unreachable(&error))?;
        let mut subscriptions = Vec::new();
        for (program, filters) in self.queries() {
            let subscribed = client
                .program_subscribe(&program, Some(ledger.query(&filters)))
                .await;
            let (notifications, _) = subscribed.map_err(|error| unreachable(&error))?;
            subscriptions.push(notifications);
        }
        let mut notifications = stream::select_all(subscriptions);

        // Only now, so that nothing falls between what is read and what is heard.
        for (program, filters) in self.queries() {
            for (address, account) in ledger.program_accounts(&program, &filters).await? {
                let event = self.observe(address, &account, None);
                if reports_first {
                    event.into_iter().for_each(&mut *report);
                }
            }
        }
        self.is_connected = true;
        report(WatchEvent::Connected);
        while let Some(notification) = notifications.next().await {
            let keyed = notification.value;
            let account = keyed.pubkey.parse().ok().zip(keyed.account.to_account());
            if let Some((address, account)) = account {
                let event = self.observe(address, &account, Some(notification.context.slot));
                event.into_iter().for_each(&mut *report);
            }
        }
        Ok(())
    }

    /// Records an account; `None` if nothing about it is new, or it does not concern the site.
    fn observe(
        &mut self,
        address: Pubkey,
        account: &Account,
        slot: Option<u64>,
    ) -> Option<WatchEvent> {
        let is =
            |discriminator: [u8; DISCRIMINATOR_BYTES]| account.data.starts_with(&discriminator);
        if is(Consignment::DISCRIMINATOR) {
            change(&mut self.consignments, address, account, slot).map(WatchEvent::Consignment)
        } else if is(Transfer::DISCRIMINATOR) {
            change(&mut self.transfers, address, account, slot).map(WatchEvent::Transfer)
        } else if is(Case::DISCRIMINATOR) {
            let case = decode(&address, account).ok()?;
            self.concerns(&case)
                .then(|| change(&mut self.cases, address, account, slot))
                .flatten()
                .map(WatchEvent::Case)
        } else if is(Recall::DISCRIMINATOR) {
            let recall: Recall = decode(&address, account).ok()?;
            let affected = self.affected(&recall);
            let had = self.consignments.values();
            let concerns = recall.manufacturer() == self.site
                || recall.opened_by() == self.site
                || had.into_iter().any(|one| one.lot == recall.lot);
            let change = change(&mut self.recalls, address, account, slot)?;
            concerns.then(|| WatchEvent::Recall(Box::new(change), affected))
        } else {
            None
        }
    }

    /// The site's goods that are recalled.
    fn affected(&self, recall: &Recall) -> Affected {
        let mut affected = Affected::default();
        for (address, one) in &self.consignments {
            let units = overlap(recall, one.first_unit, one.quantity);
            let is_there = one.custodian() == self.site
                && [ConsignmentStatus::Held, ConsignmentStatus::Offered].contains(&one.status);
            if one.lot == recall.lot && !units.is_empty() && is_there {
                affected.consignments.push(AffectedConsignment {
                    consignment: Located::new(*address, *one),
                    units: units.end - units.start,
                });
            }
        }
        for (address, offer) in &self.transfers {
            let units = overlap(recall, offer.first_unit, offer.quantity);
            if offer.lot == recall.lot && offer.state == TransferState::Offered && !units.is_empty()
            {
                affected.offers.push(Located::new(*address, *offer));
            }
        }
        affected
    }

    /// Whether the site opened the case, or it is about goods that the site has or had.
    fn concerns(&self, case: &Case) -> bool {
        let mut had = self.consignments.iter();
        case.opened_by() == self.site
            || had.any(|(address, consignment)| {
                case.subject == *address || case.subject == consignment.lot
            })
    }
}

/// The accounts of a type that pass a filter, as a query of its program.
fn of<T: Record>(filter: Option<Filter>) -> (Pubkey, Vec<Filter>) {
    let mut filters = vec![Filter::account_type::<T>()];
    filters.extend(filter);
    (T::PROGRAM, filters)
}

/// Records the account as it is now; `None` if it has not changed.
fn change<T: LedgerAccount>(
    seen: &mut BTreeMap<Pubkey, T>,
    address: Pubkey,
    account: &Account,
    slot: Option<u64>,
) -> Option<AccountChange<T>> {
    let now: T = decode(&address, account).ok()?;
    let before = seen.insert(address, now);
    if before
        .as_ref()
        .is_some_and(|before| bytes_of(before) == bytes_of(&now))
    {
        return None;
    }
    Some(AccountChange {
        slot,
        before,
        now: Located::new(address, now),
    })
}

#[cfg(test)]
mod tests {
    use bytemuck::Zeroable;

    use super::*;

    const SITE: u64 = 9_506_000_000_015;

    fn account<T: LedgerAccount>(value: &T) -> Account {
        Account {
            data: value.to_account_data(),
            owner: T::PROGRAM,
            ..Account::default()
        }
    }

    #[test]
    fn only_changes_are_reported() {
        let mut seen = Seen::new(Gln::from_account(SITE));
        let address = Pubkey::new_unique();
        let mut consignment = Consignment {
            custodian: SITE,
            quantity: 10,
            ..Consignment::zeroed()
        };
        let first = seen.observe(address, &account(&consignment), Some(1));
        let Some(WatchEvent::Consignment(AccountChange { before: None, .. })) = first else {
            panic!("{first:?}");
        };
        assert!(
            seen.observe(address, &account(&consignment), Some(2))
                .is_none()
        );
        consignment.quantity = 4;
        let second = seen.observe(address, &account(&consignment), Some(3));
        let Some(WatchEvent::Consignment(AccountChange {
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
    fn a_recall_comes_with_the_affected_goods() {
        let mut seen = Seen::new(Gln::from_account(SITE));
        let lot = Pubkey::new_unique();
        let held = Consignment {
            lot,
            custodian: SITE,
            quantity: 10,
            ..Consignment::zeroed()
        };
        let offer = Transfer {
            lot,
            to: SITE,
            first_unit: 10,
            quantity: 5,
            ..Transfer::zeroed()
        };
        seen.observe(Pubkey::new_unique(), &account(&held), None);
        seen.observe(Pubkey::new_unique(), &account(&offer), None);
        let recall = Recall {
            lot,
            first: 8,
            quantity: 3,
            ..Recall::zeroed()
        };
        let event = seen.observe(Pubkey::new_unique(), &account(&recall), Some(1));
        let Some(WatchEvent::Recall(_, affected)) = event else {
            panic!("{event:?}");
        };
        assert_eq!(affected.consignments[0].units, 2);
        assert_eq!(affected.offers.len(), 1);
        let elsewhere = Recall {
            lot: Pubkey::new_unique(),
            ..recall
        };
        let event = seen.observe(Pubkey::new_unique(), &account(&elsewhere), Some(1));
        assert!(event.is_none());
    }

    #[test]
    fn a_case_concerns_the_site_that_opened_it_and_the_sites_that_have_the_goods() {
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
            let event = seen.observe(Pubkey::new_unique(), &account(&case), Some(1));
            assert_eq!(event.is_some(), expected);
        }
    }
}
