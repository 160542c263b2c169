//! What a recall owes: for which of the units that left a site, since when they were recalled, and from
//! which tranche.

use std::{
    collections::{BTreeMap, BTreeSet},
    ops::Range,
};

use custody::{Consignment, PAGE_UNITS, Transfer};
use pedigree_interface::{
    Located, address,
    identifier::Gln,
    instruction::recall::{Claimed, Since},
    units::UnitRange,
};
use recall::{Claims, Departure, DepartureRecord, Recall, Scope, Tranche, Until};
use solana_pubkey::Pubkey;

use crate::{
    error::{Error, Result},
    ledger::{Ledger, decode},
    nothing_owed::NothingOwed,
};

/// What a recall's accounts say of its past: each range that it had, and each time that it was funded, in
/// their order.
#[derive(Clone, Debug, Default)]
pub struct RecallHistory {
    /// Its ranges.
    pub scopes: Vec<Scope>,
    /// Its tranches.
    pub tranches: Vec<Tranche>,
}

/// Recalled units that were added at one time.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Added {
    /// The units, as far as they are recalled now.
    pub units: UnitRange,
    /// Since when, Unix seconds.
    pub since: i64,
    /// Last moment to notify the sites concerned of them, Unix seconds.
    pub notify_by: i64,
}

impl Added {
    /// Whether some of its units are in these ranges.
    pub(crate) fn is_among(&self, ranges: &[Range<u32>]) -> bool {
        let units = self.units.first..self.units.first + self.units.quantity;
        ranges
            .iter()
            .any(|range| !overlap(range, &units).is_empty())
    }
}

/// How units left a site, as an account shows it.
pub struct GivenUp {
    /// The account: an accepted return's transfer, or a destroyed consignment.
    pub address: Pubkey,
    /// What it shows.
    pub departure: Departure,
}

impl RecallHistory {
    /// Reads a recall's past.
    ///
    /// # Errors
    ///
    /// If the ledger cannot be read.
    pub async fn read(ledger: &Ledger, recall: &Located<Recall>) -> Result<Self> {
        let scopes = (0..recall.scopes).map(|number| address::scope(&recall.address, number));
        let tranches = (0..recall.tranches).map(|number| address::tranche(&recall.address, number));
        let mut scopes: Vec<Scope> = ledger.get_many(scopes).await?.into_values().collect();
        let mut tranches: Vec<Tranche> = ledger.get_many(tranches).await?.into_values().collect();
        scopes.sort_by_key(|scope| scope.number);
        tranches.sort_by_key(|tranche| tranche.number);
        Ok(Self { scopes, tranches })
    }

    /// The units that are recalled now, by when they were added.
    pub fn added(&self, recall: &Recall) -> Vec<Added> {
        let mut added: Vec<(usize, Range<u32>)> = Vec::new();
        for (place, scope) in self.scopes.iter().enumerate() {
            let (units, before) = (narrow(&scope.units()), narrow(&scope.units_before()));
            let sides = match before.is_empty() {
                true => [units.clone(), 0..0],
                false => [units.start..before.start, before.end..units.end],
            };
            added.extend(sides.map(|side| (place, side)));
            added = added
                .into_iter()
                .map(|(place, side)| (place, overlap(&side, &units)))
                .filter(|(_, side)| !side.is_empty())
                .collect();
        }
        let added = added.into_iter().map(|(place, units)| {
            let scope = &self.scopes[place];
            Added {
                units: range(&units),
                since: scope.since,
                notify_by: recall.notify_of(scope, self.scopes[place + 1..].iter()),
            }
        });
        added.collect()
    }

    /// The scope that added the units last before `change` of the lot's recalls, if they were recalled
    /// then, and the one after it that released some of them.
    fn recalled_at(&self, units: &Range<u32>, change: u32) -> Option<(&Scope, Option<&Scope>)> {
        let place = self
            .scopes
            .iter()
            .rposition(|scope| scope.change <= change && scope.adds(&wide(units)))?;
        let later = &self.scopes[place..];
        let ended = later
            .iter()
            .find(|scope| !is_within(units, &narrow(&scope.units())));
        let is_recalled = ended.is_none_or(|ended| change < ended.change);
        is_recalled.then_some((&self.scopes[place], ended))
    }

