use pedigree_domain::{Record, ensure, identifier::Gln};
use solana_address::Address;

use crate::{
    error::{RecallError, Result},
    evidence::Departure,
    state::bits::set,
};

/// Which of 1,024 units that an owner gave up are paid for: a bit each. There is one return or one
/// destruction by which an owner gives a unit up, so whatever recall, tranche, site or key a claim names,
/// none is paid twice; and if it comes back into trade, the next owner's return has claims of its own.
///
/// | offset | size | field | unit |
/// |---|---|---|---|
/// | 0 | 8 | discriminator | SHA-256("account:Claims"), first 8 bytes |
/// | 8 | 32 | `evidence` | address of a custody `Transfer` or `Consignment` |
/// | 40 | 32 | `lot` | address of a custody `Lot` |
/// | 72 | 32 | `payer` | key that paid the rent |
/// | 104 | 8 | `owner` | GLN-13 of who was paid, as a number |
/// | 112 | 4 | `first` | unit index of the page's first unit |
/// | 116 | 4 | `page` | how many pages of the evidence's units come before |
/// | 120 | 4 | `paid_units` | units |
/// | 124 | 1 | `bump` | |
/// | 125 | 3 | padding | zeros |
/// | 128 | 128 | `paid` | bit `n % 8` of byte `n / 8`: unit `n` of the page is paid for |
#[cfg_attr(feature = "anchor", anchor_lang::account)]
#[cfg_attr(
    not(feature = "anchor"),
    repr(C),
    derive(Clone, Copy, bytemuck::Pod, bytemuck::Zeroable)
)]
#[derive(Debug)]
pub struct Claims {
    pub evidence: Address,
    pub lot: Address,
    pub payer: Address,
    pub owner: u64,
    pub first: u32,
    pub page: u32,
    pub paid_units: u32,
    pub bump: u8,
    pub _padding: [u8; 3],
    pub paid: [u64; 16],
}

impl Record for Claims {
    const NAME: &'static str = "Claims";
    const PROGRAM: Address = crate::ID;
    const DISCRIMINATOR: [u8; 8] = [145, 206, 157, 143, 3, 32, 10, 146];
}

impl Claims {
    pub const SEED: &'static [u8] = b"claims";

    /// How many units a page is for.
    pub const UNITS: u32 = 1_024;

    /// Who was paid.
    pub const fn owner(&self) -> Gln {
        Gln::from_account(self.owner)
    }

    /// Makes this page number `page` of the units that `departure`, which the account at `evidence` shows,
    /// is about.
    pub fn begin(&mut self, evidence: &Address, departure: &Departure, page: u32) -> Result {
        let before = u64::from(page) * u64::from(Self::UNITS);
        let first = departure.units.start.saturating_add(before);
        self.first = u32::try_from(first).map_err(|_| RecallError::RangeOutsidePage)?;
        self.evidence = *evidence;
        self.lot = departure.lot;
        self.owner = departure.owner;
        self.page = page;
        Ok(())
    }

    /// Whether a unit of the lot is paid for.
    pub fn is_paid(&self, unit: u32) -> bool {
        let place = unit.wrapping_sub(self.first);
        place < Self::UNITS && self.paid[(place / 64) as usize] >> (place % 64) & 1 != 0
    }

    /// Marks units `first..first + quantity` of the lot as paid for; refused if one is.
    pub(crate) fn pay(&mut self, first: u32, quantity: u32) -> Result {
        let place = first.wrapping_sub(self.first);
        ensure!(
            place < Self::UNITS && quantity <= Self::UNITS - place,
            RecallError::RangeOutsidePage
        );
        let unpaid = set(&mut self.paid, place, quantity);
        ensure!(unpaid == quantity, RecallError::AlreadyPaid);
        self.paid_units += quantity;
        Ok(())
    }
}
