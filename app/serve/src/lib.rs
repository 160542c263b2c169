//! The HTTP service that answers a verification router: does this product identifier belong to a pack
//! that may be resold?
//!
//! It implements GS1's *Lightweight Messaging Standard for Verification of Product Identifiers*, which US
//! wholesalers use before they resell a saleable return (21 U.S.C. 360eee-1(c)(4)(D)). GTIN and serial
//! number are looked up in manifests; the state of the pack is read from the ledger.
//!
//! - [`router`] creates the service of a [`Responder`]: `/verify/…`, `/health`, `/ready`, `/metrics` and
//!   `/openapi.json`.
//! - [`serve`] answers on a socket until it is asked to stop, and finishes the requests in flight.
//!   [`Limits`] keep slow or numerous clients from blocking others.
//! - [`serve_request`] answers a Solana Pay transaction request: what a receiver at the dock is to sign.
//!
//! [`OPENAPI`] describes it, and tests check the service against it. Encryption and authentication are
//! left to a proxy, except for transaction requests, which may be encrypted with [`Tls`].
//!
//! Serial numbers appear only in requests and manifests, not in logs or metrics.

mod answer;
mod limit;
mod metrics;
mod request;
mod requester;
mod responder;
mod routes;
mod server;
mod tls;
mod transaction_request;

pub use limit::Limits;
pub use requester::{InvalidProxy, TrustedProxies, TrustedProxy};
pub use responder::Responder;
pub use routes::{OPENAPI, router};
pub use server::serve;
pub use tls::{Tls, TlsError};
pub use transaction_request::{Decline, Question, Reply, TransactionRequest, serve_request};
