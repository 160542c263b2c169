//! The licence register as a program: its accounts and rules are those of [`registry_rules`], and this
//! crate has what Anchor needs around them: which accounts an instruction takes, who signs, who pays.
//!
//! Other programs read the accounts as typed accounts of `registry_rules`; only this program writes
//! them.

use anchor_lang::prelude::*;

pub mod instructions;
mod program_data;

use instructions::*;
pub use program_data::{ProgramData, UPGRADEABLE_LOADER};
pub use registry_rules::{
    Ineligible, Issuer, IssuerScope, Licence, NotPermitted, Operator, OperatorTerms, Partner,
    PartnerStatus, PrefixClaim, PrefixTable, Product, ProductDescription, RECOVERY_DELAY, Registry,
    RegistryError, SCOPE_COUNTRIES, SCOPE_PREFIXES,
};

#[cfg(target_arch = "bpf")]
use pedigree_builtins as _;

declare_id!("FVxSzkSEGgwzTU8qZb77B8h54gUQ3BwMkhsd6hyGJ8hf");

#[cfg(not(feature = "no-entrypoint"))]
solana_security_txt::security_txt! {
    name: "Pedigree registry",
    project_url: "https://pedigree.example",
    contacts: "email:security@pedigree.example",
    policy: "https://pedigree.example/security",
    preferred_languages: "en",
    auditors: "None"
}

pedigree_domain::list_errors_in_idl!(RegistryError);

#[program]
pub mod registry {
    use super::*;

    /// Creates the registry. Only the program's upgrade authority can, so no one else can get in first.
    #[discrim = 0]
    pub fn initialize(ctx: &mut Context<Initialize>, authority: Address) -> Result<()> {
        ctx.accounts.initialize(authority, ctx.bumps.registry)
    }

    /// Names the next registry authority, or withdraws the name with the zero address.
    #[discrim = 1]
    pub fn propose_authority(ctx: &mut Context<ProposeAuthority>, pending: Address) -> Result<()> {
        ctx.accounts.propose_authority(pending)
    }

    /// Completes the hand-over, signed by the named authority.
    #[discrim = 2]
    pub fn accept_authority(ctx: &mut Context<AcceptAuthority>) -> Result<()> {
        ctx.accounts.accept_authority()
    }

    /// Lets a key admit, renew, suspend, reinstate and revoke partners within a scope.
    #[discrim = 3]
    pub fn add_issuer(
        ctx: &mut Context<AddIssuer>,
        key: Address,
        name: [u8; 64],
        scope: IssuerScope,
    ) -> Result<()> {
        ctx.accounts.add_issuer(key, name, &scope, ctx.bumps.issuer)
    }

    /// Takes that right away. Partners it admitted stay as they are until reassigned.
    #[discrim = 4]
    pub fn remove_issuer(ctx: &mut Context<RemoveIssuer>) -> Result<()> {
        ctx.accounts.remove_issuer()
    }

    /// Enters a site into the register, which its key then confirms.
    #[discrim = 5]
    pub fn admit_partner(
        ctx: &mut Context<AdmitPartner>,
        gln: u64,
        authority: Address,
        name: [u8; 64],
        licence: Licence,
    ) -> Result<()> {
        ctx.accounts
            .admit_partner(gln, authority, name, &licence, ctx.bumps.partner)
    }

    /// Replaces a partner's licence: its roles, country, document and end.
    #[discrim = 6]
    pub fn renew_partner(ctx: &mut Context<OversightOfPartner>, licence: Licence) -> Result<()> {
        ctx.accounts.renew_partner(&licence)
    }

    /// Stops a partner's trade until it is reinstated.
    #[discrim = 7]
    pub fn suspend_partner(ctx: &mut Context<OversightOfPartner>) -> Result<()> {
        ctx.accounts.suspend_partner()
    }

    /// Ends a suspension.
    #[discrim = 8]
    pub fn reinstate_partner(ctx: &mut Context<OversightOfPartner>) -> Result<()> {
        ctx.accounts.reinstate_partner()
    }

