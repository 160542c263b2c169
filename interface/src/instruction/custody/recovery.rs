//! Goods that a regulator brings from a custodian that does not send them.

use custody::{accounts, instruction as data};
use pedigree_domain::identifier::Gln;
use solana_instruction::Instruction;
use solana_pubkey::Pubkey;

use crate::{address, goods::Goods, instruction::signed, site::Site};

/// Puts goods into the hands of `to` that the site `from` has by the ledger and does not send, or that were
/// found after a theft. Title stays; the goods count as returned, and what was stolen as condemned. The
/// sequence in `goods` is only needed where they are on offer: then it is that of the offer, which ends.
///
/// Signed by a regulator, an operator with `QUARANTINE`, and by the receiver, an operator with `RECEIVE`.
///
/// Refused with `NotRegulator`, `NotCustodian`, `SamePartner`, `ConsignmentOffered` (without `is_offered`),
/// `UnitsGone` (destroyed, sampled or exported).
pub fn recover(
    regulator: Site,
    from: Gln,
    to: Site,
    goods: impl Into<Goods>,
    is_offered: bool,
    document_hash: Option<[u8; 32]>,
) -> Instruction {
    let goods = goods.into();
    let data = data::Recover {
        document_hash: document_hash.unwrap_or_default(),
    };
    let offer: Option<Pubkey> =
        is_offered.then(|| address::transfer(&goods.consignment, goods.sequence));
    let accounts = accounts::Recover {
        authority: regulator.key,
        to_authority: to.key,
        regulator: regulator.partner,
        from: address::partner(from),
        to: to.partner,
        lot: goods.lot,
        consignment: goods.consignment,
        offer,
    };
    signed([regulator, to], data.to_instruction(accounts))
}
