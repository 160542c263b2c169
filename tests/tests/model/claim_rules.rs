//! The rules of what the ledger shows of recalled units and what is reserved for them: what counts as back, and who
//! is paid.

use std::ops::Range;

use anchor_lang::Address;
use bytemuck::Zeroable;
use custody::{Change, ConsignmentStatus, Transfer, TransferState};
use pedigree_interface::{
    Goods, Site,
    identifier::Gln,
    instruction::{
        custody::Holders,
        recall::{Claimed, Funding, Since},
    },
    units::UnitRange,
};
use program_tests::address;
use recall::{Claims, Proofs, Scope, Tranche};

use crate::{
    recall_rules::{CLAIMS_PAGE, is_within, range},
    response_rules::follow,
    rules::{Model, RETURNED, link, need},
    unit_rules::PAGE,
};

#[derive(Clone, Copy, PartialEq, Eq)]
enum Fate {
    Returned,
    Destroyed,
}

/// How units left a site.
pub struct Departure {
    fate: Fate,
    lot: Address,
    units: Range<u64>,
    site: u64,
    owner: u64,
    /// How often the lot's recalls had changed when the owner took title and when the units left.
    owner_since: u32,
    pub change: u32,
    is_given_up: bool,
}

/// A time in which units were recalled without a break: the scope that began it, and the one that ended
/// it.
struct Episode {
    began: Scope,
    ended: Option<Scope>,
}

impl Departure {
    /// The first of the units.
    pub fn first(&self) -> u32 {
        u32::try_from(self.units.start).expect("a unit's index")
    }
}

impl Model {
    /// What an account shows of how units left a site.
    pub fn departure(&self, evidence: Address) -> Option<Departure> {
        if let Some(transfer) = self.transfers.get(&evidence) {
            need!(transfer.kind == Change::Return && transfer.state == TransferState::Accepted);
            return Some(Departure {
                fate: Fate::Returned,
                lot: transfer.lot,
                units: range(transfer.first_unit, transfer.quantity),
                site: transfer.from,
                owner: transfer.owner,
                owner_since: transfer.owner_since,
                change: transfer.settled_since,
                is_given_up: transfer.owner == transfer.from && transfer.within_firm == 0,
            });
        }
        let consignment = self.consignments.get(&evidence)?;
        need!(consignment.status == ConsignmentStatus::Destroyed);
        Some(Departure {
            fate: Fate::Destroyed,
            lot: consignment.lot,
            units: range(consignment.first_unit, consignment.quantity),
            site: consignment.custodian,
            owner: consignment.owner,
            owner_since: consignment.owner_since,
            change: consignment.withdrawn_since,
            is_given_up: true,
        })
    }

    /// The time for which all of `units` were recalled and that began with the scope of this number.
    fn episode(&self, recall: Address, units: &Range<u64>, began: u32) -> Option<Episode> {
        let scopes = self.recalls.scopes.get(&recall)?;
        let holds = |scope: &Scope| is_within(units, &range(scope.first, scope.quantity));
        let misses = |scope: &Scope| {
            let all = range(scope.first, scope.quantity);
            all.is_empty() || units.end <= all.start || all.end <= units.start
        };
        let place = began as usize;
        let scope = scopes.get(place)?;
        need!(holds(scope) && (place == 0 || misses(&scopes[place - 1])));
        let ended = scopes[place..].iter().find(|scope| !holds(scope));
        Some(Episode {
            began: *scope,
            ended: ended.copied(),
        })
    }

    /// The scopes that released units after the one of this number, in their order, up to one that came
    /// after both a change of the lot's recalls and a scope.
    pub fn narrowings(&self, recall: Address, scope: u32, until: Option<(u32, u32)>) -> Vec<u32> {
        let scopes = &self.recalls.scopes[&recall];
        let narrowings = scopes
            .iter()
            .filter(|later| later.number > scope && later.quantity < later.quantity_before);
        let mut expected = Vec::new();
        for later in narrowings {
            expected.push(later.number);
            if until.is_some_and(|(change, number)| change < later.change && number < later.number)
            {
                break;
            }
        }
        expected
    }

    /// Whether what an instruction names are the scopes that it has to. What follows them is not read.
    fn is_complete(&self, recall: Address, since: &Since, until: Option<(u32, u32)>) -> bool {
        let expected = self.narrowings(recall, since.scope, until);
        since.narrowings.starts_with(&expected)
    }

