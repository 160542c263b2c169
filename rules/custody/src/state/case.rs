use pedigree_domain::{Record, coded_byte, ensure, identifier::Gln};
use solana_address::Address;

use crate::{
    error::{CustodyError, Result},
    state::ExceptionCode,
};

coded_byte! {
    /// How far a case has come.
    pub CaseState {
        /// Opened on a suspicion or a discrepancy: under investigation.
        Open = "open",
        /// The product was determined to be illegitimate.
        Illegitimate = "illegitimate",
        /// Resolved: nothing was wrong, or it was put right. The goods may move again.
        Cleared = "cleared",
        /// Resolved: the goods only go to disposal, or to a laboratory.
        Condemned = "condemned",
    }
}

coded_byte! {
    /// As what a site opened a case.
    pub Party {
        /// Has the units.
        Custodian = "custodian",
        /// Has title to them.
        Owner = "owner",
        /// Is responsible for the lot.
        Manufacturer = "manufacturer",
        /// Oversees the trade.
        Regulator = "regulator",
    }
}

/// How many parties have a limited number of places: all but regulators.
pub const PARTIES: usize = 3;

/// A suspicion, a discrepancy or a determination that product is illegitimate, and what became of
/// it (DSCSA section 582(b)(4), (c)(4), (d)(4), (e)(4)). What it names does not move until it is
/// resolved.
///
/// | offset | size | field | unit |
/// |---|---|---|---|
/// | 0 | 8 | discriminator | SHA-256("account:Case"), first 8 bytes |
/// | 8 | 32 | `subject` | address of a [`Consignment`](crate::Consignment), or of a [`Lot`](crate::Lot) |
/// | 40 | 32 | `lot` | address of a [`Lot`](crate::Lot) |
/// | 72 | 32 | `transfer` | address of the [`Transfer`](crate::Transfer) accepted with a discrepancy; zeros = none |
/// | 104 | 32 | `document_hash` | SHA-256 of the newest finding with a salt |
/// | 136 | 32 | `payer` | key that paid the rent |
/// | 168 | 8 | `opened_by` | GLN-13 of a registry `Partner`, as a number |
/// | 176 | 8 | `resolved_by` | GLN-13 as a number; 0 = not resolved |
/// | 184 | 8 | `opened_at` | Unix seconds |
/// | 192 | 8 | `answer_by` | Unix seconds, last moment to answer the tracing request |
/// | 200 | 8 | `determined_at` | Unix seconds; 0 = not found illegitimate |
/// | 208 | 8 | `notify_by` | Unix seconds, last moment to notify; 0 = need not |
/// | 216 | 8 | `notified_at` | Unix seconds; 0 = not notified |
/// | 224 | 8 | `resolved_at` | Unix seconds; 0 = not resolved |
/// | 232 | 4 | `number` | place among its subject's cases |
/// | 236 | 4 | `units` | how many it concerns |
/// | 240 | 1 | `state` | [`CaseState`] |
/// | 241 | 1 | `exception` | [`ExceptionCode`]; 0 = suspect product |
/// | 242 | 1 | `bump` | |
/// | 243 | 1 | `party` | [`Party`], as what `opened_by` opened it |
/// | 244 | 4 | padding | zeros |
/// | 248 | 32 | `determination_hash` | SHA-256 of the determination with a salt; zeros = none |
/// | 280 | 32 | `notification_hash` | SHA-256 of the notification with a salt; zeros = none |
#[cfg_attr(feature = "anchor", anchor_lang::account)]
#[cfg_attr(
    not(feature = "anchor"),
    repr(C),
    derive(Clone, Copy, bytemuck::Pod, bytemuck::Zeroable)
)]
#[derive(Debug)]
pub struct Case {
    pub subject: Address,
    pub lot: Address,
    pub transfer: Address,
    pub document_hash: [u8; 32],
    pub payer: Address,
    pub opened_by: u64,
    pub resolved_by: u64,
    pub opened_at: i64,
    pub answer_by: i64,
    pub determined_at: i64,
    pub notify_by: i64,
    pub notified_at: i64,
    pub resolved_at: i64,
    pub number: u32,
    pub units: u32,
    pub state: CaseState,
    pub exception: ExceptionCode,
    pub bump: u8,
    pub party: Party,
    pub _padding: [u8; 4],
    /// What is found and notified later does not replace it, as it replaces `document_hash`.
    pub determination_hash: [u8; 32],
    pub notification_hash: [u8; 32],
}

