//! Instructions of the registry program: its authority, issuers, partners, their operators, products.
//!
//! [The module above](super) describes what they have in common, but no operator signs here: where a
//! site signs, [`Site::key`] is its own key.

use pedigree_domain::identifier::{Gln, Gtin};
pub use registry::instructions::{Licence, OperatorTerms, ProductDescription};
use registry::{ID, accounts, instruction as data};
use solana_instruction::Instruction;
use solana_pubkey::Pubkey;
use solana_sdk_ids::system_program;

use crate::{address, site::Site};

/// Creates the `Registry` and gives it to the key `authority`.
///
/// Signed by `payer` and by the program's upgrade authority, so that nobody gets in before it.
///
/// Refused with `NotUpgradeAuthority`, `ZeroAddress`.
pub fn initialize(payer: Pubkey, upgrade_authority: Pubkey, authority: Pubkey) -> Instruction {
    data::Initialize { authority }.to_instruction(accounts::Initialize {
        payer,
        program_data: address::program_data(&ID),
        upgrade_authority,
        registry: address::registry(),
        system_program: system_program::ID,
    })
}

/// Proposes the key `pending` as the next registry authority, which [`accept_authority`] makes it.
///
/// Signed by the registry authority.
///
/// Refused with `NotRegistryAuthority`.
pub fn propose_authority(authority: Pubkey, pending: Pubkey) -> Instruction {
    data::ProposeAuthority { pending }.to_instruction(accounts::ProposeAuthority {
        registry: address::registry(),
        authority,
    })
}

/// Completes the hand-over of the registry.
///
/// Signed by the key that was proposed.
///
/// Refused with `NotPendingKey`.
pub fn accept_authority(pending_authority: Pubkey) -> Instruction {
    data::AcceptAuthority {}.to_instruction(accounts::AcceptAuthority {
        registry: address::registry(),
        pending_authority,
    })
}

/// Lets `key` admit, renew, suspend, reinstate and revoke partners; creates the `Issuer`. `name` is that
/// of the authority behind the key, in UTF-8 followed by zeros.
///
/// Signed by `payer` and by the registry authority.
///
/// Refused with `NotRegistryAuthority`, `InvalidName`, `ZeroAddress`.
pub fn add_issuer(payer: Pubkey, authority: Pubkey, key: Pubkey, name: [u8; 64]) -> Instruction {
    data::AddIssuer { key, name }.to_instruction(accounts::AddIssuer {
        payer,
        registry: address::registry(),
        authority,
        issuer: address::issuer(&key),
        system_program: system_program::ID,
    })
}

/// Takes that right from the issuer that signs with `key`. The partners that it admitted stay as they
/// are until [`reassign_partner`] gives them another issuer.
///
/// Signed by the registry authority.
///
/// Refused with `NotRegistryAuthority`.
pub fn remove_issuer(authority: Pubkey, key: Pubkey) -> Instruction {
    data::RemoveIssuer {}.to_instruction(accounts::RemoveIssuer {
        registry: address::registry(),
        authority,
        issuer: address::issuer(&key),
    })
}

/// Enters the site `gln`, which signs with the key `authority`, into the register. `name` is in UTF-8
/// followed by zeros. The site may trade once [`confirm_partner`] is signed.
///
/// Signed by `payer` and by the issuer.
///
/// Refused with `NotPartnersIssuer`, `InvalidGln`, `InvalidRoles`, `InvalidCountry`,
/// `LicenceInPast`, `InvalidCompanyPrefix`, `InvalidName`, `ZeroAddress`.
pub fn admit_partner(
    payer: Pubkey,
    issuer_key: Pubkey,
    gln: Gln,
    authority: Pubkey,
    name: [u8; 64],
    licence: Licence,
) -> Instruction {
    let data = data::AdmitPartner {
        gln: gln.number(),
        authority,
        name,
        licence,
    };
    data.to_instruction(accounts::AdmitPartner {
        payer,
        issuer: address::issuer(&issuer_key),
        issuer_key,
        partner: address::partner(gln),
        system_program: system_program::ID,
    })
}

