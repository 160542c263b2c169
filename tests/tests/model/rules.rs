//! The rules of custody in plain Rust, written without reference to the program's code.

use std::collections::BTreeMap;

use anchor_lang::Address;
use custody::{
    Case, CaseState, Change, Consignment, ConsignmentStatus, ExceptionCode, Lot, LotStatus, Party,
    Transfer, TransferState, UnitRecord,
};
use pedigree_domain::{Roles, business_days, gs1};
use pedigree_interface::{Goods, Site, identifier::Gln, instruction::custody::Witness};
use program_tests::address;

use crate::{
    action::Action,
    recall_rules::Recalls,
    unit_rules::{Gone, pages_of, range_of},
};

pub const QUARANTINED: u8 = 1;
pub const RETURNED: u8 = 2;
pub const CONDEMNED: u8 = 4;
pub const OPENED: u8 = 8;
pub const SURRENDERED: u8 = 16;

/// Who may have medicines that are for sale.
pub const TRADERS: Roles = Roles::MANUFACTURER
    .union(Roles::REPACKAGER)
    .union(Roles::WHOLESALER)
    .union(Roles::LOGISTICS)
    .union(Roles::DISPENSER);

/// Who may own medicines.
pub const OWNERS: Roles = TRADERS.difference(Roles::LOGISTICS);

/// Who may have medicines.
pub const HOLDERS: Roles = TRADERS
    .union(Roles::REVERSE_DISTRIBUTOR)
    .union(Roles::LABORATORY);

/// A site's entry in the register.
#[derive(Clone, Copy, Debug)]
pub struct Licence {
    pub roles: Roles,
    pub is_active: bool,
    pub valid_until: i64,
}

/// Everything that the custody and the recall program's accounts must hold.
#[derive(Clone, Default)]
pub struct Model {
    pub now: i64,
    pub licences: BTreeMap<Gln, Licence>,
    pub lots: BTreeMap<Address, Lot>,
    pub consignments: BTreeMap<Address, Consignment>,
    pub transfers: BTreeMap<Address, Transfer>,
    pub cases: BTreeMap<Address, Case>,
    /// The units that are no longer active, by their lot and their index in it.
    pub gone: BTreeMap<(Address, u32), Gone>,
    /// The lot and the number of each page.
    pub pages: BTreeMap<Address, (Address, u32)>,
    pub records: BTreeMap<Address, UnitRecord>,
    /// The trail of each page.
    pub trails: BTreeMap<Address, [u8; 32]>,
    /// Who holds the lots' product.
    pub maker: Option<Gln>,
    pub recalls: Recalls,
    /// Who pays rent.
    pub payer: Address,
}

/// Goes on if the condition holds, and refuses the action otherwise.
macro_rules! need {
    ($condition:expr) => {
        if !$condition {
            return None;
        }
    };
}
pub(crate) use need;

impl Model {
    /// Carries the action out if the rules allow it; returns whether they do.
    pub fn act(&mut self, action: &Action) -> bool {
        let mut after = self.clone();
        let allowed = after.try_to(action).is_some();
        if allowed {
            *self = after;
        }
        allowed
    }

