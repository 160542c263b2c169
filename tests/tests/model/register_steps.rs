//! Steps with the register: thieves of a site's or an issuer's key, a foreign issuer, accomplices and sisters; and
//! those who put right what they did.

use anchor_lang::Address;
use pedigree_domain::{Permissions, Roles};
use pedigree_interface::{
    IssuerSigner, Site,
    identifier::Gln,
    instruction::registry::{Licence, OperatorTerms},
};
use program_tests::world::{COUNTRY, operator_terms};
use registry::{Partner, PartnerStatus};

use crate::{
    Chain, Step,
    register_action::RegisterAction,
    start::{FOREIGN_COUNTRY, FOREIGN_ROLES, lasting},
};

/// Roles that a site may get for its own.
const OTHER_ROLES: [Roles; 7] = [
    Roles::LOGISTICS,
    Roles::DISPENSER,
    Roles::WHOLESALER,
    Roles::WHOLESALER.union(Roles::DISPENSER),
    Roles::LABORATORY,
    Roles::REGULATOR,
    Roles::REGULATOR.union(Roles::WHOLESALER),
];

impl Chain<'_> {
    /// The action of a step with the register, with its flaw among the arguments.
    pub fn on_the_register(&self, step: Step) -> RegisterAction {
        let site = self.site(step.sites[0]);
        let gln = site.gln;
        let by = self.signer(site, step);
        match step.what {
            104..108 => self.mend(step),
            57 | 108 => self.harm(site, step),
            109 => self.change_key(site, step),
            110 => self.recover_key(site, step),
            111 => match step.amount % 8 {
                0..4 => self.appoint(by, step),
                4..7 => self.dismiss(by, step),
                _ => RegisterAction::DismissAllOperators { by },
            },
            118 if step.amount.is_multiple_of(2) => self.dismiss(by, step),
            118 => self.cancel_recovery(step),
            112 => self.admit(step),
            113 => self.join_or_leave(site, step),
            114 => self.pass_product(step),
            _ if step.amount.is_multiple_of(2) => RegisterAction::Reassign {
                authority: self.authority(step),
                issuer: self.issuer_number(step.sites[2].is_multiple_of(4)),
                gln,
            },
            _ => RegisterAction::RotateIssuerKey {
                authority: self.authority(step),
                issuer: self.issuer_number(step.sites[2].is_multiple_of(2)),
                key: self.keys.boards[usize::from(step.sites[1]) % 3],
            },
        }
    }

    /// The registry authority, or who takes itself for it.
    fn authority(&self, step: Step) -> Address {
        match step.flaw {
            4 => self.keys.thieves[0],
            7 => self.site(step.sites[1]).key,
            _ => self.model.register.authority,
        }
    }

    /// The address of one of the issuers' accounts: the one with the narrow scope, or the other.
    fn issuer_number(&self, is_foreign: bool) -> Address {
        let key = if is_foreign {
            self.world.other_issuer_key
        } else {
            self.world.issuer_key
        };
        pedigree_interface::address::issuer(&key)
    }

    /// The issuer at this address with its key, perhaps with another key, or another issuer.
    fn signing(&self, issuer: Address, step: Step) -> IssuerSigner {
        let issuers = &self.model.register.issuers;
        let mut signer = IssuerSigner {
            issuer,
            key: issuers[&issuer].key,
        };
        match step.flaw {
            4 => signer.key = self.world.issuer_key,
            5 => signer.key = self.keys.thieves[1],
            6 => {
                let other = issuers.iter().find(|(at, _)| **at != issuer);
                let (&issuer, other) = other.expect("there are two");
                signer = IssuerSigner {
                    issuer,
                    key: other.key,
                };
            }
            _ => {}
        }
        signer
    }

    /// The issuer that vouches for the site.
    fn issuer_of(&self, gln: Gln, step: Step) -> IssuerSigner {
        self.signing(self.model.register.partners[&gln].issuer, step)
    }

    /// Who has an issuer's key does harm to a site that it vouches for.
    fn harm(&self, site: Site, step: Step) -> RegisterAction {
        let gln = site.gln;
        let issuer = self.issuer_of(gln, step);
        let partner = self.model.register.partners[&gln];
        let roles = OTHER_ROLES[step.amount as usize / 16 % OTHER_ROLES.len()];
        match step.amount % 16 {
            0..4 => RegisterAction::Suspend { issuer, gln },
            4..7 => RegisterAction::Revoke { issuer, gln },
            7..9 => RegisterAction::Renew {
                issuer,
                gln,
                licence: lasting(roles.bits(), COUNTRY),
            },
            // It ends soon, or has ended.
            9..11 => RegisterAction::Renew {
                issuer,
                gln,
                licence: Licence {
                    valid_until: self.model.now + i64::from(step.amount / 16 % 7_200),
                    ..lasting(partner.roles, partner.country)
                },
            },
            11 => RegisterAction::CancelRecovery {
                overseer: issuer,
                gln,
            },
            12 | 13 => RegisterAction::Reinstate { issuer, gln },
            _ => RegisterAction::Restore {
                authority: self.authority(step),
                gln,
                licence: lasting(partner.roles, partner.country),
            },
        }
    }

    /// A site of which something is not as it should be is put right, by who may.
    fn mend(&self, step: Step) -> RegisterAction {
        let partners = &self.model.register.partners;
        let is_wrong = |(gln, partner): &(&Gln, &Partner)| {
            let first = self.first.get(gln);
            let is_other = first.is_some_and(|first| first.roles != partner.roles);
            let has_lapsed = partner.licence_valid_until <= self.model.now;
            partner.status != PartnerStatus::Active || is_other || has_lapsed
        };
        let wrong: Vec<_> = partners.iter().filter(is_wrong).collect();
        let chosen = wrong.get(usize::from(step.goods) % wrong.len().max(1));
        let (gln, partner) = match chosen {
            Some(&(&gln, partner)) => (gln, *partner),
            None => {
                let site = self.site(step.sites[0]);
                return self.recover_key(site, step);
            }
        };
        let first = self.first.get(&gln).copied();
        let licence = first.unwrap_or_else(|| lasting(partner.roles, partner.country));
        let issuer = self.issuer_of(gln, step);
        let authority = self.authority(step);
        match partner.status {
            PartnerStatus::Admitted => RegisterAction::Confirm {
                issuer: issuer.issuer,
                by: self.signer(self.site_of(gln.number()), step),
            },
            PartnerStatus::Suspended if !step.amount.is_multiple_of(3) => {
                RegisterAction::Reinstate { issuer, gln }
            }
            PartnerStatus::Active if step.amount.is_multiple_of(2) => RegisterAction::Renew {
                issuer,
                gln,
                licence,
            },
            _ => RegisterAction::Restore {
                authority,
                gln,
                licence,
            },
        }
    }

    /// Who has a site's key has it replaced: by a thief's mostly.
    fn change_key(&self, site: Site, step: Step) -> RegisterAction {
        let partners = self.model.register.partners.values();
        let mut proposed = partners.filter(|it| it.pending_authority().is_some());
        let proposed = proposed.nth(usize::from(step.sites[1]) % 2);
        let thief = self.keys.thieves[usize::from(step.sites[2]) % 3];
        if let Some(partner) = proposed.filter(|_| !step.amount.is_multiple_of(3)) {
            let key = match step.flaw {
                4 | 7 => thief,
                _ => partner.pending_authority,
            };
            return RegisterAction::AcceptKey {
                gln: partner.gln(),
                key,
            };
        }
        if step.amount % 3 == 1 {
            // It may have been named before the site was stopped.
            return RegisterAction::AcceptKey {
                gln: site.gln,
                key: thief,
            };
        }
        let number = step.sites[2];
        RegisterAction::ProposeKey {
            by: self.signer(site, step),
            key: match number % 4 {
                0 => self.keys.after(site.gln, site.key),
                _ => self.keys.thieves[usize::from(number / 4) % 3],
            },
        }
    }

    /// A site that lost its key gets another one of its own, or it is too early for that.
    fn recover_key(&self, site: Site, step: Step) -> RegisterAction {
        let partners = &self.model.register.partners;
        let recovered = partners.values().find(|it| it.recovery().is_some());
        if let Some(partner) = recovered.filter(|_| !step.amount.is_multiple_of(4)) {
            let (gln, is_due) = (partner.gln(), partner.recovery_at <= self.model.now);
            if is_due || step.amount % 4 == 1 {
                let key = match step.flaw {
                    4 | 7 => self.keys.thieves[usize::from(step.sites[2]) % 3],
                    _ => partner.recovery_authority,
                };
                return RegisterAction::CompleteRecovery { gln, key };
            }
        }
        let is_stolen =
            |(gln, partner): &(&Gln, &Partner)| !self.keys.are_of(**gln, partner.authority);
        let stolen = partners.iter().find(is_stolen).map(|(gln, _)| *gln);
        let gln = stolen.unwrap_or(site.gln);
        let issuer = self.issuer_of(gln, step);
        let authority = self.authority(step);
        RegisterAction::ProposeRecovery {
            authority,
            issuer,
            gln,
            key: self.keys.after(gln, partners[&gln].authority),
        }
    }

    /// Somebody has a recovery cancelled, who may mostly.
    fn cancel_recovery(&self, step: Step) -> RegisterAction {
        let partners = &self.model.register.partners;
        let recovered = partners.values().find(|it| it.recovery().is_some());
        let site = self.site(step.sites[0]);
        let gln = recovered.map_or(site.gln, |it| it.gln());
        let issuer = self.issuer_of(gln, step);
        let key = match step.sites[2] % 4 {
            0 => issuer.key,
            1 => self.site_of(gln.number()).key,
            _ => self.authority(step),
        };
        RegisterAction::CancelRecovery {
            overseer: IssuerSigner { key, ..issuer },
            gln,
        }
    }

    /// A site dismisses an operator, mostly one that it has.
    fn dismiss(&self, by: Site, step: Step) -> RegisterAction {
        let operators = &self.model.register.operators;
        let place = step.amount as usize / 8 % operators.len().max(1);
        let of_somebody = operators.values().nth(place);
        let mut sites = self.sites.iter();
        let employer = of_somebody.and_then(|it| sites.find(|site| site.partner == it.partner));
        match of_somebody
            .zip(employer)
            .filter(|_| !step.goods.is_multiple_of(4))
        {
            Some((operator, employer)) => RegisterAction::DismissOperator {
                by: self.signer(self.current(*employer), step),
                key: operator.key,
            },
            None => RegisterAction::DismissOperator {
                by,
                key: self.keys.people[usize::from(step.sites[2]) % 3],
            },
        }
    }

    fn appoint(&self, by: Site, step: Step) -> RegisterAction {
        let permissions = match step.sites[1] % 4 {
            0 => Permissions::from_bits_truncate(step.units as u16),
            _ => Permissions::all(),
        };
        let days = i64::from(step.amount / 8 % 3_000);
        RegisterAction::AppointOperator {
            by,
            key: self.keys.people[usize::from(step.sites[2]) % 3],
            terms: OperatorTerms {
                valid_from: self.model.now + i64::from(step.units as u32 % 3) - 1,
                valid_until: self.model.now + days * 86_400,
                ..operator_terms(permissions)
            },
        }
    }

    /// An issuer admits an accomplice: the foreign one within its scope or not, or who has the other's key.
    fn admit(&self, step: Step) -> RegisterAction {
        let partners = &self.model.register.partners;
        let unconfirmed = partners.values().find(|it| it.confirmed_at == 0);
        if let Some(partner) = unconfirmed.filter(|_| !step.amount.is_multiple_of(4)) {
            let site = self.site_of(partner.gln);
            return RegisterAction::Confirm {
                issuer: self.issuer_of(partner.gln(), step).issuer,
                by: self.signer(site, step),
            };
        }
        let is_foreign = !step.amount.is_multiple_of(3);
        let issuer = self.signing(self.issuer_number(is_foreign), step);
        let number = usize::from(step.sites[0]) % 4;
        let site = self.sites[self.first.len()..].get(number);
        let site = site.copied().unwrap_or_else(|| self.site(step.sites[1]));
        let licence = match step.units % 8 {
            0 => lasting(Roles::REGULATOR.bits(), FOREIGN_COUNTRY),
            1 => lasting(FOREIGN_ROLES.bits(), COUNTRY),
            2 => lasting(Roles::MANUFACTURER.bits(), FOREIGN_COUNTRY),
            3 if !is_foreign => lasting(Roles::REGULATOR.bits(), COUNTRY),
            3..5 => lasting(Roles::LOGISTICS.bits(), FOREIGN_COUNTRY),
            _ => lasting(Roles::WHOLESALER.bits(), FOREIGN_COUNTRY),
        };
        RegisterAction::Admit {
            issuer,
            gln: site.gln,
            key: self.keys.after(site.gln, Default::default()),
            licence,
        }
    }

    /// Two sites become sisters, or one is on its own again.
    fn join_or_leave(&self, site: Site, step: Step) -> RegisterAction {
        let gln = site.gln;
        let issuer = self.issuer_of(gln, step);
        let partners = &self.model.register.partners;
        if step.amount.is_multiple_of(3) {
            let has_joined = |it: &&Partner| it.firm != it.gln;
            let mut joined = partners.values().filter(has_joined);
            let leaver = joined.nth(usize::from(step.sites[1]) % 2);
            let gln = leaver.map_or(gln, |it| it.gln());
            let issuer = self.issuer_of(gln, step);
            let head_office = self.site_of(partners[&gln].firm);
            let (key, agrees) = match step.sites[2] % 4 {
                0 | 1 => (self.authority(step), self.authority(step)),
                2 => (issuer.key, issuer.key),
                _ => (issuer.key, head_office.key),
            };
            return RegisterAction::LeaveFirm {
                overseer: IssuerSigner { key, ..issuer },
                head_office: Site::own(head_office.gln, agrees),
                gln,
            };
        }
        let head_office = match step.sites[1] % 4 {
            0 => self.current(self.world.manufacturer),
            1 => self.current(self.world.wholesaler),
            _ => self.site(step.sites[1] / 4),
        };
        // Some of them are not asked.
        let signing = |site: Site, asked: bool| match asked {
            true => site,
            false => Site::own(site.gln, issuer.key),
        };
        RegisterAction::JoinFirm {
            issuer,
            head_office: signing(head_office, !step.sites[2].is_multiple_of(8)),
            site: signing(self.site_of(gln.number()), step.sites[2] % 8 != 1),
        }
    }

    /// The lots' product goes from one manufacturer to the other.
    fn pass_product(&self, step: Step) -> RegisterAction {
        let (_, product) = self.model.register.product;
        let makers = [self.world.manufacturer, self.world.other_manufacturer];
        let [holder, other] = if product.manufacturer == makers[0].partner {
            makers
        } else {
            [makers[1], makers[0]]
        };
        let (holder, other) = (self.current(holder), self.current(other));
        let to = match step.sites[1] % 8 {
            0 => holder,
            1 => self.site(step.sites[2]),
            _ => other,
        };
        if step.amount.is_multiple_of(4) {
            return RegisterAction::MoveProduct {
                authority: self.authority(step),
                to,
            };
        }
        match product.pending_manufacturer() {
            Some(_) if !step.amount.is_multiple_of(3) => RegisterAction::AcceptProduct {
                by: self.signer(other, step),
                former: holder.gln,
            },
            _ => RegisterAction::ProposeProduct {
                by: self.signer(holder, step),
                to,
            },
        }
    }
}
