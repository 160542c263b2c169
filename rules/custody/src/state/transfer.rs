use pedigree_domain::{Record, coded_byte, ensure, identifier::Gln};
use solana_address::Address;

use crate::{
    error::{CustodyError, Result},
    state::{Change, Consignment, ConsignmentStatus, ExceptionCode},
};

coded_byte! {
    /// How far a transfer has come.
    pub TransferState {
        /// Waiting for the receiver.
        Offered = "offered",
        /// The receiver took the goods.
        Accepted = "accepted",
        /// The receiver refused them.
        Rejected = "rejected",
        /// The sender took the offer back, or title to the goods passed to it meanwhile.
        Cancelled = "cancelled",
        /// The deadline passed.
        Expired = "expired",
        /// A regulator had the goods recovered from the sender.
        Recovered = "recovered",
    }
}

/// One offer of a consignment, and what became of it. Kept six years once settled.
///
/// | offset | size | field | unit |
/// |---|---|---|---|
/// | 0 | 8 | discriminator | SHA-256("account:Transfer"), first 8 bytes |
/// | 8 | 32 | `consignment` | address of a [`Consignment`](crate::Consignment) |
/// | 40 | 32 | `lot` | address of a [`Lot`](crate::Lot) |
/// | 72 | 32 | `document_hash` | SHA-256 of the transaction information with a salt |
/// | 104 | 32 | `reverses` | address of the `Transfer` that this return undoes; zeros = none named |
/// | 136 | 32 | `payer` | key that paid the rent |
/// | 168 | 8 | `from` | GLN-13 of a registry `Partner`, as a number |
/// | 176 | 8 | `to` | GLN-13 of a registry `Partner`, as a number |
/// | 184 | 8 | `deadline` | Unix seconds, last moment to accept |
/// | 192 | 8 | `offered_at` | Unix seconds |
/// | 200 | 8 | `settled_at` | Unix seconds; 0 while offered |
/// | 208 | 4 | `sequence` | the consignment's, when offered |
/// | 212 | 4 | `first_unit` | unit index |
/// | 216 | 4 | `quantity` | units |
/// | 220 | 1 | `kind` | [`Change`], a transfer |
/// | 221 | 1 | `state` | [`TransferState`] |
/// | 222 | 1 | `exception` | [`ExceptionCode`] it was rejected with, or accepted despite |
/// | 223 | 1 | `statement` | 1 = the sender made the transaction statement |
/// | 224 | 1 | `bump` | |
/// | 225 | 1 | `within_firm` | 1 = both sites are of one firm |
/// | 226 | 6 | padding | zeros |
/// | 232 | 8 | `owner` | GLN-13 as a number, of who had title when it was offered |
/// | 240 | 4 | `owner_since` | the lot's `recall_changes` when that site took title |
/// | 244 | 4 | `settled_since` | the lot's `recall_changes` when it was accepted |
#[cfg_attr(feature = "anchor", anchor_lang::account)]
#[cfg_attr(
    not(feature = "anchor"),
    repr(C),
    derive(Clone, Copy, bytemuck::Pod, bytemuck::Zeroable)
)]
#[derive(Debug)]
pub struct Transfer {
    pub consignment: Address,
    pub lot: Address,
    pub document_hash: [u8; 32],
    pub reverses: Address,
    pub payer: Address,
    pub from: u64,
    pub to: u64,
    pub deadline: i64,
    pub offered_at: i64,
    pub settled_at: i64,
    pub sequence: u32,
    pub first_unit: u32,
    pub quantity: u32,
    pub kind: Change,
    pub state: TransferState,
    pub exception: ExceptionCode,
    pub statement: u8,
    pub bump: u8,
    /// When it was offered.
    pub within_firm: u8,
    pub _padding: [u8; 6],
    /// Who had title to the goods as they left: it stays so until the offer is settled.
    pub owner: u64,
    pub owner_since: u32,
    pub settled_since: u32,
}

impl Record for Transfer {
    const NAME: &'static str = "Transfer";
    const PROGRAM: Address = crate::ID;
    const DISCRIMINATOR: [u8; 8] = [175, 196, 153, 160, 209, 90, 145, 151];
}

impl Transfer {
    pub const SEED: &'static [u8] = b"transfer";

    /// Who sends.
    pub const fn from(&self) -> Gln {
        Gln::from_account(self.from)
    }

    /// Who is to receive.
    pub const fn to(&self) -> Gln {
        Gln::from_account(self.to)
    }

    /// Who had title to the goods as they left.
    pub const fn owner(&self) -> Gln {
        Gln::from_account(self.owner)
    }

    /// The longest that an offer may stay open, in seconds: 90 days.
    pub const LONGEST_OFFER: i64 = 90 * 86_400;

    /// How long a settled transfer stays, in seconds: six years with two leap days (DSCSA section
    /// 582(b)(1)(A)(i)(III) and its like: "not less than 6 years").
    pub const RETENTION: i64 = 2_192 * 86_400;

    /// Whether this is `consignment`'s open offer.
    #[inline(always)]
    pub fn check_open(&self, consignment: &Consignment) -> Result {
        ensure!(
            self.state == TransferState::Offered,
            CustodyError::TransferSettled
        );
        ensure!(
            consignment.status == ConsignmentStatus::Offered,
            CustodyError::ConsignmentNotOffered
        );
        ensure!(
            consignment.sequence == self.sequence.wrapping_add(1),
            CustodyError::NotConsignmentsTransfer
        );
        Ok(())
    }

    /// Whether sending `consignment` from `from` to `to` undoes this transfer, or a part of it.
    pub fn is_reversed_by(&self, consignment: &Consignment, from: u64, to: u64) -> bool {
        let first = u64::from(consignment.first_unit);
        let end = first + u64::from(consignment.quantity);
        let begun = u64::from(self.first_unit);
        self.state == TransferState::Accepted
            && self.kind == Change::Sale
            && (self.from, self.to) == (to, from)
            && self.lot == consignment.lot
            && begun <= first
            && end <= begun + u64::from(self.quantity)
    }

    #[inline(always)]
    pub fn settle(&mut self, state: TransferState, now: i64) -> Result {
        self.state = state;
        self.settled_at = now;
        self.invariant()
    }

    #[inline(always)]
    pub fn invariant(&self) -> Result {
        let offered = self.state == TransferState::Offered;
        ensure!(
            offered == (self.settled_at == 0),
            CustodyError::TransferSettled
        );
        Ok(())
    }
}
