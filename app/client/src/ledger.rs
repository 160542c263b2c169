//! Reading the programs' accounts over JSON-RPC, as types.

use std::{
    collections::{BTreeMap, BTreeSet},
    mem::offset_of,
};

use custody::{
    Case, Consignment, ConsignmentStatus, Lot, Transfer, TransferState, UnitPage, UnitRecord,
};
use pedigree_domain::{DISCRIMINATOR_BYTES, Record};
use pedigree_interface::{
    Located, address,
    identifier::{Gln, Sscc},
};
use recall::{Claims, Recall, Response, Scope, Tranche};
use registry::{Issuer, Operator, Partner, Product, Registry};
use solana_account::Account;
use solana_account_decoder_client_types::UiAccountEncoding;
use solana_client::{
    client_error::{ClientError, ClientErrorKind},
    nonblocking::rpc_client::RpcClient,
    rpc_config::{RpcAccountInfoConfig, RpcProgramAccountsConfig},
    rpc_filter::{Memcmp, RpcFilterType},
};
use solana_commitment_config::CommitmentConfig;
use solana_hash::Hash;
use solana_pubkey::Pubkey;
use solana_sdk_ids::system_program;

use crate::error::{Error, Result};

/// Accounts asked for at once: what RPC nodes answer at most.
const ACCOUNTS_AT_ONCE: usize = 100;

/// An account type of one of the programs, with words for messages.
pub trait LedgerAccount: Record {
    /// What it is called in messages.
    const WHAT: &'static str;
    /// Why there may be none at an address, and what to do about it.
    const HINT: &'static str;
}

macro_rules! ledger_accounts {
    ($($account:ty, $what:literal, $hint:literal;)+) => {
        $(impl LedgerAccount for $account {
            const WHAT: &'static str = $what;
            const HINT: &'static str = $hint;
        })+
    };
}

ledger_accounts! {
    Registry, "registry", "it was not initialised on this cluster: run `pedigree registry initialize`";
    Issuer, "issuer", "the registry authority has not added this key: see `pedigree registry add-issuer`";
    Partner, "partner", "no site with this GLN was admitted: check the GLN, see `pedigree partner list`";
    Operator, "operator", "the site did not appoint this key, or dismissed it: see `pedigree operator list`";
    Product, "product", "no product with this GTIN was registered: check the GTIN, see `pedigree product list`";
    Lot, "lot", "no such lot of this product was minted: check both numbers, see `pedigree lot list`";
    Consignment, "consignment", "check the address, or look it up with `pedigree lot show`";
    Transfer, "transfer", "the consignment was not offered at this sequence: see `pedigree trace`";
    Case, "case", "check the address, or look it up with `pedigree case list`";
    UnitPage, "page of units", "the lot's units are not tracked one by one yet: open its pages with `pedigree lot open-pages`";
    Recall, "recall", "check the address, or look it up with `pedigree recall list`";
    Response, "response", "the site has not answered this recall";
    Scope, "scope of a recall", "the recall's range was not changed as often: see `pedigree recall status`";
    Tranche, "tranche", "the recall was not funded as often: see `pedigree recall status`";
    Claims, "record of claims", "nothing was claimed for these units";
    UnitRecord, "record of units taken out", "none of these 64 units was dispensed, sampled or exported at this site, or the record was closed since";
}

/// Bytes that an account must have at an offset: a `memcmp` filter of `getProgramAccounts`.
#[derive(Clone, Debug)]
pub struct Filter {
    offset: usize,
    bytes: Vec<u8>,
}

impl Filter {
    /// Accounts of this type.
    pub(crate) fn account_type<T: Record>() -> Self {
        Self::discriminator(T::DISCRIMINATOR)
    }

    /// Accounts that begin with these bytes.
    pub(crate) fn discriminator(bytes: [u8; DISCRIMINATOR_BYTES]) -> Self {
        Self {
            offset: 0,
            bytes: bytes.to_vec(),
        }
    }

    pub(crate) fn to_rpc(&self) -> RpcFilterType {
        RpcFilterType::Memcmp(Memcmp::new_raw_bytes(self.offset, self.bytes.clone()))
    }
}

/// A value, encoded as in accounts.
trait FieldValue {
    fn bytes(&self) -> Vec<u8>;
}

impl FieldValue for Pubkey {
    fn bytes(&self) -> Vec<u8> {
        self.to_bytes().to_vec()
    }
}

impl FieldValue for Gln {
    fn bytes(&self) -> Vec<u8> {
        self.number().to_le_bytes().to_vec()
    }
}

impl FieldValue for Sscc {
    fn bytes(&self) -> Vec<u8> {
        self.number().to_le_bytes().to_vec()
    }
}

impl FieldValue for u32 {
    fn bytes(&self) -> Vec<u8> {
        self.to_le_bytes().to_vec()
    }
}

