//! Taking whole consignments out of the chain.

use custody::Consignment;
use pedigree_interface::{Located, instruction::custody as instruction};

use super::witness::Witness;
use crate::{actor::Actor, error::Result, plan::Plan};

/// How units leave the chain without being destroyed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Withdrawal {
    /// Taken as samples.
    Sampled,
    /// Stolen or lost.
    Stolen,
    /// Sent out of the territory that the registry covers, by their owner.
    Exported,
}

/// Records that all units of a consignment left the chain. The `witness` signs too where another site owns
/// what is sampled, or a case holds the goods.
///
/// # Errors
///
/// If one of the keys may not act for its site.
pub async fn withdraw(
    actor: &Actor<'_>,
    consignment: &Located<Consignment>,
    withdrawal: Withdrawal,
    witness: Option<&Witness>,
    document_hash: Option<[u8; 32]>,
) -> Result<Plan> {
    let custodian = actor.site(consignment.custodian()).await?;
    let witness = match witness {
        Some(witness) => Some(witness.of_withdrawal(actor.ledger, consignment).await?),
        None => None,
    };
    let (word, instruction) = match withdrawal {
        Withdrawal::Sampled => (
            "sampled",
            instruction::sample(custodian, consignment, witness, document_hash),
        ),
        Withdrawal::Stolen => (
            "stolen",
            instruction::report_stolen(custodian, consignment, witness, document_hash),
        ),
        Withdrawal::Exported => (
            "exported",
            instruction::export(custodian, consignment, document_hash),
        ),
    };
    Ok(Plan::new(
        format!("record {} units as {word}", consignment.quantity),
        instruction,
    ))
}

/// Takes back that all units of a consignment were sampled or exported, within ten days (Delegated Regulation (EU)
/// 2016/161, article 13).
///
/// # Errors
///
/// If the actor may not act for the custodian.
pub async fn undo_withdrawal(
    actor: &Actor<'_>,
    consignment: &Located<Consignment>,
) -> Result<Plan> {
    let custodian = actor.site(consignment.custodian()).await?;
    Ok(Plan::new(
        format!(
            "take back that {} units were {}",
            consignment.quantity, consignment.status
        ),
        instruction::undo_withdrawal(custodian, consignment),
    ))
}

/// Records that all units of a consignment were destroyed before a witness, who signs too.
///
/// # Errors
///
/// If one of the keys may not act for its site.
pub async fn destroy(
    actor: &Actor<'_>,
    consignment: &Located<Consignment>,
    witness: &Witness,
    document_hash: Option<[u8; 32]>,
) -> Result<Plan> {
    let custodian = actor.site(consignment.custodian()).await?;
    let witness = witness.of_destruction(actor.ledger, consignment).await?;
    Ok(Plan::new(
        format!(
            "record {} units as destroyed before a witness of {}",
            consignment.quantity, witness.gln
        ),
        instruction::destroy(custodian, witness, consignment, document_hash),
    ))
}
