//! The rules of recalls: who may stop which units, who must answer what, and who is paid.

use std::{
    collections::{BTreeMap, BTreeSet},
    ops::Range,
};

use anchor_lang::Address;
use bytemuck::Zeroable;
use custody::{Change, ConsignmentStatus, TransferState};
use pedigree_domain::Roles;
use pedigree_interface::{
    Site,
    identifier::Gln,
    instruction::recall::{Count, Notice, RecallStrategy},
    units::UnitRange,
};
use program_tests::address;
use recall::{CheckLevel, Claims, Recall, RecallClass, RecallState, Response};

use crate::{
    recall_action::{RecallAction, RecallName},
    rules::{Model, need},
    unit_rules::PAGE,
};

/// Recalls that a lot can have.
const RECALLS: u8 = 8;

/// What the recall program's accounts, and the token accounts, must hold.
#[derive(Clone, Default)]
pub struct Recalls {
    pub recalls: BTreeMap<Address, Recall>,
    pub responses: BTreeMap<Address, Response>,
    /// The recall and the number of each page of claims.
    pub pages: BTreeMap<Address, (Address, u32)>,
    /// Units that a recall counts as returned or destroyed, and those that it paid for.
    pub shown: BTreeSet<(Address, u32)>,
    pub paid: BTreeSet<(Address, u32)>,
    /// The token that recalls pay in.
    pub mint: Address,
    /// What is in each token account.
    pub balances: BTreeMap<Address, u64>,
    /// The token account of each site.
    pub purses: BTreeMap<Gln, Address>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Fate {
    Returned,
    Destroyed,
}

impl Model {
    pub fn act_on_recall(&mut self, action: &RecallAction) -> Option<()> {
        match *action {
            RecallAction::Open {
                by,
                recall,
                ref terms,
                ref notice,
            } => {
                let manufacturer = self.lots.get(&recall.lot)?.manufacturer;
                need!(by.gln.number() == manufacturer || self.may_trade(by, Roles::REGULATOR));
                let lot = &self.lots[&recall.lot];
                need!(recall.number == lot.recalls && recall.number < RECALLS);
                let UnitRange { first, quantity } = terms.units;
                need!(quantity > 0 && terms.reason.is_known());
                let mut new = Recall {
                    lot: recall.lot,
                    gtin: lot.gtin,
                    manufacturer,
                    opened_by: by.gln.number(),
                    opened_at: self.now,
                    first,
                    quantity,
                    core_first: first,
                    core_quantity: quantity,
                    widest: quantity,
                    number: recall.number,
                    reason: terms.reason,
                    ..Recall::zeroed()
                };
                classify(&mut new, terms.strategy)?;
                publish(&mut new, notice)?;
                new.notify_by = self.now + time_to_notify(new.class);
                self.recalls.recalls.insert(recall.address(), new);
                self.mark(recall)
            }
            RecallAction::Expand {
                by,
                recall,
                units: UnitRange { first, quantity },
                ref notice,
            } => {
                let now = self.now;
                let may_oversee = self.may_trade(by, Roles::REGULATOR);
                let changed = self.running(recall)?;
                need!(by.gln.number() == changed.manufacturer || may_oversee);
                let (old, new) = (
                    range(changed.first, changed.quantity),
                    range(first, quantity),
                );
                need!(new.start <= old.start && old.end <= new.end);
                need!(quantity > changed.quantity);
                changed.first = first;
                changed.quantity = quantity;
                changed.widest = changed.widest.max(quantity);
                changed.expanded_at = now;
                changed.expansion_notify_by = now + time_to_notify(changed.class);
                changed.state = RecallState::Expanded;
                publish(changed, notice)?;
                self.mark(recall)
            }
            RecallAction::Narrow {
                by,
                recall,
                units: UnitRange { first, quantity },
                document_hash,
            } => {
                need!(self.may_trade(by, Roles::REGULATOR));
                let changed = self.recalls.recalls.get_mut(&recall.address())?;
                let (old, new) = (
                    range(changed.first, changed.quantity),
                    range(first, quantity),
                );
                need!(old.start <= new.start && new.end <= old.end);
                need!(quantity < changed.quantity);
                let core = range(changed.core_first, changed.core_quantity);
                let start = core.start.max(new.start);
                let end = core.end.min(new.end).max(start);
                changed.first = first;
                changed.quantity = quantity;
                changed.core_first = u32::try_from(start).ok()?;
                changed.core_quantity = u32::try_from(end - start).ok()?;
                changed.document_hash = document_hash;
                self.mark(recall)
            }
            RecallAction::Reclassify {
                by,
                recall,
                strategy,
                document_hash,
            } => {
                let now = self.now;
                let is_regulator = self.may_trade(by, Roles::REGULATOR);
                let changed = self.running(recall)?;
                need!(by.gln.number() == changed.manufacturer || is_regulator);
                let before = *changed;
                need!(strategy.class != RecallClass::Unclassified);
                classify(changed, strategy)?;
                // A recall that is not classified ranks as class I.
                let rank = |recall: &Recall| recall.class.code().max(1);
                let is_no_weaker = rank(changed) <= rank(&before)
                    && changed.depth.code() <= before.depth.code()
                    && changed.check_percent >= before.check_percent;
                need!(by.gln.number() != changed.manufacturer || is_no_weaker);
                let deadline = now + time_to_notify(changed.class);
                changed.notify_by = changed.notify_by.min(deadline);
                if changed.expanded_at != 0 {
                    changed.expansion_notify_by = changed.expansion_notify_by.min(deadline);
                }
                self.decide(recall, RecallState::Reclassified, document_hash)
            }
            RecallAction::Complete {
                by,
                recall,
                document_hash,
            } => {
                let changed = self.running(recall)?;
                need!([changed.opened_by, changed.manufacturer].contains(&by.gln.number()));
                need!(changed.state != RecallState::Completed);
                self.decide(recall, RecallState::Completed, document_hash)
            }
            RecallAction::Terminate {
                by,
                recall,
                document_hash,
            } => {
                need!(self.may_trade(by, Roles::REGULATOR));
                let now = self.now;
                self.running(recall)?.terminated_at = now;
                self.decide(recall, RecallState::Terminated, document_hash)
            }
            RecallAction::Respond {
                by,
                recall,
                ref count,
            } => self.respond(by, recall, count),
            RecallAction::Prove {
                by,
                recall,
                evidence,
                units,
            } => {
                let fate = self.fate(by, recall, evidence, units)?;
                let units = self.units(recall, units)?;
                need!(self.recalls.shown.is_disjoint(&units));
                self.show(by, recall, fate, units)
            }
            RecallAction::Claim {
                by,
                recall,
                evidence,
                units,
                receiver,
            } => self.claim(by, recall, evidence, units, receiver),
            RecallAction::Fund {
                by,
                recall,
                source,
                amount,
                unit_price,
            } => {
                let payer = self.payer;
                let mint = self.recalls.mint;
                let is_own = self.recalls.purses.get(&by.gln) == Some(&source);
                need!(is_own && amount <= *self.recalls.balances.get(&source)?);
                let changed = self.running(recall)?;
                need!(by.gln.number() == changed.manufacturer && amount > 0);
                need!(unit_price > 0 && unit_price >= changed.unit_price);
                changed.unit_price = unit_price;
                changed.funded += amount;
                changed.mint = mint;
                changed.vault = address::vault(&recall.address());
                changed.vault_payer = payer;
                let vault = changed.vault;
                self.recalls.balances.entry(vault).or_default();
                self.recalls.move_tokens(source, vault, amount)
            }
            RecallAction::Withdraw {
                by,
                recall,
                receiver,
            } => {
                let is_own = self.recalls.purses.get(&by.gln) == Some(&receiver);
                let vault = address::vault(&recall.address());
                let rest = *self.recalls.balances.get(&vault)?;
                let changed = self.recalls.recalls.get_mut(&recall.address())?;
                need!(by.gln.number() == changed.manufacturer && is_own);
                need!(changed.state == RecallState::Terminated);
                changed.withdrawn = rest;
                self.recalls.move_tokens(vault, receiver, rest)?;
                self.recalls.balances.remove(&vault);
                Some(())
            }
            RecallAction::CloseClaims { recall, page } => {
                let recall = recall.address();
                need!(self.recalls.recalls.get(&recall)?.state == RecallState::Terminated);
                let page = address::claims(&recall, page);
                self.recalls.pages.remove(&page).map(|_| ())
            }
        }
    }