    /// Counts units as returned or destroyed by a site.
    pub fn prove(
        &mut self,
        by: Site,
        recall: Address,
        evidence: Address,
        units: UnitRange,
        since: &Since,
    ) -> Option<()> {
        let of = *self.running(recall)?;
        let at = address::response(&recall, &by.partner);
        need!(self.recalls.responses.contains_key(&at));
        let departure = self.departure(evidence)?;
        need!(departure.lot == of.lot && departure.site == by.gln.number());
        let named = range(units.first, units.quantity);
        need!(!named.is_empty() && is_within(&named, &departure.units));
        // They are recalled now, and have been since before they left.
        let episode = self.episode(recall, &named, since.scope)?;
        need!(episode.ended.is_none() && departure.change >= episode.began.change);
        need!(self.is_complete(recall, since, None));
        need!(units.first / PAGE == u32::try_from(named.end - 1).ok()? / PAGE);
        let number = units.first / PAGE;
        let page = address::proofs(&recall, number);
        let new = Proofs {
            recall,
            payer: self.payer,
            page: number,
            ..Proofs::zeroed()
        };
        let proofs = self.recalls.proofs.entry(page).or_insert(new);
        if proofs.recounts != of.recounts {
            proofs.recounts = of.recounts;
            self.recalls.shown.retain(|(at, _)| *at != page);
        }
        for unit in units.first..units.first + units.quantity {
            need!(self.recalls.shown.insert((page, unit)));
        }
        let answer = self.recalls.responses.get_mut(&at)?;
        follow(answer, &of);
        let (shown, reported) = match departure.fate {
            Fate::Returned => (&mut answer.shown_returned, &mut answer.returned),
            Fate::Destroyed => (&mut answer.shown_destroyed, &mut answer.destroyed),
        };
        *shown += units.quantity;
        // What the site did not know of it took from what it thought it had.
        while *reported < *shown {
            *reported += 1;
            if answer.quarantined > 0 {
                answer.quarantined -= 1;
            } else if answer.held > 0 {
                answer.held -= 1;
            }
        }
        self.add_up(recall)
    }

    /// Pays a site that had title to units when they were recalled, and gave them up.
    pub fn claim(
        &mut self,
        by: Site,
        recall: Address,
        claimed: &Claimed,
        receiver: Address,
    ) -> Option<()> {
        need!(
            !self.is_suspended(by) && self.is_confirmed(by) && self.purse_of(by) == Some(receiver)
        );
        let of = *self.recalls.recalls.get(&recall)?;
        let tranche_at = address::tranche(&recall, claimed.tranche);
        let tranche = *self.recalls.tranches.get(&tranche_at)?;
        need!(tranche.withdrawn_at == 0);
        let firm = self.firm_of(by.gln)?;
        let payers = [
            of.manufacturer,
            tranche.funder,
            tranche.firm,
            tranche.maker_firm,
        ];
        need!(!payers.contains(&by.gln.number()) && !payers.contains(&firm));
        let departure = self.departure(claimed.evidence)?;
        need!(departure.lot == of.lot && departure.owner == by.gln.number());
        need!(departure.is_given_up);
        let UnitRange { first, quantity } = claimed.units;
        let named = range(first, quantity);
        need!(!named.is_empty() && is_within(&named, &departure.units));
        need!(is_within(&named, &range(tranche.first, tranche.quantity)));
        // One time of being recalled: the owner had title when it began, gave the units up in it, and the
        // tranche was funded in it.
        let Episode { began, ended } = self.episode(recall, &named, claimed.since.scope)?;
        need!(departure.owner_since < began.change && began.change <= departure.change);
        need!(began.number <= tranche.scope);
        if let Some(ended) = ended {
            need!(departure.change < ended.change && tranche.scope < ended.number);
        }
        let until = (departure.change, tranche.scope);
        need!(self.is_complete(recall, &claimed.since, Some(until)));

        let start = u32::try_from(departure.units.start).ok()?;
        need!(claimed.evidence_first == start);
        let page = (first - start) / CLAIMS_PAGE;
        need!((first - start + quantity - 1) / CLAIMS_PAGE == page);
        let new = Claims {
            evidence: claimed.evidence,
            lot: of.lot,
            payer: self.payer,
            owner: departure.owner,
            first: start + page * CLAIMS_PAGE,
            page,
            ..Claims::zeroed()
        };
        let at = address::claims(&claimed.evidence, page);
        let claims = self.recalls.claims.entry(at).or_insert(new);
        claims.paid_units += quantity;
        for unit in first..first + quantity {
            need!(self.recalls.paid.insert((claimed.evidence, unit)));
        }
        let due = tranche.unit_price * u64::from(quantity);
        self.recalls.tranches.get_mut(&tranche_at)?.paid_units += quantity;
        self.recalls.move_tokens(tranche.vault, receiver, due)
    }

    /// The page of proofs at this address, if there is one.
    pub fn proofs(&self, at: Address) -> Option<Proofs> {
        let mut page = *self.recalls.proofs.get(&at)?;
        for (_, unit) in self.recalls.shown.range((at, 0)..=(at, u32::MAX)) {
            let place = unit % PAGE;
            page.shown[(place / 64) as usize] |= 1 << (place % 64);
        }
        Some(page)
    }

    /// The page of claims at this address, if there is one.
    pub fn claims(&self, at: Address) -> Option<Claims> {
        let mut page = *self.recalls.claims.get(&at)?;
        let (evidence, first) = (page.evidence, page.first);
        let units = (evidence, first)..(evidence, first + CLAIMS_PAGE);
        for (_, unit) in self.recalls.paid.range(units) {
            let place = unit - first;
            page.paid[(place / 64) as usize] |= 1 << (place % 64);
        }
        Some(page)
    }