    /// Ends a partner's trade, until the registry authority restores it.
    #[discrim = 9]
    pub fn revoke_partner(ctx: &mut Context<OversightOfPartner>) -> Result<()> {
        ctx.accounts.revoke_partner()
    }

    /// Puts a partner under another issuer, when its own was removed for instance.
    #[discrim = 10]
    pub fn reassign_partner(ctx: &mut Context<ReassignPartner>) -> Result<()> {
        ctx.accounts.reassign_partner()
    }

    /// Names a site's next key, or withdraws the name with the zero address.
    #[discrim = 11]
    pub fn propose_partner_key(
        ctx: &mut Context<ProposePartnerKey>,
        pending: Address,
    ) -> Result<()> {
        ctx.accounts.propose_partner_key(pending)
    }

    /// Completes the rotation, signed by the named key.
    #[discrim = 12]
    pub fn accept_partner_key(ctx: &mut Context<AcceptPartnerKey>) -> Result<()> {
        ctx.accounts.accept_partner_key()
    }

    /// Registers a product under a GTIN of one of the company prefixes of the manufacturer's firm.
    #[discrim = 13]
    pub fn register_product(
        ctx: &mut Context<RegisterProduct>,
        gtin: u64,
        description: ProductDescription,
    ) -> Result<()> {
        ctx.accounts
            .register_product(gtin, &description, ctx.bumps.product)
    }

    /// Corrects what a product's account says of it.
    #[discrim = 14]
    pub fn update_product(
        ctx: &mut Context<UpdateProduct>,
        description: ProductDescription,
    ) -> Result<()> {
        ctx.accounts.update_product(&description)
    }

    /// Offers a product to another manufacturer, or withdraws the offer by naming its own.
    #[discrim = 15]
    pub fn propose_product_transfer(ctx: &mut Context<ProposeProductTransfer>) -> Result<()> {
        ctx.accounts.propose_product_transfer()
    }

    /// Takes the product over, signed by the manufacturer it was offered to.
    #[discrim = 16]
    pub fn accept_product_transfer(ctx: &mut Context<AcceptProductTransfer>) -> Result<()> {
        ctx.accounts.accept_product_transfer()
    }

    /// Lets a key act for a site, as far and as long as the terms say. Like the two that follow, it
    /// is for the site's own key, never for an operator.
    #[discrim = 17]
    pub fn appoint_operator(
        ctx: &mut Context<AppointOperator>,
        key: Address,
        terms: OperatorTerms,
    ) -> Result<()> {
        ctx.accounts
            .appoint_operator(key, &terms, ctx.bumps.operator)
    }

    /// Replaces an operator's permissions, term and name.
    #[discrim = 18]
    pub fn update_operator(ctx: &mut Context<UpdateOperator>, terms: OperatorTerms) -> Result<()> {
        ctx.accounts.update_operator(&terms)
    }

    /// Ends an appointment. The key may be appointed again.
    #[discrim = 19]
    pub fn dismiss_operator(ctx: &mut Context<DismissOperator>) -> Result<()> {
        ctx.accounts.dismiss_operator()
    }

    /// Confirms that the key which a site was admitted with is the site's, if its issuer still vouches for it. From
    /// then on it may trade.
    #[discrim = 20]
    pub fn confirm_partner(ctx: &mut Context<ConfirmPartner>) -> Result<()> {
        ctx.accounts.confirm_partner()
    }

    /// Replaces the roles, countries and company prefixes that an issuer may vouch for.
    #[discrim = 21]
    pub fn set_issuer_scope(
        ctx: &mut Context<OversightOfIssuer>,
        scope: IssuerScope,
    ) -> Result<()> {
        ctx.accounts.set_issuer_scope(&scope)
    }

    /// Replaces an issuer's key. Its address and its partners stay.
    #[discrim = 22]
    pub fn rotate_issuer_key(ctx: &mut Context<OversightOfIssuer>, key: Address) -> Result<()> {
        ctx.accounts.rotate_issuer_key(key)
    }

