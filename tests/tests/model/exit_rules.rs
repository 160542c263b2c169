//! The rules of what leaves the chain: who has to agree.

use custody::{Case, Change, Consignment, ConsignmentStatus, LotStatus};
use pedigree_domain::Roles;
use pedigree_interface::{Goods, Site, instruction::custody::Witness};
use program_tests::address;

use crate::{
    action::Action,
    rules::{CONDEMNED, HOLDERS, Model, OPENED, SURRENDERED, TRADERS, link, need},
    unit_rules::{TEN_DAYS, range_of},
};

impl Model {
    /// Takes goods out of the chain as a whole.
    pub fn withdraw(&mut self, action: &Action) -> Option<()> {
        match *action {
            Action::Destroy {
                by,
                witness,
                goods,
                document_hash,
            } => {
                self.check_destruction(by, witness, goods)?;
                let lot = self.lots[&goods.lot];
                let left = (lot.recall_changes, self.now);
                let gone = self.named(by, goods)?;
                withdraw(gone, Change::Destruction, document_hash, left)?;
            }
            Action::Export {
                by,
                goods,
                document_hash,
            } => {
                need!(self.may_trade(by, TRADERS));
                self.check_goods(goods, Change::Sale)?;
                let left = self.leaving(goods)?;
                let gone = self.named(by, goods)?;
                need!(gone.owner == by.gln.number());
                withdraw(gone, Change::Export, document_hash, left)?;
            }
            Action::Sample {
                by,
                goods,
                witness,
                document_hash,
            } => {
                need!(self.may_trade(by, HOLDERS));
                self.check_exit(by, goods, witness, true, true)?;
                need!(self.may_be_sampled(goods, witness));
                let left = self.leaving(goods)?;
                let gone = self.named(by, goods)?;
                withdraw(gone, Change::Sampling, document_hash, left)?;
            }
            Action::ReportStolen {
                by,
                goods,
                witness,
                document_hash,
            } => {
                need!(self.is_confirmed(by));
                self.check_exit(by, goods, witness, false, true)?;
                let left = self.leaving(goods)?;
                let gone = self.named(by, goods)?;
                withdraw(gone, Change::Theft, document_hash, left)?;
            }
            Action::UndoWithdrawal { by, goods } => {
                need!(self.may_trade(by, TRADERS));
                let (now, lot) = (self.now, *self.lots.get(&goods.lot)?);
                let gone = *self.consignments.get(&goods.consignment)?;
                need!(gone.custodian == by.gln.number() && gone.lot == goods.lot);
                need!(gone.sequence == goods.sequence);
                let undone = [ConsignmentStatus::Sampled, ConsignmentStatus::Exported];
                need!(undone.contains(&gone.status) && now <= gone.withdrawn_at + TEN_DAYS);
                need!(gone.open_cases == 0 && lot.open_cases == 0);
                need!(gone.restrictions & !OPENED == 0);
                need!(lot.status == LotStatus::Released && now < lot.expires_at);
                need!(!self.is_recalled(goods.lot, &range_of(&gone)));
                let back = self.consignments.get_mut(&goods.consignment)?;
                back.status = ConsignmentStatus::Held;
                (back.withdrawn_since, back.withdrawn_at) = (0, 0);
                back.sequence += 1;
                link(back, Change::Reversal, [0; 32]);
            }
            _ => unreachable!("{action:?} has its rules elsewhere"),
        }
        Some(())
    }

    /// After which change of their lot's recalls goods leave the chain, and when.
    fn leaving(&self, goods: Goods) -> Option<(u32, i64)> {
        Some((self.lots.get(&goods.lot)?.recall_changes, self.now))
    }

    /// A witness is another person, of a site that may act, and the case that it names exists.
    fn check_witness(&self, by: Site, witness: Option<Witness>) -> Option<()> {
        if let Some(Witness { site, case }) = witness {
            need!(site.key != by.key && self.may_trade(site, Roles::all()));
            need!(case.is_none_or(|case| self.cases.contains_key(&case)));
        }
        Some(())
    }

