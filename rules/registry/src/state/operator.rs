use pedigree_domain::{Permissions, Record, ensure, text};
use solana_address::Address;

use crate::{
    error::{RegistryError, Result},
    state::{NO_KEY, Partner},
};

/// What a site lets an operator do, and when.
#[cfg_attr(
    feature = "anchor",
    derive(
        anchor_lang::AnchorSerialize,
        anchor_lang::AnchorDeserialize,
        anchor_lang::IdlType
    )
)]
#[derive(Clone, Copy, Debug)]
pub struct OperatorTerms {
    /// Bits of `Permissions`.
    pub permissions: u16,
    /// Unix seconds: the first moment in force.
    pub valid_from: i64,
    /// Unix seconds: the first moment out of force.
    pub valid_until: i64,
    /// A badge or a device, never a person's name: UTF-8, then zeros.
    pub name: [u8; 32],
}

/// A person's or a scanner's key that may act for one site, within its permissions.
///
/// The site's own key appoints it and may do everything an operator may. The appointment names the
/// site and not that key, so it survives the key's rotation. It counts as long as `appointments` is the
/// site's number: the site raises its own to strike all of its operators out at once.
///
/// | offset | size | field | unit |
/// |---|---|---|---|
/// | 0 | 8 | discriminator | SHA-256("account:Operator"), first 8 bytes |
/// | 8 | 32 | `partner` | address of a [`Partner`](crate::Partner) |
/// | 40 | 32 | `key` | |
/// | 72 | 8 | `valid_from` | Unix seconds, first moment in force |
/// | 80 | 8 | `valid_until` | Unix seconds, first moment out of force |
/// | 88 | 2 | `permissions` | bits of [`Permissions`] |
/// | 90 | 1 | `bump` | |
/// | 91 | 1 | padding | zero |
/// | 92 | 4 | `appointments` | the site's number when it appointed the operator |
/// | 96 | 32 | `payer` | key |
/// | 128 | 32 | `name` | UTF-8, then zeros |
#[cfg_attr(feature = "anchor", anchor_lang::account)]
#[cfg_attr(
    not(feature = "anchor"),
    repr(C),
    derive(Clone, Copy, bytemuck::Pod, bytemuck::Zeroable)
)]
#[derive(Debug)]
pub struct Operator {
    /// The site that it acts for.
    pub partner: Address,
    /// Signs for the operator.
    pub key: Address,
    pub valid_from: i64,
    pub valid_until: i64,
    pub permissions: u16,
    pub bump: u8,
    pub _padding: u8,
    /// The site's [`Partner::appointments`] when it appointed the operator.
    pub appointments: u32,
    /// Paid the account's rent, and gets it back.
    pub payer: Address,
    /// A badge or a device, never a person's name: everybody can read it.
    pub name: [u8; 32],
}

/// Why a key may not act for a site at a given moment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NotPermitted {
    /// It is not the site's own, and no operator's account came with it.
    NotPartnerKey,
    /// The account that came with it is not the one that lets it act for the site.
    NotSitesOperator,
    /// The site struck out all operators that it had, or its key was recovered.
    Dismissed,
    NotYetValid,
    Lapsed,
    /// It lacks one of the permissions that were asked for.
    Permission,
}

impl Record for Operator {
    const NAME: &'static str = "Operator";
    const PROGRAM: Address = crate::ID;
    const DISCRIMINATOR: [u8; 8] = [219, 31, 188, 145, 69, 139, 204, 117];
}

impl Operator {
    pub const SEED: &'static [u8] = b"operator";

