//! What the test calls natively and, compiled for `wasm32-unknown-unknown`, in a WebAssembly engine.
//!
//! `cargo xtask test` compiles this library into a module (step `wasm`) and runs both (step `test`).

#[cfg(target_arch = "wasm32")]
mod exports;
mod scan;
mod trail;

pub use scan::read_scan;
pub use trail::{Replayed, replay};
