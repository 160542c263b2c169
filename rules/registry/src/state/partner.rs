use pedigree_domain::{Record, Roles, coded_byte, ensure, gs1, identifier::Gln, text};
use solana_address::Address;

use crate::{
    error::{RegistryError, Result},
    state::{COUNTRIES, Issuer, Licence, NO_KEY, present},
};

coded_byte! {
    /// Whether the register lets a partner trade.
    pub PartnerStatus {
        /// May trade while its licence is valid.
        Active = "active",
        /// May not trade until reinstated.
        Suspended = "suspended",
        /// May never trade again, unless the registry authority restores it.
        Revoked = "revoked",
        /// May not trade until its key has signed once: until then its admission can be corrected.
        Admitted = "admitted",
    }
}

/// Seconds for which a site's recovery can be seen before it is completed: seven days.
pub const RECOVERY_DELAY: i64 = 7 * 86_400;

/// One site of a trading partner: a plant, a warehouse, a pharmacy.
///
/// | offset | size | field | unit |
/// |---|---|---|---|
/// | 0 | 8 | discriminator | SHA-256("account:Partner"), first 8 bytes |
/// | 8 | 8 | `gln` | GLN-13 as a number |
/// | 16 | 32 | `authority` | key |
/// | 48 | 8 | `licence_valid_until` | Unix seconds, first moment out of force |
/// | 56 | 2 | `roles` | bits of [`Roles`] |
/// | 58 | 1 | `status` | [`PartnerStatus`] |
/// | 59 | 1 | `bump` | |
/// | 60 | 4 | `appointments` | how often all operators were struck out, modulo 2³² |
/// | 64 | 8 | `firm` | GLN-13 of the head office as a number |
/// | 72 | 32 | `pending_authority` | key, or zeros |
/// | 104 | 32 | `issuer` | address of an [`Issuer`](crate::Issuer) |
/// | 136 | 32 | `licence_hash` | SHA-256 of the licence with a salt |
/// | 168 | 32 | `recovery_authority` | key, or zeros |
/// | 200 | 8 | `recovery_at` | Unix seconds, or zero |
/// | 208 | 8 | `admitted_at` | Unix seconds |
/// | 216 | 8 | `confirmed_at` | Unix seconds, or zero |
/// | 224 | 8 | `status_changed_at` | Unix seconds, when the status changed last, or the second after the site got another holder |
/// | 232 | 2 | `country` | ISO 3166-1 numeric |
/// | 234 | 2 | `issuer_key_changes` | the issuer's `key_changes` when it vouched for the admission |
/// | 236 | 4 | `prefix_claims` | company prefixes that are claimed for the firm whose head office the site is |
/// | 240 | 64 | `name` | UTF-8, then zeros |
#[cfg_attr(feature = "anchor", anchor_lang::account)]
#[cfg_attr(
    not(feature = "anchor"),
    repr(C),
    derive(Clone, Copy, bytemuck::Pod, bytemuck::Zeroable)
)]
#[derive(Debug)]
pub struct Partner {
    pub gln: u64,
    /// Signs for the site.
    pub authority: Address,
    pub licence_valid_until: i64,
    pub roles: u16,
    pub status: PartnerStatus,
    pub bump: u8,
    /// Counts up, modulo 2³², whenever all operators are struck out. An operator counts whose
    /// [`Operator::appointments`](crate::Operator::appointments) is the same.
    pub appointments: u32,
    /// The GLN of the firm's head office; a head office's own GLN.
    pub firm: u64,
    /// Named by `propose_partner_key` of an active site; takes over by signing `accept_partner_key`. A change of status
    /// ends it.
    pub pending_authority: Address,
    /// Vouches for the site and is the only one that may change its licence or status.
    pub issuer: Address,
    pub licence_hash: [u8; 32],
    /// Named by `propose_recovery`, because the site's key was lost or stolen; takes over by signing
    /// `complete_recovery`.
    pub recovery_authority: Address,
    /// From when the recovery may be completed; zero while there is none.
    pub recovery_at: i64,
    pub admitted_at: i64,
    /// When the site's key first signed; zero until then.
    pub confirmed_at: i64,
    /// What was offered before may be a thief's.
    pub status_changed_at: i64,
    /// Where the site is.
    pub country: u16,
    /// The admission is confirmed as long as the issuer's number is the same.
    pub issuer_key_changes: u16,
    /// The admission cannot be taken back while there are any, or they fell to who gets the GLN next.
    pub prefix_claims: u32,
    pub name: [u8; 64],
}

