//! Reading a handoff out of an instruction.

use std::collections::BTreeMap;

use anchor_lang::Discriminator as _;
use custody::{
    Change, Consignment,
    instruction::{Handoff, HandoffBatch},
};
use pedigree_interface::{
    Goods, Located, TransferKind,
    instruction::custody::{handoff, handoff_batch},
    site::Site,
};
use registry::Partner;
use solana_instruction::{AccountMeta, Instruction};
use solana_pubkey::Pubkey;

use crate::{
    error::Result,
    ledger::{Ledger, missing},
    stock::{Item, by_address, describe},
    trace::decode,
};

/// Accounts of `handoff_batch` itself; operators, lots and consignments follow.
const BATCH_ACCOUNTS: usize = 5;

/// A change of custody that both sides sign.
#[derive(Clone, Debug)]
pub struct HandOver {
    /// The site that hands over, and the key that signs for it.
    pub from: Side,
    /// The site that takes over, and the key that signs for it.
    pub to: Side,
    /// What the change of custody is for.
    pub kind: TransferKind,
    /// Salted SHA-256 of the document behind it.
    pub document_hash: Option<[u8; 32]>,
    /// What is handed over, in the instruction's order.
    pub goods: Vec<Handed>,
}

/// One side of a handoff.
#[derive(Clone, Copy, Debug)]
pub struct Side {
    /// The site.
    pub partner: Partner,
    /// The key that signs for it: its own, or an operator's.
    pub key: Pubkey,
}

impl Side {
    fn site(&self) -> Site {
        let gln = self.partner.gln();
        match self.partner.authority == self.key {
            true => Site::own(gln, self.key),
            false => Site::by_operator(gln, self.key),
        }
    }
}

/// A consignment that is handed over.
#[derive(Clone, Debug)]
pub struct Handed {
    /// The consignment as it is on the ledger, with its lot and product.
    pub item: Item,
    /// The sequence that the instruction names.
    pub sequence: u32,
}

impl Handed {
    /// Whether the consignment changed since the instruction was made, so that the program refuses it.
    pub fn is_stale(&self) -> bool {
        self.item.consignment.sequence != self.sequence
    }
}

/// What an instruction that hands over names, before anything is looked up.
struct Named {
    from_key: Pubkey,
    to_key: Pubkey,
    from: Pubkey,
    to: Pubkey,
    kind: TransferKind,
    document_hash: Option<[u8; 32]>,
    goods: Vec<Goods>,
}

/// Whether an instruction claims to hand over.
pub(super) fn is_handover(instruction: &Instruction) -> bool {
    let data = &instruction.data;
    instruction.program_id == custody::ID
        && (data.starts_with(Handoff::DISCRIMINATOR)
            || data.starts_with(HandoffBatch::DISCRIMINATOR))
}

/// What an instruction hands over, as it stands on the ledger; `None` if its accounts and arguments are not
/// exactly those that a handoff has.
///
/// # Errors
///
/// [`Error::Missing`](crate::Error::Missing) or [`Error::NotA`](crate::Error::NotA) if what it names is not
/// on the ledger.
pub(super) async fn read(ledger: &Ledger, instruction: &Instruction) -> Result<Option<HandOver>> {
    let Some(named) = named(instruction) else {
        return Ok(None);
    };
    let partners: BTreeMap<Pubkey, Partner> = ledger.get_many([named.from, named.to]).await?;
    let side = |site: Pubkey, key| {
        let partner = partners.get(&site).ok_or_else(|| missing::<Partner>(&site));
        partner.map(|partner| Side {
            partner: *partner,
            key,
        })
    };
    let (from, to) = (
        side(named.from, named.from_key)?,
        side(named.to, named.to_key)?,
    );
    if !is_built_from(instruction, &named, from.site(), to.site()) {
        return Ok(None);
    }
    let consignments: BTreeMap<Pubkey, Consignment> = ledger
        .get_many(named.goods.iter().map(|goods| goods.consignment))
        .await?;
    let located = consignments
        .into_iter()
        .map(|(address, consignment)| Located::new(address, consignment));
    let items = by_address(describe(ledger, located.collect()).await?);
    let handed = |goods: &Goods| {
        let item = items.get(&goods.consignment);
        Ok(Handed {
            item: item
                .ok_or_else(|| missing::<Consignment>(&goods.consignment))?
                .clone(),
            sequence: goods.sequence,
        })
    };
    Ok(Some(HandOver {
        from,
        to,
        kind: named.kind,
        document_hash: named.document_hash,
        goods: named.goods.iter().map(handed).collect::<Result<_>>()?,
    }))
}

fn named(instruction: &Instruction) -> Option<Named> {
    let arguments = instruction.data.get(1..)?;
    let accounts = &instruction.accounts;
    let account = |index: usize| accounts.get(index).map(|meta| meta.pubkey);
    let (kind, document_hash, goods) = if instruction.data.starts_with(Handoff::DISCRIMINATOR) {
        let (kind, sequence, document_hash): (u8, u32, [u8; 32]) = decode(arguments)?;
        let goods = Goods {
            lot: account(4)?,
            consignment: account(5)?,
            sequence,
        };
        (kind, document_hash, vec![goods])
    } else {
        let (kind, document_hash, sequences): (u8, [u8; 32], Vec<u32>) = decode(arguments)?;
        let goods = batch(accounts.get(BATCH_ACCOUNTS..)?, &sequences)?;
        (kind, document_hash, goods)
    };
    Some(Named {
        from_key: account(0)?,
        to_key: account(1)?,
        from: account(2)?,
        to: account(3)?,
        kind: TransferKind::of(Change::from_code(kind))?,
        document_hash: (document_hash != [0; 32]).then_some(document_hash),
        goods,
    })
}

