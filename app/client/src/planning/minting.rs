//! Minting a lot, and opening the pages of its units.

use custody::{Lot, UnitPage};
use pedigree_interface::{
    Located, address,
    identifier::Gtin,
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
    let lot = reference(gtin, label);
    let minted: Option<Located<Lot>> = actor.ledger.find(&lot.address()).await?;
    if minted.is_some() {
        return Err(Error::AlreadyMinted(lot));
    }
    let instruction = mint_lot(actor, gtin, label).await?;
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
    let lot = reference(gtin, label);
    let address = lot.address();
    let minted: Option<Located<Lot>> = actor.ledger.find(&address).await?;
    let mut instructions = match minted {
        None => vec![mint_lot(actor, gtin, label).await?],
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
    let account: Located<Lot> = actor.ledger.get(&lot.address()).await?;
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
    let account: Located<Lot> = actor.ledger.get(&lot.address()).await?;
    let product: Located<Product> = actor.ledger.get(&account.product).await?;
    let manufacturer: Located<Partner> = actor.ledger.get(&product.manufacturer).await?;
    let manufacturer = actor.site(manufacturer.gln()).await?;
    Ok(Plan::new(
        format!("take lot {lot} over from {}", account.manufacturer()),
        instruction::adopt_lot(manufacturer, product.address, account.address),
    ))
}

async fn mint_lot(actor: &Actor<'_>, gtin: Gtin, label: &LotLabel) -> Result<Instruction> {
    let product: Located<Product> = actor.ledger.get(&address::product(gtin)).await?;
    let manufacturer: Located<Partner> = actor.ledger.get(&product.manufacturer).await?;
    let manufacturer = actor.site(manufacturer.gln()).await?;
    Ok(instruction::mint_lot(
        actor.payer.key,
        manufacturer,
        product.address,
        label,
    ))
}

const fn reference(gtin: Gtin, label: &LotLabel) -> LotRef {
    LotRef {
        gtin,
        lot_number: label.lot_number,
    }
}

fn purpose(lot: LotRef, label: &LotLabel) -> String {
    format!(
        "mint lot {} of {}: {} units, expiry {}",
        lot.lot_number, lot.gtin, label.quantity, label.expiry
    )
}
