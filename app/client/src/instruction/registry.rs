//! Instructions of the registry program.

use anchor_lang::{Id, programs::System};
pub use registry::instructions::{Licence, OperatorTerms, ProductDescription};
use registry::{ID, accounts, instruction as data, state::ProgramData};
use solana_instruction::Instruction;
use solana_pubkey::Pubkey;

use super::instruction;
use crate::{
    address,
    identifier::{Gln, Gtin},
};

pub fn initialize(payer: Pubkey, upgrade_authority: Pubkey, authority: Pubkey) -> Instruction {
    let accounts = accounts::Initialize {
        payer,
        program_data: ProgramData::find_address(&ID),
        upgrade_authority,
        registry: address::registry(),
        system_program: System::id(),
    };
    instruction(ID, accounts, data::Initialize { authority })
}

pub fn propose_authority(authority: Pubkey, pending: Pubkey) -> Instruction {
    let accounts = accounts::ProposeAuthority {
        registry: address::registry(),
        authority,
    };
    instruction(ID, accounts, data::ProposeAuthority { pending })
}

pub fn accept_authority(pending_authority: Pubkey) -> Instruction {
    let accounts = accounts::AcceptAuthority {
        registry: address::registry(),
        pending_authority,
    };
    instruction(ID, accounts, data::AcceptAuthority {})
}

pub fn add_issuer(payer: Pubkey, authority: Pubkey, key: Pubkey, name: [u8; 64]) -> Instruction {
    let accounts = accounts::AddIssuer {
        payer,
        registry: address::registry(),
        authority,
        issuer: address::issuer(&key),
        system_program: System::id(),
    };
    instruction(ID, accounts, data::AddIssuer { key, name })
}

pub fn remove_issuer(authority: Pubkey, key: &Pubkey) -> Instruction {
    let accounts = accounts::RemoveIssuer {
        registry: address::registry(),
        authority,
        issuer: address::issuer(key),
    };
    instruction(ID, accounts, data::RemoveIssuer {})
}

pub fn admit_partner(
    payer: Pubkey,
    issuer_key: Pubkey,
    gln: Gln,
    authority: Pubkey,
    name: [u8; 64],
    licence: Licence,
) -> Instruction {
    let accounts = accounts::AdmitPartner {
        payer,
        issuer: address::issuer(&issuer_key),
        issuer_key,
        partner: address::partner(gln),
        system_program: System::id(),
    };
    instruction(
        ID,
        accounts,
        data::AdmitPartner {
            gln: gln.number(),
            authority,
            name,
            licence,
        },
    )
}

fn oversight(issuer_key: Pubkey, partner: Pubkey) -> accounts::OversightOfPartner {
    accounts::OversightOfPartner {
        issuer: address::issuer(&issuer_key),
        issuer_key,
        partner,
    }
}

pub fn renew_partner(issuer_key: Pubkey, partner: Pubkey, licence: Licence) -> Instruction {
    instruction(
        ID,
        oversight(issuer_key, partner),
        data::RenewPartner { licence },
    )
}

pub fn suspend_partner(issuer_key: Pubkey, partner: Pubkey) -> Instruction {
    instruction(ID, oversight(issuer_key, partner), data::SuspendPartner {})
}

pub fn reinstate_partner(issuer_key: Pubkey, partner: Pubkey) -> Instruction {
    instruction(
        ID,
        oversight(issuer_key, partner),
        data::ReinstatePartner {},
    )
}

pub fn revoke_partner(issuer_key: Pubkey, partner: Pubkey) -> Instruction {
    instruction(ID, oversight(issuer_key, partner), data::RevokePartner {})
}

pub fn reassign_partner(authority: Pubkey, issuer_key: &Pubkey, partner: Pubkey) -> Instruction {
    let accounts = accounts::ReassignPartner {
        registry: address::registry(),
        authority,
        issuer: address::issuer(issuer_key),
        partner,
    };
    instruction(ID, accounts, data::ReassignPartner {})
}

pub fn propose_partner_key(authority: Pubkey, partner: Pubkey, pending: Pubkey) -> Instruction {
    let accounts = accounts::ProposePartnerKey { partner, authority };
    instruction(ID, accounts, data::ProposePartnerKey { pending })
}

pub fn accept_partner_key(pending_authority: Pubkey, partner: Pubkey) -> Instruction {
    let accounts = accounts::AcceptPartnerKey {
        partner,
        pending_authority,
    };
    instruction(ID, accounts, data::AcceptPartnerKey {})
}

/// `authority` is the key of the site at `partner`, as in the two that follow.
pub fn appoint_operator(
    payer: Pubkey,
    authority: Pubkey,
    partner: Pubkey,
    key: Pubkey,
    terms: OperatorTerms,
) -> Instruction {
    let accounts = accounts::AppointOperator {
        payer,
        partner,
        authority,
        operator: address::operator(&partner, &key),
        system_program: System::id(),
    };
    instruction(ID, accounts, data::AppointOperator { key, terms })
}

pub fn update_operator(
    authority: Pubkey,
    partner: Pubkey,
    key: &Pubkey,
    terms: OperatorTerms,
) -> Instruction {
    let accounts = accounts::UpdateOperator {
        partner,
        authority,
        operator: address::operator(&partner, key),
    };
    instruction(ID, accounts, data::UpdateOperator { terms })
}

/// `payer` is the one that the operator's account names: it gets the rent back.
pub fn dismiss_operator(
    authority: Pubkey,
    partner: Pubkey,
    key: &Pubkey,
    payer: Pubkey,
) -> Instruction {
    let accounts = accounts::DismissOperator {
        partner,
        authority,
        payer,
        operator: address::operator(&partner, key),
    };
    instruction(ID, accounts, data::DismissOperator {})
}

pub fn register_product(
    payer: Pubkey,
    manufacturer: Pubkey,
    authority: Pubkey,
    gtin: Gtin,
    description: ProductDescription,
) -> Instruction {
    let accounts = accounts::RegisterProduct {
        payer,
        manufacturer,
        authority,
        product: address::product(gtin),
        system_program: System::id(),
    };
    instruction(
        ID,
        accounts,
        data::RegisterProduct {
            gtin: gtin.number(),
            description,
        },
    )
}

pub fn update_product(
    manufacturer: Pubkey,
    authority: Pubkey,
    product: Pubkey,
    description: ProductDescription,
) -> Instruction {
    let accounts = accounts::UpdateProduct {
        manufacturer,
        authority,
        product,
    };
    instruction(ID, accounts, data::UpdateProduct { description })
}

/// Naming the manufacturer itself as `pending_manufacturer` withdraws an earlier proposal.
pub fn propose_product_transfer(
    manufacturer: Pubkey,
    authority: Pubkey,
    pending_manufacturer: Pubkey,
    product: Pubkey,
) -> Instruction {
    let accounts = accounts::ProposeProductTransfer {
        manufacturer,
        authority,
        pending_manufacturer,
        product,
    };
    instruction(ID, accounts, data::ProposeProductTransfer {})
}

pub fn accept_product_transfer(
    manufacturer: Pubkey,
    authority: Pubkey,
    product: Pubkey,
) -> Instruction {
    let accounts = accounts::AcceptProductTransfer {
        manufacturer,
        authority,
        product,
    };
    instruction(ID, accounts, data::AcceptProductTransfer {})
}