/// The goods of a batch: each lot is only read, and stands before its consignments, which change.
fn batch(accounts: &[AccountMeta], sequences: &[u32]) -> Option<Vec<Goods>> {
    let mut lot = None;
    let mut goods = Vec::with_capacity(sequences.len());
    for account in accounts {
        if account.is_writable {
            goods.push(Goods {
                consignment: account.pubkey,
                lot: lot?,
                sequence: *sequences.get(goods.len())?,
            });
        } else {
            lot = Some(account.pubkey);
        }
    }
    (goods.len() == sequences.len() && !goods.is_empty()).then_some(goods)
}

/// Whether the builder makes the same instruction from what was read. Whether an account signs or changes is
/// a matter of the whole transaction.
fn is_built_from(instruction: &Instruction, named: &Named, from: Site, to: Site) -> bool {
    let Named {
        kind,
        document_hash,
        goods,
        ..
    } = named;
    let built = match goods.as_slice() {
        [one] if instruction.data.starts_with(Handoff::DISCRIMINATOR) => {
            handoff(from, to, *one, *kind, *document_hash)
        }
        goods => handoff_batch(from, to, goods, *kind, *document_hash),
    };
    let addresses = |instruction: &Instruction| -> Vec<Pubkey> {
        let accounts = instruction.accounts.iter();
        accounts.map(|meta| meta.pubkey).collect()
    };
    built.data == instruction.data && addresses(&built) == addresses(instruction)
}

#[cfg(test)]
mod tests {
    use bytemuck::Zeroable as _;
    use pedigree_interface::identifier::Gln;

    use super::*;

    /// A site with its own key and an operator's.
    fn side(gln: u64, by_operator: bool) -> Side {
        let [own, operator] = std::array::from_fn(|_| Pubkey::new_unique());
        Side {
            partner: Partner {
                gln: Gln::from_account(gln).number(),
                authority: own,
                ..Partner::zeroed()
            },
            key: if by_operator { operator } else { own },
        }
    }

    fn goods(count: usize) -> Vec<Goods> {
        let lots: [Pubkey; 2] = std::array::from_fn(|_| Pubkey::new_unique());
        let goods = (0..count).map(|number| Goods {
            consignment: Pubkey::new_unique(),
            lot: lots[number * 2 / count],
            sequence: number as u32,
        });
        goods.collect()
    }

    #[test]
    fn what_the_builders_make_is_read_back() {
        for by_operators in [false, true] {
            let [from, to] =
                [9_506_000_000_015, 9_506_000_000_022].map(|gln| side(gln, by_operators));
            let (kind, document) = (TransferKind::Logistics, Some([7; 32]));
            for count in [1, 2, 7] {
                let goods = goods(count);
                let batch = handoff_batch(from.site(), to.site(), &goods, kind, document);
                let single = handoff(from.site(), to.site(), goods[0], kind, document);
                for (instruction, expected) in [(batch, &goods[..]), (single, &goods[..1])] {
                    assert!(is_handover(&instruction));
                    let read = named(&instruction).unwrap();
                    assert_eq!(read.goods, expected);
                    assert_eq!((read.kind, read.document_hash), (kind, document));
                    assert_eq!((read.from_key, read.to_key), (from.key, to.key));
                    assert!(is_built_from(&instruction, &read, from.site(), to.site()));
                }
            }
        }
    }

    #[test]
    fn a_handoff_with_anything_more_or_less_is_none() {
        let [from, to] = [1, 2].map(|gln| side(gln, false));
        let goods = goods(3);
        let kind = TransferKind::Sale;
        let batch = handoff_batch(from.site(), to.site(), &goods, kind, None);
        let is_one = |instruction: &Instruction| {
            named(instruction)
                .is_some_and(|read| is_built_from(instruction, &read, from.site(), to.site()))
        };
        assert!(is_one(&batch));
        let changed = |change: fn(&mut Instruction)| {
            let mut changed = batch.clone();
            change(&mut changed);
            changed
        };
        for (what, changed) in [
            (
                "one account more",
                changed(|it| it.accounts.push(it.accounts[6].clone())),
            ),
            ("one account less", changed(|it| it.accounts.truncate(8))),
            (
                "no clock",
                changed(|it| it.accounts[4] = it.accounts[5].clone()),
            ),
            (
                "a lot twice",
                changed(|it| it.accounts.insert(5, it.accounts[5].clone())),
            ),
            ("a byte more", changed(|it| it.data.push(0))),
            (
                "a byte less",
                changed(|it| it.data.truncate(it.data.len() - 1)),
            ),
            ("an unknown kind", changed(|it| it.data[1] = 7)),
            ("no data", changed(|it| it.data.clear())),
            ("no accounts", changed(|it| it.accounts.clear())),
        ] {
            assert!(!is_one(&changed), "{what}");
        }
    }
}