    fn try_to(&mut self, action: &Action) -> Option<()> {
        match *action {
            Action::Offer {
                from,
                to,
                goods,
                kind,
                statement,
                deadline,
                document_hash,
                reverses,
            } => {
                let kind = Change::from_code(kind);
                let consignment = self.depart(from, to, goods, kind, reverses)?;
                need!(kind != Change::Sale || statement);
                need!(deadline > self.now && deadline <= self.now + 90 * 86_400);
                let transfer = Transfer {
                    consignment: goods.consignment,
                    lot: goods.lot,
                    document_hash,
                    reverses: reverses.unwrap_or_default(),
                    payer: self.payer,
                    from: from.gln.number(),
                    to: to.gln.number(),
                    deadline,
                    offered_at: self.now,
                    settled_at: 0,
                    sequence: consignment.sequence,
                    first_unit: consignment.first_unit,
                    quantity: consignment.quantity,
                    kind,
                    state: TransferState::Offered,
                    exception: ExceptionCode::None,
                    statement: u8::from(statement),
                    bump: 0,
                    within_firm: 0,
                    _padding: [0; 6],
                    owner: consignment.owner,
                    owner_since: consignment.owner_since,
                    settled_since: 0,
                };
                let at = address::transfer(&goods.consignment, consignment.sequence);
                self.transfers.insert(at, transfer);
                let consignment = self.consignments.get_mut(&goods.consignment)?;
                consignment.status = ConsignmentStatus::Offered;
                consignment.sequence += 1;
            }
            Action::Accept { to, from, goods } => self.take_over(to, from, goods)?,
            Action::AcceptWithDiscrepancy {
                to,
                from,
                goods,
                number,
                exception,
            } => {
                let exception = ExceptionCode::from_code(exception);
                need!(exception.is_known() && exception != ExceptionCode::None);
                self.take_over(to, from, goods)?;
                let at = address::transfer(&goods.consignment, goods.sequence);
                self.transfers.get_mut(&at)?.exception = exception;
                let (subject, lot) = (goods.consignment, goods.lot);
                let answer_by = self.answer_by(from.gln);
                need!(self.may_trade(to, Roles::all()));
                let as_custodian = (to, Party::Custodian);
                self.open_case(as_custodian, subject, lot, number, exception, answer_by, at)?;
            }
            Action::Reject {
                to,
                from: _,
                goods,
                exception,
            } => {
                let exception = ExceptionCode::from_code(exception);
                need!(exception.is_known() && exception != ExceptionCode::None);
                let transfer = self.settle(goods, TransferState::Rejected)?;
                need!(transfer.to == to.gln.number());
                transfer.exception = exception;
            }
            Action::Cancel { from, goods } => {
                let transfer = self.settle(goods, TransferState::Cancelled)?;
                need!(transfer.from == from.gln.number());
            }
            Action::Expire { from: _, goods } => {
                let now = self.now;
                let transfer = self.settle(goods, TransferState::Expired)?;
                need!(now > transfer.deadline);
            }
            Action::Archive { goods } => {
                let at = address::transfer(&goods.consignment, goods.sequence);
                let transfer = self.transfers.get(&at)?;
                need!(transfer.state != TransferState::Offered);
                need!(self.now >= transfer.settled_at + 2_192 * 86_400);
                self.transfers.remove(&at);
            }
            Action::Handoff {
                from,
                to,
                kind,
                document_hash,
                goods,
            } => self.hand_over(from, to, goods, Change::from_code(kind), document_hash)?,
            Action::HandoffBatch {
                from,
                to,
                kind,
                document_hash,
                goods: ref batch,
            } => {
                need!(!batch.is_empty());
                for (place, &goods) in batch.iter().enumerate() {
                    let is_other = |other: &Goods| other.consignment != goods.consignment;
                    need!(batch[..place].iter().all(is_other));
                    self.hand_over(from, to, goods, Change::from_code(kind), document_hash)?;
                }
                // A lot is named once: those of one lot stand together.
                let lots: Vec<_> = batch.chunk_by(|a, b| a.lot == b.lot).collect();
                for (place, of_lot) in lots.iter().enumerate() {
                    need!(
                        lots[..place]
                            .iter()
                            .all(|other| other[0].lot != of_lot[0].lot)
                    );
                }
            }
            Action::TransferTitle {
                seller,
                buyer,
                goods,
                document_hash,
            } => {
                self.check_sides(seller, buyer, Change::Sale)?;
                need!(self.may_trade(seller, Roles::OWNERS));
                self.check_goods(goods, Change::Sale)?;
                let consignment = self.consignments.get_mut(&goods.consignment)?;
                need!(consignment.owner == seller.gln.number());
                consignment.sequence += 1;
                consignment.supplier = seller.gln.number();
                consignment.owner = buyer.gln.number();
                consignment.owner_since = self.lots[&goods.lot].recall_changes;
                link(consignment, Change::Title, document_hash);
                self.mark(seller, buyer, goods.consignment)?;
            }
            Action::Split {
                by,
                goods,
                quantity,
                sscc,
                ref pages,
            } => {
                let payer = self.payer;
                let parent_address = goods.consignment;
                let parent = self.named(by, goods)?;
                need!(parent.open_cases == 0);
                need!(quantity > 0 && quantity < parent.quantity);
                if parent.inactive > 0 {
                    let end = range_of(parent).end;
                    need!(pages.starts_with(&pages_of(end - quantity..end)));
                }
                need!(sscc == 0 || gs1::is_valid_key(sscc, 18));
                parent.sequence += 1;
                parent.quantity -= quantity;
                parent.sscc = 0;
                link(parent, Change::Split, [0; 32]);
                let mut child = Consignment {
                    first_unit: parent.first_unit + parent.quantity,
                    quantity,
                    sscc,
                    cases: 0,
                    index: parent.children,
                    children: 0,
                    parent: parent_address,
                    payer,
                    ..*parent
                };
                link(&mut child, Change::Split, [0; 32]);
                parent.children += 1;
                let at = address::consignment(&parent_address, child.index);
                self.consignments.insert(at, child);
                self.recount(parent_address)?;
                self.recount(at)?;
            }
            Action::Merge {
                by,
                goods,
                neighbour,
            } => {
                need!(goods.consignment != neighbour.consignment);
                let right = *self.named(by, neighbour)?;
                let left = self.named(by, goods)?;
                need!(left.open_cases == 0 && right.open_cases == 0 && right.cases == 0);
                need!(left.lot == right.lot);
                need!(left.first_unit + left.quantity == right.first_unit);
                need!(left.owner == right.owner && left.supplier == right.supplier);
                need!(left.owner_since == right.owner_since);
                need!(left.restrictions | OPENED == right.restrictions | OPENED);
                left.sequence += 1;
                left.quantity += right.quantity;
                left.sscc = 0;
                link(left, Change::Merge, right.trail);
                self.consignments.remove(&neighbour.consignment);
                self.recount(goods.consignment)?;
            }
            Action::Pack {
                by,
                consignment,
                sscc,
            } => {
                need!(gs1::is_valid_key(sscc, 18));
                self.at_hand(by, consignment)?.sscc = sscc;
            }
            Action::Unpack { by, consignment } => self.at_hand(by, consignment)?.sscc = 0,
            Action::Quarantine {
                by,
                consignment,
                document_hash,
            } => {
                need!(self.may_trade(by, HOLDERS));
                let consignment = self.at_hand(by, consignment)?;
                need!(consignment.restrictions & QUARANTINED == 0);
                consignment.restrictions |= QUARANTINED;
                link(consignment, Change::Quarantine, document_hash);
            }
            Action::Release {
                by,
                consignment,
                restrictions,
                document_hash,
            } => {
                if self.consignments.get(&consignment)?.custodian == by.gln.number() {
                    self.check_at_hand(by, consignment)?;
                    need!(restrictions == QUARANTINED && self.may_trade(by, HOLDERS));
                } else {
                    need!(self.may_trade(by, Roles::REGULATOR));
                }
                let consignment = self.consignments.get_mut(&consignment)?;
                need!(is_live(consignment));
                need!(restrictions != 0 && restrictions < 8);
                need!(consignment.restrictions & restrictions == restrictions);
                consignment.restrictions &= !restrictions;
                if restrictions & CONDEMNED != 0 {
                    consignment.restrictions &= !SURRENDERED;
                }
                link(consignment, Change::Release, document_hash);
            }
            Action::VerifyReturn {
                by,
                goods,
                document_hash,
            } => {
                need!(self.may_trade(by, TRADERS));
                let consignment = self.named(by, goods)?;
                need!(consignment.restrictions & RETURNED != 0);
                consignment.restrictions &= !RETURNED;
                need!(consignment.restrictions & !OPENED == 0);
                let judged = Consignment {
                    restrictions: 0,
                    ..*consignment
                };
                need!(judged.lot == goods.lot);
                self.check_unfrozen(&judged, self.lots.get(&goods.lot)?, Change::Sale)?;
                let consignment = self.consignments.get_mut(&goods.consignment)?;
                link(consignment, Change::Verification, document_hash);
            }
            Action::QuarantineLot { by, lot } => {
                self.oversight(by, lot)?;
                let lot = self.lots.get_mut(&lot)?;
                need!(lot.status == LotStatus::Released);
                lot.status = LotStatus::Quarantined;
                lot.quarantined_by = by.gln.number();
            }
            Action::ReleaseLot { by, lot } => {
                let is_maker = self.oversight(by, lot)? == Party::Manufacturer;
                let lot = self.lots.get_mut(&lot)?;
                need!(lot.status != LotStatus::Released);
                let is_own =
                    lot.status == LotStatus::Quarantined && lot.quarantined_by == by.gln.number();
                need!(!is_maker || is_own);
                lot.status = LotStatus::Released;
                lot.quarantined_by = 0;
            }
            Action::Destroy {
                by,
                witness,
                goods,
                document_hash,
            } => {
                self.check_destruction(by, witness, goods)?;
                let lot = self.lots[&goods.lot];
                let gone = self.named(by, goods)?;
                gone.destroyed_since = lot.recall_changes;
                withdraw(gone, Change::Destruction, document_hash)?;
            }
            Action::Export {
                by,
                goods,
                document_hash,
            } => {
                need!(self.may_trade(by, TRADERS));
                self.check_goods(goods, Change::Sale)?;
                let gone = self.named(by, goods)?;
                need!(gone.owner == by.gln.number());
                withdraw(gone, Change::Export, document_hash)?;
            }
            Action::Sample {
                by,
                goods,
                witness,
                document_hash,
            } => {
                need!(self.may_trade(by, HOLDERS));
                self.check_exit(by, goods, witness, true, true)?;
                withdraw(self.named(by, goods)?, Change::Sampling, document_hash)?;
            }
            Action::ReportStolen {
                by,
                goods,
                witness,
                document_hash,
            } => {
                self.check_exit(by, goods, witness, false, true)?;
                withdraw(self.named(by, goods)?, Change::Theft, document_hash)?;
            }
            Action::Recover {
                regulator,
                from,
                to,
                goods,
                is_offered,
                document_hash,
            } => self.recover(regulator, from, to, goods, is_offered, document_hash)?,
            Action::AdoptLot { by, lot } => {
                need!(self.maker == Some(by.gln));
                need!(self.may_trade(by, Roles::MANUFACTURER | Roles::REPACKAGER));
                let lot = self.lots.get_mut(&lot)?;
                need!(lot.manufacturer != by.gln.number());
                if lot.quarantined_by == lot.manufacturer {
                    lot.quarantined_by = by.gln.number();
                }
                lot.manufacturer = by.gln.number();
            }
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
                need!(is_opener || self.may_trade(by, Roles::REGULATOR));
                let case = self.cases.get_mut(&case)?;
                need!(case.determined_at != 0 && case.notified_at == 0);
                case.notified_at = now;
                case.document_hash = document_hash;
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
                let case = self.cases.get_mut(&at)?;
                need!(case.resolved_at == 0);
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
            Action::Dispense {
                by,
                owner,
                goods,
                block,
            } => self.dispense(by, owner, goods, block)?,
            Action::UndoDispense { by, goods, block } => self.undo_dispense(by, goods, block)?,
            Action::Decommission {
                by,
                goods,
                block,
                disposition,
                witness,
            } => self.decommission(by, goods, block, disposition, witness)?,
            Action::UndoDecommission { by, goods, block } => {
                self.undo_decommission(by, goods, block)?;
            }
            Action::RestoreUnits { by, goods, block } => self.restore_units(by, goods, block)?,
            Action::DestroyUnits {
                by,
                witness,
                goods,
                block,
            } => self.destroy_units(by, witness, goods, block)?,
            Action::CloseUnitRecord { record, is_signed } => {
                self.close_unit_record(record, is_signed)?;
            }
            Action::Recall(ref action) => self.act_on_recall(action)?,
        }
        Some(())
    }

