//! How effective a recall is: what the ledger shows of the recalled units, and what sites answered.
//!
//! The manufacturer's own stock that never left it was not distributed, so it does not count. Of the
//! rest, a unit is accounted for if it is back at the manufacturer, was destroyed, or is at a site
//! that answers for as many units as the ledger shows there.
//!
//! Units are counted at the depth of the chain where they are now (21 CFR 7.42(b)(1)): with patients,
//! once they were dispensed; at retail, with sites that dispense; at wholesale, with all others but
//! the manufacturer.

use std::{
    collections::{BTreeMap, BTreeSet},
    ops::Range,
};

use custody::{
    Change, Consignment, ConsignmentStatus, Disposition, Lot, PAGE_UNITS, Restrictions, Transfer,
    TransferState, UnitPage,
};
use pedigree_domain::Roles;
use pedigree_interface::{Located, address, identifier::Gln, units::UnitRange};
use recall::{Recall, RecallDepth, Response};
use serde::{Serialize, Serializer};
use solana_pubkey::Pubkey;

use crate::{
    compensation::RecallHistory,
    error::Result,
    ledger::{Filter, Ledger},
};

/// A recall as it stands.
#[derive(Clone, Debug)]
pub struct RecallStatus {
    /// The recall.
    pub recall: Located<Recall>,
    /// Its lot.
    pub lot: Lot,
    /// What each site concerned has, had and answered, by GLN.
    pub sites: BTreeMap<Gln, SiteStatus>,
    /// The ranges and tranches that it had.
    pub history: RecallHistory,
}

/// One site's part in a recall.
#[derive(Clone, Copy, Debug, Default)]
pub struct SiteStatus {
    /// Whether it dispenses to patients.
    pub is_dispenser: bool,
    /// The recalled units there, as the ledger shows them.
    pub shown: Shown,
    /// The site's answer.
    pub response: Option<Response>,
    /// Last moment to notify it of units there that were added since it answered, the earliest, in Unix seconds.
    pub notify_by: Option<i64>,
}

/// Recalled units as the ledger shows them at a site.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Shown {
    /// There, damaged and suspect ones too.
    pub present: u64,
    /// Of those, on offer to somebody.
    pub on_offer: u64,
    /// Given to patients there.
    pub dispensed: u64,
    /// Destroyed there, whole consignments and single units.
    pub destroyed: u64,
    /// Stolen, sampled or exported.
    pub gone: u64,
    /// Never left the manufacturer.
    pub never_left: u64,
    /// Sent back from there in offers that were accepted since the recall was opened.
    pub returned: u64,
}

impl Shown {
    /// Units that came to the site and did not go on to another.
    pub fn total(&self) -> u64 {
        self.present + self.dispensed + self.destroyed + self.gone
    }

    /// The units at the site itself. An answer counts up to their number.
    fn at_site(&self, answer: Option<&Response>) -> Share {
        let distributed = self.present + self.destroyed + self.gone;
        let answered = answer.map_or(0, |answer| {
            u64::from(answer.held) + u64::from(answer.quarantined) + u64::from(answer.destroyed)
        });
        Share {
            distributed,
            accounted_for: distributed.min(answered.max(self.destroyed)),
        }
    }

    /// The units that the site dispensed to patients.
    fn at_patients(&self, answer: Option<&Response>) -> Share {
        Share {
            distributed: self.dispensed,
            accounted_for: self
                .dispensed
                .min(answer.map_or(0, |answer| answer.dispensed.into())),
        }
    }
}

/// The effectiveness by answers and ledger, in units, as far as the recall reaches.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Effectiveness {
    /// Units that the recall names.
    pub recalled: u64,
    /// Those that are back at the manufacturer, and those at the depths that the recall reaches.
    pub distributed: u64,
    /// Of the distributed units, those that were destroyed or came back, or that sites answer for.
    pub accounted_for: u64,
    /// Percent of the distributed units, two decimals; 100 if none were.
    pub percent: f64,
    /// Units that were sold and came back to the manufacturer, all accounted for.
    pub back: u64,
    /// From the wholesalers down to the patients.
    pub depths: [DepthStatus; 3],
}

impl Effectiveness {
    /// Whether every distributed unit is accounted for.
    pub const fn is_complete(&self) -> bool {
        self.accounted_for == self.distributed
    }
}

