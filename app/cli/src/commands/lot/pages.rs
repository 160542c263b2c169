//! `pedigree lot open-pages`

use std::collections::BTreeMap;

use anyhow::{Result, ensure};
use pedigree_client::{
    address, custody,
    identifier::{Gtin, LotNumber},
    instruction::custody as instruction,
    units,
};
use solana_instruction::Instruction;
use solana_pubkey::Pubkey;
use solana_signer::Signer;

use crate::{Answer, context::Context, sending::Job};

/// Opens those of the lot's pages that are not open yet.
pub async fn open_pages(context: &Context, gtin: Gtin, lot_number: LotNumber) -> Result<Answer> {
    let address = address::lot(&address::product(gtin), lot_number);
    let lot: custody::Lot = context.ledger.get(&address).await?;
    let payer = context.fee_payer()?.pubkey();
    let missing = missing_pages(context, &address, lot.quantity, payer).await?;
    ensure!(
        !missing.is_empty(),
        "all pages of lot {lot_number} are open already"
    );
    let purpose = format!("open {} pages of lot {lot_number}", missing.len());
    let transactions = context.submitter()?.bundle(missing);
    Job::of_many(purpose, transactions).run(context).await?;
    Ok(Answer::Yes)
}

/// What opens those pages of a lot of `quantity` units that are not open.
pub async fn missing_pages(
    context: &Context,
    lot: &Pubkey,
    quantity: u32,
    payer: Pubkey,
) -> Result<Vec<Instruction>> {
    let pages: BTreeMap<u32, Pubkey> = units::pages(0, quantity)
        .map(|number| (number, address::unit_page(lot, number)))
        .collect();
    let open: BTreeMap<Pubkey, custody::UnitPage> =
        context.ledger.get_many(pages.values().copied()).await?;
    Ok(pages
        .iter()
        .filter(|(_, page)| !open.contains_key(page))
        .map(|(&number, _)| instruction::open_unit_page(payer, *lot, number))
        .collect())
}
