//! `pedigree return`

use anyhow::{Context as _, Result};
use clap::{Args, Subcommand};
use pedigree_client::{
    address,
    custody::{Change, Consignment, Lot},
    domain::Roles,
    identifier::Gln,
    instruction::custody::{Goods, OfferTerms, offer, verify_return},
    returns::{receivers, sale_to_reverse},
};
use solana_pubkey::Pubkey;
use solana_signer::Signer;

use crate::{
    Answer,
    arguments::{ConsignmentRef, Document, deadline},
    context::Context,
    sending::Job,
};

/// Offer goods back, or verify what came back.
///
/// They may go to who sold them to their owner, to their owner and to the manufacturer. To another
/// site they go as the undoing of the sale by which they came from it, which is found on the
/// ledger.
#[derive(Args)]
#[command(args_conflicts_with_subcommands = true, subcommand_negates_reqs = true)]
pub struct Return {
    #[command(subcommand)]
    command: Option<ReturnCommand>,
    /// Its address, GTIN/LOT[#UNIT], or the SSCC that it is packed in
    #[arg(required = true)]
    consignment: Option<ConsignmentRef>,
    /// GLN of the receiving site [default: the first that takes goods back of who sold them to
    /// their owner, the owner and the manufacturer]
    #[arg(long)]
    to: Option<Gln>,
    /// How long the receiver may take, 90 days at most
    #[arg(long, default_value = "14days", value_name = "TIME")]
    within: humantime::Duration,
    #[command(flatten)]
    document: Document,
}

#[derive(Subcommand)]
enum ReturnCommand {
    /// Make goods that came back saleable again, once their identifiers are verified
    Verify {
        /// Its address, GTIN/LOT[#UNIT], or the SSCC that it is packed in
        consignment: ConsignmentRef,
    },
}

impl Return {
    pub async fn run(self, context: &Context) -> Result<Answer> {
        if let Some(ReturnCommand::Verify { consignment }) = self.command {
            return verify(context, consignment).await;
        }
        let consignment = self.consignment.context("name a consignment")?;
        let (address, consignment) = consignment.get(&context.ledger).await?;
        let lot: Lot = context.ledger.get(&consignment.lot).await?;
        let (to, reverses) = receiver(context, &consignment, &lot, self.to).await?;
        let terms = OfferTerms {
            sequence: consignment.sequence,
            kind: Change::Return.code(),
            statement: false,
            deadline: deadline(self.within.into())?,
            document: self.document.hash(),
        };
        let instruction = offer(
            context.fee_payer()?.pubkey(),
            context.acting_for(consignment.custodian).await?,
            address::partner(to),
            Goods {
                consignment: address,
                lot: consignment.lot,
            },
            reverses,
            terms,
        );
        let undoing =
            reverses.map_or_else(String::new, |sale| format!(", undoing the sale {sale}"));
        let purpose = format!("offer {} units back to {to}{undoing}", consignment.quantity);
        let transfer = address::transfer(&address, consignment.sequence);
        Job::new(purpose, instruction)
            .making("transfer", transfer)
            .run(context)
            .await?;
        Ok(Answer::Yes)
    }
}

/// Who takes the goods back, and the sale that the return has to name.
async fn receiver(
    context: &Context,
    consignment: &Consignment,
    lot: &Lot,
    named: Option<Gln>,
) -> Result<(Gln, Option<Pubkey>)> {
    let receivers = receivers(consignment, lot);
    let to = match named {
        Some(to) => to,
        None => likely_receiver(context, &receivers).await?,
    };
    if receivers.contains(&to) {
        return Ok((to, None));
    }
    let sale = sale_to_reverse(&context.ledger, consignment, to).await?;
    let (sale, _) = sale.with_context(|| {
        let receivers: Vec<String> = receivers.iter().map(Gln::to_string).collect();
        format!(
            "there is no accepted offer by which {to} sold these units to {}: return them to one \
             of {}",
            Gln::from_account(consignment.custodian),
            receivers.join(", ")
        )
    })?;
    Ok((to, Some(sale)))
}

/// The first of `receivers` that takes goods back; a dispenser for instance does not.
async fn likely_receiver(context: &Context, receivers: &[Gln]) -> Result<Gln> {
    let sites = context.ledger.partners(receivers.iter().copied()).await?;
    let takes_back = |gln: &&Gln| {
        let site = sites.get(gln);
        site.is_some_and(|site| site.roles & Roles::SUPPLIERS.bits() != 0)
    };
    receivers.iter().find(takes_back).copied().context(
        "nobody upstream takes these goods back: name a site with --to, if they go back further",
    )
}

async fn verify(context: &Context, consignment: ConsignmentRef) -> Result<Answer> {
    let (address, consignment) = consignment.get(&context.ledger).await?;
    let instruction = verify_return(
        context.acting_for(consignment.custodian).await?,
        Goods {
            consignment: address,
            lot: consignment.lot,
        },
        consignment.sequence,
    );
    let purpose = format!("record {} returned units as verified", consignment.quantity);
    context.execute(&purpose, instruction).await?;
    Ok(Answer::Yes)
}
