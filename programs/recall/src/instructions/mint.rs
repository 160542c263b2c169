//! Which tokens a recall can pay with: those of which exactly what is sent arrives, at any time.

use anchor_lang::{AnchorAccount, accounts::InterfaceAccount, prelude::*, programs::Token};
use anchor_spl::{
    extensions::DefaultAccountState,
    token_2022::spl_token_2022::{
        extension::{BaseStateWithExtensions, ExtensionType, PodStateWithExtensions},
        pod::PodMint,
    },
    token_interface::{Mint, TokenInterfaceAccountExtensions},
};

use crate::errors::RecallError;

/// `AccountState::Frozen` of the token programs.
const FROZEN: u8 = 2;

/// Refuses a mint that may keep a claim from being paid in full, saying why. A mint with a freeze
/// authority is none of them, else few stablecoins were left: a frozen vault can be thawed.
#[inline(never)]
pub(super) fn check_mint(mint: &InterfaceAccount<Mint>) -> Result<()> {
    if mint.account().owned_by(&Token::id()) {
        return Ok(());
    }
    // SAFETY: nothing writes to the mint while the slice is in use.
    let data = unsafe { mint.account().borrow_unchecked() };
    let extensions = PodStateWithExtensions::<PodMint>::unpack(data)
        .and_then(|state| state.get_extension_types())
        .map_err(|_| RecallError::MintUnknownExtension)?;
    for extension in extensions {
        match extension {
            // They say something of the token, or how to show amounts of it. A mint is closed only
            // when no tokens are left, and who moves them in secret moves none of the vault's.
            ExtensionType::MintCloseAuthority
            | ExtensionType::InterestBearingConfig
            | ExtensionType::ScaledUiAmount
            | ExtensionType::MetadataPointer
            | ExtensionType::TokenMetadata
            | ExtensionType::GroupPointer
            | ExtensionType::TokenGroup
            | ExtensionType::GroupMemberPointer
            | ExtensionType::TokenGroupMember
            | ExtensionType::ConfidentialTransferMint => {}
            ExtensionType::DefaultAccountState => {
                let default: &DefaultAccountState = mint.get_extension()?;
                require!(default.state != FROZEN, RecallError::MintFreezesAccounts);
            }
            other => return Err(refusal_of(other).into()),
        }
    }
    Ok(())
}

#[cold]
#[inline(never)]
fn refusal_of(extension: ExtensionType) -> RecallError {
    match extension {
        ExtensionType::TransferFeeConfig | ExtensionType::ConfidentialTransferFeeConfig => {
            RecallError::MintTakesFees
        }
        ExtensionType::TransferHook => RecallError::MintHasHook,
        ExtensionType::NonTransferable => RecallError::MintNotTransferable,
        ExtensionType::ConfidentialMintBurn => RecallError::MintConfidential,
        ExtensionType::PermanentDelegate => RecallError::MintHasDelegate,
        ExtensionType::Pausable => RecallError::MintPausable,
        _ => RecallError::MintUnknownExtension,
    }
}