    fn is_regulator(&self, witness: Option<Witness>) -> bool {
        witness.is_some_and(|witness| self.may_trade(witness.site, Roles::REGULATOR))
    }

    /// Whether the goods are not condemned, or a regulator watches.
    pub fn may_be_sampled(&self, goods: Goods, witness: Option<Witness>) -> bool {
        let consignment = self.consignments.get(&goods.consignment);
        let is_condemned = consignment.is_some_and(|it| it.restrictions & CONDEMNED != 0);
        !is_condemned || self.is_regulator(witness)
    }

    /// Whether the goods are the custodian's own, or their owner or a regulator watches.
    pub fn owner_agrees(&self, by: Site, goods: &Consignment, witness: Option<Witness>) -> bool {
        let is_owner = witness.is_some_and(|witness| witness.site.gln.number() == goods.owner);
        goods.owner == by.gln.number() || is_owner || self.is_regulator(witness)
    }

    /// Whether no case holds the goods, or who may let them go watches: a regulator, or the opener of the only
    /// case.
    fn cases_agree(&self, goods: Goods, witness: Option<Witness>) -> bool {
        let held = |case: &&Case| {
            case.resolved_at == 0 && [goods.consignment, goods.lot].contains(&case.subject)
        };
        let holding: Vec<_> = self.cases.values().filter(held).collect();
        let is_opener = |case: &Case| {
            let named = witness.and_then(|witness| Some((witness.site, witness.case?)));
            named.is_some_and(|(site, at)| {
                let is_named = address::case(&case.subject, case.number) == at;
                is_named && case.opened_by == site.gln.number()
            })
        };
        match holding[..] {
            [] => true,
            [only] if is_opener(only) => true,
            _ => self.is_regulator(witness),
        }
    }

    /// What `by` has may be destroyed before the witness.
    pub fn check_destruction(&self, by: Site, witness: Site, goods: Goods) -> Option<()> {
        let seen_by = Some(Witness::from(witness));
        self.check_witness(by, seen_by)?;
        let consignment = self.check_at_hand(by, goods.consignment)?;
        need!(consignment.lot == goods.lot);
        need!(consignment.open_cases == 0 && self.lots[&goods.lot].open_cases == 0);
        need!(self.may_trade(by, HOLDERS) || self.is_regulator(seen_by));
        let is_surrendered = consignment.restrictions & SURRENDERED != 0;
        need!(is_surrendered || self.owner_agrees(by, consignment, seen_by));
        Some(())
    }

    /// What a case holds, or another owns, may be taken away from `by` before the witness.
    pub fn check_exit(
        &self,
        by: Site,
        goods: Goods,
        witness: Option<Witness>,
        needs_owner: bool,
        is_taken_away: bool,
    ) -> Option<()> {
        self.check_witness(by, witness)?;
        let consignment = self.consignments.get(&goods.consignment)?;
        need!(consignment.lot == goods.lot);
        need!(!needs_owner || self.owner_agrees(by, consignment, witness));
        need!(!is_taken_away || self.cases_agree(goods, witness));
        Some(())
    }
}

fn withdraw(
    consignment: &mut Consignment,
    kind: Change,
    document_hash: [u8; 32],
    left: (u32, i64),
) -> Option<()> {
    need!(consignment.absent == 0);
    (consignment.withdrawn_since, consignment.withdrawn_at) = left;
    consignment.sequence += 1;
    consignment.status = match kind {
        Change::Destruction => ConsignmentStatus::Destroyed,
        Change::Sampling => ConsignmentStatus::Sampled,
        Change::Theft => ConsignmentStatus::Stolen,
        _ => ConsignmentStatus::Exported,
    };
    consignment.sscc = 0;
    link(consignment, kind, document_hash);
    Some(())
}
