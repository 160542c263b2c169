//! Sending goods back, and verifying what came back.

use std::collections::BTreeMap;

use custody::{Consignment, Lot};
use pedigree_domain::Roles;
use pedigree_interface::{
    Located, TransferKind, address,
    identifier::Gln,
    instruction::custody::{self as instruction, OfferTerms},
};
use registry::{Partner, PartnerStatus};
use solana_pubkey::Pubkey;

use crate::{
    actor::Actor,
    error::{Error, Result},
    ledger::Ledger,
    plan::Plan,
    returns::{receivers, sale_to_reverse},
};

/// Goods that go back.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct GoodsReturn {
    /// The receiving site; `None` for the first that takes goods back of their owner, who sold them to it and
    /// the lot's manufacturer.
    pub to: Option<Gln>,
    /// Unix seconds: until when they may be accepted, 90 days ahead at most.
    pub deadline: i64,
    /// Salted SHA-256 of the document behind it.
    pub document_hash: Option<[u8; 32]>,
}

/// Offers goods back. To another site than those that [`receivers`] names they go by reversing the sale
/// by which they came from it, which is found on the ledger.
///
/// # Errors
///
/// [`Error::NoReceiver`] if nobody takes them back, [`Error::NoSaleToReverse`] if the named site never
/// sold them to their custodian, which owns them, or if the actor may not act for the custodian.
pub async fn return_goods(
    actor: &Actor<'_>,
    consignment: &Located<Consignment>,
    goods_return: &GoodsReturn,
) -> Result<Plan> {
    let ledger = actor.ledger;
    let lot: Located<Lot> = ledger.get(&consignment.lot).await?;
    let (to, reverses) = receiver(ledger, consignment, &lot, goods_return.to).await?;
    let from = actor.site(consignment.custodian()).await?;
    let terms = OfferTerms {
        kind: TransferKind::Return,
        statement: false,
        deadline: goods_return.deadline,
        document_hash: goods_return.document_hash,
        reverses,
    };
    let instruction = instruction::offer(actor.payer.key, from, to, consignment, terms);
    let reversing =
        reverses.map_or_else(String::new, |sale| format!(", reversing the sale {sale}"));
    let purpose = format!(
        "offer {} units back to {to}{reversing}",
        consignment.quantity
    );
    let transfer = address::transfer(&consignment.address, consignment.sequence);
    Ok(Plan::new(purpose, instruction).creating("transfer", transfer))
}

/// Records that the identifiers of returned goods were verified, so that they may be sold again (DSCSA
/// section 582(c)(4)(D)). `document_hash` is that of what they were verified with.
///
/// # Errors
///
/// If the actor may not act for the custodian.
pub async fn verify_return(
    actor: &Actor<'_>,
    consignment: &Located<Consignment>,
    document_hash: Option<[u8; 32]>,
) -> Result<Plan> {
    let custodian = actor.site(consignment.custodian()).await?;
    Ok(Plan::new(
        format!("record {} returned units as verified", consignment.quantity),
        instruction::verify_return(custodian, consignment, document_hash),
    ))
}

/// Who takes the goods back, and the sale that the return has to name.
async fn receiver(
    ledger: &Ledger,
    consignment: &Consignment,
    lot: &Lot,
    named: Option<Gln>,
) -> Result<(Gln, Option<Pubkey>)> {
    let receivers = receivers(consignment, lot);
    let to = match named {
        Some(to) => to,
        None => {
            let sites = ledger.partners(receivers.iter().copied()).await?;
            likely_receiver(&receivers, &sites, consignment, lot).ok_or(Error::NoReceiver)?
        }
    };
    if receivers.contains(&to) {
        return Ok((to, None));
    }
    // Title goes back with the goods.
    let is_owners = consignment.owner() == consignment.custodian();
    let sale = match is_owners {
        true => sale_to_reverse(ledger, consignment, to).await?,
        false => None,
    };
    match sale {
        Some(sale) => Ok((to, Some(sale.address))),
        None => Err(Error::NoSaleToReverse {
            seller: to,
            custodian: consignment.custodian(),
            receivers,
        }),
    }
}

/// The first of `receivers`, of which `sites` has the accounts, that takes goods back: who supplies others,
/// and, whatever its role, who takes back its own. A site that is stopped takes nothing.
fn likely_receiver(
    receivers: &[Gln],
    sites: &BTreeMap<Gln, Partner>,
    consignment: &Consignment,
    lot: &Lot,
) -> Option<Gln> {
    let takes_back = |gln: &Gln| {
        let is_its_own = [consignment.owner(), lot.manufacturer()].contains(gln);
        sites.get(gln).is_some_and(|site| {
            let supplies = site.roles & Roles::SUPPLIERS.bits() != 0;
            site.status == PartnerStatus::Active && (is_its_own || supplies)
        })
    };
    receivers.iter().copied().find(takes_back)
}

#[cfg(test)]
mod tests {
    use bytemuck::Zeroable;

    use super::*;

    #[test]
    fn goods_go_back_to_who_may_take_them() {
        let [owner, supplier, maker] = [30, 20, 10];
        let consignment = Consignment {
            custodian: 40,
            owner,
            supplier,
            ..Consignment::zeroed()
        };
        let lot = Lot {
            manufacturer: maker,
            ..Lot::zeroed()
        };
        let receivers = receivers(&consignment, &lot);
        let to = |sites: [(u64, Roles, PartnerStatus); 3]| {
            let site = |(gln, roles, status): (u64, Roles, PartnerStatus)| {
                let roles = roles.bits();
                let partner = Partner {
                    gln,
                    roles,
                    status,
                    ..Partner::zeroed()
                };
                (partner.gln(), partner)
            };
            let sites = sites.map(site).into();
            likely_receiver(&receivers, &sites, &consignment, &lot).map(|gln| gln.number())
        };
        let (active, revoked) = (PartnerStatus::Active, PartnerStatus::Revoked);
        let (makes, sells) = (Roles::MANUFACTURER, Roles::WHOLESALER);
        // A pharmacy takes back what a 3PL stores for it.
        let pharmacy = (owner, Roles::DISPENSER, active);
        let all = [pharmacy, (supplier, sells, active), (maker, makes, active)];
        assert_eq!(to(all), Some(owner));
        let gone = (owner, Roles::DISPENSER, revoked);
        let all = [gone, (supplier, sells, active), (maker, makes, active)];
        assert_eq!(to(all), Some(supplier));
        // Who sold them takes them back as a supplier only.
        let all = [
            gone,
            (supplier, Roles::LOGISTICS, active),
            (maker, makes, active),
        ];
        assert_eq!(to(all), Some(maker));
        let all = [gone, (supplier, sells, revoked), (maker, makes, revoked)];
        assert_eq!(to(all), None);
    }
}
