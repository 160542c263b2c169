//! The service as its clients use it.

mod connections;
mod contract;
mod endpoint;
mod log;
mod transaction_request;
