use pedigree_domain::ensure;
use solana_address::Address;

use crate::{
    error::{RecallError, Result},
    state::Recall,
};

/// Whether the manufacturer may put `amount` into a running recall's vault and have it pay `unit_price`
/// for each unit, in smallest parts of the token. The price may only rise.
#[inline(always)]
pub fn check_funding(recall: &Recall, amount: u64, unit_price: u64) -> Result {
    ensure!(amount > 0, RecallError::NothingFunded);
    ensure!(
        unit_price > 0 && unit_price >= recall.unit_price,
        RecallError::PriceLowered
    );
    Ok(())
}

/// Where a recall's money is.
pub struct Vault<'a> {
    pub mint: &'a Address,
    pub address: &'a Address,
    /// The key that paid the vault's rent.
    pub payer: &'a Address,
    pub bump: u8,
    /// What is in it, in smallest parts of the token.
    pub amount: u64,
}

/// Records what is in the vault after a funding. The first one decides in which token the recall pays.
/// What was sent to the vault without this instruction counts from the next funding on.
#[inline(always)]
pub fn fund(recall: &mut Recall, vault: &Vault, unit_price: u64) -> Result {
    if recall.mint().is_none() {
        recall.mint = *vault.mint;
        recall.vault = *vault.address;
        recall.vault_bump = vault.bump;
        recall.vault_payer = *vault.payer;
    }
    recall.unit_price = unit_price;
    recall.funded = vault
        .amount
        .checked_add(recall.paid)
        .ok_or(RecallError::AmountTooLarge)?;
    recall.invariant()
}
