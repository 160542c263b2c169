//! The rules of single units: which dispositions they may get, and what the ledger records.

use std::ops::Range;

use anchor_lang::Address;
use bytemuck::Zeroable;
use custody::{Consignment, DispenseRecord, Disposition, LotStatus, UnitBlock, UnitPage};
use pedigree_domain::Roles;
use pedigree_interface::{Goods, Site};
use program_tests::address;

use crate::rules::{Model, OPENED, need};

/// Units whose dispositions are in one account.
pub const PAGE: u32 = 8_192;
/// Units that one instruction can name, and that one record is about.
pub const BLOCK: u32 = 64;
/// How long a dispense may be undone, in seconds.
pub const TEN_DAYS: i64 = 864_000;

/// A unit that is no longer active.
#[derive(Clone, Copy, Debug)]
pub struct Gone {
    pub disposition: Disposition,
    /// Who made it that, and when.
    pub by: u64,
    pub at: i64,
}

/// Indices of the units that a block names, as its documentation says.
pub fn units_of(block: UnitBlock) -> impl Iterator<Item = u64> {
    let first = u64::from(block.number) * u64::from(BLOCK);
    (0..u64::from(BLOCK))
        .filter(move |place| block.units >> place & 1 == 1)
        .map(move |place| first + place)
}

/// Indices of the units of a consignment.
pub fn range_of(consignment: &Consignment) -> Range<u32> {
    consignment.first_unit..consignment.first_unit + consignment.quantity
}

/// Numbers of the pages that a range of units, which is not empty, is on.
pub fn pages_of(range: Range<u32>) -> Vec<u32> {
    (range.start / PAGE..=(range.end - 1) / PAGE).collect()
}

impl Model {
    pub fn dispense(&mut self, by: Site, goods: Goods, block: UnitBlock) -> Option<()> {
        need!(self.may_trade(by, Roles::DISPENSER));
        self.check_dispensable(by, goods, block)?;
        self.dispose(by, goods, block, Disposition::Dispensed)?;
        let record = DispenseRecord {
            lot: goods.lot,
            payer: self.payer,
            dispenser: by.gln.number(),
            block: block.number,
            ..DispenseRecord::zeroed()
        };
        let at = address::dispense_record(&goods.lot, by.gln, block.number);
        let record = self.records.entry(at).or_insert(record);
        record.last_at = self.now;
        for unit in units_of(block) {
            let place = (unit % u64::from(BLOCK)) as usize;
            record.dispensed_at[place] = u32::try_from(self.now).ok()?;
        }
        Some(())
    }

    pub fn undo_dispense(&mut self, by: Site, goods: Goods, block: UnitBlock) -> Option<()> {
        need!(self.may_trade(by, Roles::DISPENSER));
        self.check_dispensable(by, goods, block)?;
        let at = address::dispense_record(&goods.lot, by.gln, block.number);
        for unit in units_of(block) {
            let gone = self.gone.remove(&(goods.lot, unit as u32))?;
            need!(gone.disposition == Disposition::Dispensed && gone.by == by.gln.number());
            need!(self.now <= gone.at + TEN_DAYS);
            self.records.get_mut(&at)?.dispensed_at[(unit % u64::from(BLOCK)) as usize] = 0;
        }
        self.recount(goods.consignment)
    }

    pub fn decommission(
        &mut self,
        by: Site,
        goods: Goods,
        block: UnitBlock,
        disposition: u8,
    ) -> Option<()> {
        need!((3..=8).contains(&disposition));
        let disposition = Disposition::from_code(disposition);
        if disposition == Disposition::Exported {
            need!(self.may_trade(by, Roles::CUSTODIANS));
            self.check_dispensable(by, goods, block)?;
            need!(self.consignments[&goods.consignment].owner == by.gln.number());
        }
        self.dispose(by, goods, block, disposition)
    }

    pub fn destroy_units(
        &mut self,
        by: Site,
        witness: Site,
        goods: Goods,
        block: UnitBlock,
    ) -> Option<()> {
        need!(by.key != witness.key && self.may_trade(witness, Roles::all()));
        let consignment = self.consignments.get(&goods.consignment)?;
        need!(consignment.open_cases == 0 && self.lots.get(&goods.lot)?.open_cases == 0);
        self.dispose(by, goods, block, Disposition::Destroyed)
    }

