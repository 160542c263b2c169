//! Opening, changing, answering and ending recalls.

use custody::Lot;
use pedigree_interface::{
    Located, address,
    identifier::{Gln, Gtin},
    instruction::recall::{
        self as instruction, Count, LotRecall, Notice, RecallStrategy, RecallTerms,
    },
    units::UnitRange,
};
use recall::{Recall, RecallReason, Response};

use crate::{
    actor::Actor,
    effectiveness::{SiteStatus, status},
    error::{Error, Result},
    ledger::{Filter, Ledger},
    plan::Plan,
    reference::LotRef,
};

/// How far the ledger's clock may be behind this machine's, in seconds.
const CLOCK_TOLERANCE: i64 = 60;

/// What is recalled.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RecalledGoods {
    /// All units of these lots.
    Lots(Vec<LotRef>),
    /// All units of all lots of this product.
    Product(Gtin),
    /// These units of one lot.
    Units(LotRef, UnitRange),
}

/// The recall of one or more lots, and its public notice.
#[derive(Clone, Debug)]
pub struct RecallOrder {
    /// What is recalled.
    pub goods: RecalledGoods,
    /// How it is carried out.
    pub strategy: RecallStrategy,
    /// Why.
    pub reason: RecallReason,
    /// The public notice.
    pub notice: Notice,
}

/// Opens a recall of each lot: by its manufacturer, by who holds its product now, or by a regulator. It is
/// `site`, or the actor's only one.
///
/// # Errors
///
/// [`Error::NoLots`] if the product has no lots, [`Error::NothingToDo`] if no lot is named,
/// [`Error::Missing`] if there is no such lot, or if it is not clear for which site the actor acts.
pub async fn open(actor: &Actor<'_>, order: &RecallOrder, site: Option<Gln>) -> Result<Plan> {
    let recalled = recalled(actor.ledger, &order.goods).await?;
    let site = actor.named_or_only_site(site).await?;
    let mut instructions = Vec::with_capacity(recalled.len());
    let mut total = 0;
    for (lot, units) in &recalled {
        total += u64::from(units.quantity);
        instructions.push(instruction::open(
            actor.payer.key,
            site,
            LotRecall::next(lot),
            RecallTerms {
                units: *units,
                strategy: order.strategy,
                reason: order.reason,
            },
            order.notice,
        ));
    }
    let RecallStrategy { class, depth, .. } = order.strategy;
    let purpose = format!(
        "recall {total} units of {} lots, class {class}, to the {depth} level ({})",
        recalled.len(),
        order.reason
    );
    let plan = actor.plan(purpose, instructions);
    Ok(recalled.into_iter().fold(plan, |plan, (lot, _)| {
        plan.creating("recall", address::recall(&lot.address, lot.recalls))
    }))
}

/// The lots, each with its units that are recalled.
async fn recalled(
    ledger: &Ledger,
    goods: &RecalledGoods,
) -> Result<Vec<(Located<Lot>, UnitRange)>> {
    let lots = match goods {
        RecalledGoods::Units(lot, units) => {
            return Ok(vec![(lot.resolve(ledger).await?, *units)]);
        }
        RecalledGoods::Product(gtin) => {
            let filter = Filter::lot_product(&address::product(*gtin));
            let lots: Vec<Located<Lot>> = ledger.list(&[filter]).await?;
            if lots.is_empty() {
                return Err(Error::NoLots(*gtin));
            }
            lots
        }
        RecalledGoods::Lots(named) => {
            let mut lots: Vec<Located<Lot>> = Vec::with_capacity(named.len());
            for lot in named {
                lots.push(lot.resolve(ledger).await?);
            }
            if lots.is_empty() {
                return Err(Error::NothingToDo);
            }
            lots
        }
    };
    let whole = |lot: Located<Lot>| (lot, UnitRange::from(&lot.account));
    Ok(lots.into_iter().map(whole).collect())
}

/// Recalls more units of the lot: `units` are all that are recalled from now on.
///
/// # Errors
///
/// If it is not clear for which site the actor acts.
pub async fn expand(
    actor: &Actor<'_>,
    recall: &Located<Recall>,
    units: UnitRange,
    notice: Notice,
    site: Option<Gln>,
) -> Result<Plan> {
    let site = actor.named_or_only_site(site).await?;
    Ok(Plan::new(
        format!("expand the recall to {}", words(units)),
        instruction::expand(
            actor.payer.key,
            site,
            &recall.account,
            recall.scopes,
            units,
            notice,
        ),
    ))
}

