//! Where goods may go back to.

use custody::{Change, Consignment, Lot, Transfer, TransferState};
use pedigree_interface::{Located, identifier::Gln};

use crate::{
    error::Result,
    ledger::{Filter, Ledger},
};

/// The sites to which a consignment may go back without reversing a sale: its owner, the one that sold it to
/// the owner, and the lot's manufacturer, except the one that has it. Who only stores goods sends them to
/// their owner first, whose say it is where they go from there.
pub fn receivers(consignment: &Consignment, lot: &Lot) -> Vec<Gln> {
    let mut receivers = Vec::new();
    let [owner, manufacturer] = [consignment.owner(), lot.manufacturer()].map(Some);
    for receiver in [owner, consignment.supplier(), manufacturer] {
        if let Some(receiver) = receiver
            && receiver != consignment.custodian()
            && !receivers.contains(&receiver)
        {
            receivers.push(receiver);
        }
    }
    receivers
}

/// The newest accepted sale from `to` to the consignment's custodian of all its units, which a return to
/// any other site has to name.
///
/// # Errors
///
/// If the ledger cannot be read.
pub async fn sale_to_reverse(
    ledger: &Ledger,
    consignment: &Consignment,
    to: Gln,
) -> Result<Option<Located<Transfer>>> {
    // With the account type these are the four filters that RPC nodes take.
    let filters = [
        Filter::transfer_lot(&consignment.lot),
        Filter::transfer_from(&to),
        Filter::transfer_to(&consignment.custodian()),
    ];
    let transfers: Vec<Located<Transfer>> = ledger.list(&filters).await?;
    Ok(transfers
        .into_iter()
        .filter(|transfer| {
            transfer.state == TransferState::Accepted
                && transfer.kind == Change::Sale
                && covers(transfer, consignment)
        })
        .max_by_key(|transfer| transfer.settled_at))
}

/// Whether all of the consignment's units were in the transfer.
fn covers(transfer: &Transfer, consignment: &Consignment) -> bool {
    let end = |first: u32, quantity: u32| u64::from(first) + u64::from(quantity);
    transfer.first_unit <= consignment.first_unit
        && end(consignment.first_unit, consignment.quantity)
            <= end(transfer.first_unit, transfer.quantity)
}

#[cfg(test)]
mod tests {
    use bytemuck::Zeroable;

    use super::*;

    #[test]
    fn goods_go_back_to_owner_supplier_and_manufacturer() {
        let (supplier, owner, manufacturer) = (30, 20, 10);
        let lot = Lot {
            manufacturer,
            ..Lot::zeroed()
        };
        let consignment = |custodian, supplier| Consignment {
            custodian,
            owner,
            supplier,
            ..Consignment::zeroed()
        };
        let glns =
            |receivers: Vec<Gln>| receivers.iter().map(|one| one.number()).collect::<Vec<_>>();
        let with_logistics = receivers(&consignment(40, supplier), &lot);
        assert_eq!(glns(with_logistics), [owner, supplier, manufacturer]);
        let with_owner = receivers(&consignment(owner, supplier), &lot);
        assert_eq!(glns(with_owner), [supplier, manufacturer]);
        let bought_from_maker = receivers(&consignment(owner, manufacturer), &lot);
        assert_eq!(glns(bought_from_maker), [manufacturer]);
        assert!(
            receivers(
                &consignment(10, 0),
                &Lot {
                    manufacturer: 20,
                    ..lot
                }
            )
            .len()
                == 1
        );
    }

    #[test]
    fn a_sale_covers_a_part_of_what_it_moved() {
        let transfer = Transfer {
            first_unit: 100,
            quantity: 50,
            ..Transfer::zeroed()
        };
        for (first_unit, quantity, expected) in [
            (100, 50, true),
            (110, 40, true),
            (99, 2, false),
            (149, 2, false),
            (u32::MAX, u32::MAX, false),
        ] {
            let consignment = Consignment {
                first_unit,
                quantity,
                ..Consignment::zeroed()
            };
            assert_eq!(covers(&transfer, &consignment), expected);
        }
    }
}
