//! Repeating every change of a history.

use std::collections::{BTreeMap, BTreeSet};

use bytemuck::Zeroable;
use custody::{Consignment, ConsignmentStatus, Restrictions};
use pedigree_interface::{address, identifier::Sscc};
use solana_pubkey::Pubkey;

use super::{
    archive::Source,
    entry::Entry,
    event::{Event, Terms},
};

/// What the replay takes for how often the lot's recalls had changed: a consignment's own transactions do
/// not say it, and it is no part of the trail.
const UNKNOWN: u32 = 0;

/// Repeats every change, with the program's own code.
pub(super) struct Replay {
    /// The GLN of each site, by the address of its `Partner`.
    glns: BTreeMap<Pubkey, u64>,
    consignments: BTreeMap<Pubkey, Consignment>,
    /// The terms of every offer, by consignment and sequence.
    offers: BTreeMap<(Pubkey, u32), Terms>,
    /// The units that are no longer active: those of the history's own lot.
    gone: BTreeSet<u32>,
}

impl Replay {
    pub(super) fn new(glns: BTreeMap<Pubkey, u64>) -> Self {
        Self {
            glns,
            consignments: BTreeMap::new(),
            offers: BTreeMap::new(),
            gone: BTreeSet::new(),
        }
    }

    /// The events with the trail after each, and the consignments as they are after the last;
    /// `None` if an event is one that cannot have happened.
    pub(super) fn run(
        mut self,
        events: Vec<(Pubkey, Event, Source)>,
    ) -> (Vec<Entry>, Option<BTreeMap<Pubkey, Consignment>>) {
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
        (entries, is_sound.then_some(self.consignments))
    }

    /// Repeats the change that `event` made to the consignment at `address`.
    fn apply(&mut self, address: &Pubkey, event: &Event) -> Option<()> {
        let gln = |site: &Pubkey| self.glns.get(site).copied();
        let mut consignment = match event {
            Event::Minted { .. } => Consignment::zeroed(),
            _ => *self.consignments.get(address)?,
        };
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
                from,
                to,
                sequence,
                discrepancy,
            } => {
                let terms = self.offers.get(&(*address, *sequence))?;
                consignment.status = ConsignmentStatus::Held;
                let (from, to) = (gln(from)?, gln(to)?);
                consignment.transfer(from, to, terms.kind, &terms.document_hash, UNKNOWN, false);
                if discrepancy.is_some() {
                    open_case(&mut consignment)?;
                }
            }
            Event::Rejected { .. } | Event::Cancelled { .. } | Event::Expired => {
                consignment.status = ConsignmentStatus::Held;
            }
            Event::HandedOver { from, to, terms } => {
                consignment.next_sequence().ok()?;
                let (from, to) = (gln(from)?, gln(to)?);
                consignment.transfer(from, to, terms.kind, &terms.document_hash, UNKNOWN, false);
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
                let gone = u32::try_from(self.gone.range(cut_off).count()).ok()?;
                consignment.split(&mut child, *quantity, gone).ok()?;
                child.sscc = sscc.map_or(0, Sscc::number);
                self.consignments.insert(*child_address, child);
            }
            Event::Merged { neighbour, .. } => {
                let neighbour = self.consignments.remove(neighbour)?;
                consignment.next_sequence().ok()?;
                consignment.merge(&neighbour).ok()?;
            }
            Event::Packed { sscc, .. } => consignment.sscc = sscc.map_or(0, Sscc::number),
            Event::Quarantined { .. } => {
                consignment.restrictions |= Restrictions::QUARANTINED.bits();
            }
            Event::Released { .. } => {
                consignment.restrictions &= !Restrictions::QUARANTINED.bits();
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
                consignment.return_title(document_hash, UNKNOWN, false);
            }
            Event::ReturnVerified { .. } => {
                consignment.restrictions &= !Restrictions::RETURNED.bits();
            }
            Event::Withdrawn {
                kind,
                document_hash,
                ..
            } => {
                consignment.next_sequence().ok()?;
                consignment.withdraw(*kind, document_hash);
            }
            Event::UnitsGone { block, .. } => {
                // A unit that changes from one disposition to another was gone before.
                let left = block.units().filter(|&unit| self.gone.insert(unit)).count();
                consignment.count_inactive(u32::try_from(left).ok()?).ok()?;
            }
            Event::DispenseUndone { block, .. } => {
                let back = block.units().filter(|unit| self.gone.remove(unit)).count();
                consignment.count_active(u32::try_from(back).ok()?).ok()?;
            }
            Event::CaseOpened { .. } => open_case(&mut consignment)?,
            Event::CaseResolved { condemned, .. } => {
                consignment.open_cases = consignment.open_cases.checked_sub(1)?;
                if *condemned {
                    consignment.restrictions |= Restrictions::CONDEMNED.bits();
                }
            }
        }
        self.consignments.insert(*address, consignment);
        Some(())
    }
}

fn open_case(consignment: &mut Consignment) -> Option<()> {
    consignment.cases = consignment.cases.checked_add(1)?;
    consignment.open_cases = consignment.open_cases.checked_add(1)?;
    Some(())
}
