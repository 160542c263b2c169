use core::ops::Deref;

use pedigree_domain::ensure;
use registry_rules::Partner;
use solana_address::Address;

use crate::{
    error::{RecallError, Result},
    evidence::{Departure, Until},
    signer::check_key,
    state::{Claims, Recall, Scope, Tranche, contains, range},
};

/// What a claim rests on.
pub struct Grounds<'a> {
    /// The return or the destruction, and its address.
    pub departure: (&'a Address, &'a Departure),
    /// The scope that added the units to the recall.
    pub scope: &'a Scope,
}

/// Pays `site` from the recall's `tranche` for units `first..first + quantity`. Returns what is due, in
/// smallest parts of the token; the tranche's vault has it.
///
/// - The units' owner is paid, whoever had them, and it is not suspended. A site whose licence was revoked
///   or lapsed is owed what it gave up all the same.
/// - It had title when `scope` recalled the units, and gave them up after that: it returned its own goods to
///   another firm, or they were destroyed.
/// - Then they were recalled, and at the latest when the tranche was funded: `next_narrowing` gives each
///   scope after `scope` that released others, up to those that came after both. So a later narrowing, an
///   expansion or the recall's end takes nothing from who acted before it.
/// - The tranche covers them, and what was left of it was not given back.
/// - The manufacturer and who funded the tranche, with all the sites of their firms, are not paid.
/// - Each unit that was given up is paid for once, under whatever recall.
#[inline(always)]
pub fn claim<S: Deref<Target = Scope>>(
    site: &Partner,
    (address, recall): (&Address, &Recall),
    tranche: &mut Tranche,
    claims: &mut Claims,
    (first, quantity): (u32, u32),
    grounds: &Grounds,
    next_narrowing: &mut dyn FnMut() -> Result<S>,
) -> Result<u64> {
    let &Grounds {
        departure: (evidence, departure),
        scope,
    } = grounds;
    check_key(site)?;
    // By head office and by site, because a head office may have joined another firm since.
    let payers = [
        recall.manufacturer,
        tranche.funder,
        tranche.firm,
        tranche.maker_firm,
    ];
    ensure!(
        !payers.contains(&site.gln) && !payers.contains(&site.firm),
        RecallError::ManufacturerPays
    );
    ensure!(departure.owner == site.gln, RecallError::NotOwner);
    ensure!(departure.leaves_owner, RecallError::TitleKept);

    ensure!(tranche.recall == *address, RecallError::NotRecallsTranche);
    tranche.check_open()?;
    ensure!(
        contains(&tranche.units(), &range(first, quantity)),
        RecallError::RangeOutsideTranche
    );
    ensure!(scope.number <= tranche.scope, RecallError::FundedBefore);
    let until = Until {
        change: departure.change,
        scope: tranche.scope,
    };
    departure.check_recalled(
        (first, quantity),
        (address, recall),
        scope,
        until,
        next_narrowing,
    )?;
    ensure!(
        departure.owner_since < scope.change,
        RecallError::TitleTakenLater
    );

    ensure!(
        claims.evidence == *evidence,
        RecallError::NotEvidencesClaims
    );
    claims.pay(first, quantity)?;
    tranche.paid_units += quantity;
    tranche.invariant()?;
    tranche.price_of(quantity)
}
