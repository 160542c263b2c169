//! An RPC endpoint in memory, with the lots of a manufacturer.

use std::{
    collections::BTreeMap,
    num::{NonZeroU32, NonZeroUsize},
    ops::ControlFlow,
    sync::Arc,
    time::Duration,
};

use base64::{Engine as _, prelude::BASE64_STANDARD};
use bytemuck::Zeroable;
use custody::{Disposition, Lot, LotStatus, UnitPage};
use pedigree_client::{
    Ledger, address,
    domain::Record,
    identifier::{Gtin, LotNumber},
};
use pedigree_manifest::{Manifest, Manifests, SerialList};
use pedigree_serve::{Limits, Responder, TrustedProxies};
use registry::Product;
use serde_json::{Value, json};
use solana_client::{
    client_error::{ClientError, ClientErrorKind},
    nonblocking::rpc_client::RpcClient,
    rpc_client::RpcClientConfig,
    rpc_request::RpcRequest,
    rpc_sender::{RpcSender, RpcTransportStats},
};
use solana_commitment_config::CommitmentConfig;
use solana_pubkey::Pubkey;
use tempfile::TempDir;
use tokio::time::sleep;

use crate::log;

pub const GTIN: &str = "09506000134352";
pub const CORRELATION: &str = "08dd5e1b-78e7-4dee-9f55-e69f5edf099b";
pub const AT_ONCE: Behaviour = Behaviour::AnswersAfter(Duration::ZERO);
const RESPONDER: &str = "9506000000015";

/// The expiry date of lots that have not expired: the last day of February 2049.
const EXPIRY: u32 = 20_490_200;
const EXPIRES_AT: i64 = 2_498_169_600;

/// The behaviour of the endpoint.
#[derive(Clone, Copy, Debug)]
pub enum Behaviour {
    AnswersAfter(Duration),
    Fails,
    /// Answers of all accounts that it is asked for but the last.
    LeavesOne,
}

/// This many requests a second from each requester, and no other limit that a test reaches.
pub fn limits(per_second: u32) -> Limits {
    Limits {
        per_second: NonZeroU32::new(per_second).expect("not zero"),
        connections: NonZeroUsize::new(100).expect("not zero"),
        client_patience: Duration::from_secs(60),
        trusted_proxies: TrustedProxies::default(),
    }
}

/// The path and query of a verification request.
pub fn verification(lot: &str, serial: &str, exp: &str) -> String {
    format!(
        "/verify/gtin/{GTIN}/lot/{lot}/ser/{serial}?exp={exp}&context=dscsaSaleableReturn\
         &corrUUID={CORRELATION}&reqGLN=9506000000022&linkType=verificationService"
    )
}

/// An endpoint with these accounts, as JSON.
struct Endpoint {
    accounts: BTreeMap<String, Value>,
    behaviour: Behaviour,
}

#[async_trait::async_trait]
impl RpcSender for Endpoint {
    async fn send(&self, request: RpcRequest, params: Value) -> Result<Value, ClientError> {
        let left_out = match self.behaviour {
            Behaviour::AnswersAfter(after) => {
                sleep(after).await;
                0
            }
            Behaviour::LeavesOne => 1,
            Behaviour::Fails => {
                return Err(ClientErrorKind::Custom("the endpoint is down".to_owned()).into());
            }
        };
        Ok(match request {
            RpcRequest::GetVersion => json!({ "solana-core": "4.3.2", "feature-set": 1 }),
            RpcRequest::GetSlot => json!(42),
            RpcRequest::GetMultipleAccounts => {
                let addresses = params[0].as_array().expect("addresses");
                let addresses = addresses.iter().take(addresses.len() - left_out);
                let account =
                    |address: &Value| address.as_str().and_then(|it| self.accounts.get(it));
                let found: Vec<Option<&Value>> = addresses.map(account).collect();
                json!({ "context": { "slot": 42 }, "value": found })
            }
            other => panic!("the client asked for {other}"),
        })
    }

    fn get_transport_stats(&self) -> RpcTransportStats {
        RpcTransportStats::default()
    }

    fn url(&self) -> String {
        "in memory".to_owned()
    }
}

/// An account of one of the programs, as JSON-RPC has it.
fn account<T: Record>(content: &T) -> Value {
    let data = content.to_account_data();
    json!({
        "lamports": 1,
        "data": [BASE64_STANDARD.encode(&data), "base64"],
        "owner": T::PROGRAM.to_string(),
        "executable": false,
        "rentEpoch": 0,
        "space": data.len(),
    })
}

