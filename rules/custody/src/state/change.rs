use pedigree_domain::{Roles, coded_byte, ensure};

use crate::error::{CustodyError, Result};

coded_byte! {
    /// What happens to a consignment's units: a transfer to another site, or a change at the one
    /// that has them.
    pub Change {
        /// The lot was minted, into its manufacturer's custody.
        Commissioning = "commissioning",
        /// Transfer: title passes with the goods.
        Sale = "sale",
        /// Transfer: the goods go back up the chain; title passes if the sender has it.
        Return = "return",
        /// Transfer: only possession passes, to a 3PL or a carrier, and onwards from it.
        Logistics = "logistics",
        /// Transfer: the goods go to be destroyed.
        Disposal = "disposal",
        /// Some of the units became a consignment of their own.
        Split = "split",
        /// The neighbouring consignment's units joined.
        Merge = "merge",
        /// Title passed; the goods stayed where they are.
        Title = "title",
        /// The units were destroyed.
        Destruction = "destruction",
        /// The units were taken as samples.
        Sampling = "sampling",
        /// The units were stolen or lost.
        Theft = "theft",
        /// The units left the territory that the registry covers.
        Export = "export",
        /// The custodian set the units aside.
        Quarantine = "quarantine",
        /// Restrictions were lifted.
        Release = "release",
        /// The identifiers of goods that came back were verified.
        Verification = "verification",
        /// A case was opened on the units.
        Case = "case",
        /// A case on the units was resolved.
        Resolution = "resolution",
        /// Transfer: only possession passes, to a laboratory that examines the goods.
        Examination = "examination",
        /// A regulator had the goods brought from a custodian that did not send them.
        Recovery = "recovery",
        /// It was taken back that the units were sampled or exported.
        Reversal = "reversal",
    }
}

/// The kind of a transfer: the [`Change`]s by which goods go to another site.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum TransferKind {
    /// Title passes with the goods.
    Sale,
    /// The goods go back up the chain; title passes if the sender has it.
    Return,
    /// Only possession passes, to a 3PL or a carrier, and onwards from it.
    Logistics,
    /// The goods go to be destroyed.
    Disposal,
    /// Only possession passes, to a laboratory that examines the goods.
    Examination,
}

impl TransferKind {
    /// Every kind.
    pub const ALL: [Self; 5] = [
        Self::Sale,
        Self::Return,
        Self::Logistics,
        Self::Disposal,
        Self::Examination,
    ];

    /// What the transfer does to a consignment.
    pub const fn change(self) -> Change {
        match self {
            Self::Sale => Change::Sale,
            Self::Return => Change::Return,
            Self::Logistics => Change::Logistics,
            Self::Disposal => Change::Disposal,
            Self::Examination => Change::Examination,
        }
    }

    /// The byte that instructions hold.
    pub const fn code(self) -> u8 {
        self.change().code()
    }

    /// The kind of a change; `None` if goods stay where they are.
    pub fn of(change: Change) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.change() == change)
    }
}

impl From<TransferKind> for Change {
    fn from(kind: TransferKind) -> Self {
        kind.change()
    }
}

impl core::fmt::Display for TransferKind {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        self.change().fmt(f)
    }
}

impl Change {
    /// The transfer that an instruction names by its code.
    #[inline(always)]
    pub fn of_transfer(code: u8) -> Result<Self> {
        const FIRST: u8 = Change::Sale.code();
        const LAST: u8 = Change::Disposal.code();
        ensure!(
            code.wrapping_sub(FIRST) <= LAST - FIRST || code == Self::Examination.code(),
            CustodyError::InvalidKind
        );
        Ok(Self::from_code(code))
    }

    /// Roles of which a transfer's receiver needs one.
    pub fn receiver_roles(self) -> Roles {
        if self == Self::Sale {
            Roles::OWNERS
        } else if self == Self::Return {
            Roles::SUPPLIERS
        } else if self == Self::Logistics {
            Roles::TRADERS
        } else if self == Self::Disposal {
            Roles::DISPOSERS
        } else {
            Roles::LABORATORY
        }
    }

    /// Whether the goods go down the chain, so that expired, recalled and quarantined ones may not.
    #[inline(always)]
    pub fn is_downstream(self) -> bool {
        self == Self::Sale || self == Self::Logistics
    }
}
