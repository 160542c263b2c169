//! Who is owed what for recalled units, as an observer writes it down who sees what is done and reads none of the
//! programs' own bookkeeping of title, changes and scopes.
//!
//! A site is **owed** the price of a unit if all of this is so:
//!
//! 1. It had title when a recall named the unit: when the recall was opened, or expanded to it. Title that a site
//!    got in a return from a sister is as old as it was with the sister, because the firm bears the loss. Title that
//!    it got in a return of goods of which a recall named some is no such title before they are verified again: who
//!    returned them is paid. Nor is title to goods that their owner, free to do so, sent for disposal while no recall
//!    named any of them: that loss came from none. To reopen a recall names nothing anew: what it named stayed
//!    recalled.
//! 2. It gave the unit up afterwards, while the recall still named it, and the ledger keeps a record of that: its own
//!    return was offered and accepted, and the receiver was no sister of it when it was offered; it returned title
//!    to the manufacturer's side, no sister of it; or the consignment was destroyed, by whoever had it. Who returns
//!    goods to a sister passes on to it what is owed for them. Title that it returns to goods which the
//!    manufacturer's side had sampled or stolen it gave up when they were.
//! 3. A tranche of that recall, whose funding came in the same time, covers the unit.
//! 4. It is neither the recall's manufacturer nor who funded the tranche, nor the head office that either had then,
//!    and its own head office now is none of them.
//! 5. Nobody was paid for giving up the unit that time, under this recall or another.
//!
//! What is owed stays owed, whatever becomes of recall, keys and licences, until it is paid, until the funder has
//! taken back what was left (180 days after the recall's end at the earliest), or until the record of the return is
//! archived (after six years). Who signs with the site's key is paid: also a thief, as long as nobody has the site
//! suspended.
//!
//! Not owed is what was not given up (units that were dispensed, sampled, exported or stolen), what no tranche
//! covers, and what left no record, which takes the owner's own signature: a return by handoff. Who wants to be paid
//! offers its returns, and has what is left of a consignment split off first.

use std::{
    collections::{BTreeMap, BTreeSet},
    ops::Range,
};

use anchor_lang::Address;
use custody::{Change, Consignment};
use pedigree_interface::{Goods, Site, identifier::Gln, instruction::recall::Claimed};
use program_tests::address;
use proptest::{prop_assert, prop_assert_eq, test_runner::TestCaseError};

use crate::{
    action::Action,
    recall_action::RecallAction,
    rules::{Model, is_live},
    unit_rules::range_of,
};

/// What was seen. A moment is the number of what was seen then.
#[derive(Default)]
pub struct Ghost {
    now: u32,
    /// By lot.
    titles: BTreeMap<Address, Vec<Title>>,
    /// When goods left the chain last, by consignment.
    left: BTreeMap<Address, u32>,
    /// Offers between sisters, by consignment and sequence.
    among_sisters: BTreeSet<(Address, u32)>,
    named: Vec<Named>,
    tranches: Vec<Funded>,
    losses: Vec<Loss>,
    /// Units that were paid for, by their loss.
    paid: BTreeSet<(usize, u32)>,
}

/// A site has title to units since a moment.
#[derive(Clone)]
struct Title {
    units: Range<u32>,
    owner: u64,
    since: u32,
}

/// How title passes.
#[derive(Clone, Copy)]
enum Passing {
    Sold,
    Returned,
    ReturnedToSister,
}

impl Passing {
    fn of(is_return: bool, is_among_sisters: bool) -> Self {
        match (is_return, is_among_sisters) {
            (false, _) => Self::Sold,
            (true, false) => Self::Returned,
            (true, true) => Self::ReturnedToSister,
        }
    }
}

/// A recall named units from one moment on until another.
#[derive(Clone)]
struct Named {
    recall: Address,
    /// The recall's scope that began it.
    scope: u32,
    units: Range<u32>,
    from: u32,
    until: Option<u32>,
}