    /// The recall, if it is not over.
    fn running(&mut self, recall: RecallName) -> Option<&mut Recall> {
        let recall = self.recalls.recalls.get_mut(&recall.address())?;
        need!(recall.state != RecallState::Terminated);
        Some(recall)
    }

    /// Notes how far a recall has come, and why.
    fn decide(
        &mut self,
        recall: RecallName,
        state: RecallState,
        document_hash: [u8; 32],
    ) -> Option<()> {
        let now = self.now;
        let recall = self.recalls.recalls.get_mut(&recall.address())?;
        recall.state = state;
        recall.changed_at = now;
        recall.document_hash = document_hash;
        Some(())
    }

    /// Has the lot say which units the recall stops now.
    fn mark(&mut self, name: RecallName) -> Option<()> {
        let now = self.now;
        let recall = self.recalls.recalls.get_mut(&name.address())?;
        recall.changed_at = now;
        let lot = self.lots.get_mut(&name.lot)?;
        need!(range(recall.first, recall.quantity).end <= u64::from(lot.quantity));
        let number = usize::from(name.number);
        lot.recall_changes += 1;
        lot.recalls = lot.recalls.max(name.number + 1);
        lot.recalled_first[number] = recall.first;
        lot.recalled_quantity[number] = recall.quantity;
        Some(())
    }

