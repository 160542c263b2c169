//! The rules of the register: who may sign for a site, who vouches for it, and what becomes of a key that was
//! lost or stolen.

use anchor_lang::Address;
use bytemuck::Zeroable;
use pedigree_domain::{Permissions, Roles};
use pedigree_interface::{
    IssuerSigner, Site,
    identifier::Gln,
    instruction::registry::{Licence, OperatorTerms},
};
use program_tests::{address, layout::padded};
use registry::{Operator, Partner, PartnerStatus};

use crate::{
    register_action::{NAME, RegisterAction},
    rules::{Model, need},
    state::Register,
};

/// No key.
const NONE: Address = Address::new_from_array([0; 32]);

/// How long a recovery can be seen before it is completed, in seconds.
pub const SEVEN_DAYS: i64 = 604_800;

impl Model {
    pub fn act_on_register(&mut self, action: &RegisterAction) -> Option<()> {
        let now = self.now;
        match *action {
            RegisterAction::Admit {
                issuer,
                gln,
                key,
                licence,
            } => {
                need!(!self.register.partners.contains_key(&gln));
                need!(self.register.vouches_for(issuer, licence) && key != NONE);
                let mut new = Partner {
                    gln: gln.number(),
                    firm: gln.number(),
                    authority: key,
                    issuer: issuer.issuer,
                    issuer_key_changes: self.register.issuers[&issuer.issuer].key_changes,
                    name: padded(NAME),
                    status: PartnerStatus::Admitted,
                    admitted_at: now,
                    status_changed_at: now,
                    ..Partner::zeroed()
                };
                license(&mut new, licence, now)?;
                self.register.partners.insert(gln, new);
            }
            RegisterAction::Confirm { issuer, by } => {
                let partner = *self.register.partners.get(&by.gln)?;
                need!(partner.status == PartnerStatus::Admitted && partner.issuer == issuer);
                let vouches = self.register.issuers.get(&issuer)?;
                need!(vouches.key_changes == partner.issuer_key_changes);
                let (roles, country) = (partner.roles, partner.country);
                need!(self.register.is_in_scope(issuer, roles, country));
                let partner = self.register.partners.get_mut(&by.gln)?;
                partner.confirmed_at = now;
                set_status(partner, PartnerStatus::Active, now);
            }
            RegisterAction::Renew {
                issuer,
                gln,
                licence,
            } => {
                need!(self.register.vouches_for(issuer, licence));
                let partner = self.register.of_issuer(issuer, gln)?;
                need!(partner.status != PartnerStatus::Revoked);
                need!(stays(partner, licence));
                license(partner, licence, now)?;
            }
            RegisterAction::Suspend { issuer, gln } => {
                let partner = self.register.of_issuer(issuer, gln)?;
                need!(partner.status == PartnerStatus::Active);
                set_status(partner, PartnerStatus::Suspended, now);
            }
            RegisterAction::Reinstate { issuer, gln } => {
                let partner = *self.register.of_issuer(issuer, gln)?;
                need!(partner.status == PartnerStatus::Suspended);
                let (roles, country) = (partner.roles, partner.country);
                need!(self.register.is_in_scope(issuer.issuer, roles, country));
                let partner = self.register.of_issuer(issuer, gln)?;
                set_status(partner, PartnerStatus::Active, now);
            }
            RegisterAction::Revoke { issuer, gln } => {
                let partner = self.register.of_issuer(issuer, gln)?;
                need!(partner.status != PartnerStatus::Revoked);
                set_status(partner, PartnerStatus::Revoked, now);
            }
            RegisterAction::Restore {
                authority,
                gln,
                licence,
            } => {
                need!(authority == self.register.authority);
                let partner = self.register.partners.get_mut(&gln)?;
                need!(stays(partner, licence));
                let status = if partner.confirmed_at == 0 {
                    PartnerStatus::Admitted
                } else {
                    PartnerStatus::Active
                };
                if partner.status != status {
                    set_status(partner, status, now);
                }
                license(partner, licence, now)?;
            }
            RegisterAction::Reassign {
                authority,
                issuer,
                gln,
            } => {
                need!(authority == self.register.authority);
                let key_changes = self.register.issuers.get(&issuer)?.key_changes;
                let partner = self.register.partners.get_mut(&gln)?;
                partner.issuer = issuer;
                partner.issuer_key_changes = key_changes;
            }
            RegisterAction::RotateIssuerKey {
                authority,
                issuer,
                key,
            } => {
                need!(authority == self.register.authority && key != NONE);
                let issuer = self.register.issuers.get_mut(&issuer)?;
                issuer.key = key;
                issuer.key_changes += 1;
            }
            RegisterAction::ProposeKey { by, key } => {
                let partner = self.register.partners.get_mut(&by.gln)?;
                need!(partner.status == PartnerStatus::Active);
                partner.pending_authority = key;
            }
            RegisterAction::AcceptKey { gln, key } => {
                let partner = self.register.partners.get_mut(&gln)?;
                need!(key != NONE && partner.pending_authority == key);
                partner.authority = key;
                partner.pending_authority = NONE;
            }
            RegisterAction::ProposeRecovery {
                authority,
                issuer,
                gln,
                key,
            } => {
                need!(authority == self.register.authority && key != NONE);
                let partner = self.register.of_issuer(issuer, gln)?;
                need!(partner.confirmed_at != 0);
                partner.recovery_authority = key;
                partner.recovery_at = now + SEVEN_DAYS;
            }
            RegisterAction::CompleteRecovery { gln, key } => {
                let partner = self.register.partners.get_mut(&gln)?;
                need!(key != NONE && partner.recovery_authority == key);
                need!(now >= partner.recovery_at);
                partner.authority = key;
                partner.pending_authority = NONE;
                (partner.recovery_authority, partner.recovery_at) = (NONE, 0);
                partner.appointments += 1;
                partner.status_changed_at = now + 1;
            }
            RegisterAction::CancelRecovery { overseer, gln } => {
                let partner = self.register.overseen(overseer, gln)?;
                need!(partner.recovery_at != 0);
                (partner.recovery_authority, partner.recovery_at) = (NONE, 0);
            }
            RegisterAction::AppointOperator { by, key, terms } => self.appoint(by, key, terms)?,
            RegisterAction::DismissOperator { by, key } => {
                need!(self.register.may_dismiss(by));
                let at = address::operator(&by.partner, &key);
                self.register.operators.remove(&at)?;
            }
            RegisterAction::DismissAllOperators { by } => {
                need!(self.register.may_dismiss(by));
                self.register.partners.get_mut(&by.gln)?.appointments += 1;
            }
            RegisterAction::JoinFirm {
                issuer,
                head_office,
                site,
            } => {
                let office = *self.register.agreed(head_office)?;
                need!(office.firm == office.gln);
                let joins = *self.register.of_issuer(issuer, site.gln)?;
                let is_by_issuer = is_new(&joins) && site.key == issuer.key;
                need!(is_by_issuer || self.register.agreed(site).is_some());
                need!(joins.firm == joins.gln && joins.gln != office.gln);
                self.register.partners.get_mut(&site.gln)?.firm = office.gln;
            }
            RegisterAction::LeaveFirm {
                overseer,
                head_office,
                gln,
            } => {
                let leaves = *self.register.overseen(overseer, gln)?;
                need!(leaves.firm == head_office.gln.number() && leaves.firm != leaves.gln);
                let suffices = overseer.key == self.register.authority || is_new(&leaves);
                need!(suffices || self.register.agreed(head_office).is_some());
                self.register.partners.get_mut(&gln)?.firm = gln.number();
            }
            RegisterAction::ProposeProduct { by, to } => {
                let is_withdrawal = to.gln == by.gln && self.is_confirmed(by);
                need!(is_withdrawal || self.makes_medicines(by) && self.makes_medicines(to));
                let (_, product) = &mut self.register.product;
                need!(product.manufacturer == by.partner);
                (product.pending_manufacturer, product.proposed_at) = if to.gln == by.gln {
                    (NONE, 0)
                } else {
                    (to.partner, now)
                };
            }
            RegisterAction::AcceptProduct { by, former } => {
                let (_, product) = self.register.product;
                let former = Site::own(former, NONE);
                need!(self.makes_medicines(by) && self.makes_medicines(former));
                need!(product.pending_manufacturer == by.partner);
                need!(product.manufacturer == former.partner);
                let holder = self.register.partners.get(&former.gln)?;
                need!(holder.status_changed_at <= product.proposed_at);
                self.register.give_product(by);
            }
            RegisterAction::MoveProduct { authority, to } => {
                need!(authority == self.register.authority && self.makes_medicines(to));
                self.register.give_product(to);
                self.register.product.1.series += 1;
            }
        }
        Some(())
    }

