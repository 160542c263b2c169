//! The supply chain that the load runs through: wholesalers in a ring, and lots of one product cut
//! into shipments that go round it.

use std::{slice, sync::Arc};

use anchor_lang::{Address, solana_program::instruction::Instruction};
use anyhow::{Result, ensure};
use custody::{Change, Consignment, instructions::LotLabel};
use futures_util::future::try_join_all;
use pedigree_domain::Roles;
use program_tests::{
    address,
    instruction::{custody as to_custody, registry as to_registry},
    layout::{self, padded},
    ledger::keypair,
    world::{self, DOCUMENT, GTIN, Parcel, Site},
};
use registry::instructions::Licence;
use solana_keypair::Keypair;
use solana_signer::Signer;

use crate::{connection::Connection, load::Carrier};

/// Consignments of a shipment that goes in a batch.
pub const BATCH: usize = 20;
/// 2100-01-01, in Unix seconds: the node keeps the machine's time.
const LICENCE_END: i64 = 4_102_444_800;
/// The lots' date on the label.
const EXPIRY: u32 = 20991200;
/// What the set-up's transactions may use.
const COMPUTE_UNITS: u32 = 400_000;
/// As many splits as a transaction of 1,232 bytes holds with room to spare.
const SPLITS_PER_TRANSACTION: usize = 8;
/// Rent of everything, and fees for far longer than a run may last.
const LAMPORTS: u64 = 1_000_000_000_000;

/// A site and its key.
pub struct Wholesaler {
    pub site: Site,
    pub keypair: Keypair,
}

/// The sites that shipments go round, in order.
pub type Ring = Arc<[Wholesaler]>;

/// Consignments of one lot that travel together, one or [`BATCH`].
pub struct Shipment {
    ring: Ring,
    /// Which site of the ring has them.
    at: usize,
    lot: Address,
    /// Each at its address, as the ledger must have it.
    consignments: Vec<(Address, Consignment)>,
}

impl Shipment {
    /// The site that has the consignments, and the one that gets them next.
    fn ends(&self) -> (&Wholesaler, &Wholesaler) {
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
        let lot = self.lot;
        let parcels: Vec<(Parcel, u32)> = self
            .consignments
            .iter()
            .map(|&(consignment, Consignment { sequence, .. })| {
                (Parcel { lot, consignment }, sequence)
            })
            .collect();
        let kind = Change::Sale.code();
        match *parcels {
            [(parcel, sequence)] => {
                to_custody::handoff(from.site, to.site, parcel, kind, sequence, DOCUMENT)
            }
            _ => to_custody::handoff_batch(from.site, to.site, &parcels, kind, DOCUMENT),
        }
    }

    fn signers(&self) -> Vec<&Keypair> {
        let (from, to) = self.ends();
        vec![&from.keypair, &to.keypair]
    }

    fn arrive(&mut self) -> Result<()> {
        let (from, to) = self.ends();
        let (from, to) = (from.site.gln, to.site.gln);
        for (_, consignment) in &mut self.consignments {
            consignment.next_sequence()?;
            consignment.transfer(from, to, Change::Sale, &DOCUMENT);
        }
        self.at = (self.at + 1) % self.ring.len();
        Ok(())
    }
}

/// Everything that the load moves.
pub struct Chain {
    pub ring: Ring,
    /// Shipments of [`BATCH`] consignments.
    pub batches: Vec<Shipment>,
    /// Shipments of one.
    pub singles: Vec<Shipment>,
}

impl Chain {
    /// Sets up the registry, `sites` wholesalers and `lots` lots, which make `shipments` shipments
    /// of either size.
    pub async fn set_up(
        connection: &Connection,
        sites: usize,
        lots: usize,
        shipments: usize,
    ) -> Result<Self> {
        let registrar = Registrar::new(connection).await?;
        let manufacturer = registrar.admit("Manufacturer", 0, Roles::MANUFACTURER);
        let manufacturer = manufacturer.await?;
        let ring = (1..=sites).map(async |number| {
            let name = format!("Wholesaler {number}");
            registrar.admit(&name, number, Roles::WHOLESALER).await
        });
        let ring: Ring = try_join_all(ring).await?.into();
        let product = world::product_description();
        let product =
            to_registry::register_product(registrar.key(), manufacturer.site, GTIN, product);
        registrar.sign(&[product], &manufacturer).await?;

        let lots = (0..lots).map(async |number| {
            let in_lot = (number..shipments).step_by(lots).len();
            let at = number % ring.len();
            let (lot, consignments) = registrar
                .make_lot(&manufacturer, &ring[at], number, in_lot * (BATCH + 1))
                .await?;
            let shipment = |consignments: &[_]| Shipment {
                ring: ring.clone(),
                at,
                lot,
                consignments: consignments.to_vec(),
            };
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
            ring,
        })
    }

