//! What a trading partner is licensed to do.

bitflags::bitflags! {
    /// A partner's roles, as the bits of `Partner::roles`.
    ///
    /// The first five are the authorised trading partners of DSCSA § 581(2) (manufacturer,
    /// repackager, wholesale distributor, third-party logistics provider, dispenser), which are
    /// the actors of Directive 2001/83/EC too.
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
        /// Watches the trade and opens or closes recalls; holds no medicine.
        const REGULATOR = 1 << 5;
    }
}

impl Roles {
    /// Roles that may have medicines in their custody.
    pub const CUSTODIANS: Self = Self::MANUFACTURER
        .union(Self::REPACKAGER)
        .union(Self::WHOLESALER)
        .union(Self::LOGISTICS)
        .union(Self::DISPENSER);

    /// Roles that may take title to medicines. A 3PL never does (DSCSA § 581(22)).
    pub const OWNERS: Self = Self::CUSTODIANS.difference(Self::LOGISTICS);

    /// Roles that take goods back from those they supply. A dispenser supplies patients only.
    pub const SUPPLIERS: Self = Self::OWNERS.difference(Self::DISPENSER);

    /// Roles that take goods to have them destroyed.
    pub const DISPOSERS: Self = Self::CUSTODIANS.difference(Self::DISPENSER);
}

#[cfg(test)]
mod tests {
    use super::Roles;

    #[test]
    fn logistics_holds_but_does_not_own() {
        assert!(Roles::CUSTODIANS.contains(Roles::LOGISTICS));
        assert!(!Roles::OWNERS.contains(Roles::LOGISTICS));
        assert!(!Roles::CUSTODIANS.contains(Roles::REGULATOR));
    }
}
