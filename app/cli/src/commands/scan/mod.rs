//! `pedigree scan`

mod answer;
mod counter;
mod dispensing;
mod input;
mod tally;

use std::{
    io::{IsTerminal as _, stdin},
    path::PathBuf,
    sync::Arc,
};

use anyhow::{Context as _, Result, bail, ensure};
use clap::Args;
use futures_util::{Stream, StreamExt as _, stream};
use pedigree_client::reference::ConsignmentRef;
use pedigree_manifest::Manifests;
use pedigree_scan::image;

use self::{counter::Counter, dispensing::Dispenser, tally::Tally};
use crate::{
    answer::Answer,
    context::{Context, Mode},
    interruption::interrupted,
};

/// Packs that are verified at once in bulk.
const AT_ONCE: usize = 32;

/// Scan packs and verify each, and optionally dispense it.
///
/// Without a text or a picture, scans are read from standard input, one a line, as a barcode scanner
/// types them or a file holds them. Each is answered on a line, with any repairs; the totals follow at
/// the end. Unreadable scans are reported and skipped. Exit code 1 if any pack is not verified.
///
/// With --dispense, each pack that is verified by its serial number is recorded as dispensed to a patient
/// before the next one is verified. A pack that is recalled, on hold, expired or has left the chain is
/// not, and the answer says why. Whether to send is asked once. Exit code 1 if any pack is not dispensed.
#[derive(Args)]
pub struct Scan {
    /// What a scanner sent, or what is printed on the pack: (01)09506000134352(17)…
    text: Option<String>,
    /// Read every symbol in this PNG or JPEG picture
    #[arg(long, value_name = "FILE", conflicts_with = "text")]
    image: Option<PathBuf>,
    /// Look serial numbers up in this manifest; may be repeated
    #[arg(long, value_name = "FILE")]
    manifest: Vec<PathBuf>,
    /// Look serial numbers up in all manifests in this folder
    #[arg(long, value_name = "FOLDER", conflicts_with = "manifest")]
    manifests: Option<PathBuf>,
    /// Write what each answer rests on to a file in this folder, for `evidence check`
    #[arg(long, value_name = "FOLDER")]
    evidence: Option<PathBuf>,
    /// Dispense each pack that is verified by its serial number, as `dispense` does
    #[arg(long)]
    dispense: bool,
    /// The consignment that the packs are taken from: its address, GTIN/LOT[#UNIT], or its SSCC
    /// [default: whichever of the site's holds the pack]
    #[arg(long, requires = "dispense")]
    consignment: Option<ConsignmentRef>,
}

impl Scan {
    pub async fn run(self, context: &Context) -> Result<Answer> {
        let manifests = match &self.manifests {
            Some(folder) => Manifests::in_folder(folder)
                .with_context(|| format!("the manifests in {} cannot be used", folder.display()))?,
            None => Manifests::open(&self.manifest)?,
        };
        ensure!(
            !self.dispense || manifests.lots() > 0,
            "only packs whose serial number is checked are dispensed: name the lots' manifests with \
             --manifest or --manifests"
        );
        if let Some(folder) = &self.evidence {
            std::fs::create_dir_all(folder)
                .with_context(|| format!("could not make the folder {}", folder.display()))?;
        }
        let (dispenser, mut tally) = match self.dispense {
            true => (
                Some(Dispenser::open(context, self.consignment).await?),
                Tally::of_dispenses(context.mode() == Mode::DryRun),
            ),
            false => (None, Tally::start()),
        };
        let (ledger, manifests) = (&context.ledger, Arc::new(manifests));
        let counter = Counter::new(ledger, manifests, self.evidence, dispenser);
        let scans: Vec<Vec<u8>> = match (self.text, &self.image) {
            (Some(text), _) => vec![text.into_bytes()],
            (None, Some(file)) => {
                let symbols = image::read(file)
                    .with_context(|| format!("{} cannot be read", file.display()))?;
                let texts = symbols.into_iter().map(|symbol| symbol.text.into_bytes());
                texts.collect()
            }
            (None, None) => {
                let is_counter = stdin().is_terminal();
                let lines = input::lines().take_until(Box::pin(interrupted()));
                let lines = lines.map(|line| line.context("standard input cannot be read"));
                if is_counter && context.is_for_people() {
                    let purpose = if self.dispense { " to dispense it" } else { "" };
                    anstream::eprintln!("Scan a pack{purpose}; Ctrl-D ends.");
                }
                // A pack may come twice in a list, and is dispensed once.
                let one_by_one = is_counter || self.dispense;
                let at_once = if one_by_one { 1 } else { AT_ONCE };
                answer_all(context, &counter, lines, at_once, is_counter, &mut tally).await?;
                context.print_line(&tally.summary());
                return conclude(&tally);
            }
        };
        let scans = stream::iter(scans.into_iter().map(Ok));
        answer_all(context, &counter, scans, 1, false, &mut tally).await?;
        conclude(&tally)
    }
}

/// Answers each scan, in order. If the ledger fails the run ends, unless it is to `go_on`: at a counter
/// the next pack is answered even so.
async fn answer_all(
    context: &Context,
    counter: &Counter<'_>,
    scans: impl Stream<Item = Result<Vec<u8>>>,
    at_once: usize,
    go_on: bool,
    tally: &mut Tally,
) -> Result<()> {
    let answers = scans
        .enumerate()
        .map(|(place, scan)| async move { anyhow::Ok(counter.answer(place + 1, &scan?).await) })
        .buffered(at_once);
    let mut answers = std::pin::pin!(answers);
    while let Some(answer) = answers.next().await {
        let answer = answer?;
        context.print_line(&answer);
        tally.count(&answer);
        if let (Some(reason), false) = (answer.unanswered(), go_on) {
            bail!("scan {} got no answer: {reason}", answer.scan);
        }
    }
    Ok(())
}

fn conclude(tally: &Tally) -> Result<Answer> {
    match tally.unanswered() {
        0 if tally.is_all_well() => Ok(Answer::Yes),
        0 => Ok(Answer::No),
        unanswered => bail!("{unanswered} scans got no answer: scan these packs again"),
    }
}
