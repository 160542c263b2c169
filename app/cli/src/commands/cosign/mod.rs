//! `pedigree cosign`

mod link;
mod report;
mod scans;

use std::{
    collections::BTreeSet,
    fs,
    io::{IsTerminal as _, Read as _, stdin},
    path::PathBuf,
    str::FromStr,
};

use anyhow::{Context as _, Result, bail, ensure};
use clap::Args;
use pedigree_client::{
    Ledger,
    cosigning::{Expectation, ExpectedGoods, Objection, Signs, review},
    identifier::Gln,
    partial_transaction::PartialTransaction,
    reference::ConsignmentRef,
    sign_only::{Encoding, SignOnly, read},
    transaction::{simulate_as_it_is, submit},
    transaction_request::Link,
};
use solana_pubkey::Pubkey;
use solana_signature::Signature;

use self::{
    report::{Cosigned, ReviewReport, SubmittedReport},
    scans::Scans,
};
use crate::{
    answer::Answer,
    arguments::{Digest, Kind},
    context::{Context, Mode},
    output::Report,
    prompt::ask,
    sign_only::{sign, write_file},
    signing_key::Key,
};

/// Look at a transaction that another company made, compare it with what is there, and sign it.
///
/// It shows what the transaction would do: who hands over to whom, which goods, as what; every instruction;
/// who pays how much. It is signed only if it is a handoff to the acting key's site, of exactly the
/// consignments that are named or scanned, and nothing else. What is agreed beside that is said with --expect,
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

/// What was agreed with the other company.
#[derive(Args)]
struct Agreed {
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

/// A signature that was made elsewhere, as Solana's tools write it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct MadeSignature {
    key: Pubkey,
    signature: Signature,
}

impl FromStr for MadeSignature {
    type Err = anyhow::Error;

    fn from_str(text: &str) -> Result<Self> {
        let pair = text.split_once('=').and_then(|(key, signature)| {
            Some(Self {
                key: key.parse().ok()?,
                signature: signature.parse().ok()?,
            })
        });
        pair.with_context(|| format!("{text:?} is not PUBKEY=SIGNATURE, both in base58"))
    }
}

impl Cosign {
    pub async fn run(self, context: &Context) -> Result<Answer> {
        ensure!(
            context.mode() != Mode::Unsigned,
            "a transaction that is to stay unsigned needs no cosign: leave out --unsigned"
        );
        if Link::is_meant(&self.transaction) {
            return link::cosign(&self, context, self.transaction.parse()?).await;
        }
        let mut transactions = self.transactions()?;
        for made in &self.signer {
            add(&mut transactions, *made)?;
        }
        let mut expectation = self.expectation(context, false).await?;
        let is_complete = transactions.iter().all(|one| one.absent().is_empty());
        let mut reviewed = Vec::with_capacity(transactions.len());
        let mut objections: Vec<Objection> = Vec::new();
        for transaction in &transactions {
            let review = review(&context.ledger, transaction).await?;
            // What everybody has signed is only submitted.
            if !is_complete {
                objections.extend(expectation.compare(&review));
            }
            reviewed.push(ReviewReport::new(&context.ledger, &review).await?);
        }
        if !is_complete {
            objections.extend(expectation.goods.left());
        }
        let mut outcome = Cosigned {
            reviewed,
            objections: objections.iter().map(ToString::to_string).collect(),
            ..Cosigned::default()
        };
        if !objections.is_empty() {
            context.print(&outcome);
            return Ok(Answer::No);
        }
        for transaction in &transactions {
            simulate_as_it_is(&context.ledger, transaction).await?;
        }
        if context.mode() == Mode::DryRun {
            context.print(&outcome);
            return Ok(Answer::Yes);
        }
        self.ask(context, &mut outcome, &expectation, is_complete)?;
        self.sign(context, &mut transactions)?;
        self.finish(context, transactions, outcome).await?;
        Ok(Answer::Yes)
    }

    /// Reads the transactions.
    fn transactions(&self) -> Result<Vec<PartialTransaction>> {
        let file = self.transaction.as_str();
        let text = match file {
            "-" => {
                let mut text = String::new();
                stdin().lock().read_to_string(&mut text).map(|_| text)
            }
            file => fs::read_to_string(file),
        };
        let text = text.with_context(|| format!("{file} cannot be read"))?;
        read(&text).with_context(|| file.to_owned())
    }