    /// What a claim has to show of the recall's scopes: the one that added the units, and those after it
    /// that released others, up to one that came after `until`.
    fn since(&self, scope: u32, until: Until) -> Since {
        let later = self.scopes.iter().skip(scope as usize + 1);
        let mut narrowings = Vec::new();
        for narrowing in later.filter(|scope| scope.is_narrowing()) {
            narrowings.push(narrowing.number);
            if until.is_before(narrowing) {
                break;
            }
        }
        Since { scope, narrowings }
    }

    /// The recalled units that were returned or destroyed since they were recalled, in ranges that one proof
    /// can be about each, with what it has to show.
    pub fn proofs(&self, recall: &Recall, departure: &Departure) -> Vec<(UnitRange, Since)> {
        let shown = narrow(&departure.units);
        let units = overlap(&shown, &narrow(&recall.units()));
        let mut cuts = self.cuts();
        cuts.extend(
            (0..)
                .map(|page| page * PAGE_UNITS)
                .take_while(|&cut| cut < units.end),
        );
        pieces(&units, &cuts)
            .filter_map(|piece| {
                let (added, ended) = self.recalled_at(&piece, departure.change)?;
                let since = self.since(added.number, Until::NOW);
                ended.is_none().then(|| (range(&piece), since))
            })
            .collect()
    }

    /// What `site` may claim for units that left a site, in ranges that one claim can be about each: from
    /// the tranche of this number, or from those that pay most, which are in one token.
    ///
    /// `is_paid` says which units are paid for.
    ///
    /// # Errors
    ///
    /// [`Error::NothingOwed`] with the reason if there is nothing to claim, [`Error::SeveralTokens`] if tranches in
    /// several tokens cover the units and none is named.
    pub fn claims(
        &self,
        site: Gln,
        shown: &GivenUp,
        tranche: Option<u32>,
        is_paid: impl Fn(u32) -> bool,
    ) -> Result<Vec<Claimed>> {
        let GivenUp { address, departure } = shown;
        let nothing_owed = |reason| Error::NothingOwed {
            evidence: *address,
            reason,
        };
        if departure.owner != site.number() {
            return Err(nothing_owed(NothingOwed::NotOwner(departure.owner())));
        }
        if !departure.leaves_owner {
            return Err(nothing_owed(NothingOwed::TitleKept));
        }
        let units = narrow(&departure.units);
        let mut cuts = self.cuts();
        cuts.extend(units.clone().step_by(Claimed::PAGE_UNITS as usize));
        // A range of units that are all paid for, or none of which is.
        cuts.extend(
            units
                .clone()
                .filter(|&unit| unit > units.start && is_paid(unit) != is_paid(unit - 1)),
        );
        let mut reason = NothingOwed::NotRecalled;
        let mut claims: Vec<(Claimed, Pubkey)> = Vec::new();
        for piece in pieces(&units, &cuts) {
            let Some((added, ended)) = self.recalled_at(&piece, departure.change) else {
                continue;
            };
            if departure.owner_since >= added.change {
                reason = reason.or(NothingOwed::TitleTakenLater);
                continue;
            }
            let pays = |it: &&Tranche| {
                it.withdrawn_at == 0
                    && tranche.is_none_or(|number| number == it.number)
                    && added.number <= it.scope
                    && ended.is_none_or(|ended| it.scope < ended.number)
                    && is_within(&piece, &narrow(&it.units()))
            };
            let best = self
                .tranches
                .iter()
                .filter(pays)
                .max_by_key(|it| (it.unit_price, u32::MAX - it.number));
            let Some(best) = best else {
                reason = reason.or(NothingOwed::NotFunded);
                continue;
            };
            if is_paid(piece.start) {
                reason = reason.or(NothingOwed::Paid);
                continue;
            }
            let mints: BTreeSet<Pubkey> = self
                .tranches
                .iter()
                .filter(pays)
                .map(|tranche| tranche.mint)
                .collect();
            let until = Until {
                change: departure.change,
                scope: best.scope,
            };
            let claimed = Claimed {
                evidence: *address,
                evidence_first: units.start,
                units: range(&piece),
                since: self.since(added.number, until),
                tranche: best.number,
            };
            let is_of_other = |(_, mint): &(Claimed, Pubkey)| *mint != best.mint;
            if mints.len() > 1 || claims.iter().any(is_of_other) {
                return Err(Error::SeveralTokens(*address));
            }
            claims.push((claimed, best.mint));
        }
        if claims.is_empty() {
            return Err(nothing_owed(reason));
        }
        Ok(joined(claims.into_iter().map(|(claimed, _)| claimed)))
    }

