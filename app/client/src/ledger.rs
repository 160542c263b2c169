//! Reading the programs' accounts over JSON-RPC, as types.

use std::mem::offset_of;

use anchor_lang::{AccountDeserialize, Discriminator, Id, Owner, programs::System};
use custody::{Consignment, ConsignmentStatus, Lot, Transfer};
use registry::{Issuer, Partner, Product, Registry};
use solana_account::Account;
use solana_account_decoder_client_types::UiAccountEncoding;
use solana_client::{
    client_error::{ClientError, ClientErrorKind},
    nonblocking::rpc_client::RpcClient,
    rpc_config::{RpcAccountInfoConfig, RpcProgramAccountsConfig},
    rpc_filter::{Memcmp, RpcFilterType},
};
use solana_commitment_config::CommitmentConfig;
use solana_pubkey::Pubkey;

use crate::{
    address,
    error::{Error, Result},
};

/// An account type of one of the programs.
pub trait Record: AccountDeserialize + Discriminator + Owner {
    /// What people call it.
    const WHAT: &'static str;
    /// Why there may be none at an address, and what to do.
    const HINT: &'static str;
}

macro_rules! records {
    ($($record:ty, $what:literal, $hint:literal;)+) => {
        $(impl Record for $record {
            const WHAT: &'static str = $what;
            const HINT: &'static str = $hint;
        })+
    };
}

records! {
    Registry, "registry", "nobody initialised it on this cluster: run `pedigree registry initialize`";
    Issuer, "issuer", "the registry authority has not added this key: see `pedigree registry add-issuer`";
    Partner, "partner", "no site with this GLN was admitted: check the GLN, see `pedigree partner list`";
    Product, "product", "no product with this GTIN was registered: check the GTIN, see `pedigree product list`";
    Lot, "lot", "no such lot of this product was minted: check both numbers, see `pedigree lot list`";
    Consignment, "consignment", "check the address, or look it up with `pedigree lot show`";
    Transfer, "transfer", "the consignment was not offered at this sequence: see `pedigree trace`";
}

/// Where bytes of an account must have a value: a `memcmp` filter of `getProgramAccounts`.
#[derive(Clone, Debug)]
pub struct Filter {
    offset: usize,
    bytes: Vec<u8>,
}

/// Filters by a field of an account type, at its documented offset.
macro_rules! filter_by {
    ($name:ident, $record:ty, $field:ident, $doc:literal) => {
        #[doc = $doc]
        pub fn $name(value: &Pubkey) -> Filter {
            Filter {
                offset: 8 + offset_of!($record, $field),
                bytes: value.to_bytes().to_vec(),
            }
        }
    };
}

impl Filter {
    filter_by!(lot_product, Lot, product, "Lots of this product.");
    filter_by!(
        product_manufacturer,
        Product,
        manufacturer,
        "Products of this manufacturer."
    );
    filter_by!(
        consignment_lot,
        Consignment,
        lot,
        "Consignments of this lot."
    );
    filter_by!(
        consignment_custodian,
        Consignment,
        custodian,
        "Consignments in this site's custody."
    );
    filter_by!(
        transfer_consignment,
        Transfer,
        consignment,
        "Transfers of this consignment."
    );
    filter_by!(
        transfer_from,
        Transfer,
        from,
        "Transfers that this site offered."
    );
    filter_by!(
        transfer_to,
        Transfer,
        to,
        "Transfers that were offered to this site."
    );
}

/// A cluster, as seen through one RPC endpoint at one commitment.
pub struct Ledger {
    rpc: RpcClient,
}

impl Ledger {
    /// A ledger read and written through `url` at `commitment`.
    pub fn new(url: String, commitment: CommitmentConfig) -> Self {
        Self::from(RpcClient::new_with_commitment(url, commitment))
    }

    /// The endpoint itself, for what this type does not cover.
    pub fn rpc(&self) -> &RpcClient {
        &self.rpc
    }

    pub fn commitment(&self) -> CommitmentConfig {
        self.rpc.commitment()
    }

    /// The account at `address`, or why there is none.
    pub async fn get<T: Record>(&self, address: &Pubkey) -> Result<T> {
        self.find(address).await?.ok_or(Error::Missing {
            what: T::WHAT,
            address: *address,
            hint: T::HINT,
        })
    }

