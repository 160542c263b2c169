//! Who has to agree before units leave the chain in another way than by a transfer, beside the site that has
//! them.

use pedigree_domain::{Roles, ensure};
use registry_rules::Partner;
use solana_address::Address;

use crate::{
    error::{CustodyError, Result},
    signer::check_standing,
    state::{Case, Consignment, Lot, Restrictions},
};

/// A second person's signature: for which site, and the case that names this site as its opener, if that is
/// why it signs.
#[derive(Clone, Copy)]
pub struct Witness<'a> {
    pub site: &'a Partner,
    pub case: Option<&'a Case>,
}

impl Witness<'_> {
    /// Whether it witnesses for a regulator in good standing.
    pub fn is_regulator(&self, now: i64) -> bool {
        self.site.check_trade(now, Roles::REGULATOR).is_ok()
    }
}

/// What leaves, each with its address.
#[derive(Clone, Copy)]
pub struct Leaving<'a> {
    pub lot: (&'a Address, &'a Lot),
    pub consignment: (&'a Address, &'a Consignment),
}

impl Leaving<'_> {
    /// Whether what a case holds may leave at Unix time `now`: only before a witness of a regulator, or of
    /// the site that opened the case, if it is the only one and that site is in good standing.
    #[inline(never)]
    pub fn check_cases(&self, witness: Option<Witness>, now: i64) -> Result {
        let (lot_address, lot) = self.lot;
        let (consignment_address, consignment) = self.consignment;
        let open = u32::from(consignment.open_cases) + u32::from(lot.open_cases);
        if open == 0 {
            return Ok(());
        }
        let Some(witness) = witness else {
            return Err(CustodyError::HeldByCase);
        };
        if witness.is_regulator(now) {
            return Ok(());
        }
        let is_opener = witness.case.is_some_and(|case| {
            let names = |address: &Address| case.subject == *address;
            !case.is_resolved()
                && case.opened_by == witness.site.gln
                && (names(consignment_address) || names(lot_address))
        });
        ensure!(open == 1 && is_opener, CustodyError::HeldByCase);
        check_standing(witness.site, Roles::all(), now)
    }
}

/// Whether goods that another site owns may leave `custodian`'s hands for good at Unix time `now`: only if
/// their owner, in good standing, or a regulator signs too. Who stores goods has no say in what becomes of
/// them (DSCSA section 581(22)).
#[inline(never)]
pub fn check_owner(
    custodian: &Partner,
    consignment: &Consignment,
    witness: Option<Witness>,
    now: i64,
) -> Result {
    if consignment.owner == custodian.gln {
        return Ok(());
    }
    let Some(witness) = witness else {
        return Err(CustodyError::OwnerNotAsked);
    };
    if witness.is_regulator(now) {
        return Ok(());
    }
    ensure!(
        witness.site.gln == consignment.owner,
        CustodyError::OwnerNotAsked
    );
    check_standing(witness.site, Roles::all(), now)
}

/// [`check_owner`] of single units, which leave no record of whose they were: without either signature they are
/// split off first, so that a consignment shows it.
#[inline(never)]
pub fn check_owner_of_units(
    custodian: &Partner,
    consignment: &Consignment,
    witness: Option<Witness>,
    now: i64,
) -> Result {
    check_owner(custodian, consignment, witness, now).map_err(|refusal| match refusal {
        CustodyError::OwnerNotAsked => CustodyError::LeavesNoRecord,
        refusal => refusal,
    })
}

/// Whether samples may be taken of `consignment` at Unix time `now`: of condemned goods only before a regulator,
/// because else they would vanish without the witness that their destruction needs.
pub fn check_sampling(consignment: &Consignment, witness: Option<Witness>, now: i64) -> Result {
    let is_condemned = consignment.restrictions().contains(Restrictions::CONDEMNED);
    ensure!(
        !is_condemned || witness.is_some_and(|witness| witness.is_regulator(now)),
        CustodyError::CondemnedGoods
    );
    Ok(())
}

/// Whether `custodian` may destroy what is in its hands before `witness` at Unix time `now`.
///
/// - Neither the goods nor their lot are under a case.
/// - The custodian is in good standing, or a regulator watches.
/// - The goods are its own, or their owner sent them to be destroyed, or the owner or a regulator watches.
#[inline(never)]
pub fn check_destruction(
    custodian: &Partner,
    lot: &Lot,
    consignment: &Consignment,
    witness: &Partner,
    now: i64,
) -> Result {
    consignment.check_held()?;
    consignment.check_no_case()?;
    ensure!(lot.open_cases == 0, CustodyError::LotUnderCase);
    let witness = Witness {
        site: witness,
        case: None,
    };
    if !witness.is_regulator(now) {
        check_standing(custodian, Roles::CUSTODIANS, now)?;
    }
    if consignment
        .restrictions()
        .contains(Restrictions::SURRENDERED)
    {
        return Ok(());
    }
    check_owner(custodian, consignment, Some(witness), now)
}
