//! Steps with goods and lots: mostly such as may succeed.

use anchor_lang::Address;
use custody::{Case, Change, Consignment, ConsignmentStatus, TransferState};
use pedigree_interface::{Goods, Site, instruction::custody::Witness};
use program_tests::address;

use crate::{
    Chain, Step,
    action::{Action, DOCUMENT},
    rules::TRADERS,
    unit_rules::range_of,
};

impl Chain<'_> {
    /// One of the sites that are admitted.
    pub fn site(&self, number: u8) -> Site {
        let partners = &self.model.register.partners;
        let is_admitted = |site: &&Site| partners.contains_key(&site.gln);
        let mut admitted = self.sites.iter().filter(is_admitted);
        let site = admitted.nth(usize::from(number) % partners.len());
        self.current(*site.expect("as many sites as are admitted"))
    }

    /// The site with the key that it has at this moment, if it is admitted.
    pub fn current(&self, site: Site) -> Site {
        let partner = self.model.register.partners.get(&site.gln);
        Site {
            key: partner.map_or(site.key, |partner| partner.authority),
            operator: None,
            ..site
        }
    }

    /// A site other than `from`, mostly, those that sell and those that dispense more often than the
    /// others.
    pub fn receiver(&self, from: u64, number: u8) -> Site {
        let site = match number / 64 {
            0 => self.current(self.world.pharmacy),
            1 => self.current(self.world.wholesaler),
            _ => self.site(number),
        };
        if site.gln.number() == from && !number.is_multiple_of(8) {
            return self.site(number ^ 1);
        }
        site
    }

    pub fn site_of(&self, gln: u64) -> Site {
        let mut sites = self.sites.iter();
        let site = sites.find(|site| site.gln.number() == gln);
        self.current(*site.expect("one of the sites"))
    }

    /// Every consignment.
    pub fn all_goods(&self) -> impl Iterator<Item = (Goods, Consignment)> {
        self.model
            .consignments
            .iter()
            .map(|(&at, &consignment)| (goods_of(at, &consignment), consignment))
    }

    /// The consignments that can still move.
    pub fn live_goods(&self) -> impl Iterator<Item = (Goods, Consignment)> {
        self.all_goods().filter(|(_, consignment)| {
            [ConsignmentStatus::Held, ConsignmentStatus::Offered].contains(&consignment.status)
        })
    }

    /// One of the consignments, mostly one that can still move, and those that may go on down the
    /// chain before the others.
    pub fn goods(&self, number: u16) -> (Goods, Consignment) {
        let may_go_on = |consignment: &Consignment| {
            let units = range_of(consignment);
            let is_recalled = self.model.is_recalled(consignment.lot, &units);
            consignment.restrictions == 0 && consignment.open_cases == 0 && !is_recalled
        };
        let mut among: Vec<_> = self.live_goods().collect();
        if among.is_empty() || number.is_multiple_of(16) {
            among = self.all_goods().collect();
        } else if !number.is_multiple_of(4)
            && among.iter().any(|(_, consignment)| may_go_on(consignment))
        {
            among.retain(|(_, consignment)| may_go_on(consignment));
        }
        among[usize::from(number / 16) % among.len()]
    }

    /// One of the consignments of which that is true, most often and if there are any.
    pub fn goods_that(
        &self,
        number: u16,
        is_meant: fn(&Consignment) -> bool,
    ) -> Option<(Goods, Consignment)> {
        let meant: Vec<_> = self
            .live_goods()
            .filter(|(_, consignment)| is_meant(consignment) && !number.is_multiple_of(4))
            .collect();
        let chosen = meant.get(usize::from(number / 16) % meant.len().max(1));
        chosen.copied()
    }

    /// The action of a step, with its flaw among the arguments.
    pub fn action(&self, step: Step) -> Action {
        let Step {
            mut what,
            goods,
            sites,
            amount,
            units: _,
            flaw,
        } = step;
        let wanted = match what {
            8..20 => {
                let is_offered =
                    |consignment: &Consignment| consignment.status == ConsignmentStatus::Offered;
                self.goods_that(goods, is_offered)
            }
            _ => None,
        };
        if wanted.is_none() && what < 16 {
            // Where nothing is offered, something is.
            what %= 8;
        }
        let (mut goods, consignment) = wanted.unwrap_or_else(|| self.goods(goods));
        let mut custodian = self.site_of(consignment.custodian);
        let mut to = self.receiver(consignment.custodian, sites[0]);
        let mut by = custodian;
        match flaw {
            0 => goods.sequence = goods.sequence.wrapping_add(1),
            1 => goods.sequence = goods.sequence.wrapping_sub(1),
            2 => goods.lot = self.lots[usize::from(sites[1]) % 2],
            3 => (custodian, by) = (self.site(sites[1]), self.site(sites[1])),
            4 => by.key = self.site(sites[1]).key,
            5 => custodian.key = self.site(sites[1]).key,
            6 => to.key = self.site(sites[1]).key,
            7 => by = self.site(sites[1]),
            _ => {}
        }
        let document_hash = if amount.is_multiple_of(2) {
            DOCUMENT
        } else {
            [sites[2]; 32]
        };
        let exception = (amount % 10) as u8;
        let lot = goods.lot;
        let at = goods.consignment;
        let transfer = self
            .model
            .transfers
            .values()
            .filter(|transfer| transfer.consignment == at)
            .max_by_key(|transfer| transfer.sequence)
            .filter(|_| flaw != 8);
        let (offer_from, offer_to, offered) = transfer.map_or((by, to, goods), |transfer| {
            let (mut from, mut to) = (self.site_of(transfer.from), self.site_of(transfer.to));
            match flaw {
                4 => from.key = self.site(sites[1]).key,
                6 => to.key = self.site(sites[1]).key,
                7 => (from, to) = (to, from),
                _ => {}
            }
            (from, to, goods.at(transfer.sequence))
        });
        let kind = [
            1, 1, 1, 1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3, 3, 4, 4, 0, 5, 17, 17,
        ][amount as usize % 22];
        // Who does not trade passes on what it has, for some reason or another.
        let trades = self
            .model
            .may_trade(self.site_of(consignment.custodian), TRADERS);
        let kind = if trades || sites[1].is_multiple_of(8) {
            kind
        } else {
            [2, 2, 4, 17][amount as usize / 22 % 4]
        };
        let to = self.taker(kind, &consignment, to, step);
        let witness = self.witness(step, goods, &consignment);
        if let Some(part) = self
            .spare(goods, &consignment, step)
            .filter(|_| matches!(what, 50 | 51))
        {
            return part;
        }
        if let Some(back) = self.put_back(step).filter(|_| matches!(what, 96 | 119)) {
            return back;
        }
        match what {
            0..8 => {
                let to_supplier = kind == Change::Return.code() && sites[2].is_multiple_of(3);
                let supplier = self
                    .sites
                    .iter()
                    .find(|s| s.gln.number() == consignment.supplier);
                let sale = self.model.transfers.iter().find(|(_, sale)| {
                    sale.kind == Change::Sale
                        && sale.state == TransferState::Accepted
                        && sale.to == by.gln.number()
                });
                let (to, reverses) = match (sale, supplier) {
                    (Some((at, sale)), _) if to_supplier && sites[2].is_multiple_of(2) => {
                        (self.site_of(sale.from), Some(*at))
                    }
                    (_, Some(&supplier)) if to_supplier => (supplier, None),
                    _ => (to, None),
                };
                Action::Offer {
                    from: custodian,
                    to,
                    goods,
                    kind,
                    statement: !amount.is_multiple_of(11),
                    deadline: self.model.now + i64::from(amount % 100) * 86_400,
                    document_hash,
                    reverses,
                }
            }
            8..16 => Action::Accept {
                to: offer_to,
                from: offer_from,
                goods: offered,
            },
            16 => Action::AcceptWithDiscrepancy {
                to: offer_to,
                from: offer_from,
                goods: offered,
                number: consignment.cases,
                exception,
            },
            17 => Action::Reject {
                to: offer_to,
                from: offer_from,
                goods: offered,
                exception,
            },
            18 => Action::Cancel {
                from: offer_from,
                goods: offered,
            },
            19 | 20 => {
                // The offer that ends first, or the transfer that was settled first.
                let transfers = self.model.transfers.values();
                let first = transfers
                    .filter(|transfer| (transfer.settled_at == 0) == (what == 19))
                    .min_by_key(|transfer| (transfer.settled_at, transfer.deadline))
                    .filter(|_| flaw != 8);
                let (from, goods) = first.map_or((offer_from, offered), |transfer| {
                    let goods = Goods {
                        consignment: transfer.consignment,
                        lot: transfer.lot,
                        sequence: transfer.sequence,
                    };
                    (self.site_of(transfer.from), goods)
                });
                match what {
                    19 => Action::Expire { from, goods },
                    _ => Action::Archive { goods },
                }
            }
            21..28 => Action::Handoff {
                from: custodian,
                to,
                kind,
                document_hash,
                goods,
            },
            28..32 => Action::HandoffBatch {
                from: custodian,
                to,
                kind,
                document_hash,
                goods: self.batch(custodian, amount, flaw),
            },
            32 | 119 if amount.is_multiple_of(3) || what == 32 => Action::TransferTitle {
                seller: self.site_of(consignment.owner),
                buyer: to,
                goods,
                document_hash,
            },
            33..39 => {
                let quantity = self.cut(&consignment, step);
                Action::Split {
                    by,
                    goods,
                    quantity,
                    sscc: [0, 106_141_412_345_678_908, 7][amount as usize % 3],
                    pages: self.pages(&consignment, quantity, flaw),
                }
            }
            39..43 => {
                let next = self.model.consignments.iter().find(|(_, next)| {
                    next.lot == lot
                        && next.first_unit == consignment.first_unit + consignment.quantity
                });
                let mut others = self.model.consignments.iter();
                let next = match flaw {
                    9 => others.find(|(_, it)| it.custodian == consignment.custodian),
                    _ => next,
                };
                let (neighbour, next) = next.unwrap_or((&at, &consignment));
                Action::Merge {
                    by,
                    goods,
                    neighbour: goods_of(*neighbour, next),
                }
            }
            43 => Action::Pack {
                by,
                consignment: at,
                sscc: [106_141_412_345_678_908, 0, 5][amount as usize % 3],
            },
            44 => Action::Unpack {
                by,
                consignment: at,
            },
            45 if amount.is_multiple_of(2) => Action::Quarantine {
                by,
                consignment: at,
                document_hash,
            },
            45 | 46 => self.release(step, document_hash),
            47 => self.verify_return(step),
            48 => Action::QuarantineLot { by: to, lot },
            49 => self.release_lot(lot, step),
            50 if amount.is_multiple_of(4) => Action::Destroy {
                by,
                witness: to,
                goods,
                document_hash,
            },
            50 | 119 => Action::Export {
                by,
                goods,
                document_hash,
            },
            51 if amount.is_multiple_of(2) => Action::Sample {
                by,
                goods,
                witness,
                document_hash,
            },
            51 => Action::ReportStolen {
                by,
                goods,
                witness,
                document_hash,
            },
            98 => self.bring(step, document_hash),
            99 => Action::AdoptLot {
                by: [
                    to,
                    self.current(self.world.manufacturer),
                    self.current(self.world.other_manufacturer),
                ][amount as usize % 3],
                lot,
            },
            52 => Action::OpenCase {
                by: if amount.is_multiple_of(2) { to } else { by },
                custodian,
                goods,
                number: consignment.cases,
                exception,
            },
            53 if !amount.is_multiple_of(3) => Action::OpenLotCase {
                by: to,
                lot,
                number: self.model.lots[&lot].cases,
                exception,
            },
            58 | 78..96 | 100..104 | 116 | 117 => self.on_recalls(step),
            57 | 104..116 | 118 => Action::Register(self.on_the_register(step)),
            60..76 | 96 | 97 => self.on_units(step),
            _ => self.on_a_case(step, document_hash),
        }
    }

    /// A split that spares most of the goods what is done to the rest, where that is much, so that there is trade
    /// until the end.
    pub fn spare(&self, goods: Goods, consignment: &Consignment, step: Step) -> Option<Action> {
        const MUCH: u32 = 300;
        let is_splittable = consignment.status == ConsignmentStatus::Held
            && consignment.open_cases == 0
            && consignment.quantity > MUCH;
        if !is_splittable || step.goods.is_multiple_of(8) {
            return None;
        }
        let quantity = step.amount % MUCH + 1;
        Some(Action::Split {
            by: self.site_of(consignment.custodian),
            goods,
            quantity,
            sscc: 0,
            pages: self.pages(consignment, quantity, 0),
        })
    }

    /// Who takes goods in a transfer of this kind: most often somebody who may.
    pub fn taker(&self, kind: u8, consignment: &Consignment, other: Site, step: Step) -> Site {
        if step.sites[1].is_multiple_of(4) || step.flaw == 6 {
            return other;
        }
        let maker = self.model.lots[&consignment.lot].manufacturer;
        let home = [consignment.owner, consignment.supplier, maker];
        let is_elsewhere = |gln: &u64| ![0, consignment.custodian].contains(gln);
        let mut home = home.into_iter().filter(is_elsewhere);
        let home = home.nth(usize::from(step.sites[1] / 4) % 2).or(home.next());
        match (kind, home) {
            (1 | 3, _) if !self.model.has_role(other, TRADERS) => {
                self.current(self.world.wholesaler)
            }
            (2, Some(home)) => self.site_of(home),
            (3, _) if step.sites[1].is_multiple_of(3) => self.current(self.world.logistics),
            (4, _) if step.sites[1].is_multiple_of(3) => {
                self.current(self.world.reverse_distributor)
            }
            (17, _) => self.current(self.world.laboratory),
            _ => other,
        }
    }

    /// Who watches, most often somebody who has to.
    pub fn witness(&self, step: Step, goods: Goods, consignment: &Consignment) -> Option<Witness> {
        let holds = |case: &&Case| {
            case.resolved_at == 0 && [goods.consignment, goods.lot].contains(&case.subject)
        };
        let case = self.model.cases.values().find(holds);
        match step.sites[2] % 8 {
            0 => Some(self.site(step.sites[1]).into()),
            1 | 2 => Some(self.current(self.world.regulator).into()),
            3..6 if case.is_some() => case.map(|case| Witness {
                site: self.site_of(case.opened_by),
                case: Some(address::case(&case.subject, case.number)),
            }),
            3..6 if consignment.owner != consignment.custodian => {
                Some(self.site_of(consignment.owner).into())
            }
            _ => None,
        }
    }

    /// Consignments of one custodian, a few at once.
    pub fn batch(&self, custodian: Site, amount: u32, flaw: u8) -> Vec<Goods> {
        let mut all: Vec<Goods> = self
            .all_goods()
            .filter(|(_, consignment)| consignment.custodian == custodian.gln.number())
            .map(|(goods, _)| goods)
            .collect();
        all.sort_by_key(|goods| goods.lot);
        let count = amount as usize % 6;
        let start = (amount as usize / 8) % all.len().max(1);
        let mut batch: Vec<_> = all.into_iter().skip(start).take(count).collect();
        match (flaw, batch.last().copied()) {
            (0, Some(_)) => batch.last_mut().unwrap().sequence += 1,
            (10, Some(last)) => batch.push(last),
            _ => {}
        }
        batch
    }
}

/// The consignment at `at`, as instructions name it now.
pub fn goods_of(at: Address, consignment: &Consignment) -> Goods {
    Goods {
        consignment: at,
        lot: consignment.lot,
        sequence: consignment.sequence,
    }
}
