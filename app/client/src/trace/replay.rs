//! Repeating every change of a history.

use std::collections::BTreeMap;

use bytemuck::Zeroable;
use custody::{
    Case, CaseState, Change, Consignment, ConsignmentStatus, Disposition, Gone, Party, Restrictions,
};
use pedigree_interface::{address, identifier::Sscc};
use solana_pubkey::Pubkey;

use super::{
    archive::Source,
    entry::Entry,
    event::{Event, Suspicion, Terms},
};

/// What the replay takes for how often the lot's recalls had changed, and for the time: a consignment's own
/// instructions do not say it, and it is not part of the trail.
const UNKNOWN: u32 = 0;

/// Repeats every change, with the program's own code.
pub(super) struct Replay {
    /// The GLN of each site, by the address of its `Partner`.
    glns: BTreeMap<Pubkey, u64>,
    consignments: BTreeMap<Pubkey, Consignment>,
    /// The terms of every offer, by consignment and sequence.
    offers: BTreeMap<(Pubkey, u32), Terms>,
    /// The units that are no longer active, those of the history's own lot, with what became of them.
    gone: BTreeMap<u32, Disposition>,
    /// The restrictions that consignments may have or not have, by the roles and the standing that a sender and a
    /// receiver had then.
    uncertain: BTreeMap<Pubkey, Restrictions>,
}

/// What a history comes to.
pub(super) struct Replayed {
    consignments: BTreeMap<Pubkey, Consignment>,
    uncertain: BTreeMap<Pubkey, Restrictions>,
}

impl Replayed {
    /// The consignment at `address`, with what only others' transactions could say as `account` has it.
    pub(super) fn completed(&self, address: &Pubkey, account: &Consignment) -> Option<Consignment> {
        let mut completed = Consignment {
            owner_since: account.owner_since,
            withdrawn_since: account.withdrawn_since,
            withdrawn_at: account.withdrawn_at,
            party_cases: account.party_cases,
            ..*self.consignments.get(address)?
        };
        take_over(&mut completed, account, of(&self.uncertain, address));
        Some(completed)
    }
}

/// The restrictions that the consignment at `address` may have or not have.
fn of(uncertain: &BTreeMap<Pubkey, Restrictions>, address: &Pubkey) -> Restrictions {
    let certain = Restrictions::empty();
    uncertain.get(address).copied().unwrap_or(certain)
}

/// Gives `consignment` those of the `restrictions` that `other` has, and only those.
fn take_over(consignment: &mut Consignment, other: &Consignment, restrictions: Restrictions) {
    consignment.lift(restrictions);
    consignment.restrict(other.restrictions() & restrictions);
}

impl Replay {
    pub(super) fn new(glns: BTreeMap<Pubkey, u64>) -> Self {
        Self {
            glns,
            consignments: BTreeMap::new(),
            offers: BTreeMap::new(),
            gone: BTreeMap::new(),
            uncertain: BTreeMap::new(),
        }
    }

    /// The events with the trail after each, and the consignments as they are after the last;
    /// `None` if an event is one that cannot have happened.
    pub(super) fn run(
        mut self,
        events: Vec<(Pubkey, Event, Source)>,
    ) -> (Vec<Entry>, Option<Replayed>) {
        let mut is_sound = true;
        let mut entries = Vec::with_capacity(events.len());
        for (consignment, event, source) in events {
            is_sound &= self.apply(&consignment, &event).is_some();
            let Source {
                signature,
                slot,
                time,
                compute_units,
            } = source;
            let replayed = self.consignments.get(&consignment);
            entries.push(Entry {
                consignment,
                event,
                signature,
                slot,
                time,
                compute_units,
                trail: replayed.map_or([0; 32], |replayed| replayed.trail),
            });
        }
        let replayed = is_sound.then_some(Replayed {
            consignments: self.consignments,
            uncertain: self.uncertain,
        });
        (entries, replayed)
    }

