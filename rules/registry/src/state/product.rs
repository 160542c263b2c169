use pedigree_domain::{Record, ensure, gs1, identifier::Gtin, text};
use solana_address::Address;

use crate::{
    error::{RegistryError, Result},
    state::{NO_KEY, Partner, PrefixClaim, PrefixTable, present},
};

/// What a manufacturer says of a product.
#[cfg_attr(
    feature = "anchor",
    derive(
        anchor_lang::AnchorSerialize,
        anchor_lang::AnchorDeserialize,
        anchor_lang::IdlType
    )
)]
#[derive(Clone, Copy, Debug)]
pub struct ProductDescription {
    /// UTF-8, then zeros.
    pub name: [u8; 64],
    /// ASCII, then zeros; all zeros if there is none.
    pub national_code: [u8; 16],
    /// 0.1 °C.
    pub storage_min: i16,
    /// 0.1 °C.
    pub storage_max: i16,
}

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
/// | 93 | 1 | padding | zero |
/// | 94 | 2 | `series` | how often the registry authority moved it |
/// | 96 | 16 | `national_code` | ASCII, then zeros; all zeros if there is none |
/// | 112 | 64 | `name` | UTF-8, then zeros |
/// | 176 | 8 | `proposed_at` | Unix seconds, or zero |
#[cfg_attr(feature = "anchor", anchor_lang::account)]
#[cfg_attr(
    not(feature = "anchor"),
    repr(C),
    derive(Clone, Copy, bytemuck::Pod, bytemuck::Zeroable)
)]
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
    pub _padding: u8,
    /// Lots that are minted from now on have this among their seeds. So what a squatter minted takes no lot number
    /// from who gets the product back.
    pub series: u16,
    /// The product's national code: in the US its NDC with hyphens (21 CFR 207.33).
    pub national_code: [u8; 16],
    pub name: [u8; 64],
    /// When the product was offered to `pending_manufacturer`.
    pub proposed_at: i64,
}

/// Absolute zero in tenths of a degree Celsius, rounded up.
const COLDEST: i16 = -2731;

impl Record for Product {
    const NAME: &'static str = "Product";
    const PROGRAM: Address = crate::ID;
    const DISCRIMINATOR: [u8; 8] = [102, 76, 55, 251, 38, 73, 224, 229];
}

impl Product {
    pub const SEED: &'static [u8] = b"product";

    /// The product's GTIN.
    pub const fn gtin(&self) -> Gtin {
        Gtin::from_account(self.gtin)
    }

    /// The address of the `Partner` that the product was offered to, if it was.
    pub fn pending_manufacturer(&self) -> Option<&Address> {
        present(&self.pending_manufacturer)
    }

    /// The national code, if it has one: UTF-8, then zeros.
    pub fn national_code(&self) -> Option<&[u8; 16]> {
        (self.national_code != [0; 16]).then_some(&self.national_code)
    }

    /// Registers the product at Unix time `now` for its manufacturer, whose firm must have claimed the company
    /// prefix under which the GTIN was issued. `claims` are those of the GTIN's table.
    pub fn register_product(
        &mut self,
        gtin: u64,
        description: &ProductDescription,
        (address, manufacturer): (&Address, &Partner),
        claims: &[PrefixClaim],
        now: i64,
    ) -> Result {
        manufacturer.check_manufacturer(now)?;
        ensure!(
            gs1::is_valid_key(gtin, gs1::GTIN_DIGITS),
            RegistryError::InvalidGtin
        );
        ensure!(
            PrefixTable::claim_of(claims, gtin)
                .is_some_and(|claim| manufacturer.is_of_firm(claim.firm)),
            RegistryError::GtinNotUnderPrefix
        );
        self.gtin = gtin;
        self.manufacturer = *address;
        self.registered_at = now;
        self.describe(description)
    }

    /// Corrects what the account says of the product; its manufacturer signs.
    pub fn update_product(
        &mut self,
        description: &ProductDescription,
        manufacturer: &Partner,
        now: i64,
    ) -> Result {
        manufacturer.check_manufacturer(now)?;
        self.describe(description)
    }

    /// Offers the product to the manufacturer `pending`; its own manufacturer signs. Naming that one
    /// again withdraws the offer: in any standing, because a thief of its key may have made it, and who has the site
    /// back ends it before the site may act again.
    pub fn propose_product_transfer(
        &mut self,
        manufacturer: &Partner,
        (address, pending): (&Address, &Partner),
        now: i64,
    ) -> Result {
        if *address == self.manufacturer {
            manufacturer.check_confirmed()?;
            self.end_offer();
        } else {
            manufacturer.check_manufacturer(now)?;
            pending.check_manufacturer(now)?;
            self.pending_manufacturer = *address;
            self.proposed_at = now;
        }
        self.invariant()
    }

    /// Makes the manufacturer to whom the product was offered, and who signs, its manufacturer.
    ///
    /// Its manufacturer until then could still offer it, and was neither stopped, reinstated nor recovered since it
    /// did: whoever had its key then may have been a thief. It offers the product again.
    ///
    /// The GTIN need not lie under the new manufacturer's prefixes: it keeps the number that its first
    /// manufacturer gave it (GS1 General Specifications, section 4.2.8).
    pub fn accept_product_transfer(
        &mut self,
        former: &Partner,
        (address, manufacturer): (&Address, &Partner),
        now: i64,
    ) -> Result {
        former.check_manufacturer(now)?;
        manufacturer.check_manufacturer(now)?;
        ensure!(
            self.proposed_at >= former.status_changed_at,
            RegistryError::ProductOfferOutlived
        );
        self.manufacturer = *address;
        self.end_offer();
        self.invariant()
    }

    /// Gives the product to another manufacturer, which proved that it is its own or whose former manufacturer
    /// is gone; the registry authority signs. An offer of the former manufacturer ends, and a new series of lots
    /// begins, in which no lot number is taken.
    pub fn move_product(
        &mut self,
        (address, manufacturer): (&Address, &Partner),
        now: i64,
    ) -> Result {
        manufacturer.check_manufacturer(now)?;
        self.manufacturer = *address;
        self.end_offer();
        // The authority decides 65,535 times at most that the numbers are free again.
        self.series = self.series.saturating_add(1);
        self.invariant()
    }

    fn end_offer(&mut self) {
        self.pending_manufacturer = NO_KEY;
        self.proposed_at = 0;
    }

    fn describe(&mut self, description: &ProductDescription) -> Result {
        self.name = description.name;
        self.national_code = description.national_code;
        self.storage_min = description.storage_min;
        self.storage_max = description.storage_max;
        self.invariant()
    }

    /// Refuses what no stored account may hold.
    // Out of line: many instructions end in it.
    #[inline(never)]
    pub fn invariant(&self) -> Result {
        ensure!(
            gs1::is_valid_key(self.gtin, gs1::GTIN_DIGITS),
            RegistryError::InvalidGtin
        );
        ensure!(text::is_padded_text(&self.name), RegistryError::InvalidName);
        let is_code_byte =
            |byte: &u8| byte.is_ascii_digit() || byte.is_ascii_uppercase() || *byte == b'-';
        ensure!(
            self.national_code == [0; 16]
                || text::is_padded_text(&self.national_code)
                    && self
                        .national_code
                        .iter()
                        .all(|byte| *byte == 0 || is_code_byte(byte)),
            RegistryError::InvalidNationalCode
        );
        ensure!(
            COLDEST <= self.storage_min && self.storage_min <= self.storage_max,
            RegistryError::InvalidStorageRange
        );
        Ok(())
    }
}