/// Why a partner may not trade at a given moment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ineligible {
    /// Its key has not signed yet.
    NotConfirmed,
    Suspended,
    Revoked,
    LicenceLapsed,
    /// It has none of the roles that were asked for.
    Role,
}

impl Record for Partner {
    const NAME: &'static str = "Partner";
    const PROGRAM: Address = crate::ID;
    const DISCRIMINATOR: [u8; 8] = [122, 43, 246, 239, 141, 56, 243, 182];
}

impl Partner {
    pub const SEED: &'static [u8] = b"partner";

    /// The site's GLN.
    pub const fn gln(&self) -> Gln {
        Gln::from_account(self.gln)
    }

    /// The key that is to be the site's next, if one was proposed.
    pub fn pending_authority(&self) -> Option<&Address> {
        present(&self.pending_authority)
    }

    /// The key that a recovery gives the site, and the Unix time from which on, if one is under way.
    pub fn recovery(&self) -> Option<(&Address, i64)> {
        present(&self.recovery_authority).map(|key| (key, self.recovery_at))
    }

    /// The GLN of the firm's head office.
    pub const fn firm(&self) -> Gln {
        Gln::from_account(self.firm)
    }

    /// Whether the site's key has signed for its admission. A site that never did may be revoked, too.
    pub const fn is_confirmed(&self) -> bool {
        self.confirmed_at != 0
    }

    /// Whether the site belongs to the firm whose head office has the GLN `firm`.
    #[inline(always)]
    pub const fn is_of_firm(&self, firm: u64) -> bool {
        self.firm == firm
    }

    /// Enters the site into the register at Unix time `now`; its issuer signs, whose scope has the
    /// licence.
    ///
    /// It may not trade before its key has confirmed this: a key that nobody has would otherwise burn the
    /// GLN. At first the site is its own firm's head office.
    pub fn admit_partner(
        &mut self,
        gln: u64,
        authority: &Address,
        name: &[u8; 64],
        licence: &Licence,
        (address, issuer): (&Address, &Issuer),
        now: i64,
    ) -> Result {
        ensure!(
            gs1::is_valid_key(gln, gs1::GLN_DIGITS),
            RegistryError::InvalidGln
        );
        self.gln = gln;
        self.firm = gln;
        self.authority = *authority;
        self.vouched_by(address, issuer);
        self.name = *name;
        self.status = PartnerStatus::Admitted;
        self.admitted_at = now;
        self.status_changed_at = now;
        self.license(licence, now)?;
        issuer.check_licence(licence)
    }

    /// Corrects what was typed at the admission, the GLN excepted, while the site's key has not confirmed it; its
    /// issuer signs, whose scope has the licence. An admission with a key of the issuer's that was replaced since
    /// is renewed by it. A GLN that had another holder stays a regulator's, or a trader's.
    pub fn correct_admission(
        &mut self,
        authority: &Address,
        name: &[u8; 64],
        licence: &Licence,
        (address, issuer): (&Address, &Issuer),
        now: i64,
    ) -> Result {
        self.check_admitted()?;
        self.vouched_by(address, issuer);
        self.authority = *authority;
        self.name = *name;
        self.relicense(licence, now)?;
        issuer.check_licence(licence)
    }

    /// Whether the admission can be taken back, because its GLN was mistyped: while the site's key has not
    /// confirmed it, no other holder had the GLN before, and no company prefix is claimed for it. Nothing can name
    /// such a site.
    pub fn check_withdraws_admission(&self) -> Result {
        self.check_admitted()?;
        ensure!(self.appointments == 0, RegistryError::GlnHadHolder);
        ensure!(self.prefix_claims == 0, RegistryError::PrefixesClaimed);
        Ok(())
    }

    fn check_admitted(&self) -> Result {
        self.check_not_revoked()?;
        ensure!(
            self.status == PartnerStatus::Admitted,
            RegistryError::PartnerConfirmed
        );
        Ok(())
    }

