//! Splitting, merging, packing and unpacking consignments.

use custody::Consignment;
use pedigree_interface::{
    Goods, Located, address,
    identifier::Sscc,
    instruction::custody::{self as instruction, Cut, with_pages},
    units::UnitRange,
};

use crate::{
    actor::Actor,
    error::{Error, Result},
    ledger::{Filter, Ledger},
    plan::Plan,
};

/// The consignments that are split off, the one with the last units first.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Parts {
    /// This many, in no package.
    Loose(u32),
    /// One in each of these packages.
    Packed(Vec<Sscc>),
}

impl Parts {
    /// How many they are.
    fn count(&self) -> Result<u32> {
        match self {
            Self::Loose(count) => Ok(*count),
            Self::Packed(packages) => {
                u32::try_from(packages.len()).map_err(|_| Error::TooManySplits)
            }
        }
    }

    /// The package of the one at this place.
    fn package(&self, place: u32) -> Option<Sscc> {
        match self {
            Self::Loose(_) => None,
            Self::Packed(packages) => packages.get(place as usize).copied(),
        }
    }
}

/// Splits consignments of `units` units each off the end of a consignment.
///
/// A package is broken up: the rest is loose until it is packed again.
///
/// # Errors
///
/// [`Error::SplitTooLarge`] unless at least one unit stays, [`Error::NothingToDo`] if there are no
/// `parts`, [`Error::TooManySplits`] if the account cannot count that many, or if the actor may not act
/// for the custodian.
pub async fn split(
    actor: &Actor<'_>,
    consignment: &Located<Consignment>,
    units: u32,
    parts: &Parts,
) -> Result<Plan> {
    let cuts = cuts(consignment, units, parts)?;
    let custodian = actor.site(consignment.custodian()).await?;
    let mut instructions = Vec::with_capacity(cuts.len());
    let mut children = Vec::with_capacity(cuts.len());
    for (place, (cut, range)) in (0..).zip(cuts) {
        let sequence = consignment.sequence.checked_add(place);
        let goods = Goods::from(consignment).at(sequence.ok_or(Error::TooManySplits)?);
        children.push(address::consignment(&consignment.address, cut.index));
        let split = instruction::split(actor.payer.key, custodian, goods, cut);
        // The program counts on the pages which of the units are gone, if any are.
        instructions.push(match consignment.inactive {
            0 => split,
            _ => with_pages(split, &consignment.lot, range),
        });
    }
    let purpose = match children.len() {
        1 => format!("split the last {units} units off"),
        times => format!(
            "split the last {} units off into {times} consignments of {units}",
            u64::from(units) * times as u64
        ),
    };
    let plan = actor.plan(purpose, instructions);
    Ok(children
        .into_iter()
        .fold(plan, |plan, child| plan.creating("consignment", child)))
}

/// The cuts, each with the units that it takes.
fn cuts(consignment: &Consignment, units: u32, parts: &Parts) -> Result<Vec<(Cut, UnitRange)>> {
    let count = parts.count()?;
    if count == 0 {
        return Err(Error::NothingToDo);
    }
    let cut_off = u64::from(units) * u64::from(count);
    if units == 0 || cut_off >= u64::from(consignment.quantity) {
        return Err(Error::SplitTooLarge {
            units: consignment.quantity,
            cut_off,
        });
    }
    let mut end = consignment.first_unit + consignment.quantity;
    let mut cuts = Vec::new();
    for place in 0..count {
        let index = consignment.children.checked_add(place);
        let cut = Cut {
            index: index.ok_or(Error::TooManySplits)?,
            quantity: units,
            sscc: parts.package(place),
        };
        end -= units;
        let range = UnitRange {
            first: end,
            quantity: units,
        };
        cuts.push((cut, range));
    }
    Ok(cuts)
}

/// Merges `neighbour` into a consignment: the one that holds the next units, which is looked up if it is
/// `None`. Its account is closed.
///
/// # Errors
///
/// [`Error::NoNeighbour`] if the consignment holds the lot's last units, or if the actor may not act for
/// the custodian.
pub async fn merge(
    actor: &Actor<'_>,
    consignment: &Located<Consignment>,
    neighbour: Option<Located<Consignment>>,
) -> Result<Plan> {
    let neighbour = match neighbour {
        Some(neighbour) => neighbour,
        None => next(actor.ledger, consignment).await?,
    };
    let custodian = actor.site(consignment.custodian()).await?;
    let purpose = format!(
        "merge {} units into the consignment of {}",
        neighbour.quantity, consignment.quantity
    );
    let rent_payer = neighbour.payer;
    Ok(Plan::new(
        purpose,
        instruction::merge(custodian, consignment, &neighbour, rent_payer),
    ))
}

/// The consignment that holds the units after `consignment`'s.
async fn next(ledger: &Ledger, consignment: &Consignment) -> Result<Located<Consignment>> {
    let filters = [Filter::consignment_lot(&consignment.lot)];
    let all: Vec<Located<Consignment>> = ledger.list(&filters).await?;
    let end = consignment.first_unit.checked_add(consignment.quantity);
    all.into_iter()
        .find(|other| Some(other.first_unit) == end)
        .ok_or(Error::NoNeighbour)
}

/// Records that a consignment was packed in `sscc`.
///
/// # Errors
///
/// If the actor may not act for the custodian.
pub async fn pack(
    actor: &Actor<'_>,
    consignment: &Located<Consignment>,
    sscc: Sscc,
) -> Result<Plan> {
    let custodian = actor.site(consignment.custodian()).await?;
    Ok(Plan::new(
        format!("pack {} units in {sscc}", consignment.quantity),
        instruction::pack(custodian, consignment.address, sscc),
    ))
}

/// Records that a consignment was taken out of its package.
///
/// # Errors
///
/// If the actor may not act for the custodian.
pub async fn unpack(actor: &Actor<'_>, consignment: &Located<Consignment>) -> Result<Plan> {
    let custodian = actor.site(consignment.custodian()).await?;
    Ok(Plan::new(
        format!("take {} units out of their package", consignment.quantity),
        instruction::unpack(custodian, consignment.address),
    ))
}

#[cfg(test)]
mod tests {
    use bytemuck::Zeroable;

    use super::*;

    #[test]
    fn cuts_take_the_last_units_first_and_leave_one() {
        let consignment = Consignment {
            first_unit: 100,
            quantity: 10,
            children: 3,
            ..Consignment::zeroed()
        };
        let cut = |units, times| cuts(&consignment, units, &Parts::Loose(times));
        let ranges: Vec<(u32, u32, u32)> = cut(3, 3)
            .unwrap()
            .into_iter()
            .map(|(cut, range)| (cut.index, range.first, range.quantity))
            .collect();
        assert_eq!(ranges, [(3, 107, 3), (4, 104, 3), (5, 101, 3)]);
        for (units, times) in [(10, 1), (5, 2), (0, 1), (u32::MAX, u32::MAX)] {
            let error = cut(units, times).unwrap_err();
            assert!(matches!(error, Error::SplitTooLarge { units: 10, .. }));
        }
        assert!(matches!(cut(1, 0), Err(Error::NothingToDo)));
        let sscc: Sscc = "106141412345678908".parse().unwrap();
        let packed = cuts(&consignment, 3, &Parts::Packed(vec![sscc])).unwrap();
        assert_eq!(packed[0].0.sscc, Some(sscc));
    }
}
