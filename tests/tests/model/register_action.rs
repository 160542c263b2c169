//! Attempts with the register: by sites, their issuers and the registry authority, or who has a key of theirs.

use anchor_lang::{Address, solana_program::instruction::Instruction};
use pedigree_interface::{
    IssuerSigner, Site,
    identifier::Gln,
    instruction::registry::{
        Licence, OperatorTerms, accept_partner_key, accept_product_transfer, admit_partner,
        appoint_operator, cancel_recovery, complete_recovery, confirm_partner,
        dismiss_all_operators, dismiss_operator, join_firm, leave_firm, move_product,
        propose_partner_key, propose_product_transfer, propose_recovery, reassign_partner,
        reinstate_partner, renew_partner, restore_partner, revoke_partner, rotate_issuer_key,
        suspend_partner,
    },
};
use program_tests::{layout::padded, world::GTIN};

/// The name of every site that is admitted.
pub const NAME: &str = "Accomplice";

/// An attempt at one instruction of the registry program. `authority` is the key that signs as the registry
/// authority.
#[derive(Clone, Debug)]
#[rustfmt::skip]
pub enum RegisterAction {
    Admit { issuer: IssuerSigner, gln: Gln, key: Address, licence: Licence },
    Confirm { issuer: Address, by: Site },
    Renew { issuer: IssuerSigner, gln: Gln, licence: Licence },
    Suspend { issuer: IssuerSigner, gln: Gln },
    Reinstate { issuer: IssuerSigner, gln: Gln },
    Revoke { issuer: IssuerSigner, gln: Gln },
    Restore { authority: Address, gln: Gln, licence: Licence },
    Reassign { authority: Address, issuer: Address, gln: Gln },
    RotateIssuerKey { authority: Address, issuer: Address, key: Address },
    ProposeKey { by: Site, key: Address },
    AcceptKey { gln: Gln, key: Address },
    ProposeRecovery { authority: Address, issuer: IssuerSigner, gln: Gln, key: Address },
    CompleteRecovery { gln: Gln, key: Address },
    CancelRecovery { overseer: IssuerSigner, gln: Gln },
    AppointOperator { by: Site, key: Address, terms: OperatorTerms },
    DismissOperator { by: Site, key: Address },
    DismissAllOperators { by: Site },
    JoinFirm { issuer: IssuerSigner, head_office: Site, site: Site },
    LeaveFirm { overseer: IssuerSigner, head_office: Site, gln: Gln },
    ProposeProduct { by: Site, to: Site },
    AcceptProduct { by: Site, former: Gln },
    MoveProduct { authority: Address, to: Site },
}

impl RegisterAction {
    /// The instruction that tries it.
    pub fn instruction(&self, payer: Address) -> Instruction {
        match *self {
            Self::Admit {
                issuer,
                gln,
                key,
                licence,
            } => admit_partner(payer, issuer, gln, key, padded(NAME), licence),
            Self::Confirm { issuer, by } => confirm_partner(issuer, by),
            Self::Renew {
                issuer,
                gln,
                licence,
            } => renew_partner(issuer, gln, licence),
            Self::Suspend { issuer, gln } => suspend_partner(issuer, gln),
            Self::Reinstate { issuer, gln } => reinstate_partner(issuer, gln),
            Self::Revoke { issuer, gln } => revoke_partner(issuer, gln),
            Self::Restore {
                authority,
                gln,
                licence,
            } => restore_partner(authority, gln, licence),
            Self::Reassign {
                authority,
                issuer,
                gln,
            } => reassign_partner(authority, issuer, gln),
            Self::RotateIssuerKey {
                authority,
                issuer,
                key,
            } => rotate_issuer_key(authority, issuer, key),
            Self::ProposeKey { by, key } => propose_partner_key(by, Some(key)),
            Self::AcceptKey { gln, key } => accept_partner_key(gln, key),
            Self::ProposeRecovery {
                authority,
                issuer,
                gln,
                key,
            } => propose_recovery(authority, issuer, gln, key),
            Self::CompleteRecovery { gln, key } => complete_recovery(gln, key),
            Self::CancelRecovery { overseer, gln } => cancel_recovery(overseer, gln),
            Self::AppointOperator { by, key, terms } => appoint_operator(payer, by, key, terms),
            Self::DismissOperator { by, key } => dismiss_operator(by, key, payer),
            Self::DismissAllOperators { by } => dismiss_all_operators(by),
            Self::JoinFirm {
                issuer,
                head_office,
                site,
            } => join_firm(issuer, head_office, site),
            Self::LeaveFirm {
                overseer,
                head_office,
                gln,
            } => leave_firm(overseer, head_office, gln),
            Self::ProposeProduct { by, to } => propose_product_transfer(by, to.gln, GTIN),
            Self::AcceptProduct { by, former } => accept_product_transfer(by, former, GTIN),
            Self::MoveProduct { authority, to } => move_product(authority, to.gln, GTIN),
        }
    }
}
