use pedigree_domain::Roles;
use registry_rules::Partner;
use solana_address::Address;

use crate::{
    error::Result,
    exit::{Leaving, Witness, check_owner, check_sampling},
    signer::{check_confirmed, check_standing},
    state::{Change, Consignment, Lot},
};

/// Takes a whole consignment that is held out of the chain as samples at Unix time `now`.
///
/// - The custodian is in good standing. If it does not own the goods, their owner or a regulator signs too.
/// - If a case holds them, the site that opened it or a regulator witnesses it; if they are condemned, a
///   regulator.
///
/// `sequence` is the consignment's, as its custodian saw it.
#[inline(always)]
pub fn sample(
    custodian: &Partner,
    lot: (&Address, &Lot),
    (address, consignment): (&Address, &mut Consignment),
    witness: Option<Witness>,
    sequence: u32,
    document_hash: &[u8; 32],
    now: i64,
) -> Result {
    check_standing(custodian, Roles::CUSTODIANS, now)?;
    check_owner(custodian, consignment, witness, now)?;
    check_sampling(consignment, witness, now)?;
    let goods = (address, consignment);
    withdraw(
        lot,
        goods,
        witness,
        Change::Sampling,
        sequence,
        document_hash,
        now,
    )
}

/// Records at Unix time `now` that a whole consignment that is held was stolen or lost: whatever the
/// custodian's standing, because that protects others.
///
/// If a case holds the goods, the site that opened it or a regulator signs too: what is under investigation
/// does not vanish by one site's word. `sequence` is the consignment's, as its custodian saw it.
#[inline(always)]
pub fn report_stolen(
    custodian: &Partner,
    lot: (&Address, &Lot),
    goods: (&Address, &mut Consignment),
    witness: Option<Witness>,
    sequence: u32,
    document_hash: &[u8; 32],
    now: i64,
) -> Result {
    check_confirmed(custodian)?;
    withdraw(
        lot,
        goods,
        witness,
        Change::Theft,
        sequence,
        document_hash,
        now,
    )
}

#[inline(never)]
fn withdraw(
    lot: (&Address, &Lot),
    (address, consignment): (&Address, &mut Consignment),
    witness: Option<Witness>,
    kind: Change,
    sequence: u32,
    document_hash: &[u8; 32],
    now: i64,
) -> Result {
    consignment.check_held()?;
    consignment.check_present()?;
    consignment.check_sequence(sequence)?;
    let leaving = Leaving {
        lot,
        consignment: (address, consignment),
    };
    leaving.check_cases(witness, now)?;
    consignment.next_sequence()?;
    let (_, lot) = lot;
    consignment.withdraw(kind, document_hash, (lot.recall_changes, now));
    Ok(())
}
