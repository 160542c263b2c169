//! What is where: lots as their manufacturers mint them, the consignments that hold their units,
//! and every change of custody between trading partners.
//!
//! Licences and products are read from the `registry` program's accounts; only this program writes
//! its own.
//!
//! | account | seeds | one for |
//! |---|---|---|
//! | [`Lot`] | `"lot"`, product, lot number padded to 20 bytes | each lot of a product |
//! | [`Consignment`] | `"consignment"`, parent (a lot or a consignment), index as `u32` LE | each run of units in one custody |
//! | [`Transfer`] | `"transfer"`, consignment, sequence as `u32` LE | each offer of a consignment |

use anchor_lang::prelude::*;

pub mod errors;
pub mod instructions;
pub mod state;

pub use errors::CustodyError;
use instructions::*;
pub use state::{
    Consignment, ConsignmentStatus, ExceptionCode, Lot, LotStatus, Transfer, TransferKind,
    TransferState,
};

#[cfg(target_arch = "bpf")]
use solana_compiler_builtins as _;

declare_id!("E7A65kQJMzZC73QUsQDrL5CaCQnr9q6Gm3fmhVrskFVr");

#[cfg(not(feature = "no-entrypoint"))]
solana_security_txt::security_txt! {
    name: "Pedigree custody",
    project_url: "https://pedigree.example",
    contacts: "email:security@pedigree.example",
    policy: "https://pedigree.example/security",
    preferred_languages: "en",
    auditors: "None"
}

#[program]
pub mod custody {
    use super::*;

    /// Creates a lot and the consignment that holds all its units, in its manufacturer's custody.
    #[discrim = 0]
    pub fn mint_lot(
        ctx: &mut Context<MintLot>,
        lot_number: [u8; 20],
        expiry: u32,
        quantity: u32,
        serial_root: [u8; 32],
        manifest_hash: [u8; 32],
    ) -> Result<()> {
        let label = LotLabel {
            lot_number,
            expiry,
            quantity,
            serial_root,
            manifest_hash,
        };
        ctx.accounts
            .mint_lot(&label, ctx.bumps.lot, ctx.bumps.consignment)
    }

    /// Offers a consignment to another partner, who accepts or rejects it before the deadline.
    #[discrim = 1]
    pub fn offer(ctx: &mut Context<Offer>, terms: OfferTerms) -> Result<()> {
        ctx.accounts.offer(&terms, ctx.bumps.transfer)
    }

    /// Takes an offered consignment into custody.
    #[discrim = 2]
    pub fn accept(ctx: &mut Context<Accept>, sequence: u32) -> Result<()> {
        ctx.accounts.accept(sequence)
    }

    /// Refuses an offered consignment, saying why.
    #[discrim = 3]
    pub fn reject(ctx: &mut Context<Reject>, exception: u8) -> Result<()> {
        ctx.accounts.reject(exception)
    }

    /// Takes an offer back.
    #[discrim = 4]
    pub fn cancel(ctx: &mut Context<Cancel>) -> Result<()> {
        ctx.accounts.cancel()
    }

    /// Ends an offer whose deadline has passed. Anyone may.
    #[discrim = 5]
    pub fn expire(ctx: &mut Context<Expire>) -> Result<()> {
        ctx.accounts.expire()
    }

    /// Hands a consignment over at once, signed by both sides.
    #[discrim = 6]
    pub fn handoff(
        ctx: &mut Context<Handoff>,
        kind: u8,
        sequence: u32,
        document: [u8; 32],
    ) -> Result<()> {
        ctx.accounts.handoff(kind, sequence, document)
    }
}
