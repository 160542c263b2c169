//! Steps with what the ledger shows of recalled units: sites prove that they are back, and owners claim.

use std::ops::Range;

use anchor_lang::Address;
use custody::{Change, ConsignmentStatus, Transfer, TransferState};
use pedigree_interface::{
    Goods,
    instruction::recall::{Claimed, LotRecall, Since},
};
use program_tests::{address, recalled::units};
use recall::{Recall, RecallState, Tranche};

use crate::{
    Chain, FORGERY, Step,
    action::{Action, DOCUMENT},
    recall_action::RecallAction,
    rules::Model,
    unit_rules::{PAGE, range_of},
};

/// Units that left a site: where the ledger shows it, who sent or destroyed them, whose they were, and
/// which they are.
pub struct Departed {
    recall: LotRecall,
    at: Address,
    site: u64,
    owner: u64,
    first: u32,
    units: Range<u32>,
}

impl Chain<'_> {
    /// Something that the ledger shows about units that are or were recalled, most often those of a
    /// running recall.
    pub fn evidence(&self, step: Step) -> Option<Departed> {
        let Model {
            recalls,
            transfers,
            consignments,
            ..
        } = &self.model;
        let returns = transfers
            .iter()
            .filter(|(_, transfer)| {
                transfer.kind == Change::Return && transfer.state == TransferState::Accepted
            })
            .map(|(&at, of)| {
                let units = of.first_unit..of.first_unit + of.quantity;
                (at, of.lot, of.from, of.owner, units)
            });
        let destroyed = consignments
            .iter()
            .filter(|(_, it)| it.status == ConsignmentStatus::Destroyed)
            .map(|(&at, of)| (at, of.lot, of.custodian, of.owner, range_of(of)));
        let all: Vec<Departed> = returns
            .chain(destroyed)
            .flat_map(|(at, lot, site, owner, shown)| {
                let of_lot = recalls.recalls.values();
                let of_lot = of_lot.filter(move |recall| {
                    recall.lot == lot && (recall.state != RecallState::Terminated || step.flaw > 8)
                });
                of_lot.flat_map(move |recall| {
                    let name = LotRecall::from(recall);
                    let ranges = &recalls.scopes[&name.address()];
                    let shown = shown.clone();
                    ranges.iter().map(move |scope| Departed {
                        recall: name,
                        at,
                        site,
                        owner,
                        first: shown.start,
                        units: shown.start.max(scope.first)
                            ..shown.end.min(scope.first + scope.quantity),
                    })
                })
            })
            .filter(|evidence| {
                let manufacturer = self.model.lots[&evidence.recall.lot].manufacturer;
                let may_be_paid = step.what >= 93
                    || evidence.owner != manufacturer
                    || step.goods.is_multiple_of(16);
                !evidence.units.is_empty() && may_be_paid
            })
            .collect();
        let place = usize::from(step.goods) % all.len().max(1);
        all.into_iter().nth(place)
    }

    /// A site claims some of what it is owed, or what it took title to too late, if there is something.
    pub fn claim_given_up(&self, step: Step) -> Option<RecallAction> {
        let given_up = if step.goods.is_multiple_of(16) {
            self.ghost.taken_later(&self.model)
        } else {
            self.ghost.owed(&self.model)
        };
        let action = self.claim_of(&given_up?);
        let RecallAction::Claim {
            by,
            recall,
            mut claimed,
            receiver: _,
        } = action
        else {
            return Some(action);
        };
        let quantity = step.units as u32 % 60 + 1;
        claimed.units.quantity = claimed.units.quantity.min(quantity);
        Some(RecallAction::Claim {
            by: self.signer(by, step),
            recall,
            claimed,
            receiver: self.purse(by, step),
        })
    }

    /// A site answers first, then there is a tranche, then it proves units or claims their price: those that
    /// were not proven or paid yet, mostly.
    pub fn present(&self, evidence: Departed, step: Step) -> RecallAction {
        let Departed {
            recall,
            at,
            site,
            owner,
            first: evidence_first,
            units: shown,
        } = evidence;
        let is_claim = step.what < 93;
        let is_of_owner = is_claim && !step.sites[2].is_multiple_of(8);
        let site = self.site_of(if is_of_owner { owner } else { site });
        let by = self.signer(site, step);
        let recalls = &self.model.recalls;
        let address = recall.address();
        let of = &recalls.recalls[&address];
        let response = address::response(&address, &site.partner);
        if !is_claim && !recalls.responses.contains_key(&response) && !step.amount.is_multiple_of(8)
        {
            return self.respond(by, address, step);
        }
        let tranches: Vec<&Tranche> = recalls
            .tranches
            .values()
            .filter(|tranche| tranche.recall == address)
            .filter(|tranche| {
                tranche.first < shown.end && shown.start < tranche.first + tranche.quantity
            })
            .collect();
        if is_claim && tranches.is_empty() && !step.amount.is_multiple_of(4) {
            let maker = self.signer(self.site_of(of.manufacturer), step);
            return self.fund(maker, of, recall, step);
        }
        let tranche = tranches.get(step.amount as usize / 32 % tranches.len().max(1));
        let shown = match tranche.filter(|_| is_claim && step.flaw != 10) {
            Some(tranche) => {
                shown.start.max(tranche.first)..shown.end.min(tranche.first + tranche.quantity)
            }
            None => shown,
        };
        let is_settled = |unit: u32| {
            if is_claim {
                recalls.paid.contains(&(at, unit))
            } else {
                let page = address::proofs(&address, unit / PAGE);
                recalls.shown.contains(&(page, unit))
            }
        };
        let open = shown
            .clone()
            .find(|&unit| !is_settled(unit))
            .filter(|_| !step.amount.is_multiple_of(5));
        let first = open.unwrap_or(shown.start);
        let left = shown.end - first;
        let page_left = match is_claim {
            true => 1_024 - (first - evidence_first) % 1_024,
            false => PAGE - first % PAGE,
        };
        let range = match step.flaw {
            12 => units(first, left + 1),
            13 => units(first, u32::MAX),
            14 => units(first, 0),
            15 => units(first.saturating_sub(1), 2),
            20 => units(first, left),
            _ => units(first, (step.units as u32 % 60 + 1).min(left).min(page_left)),
        };
        let until = tranche
            .filter(|_| is_claim)
            .zip(self.model.departure(at))
            .map(|(tranche, departure)| (departure.change, tranche.scope));
        let since = self.since(address, first, until, step);
        if is_claim {
            RecallAction::Claim {
                by,
                recall: address,
                claimed: Claimed {
                    evidence: at,
                    evidence_first,
                    units: range,
                    since,
                    tranche: tranche.map_or(0, |tranche| tranche.number),
                },
                receiver: self.purse(site, step),
            }
        } else {
            RecallAction::Prove {
                by,
                recall: address,
                evidence: at,
                units: range,
                since,
            }
        }
    }

    /// A scope that added a unit, mostly the last, and those after it that released others, up to one that
    /// came after both a change of the lot's recalls and a scope.
    fn since(&self, recall: Address, unit: u32, until: Option<(u32, u32)>, step: Step) -> Since {
        let scopes = &self.model.recalls.scopes[&recall];
        let holds = |first: u32, quantity: u32| (first..first + quantity).contains(&unit);
        let mut adding: Vec<u32> = scopes
            .iter()
            .filter(|scope| {
                holds(scope.first, scope.quantity)
                    && !holds(scope.first_before, scope.quantity_before)
            })
            .map(|scope| scope.number)
            .collect();
        adding.reverse();
        let place = step.sites[0] as usize / 64 % adding.len().max(1);
        let scope = match step.flaw {
            16 => step.amount % scopes.len() as u32,
            _ => adding.get(place).copied().unwrap_or_default(),
        };
        let mut narrowings = self.model.narrowings(recall, scope, until);
        match step.flaw {
            17 => drop(narrowings.pop()),
            18 => narrowings.reverse(),
            19 => narrowings.push(scope),
            _ => {}
        }
        Since { scope, narrowings }
    }

    /// A page of claims is closed, one whose evidence is gone if there is one; the evidence is archived
    /// before, if it may be.
    pub fn close_claims(&self, step: Step) -> Action {
        let Model {
            recalls,
            transfers,
            consignments,
            ..
        } = &self.model;
        let is_gone = |at: &Address| !transfers.contains_key(at) && !consignments.contains_key(at);
        let mut pages = recalls.claims.values();
        let any = pages.clone().next();
        let gone = pages.clone().find(|page| is_gone(&page.evidence));
        let old = pages.find_map(|page| {
            let transfer = transfers.get(&page.evidence)?;
            (transfer.settled_at + Transfer::RETENTION <= self.model.now).then_some(transfer)
        });
        if let Some(old) = old.filter(|_| gone.is_none()) {
            let goods = Goods {
                consignment: old.consignment,
                lot: old.lot,
                sequence: old.sequence,
            };
            return Action::Archive { goods };
        }
        let page = gone.filter(|_| !step.goods.is_multiple_of(4)).or(any);
        let (evidence, page) = page.map_or((FORGERY, 0), |page| (page.evidence, page.page));
        Action::Recall(RecallAction::CloseClaims { evidence, page })
    }

    /// A page of proofs is closed, one of a recall that is over if there is one; a recall with a page is
    /// ended before.
    pub fn close_proofs(&self, recall: &Recall, step: Step) -> RecallAction {
        let recalls = &self.model.recalls;
        let is_running = |recall: &Address| {
            let recall = &recalls.recalls[recall];
            recall.state != RecallState::Terminated
        };
        let running = recalls
            .proofs
            .values()
            .find(|page| is_running(&page.recall));
        if let Some(page) = running.filter(|_| !step.goods.is_multiple_of(4)) {
            return RecallAction::Terminate {
                by: self.signer(self.current(self.world.regulator), step),
                recall: page.recall,
                document_hash: DOCUMENT,
            };
        }
        let over = recalls.proofs.values().find(|page| {
            recalls.recalls[&page.recall].state == RecallState::Terminated
                && !step.goods.is_multiple_of(4)
        });
        let (recall, page) = over.map_or_else(
            || (LotRecall::from(recall).address(), recall.first / PAGE),
            |page| (page.recall, page.page),
        );
        RecallAction::CloseProofs { recall, page }
    }
}
