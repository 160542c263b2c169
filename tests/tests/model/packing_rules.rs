//! The rules of packing: consignments are cut apart and joined.

use custody::{Change, Consignment};
use pedigree_domain::gs1;
use program_tests::address;

use crate::{
    action::Action,
    rules::{HOLDERS, Model, OPENED, link, need},
    unit_rules::{pages_of, range_of},
};

impl Model {
    /// Cuts, joins or packs consignments.
    pub fn act_on_packages(&mut self, action: &Action) -> Option<()> {
        match *action {
            Action::Split {
                by,
                goods,
                quantity,
                sscc,
                ref pages,
            } => {
                let payer = self.payer;
                let parent_address = goods.consignment;
                let parent = self.named(by, goods)?;
                need!(parent.open_cases == 0);
                need!(quantity > 0 && quantity < parent.quantity);
                if parent.inactive > 0 {
                    let end = range_of(parent).end;
                    need!(pages.starts_with(&pages_of(end - quantity..end)));
                }
                need!(sscc == 0 || gs1::is_valid_key(sscc, 18));
                parent.sequence += 1;
                parent.quantity -= quantity;
                parent.sscc = 0;
                link(parent, Change::Split, [0; 32]);
                let mut child = Consignment {
                    first_unit: parent.first_unit + parent.quantity,
                    quantity,
                    sscc,
                    cases: 0,
                    index: parent.children,
                    children: 0,
                    parent: parent_address,
                    payer,
                    ..*parent
                };
                link(&mut child, Change::Split, [0; 32]);
                parent.children += 1;
                let at = address::consignment(&parent_address, child.index);
                self.consignments.insert(at, child);
                self.recount(parent_address)?;
                self.recount(at)?;
            }
            Action::Merge {
                by,
                goods,
                neighbour,
            } => {
                need!(goods.consignment != neighbour.consignment && self.may_trade(by, HOLDERS));
                let right = *self.named(by, neighbour)?;
                let left = self.named(by, goods)?;
                let is_anothers = left.owner != by.gln.number();
                need!(!is_anothers || (left.absent, right.absent) == (0, 0));
                need!(left.open_cases == 0 && right.open_cases == 0 && right.cases == 0);
                need!(left.lot == right.lot);
                need!(left.first_unit + left.quantity == right.first_unit);
                need!(left.owner == right.owner && left.supplier == right.supplier);
                need!(left.owner_since == right.owner_since);
                need!(left.restrictions | OPENED == right.restrictions | OPENED);
                left.sequence += 1;
                left.quantity += right.quantity;
                left.sscc = 0;
                link(left, Change::Merge, right.trail);
                self.consignments.remove(&neighbour.consignment);
                self.recount(goods.consignment)?;
            }
            Action::Pack {
                by,
                consignment,
                sscc,
            } => {
                need!(gs1::is_valid_key(sscc, 18));
                self.at_hand(by, consignment)?.sscc = sscc;
            }
            Action::Unpack { by, consignment } => self.at_hand(by, consignment)?.sscc = 0,
            _ => unreachable!("{action:?} has its rules elsewhere"),
        }
        Some(())
    }
}