    fn respond(&mut self, by: Site, name: RecallName, count: &Count) -> Option<()> {
        let now = self.now;
        need!(self.licences[&by.gln].roles.intersects(Roles::CUSTODIANS));
        let widest = self.running(name)?.widest;
        let recall = name.address();
        let new = Response {
            recall,
            partner: by.partner,
            gln: by.gln.number(),
            answered_at: now,
            ..Response::zeroed()
        };
        let at = address::response(&recall, &by.partner);
        let answer = self.recalls.responses.entry(at).or_insert(new);
        let before = *answer;
        need!((before.counted_at..=now).contains(&count.counted_at));
        answer.held = count.held;
        answer.quarantined = count.quarantined;
        answer.dispensed = count.dispensed;
        answer.returned = count.returned;
        answer.destroyed = count.destroyed;
        answer.counted_at = count.counted_at;
        answer.updated_at = now;
        // What is gone stays gone, and nothing is lost from sight.
        need!(answer.returned >= before.returned.max(before.shown_returned));
        need!(answer.destroyed >= before.destroyed.max(before.shown_destroyed));
        need!(answer.dispensed >= before.dispensed);
        let all = answer.accounted();
        need!(all >= before.accounted());
        need!(all <= u64::from(widest) || all == before.accounted());
        self.add_up(recall)
    }