    fn appoint(&mut self, by: Site, key: Address, terms: OperatorTerms) -> Option<()> {
        let partner = self.register.partners.get(&by.gln)?;
        need!(partner.status == PartnerStatus::Active && key != partner.authority);
        need!(key != NONE && terms.valid_until > self.now && terms.valid_from < terms.valid_until);
        need!(Permissions::from_bits(terms.permissions).is_some_and(|some| !some.is_empty()));
        let at = address::operator(&by.partner, &key);
        need!(!self.register.operators.contains_key(&at));
        let new = Operator {
            partner: by.partner,
            key,
            valid_from: terms.valid_from,
            valid_until: terms.valid_until,
            permissions: terms.permissions,
            appointments: partner.appointments,
            payer: self.payer,
            name: terms.name,
            ..Operator::zeroed()
        };
        self.register.operators.insert(at, new);
        Some(())
    }

    /// Whether the key that `site` names may sign for it what takes this permission; without one, only the
    /// site's own key may.
    pub fn may_sign(&self, site: Site, needed: Option<Permissions>) -> bool {
        let Some(partner) = self.register.partners.get(&site.gln) else {
            return false;
        };
        if site.key == partner.authority {
            return true;
        }
        let operator = site
            .operator
            .and_then(|at| self.register.operators.get(&at));
        operator.zip(needed).is_some_and(|(operator, needed)| {
            (operator.partner, operator.key) == (site.partner, site.key)
                && operator.appointments == partner.appointments
                && (operator.valid_from..operator.valid_until).contains(&self.now)
                && Permissions::from_bits_retain(operator.permissions).contains(needed)
        })
    }

