//! What honest sites can do in the end, whatever the others did: bring every unit home, or to destruction, and be
//! paid what they are owed.

use std::ops::Range;

use anchor_lang::Address;
use custody::{Case, Change, Consignment, ConsignmentStatus, Disposition, LotStatus, UnitBlock};
use pedigree_domain::Roles;
use pedigree_interface::{Goods, Site, instruction::custody::Holders};
use proptest::{prop_assert, test_runner::TestCaseError};

use crate::{
    Chain,
    action::{Action, DOCUMENT},
    recall_action::RecallAction,
    rules::{CONDEMNED, HOLDERS, OWNERS, is_live},
    steps::goods_of,
    tally::FETCHED,
    unit_rules::{BLOCK, is_there, pages_of, range_of, units_of},
};

/// How many pieces are cut off a consignment of which single units are gone, so that its owner can give up those
/// that are left and be paid for them.
const PIECES: usize = 2;

impl Chain<'_> {
    /// Has the register put right, then a regulator end what stops goods, and then the goods come home; in the end
    /// all are paid. The registry authority, the regulator, the reverse distributor, the manufacturers but one
    /// that is gone, and the owners do what they should; nobody else does anything.
    pub fn rescue(&mut self) -> Result<(), TestCaseError> {
        self.harm_at_last()?;
        self.put_right()?;
        self.release_all()?;
        self.recall_more()?;
        let may_be_found = |it: &Consignment| is_live(it) || it.status == ConsignmentStatus::Stolen;
        let all = self.model.consignments.iter();
        let all = all.filter(|(_, it)| may_be_found(it));
        let all: Vec<_> = all.map(|(at, _)| *at).collect();
        for at in all {
            self.fetch(at)?;
            for at in self.cut_off(at)? {
                self.bring_back(at)?;
            }
        }
        self.check_all_home()?;
        self.pay_all()
    }

    /// A regulator ends all cases, and lets all lots go on.
    fn release_all(&mut self) -> Result<(), TestCaseError> {
        let regulator = self.current(self.world.regulator);
        let open = |(at, case): (&_, &Case)| (case.resolved_at == 0).then_some(*at);
        let open: Vec<_> = self.model.cases.iter().filter_map(open).collect();
        for case in open {
            let Case {
                subject, number, ..
            } = self.model.cases[&case];
            self.do_now(Action::ResolveCase {
                by: regulator,
                subject,
                number,
                condemned: false,
                document_hash: DOCUMENT,
            })?;
        }
        for lot in self.lots {
            if self.model.lots[&lot].status != LotStatus::Released {
                self.do_now(Action::ReleaseLot { by: regulator, lot })?;
            }
        }
        Ok(())
    }

    /// Whether the site does what it should from now on.
    fn is_honest(&self, gln: u64) -> bool {
        let site = self.site_of(gln);
        self.first.contains_key(&site.gln) && self.model.is_active(site)
    }

    /// Ends an open offer of the goods, and has them brought where their custodian keeps them back, got them when it
    /// had another role, or they were stolen.
    fn fetch(&mut self, at: Address) -> Result<(), TestCaseError> {
        let consignment = self.model.consignments[&at];
        let mut goods = goods_of(at, &consignment);
        let custodian = self.site_of(consignment.custodian);
        let is_offered = consignment.status == ConsignmentStatus::Offered;
        if is_offered {
            goods.sequence -= 1;
        }
        let is_stolen = consignment.status == ConsignmentStatus::Stolen;
        let may_hold = self.model.has_role(custodian, HOLDERS);
        if is_stolen || !may_hold || !self.is_honest(consignment.custodian) {
            self.tally.borrow_mut().count_rescued(FETCHED, 1);
            return self.recover(custodian, goods, is_offered);
        }
        if is_offered {
            self.tally.borrow_mut().count_rescued(FETCHED, 1);
            return self.do_now(Action::Cancel {
                from: custodian,
                goods,
            });
        }
        Ok(())
    }

    /// A regulator has the reverse distributor fetch goods.
    fn recover(&mut self, from: Site, goods: Goods, is_offered: bool) -> Result<(), TestCaseError> {
        self.do_now(Action::Recover {
            regulator: self.current(self.world.regulator),
            from: from.gln,
            to: self.current(self.world.reverse_distributor),
            goods,
            is_offered,
            document_hash: DOCUMENT,
        })
    }

    /// Cuts goods of which units are not there, and which their owner may be paid for, so that some pieces have
    /// none such. Returns all pieces.
    fn cut_off(&mut self, at: Address) -> Result<Vec<Address>, TestCaseError> {
        let mut pieces = vec![at];
        while pieces.len() <= PIECES {
            let consignment = self.model.consignments[&at];
            let range = range_of(&consignment);
            let is_paid = self.model.is_recalled(consignment.lot, &range)
                && consignment.owner != self.model.lots[&consignment.lot].manufacturer;
            let Some(start) = self.last_piece(&consignment).filter(|_| is_paid) else {
                break;
            };
            let quantity = range.end - start;
            let goods = goods_of(at, &consignment);
            let child = program_tests::address::consignment(&at, consignment.children);
            self.do_now(Action::Split {
                by: self.site_of(consignment.custodian),
                goods,
                quantity,
                sscc: 0,
                pages: pages_of(start..range.end),
            })?;
            pieces.push(child);
        }
        Ok(pieces)
    }

    /// Where the last piece of a consignment begins whose units are all there, or are all gone; `None` if that is
    /// all of it.
    fn last_piece(&self, consignment: &Consignment) -> Option<u32> {
        let range = range_of(consignment);
        let absent = self.model.gone_of(consignment);
        let absent = absent.filter(|(_, gone)| !is_there(gone.disposition));
        let absent: Vec<u32> = absent.map(|(unit, _)| unit).collect();
        let last = *absent.last()?;
        if last + 1 < range.end {
            return Some(last + 1);
        }
        let is_present = |unit: &u32| absent.binary_search(unit).is_err();
        let present = range.clone().rev().find(is_present)?;
        Some(present + 1)
    }

    /// Goods that an honest site holds go to the lot's manufacturer, with title if their owner acts for
    /// himself, or are destroyed before a regulator.
    fn bring_back(&mut self, at: Address) -> Result<(), TestCaseError> {
        let consignment = self.model.consignments[&at];
        let home = self.site_of(self.model.lots[&consignment.lot].manufacturer);
        let custodian = self.site_of(consignment.custodian);
        let is_condemned = consignment.restrictions & CONDEMNED != 0;
        let may_travel = consignment.absent == 0 && !is_condemned;
        // Some go another way: to destruction, or by who sold them to their owner.
        let way = consignment.first_unit % 3;
        if custodian.gln != home.gln && may_travel && way != 1 {
            let seller = consignment.supplier().map(|gln| self.site_of(gln.number()));
            let takes_back = |seller: &Site| {
                let may_take = self.model.may_trade(*seller, OWNERS - Roles::DISPENSER);
                may_take && self.is_honest(seller.gln.number()) && seller.gln != custodian.gln
            };
            let seller = seller.filter(|seller| way == 2 && seller.gln != home.gln);
            let mut from = custodian;
            for to in seller.filter(takes_back).into_iter().chain([home]) {
                self.send_back(at, from, to)?;
                from = to;
            }
        }
        let consignment = self.model.consignments[&at];
        let is_home = consignment.custodian == home.gln.number();
        if is_home && consignment.owner == home.gln.number() && !is_condemned {
            return Ok(());
        }
        let is_recalled = self
            .model
            .is_recalled(consignment.lot, &range_of(&consignment));
        let gives_up =
            is_recalled && consignment.inactive == 0 && self.is_honest(consignment.owner);
        if is_home && gives_up && consignment.owner != home.gln.number() {
            return self.give_title_up(at, home);
        }
        let by = self.site_of(consignment.custodian);
        self.destroy_all(at, by, self.current(self.world.regulator))
    }

    /// The owner of goods that their maker has gives title up, though the maker has lost some goods and had some
    /// sampled; what it passed on is destroyed there, which shows whose it was.
    fn give_title_up(&mut self, at: Address, home: Site) -> Result<(), TestCaseError> {
        let consignment = self.model.consignments[&at];
        let goods = goods_of(at, &consignment);
        let regulator = self.current(self.world.regulator);
        let disposer = self.current(self.world.reverse_distributor);
        let document_hash = DOCUMENT;
        let loss = match consignment.first_unit / 3 % 4 {
            0 => Some(Action::ReportStolen {
                by: home,
                goods,
                witness: None,
                document_hash,
            }),
            1 => Some(Action::Sample {
                by: home,
                goods,
                witness: Some(regulator.into()),
                document_hash,
            }),
            2 => Some(Action::Handoff {
                from: home,
                to: disposer,
                kind: Change::Disposal.code(),
                document_hash,
                goods,
            }),
            _ => None,
        };
        if let Some(loss) = loss {
            self.do_now(loss)?;
        }
        let left = self.model.consignments[&at];
        if left.custodian != home.gln.number() {
            return self.destroy_all(at, disposer, regulator);
        }
        let returning = |by| RecallAction::ReturnTitle {
            by,
            goods: goods_of(at, &left),
            with: Holders {
                receiver: home.gln,
                manufacturer: home.gln,
                product: self.world.product,
                is_offered: false,
            },
            document_hash,
        };
        // A disposer that had another role before may be the owner.
        let is_another = disposer.gln.number() != left.owner;
        let by_another = is_another.then(|| returning(disposer));
        let by_owner = returning(self.site_of(left.owner));
        self.refuse(by_another)?;
        self.do_now(by_owner)
    }

    /// A site offers the return of goods, and the other takes them.
    fn send_back(&mut self, at: Address, from: Site, to: Site) -> Result<(), TestCaseError> {
        let goods = goods_of(at, &self.model.consignments[&at]);
        self.do_now(Action::Offer {
            from,
            to,
            goods,
            kind: Change::Return.code(),
            statement: true,
            deadline: self.model.now + 86_400,
            document_hash: DOCUMENT,
            reverses: None,
        })?;
        self.do_now(Action::Accept { to, from, goods })
    }

    /// Destroys a consignment, or a few blocks of one whose other units are gone.
    fn destroy_all(&mut self, at: Address, by: Site, witness: Site) -> Result<(), TestCaseError> {
        let consignment = self.model.consignments[&at];
        let goods = goods_of(at, &consignment);
        if consignment.absent == 0 {
            return self.do_now(Action::Destroy {
                by,
                witness,
                goods,
                document_hash: DOCUMENT,
            });
        }
        let range = range_of(&consignment);
        let (first, last) = (range.start / BLOCK, (range.end - 1) / BLOCK);
        for number in [first, first.midpoint(last), last] {
            let units = self.left_of(goods, number, &range);
            if units != 0 {
                let block = UnitBlock { number, units };
                self.do_now(Action::DestroyUnits {
                    by,
                    witness,
                    goods,
                    block,
                })?;
            }
        }
        Ok(())
    }

    /// The units of a block that can be destroyed one by one: they are there, or stolen and may be found, and are not
    /// recalled.
    fn left_of(&self, goods: Goods, number: u32, range: &Range<u32>) -> u64 {
        let all = UnitBlock { number, units: !0 };
        let is_left = |&unit: &u32| {
            let gone = self.model.gone.get(&(goods.lot, unit));
            let may_be_found = gone.is_none_or(|gone| {
                gone.disposition == Disposition::Stolen || is_there(gone.disposition)
            });
            let is_recalled = self.model.is_recalled(goods.lot, &(unit..unit + 1));
            range.contains(&unit) && may_be_found && !is_recalled
        };
        let left = units_of(all).map(|unit| unit as u32).filter(is_left);
        left.fold(0, |units, unit| units | 1 << (unit % BLOCK))
    }

    /// Checks that all goods are where they belong: with their manufacturer, who owns them, or out of the chain;
    /// those of which single units are gone are with an honest site, which can destroy what is left.
    fn check_all_home(&self) -> Result<(), TestCaseError> {
        for consignment in self.model.consignments.values().filter(|it| is_live(it)) {
            let home = self.model.lots[&consignment.lot].manufacturer;
            let is_home = (consignment.custodian, consignment.owner) == (home, home);
            let is_opened = consignment.absent > 0 && self.is_honest(consignment.custodian);
            prop_assert!(is_home || is_opened, "not home: {consignment:?}");
        }
        Ok(())
    }

    /// Does what nothing may keep these sites from doing.
    pub fn do_now(&mut self, action: impl Into<Action>) -> Result<(), TestCaseError> {
        let action = action.into();
        let instruction = self.instruction(&action);
        let refusal = self.attempt(action.clone(), &instruction, None)?;
        prop_assert!(refusal.is_none(), "stuck: {action:?}: {refusal:?}");
        Ok(())
    }
}
