//! What a trading partner is licensed to do.

bitflags::bitflags! {
    /// A partner's roles, as the bits of `Partner::roles`.
    ///
    /// The first five are the authorised trading partners of DSCSA § 581(2) (manufacturer,
    /// repackager, wholesale distributor, third-party logistics provider, dispenser), which are
    /// the actors of Directive 2001/83/EC too. A reverse distributor and a laboratory take goods
    /// that leave the trade.
    #[derive(Clone, Copy, Debug, PartialEq, Eq)]
    pub struct Roles: u16 {
        /// Makes medicines; registers products and mints lots.
        const MANUFACTURER = 1;
        /// Repackages and relabels medicines.
        const REPACKAGER = 1 << 1;
        /// Buys and sells medicines in bulk.
        const WHOLESALER = 1 << 2;
        /// Stores and moves medicines that others own (3PL).
        const LOGISTICS = 1 << 3;
        /// Gives medicines to patients: a pharmacy, a hospital.
        const DISPENSER = 1 << 4;
        /// Oversees the trade, and opens and ends recalls; holds no medicine.
        const REGULATOR = 1 << 5;
        /// Takes goods that are not to be sold, for credit or to be destroyed: the returns processor or
        /// reverse logistics provider of DSCSA § 581(18), the reverse distributor of 21 CFR 1300.01.
        const REVERSE_DISTRIBUTOR = 1 << 6;
        /// Examines goods (DSCSA § 582(b)(4)(B)(i)(IV): "laboratory analysis").
        const LABORATORY = 1 << 7;
    }
}

impl Roles {
    /// Roles that may have medicines in their custody.
    pub const CUSTODIANS: Self = Self::TRADERS
        .union(Self::REVERSE_DISTRIBUTOR)
        .union(Self::LABORATORY);

    /// Roles that may have medicines that are for sale: the authorised trading partners.
    pub const TRADERS: Self = Self::MANUFACTURER
        .union(Self::REPACKAGER)
        .union(Self::WHOLESALER)
        .union(Self::LOGISTICS)
        .union(Self::DISPENSER);

    /// Roles that may take title to medicines. A 3PL never does (DSCSA § 581(22)).
    pub const OWNERS: Self = Self::TRADERS.difference(Self::LOGISTICS);

    /// Roles that take goods back from those they supply. A dispenser supplies patients only.
    pub const SUPPLIERS: Self = Self::OWNERS.difference(Self::DISPENSER);

    /// Whether one site may have all of these roles. A regulator has no other one: who oversees the trade
    /// has no part in it, as Directive 2001/83/EC, article 126b, asks of the authorities' staff.
    pub const fn are_compatible(self) -> bool {
        !self.contains(Self::REGULATOR) || self.difference(Self::REGULATOR).is_empty()
    }

    /// Roles that take goods to have them destroyed.
    pub const DISPOSERS: Self = Self::CUSTODIANS
        .difference(Self::DISPENSER)
        .difference(Self::LABORATORY);
}

#[cfg(test)]
mod tests {
    use super::Roles;

    #[test]
    fn a_regulator_has_no_other_role() {
        assert!(Roles::REGULATOR.are_compatible());
        assert!(Roles::all().difference(Roles::REGULATOR).are_compatible());
        for other in Roles::all().difference(Roles::REGULATOR).iter() {
            assert!(!other.union(Roles::REGULATOR).are_compatible(), "{other:?}");
        }
    }

    #[test]
    fn logistics_holds_but_does_not_own() {
        assert!(Roles::CUSTODIANS.contains(Roles::LOGISTICS));
        assert!(!Roles::OWNERS.contains(Roles::LOGISTICS));
        assert!(!Roles::CUSTODIANS.contains(Roles::REGULATOR));
    }

    #[test]
    fn who_takes_goods_out_of_the_trade_holds_them_and_sells_nothing() {
        let out_of_trade = Roles::REVERSE_DISTRIBUTOR.union(Roles::LABORATORY);
        assert!(Roles::CUSTODIANS.contains(out_of_trade));
        assert!(!Roles::TRADERS.intersects(out_of_trade));
        assert!(!Roles::OWNERS.intersects(out_of_trade));
        assert!(Roles::DISPOSERS.contains(Roles::REVERSE_DISTRIBUTOR));
        assert!(!Roles::DISPOSERS.intersects(Roles::LABORATORY.union(Roles::DISPENSER)));
    }
}
