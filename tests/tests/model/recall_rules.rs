//! The rules of recalls: who may stop which units, and who must answer what.

use std::ops::Range;

use anchor_lang::Address;
use bytemuck::Zeroable;
use pedigree_domain::Roles;
use pedigree_interface::{
    Site,
    instruction::recall::{LotRecall, Notice, RecallStrategy, RecallTerms},
    units::UnitRange,
};
use program_tests::address;
use recall::{CheckLevel, Recall, RecallClass, RecallState, Scope};

use crate::{
    recall_action::RecallAction,
    rules::{Model, need},
    state::Recalls,
};

/// Recalls that a lot can have, and how many of them if no regulator opens some.
pub const RECALLS: u8 = 8;
const OTHERS_RECALLS: u8 = 6;

/// Units of a page of claims.
pub const CLAIMS_PAGE: u32 = 1_024;

/// How long claims can be made after a recall's end, in seconds.
pub const TIME_TO_CLAIM: i64 = 180 * 86_400;

impl Model {
    pub fn act_on_recall(&mut self, action: &RecallAction) -> Option<()> {
        match *action {
            RecallAction::Open {
                by,
                recall,
                terms,
                ref notice,
            } => self.open_recall(by, recall, terms, notice),
            RecallAction::Expand {
                by,
                recall,
                scopes,
                units: UnitRange { first, quantity },
                ref notice,
            } => {
                let now = self.now;
                let changed = *self.running(recall.address())?;
                let lot = *self.lots.get(&changed.lot)?;
                let is_regulator = self.may_decide(by, lot.manufacturer)?;
                need!(scopes == changed.scopes);
                let (old, new) = (
                    range(changed.first, changed.quantity),
                    range(first, quantity),
                );
                need!(old.is_empty() || new.start <= old.start && old.end <= new.end);
                need!(quantity > changed.quantity);
                self.set_range(recall, first, quantity)?;
                let changed = self.running(recall.address())?;
                changed.expanded_at = now;
                changed.state = RecallState::Expanded;
                changed.changed_at = now;
                publish(changed, notice, is_regulator)
            }
            RecallAction::Narrow {
                by,
                recall,
                scopes,
                units: UnitRange { first, quantity },
                document_hash,
            } => {
                let now = self.now;
                need!(self.may_trade(by, Roles::REGULATOR));
                let changed = *self.recalls.recalls.get(&recall.address())?;
                need!(scopes == changed.scopes);
                let (old, new) = (
                    range(changed.first, changed.quantity),
                    range(first, quantity),
                );
                need!(old.start <= new.start && new.end <= old.end);
                need!(quantity < changed.quantity);
                self.set_range(recall, first, quantity)?;
                let changed = self.recalls.recalls.get_mut(&recall.address())?;
                changed.changed_at = now;
                changed.document_hash = document_hash;
                count_anew(changed);
                Some(())
            }
            RecallAction::Reclassify {
                by,
                recall,
                strategy,
                document_hash,
            } => {
                let now = self.now;
                let before = *self.running(recall.address())?;
                let maker = self.lots.get(&before.lot)?.manufacturer;
                let is_regulator = self.may_decide(by, maker)?;
                need!(strategy.class != RecallClass::Unclassified);
                let changed = self.running(recall.address())?;
                classify(changed, strategy)?;
                // A recall that is not classified ranks as class I.
                let rank = |recall: &Recall| recall.class.code().max(1);
                let is_no_weaker = rank(changed) <= rank(&before)
                    && changed.depth.code() <= before.depth.code()
                    && changed.check_percent >= before.check_percent;
                if is_regulator {
                    changed.classified_by = by.gln.number();
                } else {
                    need!(is_no_weaker);
                    need!(before.classified_by == 0 || changed.class == before.class);
                }
                let deadline = now + time_to_notify(changed.class);
                changed.notify_by = changed.notify_by.min(deadline);
                let by = &mut changed.reclassified_notify_by;
                *by = if *by == 0 {
                    deadline
                } else {
                    deadline.min(*by)
                };
                self.decide(recall.address(), RecallState::Reclassified, document_hash)
            }
            RecallAction::Complete {
                by,
                recall,
                document_hash,
            } => {
                let is_holder = self.is_holder(by);
                let lot = self.running(recall.address())?.lot;
                let is_its = self.lots.get(&lot)?.manufacturer == by.gln.number();
                need!((is_holder || is_its) && self.is_confirmed(by));
                let changed = self.running(recall.address())?;
                need!(changed.state != RecallState::Completed);
                self.decide(recall.address(), RecallState::Completed, document_hash)
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
            RecallAction::Reopen {
                by,
                recall,
                document_hash,
            } => {
                need!(self.may_trade(by, Roles::REGULATOR));
                let changed = self.recalls.recalls.get_mut(&recall)?;
                need!(changed.state == RecallState::Terminated);
                changed.terminated_at = 0;
                count_anew(changed);
                self.decide(recall, RecallState::Reopened, document_hash)
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
                ref since,
            } => self.prove(by, recall, evidence, units, since),
            RecallAction::Claim {
                by,
                recall,
                ref claimed,
                receiver,
            } => self.claim(by, recall, claimed, receiver),
            RecallAction::Fund {
                by,
                recall,
                manufacturer,
                tranches,
                source,
                funding,
            } => {
                let of = *self.running(recall.address())?;
                need!(manufacturer == of.manufacturer() && tranches == of.tranches);
                self.fund(by, recall.address(), source, funding)
            }
            RecallAction::Withdraw {
                by,
                recall,
                tranche,
                receiver,
            } => {
                let now = self.now;
                need!(
                    !self.is_suspended(by)
                        && self.is_confirmed(by)
                        && self.purse_of(by) == Some(receiver)
                );
                let of = *self.recalls.recalls.get(&recall)?;
                need!(of.state == RecallState::Terminated);
                need!(now >= of.terminated_at + TIME_TO_CLAIM);
                let tranche = address::tranche(&recall, tranche);
                let vault = address::vault(&tranche);
                let rest = *self.recalls.balances.get(&vault)?;
                let tranche = self.recalls.tranches.get_mut(&tranche)?;
                need!(by.gln.number() == tranche.funder);
                tranche.withdrawn = rest;
                tranche.withdrawn_at = now;
                self.recalls.move_tokens(vault, receiver, rest)?;
                self.recalls.balances.remove(&vault).map(|_| ())
            }
            RecallAction::ReturnTitle {
                by,
                goods,
                with,
                document_hash,
            } => self.return_title(by, goods, with, document_hash),
            RecallAction::CloseClaims { evidence, page } => {
                need!(!self.transfers.contains_key(&evidence));
                need!(!self.consignments.contains_key(&evidence));
                let page = address::claims(&evidence, page);
                self.recalls.claims.remove(&page).map(|_| ())
            }
            RecallAction::CloseProofs { recall, page } => {
                need!(self.recalls.recalls.get(&recall)?.state == RecallState::Terminated);
                let page = address::proofs(&recall, page);
                self.recalls.shown.retain(|(at, _)| *at != page);
                self.recalls.proofs.remove(&page).map(|_| ())
            }
        }
    }

    fn open_recall(
        &mut self,
        by: Site,
        recall: LotRecall,
        terms: RecallTerms,
        notice: &Notice,
    ) -> Option<()> {
        let lot = *self.lots.get(&recall.lot)?;
        let is_regulator = self.may_decide(by, lot.manufacturer)?;
        let places = if is_regulator {
            RECALLS
        } else {
            OTHERS_RECALLS
        };
        need!(recall.number == lot.recalls && recall.number < places);
        need!(terms.units.quantity > 0 && terms.reason.is_known());
        let mut new = Recall {
            lot: recall.lot,
            gtin: lot.gtin,
            manufacturer: lot.manufacturer,
            opened_by: by.gln.number(),
            opened_at: self.now,
            changed_at: self.now,
            number: recall.number,
            reason: terms.reason,
            ..Recall::zeroed()
        };
        classify(&mut new, terms.strategy)?;
        if is_regulator && new.class != RecallClass::Unclassified {
            new.classified_by = by.gln.number();
        }
        publish(&mut new, notice, is_regulator)?;
        new.notify_by = self.now + time_to_notify(new.class);
        self.recalls.recalls.insert(recall.address(), new);
        self.set_range(recall, terms.units.first, terms.units.quantity)
    }

    /// Whether the site decides about a recall as a regulator; `None` unless it does, or is the lot's
    /// manufacturer or holds its product, and is still a manufacturer.
    fn may_decide(&self, site: Site, manufacturer: u64) -> Option<bool> {
        if site.gln.number() == manufacturer || self.is_holder(site) {
            need!(self.may_trade(site, Roles::MANUFACTURER | Roles::REPACKAGER));
            return Some(false);
        }
        need!(self.may_trade(site, Roles::REGULATOR));
        Some(true)
    }

    /// The token account of the key that signs for the site.
    pub fn purse_of(&self, site: Site) -> Option<Address> {
        let partner = self.register.partners.get(&site.gln)?;
        self.recalls.purses.get(&partner.authority).copied()
    }

    /// The recall, if it is not over.
    pub fn running(&mut self, recall: Address) -> Option<&mut Recall> {
        let recall = self.recalls.recalls.get_mut(&recall)?;
        need!(recall.state != RecallState::Terminated);
        Some(recall)
    }

    /// Notes how far a recall has come, and why.
    fn decide(
        &mut self,
        recall: Address,
        state: RecallState,
        document_hash: [u8; 32],
    ) -> Option<()> {
        let now = self.now;
        let recall = self.recalls.recalls.get_mut(&recall)?;
        recall.state = state;
        recall.changed_at = now;
        recall.document_hash = document_hash;
        Some(())
    }

    /// Changes which units a recall stops, and has the lot say so.
    fn set_range(&mut self, name: LotRecall, first: u32, quantity: u32) -> Option<()> {
        let now = self.now;
        let at = name.address();
        let recall = self.recalls.recalls.get_mut(&at)?;
        let lot = self.lots.get_mut(&name.lot)?;
        need!(range(first, quantity).end <= u64::from(lot.quantity));
        lot.recall_changes += 1;
        recall.narrowings += u32::from(quantity < recall.quantity);
        let scope = Scope {
            recall: at,
            since: now,
            change: lot.recall_changes,
            number: recall.scopes,
            first,
            quantity,
            first_before: recall.first,
            quantity_before: recall.quantity,
            narrowings: recall.narrowings,
            notify_by: if quantity < recall.quantity {
                0
            } else {
                now + time_to_notify(recall.class)
            },
            reclassified_notify_by: recall.reclassified_notify_by,
            ..Scope::zeroed()
        };
        recall.reclassified_notify_by = 0;
        recall.scopes += 1;
        recall.first = first;
        recall.quantity = quantity;
        let scopes = self.recalls.scopes.entry(at).or_default();
        let scope_at = address::scope(&at, scope.number);
        self.recalls.places.insert(scope_at, (at, scopes.len()));
        scopes.push(scope);
        let number = usize::from(name.number);
        lot.recalls = lot.recalls.max(name.number + 1);
        lot.recalled_first[number] = first;
        lot.recalled_quantity[number] = quantity;
        Some(())
    }

    /// The scope at this address.
    pub fn scope(&self, at: Address) -> Option<Scope> {
        let (recall, place) = self.recalls.places.get(&at)?;
        self.recalls.scopes[recall].get(*place).copied()
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
    pub fn move_tokens(&mut self, from: Address, to: Address, amount: u64) -> Option<()> {
        let source = self.balances.get_mut(&from)?;
        *source = source.checked_sub(amount)?;
        *self.balances.get_mut(&to)? += amount;
        Some(())
    }
}

/// What the ledger showed no longer counts.
fn count_anew(recall: &mut Recall) {
    recall.recounts += 1;
    (recall.shown_returned, recall.shown_destroyed) = (0, 0);
}

pub fn is_within(units: &Range<u64>, all: &Range<u64>) -> bool {
    all.start <= units.start && units.end <= all.end
}

pub fn range(first: u32, quantity: u32) -> Range<u64> {
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
fn publish(recall: &mut Recall, notice: &Notice, by_regulator: bool) -> Option<()> {
    let text = notice.address.split(|&byte| byte == 0).next()?;
    let padding = &notice.address[text.len()..];
    need!(!text.is_empty() && text.iter().all(|byte| (0x21..=0x7E).contains(byte)));
    need!(padding.iter().all(|&byte| byte == 0) && notice.hash != [0; 32]);
    let same = (recall.notice_hash, recall.notice_address) == (notice.hash, notice.address);
    need!(by_regulator || recall.regulators_notice == 0 || same);
    if by_regulator {
        recall.regulators_notice = 1;
    }
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