/// Releases units from a recall: `units` are those that stay recalled, or none does. By a regulator.
///
/// # Errors
///
/// If it is not clear for which site the actor acts.
pub async fn narrow(
    actor: &Actor<'_>,
    recall: &Located<Recall>,
    units: Option<UnitRange>,
    site: Option<Gln>,
    document_hash: Option<[u8; 32]>,
) -> Result<Plan> {
    let site = actor.named_or_only_site(site).await?;
    let units = units.unwrap_or(UnitRange {
        first: recall.first,
        quantity: 0,
    });
    Ok(Plan::new(
        format!("narrow the recall to {}", words(units)),
        instruction::narrow(
            actor.payer.key,
            site,
            &recall.account,
            recall.scopes,
            units,
            document_hash,
        ),
    ))
}

/// Changes how a recall is carried out: by a regulator, and by the manufacturer or who holds the product now
/// if it becomes stricter.
///
/// # Errors
///
/// If it is not clear for which site the actor acts.
pub async fn reclassify(
    actor: &Actor<'_>,
    recall: &Located<Recall>,
    strategy: RecallStrategy,
    site: Option<Gln>,
    document_hash: Option<[u8; 32]>,
) -> Result<Plan> {
    let site = actor.named_or_only_site(site).await?;
    let RecallStrategy { class, depth, .. } = strategy;
    Ok(Plan::new(
        format!("make the recall class {class}, to the {depth} level"),
        instruction::reclassify(site, &recall.account, strategy, document_hash),
    ))
}

/// Declares that everything reasonable was done: by the lot's manufacturer, or who holds the product now.
///
/// # Errors
///
/// If it is not clear for which site the actor acts.
pub async fn complete(
    actor: &Actor<'_>,
    recall: &Located<Recall>,
    site: Option<Gln>,
    document_hash: Option<[u8; 32]>,
) -> Result<Plan> {
    let site = actor.named_or_only_site(site).await?;
    Ok(Plan::new(
        format!("complete the recall {}", recall.address),
        instruction::complete(site, &recall.account, document_hash),
    ))
}

/// Ends a recall: by a regulator. Its units stay blocked.
///
/// # Errors
///
/// If it is not clear for which site the actor acts.
pub async fn terminate(
    actor: &Actor<'_>,
    recall: &Located<Recall>,
    site: Option<Gln>,
    document_hash: Option<[u8; 32]>,
) -> Result<Plan> {
    let site = actor.named_or_only_site(site).await?;
    Ok(Plan::new(
        format!("terminate the recall {}", recall.address),
        instruction::terminate(site, recall.address, document_hash),
    ))
}

/// Takes a terminated recall up again: by a regulator.
///
/// # Errors
///
/// If it is not clear for which site the actor acts.
pub async fn reopen(
    actor: &Actor<'_>,
    recall: &Located<Recall>,
    site: Option<Gln>,
    document_hash: Option<[u8; 32]>,
) -> Result<Plan> {
    let site = actor.named_or_only_site(site).await?;
    Ok(Plan::new(
        format!("reopen the recall {}", recall.address),
        instruction::reopen(site, recall.address, document_hash),
    ))
}

/// What a site answers to a recall; a count that is `None` is filled in.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct RecallAnswer {
    /// Units on the shelf, not set aside.
    pub held: Option<u32>,
    /// Units set aside.
    pub quarantined: Option<u32>,
    /// Units dispensed to patients.
    pub dispensed: Option<u32>,
    /// Units sent back.
    pub returned: Option<u32>,
    /// Units destroyed.
    pub destroyed: Option<u32>,
}

impl RecallAnswer {
    /// The counts for a site with this status in the recall, at Unix time `now`.
    ///
    /// What is not given is as the ledger shows it, or as the site answered before: what it set aside
    /// stays set aside as far as it is still there, and what it dispensed, sent back and destroyed
    /// never falls. What it accounted for before and is no longer there was sent back, because nothing
    /// else takes recalled goods away; unless units were released since.
    pub fn count(&self, recall: &Recall, site: &SiteStatus, now: i64) -> Count {
        let as_shown = |shown: u64| u32::try_from(shown).unwrap_or(u32::MAX);
        let shown = &site.shown;
        let counted_before = site.response.as_ref().map_or(0, |it| it.counted_at);
        let before = site.response.as_ref().filter(|it| it.is_about(recall));
        let present = as_shown(shown.present);
        let quarantined = self.quarantined.unwrap_or_else(|| {
            let not_held = present.saturating_sub(self.held.unwrap_or(0));
            before.map_or(0, |it| it.quarantined).min(not_held)
        });
        let held = self
            .held
            .unwrap_or_else(|| present.saturating_sub(quarantined));
        let at_least = |shown: u64, before: Option<u32>| as_shown(shown).max(before.unwrap_or(0));
        let dispensed = self
            .dispensed
            .unwrap_or_else(|| at_least(shown.dispensed, before.map(|it| it.dispensed)));
        let destroyed = self
            .destroyed
            .unwrap_or_else(|| at_least(shown.destroyed, before.map(|it| it.destroyed)));
        let returned = self.returned.unwrap_or_else(|| {
            let elsewhere = [held, quarantined, dispensed, destroyed].map(u64::from);
            let accounted = before.map_or(0, Response::accounted);
            let missing = accounted.saturating_sub(elsewhere.iter().sum());
            at_least(shown.returned.max(missing), before.map(|it| it.returned))
        });
        Count {
            held,
            quarantined,
            dispensed,
            returned,
            destroyed,
            counted_at: (now - CLOCK_TOLERANCE).max(counted_before),
        }
    }
}

