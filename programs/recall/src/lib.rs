//! What must come back: recalls of lots or parts of them, what each site answers, what the ledger
//! shows of it, and the money that pays for what came back.
//!
//! A recall says in its lot, through the `custody` program and in the same instruction, which units
//! it stops: they move no further down the chain from then on. Licences are read from the
//! `registry`'s accounts, and what became of units from `custody`'s.
//!
//! | account | seeds | one for |
//! |---|---|---|
//! | [`Recall`] | `"recall"`, lot, number as `u8` | each recall of a lot |
//! | [`Response`] | `"response"`, recall, partner | each site that answers a recall |
//! | [`Claims`] | `"claims"`, recall, page as `u32` LE | each 8,192 units of a recalled lot |
//! | token account | `"vault"`, recall | each recall that pays for what came back |
//! | no account | `"authority"` | the program, as it signs for `custody` |

use anchor_lang::prelude::*;

pub mod errors;
pub mod instructions;
pub mod state;

pub use errors::RecallError;
use instructions::*;
pub use state::{
    CheckLevel, Claims, Recall, RecallClass, RecallDepth, RecallReason, RecallState, Response,
};

#[cfg(target_arch = "bpf")]
use pedigree_builtins as _;

declare_id!("6hhDkR44R6Jgn7byDRj4EgfmFsDEewrutz9AmEqF264F");

#[cfg(not(feature = "no-entrypoint"))]
solana_security_txt::security_txt! {
    name: "Pedigree recall",
    project_url: "https://pedigree.example",
    contacts: "email:security@pedigree.example",
    policy: "https://pedigree.example/security",
    preferred_languages: "en",
    auditors: "None"
}

#[program]
pub mod recall {
    use super::*;

    /// Recalls a run of a lot's units: from here on they move no further down the chain.
    #[discrim = 0]
    pub fn open(ctx: &mut Context<Open>, terms: RecallTerms, notice: Notice) -> Result<()> {
        let followers = ctx.remaining_accounts()?;
        let bump = ctx.bumps.recall;
        ctx.accounts
            .open(&terms, &notice, bump, &mut followers.iter())
    }

    /// Recalls more units of the lot.
    #[discrim = 1]
    pub fn expand(
        ctx: &mut Context<ByOverseer>,
        first: u32,
        quantity: u32,
        notice: Notice,
    ) -> Result<()> {
        let followers = ctx.remaining_accounts()?;
        ctx.accounts
            .expand(first, quantity, &notice, &mut followers.iter())
    }

    /// Releases units from the recall: for a regulator.
    #[discrim = 2]
    pub fn narrow(
        ctx: &mut Context<ByOverseer>,
        first: u32,
        quantity: u32,
        document: [u8; 32],
    ) -> Result<()> {
        let followers = ctx.remaining_accounts()?;
        ctx.accounts
            .narrow(first, quantity, &document, &mut followers.iter())
    }

    /// Changes how grave the recall is and how its effectiveness is checked.
    #[discrim = 3]
    pub fn reclassify(
        ctx: &mut Context<BySite>,
        gravity: Gravity,
        document: [u8; 32],
    ) -> Result<()> {
        let followers = ctx.remaining_accounts()?;
        ctx.accounts
            .reclassify(&gravity, &document, &mut followers.iter())
    }

    /// Says that everything reasonable has been done: for who opened the recall and the manufacturer.
    #[discrim = 4]
    pub fn complete(ctx: &mut Context<BySite>, document: [u8; 32]) -> Result<()> {
        let followers = ctx.remaining_accounts()?;
        ctx.accounts.complete(&document, &mut followers.iter())
    }

    /// Ends the recall: for a regulator. Its units stay stopped.
    #[discrim = 5]
    pub fn terminate(ctx: &mut Context<BySite>, document: [u8; 32]) -> Result<()> {
        let followers = ctx.remaining_accounts()?;
        ctx.accounts.terminate(&document, &mut followers.iter())
    }

    /// Answers the recall for a site, or answers it anew.
    #[discrim = 6]
    pub fn respond(ctx: &mut Context<Respond>, count: Count) -> Result<()> {
        let followers = ctx.remaining_accounts()?;
        let bump = ctx.bumps.response;
        ctx.accounts.respond(&count, bump, &mut followers.iter())
    }

    /// Counts units that the ledger shows a site returned or destroyed.
    #[discrim = 7]
    pub fn prove(ctx: &mut Context<Prove>, page: u32, first: u32, quantity: u32) -> Result<()> {
        let followers = ctx.remaining_accounts()?;
        let bump = ctx.bumps.claims;
        ctx.accounts
            .prove(page, first, quantity, bump, &mut followers.iter())
    }

    /// Pays a site for units that the ledger shows it returned or destroyed, each unit once.
    #[discrim = 8]
    pub fn claim(ctx: &mut Context<Claim>, page: u32, first: u32, quantity: u32) -> Result<()> {
        let followers = ctx.remaining_accounts()?;
        let bump = ctx.bumps.claims;
        ctx.accounts
            .claim(page, first, quantity, bump, &mut followers.iter())
    }

    /// Puts tokens into the recall's vault and sets or raises what it pays for each unit.
    #[discrim = 9]
    pub fn fund(ctx: &mut Context<Fund>, amount: u64, unit_price: u64) -> Result<()> {
        let followers = ctx.remaining_accounts()?;
        let bump = ctx.bumps.vault;
        ctx.accounts
            .fund(amount, unit_price, bump, &mut followers.iter())
    }

    /// Gives the manufacturer what is left in the vault of a terminated recall, and closes it.
    #[discrim = 10]
    pub fn withdraw(ctx: &mut Context<Withdraw>) -> Result<()> {
        let followers = ctx.remaining_accounts()?;
        ctx.accounts.withdraw(&mut followers.iter())
    }

    /// Closes a page of a terminated recall's claims. Anyone may.
    #[discrim = 11]
    pub fn close_claims(ctx: &mut Context<CloseClaims>) -> Result<()> {
        ctx.accounts.close_claims()
    }
}
