//! Steps with recalls: mostly with running ones, by sites that have a part in them, about units that the
//! ledger shows as returned or destroyed.

use anchor_lang::Address;
use custody::{Change, Consignment, ConsignmentStatus, TransferState};
use pedigree_interface::{
    Goods, Site,
    instruction::{
        custody::Holders,
        recall::{Count, Funding, LotRecall, Notice, RecallStrategy, RecallTerms},
    },
    units::UnitRange,
};
use program_tests::{address, layout::padded, recalled::units};
use recall::{CheckLevel, Recall, RecallClass, RecallDepth, RecallReason, RecallState};

use crate::{
    Chain, Step,
    action::{Action, DOCUMENT},
    recall_action::RecallAction,
    unit_rules::range_of,
};

impl Chain<'_> {
    /// The action of a step with recalls, with its flaw among the arguments.
    pub fn on_recalls(&self, step: Step) -> Action {
        let recalls = &self.model.recalls.recalls;
        let is_over = |recall: &Recall| recall.state == RecallState::Terminated;
        // The last things are done when it is over, the others before.
        let is_last = matches!(step.what, 95 | 100..103 | 116 | 117);
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
            89..95 => match (self.claim_given_up(step), self.evidence(step)) {
                (Some(claim), _) if step.what < 93 && !step.sites[1].is_multiple_of(4) => claim,
                (_, Some(evidence)) => self.present(evidence, step),
                _ => return self.give_up_recalled(recall, step),
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
            101 | 102 | 117 => return self.close_claims(step),
            _ => self.close_proofs(recall, step),
        })
    }

    /// Who signs, perhaps with another's key, or another altogether.
    pub fn signer(&self, site: Site, step: Step) -> Site {
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

    /// The token account of the key that a site has, perhaps another's.
    pub fn purse(&self, site: Site, step: Step) -> Address {
        let site = if step.flaw == 6 {
            self.site(step.sites[1])
        } else {
            site
        };
        self.model.recalls.purses[&self.current(site).key]
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
                    self.current(self.world.regulator)
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

    pub fn respond(&self, by: Site, recall: Address, step: Step) -> RecallAction {
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

    pub fn fund(&self, by: Site, recall: &Recall, name: LotRecall, step: Step) -> RecallAction {
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

    /// Recalled goods that another owns than the manufacturer come to it without title, which then follows.
    fn bring_home(&self, recall: &Recall, step: Step) -> Action {
        let recalled = recall.first..recall.first + recall.quantity;
        let is_left = |it: &Consignment| {
            let left = [
                ConsignmentStatus::Held,
                ConsignmentStatus::Sampled,
                ConsignmentStatus::Stolen,
            ];
            left.contains(&it.status)
        };
        let others: Vec<(Goods, Consignment)> = self
            .all_goods()
            .filter(|(_, it)| {
                let held = range_of(it);
                it.lot == recall.lot
                    && held.start < recalled.end
                    && recalled.start < held.end
                    && it.owner != recall.manufacturer
                    && is_left(it)
            })
            .collect();
        let is_there = |(_, it): &&(Goods, Consignment)| it.custodian == recall.manufacturer;
        let is_held = |it: &Consignment| {
            it.custodian == recall.manufacturer && it.status == ConsignmentStatus::Held
        };
        // What was lost, before the rest.
        let mut there: Vec<_> = others.iter().filter(is_there).collect();
        there.sort_by_key(|(_, it)| is_held(it));
        if let Some(&&(goods, consignment)) = there.first() {
            return match is_held(&consignment) {
                true if step.amount.is_multiple_of(2) => self.harm_anothers(recall, goods, step),
                _ => self.return_title(recall, (goods, consignment), step),
            };
        }
        let held: Vec<_> = others
            .iter()
            .filter(|(_, it)| it.status == ConsignmentStatus::Held)
            .collect();
        let Some(&&(goods, consignment)) = held.get(usize::from(step.goods) % held.len().max(1))
        else {
            return self.give_up_recalled(recall, step);
        };
        let to = self.site_of(recall.manufacturer);
        if consignment.owner != consignment.custodian && step.amount.is_multiple_of(2) {
            return Action::Offer {
                from: self.site_of(consignment.custodian),
                to,
                goods,
                kind: Change::Return.code(),
                statement: true,
                deadline: self.model.now + 86_400,
                document_hash: DOCUMENT,
                reverses: None,
            };
        }
        Action::Recover {
            regulator: self.current(self.world.regulator),
            from: consignment.custodian(),
            to,
            goods,
            is_offered: false,
            document_hash: DOCUMENT,
        }
    }

    /// What the manufacturer does to goods of another that it has, by which their owner could be kept from giving
    /// title up.
    fn harm_anothers(&self, recall: &Recall, goods: Goods, step: Step) -> Action {
        let by = self.site_of(recall.manufacturer);
        match step.amount / 2 % 4 {
            0 => Action::Sample {
                by,
                goods,
                witness: Some(self.current(self.world.regulator).into()),
                document_hash: DOCUMENT,
            },
            1 => Action::ReportStolen {
                by,
                goods,
                witness: None,
                document_hash: DOCUMENT,
            },
            _ => Action::Handoff {
                from: by,
                to: self.current(self.world.reverse_distributor),
                kind: Change::Disposal.code(),
                document_hash: DOCUMENT,
                goods,
            },
        }
    }

    /// The owner of goods that the manufacturer has, or lost, gives up its title to them.
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
                receiver: consignment.custodian(),
                manufacturer: match step.flaw {
                    16 => self.site(step.sites[1]).gln,
                    _ if step.amount.is_multiple_of(3) => self.model.lots[&recall.lot].minted_by(),
                    _ => self.model.lots[&recall.lot].manufacturer(),
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
            // Some goods go back as they came, and their buyer's seller sends them on.
            let supplier = consignment.supplier().filter(|_| step.amount % 8 < 2);
            let home = supplier.unwrap_or(recall.manufacturer());
            return Action::Offer {
                from: custodian,
                to: self.site_of(home.number()),
                goods,
                kind: Change::Return.code(),
                statement: true,
                deadline: self.model.now + 86_400,
                document_hash: DOCUMENT,
                reverses: None,
            };
        }
        if let Some(part) = self.spare(goods, &consignment, step) {
            return part;
        }
        Action::Destroy {
            by: custodian,
            witness: self.current(self.world.regulator),
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
        hash: match step.flaw {
            20 => [0; 32],
            _ if step.amount.is_multiple_of(5) => [9; 32],
            _ => DOCUMENT,
        },
        address: padded(match step.flaw {
            21 => "",
            22 => "https://example.org/a notice",
            _ => "https://example.org/recalls/1",
        }),
    }
}
