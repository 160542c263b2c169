//! What must come back, as a program: its accounts and rules are those of [`recall_rules`], and this
//! crate has what Anchor needs around them: which accounts an instruction takes, who signs, who pays;
//! and the calls of the `custody` program, which stops recalled units, and of the token programs.
//!
//! Licences are read from the `registry` program's accounts, and what became of units from
//! `custody`'s.

use anchor_lang::prelude::*;

pub mod instructions;
mod token;

use instructions::*;
pub use recall_rules::{
    CheckLevel, Claims, Count, DepartureKind, Funding, Notice, Proofs, Recall, RecallClass,
    RecallDepth, RecallError, RecallReason, RecallState, RecallStrategy, RecallTerms, Response,
    Scope, Tranche,
    evidence::{Departure, DepartureRecord, Until},
    withdraw::{CLAIM_PERIOD, claims_end},
};
pub use token::{Mint, TokenAccount};

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

pedigree_domain::list_errors_in_idl!(RecallError);

#[program]
pub mod recall {
    use super::*;

    /// Recalls a range of a lot's units: from now on they move no further down the chain.
    #[discrim = 0]
    pub fn open(ctx: &mut Context<Open>, terms: RecallTerms, notice: Notice) -> Result<()> {
        let remaining = ctx.remaining_accounts()?;
        let bumps = (ctx.bumps.recall, ctx.bumps.scope);
        ctx.accounts
            .open(&terms, &notice, bumps, &mut remaining.iter())
    }

    /// Recalls more units of the lot.
    #[discrim = 1]
    pub fn expand(
        ctx: &mut Context<ByOverseer>,
        first: u32,
        quantity: u32,
        notice: Notice,
    ) -> Result<()> {
        let remaining = ctx.remaining_accounts()?;
        let bump = ctx.bumps.scope;
        ctx.accounts
            .expand(first, quantity, &notice, bump, &mut remaining.iter())
    }

    /// Releases units from the recall: for a regulator.
    #[discrim = 2]
    pub fn narrow(
        ctx: &mut Context<ByOverseer>,
        first: u32,
        quantity: u32,
        document_hash: [u8; 32],
    ) -> Result<()> {
        let remaining = ctx.remaining_accounts()?;
        let bump = ctx.bumps.scope;
        ctx.accounts
            .narrow(first, quantity, &document_hash, bump, &mut remaining.iter())
    }

    /// Changes how grave the recall is and how its effectiveness is checked.
    #[discrim = 3]
    pub fn reclassify(
        ctx: &mut Context<BySite>,
        strategy: RecallStrategy,
        document_hash: [u8; 32],
    ) -> Result<()> {
        let remaining = ctx.remaining_accounts()?;
        ctx.accounts
            .reclassify(&strategy, &document_hash, &mut remaining.iter())
    }

    /// Says that everything reasonable has been done: for the lot's manufacturer and who holds the product
    /// now.
    #[discrim = 4]
    pub fn complete(ctx: &mut Context<BySite>, document_hash: [u8; 32]) -> Result<()> {
        let remaining = ctx.remaining_accounts()?;
        ctx.accounts.complete(&document_hash, &mut remaining.iter())
    }

    /// Ends the recall: for a regulator. Its units stay blocked.
    #[discrim = 5]
    pub fn terminate(ctx: &mut Context<ByRegulator>, document_hash: [u8; 32]) -> Result<()> {
        let remaining = ctx.remaining_accounts()?;
        ctx.accounts
            .terminate(&document_hash, &mut remaining.iter())
    }

    /// Answers the recall for a site, or answers it anew.
    #[discrim = 6]
    pub fn respond(ctx: &mut Context<Respond>, count: Count) -> Result<()> {
        let remaining = ctx.remaining_accounts()?;
        let bump = ctx.bumps.response;
        ctx.accounts.respond(&count, bump, &mut remaining.iter())
    }

    /// Counts units that the ledger shows a site returned or destroyed.
    #[discrim = 7]
    pub fn prove(ctx: &mut Context<Prove>, page: u32, first: u32, quantity: u32) -> Result<()> {
        let remaining = ctx.remaining_accounts()?;
        let bump = ctx.bumps.proofs;
        ctx.accounts
            .prove(page, first, quantity, bump, &mut remaining.iter())
    }

    /// Pays who had title to units when they were recalled, and gave them up: each unit once.
    #[discrim = 8]
    pub fn claim(ctx: &mut Context<Claim>, page: u32, first: u32, quantity: u32) -> Result<()> {
        let remaining = ctx.remaining_accounts()?;
        let bump = ctx.bumps.claims;
        ctx.accounts
            .claim(page, first, quantity, bump, &mut remaining.iter())
    }

    /// Reserves a price for some of the recall's units.
    #[discrim = 9]
    pub fn fund(ctx: &mut Context<Fund>, funding: Funding) -> Result<()> {
        let bumps = (ctx.bumps.tranche, ctx.bumps.vault);
        ctx.accounts.fund(funding, bumps)
    }

    /// Gives who funded a tranche what is left of it, once the time to claim is over.
    #[discrim = 10]
    pub fn withdraw(ctx: &mut Context<Withdraw>) -> Result<()> {
        let remaining = ctx.remaining_accounts()?;
        ctx.accounts.withdraw(&mut remaining.iter())
    }

    /// Closes a page of the claims for a return whose record was archived. Anyone may.
    #[discrim = 11]
    pub fn close_claims(ctx: &mut Context<CloseClaims>) -> Result<()> {
        ctx.accounts.close_claims()
    }

    /// Closes a page of a terminated recall's proofs. Anyone may.
    #[discrim = 12]
    pub fn close_proofs(ctx: &mut Context<CloseProofs>) -> Result<()> {
        ctx.accounts.close_proofs()
    }

    /// Takes a terminated recall up again: for a regulator.
    #[discrim = 13]
    pub fn reopen(ctx: &mut Context<ByRegulator>, document_hash: [u8; 32]) -> Result<()> {
        let remaining = ctx.remaining_accounts()?;
        ctx.accounts.reopen(&document_hash, &mut remaining.iter())
    }
}
