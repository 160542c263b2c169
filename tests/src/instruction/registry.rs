//! The registry's instructions.

use anchor_lang::{Address, solana_program::instruction::Instruction};
use registry::{
    accounts, instruction,
    instructions::{Licence, OperatorTerms, ProductDescription},
};
use solana_sdk_ids::system_program;

use crate::{address, world::Site};

/// Creates the registry and gives it to `authority`.
pub fn initialize(payer: Address, upgrade_authority: Address, authority: Address) -> Instruction {
    instruction::Initialize { authority }.to_instruction(accounts::Initialize {
        payer,
        program_data: address::program_data(&registry::ID),
        upgrade_authority,
        registry: address::registry(),
        system_program: system_program::ID,
    })
}

/// Names `pending` the next registry authority.
pub fn propose_authority(authority: Address, pending: Address) -> Instruction {
    instruction::ProposeAuthority { pending }.to_instruction(accounts::ProposeAuthority {
        registry: address::registry(),
        authority,
    })
}

/// Completes the hand-over of the registry.
pub fn accept_authority(pending_authority: Address) -> Instruction {
    instruction::AcceptAuthority {}.to_instruction(accounts::AcceptAuthority {
        registry: address::registry(),
        pending_authority,
    })
}

/// Lets `key` vouch for partners.
pub fn add_issuer(payer: Address, authority: Address, key: Address, name: [u8; 64]) -> Instruction {
    instruction::AddIssuer { key, name }.to_instruction(accounts::AddIssuer {
        payer,
        registry: address::registry(),
        authority,
        issuer: address::issuer(&key),
        system_program: system_program::ID,
    })
}

/// Takes that right from `key`.
pub fn remove_issuer(authority: Address, key: Address) -> Instruction {
    instruction::RemoveIssuer {}.to_instruction(accounts::RemoveIssuer {
        registry: address::registry(),
        authority,
        issuer: address::issuer(&key),
    })
}

/// Enters the site of `gln`, which signs with `authority`, into the register.
pub fn admit_partner(
    payer: Address,
    issuer_key: Address,
    gln: u64,
    authority: Address,
    name: [u8; 64],
    licence: Licence,
) -> Instruction {
    instruction::AdmitPartner {
        gln,
        authority,
        name,
        licence,
    }
    .to_instruction(accounts::AdmitPartner {
        payer,
        issuer: address::issuer(&issuer_key),
        issuer_key,
        partner: address::partner(gln),
        system_program: system_program::ID,
    })
}

/// Replaces a partner's licence.
pub fn renew_partner(issuer_key: Address, partner: Address, licence: Licence) -> Instruction {
    instruction::RenewPartner { licence }.to_instruction(oversight(issuer_key, partner))
}

/// Stops a partner's trade until it is reinstated.
pub fn suspend_partner(issuer_key: Address, partner: Address) -> Instruction {
    instruction::SuspendPartner {}.to_instruction(oversight(issuer_key, partner))
}

/// Ends a partner's suspension.
pub fn reinstate_partner(issuer_key: Address, partner: Address) -> Instruction {
    instruction::ReinstatePartner {}.to_instruction(oversight(issuer_key, partner))
}

/// Ends a partner's trade for good.
pub fn revoke_partner(issuer_key: Address, partner: Address) -> Instruction {
    instruction::RevokePartner {}.to_instruction(oversight(issuer_key, partner))
}

fn oversight(issuer_key: Address, partner: Address) -> accounts::OversightOfPartner {
    accounts::OversightOfPartner {
        issuer: address::issuer(&issuer_key),
        issuer_key,
        partner,
    }
}

/// Puts a partner under the issuer at the address `issuer`.
pub fn reassign_partner(authority: Address, issuer: Address, partner: Address) -> Instruction {
    instruction::ReassignPartner {}.to_instruction(accounts::ReassignPartner {
        registry: address::registry(),
        authority,
        issuer,
        partner,
    })
}

/// Names `pending` the site's next key.
pub fn propose_partner_key(site: Site, pending: Address) -> Instruction {
    instruction::ProposePartnerKey { pending }.to_instruction(accounts::ProposePartnerKey {
        partner: site.partner,
        authority: site.key,
    })
}

/// Completes a partner's change of key.
pub fn accept_partner_key(partner: Address, pending_authority: Address) -> Instruction {
    instruction::AcceptPartnerKey {}.to_instruction(accounts::AcceptPartnerKey {
        partner,
        pending_authority,
    })
}

/// Registers the product that `gtin` names.
pub fn register_product(
    payer: Address,
    manufacturer: Site,
    gtin: u64,
    description: ProductDescription,
) -> Instruction {
    instruction::RegisterProduct { gtin, description }.to_instruction(accounts::RegisterProduct {
        payer,
        manufacturer: manufacturer.partner,
        authority: manufacturer.key,
        product: address::product(gtin),
        system_program: system_program::ID,
    })
}

/// Replaces a product's description.
pub fn update_product(
    manufacturer: Site,
    product: Address,
    description: ProductDescription,
) -> Instruction {
    instruction::UpdateProduct { description }.to_instruction(accounts::UpdateProduct {
        manufacturer: manufacturer.partner,
        authority: manufacturer.key,
        product,
    })
}

/// Offers a product to the partner at the address `pending_manufacturer`.
pub fn propose_product_transfer(
    manufacturer: Site,
    pending_manufacturer: Address,
    product: Address,
) -> Instruction {
    instruction::ProposeProductTransfer {}.to_instruction(accounts::ProposeProductTransfer {
        manufacturer: manufacturer.partner,
        authority: manufacturer.key,
        pending_manufacturer,
        product,
    })
}

/// Takes an offered product over.
pub fn accept_product_transfer(manufacturer: Site, product: Address) -> Instruction {
    instruction::AcceptProductTransfer {}.to_instruction(accounts::AcceptProductTransfer {
        manufacturer: manufacturer.partner,
        authority: manufacturer.key,
        product,
    })
}

/// Lets `key` act for a site.
pub fn appoint_operator(
    payer: Address,
    site: Site,
    key: Address,
    terms: OperatorTerms,
) -> Instruction {
    instruction::AppointOperator { key, terms }.to_instruction(accounts::AppointOperator {
        payer,
        partner: site.partner,
        authority: site.key,
        operator: address::operator(&site.partner, &key),
        system_program: system_program::ID,
    })
}

/// Replaces an operator's terms.
pub fn update_operator(site: Site, key: Address, terms: OperatorTerms) -> Instruction {
    instruction::UpdateOperator { terms }.to_instruction(accounts::UpdateOperator {
        partner: site.partner,
        authority: site.key,
        operator: address::operator(&site.partner, &key),
    })
}

/// Ends an operator's appointment; `payer` gets its rent back.
pub fn dismiss_operator(site: Site, key: Address, payer: Address) -> Instruction {
    instruction::DismissOperator {}.to_instruction(accounts::DismissOperator {
        partner: site.partner,
        authority: site.key,
        payer,
        operator: address::operator(&site.partner, &key),
    })
}
