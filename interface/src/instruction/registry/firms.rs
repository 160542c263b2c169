//! Which firm a site belongs to.

use pedigree_domain::identifier::Gln;
use registry::{accounts, instruction as data};
use solana_instruction::Instruction;
use solana_pubkey::Pubkey;

use crate::{address, issuer::IssuerSigner};

/// Adds a site to the firm whose head office is the site `head_office`.
///
/// Signed by the site's issuer, and for the head office by `head_office_key`: its own key, or that of the
/// issuer if it answers for both sites.
///
/// Refused with `NotPartnersIssuer`, `HeadOfficeDisagrees`, `NotHeadOffice`, `PartnerNotConfirmed`.
pub fn join_firm(
    issuer: impl Into<IssuerSigner>,
    head_office: Gln,
    head_office_key: Pubkey,
    partner: Gln,
) -> Instruction {
    let issuer = issuer.into();
    data::JoinFirm {}.to_instruction(accounts::JoinFirm {
        issuer: issuer.issuer,
        issuer_key: issuer.key,
        head_office: address::partner(head_office),
        head_office_key,
        partner: address::partner(partner),
    })
}

/// Makes a site its own firm's head office again, as it was at first.
///
/// Signed by `overseer.key`: the issuer's key, or the registry authority beside the address of the issuer
/// that the `Partner` account names, which may have been removed.
///
/// Refused with `NotOverseer`, `NotPartnersIssuer`.
pub fn leave_firm(overseer: impl Into<IssuerSigner>, partner: Gln) -> Instruction {
    data::LeaveFirm {}.to_instruction(by_overseer(overseer, partner))
}

/// The accounts of what an issuer or the registry authority does with a site.
pub(super) fn by_overseer(overseer: impl Into<IssuerSigner>, partner: Gln) -> accounts::ByOverseer {
    let overseer = overseer.into();
    accounts::ByOverseer {
        registry: address::registry(),
        issuer: overseer.issuer,
        overseer: overseer.key,
        partner: address::partner(partner),
    }
}
