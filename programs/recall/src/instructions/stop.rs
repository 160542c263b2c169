//! Tells the custody program which units a recall stops.

use anchor_lang::{
    AnchorAccount, CpiHandle, cpi::InstructionAccount, prelude::*, unchecked_invoke_signed_fixed,
};
use custody_rules::{Lot, RECALL_AUTHORITY_BUMP, RECALL_AUTHORITY_SEED, SET_RECALLED_RANGE};

/// Has custody stop units `first..first + quantity` of the lot, and no others, for recall `number`.
#[inline(never)]
pub(super) fn set_recalled_range(
    lot: &mut Account<Lot>,
    authority: &UncheckedAccount,
    number: u8,
    first: u32,
    quantity: u32,
) -> Result<()> {
    let mut data = [SET_RECALLED_RANGE, number, 0, 0, 0, 0, 0, 0, 0, 0];
    data[2..6].copy_from_slice(&first.to_le_bytes());
    data[6..10].copy_from_slice(&quantity.to_le_bytes());
    let (signer, marked) = (authority.cpi_handle(), lot.try_cpi_handle_mut()?);
    let accounts = [
        InstructionAccount::new(signer.address(), false, true),
        InstructionAccount::new(marked.address(), true, false),
    ];
    let seeds: &[&[u8]] = &[RECALL_AUTHORITY_SEED, &[RECALL_AUTHORITY_BUMP]];
    let handles = [signer, CpiHandle::from(marked)];
    unchecked_invoke_signed_fixed(&custody_rules::ID, &data, &accounts, &handles, &[seeds]);
    Ok(())
}
