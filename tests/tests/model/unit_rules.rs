//! The rules of single units: which dispositions they may get, and what the ledger records.

use std::ops::Range;

use anchor_lang::Address;
use bytemuck::Zeroable;
use custody::{Consignment, Disposition, LotStatus, UnitBlock, UnitPage, UnitRecord};
use pedigree_domain::Roles;
use pedigree_interface::{Goods, Site, instruction::custody::Witness};
use program_tests::address;

use crate::{
    action::{Action, DOCUMENT},
    rules::{HOLDERS, Model, OPENED, OWNERS, TRADERS, is_live, need},
    state::Gone,
};

/// Units whose dispositions are in one account.
pub const PAGE: u32 = 8_192;
/// Units that one instruction can name, and that one record is about.
pub const BLOCK: u32 = 64;
/// How long a dispense may be undone, in seconds.
pub const TEN_DAYS: i64 = 864_000;

/// What may be undone, as a dispense may.
const UNDONE: [Disposition; 2] = [Disposition::Sampled, Disposition::Exported];

/// Whether such a unit is with its consignment's custodian.
pub fn is_there(disposition: Disposition) -> bool {
    [
        Disposition::Damaged,
        Disposition::Suspect,
        Disposition::Illegitimate,
    ]
    .contains(&disposition)
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
    /// Does something with single units.
    pub fn act_on_units(&mut self, action: &Action) -> Option<()> {
        match *action {
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
            _ => unreachable!("{action:?} has its rules elsewhere"),
        }
        Some(())
    }

    pub fn dispense(
        &mut self,
        by: Site,
        owner: Option<Site>,
        goods: Goods,
        block: UnitBlock,
    ) -> Option<()> {
        need!(self.may_trade(by, Roles::DISPENSER));
        let owned_by = self.consignments.get(&goods.consignment)?.owner;
        if owned_by != by.gln.number() {
            let owner = owner?;
            need!(owner.gln.number() == owned_by && self.may_trade(owner, OWNERS));
        }
        self.check_dispensable(by, goods, block)?;
        self.dispose(by, goods, block, Disposition::Dispensed, [0; 32])?;
        self.note(by, goods, block)
    }

    /// The site's record says when it took out the units.
    fn note(&mut self, by: Site, goods: Goods, block: UnitBlock) -> Option<()> {
        let record = UnitRecord {
            lot: goods.lot,
            payer: self.payer,
            site: by.gln.number(),
            block: block.number,
            ..UnitRecord::zeroed()
        };
        let at = address::unit_record(&goods.lot, by.gln, block.number);
        let record = self.records.entry(at).or_insert(record);
        record.last_at = self.now;
        for unit in units_of(block) {
            let place = (unit % u64::from(BLOCK)) as usize;
            if self.gone[&(goods.lot, unit as u32)].was_active {
                record.gone_at[place] = u32::try_from(self.now).ok()?;
            }
        }
        Some(())
    }

    pub fn undo_dispense(&mut self, by: Site, goods: Goods, block: UnitBlock) -> Option<()> {
        need!(self.may_trade(by, Roles::DISPENSER));
        self.undo(by, goods, block, &[Disposition::Dispensed])
    }

    pub fn undo_decommission(&mut self, by: Site, goods: Goods, block: UnitBlock) -> Option<()> {
        need!(self.may_trade(by, TRADERS));
        self.undo(by, goods, block, &UNDONE)
    }

    /// Who took the units out in one of these ways takes that back within ten days.
    fn undo(
        &mut self,
        by: Site,
        goods: Goods,
        block: UnitBlock,
        undone: &[Disposition],
    ) -> Option<()> {
        self.check_dispensable(by, goods, block)?;
        let at = address::unit_record(&goods.lot, by.gln, block.number);
        for unit in units_of(block) {
            let gone = self.gone.remove(&(goods.lot, unit as u32))?;
            need!(undone.contains(&gone.disposition) && gone.by == by.gln.number());
            need!(self.now <= gone.at + TEN_DAYS && gone.was_active);
            self.records.get_mut(&at)?.gone_at[(unit % u64::from(BLOCK)) as usize] = 0;
        }
        self.link_units(by, goods, block, Disposition::Active, [0; 32])?;
        self.recount(goods.consignment)
    }

    pub fn decommission(
        &mut self,
        by: Site,
        goods: Goods,
        block: UnitBlock,
        disposition: u8,
        witness: Option<Witness>,
    ) -> Option<()> {
        need!((3..=8).contains(&disposition));
        let disposition = Disposition::from_code(disposition);
        let is_theft = disposition == Disposition::Stolen && self.is_confirmed(by);
        need!(is_theft || self.may_trade(by, HOLDERS));
        let needs_owner = [
            Disposition::Sampled,
            Disposition::Illegitimate,
            Disposition::Damaged,
            Disposition::Stolen,
        ]
        .contains(&disposition);
        let is_taken_away = !is_there(disposition);
        self.check_exit(by, goods, witness, needs_owner, is_taken_away)?;
        need!(disposition != Disposition::Sampled || self.may_be_sampled(goods, witness));
        if disposition == Disposition::Exported {
            need!(self.may_trade(by, TRADERS));
            self.check_dispensable(by, goods, block)?;
            need!(self.consignments[&goods.consignment].owner == by.gln.number());
        }
        self.dispose(by, goods, block, disposition, DOCUMENT)?;
        if UNDONE.contains(&disposition) {
            self.note(by, goods, block)?;
        }
        Some(())
    }

    /// Suspect units that were cleared are active again, or for a regulator others too.
    pub fn restore_units(&mut self, by: Site, goods: Goods, block: UnitBlock) -> Option<()> {
        let consignment = *self.consignments.get(&goods.consignment)?;
        let restored: &[Disposition] = if consignment.custodian == by.gln.number() {
            need!(self.may_trade(by, TRADERS));
            self.check_at_hand(by, goods.consignment)?;
            need!(consignment.open_cases == 0 && self.lots.get(&goods.lot)?.open_cases == 0);
            &[Disposition::Suspect]
        } else {
            need!(self.may_trade(by, Roles::REGULATOR) && is_live(&consignment));
            &[
                Disposition::Suspect,
                Disposition::Illegitimate,
                Disposition::Stolen,
            ]
        };
        self.check_units_within(&consignment, goods, block)?;
        for unit in units_of(block) {
            let gone = self.gone.remove(&(goods.lot, unit as u32))?;
            need!(restored.contains(&gone.disposition));
        }
        self.link_units(by, goods, block, Disposition::Active, DOCUMENT)?;
        self.recount(goods.consignment)
    }

    pub fn destroy_units(
        &mut self,
        by: Site,
        witness: Site,
        goods: Goods,
        block: UnitBlock,
    ) -> Option<()> {
        self.check_destruction(by, witness, goods)?;
        self.check_units_at_hand(by, goods, block)?;
        let goods_now = self.consignments.get(&goods.consignment)?;
        need!(self.owner_agrees(by, goods_now, Some(witness.into())));
        let mut units = units_of(block).map(|unit| unit as u32);
        need!(!units.any(|unit| self.is_recalled(goods.lot, &(unit..unit + 1))));
        self.dispose(by, goods, block, Disposition::Destroyed, [0; 32])
    }

    pub fn close_unit_record(&mut self, record: Address, is_signed: bool) -> Option<()> {
        let kept = if is_signed { TEN_DAYS } else { 2_192 * 86_400 };
        need!(self.now > self.records.get(&record)?.last_at + kept);
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
        document_hash: [u8; 32],
    ) -> Option<()> {
        self.check_units_at_hand(by, goods, block)?;
        for unit in units_of(block) {
            let unit = (goods.lot, unit as u32);
            let current = self.gone.get(&unit).map(|gone| gone.disposition);
            let may_become = match current {
                None => true,
                Some(Disposition::Suspect) if next == Disposition::Illegitimate => true,
                Some(Disposition::Stolen) => next == Disposition::Destroyed,
                Some(current) if is_there(current) => [
                    Disposition::Stolen,
                    Disposition::Sampled,
                    Disposition::Destroyed,
                ]
                .contains(&next),
                Some(_) => false,
            };
            need!(may_become);
            let gone = Gone {
                disposition: next,
                by: by.gln.number(),
                at: self.now,
                was_active: current.is_none(),
            };
            self.gone.insert(unit, gone);
        }
        self.link_units(by, goods, block, next, document_hash)?;
        self.recount(goods.consignment)
    }

    /// Extends the page's trail as its documentation says.
    fn link_units(
        &mut self,
        by: Site,
        goods: Goods,
        block: UnitBlock,
        disposition: Disposition,
        document_hash: [u8; 32],
    ) -> Option<()> {
        let page = address::unit_page(&goods.lot, block.number / (PAGE / BLOCK));
        need!(self.pages.contains_key(&page));
        let trail = self.trails.entry(page).or_insert(goods.lot.to_bytes());
        let link = [
            trail.as_slice(),
            &document_hash,
            &by.gln.number().to_le_bytes(),
            &block.number.to_le_bytes(),
            &block.units.to_le_bytes(),
            &[disposition.code()],
        ]
        .concat();
        *trail = anchor_lang::sha256(&link);
        Some(())
    }

    /// The block names units, all of them of a consignment of the lot that `by` has in its hands.
    fn check_units_at_hand(&self, by: Site, goods: Goods, block: UnitBlock) -> Option<()> {
        let consignment = self.check_at_hand(by, goods.consignment)?;
        self.check_units_within(consignment, goods, block)
    }

    /// The block names units, all of them of the consignment, which is of the lot.
    fn check_units_within(
        &self,
        consignment: &Consignment,
        goods: Goods,
        block: UnitBlock,
    ) -> Option<()> {
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
        let of_it = self.consignments.get(&at)?;
        let inactive = self.gone_of(of_it).count();
        let is_absent = |gone: &(u32, &Gone)| !is_there(gone.1.disposition);
        let absent = self.gone_of(of_it).filter(is_absent).count();
        let consignment = self.consignments.get_mut(&at)?;
        consignment.inactive = u32::try_from(inactive).ok()?;
        consignment.absent = u32::try_from(absent).ok()?;
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
            trail: self.trails.get(&at).copied().unwrap_or(lot.to_bytes()),
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
