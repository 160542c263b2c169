//! Which firm a site belongs to.

use pedigree_domain::identifier::Gln;
use registry::{accounts, instruction as data};
use solana_instruction::Instruction;
use solana_pubkey::Pubkey;

use super::partners::oversight;
use crate::{address, issuer::IssuerSigner};

/// Counts a site to the firm whose head office is the site `head_office`.
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
/// Signed by the site's issuer.
///
/// Refused with `NotPartnersIssuer`.
pub fn leave_firm(issuer: impl Into<IssuerSigner>, partner: Gln) -> Instruction {
    data::LeaveFirm {}.to_instruction(oversight(issuer, partner))
}
