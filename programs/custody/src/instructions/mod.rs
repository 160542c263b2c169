//! One file an instruction: its accounts, its checks, its effects.

pub mod accept;
pub mod cancel;
pub mod expire;
pub mod handoff;
#[allow(
    unused_variables,
    reason = "the derive binds #[instruction] arguments more often than it reads them"
)]
pub mod mint_lot;
pub mod offer;
pub mod reject;
mod trading_partners;

pub use accept::*;
pub use cancel::*;
pub use expire::*;
pub use handoff::*;
pub use mint_lot::*;
pub use offer::*;
pub use reject::*;
