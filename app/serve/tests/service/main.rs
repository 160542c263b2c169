//! The service as its requesters meet it.

mod connections;
mod contract;
mod endpoint;
