//! All accounts of a kind, in the order in which people look through them.

use std::cmp::Reverse;

use custody::{Case, Lot};
use pedigree_interface::{
    Located, address,
    identifier::{Gln, Gtin},
};
use recall::{Recall, RecallState};
use registry::{Issuer, Operator, Partner, Product};
use solana_pubkey::Pubkey;

use crate::{
    deadline,
    error::Result,
    ledger::{Filter, Ledger},
};

/// Every issuer, in the order in which they were added.
///
/// # Errors
///
/// If the ledger cannot be read.
pub async fn issuers(ledger: &Ledger) -> Result<Vec<Located<Issuer>>> {
    let mut issuers: Vec<Located<Issuer>> = ledger.list(&[]).await?;
    issuers.sort_by_key(|issuer| (issuer.added_at, issuer.key));
    Ok(issuers)
}

/// Every site, by GLN.
///
/// # Errors
///
/// If the ledger cannot be read.
pub async fn partners(ledger: &Ledger) -> Result<Vec<Located<Partner>>> {
    let mut partners: Vec<Located<Partner>> = ledger.list(&[]).await?;
    partners.sort_by_key(|partner| partner.gln);
    Ok(partners)
}

/// The operators of `site`, by name.
///
/// # Errors
///
/// If the ledger cannot be read.
pub async fn operators(ledger: &Ledger, site: Gln) -> Result<Vec<Located<Operator>>> {
    let of_site = [Filter::operator_partner(&address::partner(site))];
    let mut operators: Vec<Located<Operator>> = ledger.list(&of_site).await?;
    operators.sort_by_key(|operator| (operator.name, operator.key));
    Ok(operators)
}

/// Every product, or those of one `manufacturer`'s site, by GTIN.
///
/// # Errors
///
/// If the ledger cannot be read.
pub async fn products(ledger: &Ledger, manufacturer: Option<Gln>) -> Result<Vec<Located<Product>>> {
    let of_site = manufacturer.map(|gln| Filter::product_manufacturer(&address::partner(gln)));
    let mut products: Vec<Located<Product>> = ledger.list(of_site.as_slice()).await?;
    products.sort_by_key(|product| product.gtin);
    Ok(products)
}

/// Every lot, or those of one product: by GTIN, each product's in the order in which they were minted.
///
/// # Errors
///
/// If the ledger cannot be read.
pub async fn lots(ledger: &Ledger, product: Option<Gtin>) -> Result<Vec<Located<Lot>>> {
    let of_product = product.map(|gtin| Filter::lot_product(&address::product(gtin)));
    let mut lots: Vec<Located<Lot>> = ledger.list(of_product.as_slice()).await?;
    lots.sort_by_key(|lot| (lot.gtin, lot.minted_at));
    Ok(lots)
}

/// Which cases are listed: those that everything given here is true of.
#[derive(Clone, Copy, Debug, Default)]
pub struct CasesAbout {
    /// They are about the consignment at this address.
    pub consignment: Option<Pubkey>,
    /// They are about the lot at this address, or a part of it.
    pub lot: Option<Pubkey>,
    /// This site opened them.
    pub opened_by: Option<Gln>,
}

/// The open cases, those first whose next step is due soonest; `with_resolved` also the others, behind them.
///
/// # Errors
///
/// If the ledger cannot be read.
pub async fn cases(
    ledger: &Ledger,
    about: CasesAbout,
    with_resolved: bool,
) -> Result<Vec<Located<Case>>> {
    let filters: Vec<Filter> = [
        about.consignment.as_ref().map(Filter::case_subject),
        about.lot.as_ref().map(Filter::case_lot),
        about.opened_by.as_ref().map(Filter::case_opened_by),
    ]
    .into_iter()
    .flatten()
    .collect();
    let mut cases: Vec<Located<Case>> = ledger.list(&filters).await?;
    cases.retain(|case| with_resolved || !case.is_resolved());
    cases.sort_by_key(|case| (case.is_resolved(), deadline::next(case)));
    Ok(cases)
}

/// The recalls that are not terminated, or `with_terminated` all, of one product or of any: the newest first.
///
/// # Errors
///
/// If the ledger cannot be read.
pub async fn recalls(
    ledger: &Ledger,
    product: Option<Gtin>,
    with_terminated: bool,
) -> Result<Vec<Located<Recall>>> {
    let mut recalls: Vec<Located<Recall>> = ledger.list(&[]).await?;
    recalls.retain(|recall| {
        product.is_none_or(|gtin| gtin == recall.gtin())
            && (with_terminated || recall.state != RecallState::Terminated)
    });
    recalls.sort_by_key(|recall| Reverse(recall.opened_at));
    Ok(recalls)
}