    pub fn close_dispense_record(&mut self, record: Address) -> Option<()> {
        need!(self.now > self.records.get(&record)?.last_at + TEN_DAYS);
        self.records.remove(&record);
        Some(())
    }

    /// Each of the units, which `by` has, becomes what `next` says.
    fn dispose(
        &mut self,
        by: Site,
        goods: Goods,
        block: UnitBlock,
        next: Disposition,
    ) -> Option<()> {
        self.check_units_at_hand(by, goods, block)?;
        for unit in units_of(block) {
            let unit = (goods.lot, unit as u32);
            match self.gone.get(&unit).map(|gone| gone.disposition) {
                None => {}
                Some(Disposition::Suspect) => {
                    need!([Disposition::Illegitimate, Disposition::Destroyed].contains(&next));
                }
                Some(Disposition::Illegitimate | Disposition::Damaged) => {
                    need!(next == Disposition::Destroyed);
                }
                Some(_) => return None,
            }
            let gone = Gone {
                disposition: next,
                by: by.gln.number(),
                at: self.now,
            };
            self.gone.insert(unit, gone);
        }
        self.recount(goods.consignment)
    }

    /// The block names units, all of them of a consignment of the lot that `by` has in its hands.
    fn check_units_at_hand(&self, by: Site, goods: Goods, block: UnitBlock) -> Option<()> {
        let consignment = self.check_at_hand(by, goods.consignment)?;
        need!(consignment.lot == goods.lot);
        let (first, quantity) = (consignment.first_unit, consignment.quantity);
        let range = u64::from(first)..u64::from(first) + u64::from(quantity);
        need!(block.units != 0 && units_of(block).all(|unit| range.contains(&unit)));
        Some(())
    }

    /// The units may go to patients: nothing stands in the way but that others of the consignment
    /// are gone.
    fn check_dispensable(&self, by: Site, goods: Goods, block: UnitBlock) -> Option<()> {
        self.check_units_at_hand(by, goods, block)?;
        let consignment = self.consignments.get(&goods.consignment)?;
        let lot = self.lots.get(&goods.lot)?;
        need!(consignment.open_cases == 0 && lot.open_cases == 0);
        need!(consignment.restrictions & !OPENED == 0);
        need!(lot.status == LotStatus::Released && self.now < lot.expires_at);
        for number in 0..usize::from(lot.recalls) {
            let first = u64::from(lot.recalled_first[number]);
            let recalled = first..first + u64::from(lot.recalled_quantity[number]);
            need!(!units_of(block).any(|unit| recalled.contains(&unit)));
        }
        Some(())
    }

    /// The units of a consignment that are no longer active, by their indices.
    pub fn gone_of(
        &self,
        consignment: &Consignment,
    ) -> impl DoubleEndedIterator<Item = (u32, &Gone)> {
        let (lot, range) = (consignment.lot, range_of(consignment));
        let gone = self.gone.range((lot, range.start)..(lot, range.end));
        gone.map(|(&(_, unit), gone)| (unit, gone))
    }

    /// Has a consignment's account say how many of its units are gone.
    pub fn recount(&mut self, at: Address) -> Option<()> {
        let inactive = self.gone_of(self.consignments.get(&at)?).count();
        let consignment = self.consignments.get_mut(&at)?;
        consignment.inactive = u32::try_from(inactive).ok()?;
        consignment.restrictions &= !OPENED;
        if inactive > 0 {
            consignment.restrictions |= OPENED;
        }
        Some(())
    }

    /// The page at this address, if there is one.
    pub fn page(&self, at: Address) -> Option<UnitPage> {
        let &(lot, number) = self.pages.get(&at)?;
        let mut page = UnitPage {
            lot,
            number,
            ..UnitPage::zeroed()
        };
        let first = number * PAGE;
        for (&(_, unit), gone) in self.gone.range((lot, first)..(lot, first + PAGE)) {
            let place = (unit - first) as usize;
            page.dispositions[place / 2] |= gone.disposition.code() << (4 * (place % 2));
        }
        Some(page)
    }
}
