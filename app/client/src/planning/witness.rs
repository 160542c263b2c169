//! Who watches that goods leave.

use custody::{Case, Consignment, Lot};
use pedigree_interface::{
    Located, identifier::Gln, instruction::custody as instruction, site::Site,
};
use solana_pubkey::Pubkey;

use crate::{
    actor::{acting_site, likely_site},
    error::Result,
    ledger::{Filter, Ledger},
};

/// The witness of a destruction (21 CFR 1317.95), or of what else takes goods away that another site owns or
/// that a case holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Witness {
    /// The key that signs.
    pub key: Pubkey,
    /// The site that the witness belongs to; `None` for the first that the key may act for of those that
    /// have a say, else for the only one that it may act for.
    pub site: Option<Gln>,
}

impl Witness {
    /// The witness of a destruction: of the owner, or else of the custodian.
    pub(super) async fn of_destruction(
        &self,
        ledger: &Ledger,
        consignment: &Consignment,
    ) -> Result<Site> {
        let likely = [consignment.owner(), consignment.custodian()];
        self.acting(ledger, &likely).await
    }

    /// The witness of anything else, with the case that its site opened, if that is the only one that holds
    /// the goods.
    pub(super) async fn of_withdrawal(
        &self,
        ledger: &Ledger,
        consignment: &Located<Consignment>,
    ) -> Result<instruction::Witness> {
        let mut open = Vec::new();
        if consignment.open_cases > 0 {
            let subject = Filter::case_subject(&consignment.address);
            open.extend(ledger.list::<Case>(&[subject]).await?);
        }
        let lot: Located<Lot> = ledger.get(&consignment.lot).await?;
        if lot.open_cases > 0 {
            let subject = Filter::case_subject(&lot.address);
            open.extend(ledger.list::<Case>(&[subject]).await?);
        }
        open.retain(|case| !case.is_resolved());
        let mut likely: Vec<Gln> = open.iter().map(|case| case.opened_by()).collect();
        likely.push(consignment.owner());
        let site = self.acting(ledger, &likely).await?;
        let own = open.iter().find(|case| case.opened_by() == site.gln);
        Ok(instruction::Witness {
            site,
            case: own.map(|case| case.address),
        })
    }

    async fn acting(&self, ledger: &Ledger, likely: &[Gln]) -> Result<Site> {
        match self.site {
            Some(gln) => acting_site(ledger, gln, self.key).await,
            None => likely_site(ledger, &self.key, likely).await,
        }
    }
}