    pub fn may_trade(&self, site: Site, roles: Roles) -> bool {
        self.is_active(site) && !self.has_lapsed(site) && self.has_role(site, roles)
    }

    pub fn has_role(&self, site: Site, roles: Roles) -> bool {
        let partner = self.register.partners.get(&site.gln);
        partner.is_some_and(|it| Roles::from_bits_retain(it.roles).intersects(roles))
    }

    /// Whether the site is neither suspended nor revoked, and has confirmed its admission.
    pub fn is_active(&self, site: Site) -> bool {
        self.register.status(site) == Some(PartnerStatus::Active)
    }

    pub fn is_suspended(&self, site: Site) -> bool {
        self.register.status(site) == Some(PartnerStatus::Suspended)
    }

    /// Whether the site was suspended or revoked.
    pub fn is_stopped(&self, site: Site) -> bool {
        let status = self.register.status(site);
        [Some(PartnerStatus::Suspended), Some(PartnerStatus::Revoked)].contains(&status)
    }

    /// Whether the site's key has confirmed its admission.
    pub fn is_confirmed(&self, site: Site) -> bool {
        let partner = self.register.partners.get(&site.gln);
        partner.is_some_and(|it| it.confirmed_at != 0)
    }

    /// Whether the site's licence is out of force.
    pub fn has_lapsed(&self, site: Site) -> bool {
        let partner = self.register.partners.get(&site.gln);
        partner.is_none_or(|it| self.now >= it.licence_valid_until)
    }

    /// The GLN of the head office of the site's firm.
    pub fn firm_of(&self, site: Gln) -> Option<u64> {
        self.register.partners.get(&site).map(|it| it.firm)
    }

    /// Whether both sites belong to one firm.
    pub fn are_sisters(&self, one: Gln, other: Gln) -> bool {
        self.firm_of(one) == self.firm_of(other)
    }