/// A tranche, which is funded at a moment.
struct Funded {
    recall: Address,
    number: u32,
    units: Range<u32>,
    unit_price: u64,
    at: u32,
    manufacturer: u64,
    /// The sites that are not paid, nor those whose head office is one of them.
    payers: [u64; 4],
    is_withdrawn: bool,
}

impl Funded {
    /// Whether the site is none of those that pay, as the firms are now.
    fn pays(&self, model: &Model, site: Gln) -> bool {
        let firm = model.firm_of(site);
        !self.payers.contains(&site.number())
            && firm.is_some_and(|firm| !self.payers.contains(&firm))
    }
}

/// An owner gave up units at a moment, to which it had title since another.
struct Loss {
    /// The account that shows it.
    evidence: Address,
    lot: Address,
    units: Range<u32>,
    owner: u64,
    since: u32,
    at: u32,
}

/// What a site is owed.
#[derive(Debug)]
pub struct Owed {
    pub owner: u64,
    pub evidence: Address,
    pub recall: Address,
    /// The recall's scope since which the units were named.
    pub scope: u32,
    pub tranche: u32,
    pub units: Range<u32>,
}

impl Named {
    /// Whether the recall named the units at that moment.
    fn is_at(&self, moment: u32) -> bool {
        self.from <= moment && self.until.is_none_or(|until| moment < until)
    }
}

impl Ghost {
    /// Writes down who has title at first.
    pub fn new(model: &Model) -> Self {
        let mut ghost = Self::default();
        for consignment in model.consignments.values() {
            let title = Title {
                units: range_of(consignment),
                owner: consignment.owner,
                since: 0,
            };
            ghost.titles.entry(consignment.lot).or_default().push(title);
        }
        ghost
    }

    /// Writes down an action that was allowed; refuses a payment that nobody is owed, or another than is owed.
    pub fn see(
        &mut self,
        before: &Model,
        action: &Action,
        after: &Model,
    ) -> Result<(), TestCaseError> {
        self.now += 1;
        match *action {
            Action::Offer {
                from, to, goods, ..
            } if before.are_sisters(from.gln, to.gln) => {
                let offer = (goods.consignment, goods.sequence);
                self.among_sisters.insert(offer);
            }
            Action::Accept { from, goods, .. }
            | Action::AcceptWithDiscrepancy { from, goods, .. } => {
                let offer = (goods.consignment, goods.sequence);
                let is_among_sisters = self.among_sisters.contains(&offer);
                let record = address::transfer(&goods.consignment, goods.sequence);
                let kind = after.transfers[&record].kind;
                let is_return = kind == Change::Return;
                let was = before.consignments[&goods.consignment];
                if is_return && !is_among_sisters && was.owner == from.gln.number() {
                    self.lose(record, &was, self.now);
                }
                self.pass_titles(before, after, Passing::of(is_return, is_among_sisters));
                let changed_at = before.register.partners[&from.gln].status_changed_at;
                let is_older = before.transfers[&record].offered_at < changed_at;
                if kind == Change::Disposal && !is_older {
                    self.surrender(before, after, from);
                }
            }
            Action::Handoff { from, to, kind, .. }
            | Action::HandoffBatch { from, to, kind, .. } => {
                let kind = Change::from_code(kind);
                let is_return = kind == Change::Return;
                let is_among_sisters = before.are_sisters(from.gln, to.gln);
                self.pass_titles(before, after, Passing::of(is_return, is_among_sisters));
                if kind == Change::Disposal {
                    self.surrender(before, after, from);
                }
            }
            Action::VerifyReturn { goods, .. } => {
                // They may be sold again, so title to them is as good as what somebody bought now.
                let consignment = after.consignments[&goods.consignment];
                let now = self.now;
                for title in self.titles_to(&consignment) {
                    if title.since == u32::MAX {
                        title.since = now;
                    }
                }
            }
            Action::TransferTitle { .. } => self.pass_titles(before, after, Passing::Sold),
            Action::Destroy { goods, .. } => {
                let was = &before.consignments[&goods.consignment];
                self.lose(goods.consignment, was, self.now);
            }
            Action::Sample { goods, .. } | Action::ReportStolen { goods, .. } => {
                self.left.insert(goods.consignment, self.now);
            }
            Action::Recall(ref action) => self.see_recall(before, action, after)?,
            _ => {}
        }
        Ok(())
    }