    /// The account at `address`, if a program has made one there.
    ///
    /// Lamports alone, which anybody may send to an address, make none.
    pub async fn find<T: Record>(&self, address: &Pubkey) -> Result<Option<T>> {
        let (_, accounts) = self.accounts(&[*address]).await?;
        let account = accounts.into_iter().next().flatten();
        account.map(|account| decode(address, &account)).transpose()
    }

    /// The accounts at `addresses` as they stand at one slot, `None` where no program has made one.
    ///
    /// At most 100 addresses: what RPC nodes answer at once.
    pub async fn accounts(&self, addresses: &[Pubkey]) -> Result<(u64, Vec<Option<Account>>)> {
        let response = self
            .rpc
            .get_multiple_accounts_with_commitment(addresses, self.commitment())
            .await;
        let response = response.map_err(|error| self.rpc_error(error))?;
        let accounts = response
            .value
            .into_iter()
            .map(|account| account.filter(is_made));
        Ok((response.context.slot, accounts.collect()))
    }

    /// Every account of a type that passes all `filters`.
    pub async fn list<T: Record>(&self, filters: &[Filter]) -> Result<Vec<(Pubkey, T)>> {
        let discriminator = Filter {
            offset: 0,
            bytes: T::DISCRIMINATOR.to_vec(),
        };
        let filters = std::iter::once(&discriminator)
            .chain(filters)
            .map(|filter| {
                RpcFilterType::Memcmp(Memcmp::new_raw_bytes(filter.offset, filter.bytes.clone()))
            })
            .collect();
        let config = RpcProgramAccountsConfig {
            filters: Some(filters),
            account_config: RpcAccountInfoConfig {
                encoding: Some(UiAccountEncoding::Base64),
                commitment: Some(self.commitment()),
                ..RpcAccountInfoConfig::default()
            },
            ..RpcProgramAccountsConfig::default()
        };
        let found = self
            .rpc
            .get_program_ui_accounts_with_config(&T::OWNER, config)
            .await;
        found
            .map_err(|error| self.rpc_error(error))?
            .into_iter()
            .map(|(address, account)| {
                let account = account.to_account().ok_or(Error::NotA {
                    what: T::WHAT,
                    address,
                    reason: "the endpoint sent bytes that cannot be decoded",
                })?;
                Ok((address, decode(&address, &account)?))
            })
            .collect()
    }

    /// The offer that a consignment is waiting on.
    pub async fn open_transfer(
        &self,
        address: &Pubkey,
        consignment: &Consignment,
    ) -> Result<Transfer> {
        if consignment.status != ConsignmentStatus::Offered {
            return Err(Error::NotOffered(*address));
        }
        self.get(&address::transfer(address, consignment.sequence - 1))
            .await
    }

    /// Tells an endpoint that cannot be reached from one that refuses.
    pub(crate) fn rpc_error(&self, error: ClientError) -> Error {
        match error.kind() {
            ClientErrorKind::Reqwest(reason) => self.unreachable(reason),
            ClientErrorKind::Io(reason) => self.unreachable(reason),
            _ => Error::Rpc(Box::new(error)),
        }
    }

    fn unreachable(&self, reason: &dyn std::error::Error) -> Error {
        let mut innermost = reason;
        while let Some(source) = innermost.source() {
            innermost = source;
        }
        Error::Unreachable {
            url: self.rpc.url(),
            reason: innermost.to_string(),
        }
    }
}

/// For a client with time-outs, headers or a transport of its own.
impl From<RpcClient> for Ledger {
    fn from(rpc: RpcClient) -> Self {
        Self { rpc }
    }
}

/// Whether an account is more than lamports that somebody sent to its address.
fn is_made(account: &Account) -> bool {
    account.owner != System::id() || !account.data.is_empty()
}

/// Reads an account as a `T`, checking owner and discriminator.
pub fn decode<T: Record>(address: &Pubkey, account: &Account) -> Result<T> {
    let not_a = |reason| Error::NotA {
        what: T::WHAT,
        address: *address,
        reason,
    };
    if account.owner != T::OWNER {
        return Err(not_a("another program owns it"));
    }
    T::try_deserialize(&mut account.data.as_slice())
        .map_err(|_| not_a("its discriminator or its size is another type's"))
}
