use pedigree_domain::{Record, ensure};
use solana_address::Address;

use crate::{
    error::{RecallError, Result},
    state::{Recall, bits::set},
};

/// Which of 8,192 units of a lot are proven to be returned or destroyed under a recall: a bit each, so
/// that no unit counts twice, whoever proves it.
///
/// | offset | size | field | unit |
/// |---|---|---|---|
/// | 0 | 8 | discriminator | SHA-256("account:Proofs"), first 8 bytes |
/// | 8 | 32 | `recall` | address of a [`Recall`] |
/// | 40 | 32 | `payer` | key that paid the rent |
/// | 72 | 4 | `page` | the first unit's index / 8,192 |
/// | 76 | 4 | `recounts` | the recall's, when a bit was set last: if it has more now, no bit counts |
/// | 80 | 1 | `bump` | |
/// | 81 | 7 | padding | zeros |
/// | 88 | 1024 | `shown` | bit `n % 8` of byte `n / 8`: unit `n` of the page is proven |
#[cfg_attr(feature = "anchor", anchor_lang::account)]
#[cfg_attr(
    not(feature = "anchor"),
    repr(C),
    derive(Clone, Copy, bytemuck::Pod, bytemuck::Zeroable)
)]
#[derive(Debug)]
pub struct Proofs {
    pub recall: Address,
    pub payer: Address,
    pub page: u32,
    pub recounts: u32,
    pub bump: u8,
    pub _padding: [u8; 7],
    pub shown: [u64; 128],
}

impl Record for Proofs {
    const NAME: &'static str = "Proofs";
    const PROGRAM: Address = crate::ID;
    const DISCRIMINATOR: [u8; 8] = [130, 106, 102, 66, 136, 113, 252, 69];
}

impl Proofs {
    pub const SEED: &'static [u8] = b"proofs";

    /// How many units a page is for.
    pub const UNITS: u32 = 8_192;

    /// Forgets what counted before the count began anew.
    pub(crate) fn follow(&mut self, recall: &Recall) {
        if self.recounts != recall.recounts {
            self.recounts = recall.recounts;
            self.shown = [0; 128];
        }
    }

    /// Marks units `first..first + quantity` of the lot as proven, and says how many were not.
    pub(crate) fn show(&mut self, first: u32, quantity: u32) -> Result<u32> {
        let place = first % Self::UNITS;
        ensure!(
            first / Self::UNITS == self.page && quantity <= Self::UNITS - place,
            RecallError::RangeOutsidePage
        );
        Ok(set(&mut self.shown, place, quantity))
    }
}
