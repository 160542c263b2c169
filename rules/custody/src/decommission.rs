use pedigree_domain::{Roles, ensure};
use registry_rules::Partner;
use solana_address::Address;

use crate::{
    error::{CustodyError, Result},
    exit::{
        Leaving, Witness, check_destruction, check_owner, check_owner_of_units, check_sampling,
    },
    signer::{check_confirmed, check_standing},
    state::{Consignment, Disposition, Lot, UnitBlock, UnitPage, UnitRecord},
    units::{check_page, check_units_movable},
};

/// What may be undone, as a dispense may.
const UNDONE: [Disposition; 2] = [Disposition::Sampled, Disposition::Exported];

/// Takes single units out of the chain at Unix time `now`; `disposition` is the code of their new
/// state: stolen, sampled, exported, damaged, suspect or illegitimate.
///
/// - The units are the consignment's, which is held.
/// - A theft is reported in any standing; for all else the custodian is in good standing.
/// - To export takes what a sale takes, and ownership. To sample what another site owns, to declare it
///   illegitimate or damaged, or to report it stolen takes its signature or a regulator's. What a custodian finds
///   alone it marks as suspect, which is cleared again; what it misses it splits off and reports as a consignment,
///   which shows whose it was.
/// - What a case holds leaves only before a witness of who opened it, or of a regulator. Condemned goods are
///   sampled only before a regulator.
///
/// The record, new or of the same site and block, keeps when units were sampled or exported, because that may
/// be undone: it is given for these two, and for nothing else. What was damaged, suspect or illegitimate is
/// sampled for good, so that no undoing makes it active.
#[inline(always)]
#[allow(
    clippy::too_many_arguments,
    reason = "they are the instruction's accounts and arguments"
)]
pub fn decommission(
    custodian: &Partner,
    (lot_address, lot): (&Address, &Lot),
    (address, consignment): (&Address, &mut Consignment),
    page: &mut UnitPage,
    record: Option<&mut UnitRecord>,
    witness: Option<Witness>,
    (block, disposition): (UnitBlock, u8),
    document_hash: &[u8; 32],
    now: i64,
) -> Result {
    let disposition = decommissioned_as(disposition)?;
    ensure!(
        record.is_some() == UNDONE.contains(&disposition),
        CustodyError::RecordNeeded
    );
    block.check_within(consignment)?;
    consignment.check_held()?;
    if disposition == Disposition::Stolen {
        check_confirmed(custodian)?;
    } else {
        check_standing(custodian, Roles::CUSTODIANS, now)?;
    }
    match disposition {
        Disposition::Exported => {
            check_standing(custodian, Roles::TRADERS, now)?;
            ensure!(
                consignment.owner == custodian.gln,
                CustodyError::SenderNotOwner
            );
            check_units_movable(lot, consignment, block, now)?;
        }
        Disposition::Sampled => {
            check_owner(custodian, consignment, witness, now)?;
            check_sampling(consignment, witness, now)?;
        }
        Disposition::Illegitimate | Disposition::Damaged => {
            check_owner(custodian, consignment, witness, now)?;
        }
        Disposition::Stolen => {
            check_owner_of_units(custodian, consignment, witness, now)?;
        }
        _ => {}
    }
    if !disposition.is_there() {
        let leaving = Leaving {
            lot: (lot_address, lot),
            consignment: (address, consignment),
        };
        leaving.check_cases(witness, now)?;
    }
    check_page(page, lot_address, block)?;
    let undoable = page.active_of(block);
    let gone = page.dispose(block, disposition)?;
    page.link(custodian.gln, block, disposition, document_hash);
    consignment.count_gone(gone)?;
    if let Some(record) = record {
        record.begin(lot_address, custodian.gln, block);
        record.note(undoable, now)?;
    }
    Ok(())
}

/// What a decommissioned unit may become.
fn decommissioned_as(code: u8) -> Result<Disposition> {
    let disposition = Disposition::from_code(code);
    ensure!(
        disposition.is_known()
            && disposition != Disposition::Active
            && disposition != Disposition::Dispensed
            && disposition != Disposition::Destroyed,
        CustodyError::InvalidDisposition
    );
    Ok(disposition)
}

/// Takes back, at Unix time `now`, that units were sampled or exported: what Delegated Regulation (EU)
/// 2016/161, article 13(1) allows.
///
/// - By the site that did it, and still has the consignment: "the same authorisation", "the same premises".
/// - "Not more than 10 days after", as the record of that site says.
/// - The units could be sold: they have not expired, and are neither recalled nor withdrawn. What was
///   registered as intended for destruction or stolen stays so: damaged, stolen and destroyed units.
#[inline(always)]
pub fn undo_decommission(
    custodian: &Partner,
    (lot_address, lot): (&Address, &Lot),
    consignment: &mut Consignment,
    page: &mut UnitPage,
    record: &mut UnitRecord,
    block: UnitBlock,
    now: i64,
) -> Result {
    check_standing(custodian, Roles::TRADERS, now)?;
    block.check_within(consignment)?;
    check_units_movable(lot, consignment, block, now)?;
    check_page(page, lot_address, block)?;
    let back = page.restore(block, &UNDONE, CustodyError::UnitNotRestorable)?;
    page.link(custodian.gln, block, Disposition::Active, &[0; 32]);
    record.strike(block, now)?;
    consignment.count_back(back)
}

/// Destroys single units at Unix time `now`, before a witness of the site `witness`
/// ([`check_witness`](crate::signer::check_witness)), as [`destroy`](crate::destroy::destroy) does whole
/// consignments.
///
/// Whose the units were is not on the page. So recalled ones are never destroyed one by one, and those of another
/// site only with its signature or a regulator's, also if it sent them to be destroyed: they are split off, and the
/// destroyed consignment shows who is paid.
#[inline(always)]
#[allow(
    clippy::too_many_arguments,
    reason = "they are the instruction's accounts and arguments"
)]
pub fn destroy_units(
    (custodian, witness): (&Partner, &Partner),
    (lot_address, lot): (&Address, &Lot),
    consignment: &mut Consignment,
    page: &mut UnitPage,
    block: UnitBlock,
    document_hash: &[u8; 32],
    now: i64,
) -> Result {
    block.check_within(consignment)?;
    check_destruction(custodian, lot, consignment, witness, now)?;
    let watched = Witness {
        site: witness,
        case: None,
    };
    check_owner_of_units(custodian, consignment, Some(watched), now)?;
    let is_recalled = block.units().any(|unit| lot.is_recalled(unit, 1));
    ensure!(!is_recalled, CustodyError::LeavesNoRecord);
    check_page(page, lot_address, block)?;
    let gone = page.dispose(block, Disposition::Destroyed)?;
    page.link(custodian.gln, block, Disposition::Destroyed, document_hash);
    consignment.count_gone(gone)
}