    pub fn fund(
        &mut self,
        by: Site,
        recall: Address,
        source: Address,
        funding: Funding,
    ) -> Option<()> {
        let Funding {
            units: UnitRange { first, quantity },
            unit_price,
        } = funding;
        need!(!self.is_suspended(by) && self.is_confirmed(by) && self.purse_of(by) == Some(source));
        let (now, payer, mint) = (self.now, self.payer, self.recalls.mint);
        let is_holder = self.is_holder(by);
        let maker = Gln::from_account(self.running(recall)?.manufacturer);
        let is_head_office = self.firm_of(maker)? == by.gln.number();
        need!(is_holder || is_head_office || self.are_sisters(by.gln, maker));
        let (firm, maker_firm) = (self.firm_of(by.gln)?, self.firm_of(maker)?);
        let of = self.running(recall)?;
        need!(quantity > 0 && unit_price > 0);
        need!(is_within(
            &range(first, quantity),
            &range(of.first, of.quantity)
        ));
        let reserve = unit_price.checked_mul(quantity.into())?;
        let at = address::tranche(&recall, of.tranches);
        let vault = address::vault(&at);
        let tranche = Tranche {
            recall,
            mint,
            vault,
            payer,
            funder: by.gln.number(),
            firm,
            maker_firm,
            unit_price,
            funded_at: now,
            number: of.tranches,
            scope: of.scopes - 1,
            first,
            quantity,
            ..Tranche::zeroed()
        };
        of.tranches += 1;
        need!(reserve <= *self.recalls.balances.get(&source)?);
        self.recalls.tranches.insert(at, tranche);
        self.recalls.balances.insert(vault, 0);
        self.recalls.move_tokens(source, vault, reserve)
    }

    /// Gives an owner's title to recalled goods to the manufacturer's side, which has them.
    pub fn return_title(
        &mut self,
        by: Site,
        goods: Goods,
        with: Holders,
        document_hash: [u8; 32],
    ) -> Option<()> {
        need!(!self.is_suspended(by) && self.is_confirmed(by));
        let lot = *self.lots.get(&goods.lot)?;
        let before = *self.consignments.get(&goods.consignment)?;
        need!(before.lot == goods.lot && before.sequence == goods.sequence);
        need!(before.absent == 0);
        need!(before.owner == by.gln.number() && before.owner != with.receiver.number());
        need!([lot.manufacturer, lot.minted_by].contains(&with.manufacturer.number()));
        let is_holder = self.register.product.1.manufacturer == address::partner(with.receiver);
        let is_first_maker = lot.minted_by == with.receiver.number();
        let is_of_firm = self.are_sisters(with.receiver, with.manufacturer)
            || self.firm_of(with.manufacturer) == Some(with.receiver.number());
        need!(is_holder || is_first_maker || is_of_firm);
        let is_within_firm = self.are_sisters(by.gln, with.receiver);
        let units = before.first_unit..before.first_unit + before.quantity;
        need!(self.is_recalled(goods.lot, &units));
        let is_lost =
            [ConsignmentStatus::Sampled, ConsignmentStatus::Stolen].contains(&before.status);
        need!(before.custodian == with.receiver.number());
        let given_up_since = if is_lost {
            before.withdrawn_since
        } else {
            lot.recall_changes
        };
        let record = Transfer {
            consignment: goods.consignment,
            lot: goods.lot,
            document_hash,
            payer: self.payer,
            from: before.owner,
            to: with.receiver.number(),
            deadline: self.now,
            offered_at: self.now,
            settled_at: self.now,
            sequence: before.sequence,
            first_unit: before.first_unit,
            quantity: before.quantity,
            kind: Change::Return,
            state: TransferState::Accepted,
            owner: before.owner,
            within_firm: u8::from(is_within_firm),
            owner_since: before.owner_since,
            settled_since: given_up_since,
            ..Transfer::zeroed()
        };
        // The custodian's offer ends.
        let offered = goods.at(goods.sequence.wrapping_sub(1));
        let offer = address::transfer(&offered.consignment, offered.sequence);
        need!(!with.is_offered || self.transfers.contains_key(&offer));
        if before.status == ConsignmentStatus::Offered {
            need!(with.is_offered);
            self.settle(offered, TransferState::Cancelled)?;
        } else {
            need!(is_lost || before.status == ConsignmentStatus::Held);
        }
        let at = address::transfer(&goods.consignment, goods.sequence);
        self.transfers.insert(at, record);
        let consignment = self.consignments.get_mut(&goods.consignment)?;
        consignment.sequence += 1;
        consignment.owner = with.receiver.number();
        if !is_within_firm {
            consignment.owner_since = u32::MAX;
        }
        consignment.supplier = 0;
        consignment.restrictions |= RETURNED;
        link(consignment, Change::Title, document_hash);
        Some(())
    }
}
