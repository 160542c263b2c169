use anchor_lang::prelude::*;
use pedigree_domain::{Roles, coded_byte};

use crate::{
    errors::CustodyError,
    state::{Consignment, ConsignmentStatus},
};

coded_byte! {
    /// Why custody changes.
    pub TransferKind {
        /// No transfer: the lot was minted, into its manufacturer's custody.
        Commissioning = "commissioning",
        /// Title passes with the goods.
        Sale = "sale",
        /// The goods go back up the chain; title passes if the sender has it.
        Return = "return",
        /// Only possession passes: to a 3PL or a carrier, and onwards from it.
        Logistics = "logistics",
        /// The goods go to be destroyed.
        Disposal = "disposal",
    }
}

coded_byte! {
    /// How far a transfer has come.
    pub TransferState {
        /// Waiting for the receiver.
        Offered = "offered",
        /// The receiver took the goods.
        Accepted = "accepted",
        /// The receiver refused them.
        Rejected = "rejected",
        /// The sender took the offer back.
        Cancelled = "cancelled",
        /// The deadline passed.
        Expired = "expired",
    }
}

coded_byte! {
    /// Why a receiver refused a consignment: the exceptions of HDA's DSCSA guidelines.
    pub ExceptionCode {
        /// Not refused.
        None = "none",
        /// Goods came without data.
        ProductNoData = "product-no-data",
        /// Data came without goods.
        DataNoProduct = "data-no-product",
        /// More came than the data say.
        Overage = "overage",
        /// Less came than the data say.
        Shortage = "shortage",
        /// The goods or their seals are damaged.
        Damage = "damage",
        /// Label and data do not agree.
        Mismatch = "mismatch",
        /// Storage conditions were not kept.
        TemperatureExcursion = "temperature-excursion",
        /// Nobody ordered it, or another reason.
        NotOrdered = "not-ordered",
    }
}

impl TransferKind {
    /// The kind that an instruction names by its code.
    #[inline(always)]
    pub(crate) fn of_transfer(code: u8) -> Result<Self> {
        let kind = Self::from_code(code);
        require!(
            kind.is_known() && kind != Self::Commissioning,
            CustodyError::InvalidKind
        );
        Ok(kind)
    }

    /// Roles of which the receiver needs one.
    #[inline(always)]
    pub(crate) fn receiver_roles(self) -> Roles {
        if self == Self::Sale {
            Roles::OWNERS
        } else if self == Self::Return {
            Roles::SUPPLIERS
        } else if self == Self::Logistics {
            Roles::CUSTODIANS
        } else {
            Roles::DISPOSERS
        }
    }

    /// Whether the goods go down the chain, so that expired, recalled and quarantined ones may not.
    #[inline(always)]
    pub(crate) fn is_downstream(self) -> bool {
        self == Self::Sale || self == Self::Logistics
    }

    /// Who owns the goods after the transfer.
    #[inline(always)]
    pub fn owner_after<'a>(
        self,
        owner: &'a Address,
        from: &'a Address,
        to: &'a Address,
    ) -> Result<&'a Address> {
        let sender_owns = anchor_lang::address_eq(owner, from);
        require!(
            self != Self::Sale || sender_owns,
            CustodyError::SenderNotOwner
        );
        let title_passes = (self == Self::Sale || self == Self::Return) && sender_owns;
        Ok(if title_passes { to } else { owner })
    }
}

/// One offer of a consignment, and what became of it.
///
/// | offset | size | field | unit |
/// |---|---|---|---|
/// | 0 | 8 | discriminator | SHA-256("account:Transfer"), first 8 bytes |
/// | 8 | 32 | `consignment` | address of a [`Consignment`](crate::Consignment) |
/// | 40 | 32 | `from` | address of a registry `Partner` |
/// | 72 | 32 | `to` | address of a registry `Partner` |
/// | 104 | 32 | `document` | SHA-256 of the transaction information with a salt |
/// | 136 | 8 | `deadline` | Unix seconds, last moment to accept |
/// | 144 | 4 | `sequence` | the consignment's, when offered |
/// | 148 | 1 | `kind` | [`TransferKind`] |
/// | 149 | 1 | `state` | [`TransferState`] |
/// | 150 | 1 | `exception` | [`ExceptionCode`] |
/// | 151 | 1 | `statement` | 1 = the sender made the transaction statement |
/// | 152 | 8 | `offered_at` | Unix seconds |
/// | 160 | 8 | `settled_at` | Unix seconds; 0 while offered |
/// | 168 | 32 | `payer` | key that paid the rent |
/// | 200 | 1 | `bump` | |
/// | 201 | 7 | padding | zeros |
#[account]
#[derive(Debug)]
pub struct Transfer {
    pub consignment: Address,
    pub from: Address,
    pub to: Address,
    pub document: [u8; 32],
    pub deadline: i64,
    pub sequence: u32,
    pub kind: TransferKind,
    pub state: TransferState,
    pub exception: ExceptionCode,
    pub statement: u8,
    pub offered_at: i64,
    pub settled_at: i64,
    pub payer: Address,
    pub bump: u8,
    pub _padding: [u8; 7],
}

impl Transfer {
    pub const SEED: &'static [u8] = b"transfer";

    /// The longest that an offer may stay open, in seconds: 90 days.
    pub const LONGEST_OFFER: i64 = 90 * 86_400;

    /// Whether this is `consignment`'s open offer.
    #[inline(always)]
    pub(crate) fn check_open(&self, consignment: &Consignment) -> Result<()> {
        require!(
            self.state == TransferState::Offered,
            CustodyError::TransferSettled
        );
        require!(
            consignment.status == ConsignmentStatus::Offered,
            CustodyError::ConsignmentNotOffered
        );
        require!(
            consignment.sequence.checked_sub(1) == Some(self.sequence),
            CustodyError::NotConsignmentsTransfer
        );
        Ok(())
    }

    #[inline(always)]
    pub(crate) fn settle(&mut self, state: TransferState, now: i64) -> Result<()> {
        self.state = state;
        self.settled_at = now;
        self.invariant()
    }

    #[inline(always)]
    pub(crate) fn invariant(&self) -> Result<()> {
        let offered = self.state == TransferState::Offered;
        require!(
            offered == (self.settled_at == 0),
            CustodyError::TransferSettled
        );
        Ok(())
    }
}
