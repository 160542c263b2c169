use anchor_lang::prelude::*;
use pedigree_domain::{Permissions, text};

use crate::{errors::RegistryError, state::NO_KEY};

/// A person's or a scanner's key that may act for one site, within its permissions.
///
/// The site's own key appoints it and may do everything an operator may. The appointment names the
/// site and not that key, so it survives the key's rotation.
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
/// | 91 | 5 | padding | zeros |
/// | 96 | 32 | `payer` | key |
/// | 128 | 32 | `name` | UTF-8, then zeros |
#[account]
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
    pub _padding: [u8; 5],
    /// Paid the account's rent, and gets it back.
    pub payer: Address,
    /// A badge or a device, never a person's name: everybody can read it.
    pub name: [u8; 32],
}

/// Why an operator may not act at a given moment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OperatorBar {
    NotYetValid,
    Lapsed,
    /// It lacks one of the permissions that were asked for.
    Permission,
}

impl Operator {
    pub const SEED: &'static [u8] = b"operator";

    /// Whether the operator may, at Unix time `now`, do all that is `needed`.
    ///
    /// It says nothing of the site: who asks compares `partner`, and whether the site may trade is
    /// [`Partner::check_trade`](crate::Partner::check_trade)'s to say.
    #[inline(always)]
    pub fn check(&self, now: i64, needed: Permissions) -> core::result::Result<(), OperatorBar> {
        if now < self.valid_from {
            return Err(OperatorBar::NotYetValid);
        }
        if now >= self.valid_until {
            return Err(OperatorBar::Lapsed);
        }
        if self.permissions & needed.bits() != needed.bits() {
            return Err(OperatorBar::Permission);
        }
        Ok(())
    }

    /// Refuses what no stored account may hold.
    // Out of line: many instructions end in it.
    #[inline(never)]
    pub fn invariant(&self) -> Result<()> {
        require!(self.key != NO_KEY, RegistryError::ZeroAddress);
        require!(
            Permissions::from_bits(self.permissions)
                .is_some_and(|permissions| !permissions.is_empty()),
            RegistryError::InvalidPermissions
        );
        require!(
            self.valid_from < self.valid_until,
            RegistryError::InvalidAppointment
        );
        require!(text::is_padded_text(&self.name), RegistryError::InvalidName);
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_operator_acts_within_its_term_and_permissions() {
        let operator = Operator {
            partner: Address::default(),
            key: Address::default(),
            valid_from: 100,
            valid_until: 200,
            permissions: Permissions::SHIP.union(Permissions::PACK).bits(),
            bump: 0,
            _padding: [0; 5],
            payer: Address::default(),
            name: [0; 32],
        };
        for (now, needed, answer) in [
            (99, Permissions::SHIP, Err(OperatorBar::NotYetValid)),
            (100, Permissions::SHIP, Ok(())),
            (199, Permissions::SHIP.union(Permissions::PACK), Ok(())),
            (200, Permissions::SHIP, Err(OperatorBar::Lapsed)),
            (150, Permissions::RECEIVE, Err(OperatorBar::Permission)),
            (150, Permissions::all(), Err(OperatorBar::Permission)),
        ] {
            assert_eq!(operator.check(now, needed), answer, "{now} {needed:?}");
        }
    }
}