/// Answers a recall for `site` or the actor's only one, at Unix time `now`.
///
/// # Errors
///
/// If it is not clear for which site the actor acts, or the ledger cannot be read.
pub async fn respond(
    actor: &Actor<'_>,
    recall: &Located<Recall>,
    answer: &RecallAnswer,
    site: Option<Gln>,
    now: i64,
) -> Result<Plan> {
    let site = actor.named_or_only_site(site).await?;
    let status = status(actor.ledger, &recall.address).await?;
    let own = status.sites.get(&site.gln).copied().unwrap_or_default();
    let count = answer.count(recall, &own, now);
    let purpose = format!(
        "answer the recall: {} held, {} quarantined, {} dispensed, {} returned, {} destroyed",
        count.held, count.quarantined, count.dispensed, count.returned, count.destroyed
    );
    Ok(Plan::new(
        purpose,
        instruction::respond(actor.payer.key, site, recall.address, count),
    ))
}

fn words(units: UnitRange) -> String {
    format!("{} units from unit {}", units.quantity, units.first)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::effectiveness::Shown;
    use bytemuck::Zeroable;

    fn counts(answer: RecallAnswer, site: &SiteStatus) -> [u32; 5] {
        let count = answer.count(&Recall::zeroed(), site, 1_000);
        [
            count.held,
            count.quarantined,
            count.dispensed,
            count.returned,
            count.destroyed,
        ]
    }

    #[test]
    fn an_answer_defaults_to_what_the_ledger_shows() {
        let site = SiteStatus {
            shown: Shown {
                present: 10,
                dispensed: 3,
                destroyed: 2,
                ..Shown::default()
            },
            ..SiteStatus::default()
        };
        let none = RecallAnswer::default();
        assert_eq!(counts(none, &site), [10, 0, 3, 0, 2]);
        assert_eq!(none.count(&Recall::zeroed(), &site, 1_000).counted_at, 940);
        let set_aside = RecallAnswer {
            quarantined: Some(4),
            ..none
        };
        assert_eq!(counts(set_aside, &site), [6, 4, 3, 0, 2]);
        let given = RecallAnswer {
            held: Some(1),
            quarantined: Some(2),
            dispensed: Some(3),
            returned: Some(4),
            destroyed: Some(5),
        };
        assert_eq!(counts(given, &site), [1, 2, 3, 4, 5]);
        assert_eq!(counts(none, &SiteStatus::default()), [0; 5]);
    }

    #[test]
    fn an_answer_keeps_what_was_answered_before() {
        let before = Response {
            held: 4,
            quarantined: 6,
            dispensed: 5,
            returned: 7,
            destroyed: 1,
            counted_at: 2_000,
            ..Response::zeroed()
        };
        let site = SiteStatus {
            shown: Shown {
                present: 10,
                dispensed: 3,
                destroyed: 2,
                ..Shown::default()
            },
            response: Some(before),
            ..SiteStatus::default()
        };
        let none = RecallAnswer::default();
        assert_eq!(counts(none, &site), [4, 6, 5, 7, 2]);
        assert_eq!(
            none.count(&Recall::zeroed(), &site, 1_000).counted_at,
            2_000
        );
        // Of what was set aside, no more than is still there beside what is held.
        let held = RecallAnswer {
            held: Some(7),
            ..none
        };
        assert_eq!(counts(held, &site), [7, 3, 5, 7, 2]);
        // Units that were released are held against nobody.
        let narrowed = Recall {
            recounts: 1,
            ..Recall::zeroed()
        };
        let count = none.count(&narrowed, &site, 1_000);
        assert_eq!((count.dispensed, count.returned), (3, 0));
        assert_eq!(count.counted_at, 2_000);
    }

    #[test]
    fn what_came_back_since_the_last_answer_is_returned() {
        let before = Response {
            held: 300,
            counted_at: 500,
            ..Response::zeroed()
        };
        let none = RecallAnswer::default();
        // By an offer that the ledger has, or by a handoff, which leaves no record.
        for returned in [300, 0] {
            let site = SiteStatus {
                shown: Shown {
                    present: 0,
                    returned,
                    ..Shown::default()
                },
                response: Some(before),
                ..SiteStatus::default()
            };
            assert_eq!(counts(none, &site), [0, 0, 0, 300, 0]);
        }
        let new = SiteStatus {
            shown: Shown {
                present: 10,
                returned: 90,
                ..Shown::default()
            },
            ..SiteStatus::default()
        };
        assert_eq!(counts(none, &new), [10, 0, 0, 90, 0]);
    }
}