    /// Whether the site holds the lots' product.
    pub fn is_holder(&self, site: Site) -> bool {
        self.register.product.1.manufacturer == site.partner
    }

    fn makes_medicines(&self, site: Site) -> bool {
        self.may_trade(site, Roles::MANUFACTURER | Roles::REPACKAGER)
    }
}

impl Register {
    fn status(&self, site: Site) -> Option<PartnerStatus> {
        self.partners.get(&site.gln).map(|it| it.status)
    }

    /// Whether the key is the issuer's, which may vouch for the licence.
    fn vouches_for(&self, issuer: IssuerSigner, licence: Licence) -> bool {
        self.is_signed(issuer) && self.is_in_scope(issuer.issuer, licence.roles, licence.country)
    }

    fn is_signed(&self, issuer: IssuerSigner) -> bool {
        let of_account = self.issuers.get(&issuer.issuer);
        of_account.is_some_and(|of_account| of_account.key == issuer.key)
    }

    fn is_in_scope(&self, issuer: Address, roles: u16, country: u16) -> bool {
        self.issuers.get(&issuer).is_some_and(|issuer| {
            let is_everywhere = issuer.countries[0] == 0;
            roles & !issuer.roles == 0 && (is_everywhere || issuer.countries.contains(&country))
        })
    }

    /// The site, if the issuer signs that vouches for it.
    fn of_issuer(&mut self, issuer: IssuerSigner, gln: Gln) -> Option<&mut Partner> {
        need!(self.is_signed(issuer));
        let partner = self.partners.get_mut(&gln)?;
        need!(partner.issuer == issuer.issuer);
        Some(partner)
    }

    /// The site, if its issuer or the registry authority signs.
    fn overseen(&mut self, overseer: IssuerSigner, gln: Gln) -> Option<&mut Partner> {
        need!(overseer.key == self.authority || self.is_signed(overseer));
        let partner = self.partners.get_mut(&gln)?;
        need!(partner.issuer == overseer.issuer);
        Some(partner)
    }

    /// The site, if its own key agrees to something, which only an active one's may.
    fn agreed(&self, site: Site) -> Option<&Partner> {
        let partner = self.partners.get(&site.gln)?;
        need!(partner.authority == site.key && partner.status == PartnerStatus::Active);
        Some(partner)
    }

    /// Whether the site may dismiss operators.
    fn may_dismiss(&self, site: Site) -> bool {
        let partner = self.partners.get(&site.gln);
        partner.is_some_and(|it| it.confirmed_at != 0 && it.status != PartnerStatus::Suspended)
    }

    fn give_product(&mut self, to: Site) {
        let (_, product) = &mut self.product;
        product.manufacturer = to.partner;
        product.pending_manufacturer = NONE;
        product.proposed_at = 0;
    }
}

/// Whether nothing can name the site yet.
fn is_new(partner: &Partner) -> bool {
    partner.confirmed_at == 0 && partner.appointments == 0
}

/// Whether a site that goods may name stays a regulator, or none.
fn stays(partner: &Partner, licence: Licence) -> bool {
    let was = Roles::from_bits_retain(partner.roles).contains(Roles::REGULATOR);
    is_new(partner) || was == Roles::from_bits_retain(licence.roles).contains(Roles::REGULATOR)
}

/// Gives the site a licence, if it is valid.
fn license(partner: &mut Partner, licence: Licence, now: i64) -> Option<()> {
    let roles = Roles::from_bits(licence.roles)?;
    let is_alone = !roles.contains(Roles::REGULATOR) || roles == Roles::REGULATOR;
    need!(!roles.is_empty() && is_alone);
    need!((1..=999).contains(&licence.country) && licence.valid_until > now);
    partner.roles = licence.roles;
    partner.country = licence.country;
    partner.licence_valid_until = licence.valid_until;
    partner.licence_hash = licence.hash;
    Some(())
}

fn set_status(partner: &mut Partner, status: PartnerStatus, now: i64) {
    partner.status = status;
    partner.status_changed_at = partner.status_changed_at.max(now);
    partner.pending_authority = NONE;
}
