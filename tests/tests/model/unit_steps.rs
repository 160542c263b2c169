//! Steps with single units: mostly at the borders of blocks, pages and consignments, and mostly such as
//! may succeed.

use anchor_lang::Address;
use custody::{Change, Consignment, ConsignmentStatus, Disposition, UnitBlock};
use pedigree_interface::{Goods, Site};
use program_tests::address;

use crate::{
    Chain, Step,
    action::{Action, DOCUMENT},
    rules::OPENED,
    state::Gone,
    steps::goods_of,
    unit_rules::{BLOCK, PAGE, TEN_DAYS, is_there, pages_of, range_of, units_of},
};

impl Chain<'_> {
    /// The action of a step with units, with its flaw among the arguments.
    pub fn on_units(&self, step: Step) -> Action {
        let is_dispensed = |gone: &Gone| gone.disposition == Disposition::Dispensed;
        let is_undone = |gone: &Gone| {
            gone.was_active
                && [Disposition::Sampled, Disposition::Exported].contains(&gone.disposition)
        };
        let is_cleared =
            |gone: &Gone| is_there(gone.disposition) || gone.disposition == Disposition::Stolen;
        let is_out = |gone: &Gone| gone.disposition != Disposition::Dispensed;
        let (mut what, mut units) = (step.what, None);
        if let Some(last) = self.undo_at_the_last_moment() {
            what = if step.goods.is_multiple_of(4) {
                what
            } else {
                last
            };
        }
        if what == 96 || (66..70).contains(&step.what) && step.goods.is_multiple_of(2) {
            units = self.units_gone(step, is_undone);
            what = if units.is_some() { 96 } else { what };
        }
        if what == 97 {
            units = self.units_gone(step, is_cleared);
        }
        if (66..70).contains(&what) {
            units = self.units_gone(step, is_dispensed);
            what = if units.is_some() { what } else { 60 };
        }
        if (60..66).contains(&what) {
            units = self.units_to_dispense(step);
            if units.is_none() {
                return self.supply(step);
            }
        }
        if (70..75).contains(&what) && step.units.is_multiple_of(2) {
            units = self.units_gone(step, is_out);
        }
        let (mut goods, consignment, mut block) =
            units.unwrap_or_else(|| self.active_units(self.goods(step.goods), step));
        let is_undone = (66..70).contains(&what) || what >= 96;
        if let Some(part) = self.spare(goods, &consignment, step).filter(|_| !is_undone) {
            return part;
        }
        let other = self.site(step.sites[1]);
        let mut by = self.site_of(consignment.custodian);
        let range = range_of(&consignment);
        match step.flaw {
            2 => goods.lot = self.lots[usize::from(step.sites[1]) % 2],
            4 => by.key = other.key,
            7 => by = other,
            12 => block = UnitBlock::of(range.end),
            13 => block = UnitBlock::of(range.start.saturating_sub(1)),
            14 => block.units = 0,
            15 => block.units = !0,
            _ => {}
        }
        match what {
            60..66 => Action::Dispense {
                by,
                owner: self.agreeing(&consignment, step),
                goods,
                block,
            },
            66..70 => Action::UndoDispense { by, goods, block },
            70..73 => Action::Decommission {
                by,
                goods,
                block,
                disposition: match step.amount % 16 {
                    0..4 => Disposition::Sampled.code(),
                    4..7 => Disposition::Exported.code(),
                    _ => (step.amount / 16 % 10) as u8,
                },
                witness: self.witness(step, goods, &consignment),
            },
            96 => Action::UndoDecommission { by, goods, block },
            97 => Action::RestoreUnits {
                by: match step.amount % 2 {
                    0 if step.flaw > 15 => self.current(self.world.regulator),
                    _ => by,
                },
                goods,
                block,
            },
            73..75 => Action::DestroyUnits {
                by,
                witness: self.site(step.sites[0]),
                goods,
                block,
            },
            _ => {
                let records: Vec<_> = self.model.records.keys().collect();
                let record = records.get(usize::from(step.goods) % records.len().max(1));
                let none = || address::unit_record(&goods.lot, by.gln, block.number);
                Action::CloseUnitRecord {
                    record: record.map_or_else(none, |&&record| record),
                    is_signed: !step.sites[0].is_multiple_of(4),
                }
            }
        }
    }

    /// Who agrees that goods are dispensed: most often their owner, if that is another site.
    fn agreeing(&self, consignment: &Consignment, step: Step) -> Option<Site> {
        match step.sites[2] % 8 {
            0 => Some(self.site(step.sites[1])),
            1 => None,
            _ if consignment.owner == consignment.custodian => None,
            _ => Some(self.site_of(consignment.owner)),
        }
    }

    /// How many units a split cuts off: up to a border of a block or a page, or where units are
    /// gone, if there is such a place.
    pub fn cut(&self, consignment: &Consignment, step: Step) -> u32 {
        let range = range_of(consignment);
        let mut gone = self.model.gone_of(consignment).map(|(unit, _)| unit);
        let place = match step.units % 6 {
            0 => Some((range.start + 1).next_multiple_of(BLOCK)),
            1 => Some(PAGE),
            2 => gone.next(),
            3 => gone.next_back().map(|unit| unit + 1),
            _ => None,
        };
        match place {
            Some(place) if range.start < place && place < range.end => range.end - place,
            _ => step.amount % (consignment.quantity + 1),
        }
    }

    /// The pages that a split names.
    pub fn pages(&self, consignment: &Consignment, quantity: u32, flaw: u8) -> Vec<u32> {
        let end = range_of(consignment).end;
        if consignment.inactive == 0 || quantity == 0 {
            return Vec::new();
        }
        let mut pages = pages_of(end - quantity..end);
        match flaw {
            12 => pages.clear(),
            13 => pages.reverse(),
            14 => pages[0] ^= 1,
            15 => pages.push(0),
            _ => {}
        }
        pages
    }

    /// The last moment, or the first after it, at which something may be undone.
    pub fn end_of_an_undo_time(&self, amount: u32) -> Option<i64> {
        let is_coming = |gone: &Gone| gone.at + TEN_DAYS >= self.model.now;
        let gone = self.model.gone.iter();
        let coming = gone.filter(|(_, gone)| is_coming(gone) && undo_of(gone).is_some());
        let coming: Vec<_> = coming.collect();
        let open = coming.iter().filter(|(at, gone)| self.may_undo(**at, gone));
        let (samples, dispensed): (Vec<&Gone>, Vec<&Gone>) = open
            .map(|(_, gone)| *gone)
            .partition(|gone| gone.disposition != Disposition::Dispensed);
        let among = match amount / 2 % 4 {
            0..2 if !samples.is_empty() => samples,
            2 if !dispensed.is_empty() => dispensed,
            _ => coming.into_iter().map(|(_, gone)| gone).collect(),
        };
        let gone = among.get(amount as usize / 8 % among.len().max(1))?;
        Some(gone.at + TEN_DAYS + i64::from(amount.is_multiple_of(3)))
    }

    /// Whether who took a unit out could take that back but for the time.
    fn may_undo(&self, (lot, unit): (Address, u32), gone: &Gone) -> bool {
        let mut consignments = self.model.consignments.values();
        let of_unit = consignments.find(|it| it.lot == lot && range_of(it).contains(&unit));
        of_unit.is_some_and(|it| {
            let is_free = it.restrictions & !OPENED == 0 && it.open_cases == 0;
            it.custodian == gone.by
                && it.status == ConsignmentStatus::Held
                && is_free
                && !self.model.is_recalled(lot, &(unit..unit + 1))
                && self.model.is_active(self.site_of(gone.by))
        })
    }

    /// What undoes that units left which can be undone at this moment and no later.
    fn undo_at_the_last_moment(&self) -> Option<u8> {
        let end = self.model.now - TEN_DAYS;
        let mut gone = self.model.gone.values().filter(|gone| gone.at == end);
        gone.find_map(undo_of)
    }

    /// The pharmacy buys something.
    fn supply(&self, step: Step) -> Action {
        let (goods, consignment) = self.goods(step.goods);
        Action::Handoff {
            from: self.site_of(consignment.custodian),
            to: self.current(self.world.pharmacy),
            kind: Change::Sale.code(),
            document_hash: DOCUMENT,
            goods,
        }
    }

    /// Active units of a consignment that the pharmacy has, or at times somebody else; `None` if the
    /// pharmacy has nothing.
    fn units_to_dispense(&self, step: Step) -> Option<(Goods, Consignment, UnitBlock)> {
        let pharmacy = self.world.pharmacy.gln.number();
        let stock: Vec<_> = self
            .live_goods()
            .filter(|(_, consignment)| consignment.custodian == pharmacy)
            .collect();
        let &of_stock = stock.get(usize::from(step.goods / 16) % stock.len().max(1))?;
        let chosen = if step.goods.is_multiple_of(16) {
            self.goods(step.goods)
        } else {
            of_stock
        };
        Some(self.active_units(chosen, step))
    }

    /// Some units of a consignment, those that are gone not among them if any are left.
    fn active_units(
        &self,
        (goods, consignment): (Goods, Consignment),
        step: Step,
    ) -> (Goods, Consignment, UnitBlock) {
        let range = range_of(&consignment);
        let place = match step.units % 5 {
            0 => range.start,
            1 => range.end - 1,
            2 => PAGE - 1,
            3 => PAGE,
            _ => range.start + step.amount % consignment.quantity,
        };
        let anchor = UnitBlock::of(place.clamp(range.start, range.end - 1));
        let wanted = match step.units / 5 % 4 {
            0 => anchor.units,
            1 => !0,
            _ => step.units | anchor.units,
        };
        let all = UnitBlock {
            units: !0,
            ..anchor
        };
        let is_active =
            |unit: u32| range.contains(&unit) && !self.model.gone.contains_key(&(goods.lot, unit));
        let active = units_of(all)
            .filter(|&unit| is_active(unit as u32))
            .fold(0, |units, unit| units | 1 << (unit % u64::from(BLOCK)));
        let units = match wanted & active {
            0 => wanted,
            units => units,
        };
        (goods, consignment, UnitBlock { units, ..anchor })
    }

    /// A gone unit of which that is true, and others of its block that are gone in the same way;
    /// first those whose time to be undone ends now.
    fn units_gone(
        &self,
        step: Step,
        is_meant: fn(&Gone) -> bool,
    ) -> Option<(Goods, Consignment, UnitBlock)> {
        let end = self.model.now - TEN_DAYS;
        let meant: Vec<_> = self
            .model
            .gone
            .iter()
            .filter(|(_, gone)| is_meant(gone))
            .collect();
        let at_the_end: Vec<_> = meant
            .iter()
            .copied()
            .filter(|(_, gone)| (end - 1..=end).contains(&gone.at))
            .collect();
        let among = if at_the_end.is_empty() {
            meant
        } else {
            at_the_end
        };
        let &(&(lot, unit), gone) = among.get(step.amount as usize % among.len().max(1))?;
        let (&at, &consignment) = self
            .model
            .consignments
            .iter()
            .find(|(_, it)| it.lot == lot && range_of(it).contains(&unit))?;
        let goods = goods_of(at, &consignment);
        let anchor = UnitBlock::of(unit);
        let wanted = UnitBlock {
            units: step.units | anchor.units,
            ..anchor
        };
        let is_like_it = |unit: u32| {
            let other = self.model.gone.get(&(lot, unit));
            let like = |it: &Gone| (it.disposition, it.at, it.was_active);
            other.is_some_and(|other| like(other) == like(gone))
        };
        let units = units_of(wanted)
            .filter(|&unit| range_of(&consignment).contains(&(unit as u32)))
            .filter(|&unit| is_like_it(unit as u32))
            .fold(0, |units, unit| units | 1 << (unit % u64::from(BLOCK)));
        Some((goods, consignment, UnitBlock { units, ..anchor }))
    }
}

/// The kind of step that undoes that a unit left, if something can.
fn undo_of(gone: &Gone) -> Option<u8> {
    match gone.disposition {
        Disposition::Dispensed => Some(66),
        Disposition::Sampled | Disposition::Exported => Some(96),
        _ => None,
    }
}
