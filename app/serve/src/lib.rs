//! The responder of a verification router, over HTTP: does this product identifier belong to a pack
//! that may be sold on?
//!
//! It speaks GS1's *Lightweight Messaging Standard for Verification of Product Identifiers*, as US
//! wholesalers do before they sell a saleable return (21 U.S.C. 360eee-1(c)(4)(D)). GTIN and serial are
//! looked up in the manifests at hand, what became of the pack is the ledger's word.
//!
//! - [`router`] makes the service of a [`Responder`]: `/verify/…`, `/health`, `/ready`, `/metrics` and
//!   `/openapi.json`.
//! - [`serve`] answers on a socket until it is told to stop, and finishes what is in flight. Clients that
//!   are slow, or many, keep no others waiting for longer than [`Limits`] allow.
//!
//! [`OPENAPI`] describes it, and tests hold the two against each other. Encryption and who may ask are
//! the business of the proxy in front.
//!
//! Serial numbers are nowhere but in the request and the manifests: not in logs, not in metrics.

mod answer;
mod limit;
mod metrics;
mod request;
mod requester;
mod responder;
mod routes;
mod server;

pub use limit::Limits;
pub use requester::{InvalidProxy, TrustedProxies, TrustedProxy};
pub use responder::Responder;
pub use routes::{OPENAPI, router};
pub use server::serve;
