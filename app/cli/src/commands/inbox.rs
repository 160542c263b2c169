//! `pedigree inbox`

use anstyle::AnsiColor;
use anyhow::Result;
use chrono::Utc;
use clap::Args;
use pedigree_client::{
    identifier::{Expiry, Gln},
    stock::{Offer, offers_to},
    text::field_text,
};
use serde::Serialize;

use crate::{
    answer::Answer,
    context::Context,
    names::SiteNames,
    output::{Report, paint, rows},
    words::{consignment_name, time},
};

/// List what is on offer to a site, the soonest deadline first.
#[derive(Args)]
pub struct Inbox {
    /// GLN of the site [default: the acting keypair's]
    #[arg(long)]
    site: Option<Gln>,
}

impl Inbox {
    pub async fn run(self, context: &Context) -> Result<Answer> {
        let ledger = &context.ledger;
        let site = context.own_gln(self.site).await?;
        let offers = offers_to(ledger, site).await?;
        let senders = offers.iter().map(|offer| offer.transfer.from());
        let names = SiteNames::read(ledger, senders).await?;
        let now = Utc::now().timestamp();
        let reports = offers
            .iter()
            .map(|offer| OfferReport::new(offer, &names, now));
        context.print(&OfferList(reports.collect()));
        Ok(Answer::Yes)
    }
}

#[derive(Serialize)]
struct OfferReport {
    /// As it may be typed.
    consignment: String,
    consignment_address: String,
    transfer: String,
    product: String,
    expiry: Expiry,
    quantity: u32,
    kind: String,
    from: String,
    offered_at: i64,
    deadline: i64,
    /// The deadline has passed: the goods can only be offered again.
    lapsed: bool,
    document: String,
}

impl OfferReport {
    fn new(offer: &Offer, names: &SiteNames, now: i64) -> Self {
        let Offer {
            transfer,
            lot,
            product,
        } = offer;
        Self {
            consignment: consignment_name(lot, transfer.first_unit),
            consignment_address: transfer.consignment.to_string(),
            transfer: transfer.address.to_string(),
            product: field_text(&product.name),
            expiry: lot.expiry(),
            quantity: transfer.quantity,
            kind: transfer.kind.to_string(),
            from: names.of(transfer.from()),
            offered_at: transfer.offered_at,
            deadline: transfer.deadline,
            lapsed: now > transfer.deadline,
            document: hex::encode(transfer.document_hash),
        }
    }
}

#[derive(Serialize)]
#[serde(transparent)]
struct OfferList(Vec<OfferReport>);

impl Report for OfferList {
    fn text(&self) -> String {
        let offers = self.0.iter().map(|offer| {
            let deadline = time(offer.deadline);
            [
                offer.consignment.clone(),
                offer.product.clone(),
                offer.expiry.to_string(),
                offer.quantity.to_string(),
                offer.kind.clone(),
                offer.from.clone(),
                if offer.lapsed {
                    format!("{deadline} {}", paint(AnsiColor::Red, "LAPSED"))
                } else {
                    deadline
                },
            ]
        });
        rows(
            [
                "Consignment",
                "Product",
                "Expiry",
                "Units",
                "Kind",
                "From",
                "Accept by",
            ],
            offers,
        )
    }
}
