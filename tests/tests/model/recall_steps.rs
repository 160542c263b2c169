//! Steps with recalls: mostly with running ones, by sites that have a part in them, about units that the
//! ledger shows as returned or destroyed.

use std::ops::Range;

use anchor_lang::Address;
use custody::{Change, Consignment, ConsignmentStatus, Transfer, TransferState};
use pedigree_interface::{
    Goods, Site,
    instruction::{
        custody::Holders,
        recall::{Claimed, Count, Funding, LotRecall, Notice, RecallStrategy, RecallTerms, Since},
    },
    units::UnitRange,
};
use program_tests::{address, layout::padded, recalled::units};
use recall::{CheckLevel, Recall, RecallClass, RecallDepth, RecallReason, RecallState, Tranche};

use crate::{
    Chain, FORGERY, Step,
    action::{Action, DOCUMENT},
    recall_action::RecallAction,
    rules::Model,
    unit_rules::{PAGE, range_of},
};

/// Units that left a site: where the ledger shows it, who sent or destroyed them, whose they were, and
/// which they are.
struct Evidence {
    recall: LotRecall,
    at: Address,
    site: u64,
    owner: u64,
    first: u32,
    units: Range<u32>,
}

impl Chain<'_> {
    /// The action of a step with recalls, with its flaw among the arguments.
    pub fn on_recalls(&self, step: Step) -> Action {
        let recalls = &self.model.recalls.recalls;
        let is_over = |recall: &Recall| recall.state == RecallState::Terminated;
        // The last things are done when it is over, the others before.
        let is_last = matches!(step.what, 95 | 100..103);
        let mut among: Vec<&Recall> = recalls.values().collect();
        if among.iter().any(|recall| is_over(recall) == is_last) && !step.goods.is_multiple_of(8) {
            among.retain(|recall| is_over(recall) == is_last);
        }
        let chosen = among.get(usize::from(step.goods / 8) % among.len().max(1));
        let Some(&recall) = chosen.filter(|_| step.what != 78) else {
            return Action::Recall(self.open_recall(step));
        };
        let name = LotRecall::from(recall);
        let at = name.address();
        let scopes = match step.flaw {
            8 => recall.scopes + 1,
            9 => recall.scopes - 1,
            _ => recall.scopes,
        };
        let by = |site: Site| self.signer(site, step);
        let world = &self.world;
        let overseer = if step.amount.is_multiple_of(3) {
            self.site_of(recall.manufacturer)
        } else {
            world.regulator
        };
        let document_hash = DOCUMENT;
        Action::Recall(match step.what {
            79 => RecallAction::Expand {
                by: by(overseer),
                recall: name,
                scopes,
                units: self.grown(recall, step),
                notice: notice(step),
            },
            58 | 80 => RecallAction::Narrow {
                by: by(overseer),
                recall: name,
                scopes,
                units: shrunk(recall, step),
                document_hash,
            },
            81 => RecallAction::Reclassify {
                by: by(overseer),
                recall: name,
                strategy: strategy(step),
                document_hash,
            },
            82 if step.amount.is_multiple_of(2) => RecallAction::Complete {
                by: by(self.site_of(recall.opened_by)),
                recall: name,
                document_hash,
            },
            82 => RecallAction::Terminate {
                by: by(overseer),
                recall: at,
                document_hash,
            },
            83..86 => self.respond(by(self.receiver(0, step.sites[0])), at, step),
            86..89 => self.fund(by(self.site_of(recall.manufacturer)), recall, name, step),
            103 => return self.bring_home(recall, step),
            89 | 92 if step.sites[0].is_multiple_of(2) => {
                return self.give_up_recalled(recall, step);
            }
            89..95 => match self.evidence(step) {
                Some(evidence) => self.present(evidence, step),
                None => return self.give_up_recalled(recall, step),
            },
            95 => {
                let funder = by(self.site_of(recall.manufacturer));
                RecallAction::Withdraw {
                    by: funder,
                    recall: at,
                    tranche: step.amount / 8 % recall.tranches.max(1),
                    receiver: self.purse(self.site_of(recall.manufacturer), step),
                }
            }
            100 if step.amount.is_multiple_of(2) => RecallAction::Reopen {
                by: by(overseer),
                recall: at,
                document_hash,
            },
            101 | 102 => return self.close_claims(step),
            _ => self.close_proofs(recall, step),
        })
    }

    /// Who signs, perhaps with another's key, or another altogether.
    fn signer(&self, site: Site, step: Step) -> Site {
        let other = self.site(step.sites[1]);
        match step.flaw {
            4 => Site {
                key: other.key,
                ..site
            },
            7 => other,
            _ => site,
        }
    }

    /// A site's token account, perhaps another's.
    fn purse(&self, site: Site, step: Step) -> Address {
        let site = if step.flaw == 6 {
            self.site(step.sites[1])
        } else {
            site
        };
        self.model.recalls.purses[&site.gln]
    }

    /// Units of a lot, a few mostly; those of which something is in trade before the others.
    fn open_recall(&self, step: Step) -> RecallAction {
        let (goods, consignment) = self.goods(step.goods);
        let lot = &self.model.lots[&goods.lot];
        let first = range_of(&consignment).start + step.amount % consignment.quantity;
        let left = lot.quantity - first;
        let quantity = match step.flaw {
            12 => left + 1,
            13 => u32::MAX,
            14 => 0,
            _ => (step.units as u32 % left.min(100)) + 1,
        };
        RecallAction::Open {
            by: self.signer(
                if step.amount.is_multiple_of(2) {
                    self.site_of(lot.manufacturer)
                } else {
                    self.world.regulator
                },
                step,
            ),
            recall: LotRecall {
                product: self.world.product,
                lot: goods.lot,
                number: match step.flaw {
                    0 => lot.recalls.wrapping_add(1),
                    1 => lot.recalls.wrapping_sub(1),
                    _ => lot.recalls,
                },
            },
            terms: RecallTerms {
                units: units(first, quantity),
                strategy: strategy(step),
                reason: RecallReason::from_code(step.sites[2] % 18),
            },
            notice: notice(step),
        }
    }

    /// More units than are recalled, or at times not all of them.
    fn grown(&self, recall: &Recall, step: Step) -> UnitRange {
        let end = recall.first + recall.quantity;
        let lot = &self.model.lots[&recall.lot];
        let first = recall.first - (step.amount / 3 % 50).min(recall.first);
        let more = (step.units as u32 % 50).min(lot.quantity - end);
        match step.flaw {
            12 => units(first, lot.quantity - first + 1),
            13 => units(first, u32::MAX),
            14 => units(first + 51, recall.quantity),
            _ => units(first, end + more - first),
        }
    }

    fn respond(&self, by: Site, recall: Address, step: Step) -> RecallAction {
        let at = address::response(&recall, &by.partner);
        let before = self.model.recalls.responses.get(&at);
        let before = before.copied().unwrap_or_else(bytemuck::Zeroable::zeroed);
        let more = |shift: u32, before: u32| match step.units >> shift & 7 {
            0 => before.saturating_sub(1),
            1 => before + (step.amount >> (shift % 8) & 15),
            _ => before,
        };
        RecallAction::Respond {
            by,
            recall,
            count: Count {
                held: more(0, before.held),
                quarantined: more(4, before.quarantined),
                dispensed: more(8, before.dispensed),
                returned: more(12, before.returned),
                destroyed: more(16, before.destroyed),
                counted_at: match step.flaw {
                    12 => self.model.now + 1,
                    13 => before.counted_at - 1,
                    _ => self.model.now,
                },
            },
        }
    }

    fn fund(&self, by: Site, recall: &Recall, name: LotRecall, step: Step) -> RecallAction {
        let first = recall.first + step.amount / 16 % recall.quantity.max(1);
        let left = recall.first + recall.quantity - first.min(recall.first + recall.quantity);
        let quantity = match step.flaw {
            12 => 0,
            13 => left + 1,
            _ => left.min(step.units as u32 % 100 + 1),
        };
        RecallAction::Fund {
            by,
            recall: name,
            manufacturer: match step.flaw {
                16 => self.site(step.sites[1]).gln,
                _ => recall.manufacturer(),
            },
            tranches: match step.flaw {
                17 => recall.tranches + 1,
                _ => recall.tranches,
            },
            source: self.purse(self.site_of(recall.manufacturer), step),
            funding: Funding {
                units: units(first, quantity),
                unit_price: match step.flaw {
                    14 => u64::MAX,
                    15 => 0,
                    _ => u64::from(step.amount % 7) + 1,
                },
            },
        }
    }

    /// Something that the ledger shows about units that are or were recalled, most often those of a
    /// running recall.
    fn evidence(&self, step: Step) -> Option<Evidence> {
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
        let all: Vec<Evidence> = returns
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
                    ranges.iter().map(move |scope| Evidence {
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

    /// A site answers first, then there is a tranche, then it proves units or claims their price: those that
    /// were not proven or paid yet, mostly.
    fn present(&self, evidence: Evidence, step: Step) -> RecallAction {
        let Evidence {
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
    fn close_claims(&self, step: Step) -> Action {
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
    fn close_proofs(&self, recall: &Recall, step: Step) -> RecallAction {
        let recalls = &self.model.recalls;
        let is_running = |recall: &Address| {
            let recall = &recalls.recalls[recall];
            recall.state != RecallState::Terminated
        };
        let running = recalls
            .proofs
            .values()
            .find(|page| is_running(&page.recall));
        if let Some(page) = running.filter(|_| step.goods.is_multiple_of(4)) {
            return RecallAction::Terminate {
                by: self.signer(self.world.regulator, step),
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

    /// Recalled goods that another owns than the manufacturer come to it without title, which then follows.
    fn bring_home(&self, recall: &Recall, step: Step) -> Action {
        let recalled = recall.first..recall.first + recall.quantity;
        let others: Vec<(Goods, Consignment)> = self
            .live_goods()
            .filter(|(_, it)| {
                let held = range_of(it);
                it.lot == recall.lot
                    && held.start < recalled.end
                    && recalled.start < held.end
                    && it.owner != recall.manufacturer
                    && it.status == ConsignmentStatus::Held
            })
            .collect();
        let is_there = |(_, it): &&(Goods, Consignment)| it.custodian == recall.manufacturer;
        if let Some(&there) = others.iter().find(is_there) {
            return self.return_title(recall, there, step);
        }
        let Some(&(goods, consignment)) = others.get(usize::from(step.goods) % others.len().max(1))
        else {
            return self.give_up_recalled(recall, step);
        };
        Action::Recover {
            regulator: self.world.regulator,
            from: consignment.custodian(),
            to: self.site_of(recall.manufacturer),
            goods,
            is_offered: false,
            document_hash: DOCUMENT,
        }
    }

    /// The owner of goods that the manufacturer has gives up its title to them.
    fn return_title(
        &self,
        recall: &Recall,
        (goods, consignment): (Goods, Consignment),
        step: Step,
    ) -> Action {
        Action::Recall(RecallAction::ReturnTitle {
            by: self.signer(self.site_of(consignment.owner), step),
            goods,
            with: Holders {
                custodian: consignment.custodian(),
                manufacturer: match step.flaw {
                    16 => self.site(step.sites[1]).gln,
                    _ => recall.manufacturer(),
                },
                product: self.world.product,
                is_offered: consignment.status == ConsignmentStatus::Offered && step.flaw != 18,
            },
            document_hash: DOCUMENT,
        })
    }

    /// Who holds recalled goods sends them back or has them destroyed, and who is offered them takes them.
    fn give_up_recalled(&self, recall: &Recall, step: Step) -> Action {
        let recalled = recall.first..recall.first + recall.quantity;
        let held: Vec<(Goods, Consignment)> = self
            .live_goods()
            .filter(|(_, it)| {
                let held = range_of(it);
                it.lot == recall.lot
                    && held.start < recalled.end
                    && recalled.start < held.end
                    && (it.owner != recall.manufacturer || step.amount.is_multiple_of(4))
            })
            .collect();
        let place = usize::from(step.goods) % held.len().max(1);
        let (goods, consignment) = held
            .get(place)
            .copied()
            .unwrap_or_else(|| self.goods(step.goods));
        let custodian = self.site_of(consignment.custodian);
        let offer = self.model.transfers.values().find(|transfer| {
            transfer.consignment == goods.consignment && transfer.state == TransferState::Offered
        });
        let is_with_maker = consignment.custodian == recall.manufacturer;
        if is_with_maker && consignment.owner != recall.manufacturer && step.amount % 8 < 5 {
            return self.return_title(recall, (goods, consignment), step);
        }
        if let Some(offer) = offer {
            return Action::Accept {
                to: self.site_of(offer.to),
                from: custodian,
                goods: goods.at(offer.sequence),
            };
        }
        if step.amount % 8 < 5 {
            return Action::Offer {
                from: custodian,
                to: self.site_of(recall.manufacturer),
                goods,
                kind: Change::Return.code(),
                statement: true,
                deadline: self.model.now + 86_400,
                document_hash: DOCUMENT,
                reverses: None,
            };
        }
        Action::Destroy {
            by: custodian,
            witness: self.world.regulator,
            goods,
            document_hash: DOCUMENT,
        }
    }
}

/// How few units are left of a recall, or at times as many as before.
fn shrunk(recall: &Recall, step: Step) -> UnitRange {
    let off = step.amount / 3 % (recall.quantity + 1);
    let left = recall.quantity - off;
    match (step.flaw, step.units % 4) {
        (12, _) => units(recall.first, recall.quantity),
        (13, _) => units(recall.first.saturating_sub(1), left),
        (14, _) => units(recall.first, u32::MAX),
        (_, 0) => units(recall.first, 0),
        (_, 1) => units(recall.first + off, left),
        _ => units(recall.first, left),
    }
}

fn strategy(step: Step) -> RecallStrategy {
    let check_level = step.sites[0] % 5;
    let is_unknown = |flaw: u8| u8::from(step.flaw == flaw) * 9;
    RecallStrategy {
        class: RecallClass::from_code(step.sites[1] % 4 + is_unknown(16)),
        depth: RecallDepth::from_code(step.sites[2] % 3 + is_unknown(17)),
        check_level: CheckLevel::from_code(check_level + is_unknown(18)),
        check_percent: match (check_level, step.flaw) {
            (1, 19) => 10,
            (1, _) => 11 + step.sites[2] % 89,
            (_, 19) => 1,
            _ => 0,
        },
    }
}

fn notice(step: Step) -> Notice {
    Notice {
        hash: if step.flaw == 20 { [0; 32] } else { DOCUMENT },
        address: padded(match step.flaw {
            21 => "",
            22 => "https://example.org/a notice",
            _ => "https://example.org/recalls/1",
        }),
    }
}