    pub fn may_trade(&self, site: Site, roles: Roles) -> bool {
        let licence = self.licences[&site.gln];
        licence.is_active && self.now < licence.valid_until && licence.roles.intersects(roles)
    }

    pub fn has_role(&self, site: Site, roles: Roles) -> bool {
        self.licences[&site.gln].roles.intersects(roles)
    }

    /// Both sides may make a transfer of this kind; whether the receiver may only take back what is its own.
    fn check_sides(&self, from: Site, to: Site, kind: Change) -> Option<bool> {
        let takers = match kind {
            Change::Sale => OWNERS,
            Change::Return => OWNERS - Roles::DISPENSER,
            Change::Logistics => TRADERS,
            Change::Disposal => HOLDERS - Roles::DISPENSER - Roles::LABORATORY,
            Change::Examination => Roles::LABORATORY,
            _ => return None,
        };
        need!(from.gln.number() != to.gln.number());
        need!(
            self.may_trade(from, TRADERS)
                || matches!(kind, Change::Return | Change::Disposal)
                || kind == Change::Examination && self.may_trade(from, HOLDERS)
        );
        if self.may_trade(to, takers) {
            return Some(false);
        }
        let may_keep = self.licences[&to.gln].is_active && self.has_role(to, HOLDERS);
        need!(kind == Change::Return && may_keep);
        Some(true)
    }

