//! What was agreed with the other company.

use std::collections::BTreeSet;

use anyhow::Result;
use clap::Args;
use pedigree_client::{
    cosigning::{Expectation, ExpectedGoods, Signs},
    identifier::Gln,
};

use crate::{
    arguments::{Digest, Kind},
    context::Context,
    signing_key::Key,
};

/// What was agreed with the other company.
#[derive(Args)]
pub struct Agreed {
    /// GLN of the site that hands over [default: whichever does]
    #[arg(long, value_name = "GLN")]
    from: Option<Gln>,
    /// GLN of the site that takes over [default: whichever the acting key acts for]
    #[arg(long, value_name = "GLN")]
    to: Option<Gln>,
    /// What the handoff is for
    #[arg(long, value_enum, default_value_t)]
    kind: Kind,
    /// Salted SHA-256 of the document that it should name [default: any]
    #[arg(long, value_name = "SHA-256")]
    document: Option<Digest>,
    /// What the acting key signs for
    #[arg(long = "as", value_enum, default_value_t)]
    side: SideArgument,
    /// Other instructions that it may have, by name; programs that are not ours by their address
    #[arg(long, value_name = "INSTRUCTION", value_delimiter = ',')]
    expect: Vec<String>,
    /// The most that it may cost in fees, whoever pays
    #[arg(long, value_name = "LAMPORTS", default_value_t = 1_000_000)]
    max_fee: u64,
}

/// What a key signs for in a handoff or in a sale in place.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, clap::ValueEnum)]
enum SideArgument {
    /// The site that takes over, or buys.
    #[default]
    Receiver,
    /// The site that hands over, or sells.
    Sender,
    /// Neither: it only pays the fees.
    Payer,
}

impl From<SideArgument> for Signs {
    fn from(side: SideArgument) -> Self {
        match side {
            SideArgument::Receiver => Self::ForReceiver,
            SideArgument::Sender => Self::ForSender,
            SideArgument::Payer => Self::ForFees,
        }
    }
}

impl Agreed {
    /// What the acting key expects of transactions that are about `goods`.
    pub fn expectation(
        &self,
        context: &Context,
        goods: ExpectedGoods,
        signs_last: bool,
    ) -> Result<Expectation> {
        let key = context.key()?.address();
        let payer = context.named_fee_payer()?;
        Ok(Expectation {
            key,
            signs: self.side.into(),
            payer: payer.map(Key::address),
            signs_last,
            max_fee: self.max_fee,
            goods,
            kind: self.kind.into(),
            document_hash: self.document.map(|digest| digest.0),
            from: self.from,
            to: self.to,
            others: self.expect.iter().cloned().collect::<BTreeSet<_>>(),
            nonce: context.nonce()?.map(|nonce| nonce.account),
        })
    }
}
