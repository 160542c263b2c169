//! Goods that a regulator brings from who does not send them.

use custody::{Consignment, ConsignmentStatus};
use pedigree_interface::{Goods, Located, identifier::Gln, instruction::custody as instruction};
use solana_pubkey::Pubkey;

use crate::{
    actor::{Actor, acting_site},
    error::Result,
    plan::Plan,
};

/// Who takes goods that a regulator brings, and why.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Recovery {
    /// The receiving site.
    pub to: Gln,
    /// The key that signs for it: its own, or an operator's.
    pub to_key: Pubkey,
    /// The regulator; `None` for the only site that the actor may act for.
    pub regulator: Option<Gln>,
    /// Salted SHA-256 of the document behind it.
    pub document_hash: Option<[u8; 32]>,
}

/// Puts a consignment into another site's hands that its custodian does not send, or that was found after a
/// theft. The actor acts for the regulator.
///
/// # Errors
///
/// If it is not clear for which site the actor acts, or if the receiver's key may not act for it.
pub async fn recover(
    actor: &Actor<'_>,
    consignment: &Located<Consignment>,
    recovery: &Recovery,
) -> Result<Plan> {
    let Recovery {
        to,
        to_key,
        regulator,
        document_hash,
    } = *recovery;
    let regulator = actor.named_or_only_site(regulator).await?;
    let receiver = acting_site(actor.ledger, to, to_key).await?;
    let from = consignment.custodian();
    let is_offered = consignment.status == ConsignmentStatus::Offered;
    // The offer has the sequence before it was counted.
    let goods = Goods::from(consignment);
    let goods = goods.at(goods.sequence.wrapping_sub(u32::from(is_offered)));
    Ok(Plan::new(
        format!(
            "recover {} units from {from} for {to}",
            consignment.quantity
        ),
        instruction::recover(regulator, from, receiver, goods, is_offered, document_hash),
    ))
}
