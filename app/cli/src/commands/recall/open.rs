//! `pedigree recall open`

use anyhow::{Result, bail};
use clap::Args;
use pedigree_client::{
    identifier::{Gln, Gtin},
    planning::recalls::{RecallOrder, RecalledGoods, open},
    recall::RecallReason,
    reference::LotRef,
    units::UnitRange,
};

use super::terms::{NoticeArguments, StrategyArguments, reasons};
use crate::{answer::Answer, context::Context, sending::send};

/// Recall lots, or a range of one lot's units.
///
/// For the manufacturer, the site that holds the product now, or a regulator. The class is a proposal until
/// a regulator assigns it with `pedigree recall reclassify`. From the next slot on none of the units goes
/// further down the chain or to a patient, whoever holds them; they only go back, to disposal or to a
/// laboratory.
#[derive(Args)]
pub struct Open {
    /// The lots
    #[arg(value_name = "GTIN/LOT", required_unless_present = "product")]
    lots: Vec<LotRef>,
    /// All lots of this product instead
    #[arg(long, value_name = "GTIN", conflicts_with = "lots")]
    product: Option<Gtin>,
    /// Only these units of the lot: FIRST-LAST [default: all]
    #[arg(long, value_name = "RANGE", conflicts_with = "product")]
    units: Option<UnitRange>,
    #[command(flatten)]
    strategy: StrategyArguments,
    /// Why
    #[arg(long, value_parser = reasons())]
    reason: RecallReason,
    #[command(flatten)]
    notice: NoticeArguments,
    /// GLN of the site that recalls [default: the acting keypair's]
    #[arg(long)]
    site: Option<Gln>,
}

impl Open {
    pub async fn run(self, context: &Context) -> Result<Answer> {
        let goods = match (self.product, self.units, self.lots.as_slice()) {
            (Some(gtin), ..) => RecalledGoods::Product(gtin),
            (None, Some(units), [lot]) => RecalledGoods::Units(*lot, units),
            (None, Some(_), _) => bail!("--units is about one lot: open a recall for each"),
            (None, None, _) => RecalledGoods::Lots(self.lots),
        };
        let order = RecallOrder {
            goods,
            strategy: self.strategy.strategy(),
            reason: self.reason,
            notice: self.notice.notice()?,
        };
        let plan = open(&context.actor()?, &order, self.site).await?;
        send(context, plan).await?;
        Ok(Answer::Yes)
    }
}
