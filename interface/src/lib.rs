//! Addresses and instructions of Pedigree's programs, built offline: nothing here opens a connection or
//! reads a clock or a file.
//!
//! | module | for |
//! |---|---|
//! | [`identifier`] | GTIN, GLN, SSCC, lot number and expiry as people write them |
//! | [`text`] | the fixed text fields of accounts |
//! | [`address`] | where the programs keep their accounts |
//! | [`issuer`] | who signs for an issuer |
//! | [`site`] | who signs for a trading partner's site: its own key, or an operator's |
//! | [`units`] | ranges, pages and blocks of a lot's units |
//! | [`instruction`] | the instructions of the three programs, one function each |
//!
//! [`Goods`] and [`Offered`] are how instructions name a consignment and an offer, and
//! [`Located`], an account with its address, converts into them. [`TransferKind`] says what a change of
//! custody is for.
//!
//! The instructions are built with the types that Anchor generates for the programs themselves
//! ([`registry`], [`custody`], [`recall`]), so they cannot disagree with a program about its accounts or
//! its arguments; that is why `anchor-lang` is among the dependencies.
//!
//! # Minting a lot and handing it over
//!
//! ```
//! use pedigree_interface::{
//!     Goods, Site, TransferKind, address,
//!     identifier::{Gln, Gtin},
//!     instruction::custody::{LotLabel, handoff, mint_lot},
//! };
//! use solana_pubkey::Pubkey;
//!
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! // Keys that the sites' keypairs belong to.
//! let [manufacturer, pharmacy] = [Pubkey::new_unique(), Pubkey::new_unique()];
//! let manufacturer = Site::own("9506000000015".parse::<Gln>()?, manufacturer);
//! let pharmacy = Site::own("9506000000039".parse::<Gln>()?, pharmacy);
//! let product = address::product("09506000134352".parse::<Gtin>()?);
//! let label = LotLabel {
//!     lot_number: "A1".parse()?,
//!     expiry: "2029-02".parse()?,
//!     quantity: 10_000,
//!     serial_root: None,
//!     manifest_hash: None,
//! };
//!
//! // The manufacturer pays the rent of the lot and of its first consignment.
//! let mint = mint_lot(manufacturer.key, manufacturer, product, &label);
//! let goods = Goods::minted(address::lot(product, label.lot_number));
//! let sale = handoff(manufacturer, pharmacy, goods, TransferKind::Sale, None);
//!
//! // One transaction may hold both. The sale needs the pharmacy's signature, too.
//! let signers: Vec<&Pubkey> = sale
//!     .accounts
//!     .iter()
//!     .filter(|account| account.is_signer)
//!     .map(|account| &account.pubkey)
//!     .collect();
//! assert_eq!(signers, [&manufacturer.key, &pharmacy.key]);
//! assert!(mint.accounts.iter().any(|account| account.pubkey == goods.consignment));
//! # Ok(())
//! # }
//! ```

#![warn(missing_docs)]

pub mod address;
mod goods;
pub mod instruction;
pub mod issuer;
mod located;
mod series;
pub mod site;
pub mod units;

pub use custody::{self, TransferKind};
pub use goods::{Goods, Offered};
pub use issuer::IssuerSigner;
pub use located::Located;
pub use pedigree_domain::{self as domain, identifier, text};
pub use recall;
pub use registry;
pub use series::LotSeries;
pub use site::Site;
