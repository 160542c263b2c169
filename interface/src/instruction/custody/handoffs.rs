//! Changes of custody or of title in one step, which both sites sign.

use custody::{TransferKind, accounts, instruction as data};
use pedigree_domain::identifier::Gln;
use solana_instruction::{AccountMeta, Instruction};
use solana_pubkey::Pubkey;
use solana_sdk_ids::{system_program, sysvar::clock};

use crate::{address, goods::Goods, instruction::signed, site::Site};

/// Hands a consignment over at once: an offer and its acceptance in one, without a `Transfer`.
/// `document_hash` is that of the transaction information.
///
/// Signed by both sites: operators with `SHIP` for `from`, with `RECEIVE` for `to`.
///
/// Refused as [`offer`](super::offer) is, except for its terms. A return that would have to name a sale
/// has to be offered.
pub fn handoff(
    from: Site,
    to: Site,
    goods: impl Into<Goods>,
    kind: TransferKind,
    document_hash: Option<[u8; 32]>,
) -> Instruction {
    let goods = goods.into();
    let data = data::Handoff {
        kind: kind.code(),
        sequence: goods.sequence,
        document_hash: document_hash.unwrap_or_default(),
    };
    let accounts = accounts::Handoff {
        from_authority: from.key,
        to_authority: to.key,
        from: from.partner,
        to: to.partner,
        lot: goods.lot,
        consignment: goods.consignment,
        clock: clock::ID,
    };
    signed([from, to], data.to_instruction(accounts))
}

/// Hands over all of `goods` as [`handoff`] does, or none. Put those of one lot next to each other: the
/// lot is named again wherever it changes.
///
/// A legacy transaction, of 1,232 bytes, holds 20 consignments of one lot, a v1 transaction 50
/// (`bench/compute_units.md`).
///
/// Signed by both sites: operators with `SHIP` for `from`, with `RECEIVE` for `to`.
///
/// Refused as [`handoff`] is, with the place of the consignment among `goods` in the upper 16 bits of
/// the error's number; and with `DuplicateConsignment`, `SequenceCount` (there are none).
pub fn handoff_batch(
    from: Site,
    to: Site,
    goods: &[Goods],
    kind: TransferKind,
    document_hash: Option<[u8; 32]>,
) -> Instruction {
    let data = data::HandoffBatch {
        kind: kind.code(),
        document_hash: document_hash.unwrap_or_default(),
        sequences: goods.iter().map(|goods| goods.sequence).collect(),
    };
    let accounts = accounts::HandoffBatch {
        from_authority: from.key,
        to_authority: to.key,
        from: from.partner,
        to: to.partner,
        clock: clock::ID,
    };
    let mut instruction = signed([from, to], data.to_instruction(accounts));
    for of_one_lot in goods.chunk_by(|one, next| one.lot == next.lot) {
        let lot = AccountMeta::new_readonly(of_one_lot[0].lot, false);
        let consignments = of_one_lot
            .iter()
            .map(|goods| AccountMeta::new(goods.consignment, false));
        instruction
            .accounts
            .extend(std::iter::once(lot).chain(consignments));
    }
    instruction
}

/// Sells goods that stay where they are, at a logistics provider for instance. `document_hash` is that
/// of the transaction information.
///
/// Signed by both sites: operators with `SHIP` for the seller, with `RECEIVE` for the buyer.
///
/// Refused with `SenderNotOwner` (the seller does not own the goods), `SamePartner`, and with what keeps
/// goods from being sold.
pub fn transfer_title(
    seller: Site,
    buyer: Site,
    goods: impl Into<Goods>,
    document_hash: Option<[u8; 32]>,
) -> Instruction {
    let goods = goods.into();
    let data = data::TransferTitle {
        sequence: goods.sequence,
        document_hash: document_hash.unwrap_or_default(),
    };
    let accounts = accounts::TransferTitle {
        seller_authority: seller.key,
        buyer_authority: buyer.key,
        seller: seller.partner,
        buyer: buyer.partner,
        lot: goods.lot,
        consignment: goods.consignment,
    };
    signed([seller, buyer], data.to_instruction(accounts))
}

