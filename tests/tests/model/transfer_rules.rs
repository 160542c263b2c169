//! The rules of transfers: who may send what to whom, and what becomes of an offer.

use anchor_lang::Address;
use custody::{
    Change, Consignment, ConsignmentStatus, ExceptionCode, Lot, LotStatus, Party, Transfer,
    TransferState,
};
use pedigree_domain::Roles;
use pedigree_interface::{Goods, Site, identifier::Gln};
use program_tests::address;

use crate::{
    action::Action,
    rules::{CONDEMNED, HOLDERS, Model, OWNERS, RETURNED, SURRENDERED, TRADERS, link, need},
    unit_rules::range_of,
};

impl Model {
    /// Moves goods or their title, or ends an offer.
    pub fn act_on_custody(&mut self, action: &Action) -> Option<()> {
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
                    within_firm: u8::from(self.are_sisters(from.gln, to.gln)),
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
            Action::Recover {
                regulator,
                from,
                to,
                goods,
                is_offered,
                document_hash,
            } => self.recover(regulator, from, to, goods, is_offered, document_hash)?,
            _ => unreachable!("{action:?} has its rules elsewhere"),
        }
        Some(())
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
                || matches!(kind, Change::Return | Change::Disposal) && self.is_confirmed(from)
                || kind == Change::Examination && self.may_trade(from, HOLDERS)
        );
        if self.may_trade(to, takers) {
            return Some(false);
        }
        let may_keep = self.is_active(to) && self.has_role(to, HOLDERS);
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

    /// Whether goods go back to the site: it is theirs, or sold them to their owner.
    fn is_home(&self, site: Site, consignment: &Consignment) -> bool {
        consignment.supplier == site.gln.number() || self.is_its_own(site, consignment)
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
        need!(self.may_trade(regulator, Roles::REGULATOR));
        let consignment = *self.consignments.get(&goods.consignment)?;
        need!(consignment.lot == goods.lot && consignment.custodian == from.number());
        let takes_back =
            self.is_active(to) && self.has_lapsed(to) && self.is_its_own(to, &consignment);
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
        (consignment.withdrawn_since, consignment.withdrawn_at) = (0, 0);
        consignment.custodian = to.gln.number();
        consignment.sequence += 1;
        link(consignment, Change::Recovery, document_hash);
        Some(())
    }

    /// The goods may make a transfer of this kind now.
    pub fn check_goods(&self, goods: Goods, kind: Change) -> Option<()> {
        let consignment = self.consignments.get(&goods.consignment)?;
        let lot = self.lots.get(&goods.lot)?;
        need!(consignment.lot == goods.lot);
        need!(consignment.sequence == goods.sequence);
        need!(consignment.status == ConsignmentStatus::Held);
        self.check_unfrozen(consignment, lot, kind)
    }

    pub fn check_unfrozen(&self, consignment: &Consignment, lot: &Lot, kind: Change) -> Option<()> {
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
        let is_home = self.is_home(to, &consignment);
        if let Some(reversed) = reverses {
            need!(is_home || consignment.owner == from.gln.number());
            let sale = self.transfers.get(&reversed)?;
            need!(kind == Change::Return && sale.kind == Change::Sale);
            need!(sale.state == TransferState::Accepted && sale.lot == goods.lot);
            need!(sale.from == to.gln.number() && sale.to == from.gln.number());
            need!(sale.first_unit <= consignment.first_unit);
            need!(consignment.first_unit + consignment.quantity <= sale.first_unit + sale.quantity);
        } else if kind == Change::Return {
            need!(is_home);
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
        let mut title_since = self.title_since(goods, kind, self.are_sisters(from.gln, to.gln))?;
        let surrenders = !self.is_stopped(from);
        if kind == Change::Disposal && surrenders {
            title_since = self.surrendered_since(goods)?;
        }
        let consignment = self.consignments.get_mut(&goods.consignment)?;
        consignment.sequence += 1;
        arrive(
            consignment,
            title_since,
            from,
            to,
            kind,
            document_hash,
            surrenders,
        );
        self.mark(from, to, goods.consignment)
    }

    pub fn take_over(&mut self, to: Site, from: Site, goods: Goods) -> Option<()> {
        let now = self.now;
        let at = address::transfer(&goods.consignment, goods.sequence);
        let transfer = *self.transfers.get(&at)?;
        let consignment = *self.consignments.get(&goods.consignment)?;
        need!(consignment.lot == goods.lot);
        need!((transfer.from, transfer.to) == (from.gln.number(), to.gln.number()));
        need!(transfer.state == TransferState::Offered && now <= transfer.deadline);
        let only_its_own = self.check_sides(from, to, transfer.kind)?;
        need!(!only_its_own || self.is_its_own(to, &consignment));
        // Another site may answer for the lot by now: a provider that sent another's goods asks that one.
        let is_owners = consignment.owner == from.gln.number();
        let is_return = transfer.kind == Change::Return;
        need!(!is_return || is_owners || self.is_home(to, &consignment));
        let judged = self.judged(transfer.kind, to);
        self.check_unfrozen(&consignment, self.lots.get(&goods.lot)?, judged)?;
        let recall_changes = self.lots[&goods.lot].recall_changes;
        let transfer = self.settle(goods, TransferState::Accepted)?;
        transfer.settled_since = recall_changes;
        let (kind, document_hash) = (transfer.kind, transfer.document_hash);
        // As it was offered, whatever became of the firms since.
        let is_within_firm = transfer.within_firm != 0;
        let offered_at = transfer.offered_at;
        let mut title_since = self.title_since(goods, kind, is_within_firm)?;
        let status_changed_at = self.register.partners.get(&from.gln)?.status_changed_at;
        let is_older = offered_at < status_changed_at;
        need!(!is_older || matches!(kind, Change::Return | Change::Disposal));
        let surrenders = !self.is_stopped(from) && !is_older;
        if kind == Change::Disposal && surrenders {
            title_since = self.surrendered_since(goods)?;
        }
        let consignment = self.consignments.get_mut(&goods.consignment)?;
        arrive(
            consignment,
            title_since,
            from,
            to,
            kind,
            document_hash,
            surrenders,
        );
        self.mark(from, to, goods.consignment)
    }

    /// Since how many changes of the lot's recalls who gets title in a transfer has it: a return leaves a firm's
    /// title as old as it is, and no recall pays another firm that takes recalled goods back.
    fn title_since(&self, goods: Goods, kind: Change, is_within_firm: bool) -> Option<u32> {
        Some(if kind == Change::Return && is_within_firm {
            self.consignments.get(&goods.consignment)?.owner_since
        } else if kind == Change::Return
            && self.is_recalled(
                goods.lot,
                &range_of(self.consignments.get(&goods.consignment)?),
            )
        {
            u32::MAX
        } else {
            self.lots.get(&goods.lot)?.recall_changes
        })
    }

    /// Since how many changes of the lot's recalls an owner has title to what it surrenders: no recall pays it for
    /// goods of which none named any.
    fn surrendered_since(&self, goods: Goods) -> Option<u32> {
        let consignment = self.consignments.get(&goods.consignment)?;
        Some(if self.is_recalled(goods.lot, &range_of(consignment)) {
            consignment.owner_since
        } else {
            u32::MAX
        })
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
}

/// The effects of a transfer on the goods; a sender that is not stopped `surrenders` its own.
fn arrive(
    consignment: &mut Consignment,
    title_since: u32,
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
            consignment.owner_since = title_since;
            consignment.supplier = from.gln.number();
        }
        Change::Return => {
            if consignment.owner == from.gln.number() {
                consignment.owner = to.gln.number();
                consignment.owner_since = title_since;
                consignment.supplier = 0;
            }
            consignment.restrictions |= RETURNED;
        }
        Change::Disposal if surrenders && consignment.owner == from.gln.number() => {
            consignment.owner_since = title_since;
            consignment.restrictions |= CONDEMNED | SURRENDERED;
        }
        Change::Disposal | Change::Examination => consignment.restrictions |= RETURNED,
        _ => {}
    }
    link(consignment, kind, document_hash);
}