    /// Repeats the change that `event` made to the consignment at `address`.
    fn apply(&mut self, address: &Pubkey, event: &Event) -> Option<()> {
        let gln = |site: &Pubkey| self.glns.get(site).copied();
        let mut consignment = match event {
            Event::Minted { .. } => Consignment::zeroed(),
            _ => *self.consignments.get(address)?,
        };
        let before = consignment.restrictions();
        match event {
            Event::Minted {
                payer,
                lot,
                manufacturer,
                quantity,
                manifest_hash,
            } => {
                consignment.commission(lot, gln(manufacturer)?, *manifest_hash, *quantity);
                consignment.payer = *payer;
                (_, consignment.bump) = address::consignment_with_bump(lot, 0);
            }
            Event::Offered {
                sequence, terms, ..
            } => {
                consignment.next_sequence().ok()?;
                consignment.status = ConsignmentStatus::Offered;
                self.offers.insert((*address, *sequence), *terms);
            }
            Event::Accepted {
                to,
                sequence,
                discrepancy,
                ..
            } => {
                let terms = self.offers.get(&(*address, *sequence))?;
                consignment.status = ConsignmentStatus::Held;
                consignment.transfer(gln(to)?, terms.kind, &terms.document_hash, UNKNOWN);
                if let Some(discrepancy) = discrepancy {
                    open_case(&mut consignment, discrepancy)?;
                }
            }
            Event::Rejected { .. } | Event::Cancelled { .. } | Event::Expired => {
                consignment.status = ConsignmentStatus::Held;
            }
            Event::HandedOver { to, terms, .. } => {
                consignment.next_sequence().ok()?;
                consignment.transfer(gln(to)?, terms.kind, &terms.document_hash, UNKNOWN);
            }
            Event::Split {
                payer,
                child: child_address,
                quantity,
                sscc,
                ..
            } => {
                let mut child = Consignment::zeroed();
                child.parent = *address;
                child.payer = *payer;
                (_, child.bump) = address::consignment_with_bump(address, consignment.children);
                consignment.next_sequence().ok()?;
                let end = consignment.first_unit.checked_add(consignment.quantity)?;
                let cut_off = end.checked_sub(*quantity)?..end;
                let mut gone = Gone::default();
                for &disposition in self.gone.range(cut_off).map(|(_, it)| it) {
                    gone.count(Disposition::Active, disposition);
                }
                let uncertain = of(&self.uncertain, address);
                self.uncertain.insert(*child_address, uncertain);
                consignment.split(&mut child, *quantity, gone).ok()?;
                child.sscc = sscc.map_or(0, Sscc::number);
                self.consignments.insert(*child_address, child);
            }
            Event::Merged { neighbour, .. } => {
                let of_neighbour = of(&self.uncertain, neighbour);
                let of_its_own = of(&self.uncertain, address);
                let mut neighbour = self.consignments.remove(neighbour)?;
                // They were alike then, so what is known of one holds for the other.
                take_over(&mut neighbour, &consignment, of_neighbour);
                take_over(&mut consignment, &neighbour, of_its_own - of_neighbour);
                self.uncertain.insert(*address, of_its_own & of_neighbour);
                consignment.next_sequence().ok()?;
                consignment.merge(&neighbour).ok()?;
            }
            Event::Packed { sscc, .. } => consignment.sscc = sscc.map_or(0, Sscc::number),
            Event::Quarantined { document_hash, .. } => {
                consignment.set_aside(document_hash);
            }
            Event::Released {
                restrictions,
                document_hash,
                ..
            } => {
                consignment.release(*restrictions, document_hash);
            }
            Event::Sold {
                buyer,
                document_hash,
                ..
            } => {
                consignment.next_sequence().ok()?;
                consignment.pass_title(gln(buyer)?, document_hash, UNKNOWN);
            }
            Event::TitleReturned { document_hash, .. } => {
                consignment.next_sequence().ok()?;
                // Not the mark of title that no recall pays for: since when is not known.
                consignment.return_title(document_hash, true);
            }
            Event::ReturnVerified { document_hash, .. } => {
                consignment.verify(document_hash, UNKNOWN);
            }
            Event::Withdrawn {
                kind,
                document_hash,
                ..
            } => {
                consignment.next_sequence().ok()?;
                consignment.withdraw(*kind, document_hash, (UNKNOWN, UNKNOWN.into()));
            }
            Event::WithdrawalUndone { .. } => {
                consignment.next_sequence().ok()?;
                consignment.put_back();
            }
            Event::UnitsGone {
                block, disposition, ..
            } => {
                let mut gone = Gone::default();
                for unit in block.units() {
                    let before = self.gone.insert(unit, *disposition);
                    gone.count(before.unwrap_or(Disposition::Active), *disposition);
                }
                consignment.count_gone(gone).ok()?;
            }
            Event::DispenseUndone { block, .. }
            | Event::DecommissionUndone { block, .. }
            | Event::UnitsRestored { block, .. } => {
                let mut back = Gone::default();
                for unit in block.units() {
                    back.count(self.gone.remove(&unit)?, Disposition::Active);
                }
                consignment.count_back(back).ok()?;
            }
            Event::Recovered {
                to, document_hash, ..
            } => {
                consignment.next_sequence().ok()?;
                consignment.recover(gln(to)?, document_hash);
            }
            Event::CaseOpened { suspicion, .. } => open_case(&mut consignment, suspicion)?,
            Event::CaseResolved {
                condemned,
                document_hash,
                ..
            } => {
                let case = Case {
                    state: match condemned {
                        true => CaseState::Condemned,
                        false => CaseState::Cleared,
                    },
                    ..uncounted_case(document_hash)
                };
                consignment.close_case(&case).ok()?;
            }
        }
        let mut uncertain = of(&self.uncertain, address);
        match event {
            Event::Accepted { .. } | Event::HandedOver { .. } | Event::Sold { .. } => {
                // What comes up from a dispenser counts as returned, and what a stopped site sends for disposal is
                // not surrendered.
                uncertain |= Restrictions::RETURNED;
                if consignment.kind == Change::Disposal {
                    uncertain |= consignment.restrictions() - before;
                }
            }
            Event::Released { restrictions, .. } => {
                uncertain -= *restrictions;
                if restrictions.contains(Restrictions::CONDEMNED) {
                    uncertain -= Restrictions::SURRENDERED;
                }
            }
            // Nothing else that it has would have let it be verified.
            Event::ReturnVerified { .. } => {
                consignment.lift(uncertain);
                uncertain = Restrictions::empty();
            }
            Event::CaseResolved {
                condemned: true, ..
            } => uncertain -= Restrictions::CONDEMNED,
            _ => {}
        }
        // Nothing but these two ends it.
        if consignment.restrictions().contains(Restrictions::RETURNED) {
            uncertain -= Restrictions::RETURNED;
        }
        self.uncertain.insert(*address, uncertain);
        self.consignments.insert(*address, consignment);
        Some(())
    }
}

/// Repeats the opening of a case.
fn open_case(consignment: &mut Consignment, suspicion: &Suspicion) -> Option<()> {
    let mut case = uncounted_case(&suspicion.document_hash);
    let party = case.party;
    consignment.open_case(&mut case, party).ok()
}

/// A case as the consignment's count and trail take it in, but for the party's own count: transactions do not
/// say which party it was, so it is taken for a regulator, whose cases have no count of their own.
fn uncounted_case(document_hash: &[u8; 32]) -> Case {
    Case {
        party: Party::Regulator,
        document_hash: *document_hash,
        ..Case::zeroed()
    }
}
