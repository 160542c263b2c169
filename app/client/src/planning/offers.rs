//! Offering goods, and settling offers.

use custody::{Consignment, ExceptionCode};
use pedigree_interface::{
    Located, TransferKind, address,
    identifier::Gln,
    instruction::custody::{self as instruction, OfferTerms},
};

use super::grounds::Grounds;
use crate::{actor::Actor, error::Result, plan::Plan};

/// An offer to another site.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Shipment {
    /// The receiving site.
    pub to: Gln,
    /// What the change of custody is for.
    pub kind: TransferKind,
    /// Unix seconds: until when it may be accepted, 90 days ahead at most.
    pub deadline: i64,
    /// Salted SHA-256 of the document behind it.
    pub document_hash: Option<[u8; 32]>,
}

/// Offers a consignment. A sale makes the transaction statement of DSCSA section 581(27).
///
/// # Errors
///
/// If the actor may not act for the custodian.
pub async fn ship(
    actor: &Actor<'_>,
    consignment: &Located<Consignment>,
    shipment: &Shipment,
) -> Result<Plan> {
    let Shipment {
        to,
        kind,
        deadline,
        document_hash,
    } = *shipment;
    let custodian = consignment.custodian();
    let from = actor.site(custodian).await?;
    let terms = OfferTerms {
        kind,
        statement: kind == TransferKind::Sale,
        deadline,
        document_hash,
        reverses: None,
    };
    let instruction = instruction::offer(actor.payer.key, from, to, consignment, terms);
    let quantity = consignment.quantity;
    Ok(Plan::new(
        format!("offer {quantity} units to {to} ({kind})"),
        instruction,
    ))
}

/// Accepts a consignment on offer; with `discrepancy`, it opens a case on what is wrong with it.
///
/// # Errors
///
/// [`Error::NotOffered`](crate::Error::NotOffered), or if the actor may not act for the receiver.
pub async fn receive(
    actor: &Actor<'_>,
    consignment: &Located<Consignment>,
    discrepancy: Option<Grounds>,
) -> Result<Plan> {
    let transfer = actor.ledger.open_transfer(consignment).await?;
    let to = actor.site(transfer.to()).await?;
    let quantity = consignment.quantity;
    let purpose = format!("accept {quantity} units ({})", transfer.kind);
    let Some(grounds) = discrepancy else {
        return Ok(Plan::new(purpose, instruction::accept(to, &transfer)));
    };
    let finding = grounds.finding(quantity);
    let number = consignment.cases;
    let instruction =
        instruction::accept_with_discrepancy(actor.payer.key, to, &transfer, number, finding);
    let units = finding.units;
    let purpose = format!("{purpose} and open a case on {units} units ({grounds})");
    let case = address::case(&consignment.address, number);
    Ok(Plan::new(purpose, instruction).creating("case", case))
}

/// Refuses a consignment on offer.
///
/// # Errors
///
/// [`Error::NotOffered`](crate::Error::NotOffered), or if the actor may not act for the receiver.
pub async fn reject(
    actor: &Actor<'_>,
    consignment: &Located<Consignment>,
    reason: ExceptionCode,
) -> Result<Plan> {
    let transfer = actor.ledger.open_transfer(consignment).await?;
    let to = actor.site(transfer.to()).await?;
    Ok(Plan::new(
        format!("refuse {} units ({reason})", consignment.quantity),
        instruction::reject(to, &transfer, reason),
    ))
}

/// Takes an offer back.
///
/// # Errors
///
/// [`Error::NotOffered`](crate::Error::NotOffered), or if the actor may not act for the sender.
pub async fn cancel(actor: &Actor<'_>, consignment: &Located<Consignment>) -> Result<Plan> {
    let transfer = actor.ledger.open_transfer(consignment).await?;
    let from = actor.site(transfer.from()).await?;
    Ok(Plan::new(
        format!("cancel the offer of {} units", consignment.quantity),
        instruction::cancel(from, &transfer),
    ))
}

/// Ends an offer whose deadline has passed. Anyone may.
///
/// # Errors
///
/// [`Error::NotOffered`](crate::Error::NotOffered).
pub async fn expire(actor: &Actor<'_>, consignment: &Located<Consignment>) -> Result<Plan> {
    let transfer = actor.ledger.open_transfer(consignment).await?;
    Ok(Plan::new(
        format!("end the offer of {} units", consignment.quantity),
        instruction::expire(&transfer),
    ))
}
