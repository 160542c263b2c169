//! Tokens into a tranche's vault, and out of it.

use anchor_lang::{
    AnchorAccount, CpiHandle, CpiHandleMut,
    cpi::{InstructionAccount, create_account_signed},
    prelude::*,
    unchecked_invoke_signed_fixed,
};

use recall_rules::{Tranche, vault::check_payment};

use crate::token::{Mint, TokenAccount};

/// Both token programs' instruction `TransferChecked`.
const TRANSFER_CHECKED: u8 = 12;

/// Both token programs' instruction `CloseAccount`.
const CLOSE_ACCOUNT: u8 = 9;

/// Both token programs' instruction `InitializeAccount3`.
const INITIALIZE_ACCOUNT: u8 = 18;

/// Creates a tranche's vault, and loads it.
#[inline(never)]
pub(super) fn create(
    vault: &UncheckedAccount,
    payer: &Signer,
    tranche: &Address,
    mint: &Account<Mint>,
    token_program: &UncheckedAccount,
    bump: u8,
) -> Result<Account<TokenAccount>> {
    let view = *vault.account();
    let seeds: &[&[u8]] = &[Tranche::VAULT_SEED, tranche.as_ref(), &[bump]];
    let bytes = core::mem::size_of::<TokenAccount>();
    let program = token_program.address();
    create_account_signed(payer.account(), &view, bytes, program, seeds)?;
    let mut data = [INITIALIZE_ACCOUNT; 33];
    data[1..].copy_from_slice(tranche.as_ref());
    let (new, mint) = (vault.cpi_handle(), mint.cpi_handle());
    let accounts = [
        InstructionAccount::new(new.address(), true, false),
        InstructionAccount::new(mint.address(), false, false),
    ];
    unchecked_invoke_signed_fixed(program, &data, &accounts, &[new, mint], &[]);
    // SAFETY: the instruction loads it nowhere else: the derive saw to it that no other account is
    // the same.
    unsafe { Account::<TokenAccount>::load_mut(view) }
}

/// Moves tokens between token accounts of a mint, signed by `authority` or with `seeds`.
///
/// By hand: the calls in `anchor-spl` allocate lists, and multiply their sizes in a way that this
/// target's compiler gets wrong.
#[inline(never)]
pub(super) fn transfer(
    token_program: &UncheckedAccount,
    [from, to]: [CpiHandleMut; 2],
    mint: &Account<Mint>,
    authority: CpiHandle,
    amount: u64,
    seeds: &[&[&[u8]]],
) {
    let mut data = [TRANSFER_CHECKED; 10];
    data[1..9].copy_from_slice(&amount.to_le_bytes());
    data[9] = mint.decimals();
    let mint = mint.cpi_handle();
    let accounts = [
        InstructionAccount::new(from.address(), true, false),
        InstructionAccount::new(mint.address(), false, false),
        InstructionAccount::new(to.address(), true, false),
        InstructionAccount::new(authority.address(), false, true),
    ];
    let handles = [from.into(), mint, to.into(), authority];
    let program = token_program.address();
    unchecked_invoke_signed_fixed(program, &data, &accounts, &handles, seeds);
}

/// Moves tokens from the vault, which the tranche signs for, to a token account of the same mint.
#[inline(never)]
pub(super) fn pay_out(
    tranche: &Account<Tranche>,
    vault: &mut Account<TokenAccount>,
    mint: &Account<Mint>,
    receiver: &mut Account<TokenAccount>,
    token_program: &UncheckedAccount,
    amount: u64,
) -> Result<()> {
    check_payment(vault.is_frozen(), receiver.is_frozen())?;
    let accounts = [vault.try_cpi_handle_mut()?, receiver.try_cpi_handle_mut()?];
    let (number, bump) = (tranche.number.to_le_bytes(), [tranche.bump]);
    let seeds: &[&[u8]] = &[Tranche::SEED, tranche.recall.as_ref(), &number, &bump];
    let authority = tranche.cpi_handle();
    transfer(token_program, accounts, mint, authority, amount, &[seeds]);
    Ok(())
}

/// Closes the empty vault, and gives its rent to `payee`.
#[inline(never)]
pub(super) fn close(
    tranche: &Account<Tranche>,
    vault: &mut Account<TokenAccount>,
    payee: &mut UncheckedAccount,
    token_program: &UncheckedAccount,
) -> Result<()> {
    let (vault, payee) = (vault.try_cpi_handle_mut()?, payee.try_cpi_handle_mut()?);
    let authority = tranche.cpi_handle();
    let accounts = [
        InstructionAccount::new(vault.address(), true, false),
        InstructionAccount::new(payee.address(), true, false),
        InstructionAccount::new(authority.address(), false, true),
    ];
    let (number, bump) = (tranche.number.to_le_bytes(), [tranche.bump]);
    let seeds: &[&[u8]] = &[Tranche::SEED, tranche.recall.as_ref(), &number, &bump];
    let handles = [vault.into(), payee.into(), authority];
    let program = token_program.address();
    unchecked_invoke_signed_fixed(program, &[CLOSE_ACCOUNT], &accounts, &handles, &[seeds]);
    Ok(())
}
