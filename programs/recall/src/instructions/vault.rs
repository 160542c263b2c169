//! Tokens into a recall's vault, and out of it.

use anchor_lang::{AnchorAccount, accounts::InterfaceAccount, prelude::*};
use anchor_spl::token_interface::{Mint, TokenAccount, TransferChecked, transfer_checked};

use crate::{errors::RecallError, state::Recall};

/// Moves tokens from the vault, which the recall signs for, to a token account of the same mint.
#[inline(never)]
pub(super) fn pay_out(
    recall: &Account<Recall>,
    vault: &mut InterfaceAccount<TokenAccount>,
    mint: &InterfaceAccount<Mint>,
    receiver: &mut InterfaceAccount<TokenAccount>,
    token_program: &UncheckedAccount,
    amount: u64,
) -> Result<()> {
    require!(!vault.is_frozen(), RecallError::VaultFrozen);
    require!(!receiver.is_frozen(), RecallError::ReceiverFrozen);
    let accounts = TransferChecked {
        from: vault.try_cpi_handle_mut()?,
        mint: mint.cpi_handle(),
        to: receiver.try_cpi_handle_mut()?,
        authority: recall.cpi_handle(),
    };
    let seeds: &[&[u8]] = &[
        Recall::SEED,
        recall.lot.as_ref(),
        &[recall.number],
        &[recall.bump],
    ];
    let signed = [seeds];
    let context = CpiContext::new_with_signer(token_program.address(), accounts, &signed);
    transfer_checked(context, amount, mint.decimals())
}