    /// Whether it lets `key` do, at Unix time `now`, all that is `needed` for `site`, whose account is at
    /// `address`.
    ///
    /// Whether the site may trade is [`Partner::check_trade`]'s to say.
    #[inline(always)]
    pub fn check(
        &self,
        key: &Address,
        (address, site): (&Address, &Partner),
        needed: Permissions,
        now: i64,
    ) -> core::result::Result<(), NotPermitted> {
        if self.partner != *address || self.key != *key {
            return Err(NotPermitted::NotSitesOperator);
        }
        if self.appointments != site.appointments {
            return Err(NotPermitted::Dismissed);
        }
        if now < self.valid_from {
            return Err(NotPermitted::NotYetValid);
        }
        if now >= self.valid_until {
            return Err(NotPermitted::Lapsed);
        }
        if self.permissions & needed.bits() != needed.bits() {
            return Err(NotPermitted::Permission);
        }
        Ok(())
    }

    /// Lets `key` act for the site `partner`, whose own key signs, from Unix time `now` on at the
    /// earliest. The site is active: a suspended one changes no keys.
    pub fn appoint_operator(
        &mut self,
        key: &Address,
        terms: &OperatorTerms,
        (address, partner): (&Address, &Partner),
        now: i64,
    ) -> Result {
        ensure!(
            *key != partner.authority,
            RegistryError::OperatorIsPartnerKey
        );
        ensure!(terms.valid_until > now, RegistryError::AppointmentInPast);
        self.partner = *address;
        self.key = *key;
        self.appointments = partner.appointments;
        self.update_operator(terms, partner)
    }

    /// Replaces the terms; the site is active, and did not strike the operator out. An end that has passed
    /// stops the operator at once and keeps the record of it.
    pub fn update_operator(&mut self, terms: &OperatorTerms, partner: &Partner) -> Result {
        partner.check_changes_keys()?;
        ensure!(
            self.appointments == partner.appointments,
            RegistryError::OperatorDismissed
        );
        self.permissions = terms.permissions;
        self.valid_from = terms.valid_from;
        self.valid_until = terms.valid_until;
        self.name = terms.name;
        self.invariant()
    }

    /// Refuses what no stored account may hold.
    // Out of line: many instructions end in it.
    #[inline(never)]
    pub fn invariant(&self) -> Result {
        ensure!(self.key != NO_KEY, RegistryError::ZeroAddress);
        ensure!(
            Permissions::from_bits(self.permissions)
                .is_some_and(|permissions| !permissions.is_empty()),
            RegistryError::InvalidPermissions
        );
        ensure!(
            self.valid_from < self.valid_until,
            RegistryError::InvalidAppointment
        );
        ensure!(text::is_padded_text(&self.name), RegistryError::InvalidName);
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use bytemuck::Zeroable;

    use super::*;

    #[test]
    fn an_operator_acts_within_its_term_and_permissions() {
        let (address, key) = (
            Address::new_from_array([1; 32]),
            Address::new_from_array([2; 32]),
        );
        let mut site = Partner::zeroed();
        site.appointments = 7;
        let operator = Operator {
            partner: address,
            key,
            valid_from: 100,
            valid_until: 200,
            permissions: Permissions::SHIP.union(Permissions::PACK).bits(),
            bump: 0,
            _padding: 0,
            appointments: 7,
            payer: Address::default(),
            name: [0; 32],
        };
        for (now, needed, answer) in [
            (99, Permissions::SHIP, Err(NotPermitted::NotYetValid)),
            (100, Permissions::SHIP, Ok(())),
            (199, Permissions::SHIP.union(Permissions::PACK), Ok(())),
            (200, Permissions::SHIP, Err(NotPermitted::Lapsed)),
            (150, Permissions::RECEIVE, Err(NotPermitted::Permission)),
            (150, Permissions::all(), Err(NotPermitted::Permission)),
        ] {
            let found = operator.check(&key, (&address, &site), needed, now);
            assert_eq!(found, answer, "{now} {needed:?}");
        }
        for (key, address) in [(&address, &address), (&key, &key)] {
            let found = operator.check(key, (address, &site), Permissions::SHIP, 100);
            assert_eq!(found, Err(NotPermitted::NotSitesOperator));
        }
        for other in [6, 8] {
            site.appointments = other;
            let found = operator.check(&key, (&address, &site), Permissions::SHIP, 100);
            assert_eq!(found, Err(NotPermitted::Dismissed));
        }
    }
}
