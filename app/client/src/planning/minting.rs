//! Minting a lot, and opening the pages of its units.

use custody::{Lot, UnitPage};
use pedigree_interface::{
    Located, address,
    identifier::{Gtin, LotNumber},
    instruction::custody::{self as instruction, LotLabel},
    units::UnitRange,
};
use registry::{Partner, Product};
use solana_instruction::Instruction;
use solana_pubkey::Pubkey;

use crate::{
    actor::Actor,
    error::{Error, Result},
    ledger::Ledger,
    plan::Plan,
    reference::LotRef,
};

/// Mints a lot of the product `gtin`: by the product's manufacturer.
///
/// # Errors
///
/// [`Error::AlreadyMinted`] if there is such a lot, [`Error::Missing`] if there is no such product, or if
/// the actor may not act for its manufacturer.
pub async fn mint(actor: &Actor<'_>, gtin: Gtin, label: &LotLabel) -> Result<Plan> {
    let product = product(actor.ledger, gtin).await?;
    let lot = LotRef::newest(gtin, label.lot_number);
    let address = address::lot(&product, label.lot_number);
    let minted: Option<Located<Lot>> = actor.ledger.find(&address).await?;
    if minted.is_some() {
        return Err(Error::AlreadyMinted(lot));
    }
    let instruction = mint_lot(actor, &product, label).await?;
    Ok(actor.plan(purpose(lot, label), vec![instruction]))
}

/// Mints a lot and opens all its pages, so that its units can be tracked one by one. Where that was
/// interrupted before, it does what is left.
///
/// # Errors
///
/// [`Error::OtherSerials`] if the lot was minted with another serial root, [`Error::AllPagesOpen`] if
/// nothing is left to do, [`Error::Missing`] if there is no such product, or if the actor may not act for
/// its manufacturer.
pub async fn mint_with_pages(actor: &Actor<'_>, gtin: Gtin, label: &LotLabel) -> Result<Plan> {
    let product = product(actor.ledger, gtin).await?;
    let lot = LotRef::newest(gtin, label.lot_number);
    let address = address::lot(&product, label.lot_number);
    let minted: Option<Located<Lot>> = actor.ledger.find(&address).await?;
    let mut instructions = match minted {
        None => vec![mint_lot(actor, &product, label).await?],
        Some(minted) if Some(minted.serial_root) == label.serial_root => Vec::new(),
        Some(_) => return Err(Error::OtherSerials(lot)),
    };
    for page in missing_pages(actor.ledger, &address, label.quantity).await? {
        instructions.push(instruction::open_unit_page(actor.payer.key, address, page));
    }
    match instructions.is_empty() {
        true => Err(Error::AllPagesOpen(lot)),
        false => Ok(actor.plan(purpose(lot, label), instructions)),
    }
}

/// Opens those pages of a lot that are not open yet. Anyone may who pays for them.
///
/// # Errors
///
/// [`Error::AllPagesOpen`], or [`Error::Missing`] if there is no such lot.
pub async fn open_pages(actor: &Actor<'_>, lot: LotRef) -> Result<Plan> {
    let account = lot.resolve(actor.ledger).await?;
    let missing = missing_pages(actor.ledger, &account.address, account.quantity).await?;
    if missing.is_empty() {
        return Err(Error::AllPagesOpen(lot));
    }
    let purpose = format!("open {} pages of lot {lot}", missing.len());
    let open = |page| instruction::open_unit_page(actor.payer.key, account.address, page);
    Ok(actor.plan(purpose, missing.into_iter().map(open).collect()))
}

/// Numbers of the pages of the lot at `lot`, which has `quantity` units, that are not open yet.
///
/// # Errors
///
/// If the ledger cannot be read.
pub async fn missing_pages(ledger: &Ledger, lot: &Pubkey, quantity: u32) -> Result<Vec<u32>> {
    let units = UnitRange { first: 0, quantity };
    let address = |page| address::unit_page(lot, page);
    let open = ledger.get_many::<UnitPage>(units.pages().map(address));
    let open: Vec<u32> = open.await?.into_values().map(|page| page.number).collect();
    Ok(units.pages().filter(|page| !open.contains(page)).collect())
}

/// Makes the site that holds the lot's product now responsible for it.
///
/// # Errors
///
/// [`Error::Missing`] if there is no such lot or product, or if the actor may not act
/// for the product's manufacturer.
pub async fn adopt(actor: &Actor<'_>, lot: LotRef) -> Result<Plan> {
    let account = lot.resolve(actor.ledger).await?;
    let product: Located<Product> = actor.ledger.get(&account.product).await?;
    let manufacturer: Located<Partner> = actor.ledger.get(&product.manufacturer).await?;
    let manufacturer = actor.site(manufacturer.gln()).await?;
    Ok(Plan::new(
        format!("take lot {lot} over from {}", account.manufacturer()),
        instruction::adopt_lot(manufacturer, product.address, account.address),
    ))
}

/// Address that the lot of the product `gtin` with this number has once it is minted, which its manifest
/// names before.
///
/// # Errors
///
/// [`Error::Missing`] if there is no such product.
pub async fn next_lot(ledger: &Ledger, gtin: Gtin, lot_number: LotNumber) -> Result<Pubkey> {
    let product = product(ledger, gtin).await?;
    Ok(address::lot(&product, lot_number))
}

async fn product(ledger: &Ledger, gtin: Gtin) -> Result<Located<Product>> {
    ledger.get(&address::product(gtin)).await
}

async fn mint_lot(
    actor: &Actor<'_>,
    product: &Located<Product>,
    label: &LotLabel,
) -> Result<Instruction> {
    let manufacturer: Located<Partner> = actor.ledger.get(&product.manufacturer).await?;
    let manufacturer = actor.site(manufacturer.gln()).await?;
    Ok(instruction::mint_lot(
        actor.payer.key,
        manufacturer,
        product,
        label,
    ))
}

fn purpose(lot: LotRef, label: &LotLabel) -> String {
    format!(
        "mint lot {} of {}: {} units, expiry {}",
        lot.lot_number, lot.gtin, label.quantity, label.expiry
    )
}
