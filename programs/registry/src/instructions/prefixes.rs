//! The table of claims as an account that grows and shrinks with them.

use anchor_lang::{
    AccountClose, AccountInitialize, AccountView, AnchorAccount, Id, Space, accounts::Slab,
    bytemuck::Zeroable, prelude::*,
};

use registry_rules::{PrefixClaim, PrefixTable};

/// A [`PrefixTable`] with its claims.
pub type Prefixes = Slab<PrefixTable, PrefixClaim>;

/// The table of company prefixes that begin with `leading`, at the address that follows from it; it is
/// created at the expense of `payer` if it is not there.
///
/// Anchor's `init_if_needed` takes accounts of one size only.
pub(super) fn open(
    account: &UncheckedAccount,
    payer: &Signer,
    leading: u16,
    bump: u8,
) -> Result<Prefixes> {
    let view = *account.account();
    if !view.owned_by(&System::id()) {
        // SAFETY: Anchor refuses a writable account that is named twice, and no other handle on its data
        // is made here.
        return unsafe { Prefixes::load_mut(view) };
    }
    let (digits, bumps) = (leading.to_le_bytes(), [bump]);
    let mut prefixes = Prefixes::create_and_initialize(
        payer.account(),
        &view,
        Prefixes::INIT_SPACE,
        &crate::ID,
        &(),
        Some(&[PrefixTable::SEED, &digits, &bumps]),
        None,
    )?;
    prefixes.leading = leading;
    prefixes.bump = bump;
    Ok(prefixes)
}

/// Adds a vacant claim behind all others, whose rent `payer` pays.
pub(super) fn add_place(prefixes: &mut Prefixes, payer: &Signer) -> Result<()> {
    let count = u32::try_from(prefixes.len()).map_err(|_| ProgramError::ArithmeticOverflow)?;
    let count = count
        .checked_add(1)
        .ok_or(ProgramError::ArithmeticOverflow)?;
    prefixes.resize_to_capacity(count)?;
    prefixes.try_push(PrefixClaim::zeroed())?;
    prefixes.top_up(payer.account())
}

/// Keeps the first `count` claims. The rent of the others goes to `receiver`, that of the whole account if
/// none is left.
pub(super) fn keep(prefixes: &mut Prefixes, count: usize, receiver: &AccountView) -> Result<()> {
    if count == 0 {
        return prefixes.close(*receiver);
    }
    prefixes.truncate(count);
    let count = u32::try_from(count).map_err(|_| ProgramError::ArithmeticOverflow)?;
    prefixes.resize_to_capacity(count)?;
    let mut receiver = *receiver;
    prefixes.refund(&mut receiver)
}
