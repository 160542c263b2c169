//! Replacing a site's key.

use pedigree_domain::identifier::Gln;
use registry::{accounts, instruction as data};
use solana_instruction::Instruction;
use solana_pubkey::Pubkey;

use crate::{address, site::Site};

/// Proposes `pending` as the site's next key, which [`accept_partner_key`] makes it; `None` withdraws an
/// earlier proposal.
///
/// Signed by the site.
///
/// Refused with `NotPartnerKey`, `PartnerNotActive`, `PartnerRevoked`.
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
/// Refused with `NotPendingKey`, `PartnerNotActive`, `PartnerRevoked`.
pub fn accept_partner_key(partner: Gln, pending_authority: Pubkey) -> Instruction {
    data::AcceptPartnerKey {}.to_instruction(accounts::AcceptPartnerKey {
        partner: address::partner(partner),
        pending_authority,
    })
}