    /// Where ranges of units begin and end.
    fn cuts(&self) -> BTreeSet<u32> {
        let scopes = self
            .scopes
            .iter()
            .flat_map(|scope| [scope.units(), scope.units_before()]);
        let tranches = self.tranches.iter().map(Tranche::units);
        scopes
            .chain(tranches)
            .map(|units| narrow(&units))
            .flat_map(|units| [units.start, units.end])
            .collect()
    }
}

impl GivenUp {
    /// Reads what the account at `address` shows.
    ///
    /// # Errors
    ///
    /// [`Error::NotEvidence`] if it is neither an accepted return nor a destroyed consignment.
    pub async fn read(ledger: &Ledger, address: Pubkey) -> Result<Self> {
        let (_, accounts) = ledger.accounts(&[address]).await?;
        let account = accounts.into_iter().next().flatten();
        let account = account.ok_or(Error::NotEvidence(address))?;
        let departure = match decode::<Transfer>(&address, &account) {
            Ok(transfer) => DepartureRecord::Transfer(&transfer).departure(),
            Err(_) => {
                let consignment = decode::<Consignment>(&address, &account);
                let consignment = consignment.map_err(|_| Error::NotEvidence(address))?;
                DepartureRecord::Consignment(&consignment).departure()
            }
        };
        let departure = departure.map_err(|_| Error::NotEvidence(address))?;
        Ok(Self { address, departure })
    }

    /// Reads which of its units are paid for.
    ///
    /// # Errors
    ///
    /// If the ledger cannot be read.
    pub async fn paid(&self, ledger: &Ledger) -> Result<Vec<Claims>> {
        let Range { start, end } = narrow(&self.departure.units);
        let pages = (end - start).div_ceil(Claims::UNITS);
        let pages = (0..pages).map(|page| address::claims(&self.address, page));
        let pages: BTreeMap<Pubkey, Claims> = ledger.get_many(pages).await?;
        Ok(pages.into_values().collect())
    }
}

/// The parts of `units` between `cuts`.
fn pieces(units: &Range<u32>, cuts: &BTreeSet<u32>) -> impl Iterator<Item = Range<u32>> {
    let mut first = units.start;
    let ends = cuts
        .range(units.start..units.end)
        .copied()
        .chain([units.end])
        .collect::<Vec<_>>();
    ends.into_iter()
        .map(move |end| core::mem::replace(&mut first, end)..end)
        .filter(|piece| !piece.is_empty())
}

/// The claims with those joined that are about one range after the other and agree in the rest.
fn joined(claims: impl Iterator<Item = Claimed>) -> Vec<Claimed> {
    let mut joined: Vec<Claimed> = Vec::new();
    for claim in claims {
        match joined.last_mut() {
            Some(last)
                if last.units.first + last.units.quantity == claim.units.first
                    && last.since == claim.since
                    && last.tranche == claim.tranche
                    && last.page() == claim.page() =>
            {
                last.units.quantity += claim.units.quantity;
            }
            _ => joined.push(claim),
        }
    }
    joined
}

fn overlap(a: &Range<u32>, b: &Range<u32>) -> Range<u32> {
    let start = a.start.max(b.start);
    start..a.end.min(b.end).max(start)
}

fn is_within(units: &Range<u32>, all: &Range<u32>) -> bool {
    all.start <= units.start && units.end <= all.end
}

fn range(units: &Range<u32>) -> UnitRange {
    UnitRange {
        first: units.start,
        quantity: units.end - units.start,
    }
}

fn wide(units: &Range<u32>) -> Range<u64> {
    units.start.into()..units.end.into()
}

/// A lot has fewer than 2^32 units.
fn narrow(units: &Range<u64>) -> Range<u32> {
    let bound = |unit: u64| u32::try_from(unit).unwrap_or(u32::MAX);
    bound(units.start)..bound(units.end)
}

#[cfg(test)]
#[allow(
    clippy::single_range_in_vec_init,
    reason = "a list of ranges that has one"
)]
mod tests {
    use bytemuck::Zeroable;
    use recall::DepartureKind;

    use super::*;

    const OWNER: Gln = Gln::from_account(9_506_000_000_022);
    const MINT: Pubkey = Pubkey::new_from_array([1; 32]);

