//! How effective a recall is: what the ledger shows of the recalled units, beside what sites answer.
//!
//! The manufacturer's own stock that never left it was not distributed, so it does not count. Of the
//! rest, a unit is accounted for if it is back at the manufacturer, was destroyed, or is at a site
//! that answers for as many units as the ledger shows there.

use std::{
    collections::{BTreeMap, BTreeSet},
    ops::Range,
};

use custody::{Consignment, ConsignmentStatus, Disposition, Lot, PAGE_UNITS, UnitPage};
use recall::{Recall, Response};
use serde::Serialize;
use solana_pubkey::Pubkey;

use crate::{
    address,
    error::Result,
    identifier::Gln,
    ledger::{Filter, Ledger},
    units,
};

/// A recall as it stands.
#[derive(Clone, Debug)]
pub struct Standing {
    pub recall: Recall,
    pub lot: Lot,
    /// What each site concerned has, had and says, by GLN.
    pub sites: BTreeMap<Gln, SiteStanding>,
}

/// One site's part in a recall.
#[derive(Clone, Copy, Debug, Default)]
pub struct SiteStanding {
    pub shown: Shown,
    pub response: Option<Response>,
}

/// Recalled units as the ledger shows them at a site.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Shown {
    /// There and active.
    pub present: u64,
    /// Of those, on offer to somebody.
    pub on_offer: u64,
    /// Given to patients there.
    pub dispensed: u64,
    /// Destroyed there, whole consignments and single units.
    pub destroyed: u64,
    /// Stolen, sampled, exported or otherwise gone.
    pub gone: u64,
    /// Never left the manufacturer.
    pub never_left: u64,
}

impl Shown {
    /// Units that came to the site and did not go on to another.
    pub fn total(&self) -> u64 {
        self.present + self.dispensed + self.destroyed + self.gone
    }
}

/// What answers and ledger come to, in units.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Effectiveness {
    pub recalled: u64,
    pub distributed: u64,
    pub accounted_for: u64,
    /// Percent of the distributed units, two decimals; 100 if none were.
    pub percent: f64,
}

/// Something in which a site's answer and the ledger disagree.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Contradiction {
    pub what: &'static str,
    pub reported: u64,
    pub shown: u64,
}

/// Reads how the recall at `address` stands.
pub async fn standing(ledger: &Ledger, address: &Pubkey) -> Result<Standing> {
    let recall: Recall = ledger.get(address).await?;
    let lot: Lot = ledger.get(&recall.lot).await?;
    let consignments: Vec<(Pubkey, Consignment)> =
        ledger.list(&[Filter::consignment_lot(&recall.lot)]).await?;
    let responses: Vec<(Pubkey, Response)> =
        ledger.list(&[Filter::response_recall(address)]).await?;
    let pages: BTreeMap<Pubkey, UnitPage> = ledger
        .get_many(
            units::pages(recall.first, recall.quantity)
                .map(|number| address::unit_page(&recall.lot, number)),
        )
        .await?;
    let pages = pages
        .into_values()
        .map(|page| (page.number, page))
        .collect();
    let consignments = consignments.into_iter().map(|(_, one)| one);
    let responses = responses.into_iter().map(|(_, one)| one);
    Ok(Standing::new(recall, lot, consignments, &pages, responses))
}

impl Standing {
    fn new(
        recall: Recall,
        lot: Lot,
        consignments: impl IntoIterator<Item = Consignment>,
        pages: &BTreeMap<u32, UnitPage>,
        responses: impl IntoIterator<Item = Response>,
    ) -> Self {
        let mut sites: BTreeMap<Gln, SiteStanding> = BTreeMap::new();
        for consignment in consignments {
            let units = overlap(&recall, consignment.first_unit, consignment.quantity);
            if units.is_empty() {
                continue;
            }
            let site = Gln::from_account(consignment.custodian);
            let shown = &mut sites.entry(site).or_default().shown;
            shown.add(&recall, &consignment, units, pages);
        }
        for response in responses {
            let site = Gln::from_account(response.gln);
            sites.entry(site).or_default().response = Some(response);
        }
        Self { recall, lot, sites }
    }

    /// Whether this is the manufacturer, to which goods come back.
    pub fn is_manufacturer(&self, site: Gln) -> bool {
        site.number() == self.recall.manufacturer
    }

