//! Which tokens a recall can pay with: those of which exactly what is sent arrives, at any time.

use crate::error::{RecallError, Result};

/// A token account's state when nobody can move what is in it.
const FROZEN: u8 = 2;

/// Refuses a mint that may keep a claim from being paid in full, saying why: `extensions` are what
/// Token-2022 wrote behind the mint, if anything. A mint with a freeze authority is not refused, else few
/// stablecoins were left: a frozen vault can be thawed.
///
/// Its token accounts have no extension, because those that would need one are refused.
#[inline(never)]
pub fn check_extensions(extensions: &[u8]) -> Result {
    let mut rest = extensions;
    // Each is its type, its length and as many bytes; type 0 is the end.
    while let [a, b, c, d, behind @ ..] = rest {
        let kind = u16::from_le_bytes([*a, *b]);
        let length = usize::from(u16::from_le_bytes([*c, *d]));
        if kind == 0 {
            break;
        }
        let Some((value, next)) = behind.split_at_checked(length) else {
            return Err(RecallError::MintUnknownExtension);
        };
        check_extension(kind, value)?;
        rest = next;
    }
    Ok(())
}

/// By the numbers of Token-2022's `ExtensionType`.
fn check_extension(kind: u16, value: &[u8]) -> Result {
    let refusal = match kind {
        // MintCloseAuthority: a mint is closed only when there are no tokens left.
        // ConfidentialTransferMint: who moves tokens in secret moves none of the vault's.
        3 | 4 => return Ok(()),
        // InterestBearingConfig, ScaledUiAmount: how to show amounts.
        10 | 25 => return Ok(()),
        // MetadataPointer, TokenMetadata, GroupPointer, TokenGroup, GroupMemberPointer,
        // TokenGroupMember: what the token is.
        18..=23 => return Ok(()),
        // DefaultAccountState.
        6 if value != [FROZEN] => return Ok(()),
        6 => RecallError::MintFreezesAccounts,
        // TransferFeeConfig, ConfidentialTransferFeeConfig.
        1 | 16 => RecallError::MintTakesFees,
        9 => RecallError::MintNotTransferable,
        12 => RecallError::MintHasDelegate,
        14 => RecallError::MintHasHook,
        // ConfidentialMintBurn.
        24 => RecallError::MintConfidential,
        26 => RecallError::MintPausable,
        _ => RecallError::MintUnknownExtension,
    };
    Err(refusal)
}
