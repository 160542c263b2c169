//! Steps with recalls: mostly with running ones, by sites that have a part in them, about units that the
//! ledger shows as returned or destroyed.

use std::ops::Range;

use anchor_lang::Address;
use custody::{Change, Consignment, ConsignmentStatus, TransferState};
use pedigree_interface::{
    Goods, Site,
    instruction::recall::{Count, Notice, RecallStrategy, RecallTerms},
    units::UnitRange,
};
use program_tests::{address, layout::padded, recalled::units};
use recall::{CheckLevel, Recall, RecallClass, RecallDepth, RecallReason, RecallState};

use crate::{
    Chain, Step,
    action::{Action, DOCUMENT},
    recall_action::{RecallAction, RecallName},
    rules::Model,
    unit_rules::{PAGE, range_of},
};

/// Units that a site may be paid for: where the ledger shows it, whose they are, and which they are.
struct Evidence {
    recall: RecallName,
    at: Address,
    site: u64,
    units: Range<u32>,
}

impl Chain<'_> {
    /// The action of a step with recalls, with its flaw among the arguments.
    pub fn on_recalls(&self, step: Step) -> Action {
        let recalls = &self.model.recalls.recalls;
        let is_over = |recall: &Recall| recall.state == RecallState::Terminated;
        // The last things are done when it is over, the others before.
        let is_last = matches!(step.what, 95..98);
        let mut among: Vec<&Recall> = recalls.values().collect();
        if among.iter().any(|recall| is_over(recall) == is_last) && !step.goods.is_multiple_of(8) {
            among.retain(|recall| is_over(recall) == is_last);
        }
        let chosen = among.get(usize::from(step.goods / 8) % among.len().max(1));
        let Some(&recall) = chosen.filter(|_| step.what != 78) else {
            return Action::Recall(self.open_recall(step));
        };
        let name = RecallName {
            lot: recall.lot,
            number: recall.number,
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
                units: self.grown(recall, step),
                notice: notice(step),
            },
            58 | 80 => RecallAction::Narrow {
                by: by(overseer),
                recall: name,
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
                recall: name,
                document_hash,
            },
            83..86 => self.respond(by(self.receiver(0, step.sites[0])), name, step),
            86..89 => self.fund(by(self.site_of(recall.manufacturer)), recall, name, step),
            89..95 => match self.evidence(step) {
                Some(evidence) => self.present(evidence, step),
                None => return self.destroy_recalled(recall, step),
            },
            95 => RecallAction::Withdraw {
                by: by(self.site_of(recall.manufacturer)),
                recall: name,
                receiver: self.purse(self.site_of(recall.manufacturer), step),
            },
            _ => self.close_claims(name, recall, step),
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
            recall: RecallName {
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

    fn respond(&self, by: Site, recall: RecallName, step: Step) -> RecallAction {
        let at = address::response(&recall.address(), &by.partner);
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

    fn fund(&self, by: Site, recall: &Recall, name: RecallName, step: Step) -> RecallAction {
        let price = recall.unit_price.max(1) + u64::from(step.amount % 2);
        RecallAction::Fund {
            by,
            recall: name,
            source: self.purse(self.site_of(recall.manufacturer), step),
            amount: match step.flaw {
                12 => 0,
                13 => u64::MAX,
                _ => step.units % 400,
            },
            unit_price: match step.flaw {
                14 => price.saturating_sub(2),
                15 => 0,
                _ => price,
            },
        }
    }

    /// Something that the ledger shows about recalled units, most often those of an open recall.
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
            .map(|(&at, of)| (at, of.lot, of.from, of.first_unit, of.quantity));
        let destroyed = consignments
            .iter()
            .filter(|(_, it)| it.status == ConsignmentStatus::Destroyed)
            .map(|(&at, of)| (at, of.lot, of.custodian, of.first_unit, of.quantity));
        let all: Vec<Evidence> = returns
            .chain(destroyed)
            .flat_map(|(at, lot, site, first, quantity)| {
                let of_lot = recalls.recalls.values();
                let of_lot = of_lot.filter(move |recall| {
                    recall.lot == lot && (recall.state != RecallState::Terminated || step.flaw == 9)
                });
                of_lot.map(move |recall| Evidence {
                    recall: RecallName {
                        lot,
                        number: recall.number,
                    },
                    at,
                    site,
                    units: first.max(recall.first)
                        ..(first + quantity).min(recall.first + recall.quantity),
                })
            })
            .filter(|evidence| !evidence.units.is_empty())
            .collect();
        let place = usize::from(step.goods) % all.len().max(1);
        all.into_iter().nth(place)
    }

    /// A site answers first, then is there something in the vault, then it shows units or claims the
    /// price of them: those that were not shown or paid yet, mostly.
    fn present(&self, evidence: Evidence, step: Step) -> RecallAction {
        let Evidence {
            recall,
            at,
            site,
            units: shown,
        } = evidence;
        let site = self.site_of(site);
        let by = self.signer(site, step);
        let recalls = &self.model.recalls;
        let response = address::response(&recall.address(), &site.partner);
        if !recalls.responses.contains_key(&response) && !step.amount.is_multiple_of(8) {
            return self.respond(by, recall, step);
        }
        let of = &recalls.recalls[&recall.address()];
        let is_claim = step.what < 93;
        if is_claim && of.funded == of.paid && !step.amount.is_multiple_of(4) {
            let maker = self.signer(self.site_of(of.manufacturer), step);
            return self.fund(maker, of, recall, step);
        }
        let settled = if is_claim {
            &recalls.paid
        } else {
            &recalls.shown
        };
        let open = shown
            .clone()
            .find(|&unit| !settled.contains(&(recall.address(), unit)))
            .filter(|_| !step.amount.is_multiple_of(5));
        let first = open.unwrap_or(shown.start);
        let left = shown.end - first;
        let page_left = PAGE - first % PAGE;
        let units = match step.flaw {
            12 => units(first, left + 1),
            13 => units(first, u32::MAX),
            14 => units(first, 0),
            15 => units(first.saturating_sub(1), 2),
            _ => units(first, (step.units as u32 % 60 + 1).min(left).min(page_left)),
        };
        if is_claim {
            RecallAction::Claim {
                by,
                recall,
                evidence: at,
                units,
                receiver: self.purse(site, step),
            }
        } else {
            RecallAction::Prove {
                by,
                recall,
                evidence: at,
                units,
            }
        }
    }

    /// A page of claims is closed, one of a recall that is over if there is one.
    fn close_claims(&self, name: RecallName, recall: &Recall, step: Step) -> RecallAction {
        let recalls = &self.model.recalls;
        let over = recalls.pages.values().find_map(|(at, page)| {
            let recall = &recalls.recalls[at];
            let (lot, number) = (recall.lot, recall.number);
            (recall.state == RecallState::Terminated).then_some((RecallName { lot, number }, *page))
        });
        let over = over.filter(|_| !step.goods.is_multiple_of(4));
        let (recall, page) = over.unwrap_or((name, recall.first / PAGE));
        RecallAction::CloseClaims { recall, page }
    }

    /// Who holds recalled goods has them destroyed.
    fn destroy_recalled(&self, recall: &Recall, step: Step) -> Action {
        let recalled = recall.first..recall.first + recall.quantity;
        let held: Vec<(Goods, Consignment)> = self
            .live_goods()
            .filter(|(_, it)| {
                let held = range_of(it);
                it.lot == recall.lot
                    && held.start < recalled.end
                    && recalled.start < held.end
                    && it.quantity < 2_000
            })
            .collect();
        let place = usize::from(step.goods) % held.len().max(1);
        let (goods, consignment) = held
            .get(place)
            .copied()
            .unwrap_or_else(|| self.goods(step.goods));
        Action::Destroy {
            by: self.site_of(consignment.custodian),
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
