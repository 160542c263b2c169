use anchor_lang::prelude::*;
use pedigree_domain::{gs1, text};

use crate::errors::RegistryError;

/// A medicine in one package size, as its GTIN identifies it.
///
/// | offset | size | field | unit |
/// |---|---|---|---|
/// | 0 | 8 | discriminator | SHA-256("account:Product"), first 8 bytes |
/// | 8 | 8 | `gtin` | GTIN-14 as a number |
/// | 16 | 32 | `manufacturer` | address of a [`Partner`](crate::Partner) |
/// | 48 | 32 | `pending_manufacturer` | address of a `Partner`, or zeros |
/// | 80 | 8 | `registered_at` | Unix seconds |
/// | 88 | 2 | `storage_min` | 0.1 °C |
/// | 90 | 2 | `storage_max` | 0.1 °C |
/// | 92 | 1 | `bump` | |
/// | 93 | 3 | padding | zeros |
/// | 96 | 16 | `national_code` | ASCII, then zeros; all zeros if there is none |
/// | 112 | 64 | `name` | UTF-8, then zeros |
#[account]
#[derive(Debug)]
pub struct Product {
    pub gtin: u64,
    pub manufacturer: Address,
    /// Named by `propose_product_transfer`; takes over by signing `accept_product_transfer`.
    pub pending_manufacturer: Address,
    pub registered_at: i64,
    /// Lowest and highest storage temperature on the label (GDP 2013/C 343/01, chapter 3.2).
    pub storage_min: i16,
    pub storage_max: i16,
    pub bump: u8,
    pub _padding: [u8; 3],
    /// The product's national code: in the US its NDC with hyphens (21 CFR 207.33).
    pub national_code: [u8; 16],
    pub name: [u8; 64],
}

/// Absolute zero in tenths of a degree Celsius, rounded up.
const COLDEST: i16 = -2731;

impl Product {
    pub const SEED: &'static [u8] = b"product";

    /// Refuses what no stored account may hold.
    // Out of line: many instructions end in it.
    #[inline(never)]
    pub fn invariant(&self) -> Result<()> {
        require!(
            gs1::is_valid_key(self.gtin, gs1::GTIN_DIGITS),
            RegistryError::InvalidGtin
        );
        require!(text::is_padded_text(&self.name), RegistryError::InvalidName);
        let is_code_byte =
            |byte: &u8| byte.is_ascii_digit() || byte.is_ascii_uppercase() || *byte == b'-';
        require!(
            self.national_code == [0; 16]
                || text::is_padded_text(&self.national_code)
                    && self
                        .national_code
                        .iter()
                        .all(|byte| *byte == 0 || is_code_byte(byte)),
            RegistryError::InvalidNationalCode
        );
        require!(
            COLDEST <= self.storage_min && self.storage_min <= self.storage_max,
            RegistryError::InvalidStorageRange
        );
        Ok(())
    }
}