impl Record for Case {
    const NAME: &'static str = "Case";
    const PROGRAM: Address = crate::ID;
    const DISCRIMINATOR: [u8; 8] = [24, 222, 147, 26, 60, 162, 154, 176];
}

impl Case {
    pub const SEED: &'static [u8] = b"case";

    /// Who opened it.
    pub const fn opened_by(&self) -> Gln {
        Gln::from_account(self.opened_by)
    }

    /// Who resolved it, if anybody has.
    pub const fn resolved_by(&self) -> Option<Gln> {
        match self.resolved_by {
            0 => None,
            gln => Some(Gln::from_account(gln)),
        }
    }

    /// Hash of the document in which the product was determined to be illegitimate, if one was named.
    pub fn determination_hash(&self) -> Option<&[u8; 32]> {
        (self.determination_hash != [0; 32]).then_some(&self.determination_hash)
    }

    /// Hash of the notification of illegitimate product, if one was named.
    pub fn notification_hash(&self) -> Option<&[u8; 32]> {
        (self.notification_hash != [0; 32]).then_some(&self.notification_hash)
    }

    /// The address of the `Transfer` that was accepted with the discrepancy, if the case began with one.
    pub fn transfer(&self) -> Option<&Address> {
        (self.transfer != Address::default()).then_some(&self.transfer)
    }

    /// How long after a determination FDA and the trading partners must be notified, in seconds:
    /// 24 hours (DSCSA section 582(b)(4)(B)(ii)).
    pub const NOTICE: i64 = 86_400;

    /// How many open cases each party may have about one consignment, and a manufacturer about one lot. The
    /// others of the 255 that can be counted are for regulators, so nobody keeps them out.
    pub const PLACES: u8 = 16;

    /// Takes the next number of `cases`, and a place among those that are `open`; `own` counts the party's,
    /// if its places are limited.
    pub(crate) fn take_place(
        &mut self,
        cases: &mut u32,
        open: &mut u8,
        own: Option<&mut u8>,
    ) -> Result {
        if let Some(own) = own {
            ensure!(*own < Self::PLACES, CustodyError::TooManyCases);
            *own += 1;
        }
        *open = open.checked_add(1).ok_or(CustodyError::TooManyCases)?;
        self.number = *cases;
        *cases = cases.checked_add(1).ok_or(CustodyError::TooManyCases)?;
        Ok(())
    }

    /// Gives a place back that [`take_place`](Self::take_place) took.
    pub(crate) fn free_place(open: &mut u8, own: Option<&mut u8>) -> Result {
        *open = open.checked_sub(1).ok_or(CustodyError::CaseResolved)?;
        if let Some(own) = own {
            *own = own.checked_sub(1).ok_or(CustodyError::CaseResolved)?;
        }
        Ok(())
    }

    pub fn is_resolved(&self) -> bool {
        self.resolved_at != 0
    }

    pub fn check_unresolved(&self) -> Result {
        ensure!(!self.is_resolved(), CustodyError::CaseResolved);
        Ok(())
    }

    pub fn invariant(&self) -> Result {
        let resolved = self.state == CaseState::Cleared || self.state == CaseState::Condemned;
        ensure!(
            resolved == self.is_resolved() && (self.determined_at == 0) == (self.notify_by == 0),
            CustodyError::CaseResolved
        );
        Ok(())
    }
}
