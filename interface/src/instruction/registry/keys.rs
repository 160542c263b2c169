//! Replacing a site's key.

use pedigree_domain::identifier::Gln;
use registry::{accounts, instruction as data};
use solana_instruction::Instruction;
use solana_pubkey::Pubkey;

use crate::{address, issuer::IssuerSigner, site::Site};

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

/// Proposes `key` as the key of a site whose own was lost or stolen. [`complete_recovery`] makes it so from
/// the `recovery_at` on that the `Partner` account then names, seven days later.
///
/// Signed by the registry authority and by the site's issuer.
///
/// Refused with `NotRegistryAuthority`, `NotPartnersIssuer`, `PartnerNotConfirmed`, `ZeroAddress`.
pub fn propose_recovery(
    authority: Pubkey,
    issuer: impl Into<IssuerSigner>,
    partner: Gln,
    key: Pubkey,
) -> Instruction {
    let issuer = issuer.into();
    data::ProposeRecovery { key }.to_instruction(accounts::ProposeRecovery {
        registry: address::registry(),
        authority,
        issuer: issuer.issuer,
        issuer_key: issuer.key,
        partner: address::partner(partner),
    })
}

/// Completes the recovery of a site's key. What the former key proposed and whom it appointed counts no
/// longer.
///
/// Signed by the key that was proposed.
///
/// Refused with `NotRecoveryKey`, `RecoveryTooEarly`.
pub fn complete_recovery(partner: Gln, recovery_authority: Pubkey) -> Instruction {
    data::CompleteRecovery {}.to_instruction(accounts::CompleteRecovery {
        partner: address::partner(partner),
        recovery_authority,
    })
}

/// Withdraws the recovery of a site's key.
///
/// Signed by `overseer.key`: the issuer's key, or the registry authority beside the address of the issuer
/// that the `Partner` account names, which may have been removed.
///
/// Refused with `NotOverseer`, `NotPartnersIssuer`, `NoRecovery`.
pub fn cancel_recovery(overseer: impl Into<IssuerSigner>, partner: Gln) -> Instruction {
    let overseer = overseer.into();
    data::CancelRecovery {}.to_instruction(accounts::CancelRecovery {
        registry: address::registry(),
        issuer: overseer.issuer,
        overseer: overseer.key,
        partner: address::partner(partner),
    })
}
