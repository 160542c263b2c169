//! Handing goods over at once, with both sites' signatures.

use custody::Consignment;
use pedigree_interface::{
    Goods, Located, TransferKind, identifier::Gln, instruction::custody as instruction, site::Site,
};
use solana_instruction::Instruction;
use solana_pubkey::Pubkey;

use crate::{
    actor::{Actor, acting_site},
    error::{Error, Result},
    fee_payer::FeePayer,
    plan::Plan,
};

/// Who takes goods over, and as what.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Handoff {
    /// The receiving site.
    pub to: Gln,
    /// The key that signs for it: its own, or an operator's.
    pub to_key: Pubkey,
    /// What the change of custody is for.
    pub kind: TransferKind,
    /// Salted SHA-256 of the document behind it.
    pub document_hash: Option<[u8; 32]>,
}

/// Hands `consignments` over, all of which one site holds. The actor's key and the receiver's sign.
///
/// Several are handed over in as few transactions as they fit in, each of which hands over all of its
/// consignments or none.
///
/// # Errors
///
/// [`Error::SeveralCustodians`] if not all are in one custody, or if one of the keys may not act for
/// its site.
pub async fn hand_over(
    actor: &Actor<'_>,
    consignments: &[Located<Consignment>],
    handoff: &Handoff,
) -> Result<Plan> {
    let Handoff {
        to,
        to_key,
        kind,
        document_hash,
    } = *handoff;
    let custodian = one_custodian(consignments)?;
    let sides = Sides {
        from: actor.site(custodian).await?,
        to: acting_site(actor.ledger, to, to_key).await?,
        kind,
        document_hash,
    };
    let units: u64 = consignments
        .iter()
        .map(|consignment| u64::from(consignment.quantity))
        .sum();
    let several = match consignments.len() {
        1 => String::new(),
        several => format!(" in {several} consignments"),
    };
    Ok(Plan::of_many(
        format!("hand {units} units{several} to {to} ({kind})"),
        sides.transactions(&actor.payer, consignments),
    ))
}

/// Sells goods that stay where they are, at a 3PL for instance. The actor is their owner; `buyer_key`
/// signs for the site `buyer`.
///
/// # Errors
///
/// If one of the keys may not act for its site.
pub async fn sell(
    actor: &Actor<'_>,
    consignment: &Located<Consignment>,
    buyer: Gln,
    buyer_key: Pubkey,
    document_hash: Option<[u8; 32]>,
) -> Result<Plan> {
    let seller = actor.site(consignment.owner()).await?;
    let buyer_site = acting_site(actor.ledger, buyer, buyer_key).await?;
    let custodian = consignment.custodian();
    let quantity = consignment.quantity;
    Ok(Plan::new(
        format!("sell {quantity} units to {buyer}; they stay with {custodian}"),
        instruction::transfer_title(seller, buyer_site, consignment, document_hash),
    ))
}

/// The site that holds all of `consignments`, of which there is at least one.
fn one_custodian(consignments: &[Located<Consignment>]) -> Result<Gln> {
    let first = consignments.first().ok_or(Error::NothingToDo)?;
    let elsewhere = consignments
        .iter()
        .find(|consignment| consignment.custodian != first.custodian);
    match elsewhere {
        None => Ok(first.custodian()),
        Some(consignment) => Err(Error::SeveralCustodians {
            consignment: consignment.address,
            custodian: consignment.custodian(),
            first: first.custodian(),
        }),
    }
}

/// Who hands over to whom, and as what.
struct Sides {
    from: Site,
    to: Site,
    kind: TransferKind,
    document_hash: Option<[u8; 32]>,
}