    /// As which kind goods are judged that go to this site: with who only stores they are no nearer to patients.
    fn judged(&self, kind: Change, to: Site) -> Change {
        if kind == Change::Logistics && !self.has_role(to, OWNERS) {
            Change::Return
        } else {
            kind
        }
    }

    /// Whether the site is the goods' owner, or the manufacturer who is responsible for them.
    fn is_its_own(&self, site: Site, consignment: &Consignment) -> bool {
        let maker = self.lots[&consignment.lot].manufacturer;
        [consignment.owner, maker].contains(&site.gln.number())
    }

    /// Goods that come up from a dispenser count as returned.
    fn mark(&mut self, from: Site, to: Site, consignment: Address) -> Option<()> {
        let comes_up =
            self.has_role(from, Roles::DISPENSER) && self.has_role(to, TRADERS - Roles::DISPENSER);
        if comes_up {
            self.consignments.get_mut(&consignment)?.restrictions |= RETURNED;
        }
        Some(())
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

    /// A regulator and the receiver bring goods.
    fn recover(
        &mut self,
        regulator: Site,
        from: Gln,
        to: Site,
        goods: Goods,
        is_offered: bool,
        document_hash: [u8; 32],
    ) -> Option<()> {
        let now = self.now;
        need!(self.may_trade(regulator, Roles::REGULATOR));
        let consignment = *self.consignments.get(&goods.consignment)?;
        need!(consignment.lot == goods.lot && consignment.custodian == from.number());
        let licence = self.licences[&to.gln];
        let takes_back =
            licence.is_active && now >= licence.valid_until && self.is_its_own(to, &consignment);
        need!(self.may_trade(to, HOLDERS) || takes_back);
        let offer = address::transfer(&goods.consignment, goods.sequence);
        need!(!is_offered || self.transfers.contains_key(&offer));
        match consignment.status {
            ConsignmentStatus::Offered => {
                need!(is_offered && consignment.sequence == goods.sequence + 1);
                need!(from != to.gln);
                self.settle(goods, TransferState::Recovered)?;
            }
            ConsignmentStatus::Held => need!(from != to.gln),
            ConsignmentStatus::Stolen => {}
            _ => return None,
        }
        let is_found = consignment.status == ConsignmentStatus::Stolen;
        let consignment = self.consignments.get_mut(&goods.consignment)?;
        consignment.restrictions |= RETURNED;
        if is_found {
            consignment.restrictions |= CONDEMNED;
        }
        consignment.status = ConsignmentStatus::Held;
        consignment.custodian = to.gln.number();
        consignment.sequence += 1;
        link(consignment, Change::Recovery, document_hash);
        Some(())
    }

    /// The goods may make a transfer of this kind now.
    fn check_goods(&self, goods: Goods, kind: Change) -> Option<()> {
        let consignment = self.consignments.get(&goods.consignment)?;
        let lot = self.lots.get(&goods.lot)?;
        need!(consignment.lot == goods.lot);
        need!(consignment.sequence == goods.sequence);
        need!(consignment.status == ConsignmentStatus::Held);
        self.check_unfrozen(consignment, lot, kind)
    }

    fn check_unfrozen(&self, consignment: &Consignment, lot: &Lot, kind: Change) -> Option<()> {
        need!(consignment.open_cases == 0 && lot.open_cases == 0);
        if matches!(kind, Change::Sale | Change::Logistics) {
            need!(consignment.restrictions == 0);
            need!(lot.status == LotStatus::Released && self.now < lot.expires_at);
            let units = consignment.first_unit..consignment.first_unit + consignment.quantity;
            for number in 0..usize::from(lot.recalls) {
                let first = lot.recalled_first[number];
                let recalled = first..first + lot.recalled_quantity[number];
                need!(
                    units.start >= recalled.end
                        || recalled.start >= units.end
                        || recalled.is_empty()
                );
            }
        } else {
            let may_be_condemned = matches!(kind, Change::Disposal | Change::Examination);
            need!(may_be_condemned || consignment.restrictions & CONDEMNED == 0);
            need!(consignment.absent == 0);
        }
        Some(())
    }

    fn depart(
        &self,
        from: Site,
        to: Site,
        goods: Goods,
        kind: Change,
        reverses: Option<Address>,
    ) -> Option<Consignment> {
        let only_its_own = self.check_sides(from, to, kind)?;
        self.check_goods(goods, self.judged(kind, to))?;
        let consignment = *self.consignments.get(&goods.consignment)?;
        need!(consignment.custodian == from.gln.number());
        need!(kind != Change::Sale || consignment.owner == from.gln.number());
        need!(!only_its_own || self.is_its_own(to, &consignment));
        if let Some(reversed) = reverses {
            let sale = self.transfers.get(&reversed)?;
            need!(kind == Change::Return && sale.kind == Change::Sale);
            need!(sale.state == TransferState::Accepted && sale.lot == goods.lot);
            need!(sale.from == to.gln.number() && sale.to == from.gln.number());
            need!(sale.first_unit <= consignment.first_unit);
            need!(consignment.first_unit + consignment.quantity <= sale.first_unit + sale.quantity);
        } else if kind == Change::Return {
            let is_supplier = consignment.supplier == to.gln.number();
            need!(is_supplier || self.is_its_own(to, &consignment));
        }
        Some(consignment)
    }

    fn hand_over(
        &mut self,
        from: Site,
        to: Site,
        goods: Goods,
        kind: Change,
        document_hash: [u8; 32],
    ) -> Option<()> {
        self.depart(from, to, goods, kind, None)?;
        let surrenders = self.licences[&from.gln].is_active;
        let lot = self.lots.get(&goods.lot)?;
        let consignment = self.consignments.get_mut(&goods.consignment)?;
        consignment.sequence += 1;
        arrive(consignment, lot, from, to, kind, document_hash, surrenders);
        self.mark(from, to, goods.consignment)
    }

    fn take_over(&mut self, to: Site, from: Site, goods: Goods) -> Option<()> {
        let now = self.now;
        let at = address::transfer(&goods.consignment, goods.sequence);
        let transfer = *self.transfers.get(&at)?;
        let consignment = *self.consignments.get(&goods.consignment)?;
        need!(consignment.lot == goods.lot);
        need!((transfer.from, transfer.to) == (from.gln.number(), to.gln.number()));
        need!(transfer.state == TransferState::Offered && now <= transfer.deadline);
        let only_its_own = self.check_sides(from, to, transfer.kind)?;
        need!(!only_its_own || self.is_its_own(to, &consignment));
        let judged = self.judged(transfer.kind, to);
        self.check_unfrozen(&consignment, self.lots.get(&goods.lot)?, judged)?;
        let recall_changes = self.lots[&goods.lot].recall_changes;
        let transfer = self.settle(goods, TransferState::Accepted)?;
        transfer.settled_since = recall_changes;
        let (kind, document_hash) = (transfer.kind, transfer.document_hash);
        let surrenders = self.licences[&from.gln].is_active;
        let lot = self.lots.get(&goods.lot)?;
        let consignment = self.consignments.get_mut(&goods.consignment)?;
        arrive(consignment, lot, from, to, kind, document_hash, surrenders);
        self.mark(from, to, goods.consignment)
    }

    /// Ends an open offer: the goods are held again.
    pub fn settle(&mut self, goods: Goods, state: TransferState) -> Option<&mut Transfer> {
        let now = self.now;
        let at = address::transfer(&goods.consignment, goods.sequence);
        let transfer = self.transfers.get_mut(&at)?;
        need!(transfer.state == TransferState::Offered);
        self.consignments.get_mut(&goods.consignment)?.status = ConsignmentStatus::Held;
        transfer.state = state;
        transfer.settled_at = now;
        Some(transfer)
    }

    /// A consignment that `by` holds.
    fn at_hand(&mut self, by: Site, consignment: Address) -> Option<&mut Consignment> {
        self.check_at_hand(by, consignment)?;
        self.consignments.get_mut(&consignment)
    }

    /// The consignment of these goods, if `by` holds it and it is at the sequence that they name.
    fn named(&mut self, by: Site, goods: Goods) -> Option<&mut Consignment> {
        let consignment = self.at_hand(by, goods.consignment)?;
        need!(consignment.sequence == goods.sequence);
        Some(consignment)
    }

    /// The consignment, if `by` holds it.
    pub fn check_at_hand(&self, by: Site, consignment: Address) -> Option<&Consignment> {
        let consignment = self.consignments.get(&consignment)?;
        need!(consignment.custodian == by.gln.number());
        need!(consignment.status == ConsignmentStatus::Held);
        Some(consignment)
    }

    /// As what the site oversees the lot; `None` if it does not.
    fn oversight(&self, site: Site, lot: Address) -> Option<Party> {
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
    fn answer_by(&self, site: Gln) -> i64 {
        let other_roles = Roles::all() - Roles::DISPENSER - Roles::REGULATOR;
        let roles = self.licences[&site].roles;
        if roles.contains(Roles::DISPENSER) && !roles.intersects(other_roles) {
            business_days::after(self.now, 2)
        } else {
            one_business_day_after(self.now)
        }
    }

    #[allow(clippy::too_many_arguments, reason = "they are the case's fields")]
    fn open_case(
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
        };
        self.cases.insert(address::case(&subject, number), case);
        Some(())
    }
}

/// One business day, or 48 hours if that is less.
fn one_business_day_after(now: i64) -> i64 {
    business_days::after(now, 1).min(now + 172_800)
}

/// The effects of a transfer on the goods; a sender that is not suspended `surrenders` its own.
fn arrive(
    consignment: &mut Consignment,
    lot: &Lot,
    from: Site,
    to: Site,
    kind: Change,
    document_hash: [u8; 32],
    surrenders: bool,
) {
    consignment.custodian = to.gln.number();
    match kind {
        Change::Sale => {
            consignment.owner = to.gln.number();
            consignment.owner_since = lot.recall_changes;
            consignment.supplier = from.gln.number();
        }
        Change::Return => {
            if consignment.owner == from.gln.number() {
                consignment.owner = to.gln.number();
                consignment.owner_since = lot.recall_changes;
                consignment.supplier = 0;
            }
            consignment.restrictions |= RETURNED;
        }
        Change::Disposal if surrenders && consignment.owner == from.gln.number() => {
            consignment.restrictions |= CONDEMNED | SURRENDERED;
        }
        Change::Disposal | Change::Examination => consignment.restrictions |= RETURNED,
        _ => {}
    }
    link(consignment, kind, document_hash);
}

/// Whether the units are in the chain.
pub fn is_live(consignment: &Consignment) -> bool {
    [ConsignmentStatus::Held, ConsignmentStatus::Offered].contains(&consignment.status)
}

fn withdraw(consignment: &mut Consignment, kind: Change, document_hash: [u8; 32]) -> Option<()> {
    need!(consignment.absent == 0);
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

/// Extends the trail as its documentation says.
pub fn link(consignment: &mut Consignment, kind: Change, document_hash: [u8; 32]) {
    consignment.kind = kind;
    consignment.document_hash = document_hash;
    let link = [
        consignment.trail.as_slice(),
        &document_hash,
        &consignment.custodian.to_le_bytes(),
        &consignment.owner.to_le_bytes(),
        &consignment.sequence.to_le_bytes(),
        &consignment.first_unit.to_le_bytes(),
        &consignment.quantity.to_le_bytes(),
        &[kind.code()],
    ]
    .concat();
    consignment.trail = anchor_lang::sha256(&link);
}