    /// A recall with these ranges, one change of the lot's recalls after the other.
    fn history(ranges: &[Range<u32>], tranches: &[(u32, Range<u32>, u64)]) -> RecallHistory {
        let mut before = 0..0;
        let mut narrowings = 0;
        let mut scopes = Vec::new();
        for (number, range) in (0..).zip(ranges) {
            narrowings += u32::from(range.len() < before.len());
            scopes.push(Scope {
                number,
                change: number + 1,
                first: range.start,
                quantity: range.end - range.start,
                first_before: before.start,
                quantity_before: before.end - before.start,
                narrowings,
                ..Scope::zeroed()
            });
            before = range.clone();
        }
        let tranches = (0..)
            .zip(tranches)
            .map(|(number, (scope, units, price))| Tranche {
                number,
                scope: *scope,
                mint: MINT,
                first: units.start,
                quantity: units.end - units.start,
                unit_price: *price,
                ..Tranche::zeroed()
            });
        RecallHistory {
            scopes,
            tranches: tranches.collect(),
        }
    }

    fn shown(units: Range<u64>, owner_since: u32, change: u32) -> GivenUp {
        GivenUp {
            address: Pubkey::new_from_array([2; 32]),
            departure: Departure {
                lot: Pubkey::default(),
                units,
                kind: DepartureKind::Returned,
                change,
                site: OWNER.number(),
                owner: OWNER.number(),
                owner_since,
                leaves_owner: true,
            },
        }
    }

    /// First unit, quantity, scope, narrowings and tranche of each claim.
    fn claims(history: &RecallHistory, shown: &GivenUp) -> Vec<(u32, u32, u32, Vec<u32>, u32)> {
        let claims = history.claims(OWNER, shown, None, |_| false).unwrap();
        claims
            .into_iter()
            .map(|it| {
                let UnitRange { first, quantity } = it.units;
                (
                    first,
                    quantity,
                    it.since.scope,
                    it.since.narrowings,
                    it.tranche,
                )
            })
            .collect()
    }

