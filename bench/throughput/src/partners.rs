//! The partners of a run: a board of pharmacy that pays for the set-up, a manufacturer, and
//! wholesalers in a ring.

use std::{
    sync::Arc,
    time::{SystemTime, UNIX_EPOCH},
};

use anchor_lang::{Address, solana_program::instruction::Instruction};
use anyhow::Result;
use custody::Consignment;
use futures_util::future::try_join_all;
use pedigree_domain::Roles;
use pedigree_interface::{
    Goods, Located, Site, TransferKind,
    identifier::{Expiry, Gtin},
    instruction::{
        custody::{self as to_custody, Cut, LotLabel},
        registry::{self as to_registry, Licence},
    },
};
use program_tests::{
    address,
    layout::{self, padded},
    ledger::keypair,
    world::{self, COMPANY_PREFIX, DOCUMENT, GTIN},
};
use registry::PrefixTable;
use solana_keypair::Keypair;
use solana_signer::Signer;

use crate::{connection::Connection, node::Node};

/// The expiry date on the lots' labels. A barcode has two digits of the year, and 99 is read as 1999.
pub const EXPIRY: Expiry = Expiry::from_account(20_491_200);
/// What a transaction of the set-up may use.
pub const COMPUTE_UNITS: u32 = 400_000;
/// 2100-01-01, in Unix seconds: the node keeps the machine's time.
const LICENCE_END: i64 = 4_102_444_800;
/// As many splits as fit into a transaction of 1,232 bytes with room to spare.
const SPLITS_PER_TRANSACTION: usize = 8;
/// Rent of everything, and fees for far longer than a run may last.
const LAMPORTS: u64 = 1_000_000_000_000;

/// A site and its key.
pub struct Partner {
    pub site: Site,
    pub keypair: Keypair,
}

/// The sites that shipments go round, in order.
pub type Ring = Arc<[Partner]>;

/// See the module's documentation.
pub struct Partners<'a> {
    pub connection: &'a Connection,
    pub board: Board,
    pub manufacturer: Partner,
    pub ring: Ring,
    /// Ends the numbers of this run's lots, so that they are none of an earlier run's.
    pub run: String,
}

/// Registry authority and issuer in one, who pays for the set-up.
pub struct Board {
    keypair: Keypair,
}

impl Board {
    pub fn key(&self) -> Address {
        self.keypair.pubkey()
    }
}

impl<'a> Partners<'a> {
    /// Initialises the registry and admits a manufacturer, who registers the product [`GTIN`], and
    /// `sites` wholesalers. What an earlier run left on a cluster is used again.
    pub async fn admit(node: &Node, connection: &'a Connection, sites: usize) -> Result<Self> {
        let board = Board {
            keypair: node.upgrade_authority.insecure_clone(),
        };
        let key = board.key();
        connection.airdrop(&[key], LAMPORTS).await?;
        for (account, step) in [
            (address::registry(), to_registry::initialize(key, key, key)),
            (
                address::issuer(&key),
                to_registry::add_issuer(key, key, key, padded("Board of Pharmacy"), world::scope()),
            ),
        ] {
            if !connection.exists(&account).await? {
                connection
                    .execute(COMPUTE_UNITS, &[step], &[&board.keypair])
                    .await?;
            }
        }

        let manufacturer =
            admit(connection, &board, "Manufacturer", 0, Roles::MANUFACTURER).await?;
        let table = address::prefix_table(PrefixTable::leading_of(COMPANY_PREFIX));
        if !connection.exists(&table).await? {
            let claim = to_registry::claim_prefix(key, key, manufacturer.site.gln, COMPANY_PREFIX);
            connection
                .execute(COMPUTE_UNITS, &[claim], &[&board.keypair])
                .await?;
        }
        let ring = (1..=sites).map(async |number| {
            let name = format!("Wholesaler {number}");
            admit(connection, &board, &name, number, Roles::WHOLESALER).await
        });
        let ring: Ring = try_join_all(ring).await?.into();
        let partners = Self {
            connection,
            board,
            manufacturer,
            ring,
            run: format!(
                "{:X}",
                SystemTime::now().duration_since(UNIX_EPOCH)?.as_secs()
            ),
        };
        partners.register_product(GTIN).await?;
        Ok(partners)
    }

