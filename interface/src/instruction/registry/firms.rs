//! Which firm a site belongs to.

use pedigree_domain::identifier::Gln;
use registry::{accounts, instruction as data};
use solana_instruction::Instruction;

use crate::{address, issuer::IssuerSigner, site::Site};

/// Adds `site` to the firm whose head office is `head_office`.
///
/// Signed by the site's issuer and by both sites' own keys. For a site whose admission its key has not
/// confirmed, and whose GLN nobody had before, the issuer's key suffices: `site.key` is the issuer's.
///
/// Refused with `NotPartnersIssuer`, `NotPartnerKey`, `PartnerNotActive`, `PartnerRevoked`, `SiteOfFirm`,
/// `HeadOfficeDisagrees`, `NotHeadOffice`, `PartnerNotConfirmed`.
pub fn join_firm(issuer: impl Into<IssuerSigner>, head_office: Site, site: Site) -> Instruction {
    let issuer = issuer.into();
    data::JoinFirm {}.to_instruction(accounts::JoinFirm {
        issuer: issuer.issuer,
        issuer_key: issuer.key,
        head_office: head_office.partner,
        head_office_key: head_office.key,
        partner: site.partner,
        partner_key: site.key,
    })
}

/// Makes a site its own firm's head office again, as it was at first.
///
/// Signed by `overseer.key`: the issuer's key, or the registry authority beside the address of the issuer
/// that the `Partner` account names, which may have been removed. For the head office its own key signs. The
/// overseer's key suffices, and is `head_office.key`, if it is the registry authority's, or as long as the
/// site's key has not confirmed its admission and nobody had the GLN before.
///
/// Refused with `NotOverseer`, `NotPartnersIssuer`, `NotHeadOffice`, `HeadOfficeDisagrees`,
/// `PartnerNotActive`, `PartnerRevoked`.
pub fn leave_firm(
    overseer: impl Into<IssuerSigner>,
    head_office: Site,
    partner: Gln,
) -> Instruction {
    let overseer = overseer.into();
    data::LeaveFirm {}.to_instruction(accounts::LeaveFirm {
        registry: address::registry(),
        issuer: overseer.issuer,
        overseer: overseer.key,
        head_office: head_office.partner,
        head_office_key: head_office.key,
        partner: address::partner(partner),
    })
}
