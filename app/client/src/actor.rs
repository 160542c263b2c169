//! Who acts, and for which site.

use pedigree_interface::{Located, address, identifier::Gln, site::Site, text::field_text};
use registry::{Operator, Partner};
use solana_instruction::Instruction;
use solana_pubkey::Pubkey;

use crate::{
    error::{Error, Result},
    fee_payer::FeePayer,
    ledger::{Filter, Ledger, decode, missing},
    plan::Plan,
};

/// A key that acts, on a ledger, at somebody's expense: what plans are made for.
#[derive(Clone, Copy)]
pub struct Actor<'a> {
    /// The ledger that is read.
    pub ledger: &'a Ledger,
    /// The key that acts: a site's own, or an operator's.
    pub key: Pubkey,
    /// Who pays fees and rent.
    pub payer: FeePayer,
}

/// A site that a key may act for.
#[derive(Clone, Copy, Debug)]
pub struct ActingSite {
    /// The site's account.
    pub partner: Partner,
    /// The site with the key that signs for it.
    pub site: Site,
}

impl Actor<'_> {
    /// The site `gln`, for which the key signs. What an operator may do, and when, is left to the
    /// programs.
    ///
    /// # Errors
    ///
    /// [`Error::NotSitesKey`] if the key is neither the site's own nor an operator's of the site.
    pub async fn site(&self, gln: Gln) -> Result<Site> {
        acting_site(self.ledger, gln, self.key).await
    }

    /// The site that is `named`, or else the only one that the key may act for.
    ///
    /// # Errors
    ///
    /// Those of [`site`](Self::site) and [`only_site`].
    pub async fn named_or_only_site(&self, named: Option<Gln>) -> Result<Site> {
        match named {
            Some(gln) => self.site(gln).await,
            None => only_site(self.ledger, &self.key).await,
        }
    }

    /// The site that is `named`; else, of those that the key may act for, the first of `likely`; else
    /// the only one.
    ///
    /// # Errors
    ///
    /// Those of [`site`](Self::site) and [`only_site`].
    pub async fn likely_site(&self, named: Option<Gln>, likely: &[Gln]) -> Result<Site> {
        match named {
            Some(gln) => self.site(gln).await,
            None => likely_site(self.ledger, &self.key, likely).await,
        }
    }

    /// Puts the instructions into as few transactions as they fit in. `purpose` says what they do.
    pub fn plan(&self, purpose: impl Into<String>, instructions: Vec<Instruction>) -> Plan {
        Plan::of_many(purpose, self.payer.bundle(instructions))
    }
}

/// The site `gln` with `key` acting for it, which is the site's own or one of its operators'.
///
/// # Errors
///
/// [`Error::NotSitesKey`] if the key is neither, [`Error::Missing`] if there is no such site.
pub async fn acting_site(ledger: &Ledger, gln: Gln, key: Pubkey) -> Result<Site> {
    let own = Site::own(gln, key);
    let by_operator = Site::by_operator(gln, key);
    let appointment = address::operator(&own.partner, &key);
    let (_, accounts) = ledger.accounts(&[own.partner, appointment]).await?;
    let mut accounts = accounts.into_iter();
    let partner = accounts.next().flatten();
    let partner = partner.ok_or_else(|| missing::<Partner>(&own.partner))?;
    let partner: Partner = decode(&own.partner, &partner)?;
    if partner.authority == key {
        Ok(own)
    } else if accounts.next().flatten().is_some() {
        Ok(by_operator)
    } else {
        Err(Error::NotSitesKey {
            key,
            site: name(&partner),
        })
    }
}

/// Every site that `key` may act for, as its own key or as its operator, by GLN.
///
/// # Errors
///
/// If the ledger cannot be read.
pub async fn sites_of(ledger: &Ledger, key: &Pubkey) -> Result<Vec<ActingSite>> {
    let own: Vec<Located<Partner>> = ledger.list(&[Filter::partner_authority(key)]).await?;
    let mut sites: Vec<ActingSite> = own
        .into_iter()
        .map(|partner| ActingSite {
            site: Site::own(partner.gln(), *key),
            partner: partner.account,
        })
        .collect();
    let appointments: Vec<Located<Operator>> = ledger.list(&[Filter::operator_key(key)]).await?;
    for operator in appointments {
        let partner: Located<Partner> = ledger.get(&operator.partner).await?;
        if operator.appointments != partner.appointments {
            continue;
        }
        sites.push(ActingSite {
            site: Site::by_operator(partner.gln(), *key),
            partner: partner.account,
        });
    }
    // Who is both signs with the site's own key: the sort is stable.
    sites.sort_by_key(|site| site.site.gln);
    sites.dedup_by_key(|site| site.site.gln);
    Ok(sites)
}

/// The only site that `key` may act for.
///
/// # Errors
///
/// [`Error::NoSite`] or [`Error::SeveralSites`] if there is none, or more than one.
pub async fn only_site(ledger: &Ledger, key: &Pubkey) -> Result<Site> {
    only(*key, &sites_of(ledger, key).await?)
}

/// The first of `likely` that `key` may act for, or else the only site that it may act for.
///
/// # Errors
///
/// Those of [`only_site`].
pub async fn likely_site(ledger: &Ledger, key: &Pubkey, likely: &[Gln]) -> Result<Site> {
    let sites = sites_of(ledger, key).await?;
    let found = likely
        .iter()
        .find_map(|gln| sites.iter().find(|site| site.site.gln == *gln));
    match found {
        Some(site) => Ok(site.site),
        None => only(*key, &sites),
    }
}

fn only(key: Pubkey, sites: &[ActingSite]) -> Result<Site> {
    match sites {
        [site] => Ok(site.site),
        [] => Err(Error::NoSite(key)),
        several => Err(Error::SeveralSites {
            key,
            sites: several.iter().map(|site| name(&site.partner)).collect(),
        }),
    }
}

/// A site's name and GLN.
fn name(partner: &Partner) -> String {
    let name = field_text(&partner.name);
    format!("{name} ({})", partner.gln())
}
