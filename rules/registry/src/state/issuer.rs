use pedigree_domain::{
    Record, Roles, ensure,
    gs1::{CompanyPrefix, LeadingDigits},
    text,
};
use solana_address::Address;

use crate::{
    error::{RegistryError, Result},
    state::{COUNTRIES, Licence, NO_KEY, Registry},
};

/// How many countries a scope can name.
pub const SCOPE_COUNTRIES: usize = 32;
/// How many beginnings of company prefixes a scope can name.
pub const SCOPE_PREFIXES: usize = 16;

/// What an issuer may vouch for.
#[cfg_attr(
    feature = "anchor",
    derive(
        anchor_lang::AnchorSerialize,
        anchor_lang::AnchorDeserialize,
        anchor_lang::IdlType
    )
)]
#[derive(Clone, Copy, Debug)]
pub struct IssuerScope {
    /// Bits of `Roles`: those that it may license.
    pub roles: u16,
    /// ISO 3166-1 numeric codes of the countries whose sites it may license, unused places last and zero;
    /// all unused: any country.
    pub countries: [u16; SCOPE_COUNTRIES],
    /// What the company prefixes that it may claim for firms begin with, unused places last and zero; all
    /// unused: any.
    pub prefixes: [u64; SCOPE_PREFIXES],
    /// How many digits each beginning is written with, 1 to 12; 0 = unused.
    pub prefix_digits: [u8; SCOPE_PREFIXES],
}

impl IssuerScope {
    /// These roles in every country, and every company prefix.
    pub const fn everywhere(roles: Roles) -> Self {
        Self {
            roles: roles.bits(),
            countries: [0; SCOPE_COUNTRIES],
            prefixes: [0; SCOPE_PREFIXES],
            prefix_digits: [0; SCOPE_PREFIXES],
        }
    }
}

/// A body that vouches for partners: a national board of pharmacy, a credential issuer.
///
/// Its address follows from its first key and stays when the key is replaced, because partners name it.
///
/// | offset | size | field | unit |
/// |---|---|---|---|
/// | 0 | 8 | discriminator | SHA-256("account:Issuer"), first 8 bytes |
/// | 8 | 32 | `key` | |
/// | 40 | 64 | `name` | UTF-8, then zeros |
/// | 104 | 8 | `added_at` | Unix seconds |
/// | 112 | 128 | `prefixes` | 16 beginnings of company prefixes as numbers |
/// | 240 | 64 | `countries` | 32 codes of ISO 3166-1; 0 = unused |
/// | 304 | 16 | `prefix_digits` | how many digits each beginning is written with; 0 = unused |
/// | 320 | 2 | `roles` | bits of [`Roles`] |
/// | 322 | 1 | `bump` | |
/// | 323 | 1 | padding | zero |
/// | 324 | 2 | `key_changes` | the [`Registry`]'s when it was added, and how often the key was replaced since, modulo 2¹⁶ |
/// | 326 | 2 | padding | zeros |
#[cfg_attr(feature = "anchor", anchor_lang::account)]
#[cfg_attr(
    not(feature = "anchor"),
    repr(C),
    derive(Clone, Copy, bytemuck::Pod, bytemuck::Zeroable)
)]
#[derive(Debug)]
pub struct Issuer {
    /// Signs for the body.
    pub key: Address,
    pub name: [u8; 64],
    pub added_at: i64,
    /// What the company prefixes begin with that it may claim for firms; none: any.
    pub prefixes: [u64; SCOPE_PREFIXES],
    /// The countries whose sites it may license; none: any.
    pub countries: [u16; SCOPE_COUNTRIES],
    pub prefix_digits: [u8; SCOPE_PREFIXES],
    /// The roles that it may license.
    pub roles: u16,
    pub bump: u8,
    pub _padding: u8,
    /// What was admitted with a key that was replaced since, or before the issuer was removed, may be a thief's.
    pub key_changes: u16,
    pub _rest: [u8; 2],
}

impl Record for Issuer {
    const NAME: &'static str = "Issuer";
    const PROGRAM: Address = crate::ID;
    const DISCRIMINATOR: [u8; 8] = [216, 19, 83, 230, 108, 53, 80, 14];
}

impl Issuer {
    pub const SEED: &'static [u8] = b"issuer";

