//! A recall's coded values, which accounts hold as one byte each.

use pedigree_domain::coded_byte;

coded_byte! {
    /// How grave the danger is (21 CFR 7.3(m)); the regulator assigns it (21 CFR
    /// 7.41(b)), and until then it is what the recalling firm proposes.
    pub RecallClass {
        /// Not assigned yet: to be treated as class I.
        Unclassified = "unclassified",
        /// Serious adverse health consequences or death are reasonably probable.
        I = "I",
        /// Temporary or reversible consequences, or serious ones are improbable.
        II = "II",
        /// Adverse consequences are unlikely.
        III = "III",
    }
}

impl RecallClass {
    /// Seconds within which the sites concerned must be notified.
    ///
    /// The MHRA's guide to defective medicinal products has class 1 acted upon at once, class 2
    /// within 48 hours and class 3 within five days. At once is taken as the 24 hours in which
    /// DSCSA section 582(b)(4)(B)(ii) has trading partners notified of illegitimate product.
    pub const NOTICE: [i64; 4] = [86_400, 86_400, 2 * 86_400, 5 * 86_400];

    /// The last moment to notify, in Unix seconds, for a notice that is due from `now` on.
    pub fn notify_by(self, now: i64) -> i64 {
        let place = usize::from(self.code()).min(Self::NOTICE.len() - 1);
        now.saturating_add(Self::NOTICE[place])
    }

    /// 0 for the most serious.
    pub fn rank(self) -> u8 {
        self.code().saturating_sub(1)
    }
}

coded_byte! {
    /// How far down the chain a recall reaches (21 CFR 7.42(b)(1)).
    pub RecallDepth {
        /// To patients.
        Consumer = "consumer",
        /// To pharmacies and hospitals.
        Retail = "retail",
        /// To wholesalers.
        Wholesale = "wholesale",
    }
}

coded_byte! {
    /// Why the units must come back.
    pub RecallReason {
        /// None of those below: see the notice.
        Other = "other",
        /// Chemical or microbial contamination.
        Contamination = "contamination",
        /// Sterility is not assured.
        Sterility = "sterility",
        /// Less active substance than the label says.
        SubPotency = "sub-potency",
        /// More active substance than the label says.
        SuperPotency = "super-potency",
        /// Impurities or degradation products beyond their limits.
        Impurity = "impurity",
        /// Dissolution beyond its limits.
        Dissolution = "dissolution",
        /// Stability data do not support the expiry.
        Stability = "stability",
        /// Particles or another foreign body.
        ForeignBody = "foreign-body",
        /// Packs of one product hold another.
        MixUp = "mix-up",
        /// The label or the leaflet is wrong.
        Labelling = "labelling",
        /// The package or its closure is defective.
        Packaging = "packaging",
        /// Storage conditions were not kept.
        Storage = "storage",
        /// Not made as good manufacturing practice demands.
        ManufacturingPractice = "manufacturing-practice",
        /// Falsified, or diverted from another market.
        Falsified = "falsified",
        /// Marketed without an approval.
        Unapproved = "unapproved",
    }
}

coded_byte! {
    /// How many of the sites concerned are asked whether they acted (21 CFR 7.42(b)(3)).
    pub CheckLevel {
        /// All.
        A = "A",
        /// A stated part, more than 10 and less than 100 percent.
        B = "B",
        /// 10 percent.
        C = "C",
        /// 2 percent.
        D = "D",
        /// None.
        E = "E",
    }
}

impl CheckLevel {
    /// The percentage of sites to ask; `stated` is for level B alone, and else 0. `None` if they do
    /// not go together.
    pub fn percent(self, stated: u8) -> Option<u8> {
        let own = match self {
            Self::A => 100,
            Self::B => return (11..100).contains(&stated).then_some(stated),
            Self::C => 10,
            Self::D => 2,
            Self::E => 0,
            _ => return None,
        };
        (stated == 0).then_some(own)
    }
}

coded_byte! {
    /// How far a recall has come.
    pub RecallState {
        /// Opened.
        Open = "open",
        /// Units were added last.
        Expanded = "expanded",
        /// Its strategy was changed last.
        Reclassified = "reclassified",
        /// The recalling firm reports it done; a regulator decides.
        Completed = "completed",
        /// Ended by a regulator. Its units stay blocked.
        Terminated = "terminated",
        /// Taken up again by a regulator.
        Reopened = "reopened",
    }
}

#[cfg(test)]
mod tests {
    use super::{CheckLevel, RecallClass};

    #[test]
    fn only_level_b_states_a_percentage() {
        for (level, stated, percent) in [
            (CheckLevel::A, 0, Some(100)),
            (CheckLevel::A, 100, None),
            (CheckLevel::B, 0, None),
            (CheckLevel::B, 10, None),
            (CheckLevel::B, 11, Some(11)),
            (CheckLevel::B, 99, Some(99)),
            (CheckLevel::B, 100, None),
            (CheckLevel::C, 0, Some(10)),
            (CheckLevel::D, 0, Some(2)),
            (CheckLevel::E, 0, Some(0)),
            (CheckLevel::from_code(5), 0, None),
        ] {
            assert_eq!(level.percent(stated), percent, "{level} {stated}");
        }
    }

    #[test]
    fn the_gravest_is_notified_first() {
        assert_eq!(RecallClass::Unclassified.notify_by(0), 86_400);
        assert_eq!(RecallClass::I.notify_by(0), 86_400);
        assert_eq!(RecallClass::II.notify_by(0), 172_800);
        assert_eq!(RecallClass::III.notify_by(0), 432_000);
        assert_eq!(RecallClass::III.notify_by(i64::MAX), i64::MAX);
    }
}
