//! Admitting sites and overseeing them.

use pedigree_domain::identifier::Gln;
use registry::{accounts, instruction as data, instructions::Licence};
use solana_instruction::Instruction;
use solana_pubkey::Pubkey;
use solana_sdk_ids::system_program;

use crate::{address, issuer::IssuerSigner, site::Site};

/// Enters the site `gln`, which signs with the key `authority`, into the register. `name` is in UTF-8
/// followed by zeros. The site may trade once [`confirm_partner`] is signed.
///
/// Signed by `payer` and by the issuer.
///
/// Refused with `NotPartnersIssuer`, `InvalidGln`, `InvalidRoles`, `IncompatibleRoles`, `InvalidCountry`,
/// `RoleOutsideScope`, `CountryOutsideScope`, `LicenceInPast`, `InvalidName`, `ZeroAddress`.
pub fn admit_partner(
    payer: Pubkey,
    issuer: impl Into<IssuerSigner>,
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
    let issuer = issuer.into();
    data.to_instruction(accounts::AdmitPartner {
        payer,
        issuer: issuer.issuer,
        issuer_key: issuer.key,
        partner: address::partner(gln),
        system_program: system_program::ID,
    })
}

/// Corrects the key, the name and the licence of a site that has not confirmed its admission.
///
/// Signed by the site's issuer.
///
/// Refused with `NotPartnersIssuer`, `PartnerConfirmed`, and for the licence as [`admit_partner`] is.
pub fn correct_admission(
    issuer: impl Into<IssuerSigner>,
    partner: Gln,
    authority: Pubkey,
    name: [u8; 64],
    licence: Licence,
) -> Instruction {
    let data = data::CorrectAdmission {
        authority,
        name,
        licence,
    };
    data.to_instruction(oversight(issuer, partner))
}

/// Takes back the admission of a site that has not confirmed it, when its GLN was mistyped for instance.
/// The rent goes to the issuer's key.
///
/// Signed by the site's issuer.
///
/// Refused with `NotPartnersIssuer`, `PartnerConfirmed`, `GlnHadHolder`, `PrefixesClaimed`.
pub fn withdraw_admission(issuer: impl Into<IssuerSigner>, partner: Gln) -> Instruction {
    let issuer = issuer.into();
    data::WithdrawAdmission {}.to_instruction(accounts::WithdrawAdmission {
        issuer: issuer.issuer,
        issuer_key: issuer.key,
        partner: address::partner(partner),
    })
}

/// Confirms a site's admission with the key that it was admitted with: from then on it may trade. Its issuer,
/// whose account is at `issuer`, vouches for it still.
///
/// Signed by the site.
///
/// Refused with `NotPartnerKey`, `NotPartnersIssuer`, `PartnerConfirmed`, `PartnerRevoked`, `IssuerKeyReplaced`,
/// `RoleOutsideScope`, `CountryOutsideScope`.
pub fn confirm_partner(issuer: Pubkey, site: Site) -> Instruction {
    data::ConfirmPartner {}.to_instruction(accounts::ConfirmPartner {
        issuer,
        partner: site.partner,
        authority: site.key,
    })
}

fn oversight(issuer: impl Into<IssuerSigner>, partner: Gln) -> accounts::OversightOfPartner {
    let issuer = issuer.into();
    accounts::OversightOfPartner {
        issuer: issuer.issuer,
        issuer_key: issuer.key,
        partner: address::partner(partner),
    }
}

/// Replaces a site's licence: its roles, country, document and end. A suspended site stays suspended, a regulator a
/// regulator, and a trader a trader.
///
/// Signed by the site's issuer.
///
/// Refused with `NotPartnersIssuer`, `PartnerRevoked`, `InvalidRoles`, `IncompatibleRoles`,
/// `InvalidCountry`, `RoleOutsideScope`, `CountryOutsideScope`, `LicenceInPast`.
pub fn renew_partner(
    issuer: impl Into<IssuerSigner>,
    partner: Gln,
    licence: Licence,
) -> Instruction {
    data::RenewPartner { licence }.to_instruction(oversight(issuer, partner))
}

/// Stops a site's trade until it is reinstated.
///
/// Signed by the site's issuer.
///
/// Refused with `NotPartnersIssuer`, `PartnerNotActive`.
pub fn suspend_partner(issuer: impl Into<IssuerSigner>, partner: Gln) -> Instruction {
    data::SuspendPartner {}.to_instruction(oversight(issuer, partner))
}

/// Ends a site's suspension.
///
/// Signed by the site's issuer.
///
/// Refused with `NotPartnersIssuer`, `PartnerNotSuspended`, `RoleOutsideScope`, `CountryOutsideScope`.
pub fn reinstate_partner(issuer: impl Into<IssuerSigner>, partner: Gln) -> Instruction {
    data::ReinstatePartner {}.to_instruction(oversight(issuer, partner))
}

/// Ends a site's trade, until [`restore_partner`] undoes it.
///
/// Signed by the site's issuer.
///
/// Refused with `NotPartnersIssuer`, `PartnerRevoked`.
pub fn revoke_partner(issuer: impl Into<IssuerSigner>, partner: Gln) -> Instruction {
    data::RevokePartner {}.to_instruction(oversight(issuer, partner))
}

/// Undoes what was done to a site in its issuer's name: a revocation, a suspension, and the licence, which
/// `licence` replaces.
///
/// Signed by the registry authority.
///
/// Refused with `NotRegistryAuthority`, and for the licence as [`admit_partner`] is.
pub fn restore_partner(authority: Pubkey, partner: Gln, licence: Licence) -> Instruction {
    data::RestorePartner { licence }.to_instruction(accounts::RestorePartner {
        registry: address::registry(),
        authority,
        partner: address::partner(partner),
    })
}

/// Gives the GLN of a site to who proved that it is its own: to the site with the key `authority`, the name and
/// the licence, under the issuer whose account is at `issuer`. Goods and products that name the GLN go with
/// it. The new holder's key then signs [`confirm_partner`].
///
/// Signed by the registry authority.
///
/// Refused with `NotRegistryAuthority`, and for the licence as [`admit_partner`] is.
pub fn move_gln(
    registry_authority: Pubkey,
    issuer: Pubkey,
    partner: Gln,
    authority: Pubkey,
    name: [u8; 64],
    licence: Licence,
) -> Instruction {
    let data = data::MoveGln {
        authority,
        name,
        licence,
    };
    data.to_instruction(accounts::MoveGln {
        registry: address::registry(),
        authority: registry_authority,
        issuer,
        partner: address::partner(partner),
    })
}

/// Puts a site under the issuer whose account is at `issuer`, when its own was removed for instance.
///
/// Signed by the registry authority.
///
/// Refused with `NotRegistryAuthority`.
pub fn reassign_partner(authority: Pubkey, issuer: Pubkey, partner: Gln) -> Instruction {
    data::ReassignPartner {}.to_instruction(accounts::ReassignPartner {
        registry: address::registry(),
        authority,
        issuer,
        partner: address::partner(partner),
    })
}