    /// Ends the admission at Unix time `now`; the site's key signs. From now on the site may trade.
    ///
    /// Its `issuer` still vouches for it: it has not been removed, the licence lies in its scope as that is now,
    /// and the key is its key that admitted the site, or that corrected the admission.
    pub fn confirm_partner(&mut self, issuer: &Issuer, now: i64) -> Result {
        self.check_admitted()?;
        ensure!(
            self.issuer_key_changes == issuer.key_changes,
            RegistryError::IssuerKeyReplaced
        );
        issuer.check_site(self.roles, self.country)?;
        self.confirmed_at = now;
        self.set_status(PartnerStatus::Active, now)
    }

    /// Replaces the licence by one in its issuer's scope. A suspended partner may be renewed, and stays
    /// suspended. A trader does not become a regulator, nor a regulator a trader.
    pub fn renew_partner(&mut self, licence: &Licence, issuer: &Issuer, now: i64) -> Result {
        self.check_not_revoked()?;
        self.relicense(licence, now)?;
        issuer.check_licence(licence)
    }

    /// Stops the site's trade at Unix time `now`, until it is reinstated.
    pub fn suspend_partner(&mut self, now: i64) -> Result {
        self.check_not_revoked()?;
        ensure!(
            self.status == PartnerStatus::Active,
            RegistryError::PartnerNotActive
        );
        self.set_status(PartnerStatus::Suspended, now)
    }

    /// Ends a suspension. What the site is licensed for must be in its issuer's scope.
    pub fn reinstate_partner(&mut self, issuer: &Issuer, now: i64) -> Result {
        self.check_not_revoked()?;
        ensure!(
            self.status == PartnerStatus::Suspended,
            RegistryError::PartnerNotSuspended
        );
        issuer.check_site(self.roles, self.country)?;
        self.set_status(PartnerStatus::Active, now)
    }

    /// Ends the site's trade, until the registry authority restores it.
    pub fn revoke_partner(&mut self, now: i64) -> Result {
        self.check_not_revoked()?;
        self.set_status(PartnerStatus::Revoked, now)
    }

    /// Undoes at Unix time `now` what was done to the site in its issuer's name, with a stolen key for instance:
    /// revocation, suspension, and the licence, which `licence` replaces. The registry authority signs. A
    /// site whose key has not signed yet still has to confirm its admission.
    pub fn restore_partner(&mut self, licence: &Licence, now: i64) -> Result {
        let status = if self.confirmed_at == 0 {
            PartnerStatus::Admitted
        } else {
            PartnerStatus::Active
        };
        if self.status != status {
            self.set_status(status, now)?;
        }
        self.relicense(licence, now)
    }

    /// Adds the site to the firm whose head office is `head_office`. The site's issuer signs, and both sites'
    /// own keys agree, because sisters pay each other nothing: an issuer alone could take a claim away from
    /// either of them. For a site that [`is_new`](Self::is_new) its issuer's key suffices.
    ///
    /// A firm is known by the GLN of one registered site, and has one level: a head office belongs to no
    /// other firm. A site that belongs to a firm leaves that one before.
    pub fn join_firm(&mut self, head_office: &Self) -> Result {
        ensure!(
            head_office.is_of_firm(head_office.gln),
            RegistryError::NotHeadOffice
        );
        head_office.check_changes_keys()?;
        ensure!(self.is_of_firm(self.gln), RegistryError::SiteOfFirm);
        self.firm = head_office.gln;
        self.invariant()
    }

    /// Makes the site its own firm's head office again; its issuer signs, and the head office's own key agrees,
    /// because a site that is no longer a sister is paid. The registry authority alone suffices, and for a site that
    /// [`is_new`](Self::is_new) its issuer.
    pub fn leave_firm(&mut self) -> Result {
        self.firm = self.gln;
        self.invariant()
    }

    /// Whether the site's key has not confirmed its admission and no other holder had the GLN before, so that
    /// nothing can name the site, and its issuer alone decides about it.
    pub fn is_new(&self) -> bool {
        self.confirmed_at == 0 && self.appointments == 0
    }

    /// Gives the GLN at Unix time `now` to who proved that it is its own, with the goods and products that name
    /// it; the registry authority signs. The new holder is admitted by `issuer` as if the GLN were free: its key has
    /// to confirm, and until then the issuer may correct the rest.
    pub fn move_gln(
        &mut self,
        authority: &Address,
        name: &[u8; 64],
        licence: &Licence,
        (address, issuer): (&Address, &Issuer),
        now: i64,
    ) -> Result {
        self.replace_holder(*authority, now);
        self.firm = self.gln;
        self.vouched_by(address, issuer);
        self.name = *name;
        self.status = PartnerStatus::Admitted;
        self.admitted_at = now;
        self.confirmed_at = 0;
        self.license(licence, now)
    }