impl Sides {
    /// One transaction for one consignment; for several, as few as they fit in.
    fn transactions(
        &self,
        payer: &FeePayer,
        consignments: &[Located<Consignment>],
    ) -> Vec<Vec<Instruction>> {
        let Self {
            from,
            to,
            kind,
            document_hash,
        } = *self;
        if let [one] = consignments {
            return vec![vec![instruction::handoff(
                from,
                to,
                one,
                kind,
                document_hash,
            )]];
        }
        // A lot is named once for all of its consignments that are next to each other.
        let mut consignments: Vec<&Located<Consignment>> = consignments.iter().collect();
        consignments.sort_by_key(|consignment| (consignment.lot, consignment.first_unit));
        let batch =
            |goods: &[Goods]| instruction::handoff_batch(from, to, goods, kind, document_hash);
        let mut batches: Vec<Vec<Goods>> = Vec::new();
        for next in consignments {
            let next = Goods::from(next);
            if let Some(open) = batches.last_mut() {
                open.push(next);
                if payer.fits(&[batch(open)]) {
                    continue;
                }
                open.pop();
            }
            batches.push(vec![next]);
        }
        batches.iter().map(|goods| vec![batch(goods)]).collect()
    }
}

#[cfg(test)]
mod tests {
    use bytemuck::Zeroable;

    use super::*;

    /// Consignments of lots in turn.
    fn consignments(count: u32, lots: &[Pubkey]) -> Vec<Located<Consignment>> {
        let consignment = |number: u32| {
            let consignment = Consignment {
                lot: lots[number as usize % lots.len()],
                first_unit: number,
                custodian: 9_506_000_000_015,
                ..Consignment::zeroed()
            };
            Located::new(Pubkey::new_unique(), consignment)
        };
        (0..count).map(consignment).collect()
    }

    fn sides() -> Sides {
        let site = |gln: u64| Site::own(Gln::from_account(gln), Pubkey::new_unique());
        Sides {
            from: site(9_506_000_000_015),
            to: site(9_506_000_000_022),
            kind: TransferKind::Sale,
            document_hash: None,
        }
    }

    #[test]
    fn many_consignments_take_as_few_transactions_as_they_fit_in() {
        let sides = sides();
        let payer = FeePayer::new(sides.from.key);
        for (count, transactions) in [(1, 1), (2, 1), (20, 1), (25, 2), (60, 3)] {
            let consignments = consignments(count, &[Pubkey::new_unique()]);
            let planned = sides.transactions(&payer, &consignments);
            assert_eq!(planned.len(), transactions, "{count} consignments");
            assert!(planned.iter().all(|transaction| payer.fits(transaction)));
            let handed_over: Vec<Pubkey> = planned
                .iter()
                .flatten()
                .flat_map(|instruction| &instruction.accounts)
                .filter(|account| account.is_writable)
                .map(|account| account.pubkey)
                .collect();
            assert_eq!(handed_over.len(), consignments.len(), "each once");
            for consignment in consignments {
                assert!(handed_over.contains(&consignment.address));
            }
        }
    }

    #[test]
    fn a_lot_is_named_once() {
        let sides = sides();
        let payer = FeePayer::new(sides.from.key);
        let lots: [Pubkey; 2] = std::array::from_fn(|_| Pubkey::new_unique());
        let [transaction] = &sides.transactions(&payer, &consignments(6, &lots))[..] else {
            panic!("six fit into one transaction");
        };
        for lot in lots {
            let named = transaction[0].accounts.iter();
            assert_eq!(named.filter(|account| account.pubkey == lot).count(), 1);
        }
    }

    #[test]
    fn what_two_sites_hold_is_not_handed_over_together() {
        let mut consignments = consignments(3, &[Pubkey::new_unique()]);
        assert!(one_custodian(&consignments).is_ok());
        consignments[2].account.custodian = 9_506_000_000_022;
        let error = one_custodian(&consignments).unwrap_err();
        assert!(matches!(error, Error::SeveralCustodians { consignment, .. }
                if consignment == consignments[2].address));
        assert!(matches!(one_custodian(&[]), Err(Error::NothingToDo)));
    }
}
