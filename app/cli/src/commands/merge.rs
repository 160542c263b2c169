//! `pedigree merge`

use anyhow::{Context as _, Result};
use clap::Args;
use pedigree_client::{custody::Consignment, instruction::custody::merge, ledger::Filter};
use solana_pubkey::Pubkey;

use crate::{Answer, arguments::ConsignmentRef, context::Context};

/// Join the run of units after a consignment to it.
///
/// Signed by the custodian of both, which must have one owner, one supplier and the same
/// restrictions. The second one's account is closed.
#[derive(Args)]
pub struct Merge {
    /// Its address, GTIN/LOT[#UNIT], or the SSCC that it is packed in
    consignment: ConsignmentRef,
    /// The consignment that joins it, in the same forms [default: the one after it, found by the
    /// ledger]
    neighbour: Option<ConsignmentRef>,
}

impl Merge {
    pub async fn run(self, context: &Context) -> Result<Answer> {
        let (address, consignment) = self.consignment.get(&context.ledger).await?;
        let (neighbour_address, neighbour) = match self.neighbour {
            Some(neighbour) => neighbour.get(&context.ledger).await?,
            None => next_run(context, &consignment).await?,
        };
        let instruction = merge(
            context.acting_for(consignment.custodian).await?,
            (address, consignment.sequence),
            (neighbour_address, neighbour.sequence),
            neighbour.payer,
        );
        let purpose = format!(
            "join {} units to {} units",
            neighbour.quantity, consignment.quantity
        );
        context.execute(&purpose, instruction).await?;
        Ok(Answer::Yes)
    }
}

/// The consignment of the units right after `consignment`'s.
async fn next_run(context: &Context, consignment: &Consignment) -> Result<(Pubkey, Consignment)> {
    let filters = [Filter::consignment_lot(&consignment.lot)];
    let all: Vec<(Pubkey, Consignment)> = context.ledger.list(&filters).await?;
    let end = consignment.first_unit.checked_add(consignment.quantity);
    all.into_iter()
        .find(|(_, other)| Some(other.first_unit) == end)
        .context("the consignment has the lot's last units: nothing comes after them")
}
