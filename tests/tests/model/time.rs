//! Events without an action: time passes.

use custody::{Lot, Transfer, TransferState};
use pedigree_domain::expiry;
use recall::RecallState;

use crate::{Chain, recall_rules::TIME_TO_CLAIM, start::FAR_OFF};

/// Seconds.
const YEAR: i64 = 31_556_952;

impl Chain<'_> {
    /// Some time passes: hours mostly, years at times, or what is left to accept an offer, to undo a
    /// dispense, to claim, of a licence or until a key is recovered.
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
            8..13 => self.end_of_an_offer(amount / 40).unwrap_or(later),
            13..20 => self.end_of_an_undo_time(amount / 40).unwrap_or(later),
            20..24 => self.end_of_claims(amount / 40).unwrap_or(later),
            24..27 => self.end_of_a_recovery(amount / 40).unwrap_or(later),
            27 | 28 => self.end_of_a_licence(amount / 40).unwrap_or(later),
            29..40 => self.end_of_a_record().unwrap_or(later),
            _ => later,
        };
        self.world.ledger.set_time(self.model.now);
        if self.model.now - before > 2_000 * 86_400 {
            self.renew_lots();
        }
    }

    /// Some seconds pass.
    pub fn wait(&mut self, seconds: i64) {
        self.model.now += seconds;
        self.world.ledger.set_time(self.model.now);
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

    /// The last moment at which a recovery cannot be completed yet, or the first at which it can.
    fn end_of_a_recovery(&self, amount: u32) -> Option<i64> {
        let partners = self.model.register.partners.values();
        let end = partners
            .map(|it| it.recovery_at)
            .filter(|&end| end > self.model.now);
        Some(end.min()? - i64::from(amount.is_multiple_of(4)))
    }

    /// The last moment of a licence, or the first at which it is out of force.
    fn end_of_a_licence(&self, amount: u32) -> Option<i64> {
        let partners = self.model.register.partners.values();
        let ends = partners.map(|it| it.licence_valid_until);
        let end = ends
            .filter(|&end| end > self.model.now && end < FAR_OFF)
            .min()?;
        Some(end - i64::from(amount % 2))
    }

    /// Changes the dates on the labels, as no instruction could, so that lots are in trade again after many
    /// years.
    fn renew_lots(&mut self) {
        let year = u32::try_from(1970 + self.model.now / YEAR + 2).unwrap();
        let label = year.min(2099) * 10_000 + 1231;
        for lot in self.lots {
            let change = |lot: &mut Lot| {
                lot.expiry = label;
                lot.expires_at = expiry::expires_at(label).unwrap();
            };
            self.world.ledger.edit(lot, change);
            change(self.model.lots.get_mut(&lot).unwrap());
        }
    }
}