/// The part of the units that is at one depth of the chain.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct DepthStatus {
    /// The depth (21 CFR 7.42(b)(1)).
    #[serde(serialize_with = "as_word")]
    pub depth: RecallDepth,
    /// Whether the recall reaches as far down.
    pub is_reached: bool,
    /// Units that are there, or left the chain there.
    pub distributed: u64,
    /// Those of them that sites answer for.
    pub accounted_for: u64,
    /// Percent, two decimals; 100 if no unit is there.
    pub percent: f64,
}

/// How many sites are to be asked whether they acted, and how many answered (21 CFR 7.42(b)(3)).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Checks {
    /// Sites that have or had recalled units, as far down as the recall reaches.
    pub concerned: u64,
    /// The percentage of them that the check level asks for, rounded up.
    pub to_ask: u64,
    /// Those that answered, since units were added last.
    pub answered: u64,
}

fn as_word<S: Serializer>(
    depth: &RecallDepth,
    serializer: S,
) -> std::result::Result<S::Ok, S::Error> {
    serializer.collect_str(depth)
}

/// Of units, those accounted for.
#[derive(Clone, Copy, Default)]
struct Share {
    distributed: u64,
    accounted_for: u64,
}

impl Share {
    fn add(&mut self, other: Self) {
        self.distributed += other.distributed;
        self.accounted_for += other.accounted_for;
    }

    fn percent(self) -> f64 {
        match self.distributed {
            0 => 100.0,
            all => (self.accounted_for as f64 / all as f64 * 10_000.0).round() / 100.0,
        }
    }
}

/// A count in which a site's answer and the ledger disagree.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Contradiction {
    /// Which count: `present`, `dispensed` or `destroyed`.
    pub what: &'static str,
    /// Units by the site's answer.
    pub reported: u64,
    /// Units that the ledger shows.
    pub shown: u64,
}

/// Reads how the recall at `address` stands.
pub async fn status(ledger: &Ledger, address: &Pubkey) -> Result<RecallStatus> {
    let recall: Located<Recall> = ledger.get(address).await?;
    let lot: Lot = ledger.get(&recall.lot).await?.account;
    let consignments: Vec<Located<Consignment>> =
        ledger.list(&[Filter::consignment_lot(&recall.lot)]).await?;
    let responses: Vec<Located<Response>> =
        ledger.list(&[Filter::response_recall(address)]).await?;
    let filters = [
        Filter::transfer_lot(&recall.lot),
        Filter::transfer_state(&TransferState::Accepted),
    ];
    let transfers: Vec<Located<Transfer>> = ledger.list(&filters).await?;
    let pages = unit_pages(ledger, &recall).await?;
    let consignments = consignments.into_iter().map(|one| one.account);
    let responses = responses.into_iter().map(|one| one.account);
    let history = RecallHistory::read(ledger, &recall).await?;
    let mut status = RecallStatus::new(recall, lot, history, consignments, &pages, responses);
    status.add_returns(transfers.into_iter().map(|one| one.account));
    let partners = ledger.partners(status.sites.keys().copied()).await?;
    for (gln, partner) in partners {
        let is_dispenser = partner.roles & Roles::DISPENSER.bits() != 0;
        status.sites.entry(gln).or_default().is_dispenser = is_dispenser;
    }
    Ok(status)
}

/// The pages of the recalled units, by number, as far as they are open.
pub(crate) async fn unit_pages(
    ledger: &Ledger,
    recall: &Recall,
) -> Result<BTreeMap<u32, UnitPage>> {
    let pages = UnitRange::from(recall).pages();
    let pages = pages.map(|number| address::unit_page(&recall.lot, number));
    let pages: BTreeMap<Pubkey, UnitPage> = ledger.get_many(pages).await?;
    let by_number = pages.into_values().map(|page| (page.number, page));
    Ok(by_number.collect())
}

impl RecallStatus {
    fn new(
        recall: Located<Recall>,
        lot: Lot,
        history: RecallHistory,
        consignments: impl IntoIterator<Item = Consignment>,
        pages: &BTreeMap<u32, UnitPage>,
        responses: impl IntoIterator<Item = Response>,
    ) -> Self {
        let mut sites: BTreeMap<Gln, SiteStatus> = BTreeMap::new();
        let mut ranges: BTreeMap<Gln, Vec<Range<u32>>> = BTreeMap::new();
        for consignment in consignments {
            let units = overlap(&recall, consignment.first_unit, consignment.quantity);
            if units.is_empty() {
                continue;
            }
            let site = consignment.custodian();
            ranges.entry(site).or_default().push(units.clone());
            let shown = &mut sites.entry(site).or_default().shown;
            shown.add(&recall, &consignment, units, pages);
        }
        for response in responses {
            let site = response.gln();
            sites.entry(site).or_default().response = Some(response);
        }
        let added = history.added(&recall);
        for (gln, ranges) in ranges {
            let site = sites.entry(gln).or_default();
            let unanswered = added.iter().filter(|added| {
                let answer = site.response;
                added.is_among(&ranges) && answer.is_none_or(|it| it.updated_at < added.since)
            });
            site.notify_by = unanswered.map(|added| added.notify_by).min();
        }
        Self {
            recall,
            lot,
            sites,
            history,
        }
    }

