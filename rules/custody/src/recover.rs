use pedigree_domain::{Roles, ensure};
use registry_rules::{Ineligible, Partner};

use crate::{
    error::{CustodyError, Result},
    signer::{check_regulator, ineligible_receiver},
    state::{Consignment, ConsignmentStatus, Lot, Transfer, TransferState},
};

/// Has goods brought at Unix time `now` from who has them and does not send them, or from where they were
/// found after a theft. The regulator and the receiver `to` sign; the owner alone never can.
///
/// - `regulator` is one, in good standing.
/// - `to` is in good standing and may hold medicines, or takes back what is its own though its licence has
///   lapsed. It is another site than the custodian, unless the goods were stolen.
/// - The units are held, offered or stolen. An open `offer` of them ends; it has to be named then.
///
/// No case, restriction or recall stands in the way: they stay with the goods, which also count as
/// returned. What was stolen is condemned. `from` is the site that the ledger has as custodian, so that
/// nothing it does in the meantime makes the instruction stale.
#[inline(always)]
pub fn recover(
    regulator: &Partner,
    (from, to): (&Partner, &Partner),
    lot: &Lot,
    consignment: &mut Consignment,
    offer: Option<&mut Transfer>,
    document_hash: &[u8; 32],
    now: i64,
) -> Result {
    check_regulator(regulator, CustodyError::NotRegulator, now)?;
    ensure!(consignment.is_with(from), CustodyError::NotCustodian);
    check_receiver(to, lot, consignment, now)?;
    if consignment.status == ConsignmentStatus::Offered {
        let offer = offer.ok_or(CustodyError::ConsignmentOffered)?;
        offer.check_open(consignment)?;
        offer.settle(TransferState::Recovered, now)?;
    } else {
        ensure!(
            [ConsignmentStatus::Held, ConsignmentStatus::Stolen].contains(&consignment.status),
            CustodyError::UnitsGone
        );
    }
    ensure!(
        from.gln != to.gln || consignment.status == ConsignmentStatus::Stolen,
        CustodyError::SamePartner
    );
    consignment.next_sequence()?;
    consignment.recover(to.gln, document_hash);
    consignment.invariant(lot)
}

/// Whether `to` may take the goods.
fn check_receiver(to: &Partner, lot: &Lot, consignment: &Consignment, now: i64) -> Result {
    let Err(reason) = to.check_trade(now, Roles::CUSTODIANS) else {
        return Ok(());
    };
    let is_its_own = [consignment.owner, lot.manufacturer].contains(&to.gln);
    ensure!(
        is_its_own && reason == Ineligible::LicenceLapsed,
        ineligible_receiver(reason)
    );
    Ok(())
}
