//! Which firm a GS1 company prefix belongs to.

use pedigree_domain::{gs1::CompanyPrefix, identifier::Gln};
use registry::{PrefixTable, accounts, instruction as data};
use solana_instruction::Instruction;
use solana_pubkey::Pubkey;
use solana_sdk_ids::system_program;

use crate::{address, issuer::IssuerSigner};

/// Claims a company prefix for the firm whose head office is the site `head_office`; creates the
/// `PrefixTable` of its first four digits if it is the first claim there.
///
/// Signed by `payer`, who pays the claim's rent, and by the head office's issuer.
///
/// Refused with `NotPartnersIssuer`, `NotHeadOffice`, `PartnerRevoked`, `InvalidCompanyPrefix`,
/// `PrefixClaimed`, `PrefixOfAnotherFirm`, `PrefixOutsideScope`, `RoleOutsideScope`, `CountryOutsideScope`.
pub fn claim_prefix(
    payer: Pubkey,
    issuer: impl Into<IssuerSigner>,
    head_office: Gln,
    prefix: CompanyPrefix,
) -> Instruction {
    let issuer = issuer.into();
    let data = data::ClaimPrefix {
        prefix: prefix.value,
        digits: prefix.digits,
    };
    data.to_instruction(accounts::ClaimPrefix {
        payer,
        issuer: issuer.issuer,
        issuer_key: issuer.key,
        head_office: address::partner(head_office),
        prefixes: address::prefix_table(PrefixTable::leading_of(prefix)),
        system_program: system_program::ID,
    })
}

/// Ends the claim of exactly this prefix by the firm whose head office is the site `head_office`. The rent
/// goes to the key that signs.
///
/// Signed by `overseer.key`: the key of the head office's issuer, or the registry authority beside the address
/// of that issuer, which may have been removed.
///
/// Refused with `NotOverseer`, `PrefixNotClaimed`, `PrefixOfAnotherFirm`.
pub fn release_prefix(
    overseer: impl Into<IssuerSigner>,
    head_office: Gln,
    prefix: CompanyPrefix,
) -> Instruction {
    let overseer = overseer.into();
    let data = data::ReleasePrefix {
        prefix: prefix.value,
        digits: prefix.digits,
    };
    data.to_instruction(accounts::ReleasePrefix {
        registry: address::registry(),
        head_office: address::partner(head_office),
        issuer: overseer.issuer,
        overseer: overseer.key,
        prefixes: address::prefix_table(PrefixTable::leading_of(prefix)),
    })
}

/// Gives a company prefix to the firm whose head office is the site `to`, and ends the claims of the other firm
/// `from` that overlap it. Products that were registered under them stay where they are: see
/// [`move_product`](super::move_product).
///
/// Signed by the registry authority.
///
/// Refused with `NotRegistryAuthority`, `NotHeadOffice`, `PartnerRevoked`, `PrefixNotClaimed`, and with
/// `PrefixOfAnotherFirm` if a third firm has a part of it.
pub fn move_prefix(authority: Pubkey, prefix: CompanyPrefix, from: Gln, to: Gln) -> Instruction {
    let data = data::MovePrefix {
        prefix: prefix.value,
        digits: prefix.digits,
    };
    data.to_instruction(accounts::MovePrefix {
        registry: address::registry(),
        authority,
        head_office: address::partner(to),
        from: address::partner(from),
        prefixes: address::prefix_table(PrefixTable::leading_of(prefix)),
    })
}
