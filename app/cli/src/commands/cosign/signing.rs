//! Showing a person what is to be signed, and signing it.

use std::io::{IsTerminal as _, stdin};

use anyhow::{Result, ensure};
use pedigree_client::{
    cosigning::{Expectation, ExpectedGoods},
    partial_transaction::PartialTransaction,
};

use crate::{context::Context, output::Report, sign_only};

/// Whether a person looks before it agrees: at the output, or at a terminal beside it.
pub fn is_looked_at(context: &Context) -> bool {
    !context.is_agreed() && (context.is_for_people() || stdin().is_terminal())
}

/// Shows a person what is to be signed, also where a program reads the output.
pub fn show(context: &Context, report: &impl Report) {
    match context.is_for_people() {
        true => context.print(report),
        false => anstream::eprintln!("{}", report.text()),
    }
}

/// Without a person who looks, it has to be known which goods are expected.
pub fn need_goods(context: &Context, expectation: &Expectation) -> Result<()> {
    ensure!(
        !context.is_agreed() || expectation.goods != ExpectedGoods::Any,
        "nothing says which goods are expected: name the consignments, or pass --scan, to sign without a \
         prompt"
    );
    Ok(())
}

/// Signs with the acting key and, where it is the one that pays, with the key of `--fee-payer`.
pub fn sign(context: &Context, transaction: &mut PartialTransaction) -> Result<()> {
    let acting = context.key()?;
    if transaction.absent().contains(&acting.address()) {
        acting.need_signer()?;
        sign_only::sign(transaction, &[acting])?;
    }
    let payer = transaction.fee_payer();
    let payer = context
        .named_fee_payer()?
        .filter(|key| key.address() == payer);
    sign_only::sign(transaction, payer.as_slice())
}
