/// The numeric country codes of ISO 3166-1, which have three digits.
pub(crate) const COUNTRIES: core::ops::RangeInclusive<u16> = 1..=999;

/// What an issuer vouches for.
#[cfg_attr(
    feature = "anchor",
    derive(
        anchor_lang::AnchorSerialize,
        anchor_lang::AnchorDeserialize,
        anchor_lang::IdlType
    )
)]
#[derive(Clone, Copy, Debug)]
pub struct Licence {
    /// Bits of `Roles`.
    pub roles: u16,
    /// Where the site is: ISO 3166-1 numeric, 1 to 999.
    pub country: u16,
    /// Unix seconds: the first moment out of force.
    pub valid_until: i64,
    /// SHA-256 of the licence document with a salt.
    pub hash: [u8; 32],
}