    /// Lets the body that signs with `key` vouch for partners within `scope`, from Unix time `now` on; the authority
    /// of the `registry` signs. If the body was removed and is added again, what it admitted before and is not
    /// confirmed has to be corrected.
    pub fn add_issuer(
        &mut self,
        key: &Address,
        name: &[u8; 64],
        scope: &IssuerScope,
        registry: &Registry,
        now: i64,
    ) -> Result {
        self.key_changes = registry.key_changes;
        self.key = *key;
        self.name = *name;
        self.added_at = now;
        self.set_issuer_scope(scope)
    }

    /// Replaces what the body may vouch for; the registry authority signs.
    ///
    /// Sites that it vouched for stay as they are. It may go on to suspend and revoke them, but licenses,
    /// reinstates and claims within the new scope only.
    pub fn set_issuer_scope(&mut self, scope: &IssuerScope) -> Result {
        self.roles = scope.roles;
        self.countries = scope.countries;
        self.prefixes = scope.prefixes;
        self.prefix_digits = scope.prefix_digits;
        self.invariant()
    }

    /// Has the body sign with `key` from now on; the registry authority signs, so that a thief of the
    /// former key cannot get in before.
    ///
    /// What was admitted with the former key, and is not confirmed, has to be corrected with this one.
    pub fn rotate_issuer_key(&mut self, key: &Address) -> Result {
        self.key = *key;
        // As often as that, a number comes up again only after 65,536 decisions of the authority.
        self.key_changes = self.key_changes.wrapping_add(1);
        self.invariant()
    }

    /// What the body may vouch for.
    pub const fn scope(&self) -> IssuerScope {
        IssuerScope {
            roles: self.roles,
            countries: self.countries,
            prefixes: self.prefixes,
            prefix_digits: self.prefix_digits,
        }
    }

    /// Whether the body may vouch for this licence.
    pub fn check_licence(&self, licence: &Licence) -> Result {
        self.check_site(licence.roles, licence.country)
    }

    /// Whether the body may let a site with these `roles` trade in this `country`.
    pub fn check_site(&self, roles: u16, country: u16) -> Result {
        ensure!(roles & !self.roles == 0, RegistryError::RoleOutsideScope);
        ensure!(
            self.countries[0] == 0 || self.countries.contains(&country),
            RegistryError::CountryOutsideScope
        );
        Ok(())
    }

    /// Whether the body may say which firm a company prefix belongs to: in its scope are makers of
    /// medicines, the `country` of the firm's head office, and this prefix.
    pub fn check_prefix(&self, prefix: CompanyPrefix, country: u16) -> Result {
        let makers = Roles::MANUFACTURER.union(Roles::REPACKAGER);
        ensure!(
            self.roles & makers.bits() != 0,
            RegistryError::RoleOutsideScope
        );
        self.check_site(0, country)?;
        ensure!(
            self.prefix_digits[0] == 0 || self.prefixes().any(|leading| leading.begin(prefix)),
            RegistryError::PrefixOutsideScope
        );
        Ok(())
    }

    /// The beginnings of company prefixes in its scope; none: any prefix is.
    pub fn prefixes(&self) -> impl Iterator<Item = LeadingDigits> + '_ {
        self.prefixes
            .iter()
            .zip(&self.prefix_digits)
            .take_while(|&(_, &digits)| digits != 0)
            .map(|(&value, &digits)| LeadingDigits { value, digits })
    }

    /// The countries in its scope; none: any country is.
    pub fn countries(&self) -> impl Iterator<Item = u16> + '_ {
        self.countries.iter().copied().take_while(|code| *code != 0)
    }

    /// Refuses what no stored account may hold.
    pub fn invariant(&self) -> Result {
        ensure!(self.key != NO_KEY, RegistryError::ZeroAddress);
        ensure!(text::is_padded_text(&self.name), RegistryError::InvalidName);
        ensure!(
            Roles::from_bits(self.roles).is_some_and(|roles| !roles.is_empty()),
            RegistryError::InvalidRoles
        );
        let named = self.countries().count();
        ensure!(
            self.countries().all(|code| COUNTRIES.contains(&code))
                && self.countries[named..].iter().all(|code| *code == 0),
            RegistryError::InvalidCountry
        );
        let named = self.prefixes().count();
        ensure!(
            self.prefixes().all(LeadingDigits::is_valid)
                && self.prefixes[named..].iter().all(|value| *value == 0)
                && self.prefix_digits[named..]
                    .iter()
                    .all(|digits| *digits == 0),
            RegistryError::InvalidCompanyPrefix
        );
        Ok(())
    }
}
