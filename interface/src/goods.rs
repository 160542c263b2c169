use custody::{Consignment, Transfer};
use pedigree_domain::identifier::Gln;
use solana_pubkey::Pubkey;

use crate::{address, located::Located};

/// A consignment as instructions name it: where it is, and the sequence for which they are signed.
///
/// A program refuses an instruction that names another sequence than the consignment's with
/// `StaleSequence`, so that what was signed for an earlier state is never done later. A consignment
/// that was read from the ledger converts into this, and builders accept it as it is:
///
/// ```
/// # use pedigree_interface::{Goods, Located, TransferKind, Site, instruction::custody::handoff};
/// # fn hand_over(from: Site, to: Site, consignment: &Located<custody::Consignment>) {
/// handoff(from, to, consignment, TransferKind::Sale, None);
/// # }
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Goods {
    /// Address of the `Consignment`.
    pub consignment: Pubkey,
    /// Address of its `Lot`.
    pub lot: Pubkey,
    /// The consignment's sequence: how many changes were begun so far.
    pub sequence: u32,
}

impl Goods {
    /// The first consignment of the lot at `lot`, with all its units, as it is after minting.
    pub fn minted(lot: Pubkey) -> Self {
        Self {
            consignment: address::consignment(&lot, 0),
            lot,
            sequence: 0,
        }
    }

    /// The same consignment at another sequence.
    #[must_use]
    pub const fn at(self, sequence: u32) -> Self {
        Self { sequence, ..self }
    }

    /// The offer of them that the site `from` makes, or made, at this sequence.
    pub const fn offered_by(self, from: Gln) -> Offered {
        Offered { goods: self, from }
    }
}

impl From<&Located<Consignment>> for Goods {
    fn from(consignment: &Located<Consignment>) -> Self {
        Self {
            consignment: consignment.address,
            lot: consignment.lot,
            sequence: consignment.sequence,
        }
    }
}

/// Goods on offer, as the instructions that settle an offer name them. A `Transfer` that was read
/// from the ledger converts into this.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Offered {
    /// The consignment, with the sequence at which it was offered: the transfer's. Offering counts one
    /// change, so the consignment's own sequence is one higher while the offer is open.
    pub goods: Goods,
    /// The site that offers them.
    pub from: Gln,
}

impl Offered {
    /// Address of the `Transfer`.
    pub fn transfer(&self) -> Pubkey {
        address::transfer(&self.goods.consignment, self.goods.sequence)
    }
}

impl From<&Located<Transfer>> for Offered {
    fn from(transfer: &Located<Transfer>) -> Self {
        Self {
            goods: Goods {
                consignment: transfer.consignment,
                lot: transfer.lot,
                sequence: transfer.sequence,
            },
            from: transfer.from(),
        }
    }
}
