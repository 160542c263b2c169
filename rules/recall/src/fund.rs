use pedigree_domain::ensure;
use registry_rules::Partner;
use solana_address::Address;

use crate::{
    error::{RecallError, Result},
    signer::check_key,
    state::{Recall, Tranche, contains, range},
};

/// What a tranche pays, and for which units.
#[cfg_attr(
    feature = "anchor",
    derive(
        anchor_lang::AnchorSerialize,
        anchor_lang::AnchorDeserialize,
        anchor_lang::IdlType
    )
)]
#[derive(Clone, Copy, Debug)]
pub struct Funding {
    /// The first unit's index in the lot.
    pub first: u32,
    /// How many units.
    pub quantity: u32,
    /// Smallest parts of the token for each.
    pub unit_price: u64,
}

/// Where a tranche's money is.
pub struct Vault<'a> {
    pub mint: &'a Address,
    pub address: &'a Address,
    /// The key that pays the vault's rent.
    pub payer: &'a Address,
    pub bump: u8,
}

/// Reserves a price for units of a running recall at Unix time `now`, in the new record `tranche`. Returns
/// what the site has to put into the vault: the price of all of them, so that no claim fails for want of
/// money, and none that waits for another tranche is in the way.
///
/// - `site` is the lot's `manufacturer`, another site of its firm or its head office, which may have joined another
///   firm since, or who holds the product now (`is_holder`); it is not suspended.
/// - The units are recalled, and the price is above zero. Other tranches may cover them too: an owner claims
///   from one.
#[inline(always)]
pub fn fund(
    (site, manufacturer, is_holder): (&Partner, &Partner, bool),
    (address, recall): (&Address, &mut Recall),
    tranche: &mut Tranche,
    funding: Funding,
    vault: &Vault,
    now: i64,
) -> Result<u64> {
    let Funding {
        first,
        quantity,
        unit_price,
    } = funding;
    ensure!(
        is_holder || site.is_of_firm(manufacturer.firm) || site.gln == manufacturer.firm,
        RecallError::NotManufacturer
    );
    check_key(site)?;
    recall.check_running()?;
    ensure!(quantity > 0, RecallError::NoUnits);
    ensure!(
        contains(&recall.units(), &range(first, quantity)),
        RecallError::RangeOutsideRecall
    );
    ensure!(unit_price > 0, RecallError::NoPrice);

    tranche.recall = *address;
    tranche.mint = *vault.mint;
    tranche.vault = *vault.address;
    tranche.payer = *vault.payer;
    tranche.vault_bump = vault.bump;
    tranche.funder = site.gln;
    tranche.firm = site.firm;
    tranche.maker_firm = manufacturer.firm;
    tranche.unit_price = unit_price;
    tranche.funded_at = now;
    tranche.number = recall.tranches;
    tranche.scope = recall.scopes - 1;
    tranche.first = first;
    tranche.quantity = quantity;
    recall.tranches += 1;
    tranche.price_of(quantity)
}
