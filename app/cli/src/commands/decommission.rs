//! `pedigree decommission`

use std::path::PathBuf;

use anyhow::{Context as _, Result};
use clap::Args;
use pedigree_client::{
    custody::Disposition,
    identifier::Gln,
    instruction::custody::{Goods, decommission, destroy_units},
    site::Site,
    units::blocks,
};
use solana_signer::Signer;

use super::destroy::site_of_witness;
use crate::{
    Answer,
    arguments::{ConsignmentRef, Document},
    context::{Context, load_keypair},
    packs::Packs,
    sending::Job,
};

/// Take single packs out of the chain.
///
/// Signed by the custodian. Whole consignments are withdrawn with `withdraw` and `destroy`.
#[derive(Args)]
pub struct Decommission {
    /// The consignment that holds the packs: its address, GTIN/LOT[#UNIT], or its SSCC
    consignment: ConsignmentRef,
    #[command(flatten)]
    packs: Packs,
    /// What became of them
    #[arg(long = "as", value_enum)]
    fate: Fate,
    /// Keypair file of the witness of a destruction
    #[arg(long, value_name = "FILE", required_if_eq("fate", "destroyed"))]
    witness_keypair: Option<PathBuf>,
    /// GLN of the site that the witness is of [default: found by the witness's key]
    #[arg(long, value_name = "GLN", requires = "witness_keypair")]
    witness_site: Option<Gln>,
    #[command(flatten)]
    document: Document,
}

/// How single units leave the chain.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
enum Fate {
    /// Destroyed before a witness.
    Destroyed,
    /// Stolen or lost.
    Stolen,
    /// Taken as samples.
    Sampled,
    /// Sent out of the territory that the registry covers, by their owner.
    Exported,
    /// Damaged: to be destroyed.
    Damaged,
    /// Suspect product.
    Suspect,
    /// Found illegitimate.
    Illegitimate,
}

impl From<Fate> for Disposition {
    fn from(fate: Fate) -> Self {
        match fate {
            Fate::Destroyed => Self::Destroyed,
            Fate::Stolen => Self::Stolen,
            Fate::Sampled => Self::Sampled,
            Fate::Exported => Self::Exported,
            Fate::Damaged => Self::Damaged,
            Fate::Suspect => Self::Suspect,
            Fate::Illegitimate => Self::Illegitimate,
        }
    }
}

impl Decommission {
    pub async fn run(self, context: &Context) -> Result<Answer> {
        let (address, consignment) = self.consignment.get(&context.ledger).await?;
        let units = self.packs.units(&consignment.lot)?;
        let goods = Goods {
            consignment: address,
            lot: consignment.lot,
        };
        let custodian = context.acting_for(consignment.custodian).await?;
        let disposition = Disposition::from(self.fate);
        let document = self.document.hash();
        let blocks = blocks(units.iter());
        let purpose = format!("record {} units as {disposition}", units.count());
        if self.fate != Fate::Destroyed {
            let instructions = blocks
                .into_iter()
                .map(|block| decommission(custodian, goods, block, disposition, document))
                .collect();
            let transactions = context.submitter()?.bundle(instructions);
            Job::of_many(purpose, transactions).run(context).await?;
            return Ok(Answer::Yes);
        }
        let keypair = self
            .witness_keypair
            .context("a destruction needs --witness-keypair")?;
        let witness = load_keypair(&keypair)?;
        let witness_gln = match self.witness_site {
            Some(site) => site,
            None => Gln::from_account(
                site_of_witness(context, &witness.pubkey(), consignment.custodian).await?,
            ),
        };
        let site = Site::acting(&context.ledger, witness_gln, witness.pubkey()).await?;
        let instructions = blocks
            .into_iter()
            .map(|block| destroy_units(custodian, site, goods, block, document))
            .collect();
        let transactions = context.submitter()?.bundle(instructions);
        Job::of_many(purpose, transactions)
            .signed_by(&witness)
            .run(context)
            .await?;
        Ok(Answer::Yes)
    }
}
