//! What can go wrong between a client and the ledger.

use pedigree_interface::identifier::{CompanyPrefix, Gln, Gtin, InvalidIdentifier, Sscc};
use solana_client::client_error::ClientError;
use solana_pubkey::Pubkey;
use solana_signature::Signature;

use crate::{
    invalid_transaction::InvalidTransaction,
    nothing_owed::NothingOwed,
    reference::{ConsignmentRef, LotRef},
    refusal::Refusal,
};

/// What the functions of this crate return.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// Every failure of this library. The messages say what to do next.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The endpoint did not answer, or not in time.
    #[error(
        "the RPC endpoint {url} does not answer ({reason}); check the address and the network, or \
         start a local ledger with `pedigree localnet`"
    )]
    Unreachable {
        /// The endpoint.
        url: String,
        /// What went wrong.
        reason: String,
    },

    /// The endpoint answered with an error.
    #[error("the RPC endpoint refused the request: {0}")]
    Rpc(#[source] Box<ClientError>),

    /// The transaction cannot succeed: a program or the runtime refused it.
    #[error("{0}")]
    Refused(Box<Refusal>),

    /// An account that the operation needs does not exist.
    #[error("there is no {what} at {address}: {hint}")]
    Missing {
        /// Its type.
        what: &'static str,
        /// Where it would be.
        address: Pubkey,
        /// Why there may be none, and what to do about it.
        hint: &'static str,
    },

    /// An account is not what its address promises.
    #[error("the account {address} is not a {what}: {reason}")]
    NotA {
        /// The type that was expected.
        what: &'static str,
        /// The account.
        address: Pubkey,
        /// What is wrong with it.
        reason: &'static str,
    },

    /// The key is neither the site's own nor that of an operator whom the site appointed.
    #[error(
        "{key} may not act for {site}: sign with the key that its partner account names, or have \
         the site appoint this one as an operator"
    )]
    NotSitesKey {
        /// The key.
        key: Pubkey,
        /// The site's name and GLN.
        site: String,
    },

    /// Nobody has claimed the company prefix, or any of it.
    #[error("nobody has claimed {0}: look for a typing error, see `pedigree prefix list`")]
    PrefixNotClaimed(CompanyPrefix),

    /// Several firms have claimed parts of the company prefix.
    #[error(
        "several firms have claimed parts of {0}: release their claims one by one, see `pedigree \
         prefix show {0}`"
    )]
    SeveralFirms(CompanyPrefix),

    /// No firm has claimed a company prefix under which the GTIN could be.
    #[error(
        "no firm has claimed the company prefix of GTIN {0}: have the issuer of the manufacturer's \
         head office claim it with `pedigree prefix claim`"
    )]
    GtinNotClaimed(Gtin),

    /// More countries or prefixes than an issuer's account holds.
    #[error("an issuer's scope has at most {most} {what}: name fewer, or any")]
    ScopeTooLong {
        /// Of what there are too many.
        what: &'static str,
        /// How many there may be.
        most: usize,
    },

    /// The consignment does not exist any more, because it was merged into another one.
    #[error("consignment {consignment} was merged into {into}: use that one")]
    Merged {
        /// The consignment that was asked for.
        consignment: Pubkey,
        /// The one that has its units.
        into: Pubkey,
    },

    /// A consignment was expected to be on offer.
    #[error("consignment {0} is not on offer: see its history with `pedigree trace`")]
    NotOffered(Pubkey),

    /// The package holds several consignments, at these addresses, where one was to be named.
    #[error(
        "there are {} consignments in this package: name one of {}",
        .0.len(), list(.0)
    )]
    SeveralInPackage(Vec<Pubkey>),

    /// The lot has fewer units.
    #[error("the lot {lot} has no unit {unit}: see `pedigree lot show`")]
    NoSuchUnit {
        /// The lot.
        lot: LotRef,
        /// Index of the unit.
        unit: u32,
    },

    /// Nothing is packed in the package.
    #[error(
        "no consignment is packed in {0}: check the code, or name the consignment by its address"
    )]
    EmptyPackage(Sscc),

    /// The key may not act for any site.
    #[error("{0} acts for no site: name a site, or sign with another key")]
    NoSite(Pubkey),

    /// The key may act for several sites.
    #[error("{key} acts for several sites ({}): name one of them", .sites.join(", "))]
    SeveralSites {
        /// The key.
        key: Pubkey,
        /// The sites' names and GLNs.
        sites: Vec<String>,
    },

    /// What is to be handed over together is not in one site's custody.
    #[error(
        "{consignment} is in the custody of {custodian}, the first one in that of {first}: hand over \
         what one site holds at a time"
    )]
    SeveralCustodians {
        /// The first consignment that another site holds.
        consignment: Pubkey,
        /// That site.
        custodian: Gln,
        /// The site that holds the first consignment.
        first: Gln,
    },

    /// What was read did not fit together, however often it was read.
    #[error(
        "the accounts that answer the question kept changing while they were read: try again, or use \
         another RPC endpoint"
    )]
    Unsettled,

    /// The site belongs to no other site's firm.
    #[error("{0} is its own firm's head office: there is no firm to leave")]
    NoFirm(Gln),

    /// A consignment changed since a handoff of it was prepared.
    #[error("{0} changed since the handoff was prepared: prepare it again")]
    ChangedSince(ConsignmentRef),

    /// So many transactions were signed for a handoff that something is wrong.
    #[error("{0} transactions were signed for this handoff and not submitted: prepare it again")]
    AskedTooOften(usize),

    /// Nothing was named to act on.
    #[error("there is nothing to do: name what it is about")]
    NothingToDo,

    /// None of the sites to which the goods may go back takes goods back.
    #[error(
        "no site upstream takes these goods back: name a receiving site, if they go back further; send \
         them to disposal; or ask a regulator to have them brought, with `pedigree recover`"
    )]
    NoReceiver,

    /// A return to this site would have to reverse a sale that was never made.
    #[error(
        "there is no accepted offer by which {seller} sold these units to {custodian}: return them to \
         one of {}", list(.receivers)
    )]
    NoSaleToReverse {
        /// The site that is to take the goods back.
        seller: Gln,
        /// The site that holds them.
        custodian: Gln,
        /// The sites to which they may go back without reversing a sale.
        receivers: Vec<Gln>,
    },

    /// A split would leave no unit.
    #[error(
        "the consignment has {units} units, of which at least one stays: split off fewer than {cut_off}"
    )]
    SplitTooLarge {
        /// Units that the consignment has.
        units: u32,
        /// Units that are to be split off.
        cut_off: u64,
    },

    /// The consignment's counters of splits and changes are used up.
    #[error("the consignment was split as often as can be counted")]
    TooManySplits,

    /// There are no units after the consignment's.
    #[error("the consignment has the lot's last units: nothing comes after them")]
    NoNeighbour,

    /// A destruction needs a second person.
    #[error("a destruction needs a witness: pass the witness's key")]
    WitnessNeeded,

    /// The product was not offered to another manufacturer.
    #[error(
        "product {0} is not on offer: have its manufacturer offer it with `pedigree product hand-over`"
    )]
    ProductNotOffered(Gtin),

    /// The lot is on the ledger already.
    #[error("lot {0} was minted before: see `pedigree lot show`")]
    AlreadyMinted(LotRef),

    /// The lot is on the ledger already, with another root over its serial numbers.
    #[error("lot {0} was minted before, with other serial numbers: see `pedigree lot show`")]
    OtherSerials(LotRef),

    /// There is no page left to open.
    #[error("nothing is left to do for lot {0}: all its pages are open already")]
    AllPagesOpen(LotRef),

    /// No lot of the product was minted.
    #[error("product {0} has no lots")]
    NoLots(Gtin),

    /// There is no token mint at this address.
    #[error("there is no token mint at {0}: check the address")]
    NoMint(Pubkey),

    /// Nothing is left of what the site reserved.
    #[error("the site has nothing left in the recall {0}: see `pedigree recall status`")]
    PaysNothing(Pubkey),

    /// Nothing is owed for what the evidence shows.
    #[error("nothing is owed for the units of {evidence}: {reason}")]
    NothingOwed {
        /// The accepted return, or the destroyed consignment.
        evidence: Pubkey,
        /// Why.
        reason: NothingOwed,
    },

    /// The units' price is reserved in several tokens.
    #[error(
        "the price of the units of {0} is reserved in several tokens: name the tranche to claim from, see \
         `pedigree recall status`"
    )]
    SeveralTokens(Pubkey),

    /// The account does not show that units came back or were destroyed.
    #[error("{0} is not evidence: give an accepted return's transfer, or a destroyed consignment")]
    NotEvidence(Pubkey),

    /// The evidence is about other units.
    #[error("none of the units of {0} is recalled")]
    NoneRecalled(Pubkey),

    /// The transaction was not processed while it was valid, and never will be.
    #[error("transaction {0} was not processed in time and never will be: it is safe to try again")]
    Expired(Signature),

    /// Whether the transaction was processed is not known yet.
    #[error(
        "it is not known yet whether transaction {signature} was processed ({reason}); after block \
         {last_valid_block_height} it cannot be any more: look it up then, before trying again"
    )]
    InDoubt {
        /// The transaction.
        signature: Signature,
        /// The last block in which it can be processed.
        last_valid_block_height: u64,
        /// Why the endpoint does not answer.
        reason: String,
    },

    /// The same of a transaction that names a nonce.
    #[error(
        "it is not known yet whether transaction {signature} was processed ({reason}); it can be until the \
         nonce {nonce} is advanced: look it up before trying again"
    )]
    InDoubtByNonce {
        /// The transaction.
        signature: Signature,
        /// The nonce account.
        nonce: Pubkey,
        /// Why the endpoint does not answer.
        reason: String,
    },

    /// A transaction that was made elsewhere, or is to be signed elsewhere, is not one.
    #[error(transparent)]
    InvalidTransaction(#[from] InvalidTransaction),

    /// The blockhash of a transaction is too old, or of another cluster.
    #[error(
        "the transaction's blockhash has expired, or is another cluster's: have it made again, with a nonce \
         (`--nonce`) if signing takes longer than a minute"
    )]
    BlockhashExpired,

    /// The nonce that a transaction names has another value by now.
    #[error(
        "nonce {0} was advanced since the transaction was made: it was processed, or never will be; have \
         it made again if its goods did not move"
    )]
    NonceAdvanced(Pubkey),

    /// There is no nonce account at the address.
    #[error("there is no nonce account at {0}: make one with `solana create-nonce-account`")]
    NoNonce(Pubkey),

    /// Another key may advance the nonce.
    #[error(
        "nonce {nonce} is advanced by {authority}, not by {key}: name its keypair with --nonce-authority"
    )]
    NotNonceAuthority {
        /// The nonce account.
        nonce: Pubkey,
        /// The key that may advance it.
        authority: Pubkey,
        /// The key that was named.
        key: Pubkey,
    },

    /// Of several transactions only the first were sent.
    #[error(
        "only the first {done} of {total} transactions were sent: check what is left, and plan it again: \
         {error}"
    )]
    PartlySent {
        /// How many were processed.
        done: usize,
        /// How many there are.
        total: usize,
        /// Why the next one was not.
        error: Box<Error>,
    },

    /// A signature could not be made.
    #[error("cannot sign: {0}")]
    Signing(String),

    /// A GS1 identifier, a lot number or an expiry date is not valid.
    #[error(transparent)]
    InvalidIdentifier(#[from] InvalidIdentifier),

    /// The endpoint's history does not suffice to recompute a trail.
    #[error("{0}")]
    IncompleteHistory(String),
}

impl Error {
    /// The refusal, if a program or the runtime refused a transaction.
    pub fn refusal(&self) -> Option<&Refusal> {
        match self {
            Self::Refused(refusal) => Some(refusal),
            Self::PartlySent { error, .. } => error.refusal(),
            _ => None,
        }
    }
}

fn list(names: &[impl ToString]) -> String {
    let names: Vec<String> = names.iter().map(ToString::to_string).collect();
    names.join(", ")
}