    fn see_recall(
        &mut self,
        before: &Model,
        action: &RecallAction,
        after: &Model,
    ) -> Result<(), TestCaseError> {
        match *action {
            RecallAction::Open { recall, .. } | RecallAction::Expand { recall, .. } => {
                self.name(before, recall.address(), after);
            }
            RecallAction::Narrow { recall, .. } => self.release(recall.address(), after),
            RecallAction::Fund {
                by,
                recall,
                tranches,
                funding,
                ..
            } => {
                let manufacturer = before.recalls.recalls[&recall.address()].manufacturer();
                let parties = [by.gln, manufacturer];
                let firms = parties.map(|site| before.firm_of(site).unwrap_or_default());
                let [funder, maker] = parties.map(Gln::number);
                self.tranches.push(Funded {
                    recall: recall.address(),
                    number: tranches,
                    units: funding.units.first..funding.units.first + funding.units.quantity,
                    unit_price: funding.unit_price,
                    at: self.now,
                    manufacturer: manufacturer.number(),
                    payers: [funder, maker, firms[0], firms[1]],
                    is_withdrawn: false,
                });
            }
            RecallAction::Withdraw {
                recall, tranche, ..
            } => {
                let mut tranches = self.tranches.iter_mut();
                let funded = tranches.find(|it| (it.recall, it.number) == (recall, tranche));
                funded.expect("it was funded").is_withdrawn = true;
            }
            RecallAction::ReturnTitle {
                by, goods, with, ..
            } => {
                let is_among_sisters = before.are_sisters(by.gln, with.receiver);
                if !is_among_sisters {
                    self.return_title(goods, &before.consignments[&goods.consignment]);
                }
                self.pass_titles(before, after, Passing::of(true, is_among_sisters));
            }
            RecallAction::Claim {
                by,
                recall,
                ref claimed,
                receiver,
            } => {
                let price = self.pay(before, by, recall, claimed)?;
                let balance = |model: &Model| model.recalls.balances[&receiver];
                prop_assert_eq!(balance(after), balance(before) + price);
            }
            _ => {}
        }
        Ok(())
    }

    fn return_title(&mut self, goods: Goods, was: &Consignment) {
        let record = address::transfer(&goods.consignment, goods.sequence);
        let at = if is_live(was) {
            self.now
        } else {
            self.left[&goods.consignment]
        };
        self.lose(record, was, at);
    }

    /// Title to some consignments passed.
    fn pass_titles(&mut self, before: &Model, after: &Model, passing: Passing) {
        let passed = after.consignments.iter().filter(|(at, is)| {
            let was = before.consignments.get(at);
            was.is_some_and(|was| was.owner != is.owner)
        });
        for (_, consignment) in passed {
            let (now, is_named) = (self.now, self.is_named(after, consignment));
            for title in self.titles_to(consignment) {
                title.owner = consignment.owner;
                title.since = match passing {
                    Passing::ReturnedToSister => title.since,
                    Passing::Returned if is_named => u32::MAX,
                    Passing::Returned | Passing::Sold => now,
                };
            }
        }
    }

    /// What `from` sent for disposal arrived: it gave up what it owned, if it may.
    fn surrender(&mut self, before: &Model, after: &Model, from: Site) {
        let gln = from.gln.number();
        let surrendered = after.consignments.iter().filter(|(at, is)| {
            let was = before.consignments.get(at);
            let is_owners = was.is_some_and(|was| (was.custodian, was.owner) == (gln, gln));
            is_owners && is.custodian != gln
        });
        for (_, consignment) in surrendered {
            if before.is_stopped(from) || self.is_named(after, consignment) {
                continue;
            }
            for title in self.titles_to(consignment) {
                title.since = u32::MAX;
            }
        }
    }