    /// Adds what came back since the recall was opened.
    fn add_returns(&mut self, transfers: impl IntoIterator<Item = Transfer>) {
        for transfer in transfers {
            let is_return = transfer.kind == Change::Return
                && transfer.state == TransferState::Accepted
                && transfer.settled_at >= self.recall.opened_at;
            let units = overlap(&self.recall, transfer.first_unit, transfer.quantity);
            if is_return && !units.is_empty() {
                let site = self.sites.entry(transfer.from()).or_default();
                site.shown.returned += u64::from(units.end - units.start);
            }
        }
    }

    /// Whether this is the manufacturer, to which goods come back.
    pub fn is_manufacturer(&self, site: Gln) -> bool {
        site == self.recall.manufacturer()
    }

    /// How much of what was distributed is accounted for, counting only answers up to Unix time
    /// `until`.
    pub fn effectiveness(&self, until: i64) -> Effectiveness {
        let mut back = 0;
        let (mut wholesale, mut retail, mut consumer) = <(Share, Share, Share)>::default();
        for (&gln, site) in &self.sites {
            if self.is_manufacturer(gln) {
                back += site.shown.total();
                continue;
            }
            let answer = site
                .response
                .filter(|response| response.updated_at <= until);
            let depth = if site.is_dispenser {
                &mut retail
            } else {
                &mut wholesale
            };
            depth.add(site.shown.at_site(answer.as_ref()));
            consumer.add(site.shown.at_patients(answer.as_ref()));
        }
        let mut all = Share {
            distributed: back,
            accounted_for: back,
        };
        let depths = [
            (RecallDepth::Wholesale, wholesale),
            (RecallDepth::Retail, retail),
            (RecallDepth::Consumer, consumer),
        ];
        let depths = depths.map(|(depth, share)| {
            let is_reached = self.reaches(depth);
            if is_reached {
                all.add(share);
            }
            DepthStatus {
                depth,
                is_reached,
                distributed: share.distributed,
                accounted_for: share.accounted_for,
                percent: share.percent(),
            }
        });
        Effectiveness {
            recalled: self.recall.units().end - self.recall.units().start,
            distributed: all.distributed,
            accounted_for: all.accounted_for,
            percent: all.percent(),
            back,
            depths,
        }
    }

    /// Whether the recall reaches as far down as this depth.
    fn reaches(&self, depth: RecallDepth) -> bool {
        self.recall.depth.code() <= depth.code()
    }

    /// Whether a site has or had recalled units at a depth that the recall reaches.
    fn is_concerned(&self, gln: Gln, site: &SiteStatus) -> bool {
        let depth = if site.is_dispenser {
            RecallDepth::Retail
        } else {
            RecallDepth::Wholesale
        };
        !self.is_manufacturer(gln) && site.shown.total() > 0 && self.reaches(depth)
    }

    /// How many sites are to be asked, by the recall's check level, and how many answered.
    pub fn checks(&self) -> Checks {
        let concerned = self
            .sites
            .iter()
            .filter(|(gln, site)| self.is_concerned(**gln, site));
        let (mut all, mut answered) = (0, 0);
        for (_, site) in concerned {
            all += 1;
            let is_answered = site
                .response
                .is_some_and(|response| response.updated_at >= self.recall.expanded_at);
            answered += u64::from(is_answered);
        }
        Checks {
            concerned: all,
            to_ask: (all * u64::from(self.recall.check_percent)).div_ceil(100),
            answered,
        }
    }

    /// Effectiveness after each answer, from the opening on: Unix seconds and percent.
    pub fn course(&self) -> Vec<(i64, f64)> {
        let answers: BTreeSet<i64> = self
            .sites
            .values()
            .filter_map(|site| site.response)
            .map(|response| response.updated_at)
            .chain([self.recall.opened_at])
            .collect();
        answers
            .into_iter()
            .map(|at| (at, self.effectiveness(at).percent))
            .collect()
    }

