//! The rules of cases: who may open one, and who decides about it.

use anchor_lang::Address;
use custody::{Case, CaseState, Change, ExceptionCode, LotStatus, Party};
use pedigree_domain::{Roles, business_days};
use pedigree_interface::{Site, identifier::Gln};
use program_tests::address;

use crate::{
    action::Action,
    rules::{CONDEMNED, Model, link, need},
};

impl Model {
    /// Opens a case, or decides about it.
    pub fn act_on_cases(&mut self, action: &Action) -> Option<()> {
        match *action {
            Action::OpenCase {
                by,
                custodian,
                goods,
                number,
                exception,
            } => {
                let exception = ExceptionCode::from_code(exception);
                need!(exception.is_known());
                let consignment = self.consignments.get(&goods.consignment)?;
                need!(
                    consignment.lot == goods.lot && consignment.custodian == custodian.gln.number()
                );
                let party = if consignment.custodian == by.gln.number() {
                    Party::Custodian
                } else if consignment.owner == by.gln.number() {
                    Party::Owner
                } else {
                    self.oversight(by, goods.lot)?
                };
                need!(self.may_trade(by, Roles::all()));
                let (subject, lot) = (goods.consignment, goods.lot);
                let none = Address::default();
                let answer_by = self.answer_by(custodian.gln);
                self.open_case(
                    (by, party),
                    subject,
                    lot,
                    number,
                    exception,
                    answer_by,
                    none,
                )?;
            }
            Action::OpenLotCase {
                by,
                lot,
                number,
                exception,
            } => {
                let exception = ExceptionCode::from_code(exception);
                need!(exception.is_known());
                let party = self.oversight(by, lot)?;
                let answer_by = one_business_day_after(self.now);
                let none = Address::default();
                self.open_case((by, party), lot, lot, number, exception, answer_by, none)?;
            }
            Action::DetermineCase {
                by,
                case,
                document_hash,
            } => {
                let now = self.now;
                self.investigates(by, case)?;
                let case = self.cases.get_mut(&case)?;
                need!(case.state == CaseState::Open);
                case.state = CaseState::Illegitimate;
                case.document_hash = document_hash;
                case.determination_hash = document_hash;
                case.determined_at = now;
                case.notify_by = now + 86_400;
            }
            Action::NotifyCase {
                by,
                case,
                document_hash,
            } => {
                let now = self.now;
                let is_opener = self.cases.get(&case)?.opened_by == by.gln.number();
                need!(is_opener && self.is_confirmed(by) || self.may_trade(by, Roles::REGULATOR));
                let case = self.cases.get_mut(&case)?;
                need!(case.determined_at != 0 && case.notified_at == 0);
                case.notified_at = now;
                case.document_hash = document_hash;
                case.notification_hash = document_hash;
            }
            Action::ResolveCase {
                by,
                subject,
                number,
                condemned,
                document_hash,
            } => {
                let now = self.now;
                let at = address::case(&subject, number);
                let is_regulator = self.investigates(by, at)?;
                let owner = self.consignments.get(&subject).map(|it| it.owner);
                let maker = self.lots.get(&subject).map(|it| it.manufacturer);
                let case = self.cases.get_mut(&at)?;
                need!(case.resolved_at == 0);
                let opener = Some(case.opened_by);
                let is_anothers = match case.party {
                    Party::Custodian | Party::Owner => owner != opener,
                    Party::Manufacturer => maker.is_some() && maker != opener,
                    _ => false,
                };
                need!(!condemned || !is_anothers || is_regulator);
                need!(!condemned || case.state == CaseState::Illegitimate);
                need!(condemned || is_regulator || case.state == CaseState::Open);
                case.state = if condemned {
                    CaseState::Condemned
                } else {
                    CaseState::Cleared
                };
                case.document_hash = document_hash;
                case.resolved_by = by.gln.number();
                case.resolved_at = now;
                let party = usize::from(case.party.code());
                if let Some(consignment) = self.consignments.get_mut(&subject) {
                    consignment.open_cases -= 1;
                    if party < 3 {
                        consignment.party_cases[party] -= 1;
                    }
                    if condemned {
                        consignment.restrictions |= CONDEMNED;
                    }
                    link(consignment, Change::Resolution, document_hash);
                } else {
                    let lot = self.lots.get_mut(&subject)?;
                    lot.open_cases -= 1;
                    if party < 3 {
                        lot.own_cases -= 1;
                    }
                    if condemned {
                        lot.status = LotStatus::Condemned;
                        lot.quarantined_by = by.gln.number();
                    }
                }
            }
            _ => unreachable!("{action:?} has its rules elsewhere"),
        }
        Some(())
    }