/// Confirms a site's admission with the key that it was admitted with: from then on it may trade.
///
/// Signed by the site.
///
/// Refused with `NotPartnerKey`, `PartnerConfirmed`, `PartnerRevoked`.
pub fn confirm_partner(site: Site) -> Instruction {
    data::ConfirmPartner {}.to_instruction(accounts::ConfirmPartner {
        partner: site.partner,
        authority: site.key,
    })
}

fn oversight(issuer_key: Pubkey, partner: Gln) -> accounts::OversightOfPartner {
    accounts::OversightOfPartner {
        issuer: address::issuer(&issuer_key),
        issuer_key,
        partner: address::partner(partner),
    }
}

/// Replaces a site's licence: its roles, document, end and company prefixes. A suspended site stays
/// suspended.
///
/// Signed by the site's issuer.
///
/// Refused with `NotPartnersIssuer`, `PartnerRevoked`, `InvalidRoles`, `LicenceInPast`,
/// `InvalidCompanyPrefix`.
pub fn renew_partner(issuer_key: Pubkey, partner: Gln, licence: Licence) -> Instruction {
    data::RenewPartner { licence }.to_instruction(oversight(issuer_key, partner))
}

/// Stops a site's trade until it is reinstated.
///
/// Signed by the site's issuer.
///
/// Refused with `NotPartnersIssuer`, `PartnerNotActive`.
pub fn suspend_partner(issuer_key: Pubkey, partner: Gln) -> Instruction {
    data::SuspendPartner {}.to_instruction(oversight(issuer_key, partner))
}

/// Ends a site's suspension.
///
/// Signed by the site's issuer.
///
/// Refused with `NotPartnersIssuer`, `PartnerNotSuspended`.
pub fn reinstate_partner(issuer_key: Pubkey, partner: Gln) -> Instruction {
    data::ReinstatePartner {}.to_instruction(oversight(issuer_key, partner))
}

/// Ends a site's trade for good.
///
/// Signed by the site's issuer.
///
/// Refused with `NotPartnersIssuer`, `PartnerRevoked`.
pub fn revoke_partner(issuer_key: Pubkey, partner: Gln) -> Instruction {
    data::RevokePartner {}.to_instruction(oversight(issuer_key, partner))
}

/// Puts a site under the issuer that signs with `issuer_key`, when its own was removed for instance.
///
/// Signed by the registry authority.
///
/// Refused with `NotRegistryAuthority`.
pub fn reassign_partner(authority: Pubkey, issuer_key: Pubkey, partner: Gln) -> Instruction {
    data::ReassignPartner {}.to_instruction(accounts::ReassignPartner {
        registry: address::registry(),
        authority,
        issuer: address::issuer(&issuer_key),
        partner: address::partner(partner),
    })
}

/// Proposes `pending` as the site's next key, which [`accept_partner_key`] makes it; `None` withdraws an
/// earlier proposal.
///
/// Signed by the site.
///
/// Refused with `NotPartnerKey`.
pub fn propose_partner_key(site: Site, pending: Option<Pubkey>) -> Instruction {
    let data = data::ProposePartnerKey {
        pending: pending.unwrap_or_default(),
    };
    data.to_instruction(accounts::ProposePartnerKey {
        partner: site.partner,
        authority: site.key,
    })
}

/// Completes the rotation of a site's key.
///
/// Signed by the key that was proposed.
///
/// Refused with `NotPendingKey`.
pub fn accept_partner_key(partner: Gln, pending_authority: Pubkey) -> Instruction {
    data::AcceptPartnerKey {}.to_instruction(accounts::AcceptPartnerKey {
        partner: address::partner(partner),
        pending_authority,
    })
}

/// Lets `key` act for the site within the permissions and dates of `terms`; creates the `Operator`.
///
/// Signed by `payer` and by the site.
///
/// Refused with `NotPartnerKey`, `PartnerRevoked`, `InvalidPermissions`, `InvalidAppointment`,
/// `AppointmentInPast`, `InvalidName`, `OperatorIsPartnerKey`, `ZeroAddress`.
pub fn appoint_operator(
    payer: Pubkey,
    site: Site,
    key: Pubkey,
    terms: OperatorTerms,
) -> Instruction {
    data::AppointOperator { key, terms }.to_instruction(accounts::AppointOperator {
        payer,
        partner: site.partner,
        authority: site.key,
        operator: address::operator(&site.partner, &key),
        system_program: system_program::ID,
    })
}