    /// Whether a recall names some of the goods now.
    fn is_named(&self, model: &Model, goods: &Consignment) -> bool {
        let units = range_of(goods);
        self.named.iter().any(|named| {
            let of = &model.recalls.recalls[&named.recall];
            of.lot == goods.lot && named.is_at(self.now) && common(&named.units, &units).is_some()
        })
    }

    /// The titles to the goods, and to nothing else.
    fn titles_to(&mut self, goods: &Consignment) -> impl Iterator<Item = &mut Title> {
        let units = range_of(goods);
        let titles = self.titles.get_mut(&goods.lot);
        let titles = titles.expect("every lot's were written down");
        cut(titles, &units);
        titles
            .iter_mut()
            .filter(move |it| is_within(&it.units, &units))
    }

    /// The goods' owner gave them up at a moment, as `evidence` shows.
    fn lose(&mut self, evidence: Address, was: &Consignment, at: u32) {
        let units = range_of(was);
        let losses = self.titles[&was.lot].iter().filter_map(|title| {
            Some(Loss {
                evidence,
                lot: was.lot,
                units: common(&title.units, &units)?,
                owner: title.owner,
                since: title.since,
                at,
            })
        });
        self.losses.extend(losses);
    }

    /// A recall names units that it did not name before.
    fn name(&mut self, before: &Model, recall: Address, after: &Model) {
        let range = |model: &Model| {
            let recall = model.recalls.recalls.get(&recall);
            recall.map_or(0..0, |it| it.first..it.first + it.quantity)
        };
        let (old, new) = (range(before), range(after));
        let added = if old.is_empty() {
            [new, 0..0]
        } else {
            [new.start..old.start, old.end..new.end]
        };
        let scope = after.recalls.recalls[&recall].scopes - 1;
        for units in added.into_iter().filter(|units| !units.is_empty()) {
            self.named.push(Named {
                recall,
                scope,
                units,
                from: self.now,
                until: None,
            });
        }
    }

    /// A recall names fewer units from now on.
    fn release(&mut self, recall: Address, after: &Model) {
        let is = &after.recalls.recalls[&recall];
        let left = is.first..is.first + is.quantity;
        let is_meant = |it: &Named| it.recall == recall && it.until.is_none();
        for named in std::mem::take(&mut self.named) {
            if !is_meant(&named) {
                self.named.push(named);
                continue;
            }
            let Range { start, end } = named.units;
            let (kept_start, kept_end) = (left.start.clamp(start, end), left.end.clamp(start, end));
            let parts = [
                (start..kept_start, Some(self.now)),
                (kept_start..kept_end, None),
                (kept_end.max(kept_start)..end, Some(self.now)),
            ];
            for (units, until) in parts.into_iter().filter(|(units, _)| !units.is_empty()) {
                self.named.push(Named {
                    units,
                    until,
                    ..named
                });
            }
        }
    }

    /// Notes that a claim was paid, if each of its units was owed; returns the price.
    fn pay(
        &mut self,
        model: &Model,
        by: Site,
        recall: Address,
        claimed: &Claimed,
    ) -> Result<u64, TestCaseError> {
        let units = claimed.units.first..claimed.units.first + claimed.units.quantity;
        let named = self.debts(model).filter(|(_, debt, funded)| {
            debt.evidence == claimed.evidence
                && debt.owner == by.gln.number()
                && (debt.recall, debt.tranche) == (recall, claimed.tranche)
                && funded.pays(model, by.gln)
        });
        let named: Vec<_> = named
            .map(|(loss, debt, funded)| (loss, debt.units, funded.unit_price))
            .collect();
        let mut price = 0;
        for unit in units {
            let debt = named.iter().find(|(_, units, _)| units.contains(&unit));
            let Some(&(loss, _, unit_price)) = debt else {
                return Err(TestCaseError::fail(format!(
                    "unit {unit} is paid for and not owed"
                )));
            };
            prop_assert!(
                self.paid.insert((loss, unit)),
                "unit {unit} is paid for twice"
            );
            price += unit_price;
        }
        Ok(price)
    }

