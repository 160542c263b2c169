//! What a site lets one of its operators do.

bitflags::bitflags! {
    /// An operator's permissions, as the bits of `Operator::permissions`.
    ///
    /// They are the authority checks of 21 CFR 11.10(g): they narrow what a site may do in its
    /// roles, and widen nothing.
    #[derive(Clone, Copy, Debug, PartialEq, Eq)]
    pub struct Permissions: u16 {
        /// Offers goods, takes offers back, hands goods over.
        const SHIP = 1;
        /// Accepts and rejects offers, takes goods over, verifies returns.
        const RECEIVE = 1 << 1;
        /// Splits and merges consignments, packs and unpacks them.
        const PACK = 1 << 2;
        /// Puts goods into quarantine and releases them, opens and closes cases.
        const QUARANTINE = 1 << 3;
        /// Takes units out of the trade: destroyed, sampled, stolen, exported.
        const WITHDRAW = 1 << 4;
        /// Witnesses a destruction.
        const WITNESS = 1 << 5;
        /// Gives units to patients.
        const DISPENSE = 1 << 6;
        /// Mints lots.
        const COMMISSION = 1 << 7;
        /// Opens, answers and settles recalls.
        const RECALL = 1 << 8;
    }
}

#[cfg(test)]
mod tests {
    use super::Permissions;

    #[test]
    fn the_bits_are_those_that_accounts_hold() {
        for (permission, bits) in [
            (Permissions::SHIP, 1),
            (Permissions::RECEIVE, 2),
            (Permissions::PACK, 4),
            (Permissions::QUARANTINE, 8),
            (Permissions::WITHDRAW, 16),
            (Permissions::WITNESS, 32),
            (Permissions::DISPENSE, 64),
            (Permissions::COMMISSION, 128),
            (Permissions::RECALL, 256),
        ] {
            assert_eq!(permission.bits(), bits);
        }
        assert_eq!(Permissions::all().bits(), 511);
    }
}