    /// As what the site oversees the lot; `None` if it does not.
    pub fn oversight(&self, site: Site, lot: Address) -> Option<Party> {
        if self.lots[&lot].manufacturer == site.gln.number() {
            need!(self.may_trade(site, Roles::MANUFACTURER | Roles::REPACKAGER));
            return Some(Party::Manufacturer);
        }
        need!(self.may_trade(site, Roles::REGULATOR));
        Some(Party::Regulator)
    }

    /// Whether the site acts as a regulator; `None` unless it may act at all.
    fn investigates(&self, site: Site, case: Address) -> Option<bool> {
        let is_regulator = self.may_trade(site, Roles::REGULATOR);
        let is_opener = self.cases.get(&case)?.opened_by == site.gln.number();
        need!(is_regulator || is_opener && self.may_trade(site, Roles::all()));
        Some(is_regulator)
    }

    /// By when a site answers a tracing request that is made now.
    pub fn answer_by(&self, site: Gln) -> i64 {
        let other_roles = Roles::all() - Roles::DISPENSER - Roles::REGULATOR;
        let roles = self.register.partners.get(&site).map_or(0, |it| it.roles);
        let roles = Roles::from_bits_retain(roles);
        if roles.contains(Roles::DISPENSER) && !roles.intersects(other_roles) {
            business_days::after(self.now, 2)
        } else {
            one_business_day_after(self.now)
        }
    }

    #[allow(clippy::too_many_arguments, reason = "they are the case's fields")]
    pub fn open_case(
        &mut self,
        (by, party): (Site, Party),
        subject: Address,
        lot: Address,
        number: u32,
        exception: ExceptionCode,
        answer_by: i64,
        transfer: Address,
    ) -> Option<()> {
        let now = self.now;
        let own = usize::from(party.code());
        if let Some(consignment) = self.consignments.get_mut(&subject) {
            need!(consignment.cases == number);
            consignment.cases += 1;
            consignment.open_cases = consignment.open_cases.checked_add(1)?;
            if party != Party::Regulator {
                need!(consignment.party_cases[own] < 16);
                consignment.party_cases[own] += 1;
            }
            link(consignment, Change::Case, crate::action::DOCUMENT);
        } else {
            let lot = self.lots.get_mut(&lot)?;
            need!(lot.cases == number);
            lot.cases += 1;
            lot.open_cases = lot.open_cases.checked_add(1)?;
            if party != Party::Regulator {
                need!(lot.own_cases < 16);
                lot.own_cases += 1;
            }
        }
        let case = Case {
            subject,
            lot,
            transfer,
            document_hash: crate::action::DOCUMENT,
            payer: self.payer,
            opened_by: by.gln.number(),
            resolved_by: 0,
            opened_at: now,
            answer_by,
            determined_at: 0,
            notify_by: 0,
            notified_at: 0,
            resolved_at: 0,
            number,
            units: 1,
            state: CaseState::Open,
            exception,
            bump: 0,
            party,
            _padding: [0; 4],
            determination_hash: [0; 32],
            notification_hash: [0; 32],
        };
        self.cases.insert(address::case(&subject, number), case);
        Some(())
    }
}
/// One business day, or 48 hours if that is less.
fn one_business_day_after(now: i64) -> i64 {
    business_days::after(now, 1).min(now + 172_800)
}