impl FieldValue for TransferState {
    fn bytes(&self) -> Vec<u8> {
        vec![self.code()]
    }
}

/// Filters by a field of an account type, at its documented offset.
macro_rules! filters {
    ($($name:ident($value:ty) = $record:ident.$field:ident, $doc:literal;)+) => {
        impl Filter {
            $(
                #[doc = $doc]
                pub fn $name(value: &$value) -> Self {
                    Self {
                        offset: DISCRIMINATOR_BYTES + offset_of!($record, $field),
                        bytes: value.bytes(),
                    }
                }
            )+
        }
    };
}

filters! {
    issuer_key(Pubkey) = Issuer.key, "Issuers that sign with this key.";
    partner_authority(Pubkey) = Partner.authority, "Sites with this key.";
    operator_partner(Pubkey) = Operator.partner, "Operators of this site.";
    operator_key(Pubkey) = Operator.key, "Appointments of this key as an operator.";
    product_manufacturer(Pubkey) = Product.manufacturer, "Products of this manufacturer.";
    lot_product(Pubkey) = Lot.product, "Lots of this product.";
    consignment_lot(Pubkey) = Consignment.lot, "Consignments of this lot.";
    consignment_custodian(Gln) = Consignment.custodian, "Consignments in this site's custody.";
    consignment_owner(Gln) = Consignment.owner, "Consignments that this site has title to.";
    consignment_sscc(Sscc) = Consignment.sscc, "Consignments whose outermost package this is.";
    transfer_consignment(Pubkey) = Transfer.consignment, "Transfers of this consignment.";
    transfer_lot(Pubkey) = Transfer.lot, "Transfers of units of this lot.";
    transfer_payer(Pubkey) = Transfer.payer, "Transfers whose rent this key paid.";
    transfer_from(Gln) = Transfer.from, "Transfers that this site offered.";
    transfer_to(Gln) = Transfer.to, "Transfers that were offered to this site.";
    transfer_state(TransferState) = Transfer.state, "Transfers in this state.";
    case_subject(Pubkey) = Case.subject, "Cases about this consignment or this whole lot.";
    case_lot(Pubkey) = Case.lot, "Cases about this lot or a part of it.";
    recall_lot(Pubkey) = Recall.lot, "Recalls of this lot.";
    response_recall(Pubkey) = Response.recall, "Sites' answers to this recall.";
    record_lot(Pubkey) = UnitRecord.lot, "Records of what sites dispensed, sampled or exported of this lot.";
    record_block(u32) = UnitRecord.block, "Records of what was dispensed, sampled or exported of this block of 64 units.";
    record_site(Gln) = UnitRecord.site, "Records of units that left the chain at this site.";
    case_opened_by(Gln) = Case.opened_by, "Cases that this site opened.";
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

    /// The RPC client itself, for what this type does not cover.
    pub fn rpc(&self) -> &RpcClient {
        &self.rpc
    }

    /// The commitment of what is read and written.
    pub fn commitment(&self) -> CommitmentConfig {
        self.rpc.commitment()
    }

    /// The account at `address`.
    ///
    /// # Errors
    ///
    /// [`Error::Missing`] if there is none, [`Error::NotA`] if it is of another type, or why the
    /// endpoint did not answer.
    pub async fn get<T: LedgerAccount>(&self, address: &Pubkey) -> Result<Located<T>> {
        self.find(address)
            .await?
            .ok_or_else(|| missing::<T>(address))
    }

    /// The account at `address`, if a program has created one there.
    ///
    /// Lamports alone, which anyone may send to an address, do not count as an account.
    ///
    /// # Errors
    ///
    /// [`Error::NotA`] if it is of another type, or why the endpoint did not answer.
    pub async fn find<T: LedgerAccount>(&self, address: &Pubkey) -> Result<Option<Located<T>>> {
        let (_, accounts) = self.accounts(&[*address]).await?;
        let account = accounts.into_iter().next().flatten();
        let account = account.map(|account| decode(address, &account));
        Ok(account
            .transpose()?
            .map(|account| Located::new(*address, account)))
    }

    /// The accounts at `addresses`, all as of one slot; `None` where no program has created one.
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

    /// The accounts at `addresses`, by address. Where no program has created one, there is no entry.
    pub async fn get_many<T: LedgerAccount>(
        &self,
        addresses: impl IntoIterator<Item = Pubkey>,
    ) -> Result<BTreeMap<Pubkey, T>> {
        let addresses: BTreeSet<Pubkey> = addresses.into_iter().collect();
        let addresses: Vec<Pubkey> = addresses.into_iter().collect();
        let mut found = BTreeMap::new();
        for addresses in addresses.chunks(ACCOUNTS_AT_ONCE) {
            let (_, accounts) = self.accounts(addresses).await?;
            for (address, account) in addresses.iter().zip(accounts) {
                if let Some(account) = account {
                    found.insert(*address, decode(address, &account)?);
                }
            }
        }
        Ok(found)
    }

    /// The sites with these GLNs, as far as they are in the registry.
    pub async fn partners(
        &self,
        glns: impl IntoIterator<Item = Gln>,
    ) -> Result<BTreeMap<Gln, Partner>> {
        let addresses = glns.into_iter().map(address::partner);
        let partners: BTreeMap<Pubkey, Partner> = self.get_many(addresses).await?;
        Ok(partners
            .into_values()
            .map(|partner| (partner.gln(), partner))
            .collect())
    }

    /// Every account of a type that passes all `filters`.
    pub async fn list<T: LedgerAccount>(&self, filters: &[Filter]) -> Result<Vec<Located<T>>> {
        self.list_accounts::<T>(filters)
            .await?
            .into_iter()
            .map(|(address, account)| Ok(Located::new(address, decode(&address, &account)?)))
            .collect()
    }

    /// The same accounts as [`list`](Self::list) reads, not decoded.
    pub async fn list_accounts<T: LedgerAccount>(
        &self,
        filters: &[Filter],
    ) -> Result<Vec<(Pubkey, Account)>> {
        let mut all = vec![Filter::account_type::<T>()];
        all.extend_from_slice(filters);
        self.program_accounts(&T::PROGRAM, &all).await
    }

    /// Every account of `program` that passes all `filters`.
    pub(crate) async fn program_accounts(
        &self,
        program: &Pubkey,
        filters: &[Filter],
    ) -> Result<Vec<(Pubkey, Account)>> {
        let found = self
            .rpc
            .get_program_ui_accounts_with_config(program, self.query(filters))
            .await;
        found
            .map_err(|error| self.rpc_error(error))?
            .into_iter()
            .map(|(address, account)| {
                let account = account.to_account().ok_or(Error::NotA {
                    what: "account",
                    address,
                    reason: "the endpoint sent bytes that cannot be decoded",
                })?;
                Ok((address, account))
            })
            .collect()
    }

    /// The query for accounts that pass all `filters`.
    pub(crate) fn query(&self, filters: &[Filter]) -> RpcProgramAccountsConfig {
        RpcProgramAccountsConfig {
            filters: Some(filters.iter().map(Filter::to_rpc).collect()),
            account_config: RpcAccountInfoConfig {
                encoding: Some(UiAccountEncoding::Base64),
                commitment: Some(self.commitment()),
                ..RpcAccountInfoConfig::default()
            },
            ..RpcProgramAccountsConfig::default()
        }
    }

    /// Rent of a new account of a type, in lamports.
    pub async fn rent<T: LedgerAccount>(&self) -> Result<u64> {
        let rent = self
            .rpc
            .get_minimum_balance_for_rent_exemption(T::BYTES)
            .await;
        rent.map_err(|error| self.rpc_error(error))
    }

    /// The open offer of a consignment.
    ///
    /// # Errors
    ///
    /// [`Error::NotOffered`] if it is not on offer.
    pub async fn open_transfer(
        &self,
        consignment: &Located<Consignment>,
    ) -> Result<Located<Transfer>> {
        if consignment.status != ConsignmentStatus::Offered {
            return Err(Error::NotOffered(consignment.address));
        }
        // Offering counted one change.
        let sequence = consignment.sequence - 1;
        self.get(&address::transfer(&consignment.address, sequence))
            .await
    }

    /// The newest blockhash, and the height of the last block that may have a transaction with it.
    pub(crate) async fn newest_blockhash(&self) -> Result<(Hash, u64)> {
        let newest = self
            .rpc
            .get_latest_blockhash_with_commitment(self.commitment());
        newest.await.map_err(|error| self.rpc_error(error))
    }

    /// The height of the newest block.
    pub(crate) async fn block_height(&self) -> Result<u64> {
        let height = self.rpc.get_block_height_with_commitment(self.commitment());
        height.await.map_err(|error| self.rpc_error(error))
    }

    /// Distinguishes an endpoint that cannot be reached from one that refuses.
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

/// The error for an address without a `T`.
pub(crate) fn missing<T: LedgerAccount>(address: &Pubkey) -> Error {
    Error::Missing {
        what: T::WHAT,
        address: *address,
        hint: T::HINT,
    }
}

/// Whether an account is more than lamports that somebody sent to its address.
fn is_made(account: &Account) -> bool {
    account.owner != system_program::ID || !account.data.is_empty()
}

/// Reads an account as a `T`, checking owner and discriminator.
pub fn decode<T: LedgerAccount>(address: &Pubkey, account: &Account) -> Result<T> {
    let not_a = |reason| Error::NotA {
        what: T::WHAT,
        address: *address,
        reason,
    };
    if account.owner != T::PROGRAM {
        return Err(not_a("another program owns it"));
    }
    T::from_account_data(&account.data)
        .ok_or_else(|| not_a("its discriminator or its size is another type's"))
}
