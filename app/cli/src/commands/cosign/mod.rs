//! `pedigree cosign`

mod agreed;
mod file;
mod link;
mod report;
mod scans;
mod signing;

use std::{collections::BTreeSet, path::PathBuf};

use anyhow::{Result, ensure};
use clap::Args;
use pedigree_client::{
    Ledger, cosigning::ExpectedGoods, reference::ConsignmentRef, transaction_request::Link,
};

use self::{agreed::Agreed, file::MadeSignature, scans::Scans};
use crate::{
    answer::Answer,
    context::{Context, Mode},
};

/// Look at a transaction that another company made, compare it with what is there, and sign it.
///
/// It shows what the transaction would do: who hands over to whom, which goods, as what; every instruction;
/// who pays how much. It is signed only if it is a handoff to the acting key's site, of exactly the
/// consignments that are named or scanned, and nothing else. What else was agreed is passed with --expect,
/// --kind, --fee-payer, --nonce and --max-fee. Without consignments or --scan the goods are shown and a person
/// agrees to them.
///
/// Once everybody has signed it is submitted; before that it is written for whoever is missing. Exit code 1 if
/// it is not signed.
#[derive(Args)]
pub struct Cosign {
    /// A link that begins with `solana:`, or the file with what `--sign-only` or a wallet wrote; - reads
    /// standard input
    transaction: String,
    /// The consignments that it should be about: address, GTIN/LOT[#UNIT], or the SSCC of a package
    #[arg(value_name = "CONSIGNMENT")]
    consignments: Vec<ConsignmentRef>,
    #[command(flatten)]
    scans: Scans,
    #[command(flatten)]
    agreed: Agreed,
    /// A signature that was made elsewhere; may be repeated
    #[arg(long, value_name = "PUBKEY=SIGNATURE")]
    signer: Vec<MadeSignature>,
    /// Certificate authority, in a PEM file, that may vouch for the host of the link; may be repeated
    #[arg(long, value_name = "FILE")]
    ca: Vec<PathBuf>,
}

impl Cosign {
    pub async fn run(self, context: &Context) -> Result<Answer> {
        ensure!(
            context.mode() != Mode::Unsigned,
            "a transaction that is to stay unsigned needs no cosign: leave out --unsigned"
        );
        if Link::is_meant(&self.transaction) {
            let link = self.transaction.parse()?;
            ensure!(
                self.signer.is_empty(),
                "--signer is for transactions in files: leave it out"
            );
            let requester = link::requester(link, &self.ca)?;
            let goods = self.goods(&context.ledger).await?;
            let expectation = self.agreed.expectation(context, goods, true)?;
            link::cosign(context, requester, expectation).await
        } else {
            let transactions = file::transactions(&self.transaction, &self.signer)?;
            let goods = self.goods(&context.ledger).await?;
            let expectation = self.agreed.expectation(context, goods, false)?;
            file::cosign(context, transactions, expectation).await
        }
    }

    async fn goods(&self, ledger: &Ledger) -> Result<ExpectedGoods> {
        if let Some(scanned) = self.scans.read(ledger).await? {
            return Ok(ExpectedGoods::Scanned(scanned));
        }
        if self.consignments.is_empty() {
            return Ok(ExpectedGoods::Any);
        }
        let mut addresses = BTreeSet::new();
        for consignment in &self.consignments {
            let named = consignment.resolve_all(ledger).await?;
            addresses.extend(named.iter().map(|one| one.address));
        }
        Ok(ExpectedGoods::Consignments(addresses))
    }
}