    /// What the evidence shows the site did with the units since they were recalled.
    fn fate(
        &mut self,
        by: Site,
        name: RecallName,
        evidence: Address,
        units: UnitRange,
    ) -> Option<Fate> {
        let recall = *self.running(name)?;
        let is_answered = self
            .recalls
            .responses
            .contains_key(&address::response(&name.address(), &by.partner));
        need!(is_answered);
        let named = range(units.first, units.quantity);
        let is_among = |first: u32, quantity: u32| {
            let all = range(first, quantity);
            all.start <= named.start && named.end <= all.end
        };
        need!(!named.is_empty() && is_among(recall.first, recall.quantity));
        need!(units.first / PAGE == u32::try_from(named.end - 1).ok()? / PAGE);
        if let Some(transfer) = self.transfers.get(&evidence) {
            need!(transfer.kind == Change::Return && transfer.state == TransferState::Accepted);
            need!((transfer.lot, transfer.from) == (recall.lot, by.gln.number()));
            need!(is_among(transfer.first_unit, transfer.quantity));
            let since = if is_among(recall.core_first, recall.core_quantity) {
                recall.opened_at
            } else {
                recall.expanded_at
            };
            need!(transfer.settled_at >= since);
            return Some(Fate::Returned);
        }
        let consignment = self.consignments.get(&evidence)?;
        need!(consignment.status == ConsignmentStatus::Destroyed);
        need!((consignment.lot, consignment.custodian) == (recall.lot, by.gln.number()));
        need!(is_among(consignment.first_unit, consignment.quantity));
        Some(Fate::Destroyed)
    }

    /// The units, on a page of the recall's claims that is there from now on.
    fn units(
        &mut self,
        name: RecallName,
        UnitRange { first, quantity }: UnitRange,
    ) -> Option<BTreeSet<(Address, u32)>> {
        let recall = name.address();
        let page = first / PAGE;
        let at = address::claims(&recall, page);
        self.recalls.pages.insert(at, (recall, page));
        let end = first.checked_add(quantity)?;
        Some((first..end).map(|unit| (recall, unit)).collect())
    }

    /// Counts those of the units that were not counted before.
    fn show(
        &mut self,
        by: Site,
        name: RecallName,
        fate: Fate,
        units: BTreeSet<(Address, u32)>,
    ) -> Option<()> {
        let new = u32::try_from(units.difference(&self.recalls.shown).count()).ok()?;
        self.recalls.shown.extend(units);
        let recall = name.address();
        let at = address::response(&recall, &by.partner);
        let answer = self.recalls.responses.get_mut(&at)?;
        let (shown, reported) = match fate {
            Fate::Returned => (&mut answer.shown_returned, &mut answer.returned),
            Fate::Destroyed => (&mut answer.shown_destroyed, &mut answer.destroyed),
        };
        *shown += new;
        // What the site did not know of it took from what it thought it had.
        while *reported < *shown {
            *reported += 1;
            if answer.quarantined > 0 {
                answer.quarantined -= 1;
            } else if answer.held > 0 {
                answer.held -= 1;
            }
        }
        self.add_up(recall)
    }

    fn claim(
        &mut self,
        by: Site,
        name: RecallName,
        evidence: Address,
        units: UnitRange,
        receiver: Address,
    ) -> Option<()> {
        let fate = self.fate(by, name, evidence, units)?;
        need!(self.recalls.purses.get(&by.gln) == Some(&receiver));
        let quantity = units.quantity;
        let units = self.units(name, units)?;
        need!(self.recalls.paid.is_disjoint(&units));
        self.recalls.paid.extend(&units);
        let recall = name.address();
        let at = address::response(&recall, &by.partner);
        let changed = self.running(name)?;
        need!(by.gln.number() != changed.manufacturer && changed.funded > 0);
        let due = changed.unit_price.checked_mul(u64::from(quantity))?;
        need!(changed.paid + due <= changed.funded);
        changed.paid += due;
        let vault = changed.vault;
        let answer = self.recalls.responses.get_mut(&at)?;
        answer.paid += quantity;
        answer.received += due;
        self.recalls.move_tokens(vault, receiver, due)?;
        self.show(by, name, fate, units)
    }