/// Gives title to recalled goods to the site of the manufacturer's firm or of the first maker's, or of who holds the
/// product, that has them already: a provider sent them there. It may have lost them since, or passed them on. Creates
/// a `Transfer` like that of a return by the owner, which is evidence of it. An offer of the custodian ends, which has
/// the sequence before that in `goods`.
///
/// Signed by `payer` and by the owner, an operator with `SHIP`.
///
/// Refused with `SenderNotOwner`, `NotCustodian`, `NotWithManufacturer`, `NotRecalled`, `SamePartner`,
/// `SenderSuspended`, `ConsignmentOffered` (if `with` does not say so), `UnitsGone`, `PartlyGone`.
pub fn return_title(
    payer: Pubkey,
    owner: Site,
    goods: impl Into<Goods>,
    with: Holders,
    document_hash: Option<[u8; 32]>,
) -> Instruction {
    let goods = goods.into();
    let data = data::ReturnTitle {
        sequence: goods.sequence,
        document_hash: document_hash.unwrap_or_default(),
    };
    let accounts = accounts::ReturnTitle {
        payer,
        authority: owner.key,
        owner: owner.partner,
        receiver: address::partner(with.receiver),
        manufacturer: address::partner(with.manufacturer),
        product: with.product,
        lot: goods.lot,
        consignment: goods.consignment,
        offer: with
            .is_offered
            .then(|| address::transfer(&goods.consignment, goods.sequence.wrapping_sub(1))),
        transfer: address::transfer(&goods.consignment, goods.sequence),
        system_program: system_program::ID,
    };
    signed([owner], data.to_instruction(accounts))
}

/// Who has goods, or lost them, and who answers for them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Holders {
    /// Has the goods, or lost them, and gets title.
    pub receiver: Gln,
    /// Is responsible for their lot, or minted it: the one of whose firm the receiver is.
    pub manufacturer: Gln,
    /// Address of the lot's product.
    pub product: Pubkey,
    /// Whether the goods are on offer to somebody.
    pub is_offered: bool,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sites() -> [Site; 2] {
        [1, 2].map(|gln| Site::own(Gln::from_account(gln), Pubkey::new_unique()))
    }

    fn goods(lot: Pubkey) -> Goods {
        Goods {
            consignment: Pubkey::new_unique(),
            lot,
            sequence: 7,
        }
    }

    #[test]
    fn operators_follow_in_the_order_of_the_signers() {
        let goods = goods(Pubkey::new_unique());
        let [from, to] = sites();
        let direct = handoff(from, to, goods, TransferKind::Sale, None);
        assert_eq!(direct.accounts.len(), 7);

        let [from, to] = [from, to].map(|site| Site::by_operator(site.gln, site.key));
        let operators: Vec<AccountMeta> = [from, to]
            .into_iter()
            .filter_map(|site| site.operator)
            .map(|operator| AccountMeta::new_readonly(operator, false))
            .collect();
        assert_eq!(operators.len(), 2);
        let by_operators = handoff(from, to, goods, TransferKind::Sale, None);
        assert_eq!(by_operators.accounts[..7], direct.accounts);
        assert_eq!(by_operators.accounts[7..], operators);

        let batch = handoff_batch(from, to, &[goods], TransferKind::Sale, None);
        assert_eq!(batch.accounts[5..7], operators);
    }

    #[test]
    fn a_batch_names_each_lot_before_its_consignments() {
        let [lot, other_lot] = std::array::from_fn(|_| Pubkey::new_unique());
        let [a, b, c] = [lot, lot, other_lot].map(goods);
        let [from, to] = sites();
        let batch = handoff_batch(from, to, &[a, b, c], TransferKind::Sale, None);
        let behind: Vec<(Pubkey, bool)> = batch.accounts[5..]
            .iter()
            .map(|meta| (meta.pubkey, meta.is_writable))
            .collect();
        assert_eq!(
            behind,
            [
                (lot, false),
                (a.consignment, true),
                (b.consignment, true),
                (other_lot, false),
                (c.consignment, true)
            ]
        );
    }
}
