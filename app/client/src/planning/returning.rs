//! Sending goods back, and verifying what came back.

use custody::{Consignment, Lot};
use pedigree_domain::Roles;
use pedigree_interface::{
    Located, TransferKind, address,
    identifier::Gln,
    instruction::custody::{self as instruction, OfferTerms},
};
use solana_pubkey::Pubkey;

use crate::{
    actor::Actor,
    error::{Error, Result},
    ledger::Ledger,
    plan::Plan,
    returns::{receivers, sale_to_reverse},
};

/// Goods that go back.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct GoodsReturn {
    /// The receiving site; `None` for the first that takes goods back of who sold them to their owner,
    /// their owner and the lot's manufacturer.
    pub to: Option<Gln>,
    /// Unix seconds: until when they may be accepted, 90 days ahead at most.
    pub deadline: i64,
    /// Salted SHA-256 of the document behind it.
    pub document_hash: Option<[u8; 32]>,
}

/// Offers goods back. To another site than those that [`receivers`] names they go by reversing the sale
/// by which they came from it, which is found on the ledger.
///
/// # Errors
///
/// [`Error::NoReceiver`] if nobody takes them back, [`Error::NoSaleToReverse`] if the named site never
/// sold them to their custodian, or if the actor may not act for the custodian.
pub async fn return_goods(
    actor: &Actor<'_>,
    consignment: &Located<Consignment>,
    goods_return: &GoodsReturn,
) -> Result<Plan> {
    let ledger = actor.ledger;
    let lot: Located<Lot> = ledger.get(&consignment.lot).await?;
    let (to, reverses) = receiver(ledger, consignment, &lot, goods_return.to).await?;
    let from = actor.site(consignment.custodian()).await?;
    let terms = OfferTerms {
        kind: TransferKind::Return,
        statement: false,
        deadline: goods_return.deadline,
        document_hash: goods_return.document_hash,
        reverses,
    };
    let instruction = instruction::offer(actor.payer.key, from, to, consignment, terms);
    let reversing =
        reverses.map_or_else(String::new, |sale| format!(", reversing the sale {sale}"));
    let purpose = format!(
        "offer {} units back to {to}{reversing}",
        consignment.quantity
    );
    let transfer = address::transfer(&consignment.address, consignment.sequence);
    Ok(Plan::new(purpose, instruction).creating("transfer", transfer))
}

/// Records that the identifiers of returned goods were verified, so that they may be sold again (DSCSA
/// section 582(c)(4)(D)). `document_hash` is that of what they were verified with.
///
/// # Errors
///
/// If the actor may not act for the custodian.
pub async fn verify_return(
    actor: &Actor<'_>,
    consignment: &Located<Consignment>,
    document_hash: Option<[u8; 32]>,
) -> Result<Plan> {
    let custodian = actor.site(consignment.custodian()).await?;
    Ok(Plan::new(
        format!("record {} returned units as verified", consignment.quantity),
        instruction::verify_return(custodian, consignment, document_hash),
    ))
}

/// Who takes the goods back, and the sale that the return has to name.
async fn receiver(
    ledger: &Ledger,
    consignment: &Consignment,
    lot: &Lot,
    named: Option<Gln>,
) -> Result<(Gln, Option<Pubkey>)> {
    let receivers = receivers(consignment, lot);
    let to = match named {
        Some(to) => to,
        None => likely_receiver(ledger, &receivers).await?,
    };
    if receivers.contains(&to) {
        return Ok((to, None));
    }
    match sale_to_reverse(ledger, consignment, to).await? {
        Some(sale) => Ok((to, Some(sale.address))),
        None => Err(Error::NoSaleToReverse {
            seller: to,
            custodian: consignment.custodian(),
            receivers,
        }),
    }
}

/// The first of `receivers` that takes goods back; a dispenser for instance does not.
async fn likely_receiver(ledger: &Ledger, receivers: &[Gln]) -> Result<Gln> {
    let sites = ledger.partners(receivers.iter().copied()).await?;
    let takes_back = |gln: &&Gln| {
        let site = sites.get(gln);
        site.is_some_and(|site| site.roles & Roles::SUPPLIERS.bits() != 0)
    };
    let receiver = receivers.iter().find(takes_back);
    receiver.copied().ok_or(Error::NoReceiver)
}