    /// Sites that have or had recalled units, as far down as the recall reaches, and did not answer in
    /// time, at Unix time `now`: not at all, or not since units that are there were added.
    pub fn overdue(&self, now: i64) -> Vec<Gln> {
        let is_late = |site: &SiteStatus| site.notify_by.is_some_and(|deadline| now > deadline);
        self.sites
            .iter()
            .filter(|(gln, site)| self.is_concerned(**gln, site) && is_late(site))
            .map(|(gln, _)| *gln)
            .collect()
    }
}

impl SiteStatus {
    /// The counts in which the answer and the ledger disagree.
    pub fn contradictions(&self) -> Vec<Contradiction> {
        let Some(response) = &self.response else {
            return Vec::new();
        };
        let has = u64::from(response.held) + u64::from(response.quarantined);
        [
            ("present", has, self.shown.present),
            ("dispensed", response.dispensed.into(), self.shown.dispensed),
            ("destroyed", response.destroyed.into(), self.shown.destroyed),
        ]
        .into_iter()
        .filter(|(_, reported, shown)| reported != shown)
        .map(|(what, reported, shown)| Contradiction {
            what,
            reported,
            shown,
        })
        .collect()
    }
}

impl Shown {
    fn add(
        &mut self,
        recall: &Recall,
        consignment: &Consignment,
        units: Range<u32>,
        pages: &BTreeMap<u32, UnitPage>,
    ) {
        let whole = u64::from(units.end - units.start);
        match consignment.status {
            ConsignmentStatus::Destroyed => self.destroyed += whole,
            ConsignmentStatus::Held | ConsignmentStatus::Offered => {
                let mut present = whole;
                if consignment.inactive > 0 {
                    present = self.add_units(units, pages);
                }
                // What was never sold and never sent back is still where it was made, also while it is set
                // aside or under a case. Verified returns that were set aside since look the same.
                let never_left = consignment.custodian == recall.manufacturer
                    && consignment.owner == recall.manufacturer
                    && consignment.supplier().is_none()
                    && !consignment.restrictions().contains(Restrictions::RETURNED)
                    && [
                        Change::Commissioning,
                        Change::Split,
                        Change::Merge,
                        Change::Quarantine,
                        Change::Release,
                        Change::Case,
                        Change::Resolution,
                    ]
                    .contains(&consignment.kind);
                if never_left {
                    self.never_left += present;
                } else {
                    self.present += present;
                }
                if consignment.status == ConsignmentStatus::Offered {
                    self.on_offer += present;
                }
            }
            _ => self.gone += whole,
        }
    }

    /// Adds the units that left one by one, and returns how many are still there.
    fn add_units(&mut self, units: Range<u32>, pages: &BTreeMap<u32, UnitPage>) -> u64 {
        let mut present = 0;
        for unit in units {
            let page = pages.get(&(unit / PAGE_UNITS));
            match page.map_or(Disposition::Active, |page| page.disposition(unit)) {
                Disposition::Dispensed => self.dispensed += 1,
                Disposition::Destroyed => self.destroyed += 1,
                Disposition::Sampled | Disposition::Stolen | Disposition::Exported => {
                    self.gone += 1;
                }
                // Not to be sold, and on the shelf until it is destroyed.
                _ => present += 1,
            }
        }
        present
    }
}

/// Which of units `first..first + quantity` are recalled.
pub fn overlap(recall: &Recall, first: u32, quantity: u32) -> Range<u32> {
    let recalled = recall.units();
    let start = recalled.start.max(first.into());
    let end = u64::from(first) + u64::from(quantity);
    let end = recalled.end.min(end).max(start);
    // Both are indices of a lot's units.
    start as u32..end as u32
}

#[cfg(test)]
mod tests {
    use bytemuck::Zeroable;
    use custody::{Change, Restrictions};
    use recall::Scope;

    use super::*;

    const MAKER: u64 = 9_506_000_000_015;
    const WHOLESALER: u64 = 9_506_000_000_022;
    const PHARMACY: u64 = 9_506_000_000_039;

    fn recall() -> Recall {
        Recall {
            manufacturer: MAKER,
            opened_at: 100,
            notify_by: 200,
            first: 10,
            quantity: 90,
            ..Recall::zeroed()
        }
    }