/// The lots of a manufacturer, on the ledger and in manifests.
pub struct Manufacturer {
    folder: TempDir,
    accounts: BTreeMap<String, Value>,
}

impl Manufacturer {
    /// A product with these lots: `A1` of four packs, of which `SN-2` is dispensed, `SN-3` is suspect and
    /// `SN-4` is recalled; `B2` of one pack; `X4`, which has expired; `U5`, which was never minted; and
    /// `D6`, with a manifest of its first pack only, `SN-8`.
    pub fn new() -> Self {
        log::capture();
        let mut this = Self {
            folder: TempDir::new().expect("a folder"),
            accounts: BTreeMap::new(),
        };
        let product = address::product(gtin());
        this.put(product, account(&Product::zeroed()));
        let in_time = Lot {
            expiry: EXPIRY,
            expires_at: EXPIRES_AT,
            status: LotStatus::Released,
            ..Lot::zeroed()
        };
        let mut recalled = in_time;
        (recalled.recalls, recalled.recalled_first[0]) = (1, 3);
        recalled.recalled_quantity[0] = 1;
        let mut page = UnitPage::zeroed();
        let (active, dispensed) = (Disposition::Active, Disposition::Dispensed);
        page.dispositions[0] = active.code() | dispensed.code() << 4;
        page.dispositions[1] = Disposition::Suspect.code();
        this.mint("A1", recalled, "SN-1\nSN-2\nSN-3\nSN-4\n", Some(page));
        this.mint("B2", in_time, "SN/5\n", None);
        let expired = Lot {
            expiry: 20_240_200,
            expires_at: 1_709_251_200,
            ..in_time
        };
        this.mint("X4", expired, "SN-6\n", None);
        this.pack("U5", EXPIRY, "SN-7\n");
        this.mint("D6", in_time, "SN-8\nSN-9\n", None);
        let [whole, part] = ["D6", "D6-part"].map(|name| this.folder.path().join(name));
        let extracted = Manifest::open(&whole)
            .and_then(|manifest| manifest.extract(0..1, part, |_| ControlFlow::Continue(())));
        extracted.expect("a part of the manifest");
        std::fs::remove_file(whole).expect("the folder is writable");
        this
    }

    /// Its responder, with an endpoint of this behaviour.
    pub fn responder(&self, behaviour: Behaviour) -> Responder {
        let endpoint = Endpoint {
            accounts: self.accounts.clone(),
            behaviour,
        };
        let config = RpcClientConfig::with_commitment(CommitmentConfig::confirmed());
        Responder {
            gln: RESPONDER.parse().expect("a GLN"),
            ledger: Ledger::from(RpcClient::new_sender(endpoint, config)),
            manifests: Arc::new(Manifests::in_folder(&self.folder).expect("manifests")),
            patience: Duration::from_secs(1),
        }
    }

    fn mint(&mut self, lot_number: &str, lot: Lot, serials: &str, page: Option<UnitPage>) {
        let manifest = self.pack(lot_number, lot.expiry, serials);
        let address = Pubkey::from(manifest.lot().address);
        let lot = Lot {
            quantity: manifest.quantity(),
            serial_root: *manifest.root(),
            ..lot
        };
        self.put(address, account(&lot));
        if let Some(page) = page {
            self.put(address::unit_page(&address, 0), account(&page));
        }
    }

    /// Writes a lot's manifest.
    fn pack(&self, lot_number: &str, expiry: u32, serials: &str) -> Manifest {
        let number: LotNumber = lot_number.parse().expect("a lot number");
        let lot = pedigree_manifest::Lot {
            gtin: gtin().number(),
            lot_number: lot_number.to_owned(),
            expiry,
            address: address::lot(address::product(gtin()), number).to_bytes(),
        };
        let serials = SerialList::read(serials.as_bytes()).expect("serials");
        let path = self.folder.path().join(lot_number);
        Manifest::create(path, lot, &serials, |_| ControlFlow::Continue(())).expect("a manifest")
    }

    fn put(&mut self, address: Pubkey, account: Value) {
        self.accounts.insert(address.to_string(), account);
    }
}

fn gtin() -> Gtin {
    GTIN.parse().expect("a GTIN")
}
