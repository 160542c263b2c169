//! How the honest put the register right, whatever a thief or an accomplice made of it: by instructions alone.

use std::collections::BTreeSet;

use anchor_lang::Address;
use pedigree_interface::{IssuerSigner, Site, identifier::Gln};
use proptest::test_runner::TestCaseError;
use registry::{Partner, PartnerStatus};

use crate::{
    Chain,
    action::Action,
    register_action::RegisterAction,
    register_rules::SEVEN_DAYS,
    tally::{KEYS, LOTS},
};

impl Chain<'_> {
    /// Has the registry authority give the issuers new keys, these take the accomplices' licences and recover the
    /// keys of sites, and the sites dismiss the operators that they did not choose.
    ///
    /// A manufacturer whose licence was revoked is gone for good. Its product goes to the other one, which
    /// answers for the lots from then on.
    pub fn put_right(&mut self) -> Result<(), TestCaseError> {
        let authority = self.model.register.authority;
        let main = pedigree_interface::address::issuer(&self.world.issuer_key);
        let issuers: Vec<_> = self.model.register.issuers.keys().copied().collect();
        for (issuer, key) in issuers.into_iter().zip(self.keys.boards) {
            self.do_now(RegisterAction::RotateIssuerKey {
                authority,
                issuer,
                key,
            })?;
        }
        for (gln, partner) in self.partners() {
            if !self.first.contains_key(&gln) {
                if partner.status != PartnerStatus::Revoked {
                    let issuer = self.issuer_now(partner.issuer);
                    self.do_now(RegisterAction::Revoke { issuer, gln })?;
                }
            } else if partner.issuer != main {
                self.do_now(RegisterAction::Reassign {
                    authority,
                    issuer: main,
                    gln,
                })?;
            }
        }
        let gone = self.gone_maker();
        let honest = self.partners().into_iter();
        let honest: Vec<_> = honest
            .filter(|(gln, _)| self.first.contains_key(gln) && gone.map(|it| it.gln) != Some(*gln))
            .collect();
        self.recover_keys(&honest)?;
        for &(gln, _) in &honest {
            let licence = self.first[&gln];
            let partner = self.model.register.partners[&gln];
            let is_right = partner.status == PartnerStatus::Active
                && partner.roles == licence.roles
                && partner.licence_valid_until == licence.valid_until;
            if !is_right {
                self.do_now(RegisterAction::Restore {
                    authority,
                    gln,
                    licence,
                })?;
            }
            let by = self.site_of(gln.number());
            let mut operators = self.model.register.operators.values();
            let acts = |it: &registry::Operator| {
                it.partner == by.partner && it.appointments == partner.appointments
            };
            if operators.any(acts) {
                self.do_now(RegisterAction::DismissAllOperators { by })?;
            }
        }
        self.replace_maker(gone)
    }

    /// A last harm is done in some sequences: the manufacturer of a lot loses its licence for good, by who has its
    /// issuer's key; or those who own goods let themselves be counted to its firm, so that they are not paid.
    pub fn harm_at_last(&mut self) -> Result<(), TestCaseError> {
        let chosen = self.model.now.rem_euclid(8);
        let maker = self.site_of(self.model.lots[&self.lots[0]].manufacturer);
        let mut harm = Vec::new();
        let issuer_of = |gln: Gln| self.issuer_now(self.model.register.partners[&gln].issuer);
        if chosen == 2 {
            let (issuer, gln) = (issuer_of(maker.gln), maker.gln);
            harm.push(RegisterAction::Revoke { issuer, gln });
        } else if chosen == 4 {
            let consignments = self.model.consignments.values();
            let owners: BTreeSet<Gln> = consignments.map(|it| it.owner()).collect();
            let owners = owners.into_iter().filter(|gln| *gln != maker.gln);
            harm.extend(owners.map(|gln| RegisterAction::JoinFirm {
                issuer: issuer_of(gln),
                head_office: maker,
                site: self.site_of(gln.number()),
            }));
        }
        for action in harm {
            let action = action.into();
            let instruction = self.instruction(&action);
            self.attempt(action, &instruction, None)?;
        }
        Ok(())
    }

    /// The keys that thieves have, or are about to have, are replaced by the sites' own.
    fn recover_keys(&mut self, honest: &[(Gln, Partner)]) -> Result<(), TestCaseError> {
        let is_stolen = |(gln, partner): &&(Gln, Partner)| {
            !self.keys.are_of(*gln, partner.authority) || partner.pending_authority().is_some()
        };
        let stolen: Vec<_> = honest.iter().filter(is_stolen).copied().collect();
        let authority = self.model.register.authority;
        for &(gln, partner) in &stolen {
            let issuer = self.issuer_now(self.model.register.partners[&gln].issuer);
            if partner.status == PartnerStatus::Active {
                self.do_now(RegisterAction::Suspend { issuer, gln })?;
            }
            self.do_now(RegisterAction::ProposeRecovery {
                authority,
                issuer,
                gln,
                key: self.keys.after(gln, partner.authority),
            })?;
        }
        if !stolen.is_empty() {
            self.wait(SEVEN_DAYS);
        }
        self.tally
            .borrow_mut()
            .count_rescued(KEYS, stolen.len() as u64);
        for (gln, _) in stolen {
            let key = self.model.register.partners[&gln].recovery_authority;
            self.do_now(RegisterAction::CompleteRecovery { gln, key })?;
        }
        Ok(())
    }

    /// The manufacturer of a lot that will not come back, if there is one; never both.
    fn gone_maker(&self) -> Option<Site> {
        let mut lots = self.model.lots.values();
        let is_revoked = |gln: u64| {
            let partner = self.model.register.partners[&Gln::from_account(gln)];
            partner.status == PartnerStatus::Revoked
        };
        let gone = lots.find(|lot| is_revoked(lot.manufacturer));
        gone.map(|lot| self.site_of(lot.manufacturer))
    }

    /// The other manufacturer takes on what the one that is gone had to answer for.
    fn replace_maker(&mut self, gone: Option<Site>) -> Result<(), TestCaseError> {
        let Some(gone) = gone else {
            return Ok(());
        };
        let makers = [self.world.manufacturer, self.world.other_manufacturer];
        let other = makers.into_iter().find(|maker| maker.gln != gone.gln);
        let other = self.current(other.expect("there are two"));
        if !self.model.is_holder(other) {
            self.do_now(RegisterAction::MoveProduct {
                authority: self.model.register.authority,
                to: other,
            })?;
        }
        for lot in self.lots {
            if self.model.lots[&lot].manufacturer == gone.gln.number() {
                self.do_now(Action::AdoptLot { by: other, lot })?;
                self.tally.borrow_mut().count_rescued(LOTS, 1);
            }
        }
        Ok(())
    }

    fn partners(&self) -> Vec<(Gln, Partner)> {
        let partners = self.model.register.partners.iter();
        partners.map(|(&gln, &partner)| (gln, partner)).collect()
    }

    /// The issuer with the key that it has at this moment.
    pub fn issuer_now(&self, issuer: Address) -> IssuerSigner {
        IssuerSigner {
            issuer,
            key: self.model.register.issuers[&issuer].key,
        }
    }
}
