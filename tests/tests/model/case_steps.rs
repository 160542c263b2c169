//! Steps with cases and restrictions, and goods that a regulator has brought.

use anchor_lang::Address;
use custody::{Consignment, ConsignmentStatus};
use pedigree_interface::{Goods, Site};

use crate::{
    Chain, Step,
    action::{Action, DOCUMENT},
    rules::{OPENED, QUARANTINED, RETURNED, TRADERS},
    unit_rules::{TEN_DAYS, range_of},
};

impl Chain<'_> {
    /// A regulator has goods brought, most often such as are offered or stolen.
    pub fn bring(&self, step: Step, document_hash: [u8; 32]) -> Action {
        let is_stolen = |(_, it): &(Goods, Consignment)| it.status == ConsignmentStatus::Stolen;
        let stolen: Vec<_> = self.all_goods().filter(is_stolen).collect();
        let is_offered = |it: &Consignment| it.status == ConsignmentStatus::Offered;
        let chosen = match step.sites[2] % 4 {
            0 => stolen
                .get(usize::from(step.goods) % stolen.len().max(1))
                .copied(),
            1 => self.goods_that(step.goods, is_offered),
            _ => None,
        };
        let (mut goods, consignment) = chosen.unwrap_or_else(|| self.goods(step.goods));
        let is_offered = (consignment.status == ConsignmentStatus::Offered) != (step.flaw == 8);
        if is_offered {
            goods.sequence = goods.sequence.wrapping_sub(1);
        }
        let mut regulator = self.current(self.world.regulator);
        let mut to = self.taker(2, &consignment, self.site(step.sites[0]), step);
        match step.flaw {
            2 => goods.lot = self.lots[usize::from(step.sites[1]) % 2],
            4 => regulator.key = self.site(step.sites[1]).key,
            6 => to.key = self.site(step.sites[1]).key,
            7 => regulator = self.site(step.sites[1]),
            _ => {}
        }
        let from = match step.flaw {
            3 => self.site(step.sites[1]).gln,
            _ => self.site_of(consignment.custodian).gln,
        };
        Action::Recover {
            regulator,
            from,
            to,
            goods,
            is_offered,
            document_hash,
        }
    }

    /// Who took goods out as samples or abroad takes that back, most often where it still may.
    pub fn put_back(&self, step: Step) -> Option<Action> {
        let is_out = |(_, it): &(Goods, Consignment)| {
            [ConsignmentStatus::Sampled, ConsignmentStatus::Exported].contains(&it.status)
        };
        let may_be_back = |(_, it): &(Goods, Consignment)| {
            let may_trade = self.model.may_trade(self.site_of(it.custodian), TRADERS);
            may_trade
                && it.withdrawn_at + TEN_DAYS >= self.model.now
                && it.restrictions & !OPENED == 0
                && !self.model.is_recalled(it.lot, &range_of(it))
        };
        let mut out: Vec<_> = self.all_goods().filter(is_out).collect();
        if !step.goods.is_multiple_of(8) && out.iter().any(may_be_back) {
            out.retain(may_be_back);
        }
        let &out = out.get(usize::from(step.goods) % out.len().max(1))?;
        let (mut goods, consignment) = match step.flaw {
            8 => self.goods(step.goods),
            _ => out,
        };
        let mut by = self.site_of(consignment.custodian);
        match step.flaw {
            0 => goods.sequence = goods.sequence.wrapping_add(1),
            2 => goods.lot = self.lots[usize::from(step.sites[1]) % 2],
            7 => by = self.site(step.sites[1]),
            _ => {}
        }
        Some(Action::UndoWithdrawal { by, goods })
    }

    /// What is done to a case, most often one of those that are open.
    pub fn on_a_case(&self, step: Step, document_hash: [u8; 32]) -> Action {
        let open: Vec<_> = self
            .model
            .cases
            .iter()
            .filter(|(_, case)| case.resolved_at == 0 || step.flaw == 9)
            .collect();
        let Some(&(&at, case)) = open.get(usize::from(step.goods) % open.len().max(1)) else {
            return self.verify_return(step);
        };
        let mut by = if step.amount.is_multiple_of(3) {
            self.site(step.sites[0])
        } else {
            self.site_of(case.opened_by)
        };
        if step.flaw == 4 {
            by.key = self.site(step.sites[1]).key;
        }
        match step.what {
            54 => Action::DetermineCase {
                by,
                case: at,
                document_hash,
            },
            55 => Action::NotifyCase {
                by,
                case: at,
                document_hash,
            },
            _ => Action::ResolveCase {
                by,
                subject: case.subject,
                number: case.number,
                condemned: step.amount.is_multiple_of(5),
                document_hash,
            },
        }
    }

    /// Somebody verifies what came back, most often something that did.
    pub fn verify_return(&self, step: Step) -> Action {
        let is_returned = |it: &Consignment| it.restrictions & RETURNED != 0;
        let returned = self.goods_that(step.goods, is_returned);
        let (goods, consignment) = returned.unwrap_or_else(|| self.goods(step.goods));
        let custodian = self.site_of(consignment.custodian);
        Action::VerifyReturn {
            by: match step.flaw {
                4 => Site {
                    key: self.site(step.sites[1]).key,
                    ..custodian
                },
                7 => self.site(step.sites[1]),
                _ => custodian,
            },
            goods: goods.at(goods.sequence + u32::from(step.flaw == 0)),
            document_hash: DOCUMENT,
        }
    }

    /// Somebody lifts restrictions, most often a regulator those that are there, or a custodian a quarantine.
    pub fn release(&self, step: Step, document_hash: [u8; 32]) -> Action {
        let restricted = self.goods_that(step.goods, |it| it.restrictions & !OPENED != 0);
        let (goods, consignment) = restricted.unwrap_or_else(|| self.goods(step.goods));
        let (by, restrictions) = match step.amount % 4 {
            0 => (self.site_of(consignment.custodian), QUARANTINED),
            1 => (
                self.site_of(consignment.custodian),
                consignment.restrictions,
            ),
            2 => (
                self.current(self.world.regulator),
                consignment.restrictions & !OPENED,
            ),
            _ => (self.site(step.sites[0]), (step.amount / 4 % 16) as u8),
        };
        let key = match step.flaw {
            4 => self.site(step.sites[1]).key,
            _ => by.key,
        };
        Action::Release {
            by: Site { key, ..by },
            consignment: goods.consignment,
            restrictions,
            document_hash,
        }
    }

    /// Somebody releases a lot, most often who quarantined it.
    pub fn release_lot(&self, lot: Address, step: Step) -> Action {
        let quarantined_by = self.model.lots[&lot].quarantined_by;
        let mut sites = self.sites.iter();
        let by = match sites.find(|site| site.gln.number() == quarantined_by) {
            Some(&site) if !step.amount.is_multiple_of(4) => self.current(site),
            _ => self.site(step.sites[0]),
        };
        Action::ReleaseLot { by, lot }
    }
}
