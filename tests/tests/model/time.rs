//! Events without an action: time passes, licences end and are renewed, sites are suspended.

use custody::{Lot, Transfer, TransferState};
use pedigree_domain::{Roles, expiry};
use pedigree_interface::{Site, instruction::registry as to_registry};
use recall::RecallState;
use registry::{Partner, Product};

use crate::{Chain, recall_rules::TIME_TO_CLAIM};

/// Seconds.
const YEAR: i64 = 31_556_952;

/// Roles that a site may get.
const OTHER_ROLES: [Roles; 6] = [
    Roles::LOGISTICS,
    Roles::DISPENSER,
    Roles::WHOLESALER,
    Roles::WHOLESALER.union(Roles::DISPENSER),
    Roles::LABORATORY,
    Roles::REGULATOR,
];

impl Chain<'_> {
    /// Some time passes: hours mostly, years at times, or what is left to accept an offer, to undo a
    /// dispense or to claim.
    pub fn advance(&mut self, amount: u32) {
        let days = match amount % 40 {
            0 => 2_200,
            1..4 => i64::from(amount / 40 % 100),
            4..8 => i64::from(amount / 40 % 12),
            _ => 0,
        };
        let later = self.model.now + days * 86_400 + i64::from(amount / 64 % 7_200);
        let before = self.model.now;
        self.model.now = match amount % 40 {
            8..14 => self.end_of_an_offer(amount / 40).unwrap_or(later),
            14..22 => self.end_of_an_undo_time(amount / 40).unwrap_or(later),
            22..26 => self.end_of_claims(amount / 40).unwrap_or(later),
            26..40 => self.end_of_a_record().unwrap_or(later),
            _ => later,
        };
        self.world.ledger.set_time(self.model.now);
        if self.model.now - before > 2_000 * 86_400 {
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

    /// The last moment at which what a recall reserved cannot be withdrawn yet, or the first at which it
    /// can.
    fn end_of_claims(&self, amount: u32) -> Option<i64> {
        let recalls = self.model.recalls.recalls.values();
        let end = recalls
            .filter(|recall| recall.state == RecallState::Terminated && recall.tranches > 0)
            .map(|recall| recall.terminated_at + TIME_TO_CLAIM)
            .filter(|&end| end > self.model.now)
            .min()?;
        Some(end - i64::from(amount.is_multiple_of(4)))
    }

    /// When the record of a return that was paid for may be archived.
    pub fn end_of_a_record(&self) -> Option<i64> {
        let claims = self.model.recalls.claims.values();
        claims
            .filter_map(|page| self.model.transfers.get(&page.evidence))
            .map(|transfer| transfer.settled_at + Transfer::RETENTION)
            .filter(|&end| end > self.model.now)
            .min()
    }

    pub fn renew(&mut self) {
        let year = u32::try_from(1970 + self.model.now / YEAR + 2).unwrap();
        let label = year.min(2099) * 10_000 + 1231;
        for site in self.sites {
            self.license_until(site, self.model.now + YEAR);
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

    /// Something happens to a site: it is suspended, its licence ends or is for something else, it is all that it
    /// was again, or its product goes to another manufacturer.
    pub fn befall(&mut self, site: Site, amount: u32) {
        match amount % 16 {
            0..3 => self.set_active(site, false),
            3 | 4 => self.license(site, OTHER_ROLES[amount as usize / 16 % OTHER_ROLES.len()]),
            5 => self.pass_product(),
            6 => self.license_until(site, self.model.now),
            _ => {
                self.set_active(site, true);
                self.license(site, self.first_roles[&site.gln]);
                self.license_until(site, self.model.now + YEAR);
            }
        }
    }

    pub fn license(&mut self, site: Site, roles: Roles) {
        self.world.license(site, roles);
        self.model.licences.get_mut(&site.gln).unwrap().roles = roles;
    }

    fn license_until(&mut self, site: Site, valid_until: i64) {
        self.world
            .ledger
            .edit(site.partner, |partner: &mut Partner| {
                partner.licence_valid_until = valid_until;
            });
        self.model.licences.get_mut(&site.gln).unwrap().valid_until = valid_until;
    }

    /// The product goes from one manufacturer to the other.
    fn pass_product(&mut self) {
        let (one, other) = (self.world.manufacturer, self.world.other_manufacturer);
        let next = if self.model.maker == Some(one.gln) {
            other
        } else {
            one
        };
        self.world
            .ledger
            .edit(self.world.product, |product: &mut Product| {
                product.manufacturer = next.partner;
            });
        self.model.maker = Some(next.gln);
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
