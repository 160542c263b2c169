//! The rules of restrictions, and who oversees a lot.

use custody::{Change, Consignment, LotStatus, Party};
use pedigree_domain::Roles;

use crate::{
    action::Action,
    rules::{
        CONDEMNED, HOLDERS, Model, OPENED, QUARANTINED, RETURNED, SURRENDERED, TRADERS, is_live,
        link, need,
    },
};

impl Model {
    /// Sets goods or lots aside, or lets them go on.
    pub fn act_on_restrictions(&mut self, action: &Action) -> Option<()> {
        match *action {
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
                let is_returned = consignment.restrictions & RETURNED != 0;
                need!(is_returned || consignment.owner_since == u32::MAX);
                consignment.restrictions &= !RETURNED;
                need!(consignment.restrictions & !OPENED == 0);
                let judged = Consignment {
                    restrictions: 0,
                    ..*consignment
                };
                need!(judged.lot == goods.lot);
                let lot = self.lots.get(&goods.lot)?;
                self.check_unfrozen(&judged, lot, Change::Sale)?;
                let recall_changes = lot.recall_changes;
                let consignment = self.consignments.get_mut(&goods.consignment)?;
                if consignment.owner_since == u32::MAX {
                    consignment.owner_since = recall_changes;
                }
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
            Action::AdoptLot { by, lot } => {
                need!(self.is_holder(by));
                need!(self.may_trade(by, Roles::MANUFACTURER | Roles::REPACKAGER));
                let lot = self.lots.get_mut(&lot)?;
                need!(lot.manufacturer != by.gln.number());
                if lot.quarantined_by == lot.manufacturer {
                    lot.quarantined_by = by.gln.number();
                }
                lot.manufacturer = by.gln.number();
            }
            _ => unreachable!("{action:?} has its rules elsewhere"),
        }
        Some(())
    }
}