/// Replaces permissions, dates and name of the operator that signs with `key`.
///
/// Signed by the site.
///
/// Refused with `NotPartnerKey`, `PartnerRevoked`, `InvalidPermissions`, `InvalidAppointment`,
/// `AppointmentInPast`, `InvalidName`.
pub fn update_operator(site: Site, key: Pubkey, terms: OperatorTerms) -> Instruction {
    data::UpdateOperator { terms }.to_instruction(accounts::UpdateOperator {
        partner: site.partner,
        authority: site.key,
        operator: address::operator(&site.partner, &key),
    })
}

/// Ends the appointment of the operator that signs with `key`. The rent goes to `rent_payer`: the
/// `payer` that the operator's account names.
///
/// Signed by the site.
///
/// Refused with `NotPartnerKey`, `NotOperatorsPayer`.
pub fn dismiss_operator(site: Site, key: Pubkey, rent_payer: Pubkey) -> Instruction {
    data::DismissOperator {}.to_instruction(accounts::DismissOperator {
        partner: site.partner,
        authority: site.key,
        payer: rent_payer,
        operator: address::operator(&site.partner, &key),
    })
}

/// Registers the product `gtin`, which must lie under one of the manufacturer's company prefixes.
///
/// Signed by `payer` and by the manufacturer.
///
/// Refused with `NotPartnerKey`, `InvalidGtin`, `GtinNotUnderPrefix`, `NotManufacturer`,
/// `PartnerNotActive`, `LicenceLapsed`, `InvalidName`, `InvalidNationalCode`, `InvalidStorageRange`.
pub fn register_product(
    payer: Pubkey,
    manufacturer: Site,
    gtin: Gtin,
    description: ProductDescription,
) -> Instruction {
    let data = data::RegisterProduct {
        gtin: gtin.number(),
        description,
    };
    data.to_instruction(accounts::RegisterProduct {
        payer,
        manufacturer: manufacturer.partner,
        authority: manufacturer.key,
        product: address::product(gtin),
        system_program: system_program::ID,
    })
}

/// Replaces the description of the product `gtin`.
///
/// Signed by the product's manufacturer.
///
/// Refused with `NotPartnerKey`, `NotProductsManufacturer`, and for the description as
/// [`register_product`] is.
pub fn update_product(
    manufacturer: Site,
    gtin: Gtin,
    description: ProductDescription,
) -> Instruction {
    data::UpdateProduct { description }.to_instruction(accounts::UpdateProduct {
        manufacturer: manufacturer.partner,
        authority: manufacturer.key,
        product: address::product(gtin),
    })
}

/// Offers the product `gtin` to the manufacturer `to`, which [`accept_product_transfer`] makes its owner.
/// Naming the product's own manufacturer withdraws an earlier offer.
///
/// Signed by the product's manufacturer.
///
/// Refused with `NotPartnerKey`, `NotProductsManufacturer`.
pub fn propose_product_transfer(manufacturer: Site, to: Gln, gtin: Gtin) -> Instruction {
    data::ProposeProductTransfer {}.to_instruction(accounts::ProposeProductTransfer {
        manufacturer: manufacturer.partner,
        authority: manufacturer.key,
        pending_manufacturer: address::partner(to),
        product: address::product(gtin),
    })
}

/// Takes over the product `gtin`. Lots that were minted before stay their manufacturer's.
///
/// Signed by the manufacturer that it was offered to.
///
/// Refused with `NotPartnerKey`, `NotPendingManufacturer`, `NotManufacturer`, `PartnerNotActive`,
/// `LicenceLapsed`.
pub fn accept_product_transfer(manufacturer: Site, gtin: Gtin) -> Instruction {
    data::AcceptProductTransfer {}.to_instruction(accounts::AcceptProductTransfer {
        manufacturer: manufacturer.partner,
        authority: manufacturer.key,
        product: address::product(gtin),
    })
}
