use pedigree_domain::coded_byte;

coded_byte! {
    /// What became of a unit. What is dispensed, destroyed, stolen, sampled or exported is not there any more;
    /// what is damaged, suspect or illegitimate its custodian still has.
    pub Disposition {
        /// In the chain, wherever its consignment is.
        Active = "active",
        /// Given to a patient.
        Dispensed = "dispensed",
        /// Destroyed before a witness.
        Destroyed = "destroyed",
        /// Stolen or lost.
        Stolen = "stolen",
        /// Taken as a sample.
        Sampled = "sampled",
        /// Out of the territory that the registry covers.
        Exported = "exported",
        /// Damaged: it goes to be destroyed.
        Damaged = "damaged",
        /// Suspect product (DSCSA section 581(21)).
        Suspect = "suspect",
        /// Illegitimate product (DSCSA section 581(8)).
        Illegitimate = "illegitimate",
    }
}

impl Disposition {
    /// Whether a unit may become `next`. What is there may be taken away or destroyed, and what was found
    /// after a theft is destroyed.
    pub(crate) fn leads_to(self, next: Self) -> bool {
        match self {
            Self::Active => true,
            Self::Suspect if next == Self::Illegitimate => true,
            Self::Damaged | Self::Suspect | Self::Illegitimate => {
                [Self::Destroyed, Self::Stolen, Self::Sampled].contains(&next)
            }
            Self::Stolen => next == Self::Destroyed,
            _ => false,
        }
    }

    /// Whether a unit is with its consignment's custodian.
    pub fn is_there(self) -> bool {
        [
            Self::Active,
            Self::Damaged,
            Self::Suspect,
            Self::Illegitimate,
        ]
        .contains(&self)
    }
}

/// Numbers of units that are not active.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Gone {
    /// All of them.
    pub inactive: u32,
    /// Those that are not there either.
    pub absent: u32,
}

impl Gone {
    /// Counts a unit that was `before` and is `after` now, if that is a difference to it.
    pub fn count(&mut self, before: Disposition, after: Disposition) {
        if (before == Disposition::Active) != (after == Disposition::Active) {
            self.inactive += 1;
        }
        if before.is_there() != after.is_there() {
            self.absent += 1;
        }
    }
}
