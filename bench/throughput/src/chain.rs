//! The supply chain that the load runs through: lots of one product cut into shipments that go round
//! a ring of wholesalers.

use std::ops::Range;

use anchor_lang::{Address, solana_program::instruction::Instruction};
use anyhow::{Result, ensure};
use custody::Consignment;
use futures_util::future::try_join_all;
use pedigree_interface::{Goods, Located, TransferKind, instruction::custody as to_custody};
use program_tests::{layout, world::DOCUMENT};
use solana_keypair::Keypair;

use crate::{
    connection::Connection,
    load::Carrier,
    partners::{Partner, Partners, Ring},
};

/// Consignments of a shipment that goes in a batch.
pub const BATCH: usize = 20;

/// Consignments of one lot that travel together, one or [`BATCH`].
pub struct Shipment {
    ring: Ring,
    /// Which site of the ring has them.
    at: usize,
    /// As the ledger must have them.
    consignments: Vec<Located<Consignment>>,
}

impl Shipment {
    /// Consignments of one lot that the ring's site `at` has.
    pub fn new(ring: &Ring, at: usize, consignments: &[Located<Consignment>]) -> Self {
        Self {
            ring: Ring::clone(ring),
            at,
            consignments: consignments.to_vec(),
        }
    }

    /// Whether any of its units is among `units` of the lot.
    pub fn overlaps(&self, units: &Range<u32>) -> bool {
        self.consignments.iter().any(|consignment| {
            let end = consignment.first_unit + consignment.quantity;
            consignment.first_unit < units.end && units.start < end
        })
    }

    /// The site that has the consignments, and the one that gets them next.
    fn ends(&self) -> (&Partner, &Partner) {
        let next = (self.at + 1) % self.ring.len();
        (&self.ring[self.at], &self.ring[next])
    }
}

/// Each transaction is a sale to the next site.
impl Carrier for Shipment {
    fn size(&self) -> usize {
        self.consignments.len()
    }

    fn instruction(&self) -> Instruction {
        let (from, to) = self.ends();
        let goods: Vec<Goods> = self.consignments.iter().map(Goods::from).collect();
        let (kind, document_hash) = (TransferKind::Sale, Some(DOCUMENT));
        match *goods {
            [goods] => to_custody::handoff(from.site, to.site, goods, kind, document_hash),
            _ => to_custody::handoff_batch(from.site, to.site, &goods, kind, document_hash),
        }
    }

    fn signers(&self) -> Vec<&Keypair> {
        let (from, to) = self.ends();
        vec![&from.keypair, &to.keypair]
    }

    fn arrive(&mut self) -> Result<()> {
        let (_, to) = self.ends();
        let to = to.site.gln.number();
        for Located { account, .. } in &mut self.consignments {
            account.next_sequence()?;
            account.sell(to, &DOCUMENT, 0);
        }
        self.at = (self.at + 1) % self.ring.len();
        Ok(())
    }
}

/// Everything that the load moves.
pub struct Chain {
    /// Shipments of [`BATCH`] consignments.
    pub batches: Vec<Shipment>,
    /// Shipments of one.
    pub singles: Vec<Shipment>,
}

impl Chain {
    /// Makes `lots` lots, which make `shipments` shipments of either size.
    pub async fn set_up(partners: &Partners<'_>, lots: usize, shipments: usize) -> Result<Self> {
        let ring = &partners.ring;
        let lots = (0..lots).map(async |number| {
            let in_lot = (number..shipments).step_by(lots).len();
            let at = number % ring.len();
            let consignments = partners
                .make_lot(&format!("LOAD-{number}"), at, in_lot * (BATCH + 1))
                .await?;
            let shipment = |consignments: &[_]| Shipment::new(ring, at, consignments);
            let (batches, singles) = consignments.split_at(in_lot * BATCH);
            anyhow::Ok((
                batches.chunks(BATCH).map(shipment).collect::<Vec<_>>(),
                singles.chunks(1).map(shipment).collect::<Vec<_>>(),
            ))
        });
        let (batches, singles): (Vec<_>, Vec<_>) = try_join_all(lots).await?.into_iter().unzip();
        Ok(Self {
            batches: batches.into_iter().flatten().collect(),
            singles: singles.into_iter().flatten().collect(),
        })
    }

    /// Every shipment.
    pub fn shipments(&self) -> impl Iterator<Item = &Shipment> {
        self.batches.iter().chain(&self.singles)
    }
}

/// Compares every consignment on the ledger with what the load made of it, to the last link of its
/// trail, so that a handoff lost or done twice shows. Returns how many there are.
pub async fn verify<'a>(
    connection: &Connection,
    shipments: impl Iterator<Item = &'a Shipment>,
) -> Result<usize> {
    let expected: Vec<&Located<Consignment>> = shipments
        .flat_map(|shipment| &shipment.consignments)
        .collect();
    let addresses: Vec<Address> = expected.iter().map(|expected| expected.address).collect();
    let found = connection.accounts(&addresses).await?;
    let astray: Vec<String> = (expected.iter().zip(&found))
        .filter(|(expected, found)| {
            // A sale and a recall may be executed in either order, which this alone shows.
            let expected = Consignment {
                owner_since: layout::decode::<Consignment>(found).owner_since,
                ..expected.account
            };
            layout::encode(&expected) != **found
        })
        .map(|(expected, found)| {
            let found: Consignment = layout::decode(found);
            let place = |consignment: &Consignment| {
                let Consignment {
                    custodian,
                    sequence,
                    ..
                } = consignment;
                format!("with {custodian} at sequence {sequence}")
            };
            let address = expected.address;
            format!("{address}: {}, not {}", place(&found), place(expected))
        })
        .collect();
    ensure!(
        astray.is_empty(),
        "{} consignments are not where the run left them:\n{}",
        astray.len(),
        astray.join("\n")
    );
    Ok(addresses.len())
}