    /// A recall's totals are its sites' answers, added up.
    fn add_up(&mut self, recall: Address) -> Option<()> {
        let answers: Vec<&Response> = self
            .recalls
            .responses
            .values()
            .filter(|answer| answer.recall == recall)
            .collect();
        let sum = |count: fn(&Response) -> u32| -> u64 {
            answers.iter().map(|answer| u64::from(count(answer))).sum()
        };
        let total = self.recalls.recalls.get_mut(&recall)?;
        total.responses = u32::try_from(answers.len()).ok()?;
        total.held = sum(|answer| answer.held);
        total.quarantined = sum(|answer| answer.quarantined);
        total.dispensed = sum(|answer| answer.dispensed);
        total.returned = sum(|answer| answer.returned);
        total.destroyed = sum(|answer| answer.destroyed);
        total.shown_returned = u32::try_from(sum(|answer| answer.shown_returned)).ok()?;
        total.shown_destroyed = u32::try_from(sum(|answer| answer.shown_destroyed)).ok()?;
        total.paid_units = u32::try_from(sum(|answer| answer.paid)).ok()?;
        Some(())
    }

    /// The page of claims at this address, if there is one.
    pub fn claims(&self, at: Address) -> Option<Claims> {
        let &(recall, page) = self.recalls.pages.get(&at)?;
        let mut claims = Claims {
            recall,
            payer: self.payer,
            page,
            ..Claims::zeroed()
        };
        let of_page = (recall, page * PAGE)..(recall, (page + 1) * PAGE);
        for (bits, units) in [
            (&mut claims.shown, &self.recalls.shown),
            (&mut claims.paid, &self.recalls.paid),
        ] {
            for (_, unit) in units.range(of_page.clone()) {
                let place = unit % PAGE;
                bits[(place / 64) as usize] |= 1 << (place % 64);
            }
        }
        Some(claims)
    }

    /// Whether a recall stops one of these units.
    pub fn is_recalled(&self, lot: Address, units: &Range<u32>) -> bool {
        self.recalls.recalls.values().any(|recall| {
            let recalled = range(recall.first, recall.quantity);
            recall.lot == lot
                && recalled.start.max(units.start.into()) < recalled.end.min(units.end.into())
        })
    }
}

impl Recalls {
    fn move_tokens(&mut self, from: Address, to: Address, amount: u64) -> Option<()> {
        let source = self.balances.get_mut(&from)?;
        *source = source.checked_sub(amount)?;
        *self.balances.get_mut(&to)? += amount;
        Some(())
    }
}

fn range(first: u32, quantity: u32) -> Range<u64> {
    u64::from(first)..u64::from(first) + u64::from(quantity)
}

/// Writes the strategy into a recall, if its codes are valid.
fn classify(recall: &mut Recall, strategy: RecallStrategy) -> Option<()> {
    recall.class = strategy.class;
    recall.depth = strategy.depth;
    recall.check_level = strategy.check_level;
    recall.check_percent = match (strategy.check_level, strategy.check_percent) {
        (CheckLevel::A, 0) => 100,
        (CheckLevel::B, stated @ 11..=99) => stated,
        (CheckLevel::C, 0) => 10,
        (CheckLevel::D, 0) => 2,
        (CheckLevel::E, 0) => 0,
        _ => return None,
    };
    need!(recall.class.is_known() && recall.depth.is_known());
    Some(())
}

/// Writes the notice into a recall, if it is valid.
fn publish(recall: &mut Recall, notice: &Notice) -> Option<()> {
    let text = notice.address.split(|&byte| byte == 0).next()?;
    let padding = &notice.address[text.len()..];
    need!(!text.is_empty() && text.iter().all(|byte| (0x21..=0x7E).contains(byte)));
    need!(padding.iter().all(|&byte| byte == 0) && notice.hash != [0; 32]);
    recall.notice_hash = notice.hash;
    recall.notice_address = notice.address;
    Some(())
}

/// Seconds within which the sites concerned must be notified.
fn time_to_notify(class: RecallClass) -> i64 {
    match class {
        RecallClass::II => 2 * 86_400,
        RecallClass::III => 5 * 86_400,
        _ => 86_400,
    }
}