    /// Compares every consignment on the ledger with what the load made of it, to the last link of
    /// its trail, so that a handoff lost or done twice shows. Returns how many there are.
    pub async fn verify(&self, connection: &Connection) -> Result<usize> {
        let shipments = self.batches.iter().chain(&self.singles);
        let (addresses, expected): (Vec<Address>, Vec<Consignment>) = shipments
            .flat_map(|shipment| &shipment.consignments)
            .copied()
            .unzip();
        let found = connection.accounts(&addresses).await?;
        let astray: Vec<String> = (addresses.iter().zip(&expected).zip(&found))
            .filter(|((_, expected), found)| layout::encode(*expected) != **found)
            .map(|((address, expected), found)| {
                let found: Consignment = layout::decode(found);
                let place = |consignment: &Consignment| {
                    let Consignment {
                        custodian,
                        sequence,
                        ..
                    } = consignment;
                    format!("with {custodian} at sequence {sequence}")
                };
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
}

/// May upgrade the programs, and so initialise the registry.
pub fn upgrade_authority() -> Keypair {
    keypair("upgrade authority")
}

/// Registry authority and issuer in one, who pays for the set-up.
struct Registrar<'a> {
    connection: &'a Connection,
    keypair: Keypair,
}

impl<'a> Registrar<'a> {
    /// Initialises the registry.
    async fn new(connection: &'a Connection) -> Result<Self> {
        let registrar = Self {
            connection,
            keypair: keypair("registrar"),
        };
        let key = registrar.key();
        connection.airdrop(&[key], LAMPORTS).await?;
        let upgrade_authority = upgrade_authority();
        let steps = [
            to_registry::initialize(key, upgrade_authority.pubkey(), key),
            to_registry::add_issuer(key, key, key, padded("Board of Pharmacy")),
        ];
        let signers = [&registrar.keypair, &upgrade_authority];
        connection.execute(COMPUTE_UNITS, &steps, &signers).await?;
        Ok(registrar)
    }

    fn key(&self) -> Address {
        self.keypair.pubkey()
    }

    /// Executes instructions that need `site`'s signature, too.
    async fn sign(&self, instructions: &[Instruction], site: &Wholesaler) -> Result<()> {
        let signers = [&self.keypair, &site.keypair];
        self.connection
            .execute(COMPUTE_UNITS, instructions, &signers)
            .await
            .map(drop)
    }

    /// Admits and funds a partner at the company's location `number`.
    async fn admit(&self, name: &str, number: usize, roles: Roles) -> Result<Wholesaler> {
        let gln = world::gln(number as u64);
        let keypair = keypair(name);
        let key = keypair.pubkey();
        let licence = Licence {
            valid_until: LICENCE_END,
            ..world::licence(roles)
        };
        self.connection.airdrop(&[key], LAMPORTS).await?;
        let admit =
            to_registry::admit_partner(self.key(), self.key(), gln, key, padded(name), licence);
        self.connection
            .execute(COMPUTE_UNITS, slice::from_ref(&admit), &[&self.keypair])
            .await?;
        let partner = address::partner(gln);
        Ok(Wholesaler {
            site: Site { gln, partner, key },
            keypair,
        })
    }

    /// Mints a lot of `count` units, sells it to `owner` and has it split into single units.
    async fn make_lot(
        &self,
        manufacturer: &Wholesaler,
        owner: &Wholesaler,
        number: usize,
        count: usize,
    ) -> Result<(Address, Vec<(Address, Consignment)>)> {
        let units = u32::try_from(count)?;
        let label = LotLabel {
            expiry: EXPIRY,
            quantity: units,
            ..world::lot_label(&format!("LOAD-{number}"))
        };
        let product = address::product(GTIN);
        let parcel = Parcel::root(&product, &label.lot_number);
        let Parcel { lot, consignment } = parcel;
        let mint = to_custody::mint_lot(self.key(), manufacturer.site, product, &label);
        self.sign(&[mint], manufacturer).await?;
        let kind = Change::Sale.code();
        let sale = to_custody::handoff(manufacturer.site, owner.site, parcel, kind, 0, DOCUMENT);
        let signers = [&self.keypair, &manufacturer.keypair, &owner.keypair];
        self.connection
            .execute(COMPUTE_UNITS, &[sale], &signers)
            .await?;

        let splits: Vec<Instruction> = (0..units - 1)
            .map(|index| {
                let sequence = index + 1;
                to_custody::split(self.key(), owner.site, consignment, index, sequence, 1, 0)
            })
            .collect();
        for splits in splits.chunks(SPLITS_PER_TRANSACTION) {
            self.sign(splits, owner).await?;
        }

        let children = (0..units - 1).map(|index| address::consignment(&consignment, index));
        let addresses: Vec<Address> = [consignment].into_iter().chain(children).collect();
        let accounts = self.connection.accounts(&addresses).await?;
        let consignments = accounts.iter().map(|account| layout::decode(account));
        Ok((lot, addresses.into_iter().zip(consignments).collect()))
    }
}