    /// Registers a product of the manufacturer, if it is not yet.
    pub async fn register_product(&self, gtin: Gtin) -> Result<()> {
        if self.connection.exists(&address::product(gtin)).await? {
            return Ok(());
        }
        let product = world::product_description();
        let manufacturer = self.manufacturer.site;
        let register = to_registry::register_product(self.board.key(), manufacturer, gtin, product);
        self.sign(&[register], &[&self.manufacturer]).await
    }

    /// Executes instructions that need the signatures of `partners`, too.
    pub async fn sign(&self, instructions: &[Instruction], partners: &[&Partner]) -> Result<()> {
        let partners = partners.iter().map(|partner| &partner.keypair);
        let signers: Vec<&Keypair> = [&self.board.keypair].into_iter().chain(partners).collect();
        self.connection
            .execute(COMPUTE_UNITS, instructions, &signers)
            .await
            .map(drop)
    }

    /// Mints a lot whose number begins with `name`, of `units` units, sells it to the ring's site `at` and has
    /// it split into single units.
    pub async fn make_lot(
        &self,
        name: &str,
        at: usize,
        units: usize,
    ) -> Result<Vec<Located<Consignment>>> {
        let units = u32::try_from(units)?;
        let (payer, manufacturer, owner) = (self.board.key(), &self.manufacturer, &self.ring[at]);
        let label = LotLabel {
            expiry: EXPIRY,
            quantity: units,
            ..world::lot_label(&format!("{name}-{}", self.run))
        };
        let product = address::product(GTIN);
        let goods = Goods::minted(address::lot(&product, label.lot_number));
        let mint = to_custody::mint_lot(payer, manufacturer.site, product, &label);
        self.sign(&[mint], &[manufacturer]).await?;
        let kind = TransferKind::Sale;
        let sale = to_custody::handoff(manufacturer.site, owner.site, goods, kind, Some(DOCUMENT));
        self.sign(&[sale], &[manufacturer, owner]).await?;

        let splits: Vec<Instruction> = (0..units - 1)
            .map(|index| {
                let cut = Cut {
                    index,
                    ..Cut::first(1)
                };
                to_custody::split(payer, owner.site, goods.at(index + 1), cut)
            })
            .collect();
        for splits in splits.chunks(SPLITS_PER_TRANSACTION) {
            self.sign(splits, &[owner]).await?;
        }

        let root = goods.consignment;
        let children = (0..units - 1).map(|index| address::consignment(&root, index));
        let addresses: Vec<Address> = [root].into_iter().chain(children).collect();
        let accounts = self.connection.accounts(&addresses).await?;
        let consignments = addresses.into_iter().zip(&accounts);
        Ok(consignments
            .map(|(address, account)| Located::new(address, layout::decode(account)))
            .collect())
    }
}

/// Admits and funds a partner at the company's location `number`.
async fn admit(
    connection: &Connection,
    board: &Board,
    name: &str,
    number: usize,
    roles: Roles,
) -> Result<Partner> {
    let gln = world::gln(number as u64);
    let keypair = keypair(name);
    let key = keypair.pubkey();
    let licence = Licence {
        valid_until: LICENCE_END,
        ..world::licence(roles)
    };
    connection.airdrop(&[key], LAMPORTS).await?;
    let site = Site::own(gln, key);
    if !connection.exists(&site.partner).await? {
        let steps = [
            to_registry::admit_partner(board.key(), board.key(), gln, key, padded(name), licence),
            to_registry::confirm_partner(address::issuer(&board.key()), site),
        ];
        let signers = [&board.keypair, &keypair];
        connection.execute(COMPUTE_UNITS, &steps, &signers).await?;
    }
    Ok(Partner { site, keypair })
}
