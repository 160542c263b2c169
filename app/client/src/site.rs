//! Who acts for a site: its own key, or an operator's.

use registry::{Operator, Partner};
use solana_pubkey::Pubkey;

use crate::{
    address,
    error::{Error, Result},
    identifier::Gln,
    ledger::{Filter, Ledger, decode},
    text::field_text,
};

/// A site, and the key that signs for it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Site {
    /// Address of its `Partner` account.
    pub partner: Pubkey,
    /// Its own key, or an operator's.
    pub key: Pubkey,
    /// Address of the `Operator` account, if the key is an operator's.
    pub operator: Option<Pubkey>,
}

impl Site {
    /// The site at `partner` that signs with its own key.
    pub const fn own(partner: Pubkey, key: Pubkey) -> Self {
        Self {
            partner,
            key,
            operator: None,
        }
    }

    /// The site `gln` with `key` acting for it, which is its own or has been appointed by it.
    ///
    /// What an operator may do, and when, is left to the programs.
    pub async fn acting(ledger: &Ledger, gln: Gln, key: Pubkey) -> Result<Self> {
        let partner_address = address::partner(gln);
        let operator = address::operator(&partner_address, &key);
        let (_, accounts) = ledger.accounts(&[partner_address, operator]).await?;
        let [partner, appointment] = accounts.as_slice() else {
            return Err(Error::missing::<Partner>(&partner_address));
        };
        let partner: Partner = match partner {
            Some(account) => decode(&partner_address, account)?,
            None => return Err(Error::missing::<Partner>(&partner_address)),
        };
        let own = Self::own(partner_address, key);
        if partner.authority == key {
            Ok(own)
        } else if appointment.is_some() {
            Ok(Self {
                operator: Some(operator),
                ..own
            })
        } else {
            Err(Error::NotSitesKey {
                key,
                site: format!("{} ({gln})", field_text(&partner.name)),
            })
        }
    }
}

/// Every site that `key` may act for, as its own key or as its operator, by GLN.
pub async fn sites_of(ledger: &Ledger, key: &Pubkey) -> Result<Vec<Partner>> {
    let own: Vec<(Pubkey, Partner)> = ledger.list(&[Filter::partner_authority(key)]).await?;
    let mut sites: Vec<Partner> = own.into_iter().map(|(_, site)| site).collect();
    let appointments: Vec<(Pubkey, Operator)> = ledger.list(&[Filter::operator_key(key)]).await?;
    for (_, operator) in appointments {
        sites.push(ledger.get(&operator.partner).await?);
    }
    sites.sort_by_key(|site| site.gln);
    sites.dedup_by_key(|site| site.gln);
    Ok(sites)
}