    /// Puts the site under another issuer; the registry authority signs, which so vouches for an admission that is
    /// not confirmed.
    pub fn reassign_partner(&mut self, (address, issuer): (&Address, &Issuer)) -> Result {
        self.vouched_by(address, issuer);
        self.invariant()
    }

    fn vouched_by(&mut self, address: &Address, issuer: &Issuer) {
        self.issuer = *address;
        self.issuer_key_changes = issuer.key_changes;
    }

    /// Names the next key; the zero address withdraws the name. Like every change of keys it is for an active
    /// site: a stolen key is recovered while the site is suspended, and must not replace itself before.
    pub fn propose_partner_key(&mut self, pending: Address) -> Result {
        self.check_changes_keys()?;
        self.pending_authority = pending;
        self.invariant()
    }

    /// Makes `key`, which was named and signs, the site's key. A site that was stopped since names it again.
    pub fn accept_partner_key(&mut self, key: Address) -> Result {
        self.authority = key;
        self.pending_authority = NO_KEY;
        self.invariant()
    }

    /// Names the key that takes over in [`RECOVERY_DELAY`] seconds from Unix time `now`, because the site's was
    /// lost or stolen. Its issuer and the registry authority both sign: neither of them alone can take a
    /// site over. A proposal that is open already is replaced, and the time begins again.
    ///
    /// Whoever has the site's key sees it in the account, and can neither cancel it nor get round it by a
    /// rotation. Allowed in every status once the site has confirmed its admission, which its issuer
    /// corrects at once before.
    pub fn propose_recovery(&mut self, key: Address, now: i64) -> Result {
        self.check_confirmed()?;
        ensure!(key != NO_KEY, RegistryError::ZeroAddress);
        self.recovery_authority = key;
        self.recovery_at = now.saturating_add(RECOVERY_DELAY);
        self.invariant()
    }

    /// Makes `key`, which was named for this and signs, the site's key, from `recovery_at` on. What the former
    /// key began ends: a rotation that it proposed, and all operators' appointments. What it offered is older than
    /// the site's present holder.
    pub fn complete_recovery(&mut self, key: Address, now: i64) -> Result {
        self.check_recovery()?;
        ensure!(now >= self.recovery_at, RegistryError::RecoveryTooEarly);
        self.replace_holder(key, now);
        self.invariant()
    }

    /// Withdraws the recovery; the site's issuer or the registry authority signs.
    pub fn cancel_recovery(&mut self) -> Result {
        self.check_recovery()?;
        self.recovery_authority = NO_KEY;
        self.recovery_at = 0;
        self.invariant()
    }

    fn check_recovery(&self) -> Result {
        ensure!(self.recovery_at != 0, RegistryError::NoRecovery);
        Ok(())
    }

    /// Gives the site at Unix time `now` to who has `key`, with nothing left that its former holder began.
    fn replace_holder(&mut self, key: Address, now: i64) {
        self.authority = key;
        self.pending_authority = NO_KEY;
        self.recovery_authority = NO_KEY;
        self.recovery_at = 0;
        // The former holder may have offered in this very second.
        self.status_changed_at = now.saturating_add(1);
        self.strike_out_operators();
    }

    /// Strikes out all operators that the site has appointed; the site's key signs. Those of them whom it wants
    /// back it dismisses and appoints again.
    pub fn dismiss_all_operators(&mut self) -> Result {
        self.check_dismisses()?;
        self.strike_out_operators();
        self.invariant()
    }

    /// Whether the site's key may replace itself, and appoint operators: while it is active, licensed or not.
    pub fn check_changes_keys(&self) -> Result {
        self.check_not_revoked()?;
        self.check_confirmed()?;
        ensure!(
            self.status == PartnerStatus::Active,
            RegistryError::PartnerNotActive
        );
        Ok(())
    }

    /// Whether the site's key may dismiss operators. Not while the site is suspended: a thief could dismiss
    /// those who send its goods back. Nor before it has confirmed its admission, which could not be taken
    /// back afterwards. A revoked site may, and its rent goes back.
    pub fn check_dismisses(&self) -> Result {
        self.check_confirmed()?;
        ensure!(
            self.status != PartnerStatus::Suspended,
            RegistryError::PartnerNotActive
        );
        Ok(())
    }

