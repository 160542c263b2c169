use pedigree_domain::{Roles, ensure};
use registry_rules::Partner;
use solana_address::Address;

use crate::{
    error::{CustodyError, Result},
    signer::{check_regulator, check_standing},
    state::{Consignment, ConsignmentStatus, Disposition, Lot, UnitBlock, UnitPage},
    units::check_page,
};

/// Makes units of a consignment active again at Unix time `now`, because they were cleared.
///
/// - The custodian, a trading partner in good standing, clears what is suspect and no case holds: it was
///   found not to be illegitimate and "may be further distributed" (DSCSA section 582(b)(4)(A)(ii),
///   (c)(4)(A)(ii), (d)(4)(A)(iii), (e)(4)(A)(ii)).
/// - A regulator clears what is suspect or illegitimate ("in consultation with the Secretary", section
///   582(b)(4)(B)(iv)), and what was reported stolen and was not.
///
/// What is damaged is not cleared: it goes to be destroyed.
#[inline(always)]
#[allow(
    clippy::too_many_arguments,
    reason = "they are the instruction's accounts and arguments"
)]
pub fn restore_units(
    site: &Partner,
    (lot_address, lot): (&Address, &Lot),
    consignment: &mut Consignment,
    page: &mut UnitPage,
    block: UnitBlock,
    document_hash: &[u8; 32],
    now: i64,
) -> Result {
    const BY_CUSTODIAN: [Disposition; 1] = [Disposition::Suspect];
    const BY_REGULATOR: [Disposition; 3] = [
        Disposition::Suspect,
        Disposition::Illegitimate,
        Disposition::Stolen,
    ];
    block.check_within(consignment)?;
    check_page(page, lot_address, block)?;
    let cleared: &[Disposition] = if consignment.is_with(site) {
        check_standing(site, Roles::TRADERS, now)?;
        consignment.check_held()?;
        consignment.check_no_case()?;
        ensure!(lot.open_cases == 0, CustodyError::LotUnderCase);
        &BY_CUSTODIAN
    } else {
        check_regulator(site, CustodyError::NotCustodian, now)?;
        ensure!(
            [ConsignmentStatus::Held, ConsignmentStatus::Offered].contains(&consignment.status),
            CustodyError::UnitsGone
        );
        &BY_REGULATOR
    };
    let back = page.restore(block, cleared, CustodyError::UnitNotRestorable)?;
    page.link(site.gln, block, Disposition::Active, document_hash);
    consignment.count_back(back)
}