    /// The ranges, each since a second, whose units are to be notified of within a hundred.
    fn history(ranges: &[(i64, Range<u32>)]) -> RecallHistory {
        let mut before = 0..0;
        let scopes = (0..).zip(ranges).map(|(number, (since, range))| {
            let (first_before, quantity_before) = (before.start, before.end - before.start);
            before = range.clone();
            Scope {
                number,
                since: *since,
                first: range.start,
                quantity: range.end - range.start,
                first_before,
                quantity_before,
                notify_by: since + 100,
                ..Scope::zeroed()
            }
        });
        RecallHistory {
            scopes: scopes.collect(),
            tranches: Vec::new(),
        }
    }

    /// That of [`recall`].
    fn opened() -> RecallHistory {
        history(&[(100, 10..100)])
    }

    fn located(recall: Recall) -> Located<Recall> {
        Located::new(Pubkey::default(), recall)
    }

    fn held(custodian: u64, first_unit: u32, quantity: u32) -> Consignment {
        Consignment {
            custodian,
            owner: custodian,
            supplier: MAKER,
            kind: Change::Sale,
            first_unit,
            quantity,
            ..Consignment::zeroed()
        }
    }

    fn at(status: &RecallStatus, site: u64) -> SiteStatus {
        status.sites[&Gln::from_account(site)]
    }

    #[test]
    fn what_never_left_was_not_distributed() {
        let unsold = Consignment {
            supplier: 0,
            kind: Change::Split,
            ..held(MAKER, 0, 30)
        };
        let returned = Consignment {
            supplier: 0,
            kind: Change::Return,
            restrictions: Restrictions::RETURNED.bits(),
            ..held(MAKER, 30, 20)
        };
        let consignments = [unsold, returned, held(WHOLESALER, 50, 70)];
        let status = RecallStatus::new(
            located(recall()),
            Lot::zeroed(),
            opened(),
            consignments,
            &BTreeMap::new(),
            [],
        );
        assert_eq!(at(&status, MAKER).shown.never_left, 20);
        assert_eq!(at(&status, MAKER).shown.present, 20);
        assert_eq!(at(&status, WHOLESALER).shown.present, 50);
        let effectiveness = status.effectiveness(i64::MAX);
        assert_eq!(
            (
                effectiveness.recalled,
                effectiveness.distributed,
                effectiveness.accounted_for
            ),
            (90, 70, 20)
        );
        assert_eq!(status.overdue(200), []);
        assert_eq!(status.overdue(201), [Gln::from_account(WHOLESALER)]);
    }

    #[test]
    fn what_its_maker_sets_aside_has_not_left_it() {
        for (kind, restrictions, never_left) in [
            (Change::Quarantine, Restrictions::QUARANTINED, 10),
            (Change::Release, Restrictions::empty(), 10),
            (Change::Case, Restrictions::empty(), 10),
            (Change::Resolution, Restrictions::CONDEMNED, 10),
            (Change::Quarantine, Restrictions::all(), 0),
            (Change::Verification, Restrictions::empty(), 0),
            (Change::Recovery, Restrictions::RETURNED, 0),
        ] {
            let stock = Consignment {
                supplier: 0,
                kind,
                restrictions: restrictions.bits(),
                ..held(MAKER, 20, 10)
            };
            let lot = Lot::zeroed();
            let status = RecallStatus::new(
                located(recall()),
                lot,
                opened(),
                [stock],
                &BTreeMap::new(),
                [],
            );
            let shown = at(&status, MAKER).shown;
            assert_eq!(shown.never_left, never_left, "{kind} {restrictions:?}");
            assert_eq!(shown.present, 10 - never_left);
        }
    }

    #[test]
    fn who_answered_before_its_units_were_added_answers_again_in_their_time() {
        let recall = Recall {
            expanded_at: 350,
            ..recall()
        };
        // Units were added twice, and a site has some of those that were added first.
        let ranges = [(100, 60..100), (300, 30..100), (350, 10..100)];
        let overdue = |first_unit, updated_at: Option<i64>, now| {
            let answer = updated_at.map(|updated_at| Response {
                gln: PHARMACY,
                updated_at,
                ..Response::zeroed()
            });
            let (lot, shelf) = (Lot::zeroed(), [held(PHARMACY, first_unit, 10)]);
            let (history, pages) = (history(&ranges), BTreeMap::new());
            RecallStatus::new(located(recall), lot, history, shelf, &pages, answer).overdue(now)
        };
        let pharmacy = Gln::from_account(PHARMACY);
        for (first_unit, since, deadline) in [(70, 100, 200), (40, 300, 400), (10, 350, 450)] {
            for answer in [None, Some(since - 1)] {
                assert_eq!(overdue(first_unit, answer, deadline), []);
                assert_eq!(overdue(first_unit, answer, deadline + 1), [pharmacy]);
            }
            assert_eq!(overdue(first_unit, Some(since), 1_000), []);
        }
        // It has units of both.
        assert_eq!(overdue(25, Some(320), 450), []);
        assert_eq!(overdue(25, Some(320), 451), [pharmacy]);
        assert_eq!(overdue(25, Some(299), 401), [pharmacy]);
    }