    async fn expectation(&self, context: &Context, signs_last: bool) -> Result<Expectation> {
        let Agreed {
            from,
            to,
            kind,
            document,
            side,
            expect,
            max_fee,
        } = &self.agreed;
        let key = context.key()?.address();
        let payer = context.named_fee_payer()?;
        Ok(Expectation {
            key,
            signs: (*side).into(),
            payer: payer.map(Key::address),
            signs_last,
            max_fee: *max_fee,
            goods: self.goods(&context.ledger).await?,
            kind: (*kind).into(),
            document_hash: document.map(|digest| digest.0),
            from: *from,
            to: *to,
            others: expect.iter().cloned().collect(),
            nonce: context.nonce()?.map(|nonce| nonce.account),
        })
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

    /// Shows what is signed and asks a person to agree, unless what is there is known and `--yes` was given.
    fn ask(
        &self,
        context: &Context,
        outcome: &mut Cosigned,
        expectation: &Expectation,
        is_complete: bool,
    ) -> Result<()> {
        if !is_complete {
            need_goods(context, expectation)?;
        }
        if is_looked_at(context) {
            show(context, outcome);
            outcome.is_shown = true;
        }
        ask(
            context,
            if is_complete {
                "submit this"
            } else {
                "sign this"
            },
        )
    }

    /// Signs with the acting key and, where it is the one that pays, with the key of `--fee-payer`.
    fn sign(&self, context: &Context, transactions: &mut [PartialTransaction]) -> Result<()> {
        let acting = context.key()?;
        for transaction in transactions {
            if transaction.absent().contains(&acting.address()) {
                acting.need_signer()?;
                sign(transaction, &[acting])?;
            }
            let payer = transaction.fee_payer();
            let payer = context
                .named_fee_payer()?
                .filter(|key| key.address() == payer);
            sign(transaction, payer.as_slice())?;
        }
        Ok(())
    }

    /// Submits what everybody has signed, one after the other, and writes the rest.
    async fn finish(
        &self,
        context: &Context,
        transactions: Vec<PartialTransaction>,
        mut outcome: Cosigned,
    ) -> Result<()> {
        let is_kept = context.mode() == Mode::SignOnly;
        let mut left = Vec::new();
        for transaction in transactions {
            if is_kept || !transaction.absent().is_empty() {
                left.push(transaction);
                continue;
            }
            match submit(&context.ledger, &transaction).await {
                Ok(receipt) => outcome.submitted.push(SubmittedReport::from(&receipt)),
                Err(error) => {
                    let done = outcome.submitted.len();
                    let error = anyhow::Error::from(error);
                    return Err(match done {
                        0 => error,
                        _ => error.context(format!("only the first {done} were submitted")),
                    });
                }
            }
        }
        let signing = context.signing();
        let encoding = Encoding::from(signing.encoding);
        let with_message = signing.dump_transaction_message;
        outcome.transactions = left
            .iter()
            .map(|one| SignOnly::of(one, encoding, with_message))
            .collect();
        if let Some(file) = &signing.outfile {
            write_file(file, &outcome)?;
        }
        context.print(&outcome);
        Ok(())
    }
}

/// Whether a person looks before it agrees: at the output, or at a terminal beside it.
fn is_looked_at(context: &Context) -> bool {
    !context.is_agreed() && (context.is_for_people() || stdin().is_terminal())
}

/// Shows a person what is to be signed, also where a program reads the output.
fn show(context: &Context, report: &impl Report) {
    match context.is_for_people() {
        true => context.print(report),
        false => anstream::eprintln!("{}", report.text()),
    }
}

/// Without a person who looks, it has to be known which goods are expected.
fn need_goods(context: &Context, expectation: &Expectation) -> Result<()> {
    ensure!(
        !context.is_agreed() || expectation.goods != ExpectedGoods::Any,
        "nothing says which goods are expected: name the consignments, or pass --scan, to sign without a \
         prompt"
    );
    Ok(())
}

/// Adds a signature to the transaction that it belongs to.
fn add(transactions: &mut [PartialTransaction], made: MadeSignature) -> Result<()> {
    let mut reason = None;
    for transaction in transactions {
        match transaction.add(made.key, made.signature) {
            Ok(()) => return Ok(()),
            Err(error) => reason = Some(error),
        }
    }
    match reason {
        Some(reason) => Err(reason.into()),
        None => bail!("there is nothing to sign"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_signature_comes_with_its_key() {
        let (key, signature) = (Pubkey::new_unique(), Signature::from([7; 64]));
        let made: MadeSignature = format!("{key}={signature}").parse().unwrap();
        assert_eq!(made, MadeSignature { key, signature });
        for text in [
            key.to_string(),
            format!("{signature}={key}"),
            "=".to_owned(),
        ] {
            let error = text.parse::<MadeSignature>().unwrap_err().to_string();
            assert!(error.contains("PUBKEY=SIGNATURE"), "{error}");
        }
    }
}
