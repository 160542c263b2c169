//! What honest sites can do in the end, whatever the others did: bring every unit home, or to destruction.

use anchor_lang::Address;
use custody::{Case, Consignment, ConsignmentStatus, Disposition, UnitBlock};
use pedigree_interface::Site;
use proptest::{prop_assert, test_runner::TestCaseError};

use crate::{
    Chain,
    action::{Action, DOCUMENT},
    rules::is_live,
    steps::goods_of,
    unit_rules::{BLOCK, is_there, range_of, units_of},
};

impl Chain<'_> {
    /// Has the register put right, then a regulator end every case and bring all goods to a reverse distributor, who destroys what is left of
    /// them. These two are in good standing; all others stay as they are and do nothing.
    pub fn rescue(&mut self) -> Result<(), TestCaseError> {
        self.put_right()?;
        let regulator = self.current(self.world.regulator);
        let receiver = self.current(self.world.reverse_distributor);
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
        let may_be_found = |it: &Consignment| is_live(it) || it.status == ConsignmentStatus::Stolen;
        let all: Vec<_> = self.model.consignments.keys().copied().collect();
        for at in all {
            let consignment = self.model.consignments[&at];
            if !may_be_found(&consignment) {
                continue;
            }
            let mut goods = goods_of(at, &consignment);
            let is_here = consignment.custodian == receiver.gln.number();
            let is_offered = consignment.status == ConsignmentStatus::Offered;
            if is_offered {
                goods.sequence -= 1;
            }
            if is_here && is_offered {
                let from = receiver;
                self.do_now(Action::Cancel { from, goods })?;
            } else if !is_here || consignment.status == ConsignmentStatus::Stolen {
                self.do_now(Action::Recover {
                    regulator,
                    from: self.site_of(consignment.custodian).gln,
                    to: receiver,
                    goods,
                    is_offered,
                    document_hash: DOCUMENT,
                })?;
            }
            self.destroy_all(at, receiver, regulator)?;
        }
        Ok(())
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
            let all = UnitBlock { number, units: !0 };
            let is_left = |&unit: &u32| {
                let gone = self.model.gone.get(&(goods.lot, unit));
                let may_be_found = gone.is_none_or(|gone| {
                    gone.disposition == Disposition::Stolen || is_there(gone.disposition)
                });
                range.contains(&unit) && may_be_found
            };
            let left = units_of(all).map(|unit| unit as u32);
            let units = left
                .filter(is_left)
                .fold(0, |units, unit| units | 1 << (unit % BLOCK));
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

    /// Does what nothing may keep these sites from doing.
    pub fn do_now(&mut self, action: impl Into<Action>) -> Result<(), TestCaseError> {
        let action = action.into();
        let instruction = self.instruction(&action);
        let text = format!("stuck: {action:?}");
        let is_done = self.attempt(action, &instruction, None)?;
        prop_assert!(is_done, "{}", text);
        Ok(())
    }
}