    #[test]
    fn each_depth_counts_for_itself_as_far_as_the_recall_reaches() {
        let shelf = Consignment {
            inactive: 4,
            ..held(PHARMACY, 60, 40)
        };
        let mut page = UnitPage::zeroed();
        // Units 60 to 63 were dispensed.
        (page.dispositions[30], page.dispositions[31]) = (0x11, 0x11);
        let pages = BTreeMap::from([(0, page)]);
        let answer = Response {
            gln: PHARMACY,
            held: 9,
            dispensed: 3,
            updated_at: 150,
            ..Response::zeroed()
        };
        let status = |depth| {
            let recall = Recall {
                depth,
                check_percent: 2,
                ..recall()
            };
            let consignments = [held(WHOLESALER, 10, 50), shelf];
            let mut status = RecallStatus::new(
                located(recall),
                Lot::zeroed(),
                opened(),
                consignments,
                &pages,
                [answer],
            );
            let pharmacy = status.sites.get_mut(&Gln::from_account(PHARMACY));
            pharmacy.unwrap().is_dispenser = true;
            status
        };
        let counts = |depth: &DepthStatus| (depth.distributed, depth.accounted_for);
        let to_patients = status(RecallDepth::Consumer);
        let effectiveness = to_patients.effectiveness(i64::MAX);
        let by_depth = effectiveness.depths.each_ref().map(counts);
        assert_eq!(by_depth, [(50, 0), (36, 9), (4, 3)]);
        assert_eq!(effectiveness.depths[2].percent, 75.0);
        assert_eq!(
            (effectiveness.distributed, effectiveness.accounted_for),
            (90, 12)
        );
        let checks = Checks {
            concerned: 2,
            to_ask: 1,
            answered: 1,
        };
        assert_eq!(to_patients.checks(), checks);
        assert_eq!(to_patients.overdue(201), [Gln::from_account(WHOLESALER)]);

        let to_wholesalers = status(RecallDepth::Wholesale);
        let effectiveness = to_wholesalers.effectiveness(i64::MAX);
        assert_eq!(
            effectiveness.depths.map(|it| it.is_reached),
            [true, false, false]
        );
        assert_eq!(effectiveness.depths.each_ref().map(counts), by_depth);
        assert_eq!(
            (effectiveness.distributed, effectiveness.accounted_for),
            (50, 0)
        );
        assert_eq!(to_wholesalers.checks().concerned, 1);
    }

    #[test]
    fn answers_count_up_to_what_the_ledger_shows() {
        let destroyed = Consignment {
            status: ConsignmentStatus::Destroyed,
            ..held(WHOLESALER, 10, 10)
        };
        let mut shelf = held(PHARMACY, 20, 10);
        shelf.inactive = 4;
        let mut page = UnitPage::zeroed();
        // Units 20 and 21 were dispensed, 22 was destroyed, 23 is damaged and still there.
        let damaged = Disposition::Damaged.code() << 4;
        (page.dispositions[10], page.dispositions[11]) = (0x11, damaged | 0x02);
        let answer = Response {
            gln: PHARMACY,
            held: 2,
            quarantined: 50,
            dispensed: 2,
            updated_at: 150,
            ..Response::zeroed()
        };
        let status = RecallStatus::new(
            located(recall()),
            Lot::zeroed(),
            opened(),
            [destroyed, shelf],
            &BTreeMap::from([(0, page)]),
            [answer],
        );
        let shown = at(&status, PHARMACY).shown;
        assert_eq!((shown.present, shown.dispensed, shown.destroyed), (7, 2, 1));
        assert_eq!(status.effectiveness(149).accounted_for, 11);
        assert_eq!(status.effectiveness(150).accounted_for, 20);
        assert_eq!(status.course(), [(100, 55.0), (150, 100.0)]);
        let contradictions = at(&status, PHARMACY).contradictions();
        let what: Vec<&str> = contradictions.iter().map(|it| it.what).collect();
        assert_eq!(what, ["present", "destroyed"]);
        assert_eq!(
            (contradictions[0].reported, contradictions[0].shown),
            (52, 7)
        );
    }
}