    /// Refuses a site whose key has not signed for its admission.
    pub fn check_confirmed(&self) -> Result {
        ensure!(self.is_confirmed(), RegistryError::PartnerNotConfirmed);
        Ok(())
    }

    fn strike_out_operators(&mut self) {
        // As often as that, a number comes up again only after 4 billion transactions.
        self.appointments = self.appointments.wrapping_add(1);
    }

    /// Replaces the licence of a site that goods or recalls may name: a regulator stays one, and who is none does not
    /// become one, or it would oversee what it did itself. Only the registry authority gives the GLN to another holder
    /// in other roles.
    fn relicense(&mut self, licence: &Licence, now: i64) -> Result {
        let before = self.roles;
        self.license(licence, now)?;
        ensure!(
            self.is_new() || (before ^ self.roles) & Roles::REGULATOR.bits() == 0,
            RegistryError::IncompatibleRoles
        );
        Ok(())
    }

    fn license(&mut self, licence: &Licence, now: i64) -> Result {
        ensure!(licence.valid_until > now, RegistryError::LicenceInPast);
        self.roles = licence.roles;
        self.country = licence.country;
        self.licence_valid_until = licence.valid_until;
        self.licence_hash = licence.hash;
        self.invariant()
    }

    fn set_status(&mut self, status: PartnerStatus, now: i64) -> Result {
        self.status = status;
        // Another holder has the site since the next second.
        self.status_changed_at = self.status_changed_at.max(now);
        // A thief may have named it, whom the site could not outrun once it is active again.
        self.pending_authority = NO_KEY;
        self.invariant()
    }

    fn check_not_revoked(&self) -> Result {
        ensure!(
            self.status != PartnerStatus::Revoked,
            RegistryError::PartnerRevoked
        );
        Ok(())
    }

    /// Whether the site may own products at Unix time `now`: as an authorised manufacturer or
    /// repackager.
    // Out of line: every instruction about products asks.
    #[inline(never)]
    pub fn check_manufacturer(&self, now: i64) -> Result {
        self.check_trade(now, Roles::MANUFACTURER.union(Roles::REPACKAGER))
            .map_err(|reason| match reason {
                Ineligible::NotConfirmed => RegistryError::PartnerNotConfirmed,
                Ineligible::Suspended => RegistryError::PartnerNotActive,
                Ineligible::Revoked => RegistryError::PartnerRevoked,
                Ineligible::LicenceLapsed => RegistryError::LicenceLapsed,
                Ineligible::Role => RegistryError::NotManufacturer,
            })
    }

    /// Whether the site may act, at Unix time `now`, in one of `roles`.
    ///
    /// This is the "authorized trading partner" test of DSCSA § 582(b)(3), (c)(3), (d)(3), (e)(3):
    /// no change of ownership unless both sides are licensed.
    #[inline(always)]
    pub fn check_trade(&self, now: i64, roles: Roles) -> core::result::Result<(), Ineligible> {
        if self.status != PartnerStatus::Active {
            return Err(match self.status {
                PartnerStatus::Suspended => Ineligible::Suspended,
                PartnerStatus::Admitted => Ineligible::NotConfirmed,
                _ => Ineligible::Revoked,
            });
        }
        if now >= self.licence_valid_until {
            return Err(Ineligible::LicenceLapsed);
        }
        if self.roles & roles.bits() == 0 {
            return Err(Ineligible::Role);
        }
        Ok(())
    }

    /// Refuses what no stored account may hold.
    // Out of line: many instructions end in it.
    #[inline(never)]
    pub fn invariant(&self) -> Result {
        ensure!(
            gs1::is_valid_key(self.gln, gs1::GLN_DIGITS)
                && gs1::is_valid_key(self.firm, gs1::GLN_DIGITS),
            RegistryError::InvalidGln
        );
        ensure!(self.authority != NO_KEY, RegistryError::ZeroAddress);
        ensure!(
            COUNTRIES.contains(&self.country),
            RegistryError::InvalidCountry
        );
        ensure!(
            Roles::from_bits(self.roles).is_some_and(|roles| !roles.is_empty()),
            RegistryError::InvalidRoles
        );
        ensure!(
            Roles::from_bits_retain(self.roles).are_compatible(),
            RegistryError::IncompatibleRoles
        );
        ensure!(text::is_padded_text(&self.name), RegistryError::InvalidName);
        Ok(())
    }
}