    /// Something that a site is owed now, if anything is: units that were given up at once.
    pub fn owed(&self, model: &Model) -> Option<Owed> {
        let is_open =
            |debt: &Owed, funded: &Funded| funded.pays(model, Gln::from_account(debt.owner));
        let mut debts = self.debts(model);
        debts.find_map(|(loss, debt, funded)| {
            if !is_open(&debt, funded) {
                return None;
            }
            let is_unpaid = |unit: &u32| !self.paid.contains(&(loss, *unit));
            let first = debt.units.clone().find(is_unpaid)?;
            let end = (first..debt.units.end).find(|unit| !is_unpaid(unit));
            Some(Owed {
                units: first..end.unwrap_or(debt.units.end),
                ..debt
            })
        })
    }

    /// What somebody gave up that it got title to after a recall had named it, and so is not owed.
    pub fn taken_later(&self, model: &Model) -> Option<Owed> {
        let is_later = |loss: &Loss, named: &Named| named.from < loss.since;
        let mut given_up = self.given_up(model, is_later);
        given_up.next().map(|(_, given_up, _)| given_up)
    }

    /// Every loss for which a tranche stands, paid or not, with the number of the loss; whoever's firm the owner is
    /// of.
    fn debts<'a>(
        &'a self,
        model: &'a Model,
    ) -> impl Iterator<Item = (usize, Owed, &'a Funded)> + 'a {
        self.given_up(model, |loss, named| loss.since < named.from)
    }

    /// What was given up while a recall named it, covered by a tranche, of those losses that are meant.
    fn given_up<'a>(
        &'a self,
        model: &'a Model,
        is_meant: fn(&Loss, &Named) -> bool,
    ) -> impl Iterator<Item = (usize, Owed, &'a Funded)> + 'a {
        let losses = self.losses.iter().enumerate();
        let shown = losses.filter(|(_, loss)| {
            model.transfers.contains_key(&loss.evidence)
                || model.consignments.contains_key(&loss.evidence)
        });
        shown.flat_map(move |(number, loss)| {
            let named = self.named.iter().filter(move |named| {
                let is_of_lot = model.recalls.recalls[&named.recall].lot == loss.lot;
                is_of_lot && named.is_at(loss.at) && is_meant(loss, named)
            });
            named.flat_map(move |named| {
                let funded = self.tranches.iter().filter(move |funded| {
                    funded.recall == named.recall
                        && named.is_at(funded.at)
                        && !funded.is_withdrawn
                        && funded.manufacturer != loss.owner
                });
                funded.filter_map(move |funded| {
                    let units = common(&loss.units, &named.units)?;
                    let debt = Owed {
                        owner: loss.owner,
                        evidence: loss.evidence,
                        recall: named.recall,
                        scope: named.scope,
                        tranche: funded.number,
                        units: common(&units, &funded.units)?,
                    };
                    Some((number, debt, funded))
                })
            })
        })
    }

    /// Checks that the owners are those that were written down.
    pub fn check_titles(&self, model: &Model) -> Result<(), TestCaseError> {
        for consignment in model.consignments.values() {
            let units = range_of(consignment);
            for title in &self.titles[&consignment.lot] {
                let is_owner = title.owner == consignment.owner;
                prop_assert!(is_owner || common(&title.units, &units).is_none());
            }
        }
        Ok(())
    }
}

/// Cuts titles so that none is partly about these units.
fn cut(titles: &mut Vec<Title>, units: &Range<u32>) {
    for place in [units.start, units.end] {
        let is_cut = |title: &&mut Title| title.units.start < place && place < title.units.end;
        if let Some(title) = titles.iter_mut().find(is_cut) {
            let mut rest = title.clone();
            rest.units.start = place;
            title.units.end = place;
            titles.push(rest);
        }
    }
}

fn is_within(units: &Range<u32>, all: &Range<u32>) -> bool {
    all.start <= units.start && units.end <= all.end
}

/// The units that are in both ranges, if there are any.
fn common(one: &Range<u32>, other: &Range<u32>) -> Option<Range<u32>> {
    let both = one.start.max(other.start)..one.end.min(other.end);
    (!both.is_empty()).then_some(both)
}
