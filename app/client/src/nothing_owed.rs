//! Why nothing is to be claimed.

use pedigree_interface::identifier::Gln;

/// Why nothing is owed for units that left a site.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NothingOwed {
    /// Another site had title to them.
    #[error("{0} had title to them: it is for that site to claim")]
    NotOwner(Gln),
    /// Title to them did not leave its owner.
    #[error(
        "their owner kept title to them: it returns them to who sold them or to their manufacturer"
    )]
    TitleKept,
    /// They were not recalled when they left.
    #[error("they were not recalled when they left")]
    NotRecalled,
    /// The site took title to them after they were recalled.
    #[error(
        "the site took title to them after they were recalled, so who had title then is paid; or it surrendered them \
         before, so that its loss came from no recall"
    )]
    TitleTakenLater,
    /// No tranche covers them.
    #[error("nothing is reserved for them: have the manufacturer fund the recall")]
    NotFunded,
    /// They are paid for.
    #[error("they are paid for")]
    Paid,
}

impl NothingOwed {
    /// The reason that is nearer to a payment.
    pub(crate) const fn or(self, other: Self) -> Self {
        const fn rank(reason: NothingOwed) -> u8 {
            match reason {
                NothingOwed::NotOwner(_) | NothingOwed::TitleKept | NothingOwed::NotRecalled => 0,
                NothingOwed::TitleTakenLater => 1,
                NothingOwed::NotFunded => 2,
                NothingOwed::Paid => 3,
            }
        }
        if rank(self) < rank(other) {
            other
        } else {
            self
        }
    }
}
