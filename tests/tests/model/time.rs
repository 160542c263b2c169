//! Events without an action: time passes, licences end and are renewed, sites are suspended.

use custody::{Lot, TransferState};
use pedigree_domain::expiry;
use pedigree_interface::{Site, instruction::registry as to_registry};
use registry::Partner;

use crate::Chain;

impl Chain<'_> {
    /// Some time passes: hours mostly, years at times, or what is left to accept an offer or to undo a
    /// dispense.
    pub fn advance(&mut self, amount: u32) {
        let days = match amount % 40 {
            0 => 2_200,
            1..4 => i64::from(amount / 40 % 100),
            4..8 => i64::from(amount / 40 % 12),
            _ => 0,
        };
        let later = self.model.now + days * 86_400 + i64::from(amount / 64 % 7_200);
        self.model.now = match amount % 40 {
            8..14 => self.end_of_an_offer(amount / 40).unwrap_or(later),
            14..24 => self.end_of_an_undo_time(amount / 40).unwrap_or(later),
            _ => later,
        };
        self.world.ledger.set_time(self.model.now);
        if days == 2_200 {
            // The chain goes on: with new licences, and lots that are not expired.
            self.renew();
        }
    }

    /// The last moment, or the first after it, at which some offer may be accepted.
    pub fn end_of_an_offer(&self, amount: u32) -> Option<i64> {
        let transfers = self.model.transfers.values();
        let deadline = transfers
            .filter(|transfer| transfer.state == TransferState::Offered)
            .map(|transfer| transfer.deadline)
            .filter(|&deadline| deadline >= self.model.now)
            .min()?;
        Some(deadline + i64::from(amount % 2))
    }

    pub fn renew(&mut self) {
        const YEAR: i64 = 31_556_952;
        let valid_until = self.model.now + YEAR;
        let year = u32::try_from(1970 + self.model.now / YEAR + 2).unwrap();
        let label = year.min(2099) * 10_000 + 1231;
        for site in self.sites {
            self.world
                .ledger
                .edit(site.partner, |partner: &mut Partner| {
                    partner.licence_valid_until = valid_until;
                });
            self.model.licences.get_mut(&site.gln).unwrap().valid_until = valid_until;
        }
        for lot in self.lots {
            let change = |lot: &mut Lot| {
                lot.expiry = label;
                lot.expires_at = expiry::expires_at(label).unwrap();
            };
            self.world.ledger.edit(lot, change);
            change(self.model.lots.get_mut(&lot).unwrap());
        }
    }

    pub fn set_active(&mut self, site: Site, is_active: bool) {
        let licence = self.model.licences.get_mut(&site.gln).unwrap();
        if licence.is_active != is_active {
            let issuer = self.world.issuer_key;
            self.world.ledger.execute(&if is_active {
                to_registry::reinstate_partner(issuer, site.gln)
            } else {
                to_registry::suspend_partner(issuer, site.gln)
            });
            licence.is_active = is_active;
        }
    }
}
