use anchor_lang::prelude::*;
use pedigree_domain::{
    Roles, coded_byte,
    gs1::{self, CompanyPrefix},
    text,
};

use crate::{errors::RegistryError, state::NO_KEY};

coded_byte! {
    /// Whether the register lets a partner trade.
    pub PartnerStatus {
        /// May trade while its licence is valid.
        Active = "active",
        /// May not trade until reinstated.
        Suspended = "suspended",
        /// May never trade again.
        Revoked = "revoked",
    }
}

/// How many GS1 company prefixes one site can hold.
pub const COMPANY_PREFIXES: usize = 8;

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
/// | 60 | 4 | padding | zeros |
/// | 64 | 32 | `pending_authority` | key, or zeros |
/// | 96 | 32 | `issuer` | address of an [`Issuer`](crate::Issuer) |
/// | 128 | 32 | `licence_hash` | SHA-256 of the licence with a salt |
/// | 160 | 64 | `company_prefixes` | 8 prefixes as numbers |
/// | 224 | 8 | `company_prefix_digits` | how many digits each is written with; 0 = unused |
/// | 232 | 8 | `admitted_at` | Unix seconds |
/// | 240 | 8 | `status_changed_at` | Unix seconds |
/// | 248 | 64 | `name` | UTF-8, then zeros |
#[account]
#[derive(Debug)]
pub struct Partner {
    pub gln: u64,
    /// Signs for the site.
    pub authority: Address,
    pub licence_valid_until: i64,
    pub roles: u16,
    pub status: PartnerStatus,
    pub bump: u8,
    pub _padding: [u8; 4],
    /// Named by `propose_partner_key`; takes over by signing `accept_partner_key`.
    pub pending_authority: Address,
    /// Vouches for the site and is the only one that may change its licence or status.
    pub issuer: Address,
    pub licence_hash: [u8; 32],
    pub company_prefixes: [u64; COMPANY_PREFIXES],
    pub company_prefix_digits: [u8; COMPANY_PREFIXES],
    pub admitted_at: i64,
    pub status_changed_at: i64,
    pub name: [u8; 64],
}

/// Why a partner may not trade at a given moment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TradeBar {
    Suspended,
    Revoked,
    LicenceLapsed,
    /// It has none of the roles that were asked for.
    Role,
}

impl Partner {
    pub const SEED: &'static [u8] = b"partner";

    /// Whether the site may act, at Unix time `now`, in one of `roles`.
    ///
    /// This is the "authorized trading partner" test of DSCSA § 582(b)(3), (c)(3), (d)(3), (e)(3):
    /// no change of ownership unless both sides are licensed.
    #[inline(always)]
    pub fn check_trade(&self, now: i64, roles: Roles) -> core::result::Result<(), TradeBar> {
        if self.status != PartnerStatus::Active {
            return Err(if self.status == PartnerStatus::Suspended {
                TradeBar::Suspended
            } else {
                TradeBar::Revoked
            });
        }
        if now >= self.licence_valid_until {
            return Err(TradeBar::LicenceLapsed);
        }
        if self.roles & roles.bits() == 0 {
            return Err(TradeBar::Role);
        }
        Ok(())
    }

    /// The company prefixes in use.
    pub fn prefixes(&self) -> impl Iterator<Item = CompanyPrefix> + '_ {
        self.company_prefixes
            .iter()
            .zip(&self.company_prefix_digits)
            .take_while(|&(_, &digits)| digits != 0)
            .map(|(&value, &digits)| CompanyPrefix { value, digits })
    }

    /// Refuses what no stored account may hold.
    // Out of line: many instructions end in it.
    #[inline(never)]
    pub fn invariant(&self) -> Result<()> {
        require!(
            gs1::is_valid_key(self.gln, gs1::GLN_DIGITS),
            RegistryError::InvalidGln
        );
        require!(self.authority != NO_KEY, RegistryError::ZeroAddress);
        require!(
            Roles::from_bits(self.roles).is_some_and(|roles| !roles.is_empty()),
            RegistryError::InvalidRoles
        );
        require!(text::is_padded_text(&self.name), RegistryError::InvalidName);
        let places = self
            .company_prefixes
            .iter()
            .zip(&self.company_prefix_digits);
        let mut has_ended = false;
        for (&value, &digits) in places {
            let is_unused = value == 0 && digits == 0;
            has_ended |= is_unused;
            require!(
                is_unused || !has_ended && CompanyPrefix { value, digits }.is_valid(),
                RegistryError::InvalidCompanyPrefix
            );
        }
        Ok(())
    }
}