    /// Ends all appointments of a site at once. The accounts stay until each is dismissed for its rent.
    #[discrim = 23]
    pub fn dismiss_all_operators(ctx: &mut Context<DismissAllOperators>) -> Result<()> {
        ctx.accounts.dismiss_all_operators()
    }

    /// Names the key that takes a site over in seven days, when its own was lost or stolen.
    #[discrim = 24]
    pub fn propose_recovery(ctx: &mut Context<ProposeRecovery>, key: Address) -> Result<()> {
        ctx.accounts.propose_recovery(key)
    }

    /// Completes the recovery of a site's key, signed by the named key.
    #[discrim = 25]
    pub fn complete_recovery(ctx: &mut Context<CompleteRecovery>) -> Result<()> {
        ctx.accounts.complete_recovery()
    }

    /// Withdraws the recovery of a site's key.
    #[discrim = 26]
    pub fn cancel_recovery(ctx: &mut Context<CancelRecovery>) -> Result<()> {
        ctx.accounts.cancel_recovery()
    }

    /// Corrects a site's key, name and licence while its key has not confirmed the admission.
    #[discrim = 27]
    pub fn correct_admission(
        ctx: &mut Context<OversightOfPartner>,
        authority: Address,
        name: [u8; 64],
        licence: Licence,
    ) -> Result<()> {
        ctx.accounts.correct_admission(authority, name, &licence)
    }

    /// Takes an admission back that the site's key has not confirmed.
    #[discrim = 28]
    pub fn withdraw_admission(ctx: &mut Context<WithdrawAdmission>) -> Result<()> {
        ctx.accounts.withdraw_admission()
    }

    /// Undoes what was done to a site in its issuer's name: a revocation, a suspension, a renewal.
    #[discrim = 29]
    pub fn restore_partner(ctx: &mut Context<RestorePartner>, licence: Licence) -> Result<()> {
        ctx.accounts.restore_partner(&licence)
    }

    /// Adds a site to a firm: the site and the firm's head office agree to it.
    #[discrim = 30]
    pub fn join_firm(ctx: &mut Context<JoinFirm>) -> Result<()> {
        ctx.accounts.join_firm()
    }

    /// Makes a site its own firm's head office again, as the head office of its firm agrees.
    #[discrim = 31]
    pub fn leave_firm(ctx: &mut Context<LeaveFirm>) -> Result<()> {
        ctx.accounts.leave_firm()
    }

    /// Claims a company prefix for a firm, which then may register products under it.
    #[discrim = 32]
    pub fn claim_prefix(ctx: &mut Context<ClaimPrefix>, prefix: u64, digits: u8) -> Result<()> {
        ctx.accounts
            .claim_prefix(prefix, digits, ctx.bumps.prefixes)
    }

    /// Ends a firm's claim of a company prefix.
    #[discrim = 33]
    pub fn release_prefix(ctx: &mut Context<ReleasePrefix>, prefix: u64, digits: u8) -> Result<()> {
        ctx.accounts.release_prefix(prefix, digits)
    }

    /// Gives a company prefix to the firm that proved to own it, and ends another firm's claims of it.
    #[discrim = 34]
    pub fn move_prefix(ctx: &mut Context<MovePrefix>, prefix: u64, digits: u8) -> Result<()> {
        ctx.accounts.move_prefix(prefix, digits)
    }

    /// Gives a product to another manufacturer, after a dispute or because its own is gone.
    #[discrim = 35]
    pub fn move_product(ctx: &mut Context<MoveProduct>) -> Result<()> {
        ctx.accounts.move_product()
    }

    /// Gives a GLN, with the goods and products that name it, to the site that proved to own it.
    #[discrim = 36]
    pub fn move_gln(
        ctx: &mut Context<MoveGln>,
        authority: Address,
        name: [u8; 64],
        licence: Licence,
    ) -> Result<()> {
        ctx.accounts.move_gln(authority, name, &licence)
    }
}
