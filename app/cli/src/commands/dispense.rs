//! `pedigree dispense`

use anstyle::AnsiColor;
use anyhow::Result;
use clap::Args;
use pedigree_client::{
    Actor, Located,
    custody::Consignment,
    planning::single_units::{
        Dispensing, GoneUnits, dispense, open_case_on_gone_units, undo_dispense,
    },
    reference::ConsignmentRef,
};
use serde::Serialize;

use crate::{
    answer::Answer,
    arguments::Digest,
    context::Context,
    output::{Report, paint},
    packs::Packs,
    sending::{send, send_with},
    signing_key::{Key, KeySource},
    words,
};

/// Record packs as dispensed to patients.
///
/// Signed by the dispenser that has them, and by their owner if that is another site. A pack that was dispensed
/// before, or is not active for another reason, is refused with who, where and when: exit code 1.
#[derive(Args)]
pub struct Dispense {
    /// The consignment that holds the packs: its address, GTIN/LOT[#UNIT], or its SSCC
    consignment: ConsignmentRef,
    #[command(flatten)]
    packs: Packs,
    /// SHA-256 of what the packs were verified with [default: none]
    #[arg(long, value_name = "SHA-256", conflicts_with = "undo")]
    evidence: Option<Digest>,
    /// Keypair of the owner of packs that the dispenser only stores, or the address of one that signs later
    /// [default: the acting keypair, if the owner made it its operator]
    #[arg(long, value_name = "KEYPAIR", conflicts_with = "undo")]
    owner_keypair: Option<KeySource>,
    /// Take back what was dispensed but not handed out: within ten days
    #[arg(long)]
    undo: bool,
    /// If a pack is not active any more, open a case of suspect product on the consignment
    #[arg(long, conflicts_with = "undo")]
    open_case: bool,
}

impl Dispense {
    pub async fn run(self, context: &Context) -> Result<Answer> {
        let consignment = self.consignment.resolve(&context.ledger).await?;
        let units = self.packs.units(&consignment.lot)?;
        let actor = context.actor()?;
        if self.undo {
            let plan = undo_dispense(&actor, &consignment, units.as_slice()).await?;
            send(context, plan).await?;
            return Ok(Answer::Yes);
        }
        let evidence = self.evidence.map(|digest| digest.0);
        let owner = self
            .owner_keypair
            .as_ref()
            .map(KeySource::load)
            .transpose()?;
        let owner_key = owner.as_ref().map(Key::address);
        match dispense(&actor, &consignment, units.as_slice(), owner_key, evidence).await? {
            Dispensing::Ready(plan) => {
                send_with(context, plan, &owner.iter().collect::<Vec<_>>()).await?;
                Ok(Answer::Yes)
            }
            Dispensing::Gone(gone) => self.refuse(context, &actor, &consignment, &gone).await,
        }
    }

    /// Says what became of the first pack that is gone, or opens a case if that was asked for.
    async fn refuse(
        &self,
        context: &Context,
        actor: &Actor<'_>,
        consignment: &Located<Consignment>,
        gone: &GoneUnits,
    ) -> Result<Answer> {
        let refusal = NotActive {
            unit: gone.first.index,
            fate: words::fate(gone.first.fate()),
            units_gone: gone.count,
        };
        if !self.open_case {
            context.print(&refusal);
            return Ok(Answer::No);
        }
        let evidence = self.evidence.map(|digest| digest.0);
        let because = refusal.reason();
        let plan = open_case_on_gone_units(actor, consignment, gone, &because, evidence).await?;
        send(context, plan).await?;
        Ok(Answer::No)
    }
}

/// Why nothing was dispensed.
#[derive(Serialize)]
struct NotActive {
    /// The first of the packs that are gone.
    unit: u32,
    fate: String,
    /// How many of the packs are gone.
    units_gone: u32,
}

impl NotActive {
    fn reason(&self) -> String {
        let others = match self.units_gone {
            1 => String::new(),
            several => format!(" (and {} others are gone too)", several - 1),
        };
        format!("unit {} is {}{others}", self.unit, self.fate)
    }
}

impl Report for NotActive {
    fn text(&self) -> String {
        format!(
            "{} {}\nSet the pack aside and ask there; if it cannot be explained, open a case with \
             --open-case",
            paint(AnsiColor::Red, "NOT DISPENSED:"),
            self.reason()
        )
    }
}
