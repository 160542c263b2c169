//! What a site lets one of its operators do.

bitflags::bitflags! {
    /// An operator's permissions, as the bits of `Operator::permissions`.
    ///
    /// They are the authority checks of 21 CFR 11.10(g): they narrow what a site may do in its
    /// roles, and widen nothing.
    #[derive(Clone, Copy, Debug, PartialEq, Eq)]
    pub struct Permissions: u16 {
        /// Offers goods, takes offers back, hands goods over, sells goods that stay where they are, gives title
        /// to recalled goods back.
        const SHIP = 1;
        /// Accepts and rejects offers, takes goods over, buys goods that stay where they are, verifies returns,
        /// takes recovered goods.
        const RECEIVE = 1 << 1;
        /// Splits and merges consignments, packs and unpacks them.
        const PACK = 1 << 2;
        /// Quarantines consignments and lots and releases them; opens, determines, notifies and resolves cases;
        /// makes cleared units active again. For a regulator: recovers goods.
        const QUARANTINE = 1 << 3;
        /// Takes units out of the trade, with any disposition but dispensed, and undoes it.
        const WITHDRAW = 1 << 4;
        /// Signs as the second person that goods leave: as the witness of a destruction, or for the owner, a
        /// regulator or the site that opened a case where goods are sampled, stolen or decommissioned.
        const WITNESS = 1 << 5;
        /// Gives units to patients and undoes it. For an owner: agrees that another site dispenses its goods.
        const DISPENSE = 1 << 6;
        /// Mints lots, and adopts those that another manufacturer minted.
        const COMMISSION = 1 << 7;
        /// Opens, changes, completes, terminates and reopens recalls, answers them, proves what came back, and
        /// takes back what was not paid out. To fund and to claim is for the site's own key only.
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