    /// How much of what was distributed is accounted for, counting only answers up to Unix time
    /// `until`.
    pub fn effectiveness(&self, until: i64) -> Effectiveness {
        let (mut distributed, mut accounted_for) = (0, 0);
        for (&gln, site) in &self.sites {
            let total = site.shown.total();
            distributed += total;
            accounted_for += if self.is_manufacturer(gln) {
                total
            } else {
                let answered = site
                    .response
                    .filter(|response| response.updated_at <= until)
                    .map_or(0, |response| reported_here(&response));
                total.min(answered.max(site.shown.destroyed))
            };
        }
        let percent = match distributed {
            0 => 100.0,
            _ => (accounted_for as f64 / distributed as f64 * 10_000.0).round() / 100.0,
        };
        Effectiveness {
            recalled: self.recall.run().end - self.recall.run().start,
            distributed,
            accounted_for,
            percent,
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

    /// Sites that have or had recalled units and did not answer in time, at Unix time `now`: not at all,
    /// or not since units were added.
    pub fn overdue(&self, now: i64) -> Vec<Gln> {
        let recall = &self.recall;
        let is_late = |site: &SiteStanding| match site.response {
            None => now > recall.notify_by,
            Some(answer) => {
                answer.updated_at < recall.expanded_at && now > recall.expansion_notify_by
            }
        };
        self.sites
            .iter()
            .filter(|(gln, site)| {
                !self.is_manufacturer(**gln) && site.shown.total() > 0 && is_late(site)
            })
            .map(|(gln, _)| *gln)
            .collect()
    }
}

impl SiteStanding {
    /// In what the answer and the ledger disagree.
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
                let mut active = whole;
                if consignment.inactive > 0 {
                    active = self.add_units(units, pages);
                }
                // What nobody ever sold and nobody sent back is still where it was made.
                let never_left = consignment.custodian == recall.manufacturer
                    && consignment.owner == recall.manufacturer
                    && consignment.supplier == 0
                    && consignment.restrictions & custody::Restrictions::RETURNED.bits() == 0
                    && [
                        custody::Change::Commissioning,
                        custody::Change::Split,
                        custody::Change::Merge,
                    ]
                    .contains(&consignment.kind);
                if never_left {
                    self.never_left += active;
                } else {
                    self.present += active;
                }
                if consignment.status == ConsignmentStatus::Offered {
                    self.on_offer += active;
                }
            }
            _ => self.gone += whole,
        }
    }

    /// Adds the units that are gone one by one, and says how many are still active.
    fn add_units(&mut self, units: Range<u32>, pages: &BTreeMap<u32, UnitPage>) -> u64 {
        let mut active = 0;
        for unit in units {
            let page = pages.get(&(unit / PAGE_UNITS));
            match page.map_or(Disposition::Active, |page| page.disposition(unit)) {
                Disposition::Active => active += 1,
                Disposition::Dispensed => self.dispensed += 1,
                Disposition::Destroyed => self.destroyed += 1,
                _ => self.gone += 1,
            }
        }
        active
    }
}

/// What a site says that it has or had, without what it sent on.
fn reported_here(response: &Response) -> u64 {
    u64::from(response.held)
        + u64::from(response.quarantined)
        + u64::from(response.dispensed)
        + u64::from(response.destroyed)
}

/// Which of units `first..first + quantity` are recalled.
pub fn overlap(recall: &Recall, first: u32, quantity: u32) -> Range<u32> {
    let run = recall.run();
    let start = run.start.max(first.into());
    let end = u64::from(first) + u64::from(quantity);
    let end = run.end.min(end).max(start);
    // Both are indices of a lot's units.
    start as u32..end as u32
}

#[cfg(test)]
mod tests {
    use anchor_lang::bytemuck::Zeroable;
    use custody::{Change, Restrictions};

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

    fn at(standing: &Standing, site: u64) -> SiteStanding {
        standing.sites[&Gln::from_account(site)]
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
        let standing = Standing::new(recall(), Lot::zeroed(), consignments, &BTreeMap::new(), []);
        assert_eq!(at(&standing, MAKER).shown.never_left, 20);
        assert_eq!(at(&standing, MAKER).shown.present, 20);
        assert_eq!(at(&standing, WHOLESALER).shown.present, 50);
        let effectiveness = standing.effectiveness(i64::MAX);
        assert_eq!(
            (
                effectiveness.recalled,
                effectiveness.distributed,
                effectiveness.accounted_for
            ),
            (90, 70, 20)
        );
        assert_eq!(standing.overdue(200), []);
        assert_eq!(standing.overdue(201), [Gln::from_account(WHOLESALER)]);
    }

    #[test]
    fn who_answered_before_the_expansion_answers_again() {
        let recall = Recall {
            expanded_at: 300,
            expansion_notify_by: 400,
            ..recall()
        };
        let overdue = |updated_at, now| {
            let answer = Response {
                gln: PHARMACY,
                updated_at,
                ..Response::zeroed()
            };
            let shelf = [held(PHARMACY, 20, 10)];
            let pages = BTreeMap::new();
            Standing::new(recall, Lot::zeroed(), shelf, &pages, [answer]).overdue(now)
        };
        let pharmacy = Gln::from_account(PHARMACY);
        assert_eq!(overdue(150, 400), []);
        assert_eq!(overdue(150, 401), [pharmacy]);
        assert_eq!(overdue(300, 401), []);
    }

    #[test]
    fn answers_count_up_to_what_the_ledger_shows() {
        let destroyed = Consignment {
            status: ConsignmentStatus::Destroyed,
            ..held(WHOLESALER, 10, 10)
        };
        let mut shelf = held(PHARMACY, 20, 10);
        shelf.inactive = 3;
        let mut page = UnitPage::zeroed();
        // Units 20 and 21 were dispensed, 22 was destroyed.
        (page.dispositions[10], page.dispositions[11]) = (0x11, 0x02);
        let answer = Response {
            gln: PHARMACY,
            held: 2,
            quarantined: 50,
            dispensed: 2,
            updated_at: 150,
            ..Response::zeroed()
        };
        let standing = Standing::new(
            recall(),
            Lot::zeroed(),
            [destroyed, shelf],
            &BTreeMap::from([(0, page)]),
            [answer],
        );
        let shown = at(&standing, PHARMACY).shown;
        assert_eq!((shown.present, shown.dispensed, shown.destroyed), (7, 2, 1));
        assert_eq!(standing.effectiveness(149).accounted_for, 11);
        assert_eq!(standing.effectiveness(150).accounted_for, 20);
        assert_eq!(standing.course(), [(100, 55.0), (150, 100.0)]);
        let contradictions = at(&standing, PHARMACY).contradictions();
        let what: Vec<&str> = contradictions.iter().map(|it| it.what).collect();
        assert_eq!(what, ["present", "destroyed"]);
        assert_eq!(
            (contradictions[0].reported, contradictions[0].shown),
            (52, 7)
        );
    }
}
