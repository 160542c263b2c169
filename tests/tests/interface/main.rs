//! What clients in any language rely on, and what is written down in several places: addresses, the
//! encoding of instructions, the layout of accounts, IDLs.

mod addresses;
mod encoding;
mod identity;
mod idl;
mod layout;