    fn reason(history: &RecallHistory, site: Gln, shown: &GivenUp, paid: bool) -> NothingOwed {
        match history.claims(site, shown, None, |_| paid) {
            Err(Error::NothingOwed { reason, .. }) => reason,
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn what_is_recalled_now_is_listed_by_when_it_was_added() {
        let ranges = [20..40, 10..50, 30..45, 25..45, 45..45, 0..10];
        let added = |count: usize| {
            let mut past = history(&ranges[..count], &[]);
            for scope in &mut past.scopes {
                (scope.since, scope.notify_by) = (scope.number.into(), 100);
            }
            // The recall was classified anew before it was expanded, and after all.
            past.scopes[1].reclassified_notify_by = 90;
            let recall = Recall {
                reclassified_notify_by: 95,
                ..Recall::zeroed()
            };
            let added = past.added(&recall).into_iter();
            added
                .map(|it| (it.units.first, it.units.quantity, it.since, it.notify_by))
                .collect::<Vec<_>>()
        };
        let (first, second) = ((20, 20, 0, 90), [(10, 10, 1, 95), (40, 10, 1, 95)]);
        assert_eq!(added(2), [first, second[0], second[1]]);
        let left = [(30, 10, 0, 90), (40, 5, 1, 95)];
        assert_eq!(added(3), left);
        assert_eq!(added(4), [left[0], left[1], (25, 5, 3, 95)]);
        assert_eq!(added(5), []);
        assert_eq!(added(6), [(0, 10, 5, 95)]);
    }

    #[test]
    fn a_claim_names_scope_and_tranche_of_each_part() {
        // Expanded by ten units on either side, and funded before and after.
        let history = history(&[100..200, 90..210], &[(0, 100..200, 5), (1, 90..210, 3)]);
        assert_eq!(
            claims(&history, &shown(95..205, 0, 2)),
            [
                (95, 5, 1, vec![], 1),
                (100, 100, 0, vec![], 0),
                (200, 5, 1, vec![], 1)
            ]
        );
        // Before the expansion the others were not recalled.
        assert_eq!(
            claims(&history, &shown(95..205, 0, 1)),
            [(100, 100, 0, vec![], 0)]
        );
    }

    #[test]
    fn a_claim_names_narrowings_up_to_one_that_came_later() {
        let ranges = [0..100, 0..50, 0..40, 0..100, 0..90];
        let history = history(&ranges, &[(0, 0..100, 5), (3, 0..100, 4)]);
        // Given up before the first narrowing.
        assert_eq!(
            claims(&history, &shown(30..60, 0, 1)),
            [(30, 30, 0, vec![1], 0)]
        );
        // Kept through both, given up after all were recalled again.
        assert_eq!(
            claims(&history, &shown(30..60, 0, 4)),
            [(30, 10, 0, vec![1, 2, 4], 0), (40, 20, 3, vec![4], 1)]
        );
        // Given up while it was released.
        assert_eq!(
            claims(&history, &shown(30..60, 0, 3)),
            [(30, 10, 0, vec![1, 2, 4], 0)]
        );
    }

    #[test]
    fn claims_stay_on_one_page_and_leave_out_what_is_paid() {
        let history = history(&[0..9_000], &[(0, 0..9_000, 5)]);
        let shown = shown(500..2_700, 0, 1);
        let is_paid = |unit| (1_000..1_100).contains(&unit);
        let claims = history.claims(OWNER, &shown, None, is_paid).unwrap();
        let ranges: Vec<(u32, u32)> = claims
            .iter()
            .map(|it| (it.units.first, it.units.quantity))
            .collect();
        assert_eq!(
            ranges,
            [(500, 500), (1_100, 424), (1_524, 1_024), (2_548, 152)]
        );
        assert!(claims.iter().all(|it| it.evidence_first == 500));
    }

    #[test]
    fn the_best_price_is_claimed_or_the_tranche_that_is_named() {
        let mut history = history(&[0..100], &[(0, 0..100, 5), (0, 0..100, 9), (0, 0..100, 9)]);
        let shown = shown(0..10, 0, 1);
        let tranche = |history: &RecallHistory, named| {
            let claims = history.claims(OWNER, &shown, named, |_| false).unwrap();
            claims[0].tranche
        };
        assert_eq!(tranche(&history, None), 1);
        assert_eq!(tranche(&history, Some(2)), 2);
        history.tranches[1].withdrawn_at = 1;
        assert_eq!(tranche(&history, None), 2);
        // Of several tokens nobody but the site says which is worth more.
        history.tranches[0].mint = Pubkey::new_from_array([3; 32]);
        let error = history.claims(OWNER, &shown, None, |_| false).unwrap_err();
        assert!(matches!(error, Error::SeveralTokens(_)));
        assert_eq!(tranche(&history, Some(0)), 0);
    }

    #[test]
    fn says_why_nothing_is_owed() {
        let history = history(&[0..100, 0..50], &[(0, 0..60, 5)]);
        let other = Gln::from_account(9_506_000_000_039);
        let mut kept = shown(0..10, 0, 1);
        kept.departure.leaves_owner = false;
        for (site, shown, paid, expected) in [
            (
                other,
                shown(0..10, 0, 1),
                false,
                NothingOwed::NotOwner(OWNER),
            ),
            (OWNER, kept, false, NothingOwed::TitleKept),
            (
                OWNER,
                shown(100..110, 0, 1),
                false,
                NothingOwed::NotRecalled,
            ),
            (OWNER, shown(60..70, 0, 2), false, NothingOwed::NotRecalled),
            (
                OWNER,
                shown(0..10, 1, 2),
                false,
                NothingOwed::TitleTakenLater,
            ),
            (OWNER, shown(60..70, 0, 1), false, NothingOwed::NotFunded),
            (OWNER, shown(0..10, 0, 1), true, NothingOwed::Paid),
        ] {
            assert_eq!(reason(&history, site, &shown, paid), expected);
        }
    }

    #[test]
    fn proofs_are_about_what_is_recalled_now_and_stay_on_one_page() {
        let history = history(&[0..20_000, 0..10_000, 0..12_000], &[]);
        let recall = Recall {
            quantity: 12_000,
            ..Recall::zeroed()
        };
        let proofs = |units, change| -> Vec<(u32, u32, u32, Vec<u32>)> {
            history
                .proofs(&recall, &shown(units, 0, change).departure)
                .into_iter()
                .map(|(units, since)| (units.first, units.quantity, since.scope, since.narrowings))
                .collect()
        };
        assert_eq!(
            proofs(8_000..13_000, 3),
            [
                (8_000, 192, 0, vec![1]),
                (8_192, 1_808, 0, vec![1]),
                (10_000, 2_000, 2, vec![])
            ]
        );
        // What came back while it was released does not count.
        assert_eq!(proofs(9_000..13_000, 1), [(9_000, 1_000, 0, vec![1])]);
    }
}
