//! Registering products, and handing them over to other manufacturers. Signed by a site's own key.

use pedigree_interface::{
    Located, Site, address,
    identifier::{Gln, Gtin},
    instruction::registry::{self as instruction, ProductDescription},
};
use registry::{Partner, PrefixTable, Product};
use solana_pubkey::Pubkey;

use crate::{
    actor::Actor,
    error::{Error, Result},
    plan::Plan,
    prefixes,
};

/// Registers the product `gtin` of the site `manufacturer`, whose own key the actor's is.
///
/// # Errors
///
/// [`Error::GtinNotClaimed`] if no firm has claimed a company prefix that begins as the GTIN's does.
pub async fn register(
    actor: &Actor<'_>,
    gtin: Gtin,
    manufacturer: Gln,
    description: ProductDescription,
) -> Result<Plan> {
    let leading = PrefixTable::leading_of_gtin(gtin.number());
    if prefixes::of_table(actor.ledger, leading).await?.is_empty() {
        return Err(Error::GtinNotClaimed(gtin));
    }
    let site = Site::own(manufacturer, actor.key);
    Ok(Plan::new(
        format!("register product {gtin}"),
        instruction::register_product(actor.payer.key, site, gtin, description),
    ))
}

/// Corrects the description of the product `gtin`: by its manufacturer.
///
/// # Errors
///
/// [`Error::Missing`] if there is no such product.
pub async fn update(
    actor: &Actor<'_>,
    gtin: Gtin,
    description: ProductDescription,
) -> Result<Plan> {
    let product = product(actor, gtin).await?;
    let site = own_site(actor, &product.manufacturer).await?;
    Ok(Plan::new(
        format!("update product {gtin}"),
        instruction::update_product(site, gtin, description),
    ))
}

/// Offers the product `gtin` to another manufacturer: by its manufacturer. An offer to itself cancels an
/// earlier one.
///
/// # Errors
///
/// [`Error::Missing`] if there is no such product.
pub async fn hand_over(actor: &Actor<'_>, gtin: Gtin, to: Gln) -> Result<Plan> {
    let product = product(actor, gtin).await?;
    let site = own_site(actor, &product.manufacturer).await?;
    Ok(Plan::new(
        format!("offer product {gtin} to {to}"),
        instruction::propose_product_transfer(site, to, gtin),
    ))
}

/// Takes over the product `gtin`: by the manufacturer that it was offered to.
///
/// # Errors
///
/// [`Error::ProductNotOffered`], or [`Error::Missing`] if there is no such product.
pub async fn take_over(actor: &Actor<'_>, gtin: Gtin) -> Result<Plan> {
    let product = product(actor, gtin).await?;
    let offered_to = product.pending_manufacturer();
    let site = own_site(actor, offered_to.ok_or(Error::ProductNotOffered(gtin))?).await?;
    let former: Located<Partner> = actor.ledger.get(&product.manufacturer).await?;
    Ok(Plan::new(
        format!("take product {gtin} over"),
        instruction::accept_product_transfer(site, former.gln(), gtin),
    ))
}

/// Gives the product `gtin` to another manufacturer. Signed by the registry authority.
pub fn move_to(actor: &Actor<'_>, gtin: Gtin, to: Gln) -> Plan {
    Plan::new(
        format!("give product {gtin} to {to}"),
        instruction::move_product(actor.key, to, gtin),
    )
}

async fn product(actor: &Actor<'_>, gtin: Gtin) -> Result<Located<Product>> {
    actor.ledger.get(&address::product(gtin)).await
}

/// The site whose account is at `partner`, with the actor's key as its own.
async fn own_site(actor: &Actor<'_>, partner: &Pubkey) -> Result<Site> {
    let partner: Located<Partner> = actor.ledger.get(partner).await?;
    Ok(Site::own(partner.gln(), actor.key))
}
