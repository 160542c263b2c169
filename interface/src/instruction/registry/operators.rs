//! The keys of people and devices that act for a site.

use registry::{accounts, instruction as data, instructions::OperatorTerms};
use solana_instruction::Instruction;
use solana_pubkey::Pubkey;
use solana_sdk_ids::system_program;

use crate::{address, site::Site};

/// Lets `key` act for the site within the permissions and dates of `terms`; creates the `Operator`.
///
/// Signed by `payer` and by the site.
///
/// Refused with `NotPartnerKey`, `PartnerNotActive`, `PartnerRevoked`, `InvalidPermissions`,
/// `InvalidAppointment`, `AppointmentInPast`, `InvalidName`, `OperatorIsPartnerKey`, `ZeroAddress`.
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
/// Refused with `NotPartnerKey`, `OperatorDismissed`, `PartnerNotActive`, `PartnerRevoked`,
/// `InvalidPermissions`, `InvalidAppointment`, `InvalidName`.
pub fn update_operator(site: Site, key: Pubkey, terms: OperatorTerms) -> Instruction {
    data::UpdateOperator { terms }.to_instruction(accounts::UpdateOperator {
        partner: site.partner,
        authority: site.key,
        operator: address::operator(&site.partner, &key),
    })
}

/// Ends all appointments that the site has made so far. Their accounts stay, and count for nothing, until
/// [`dismiss_operator`] gives each one's rent back.
///
/// Signed by the site.
///
/// Refused with `NotPartnerKey`, `PartnerNotActive`.
pub fn dismiss_all_operators(site: Site) -> Instruction {
    data::DismissAllOperators {}.to_instruction(accounts::DismissAllOperators {
        partner: site.partner,
        authority: site.key,
    })
}

/// Ends the appointment of the operator that signs with `key`. The rent goes to `rent_payer`: the
/// `payer` that the operator's account names.
///
/// Signed by the site.
///
/// Refused with `NotPartnerKey`, `NotOperatorsPayer`, `PartnerNotActive`.
pub fn dismiss_operator(site: Site, key: Pubkey, rent_payer: Pubkey) -> Instruction {
    data::DismissOperator {}.to_instruction(accounts::DismissOperator {
        partner: site.partner,
        authority: site.key,
        payer: rent_payer,
        operator: address::operator(&site.partner, &key),
    })
}
