//! `pedigree destroy`

use std::path::PathBuf;

use anyhow::Result;
use clap::Args;
use pedigree_client::{
    identifier::Gln,
    instruction::custody::{Goods, destroy},
    site::{Site, sites_of},
};
use solana_pubkey::Pubkey;
use solana_signer::Signer;

use crate::{
    Answer,
    arguments::{ConsignmentRef, Document},
    context::{Context, load_keypair, only_site},
    sending::Job,
};

/// Record a destruction before a witness.
///
/// Signed by the custodian and by another person who watched: of another site, or an operator of
/// the custodian that may witness.
#[derive(Args)]
pub struct Destroy {
    /// Its address, GTIN/LOT[#UNIT], or the SSCC that it is packed in
    consignment: ConsignmentRef,
    /// Keypair file of the witness
    #[arg(long, value_name = "FILE")]
    witness_keypair: PathBuf,
    /// GLN of the site that the witness is of [default: found by the witness's key]
    #[arg(long, value_name = "GLN")]
    witness_site: Option<Gln>,
    #[command(flatten)]
    document: Document,
}

impl Destroy {
    pub async fn run(self, context: &Context) -> Result<Answer> {
        let witness = load_keypair(&self.witness_keypair)?;
        let (address, consignment) = self.consignment.get(&context.ledger).await?;
        let witness_site = match self.witness_site {
            Some(site) => site.number(),
            None => site_of_witness(context, &witness.pubkey(), consignment.custodian).await?,
        };
        let witness_gln = Gln::from_account(witness_site);
        let instruction = destroy(
            context.acting_for(consignment.custodian).await?,
            Site::acting(&context.ledger, witness_gln, witness.pubkey()).await?,
            Goods {
                consignment: address,
                lot: consignment.lot,
            },
            consignment.sequence,
            self.document.hash(),
        );
        let purpose = format!(
            "record {} units as destroyed before a witness of {witness_gln}",
            consignment.quantity
        );
        Job::new(purpose, instruction)
            .signed_by(&witness)
            .run(context)
            .await?;
        Ok(Answer::Yes)
    }
}

/// The custodian, if the witness may act for it, or else the only site that it may act for.
pub async fn site_of_witness(context: &Context, witness: &Pubkey, custodian: u64) -> Result<u64> {
    let sites = sites_of(&context.ledger, witness).await?;
    if sites.iter().any(|site| site.gln == custodian) {
        return Ok(custodian);
    }
    only_site(&context.ledger, witness, "--witness-site").await
}
