//! Where the programs keep their accounts, derived from the documented seeds alone.

use anchor_lang::Address;
use pedigree_interface::identifier::{Gln, Gtin, LotNumber};

/// The one `Registry`.
pub fn registry() -> Address {
    find(&[b"registry"], &registry::ID)
}

/// The `Issuer` that signs with `key`.
pub fn issuer(key: &Address) -> Address {
    find(&[b"issuer", key.as_ref()], &registry::ID)
}

/// The `Partner` at the site that `gln` names.
pub fn partner(gln: Gln) -> Address {
    find(&[b"partner", &gln.number().to_le_bytes()], &registry::ID)
}

/// The `Operator` that signs with `key` for the partner at the address `partner`.
pub fn operator(partner: &Address, key: &Address) -> Address {
    find(
        &[b"operator", partner.as_ref(), key.as_ref()],
        &registry::ID,
    )
}

/// The `PrefixTable` of the company prefixes that begin with four digits.
pub fn prefix_table(leading: u16) -> Address {
    find(&[b"prefixes", &leading.to_le_bytes()], &registry::ID)
}

/// The `Product` that `gtin` names.
pub fn product(gtin: Gtin) -> Address {
    find(&[b"product", &gtin.number().to_le_bytes()], &registry::ID)
}

/// A `Lot` of the first series of `product`.
pub fn lot(product: &Address, number: LotNumber) -> Address {
    lot_in_series(product, 0, number)
}

/// A `Lot` of a series of `product`; the seeds are its number padded with zeros, and the series'.
pub fn lot_in_series(product: &Address, series: u16, number: LotNumber) -> Address {
    find(
        &[
            b"lot",
            product.as_ref(),
            &number.bytes(),
            &series.to_le_bytes(),
        ],
        &custody::ID,
    )
}

/// The `Consignment` that is its parent's child number `index`.
pub fn consignment(parent: &Address, index: u32) -> Address {
    find(
        &[b"consignment", parent.as_ref(), &index.to_le_bytes()],
        &custody::ID,
    )
}

/// The `Transfer` that offered `consignment` when its sequence was `sequence`.
pub fn transfer(consignment: &Address, sequence: u32) -> Address {
    find(
        &[b"transfer", consignment.as_ref(), &sequence.to_le_bytes()],
        &custody::ID,
    )
}

/// The `Case` number `number` of `subject`, a consignment or a lot.
pub fn case(subject: &Address, number: u32) -> Address {
    find(
        &[b"case", subject.as_ref(), &number.to_le_bytes()],
        &custody::ID,
    )
}

/// The `UnitPage` number `number` of `lot`.
pub fn unit_page(lot: &Address, number: u32) -> Address {
    find(
        &[b"units", lot.as_ref(), &number.to_le_bytes()],
        &custody::ID,
    )
}

/// The `UnitRecord` of the site that `gln` names, for 64 units of `lot`.
pub fn unit_record(lot: &Address, gln: Gln, block: u32) -> Address {
    find(
        &[
            b"record",
            lot.as_ref(),
            &gln.number().to_le_bytes(),
            &block.to_le_bytes(),
        ],
        &custody::ID,
    )
}

/// The `Recall` number `number` of `lot`.
pub fn recall(lot: &Address, number: u8) -> Address {
    find(&[b"recall", lot.as_ref(), &[number]], &recall::ID)
}

/// What the partner at the address `partner` answers to `recall`.
pub fn response(recall: &Address, partner: &Address) -> Address {
    find(
        &[b"response", recall.as_ref(), partner.as_ref()],
        &recall::ID,
    )
}

/// The `Scope` number `number` of `recall`.
pub fn scope(recall: &Address, number: u32) -> Address {
    find(
        &[b"scope", recall.as_ref(), &number.to_le_bytes()],
        &recall::ID,
    )
}

/// The `Proofs` of units `8192 * page` and on.
pub fn proofs(recall: &Address, page: u32) -> Address {
    find(
        &[b"proofs", recall.as_ref(), &page.to_le_bytes()],
        &recall::ID,
    )
}

/// The `Tranche` number `number` of `recall`.
pub fn tranche(recall: &Address, number: u32) -> Address {
    find(
        &[b"tranche", recall.as_ref(), &number.to_le_bytes()],
        &recall::ID,
    )
}

/// The token account that `tranche` pays from.
pub fn vault(tranche: &Address) -> Address {
    find(&[b"vault", tranche.as_ref()], &recall::ID)
}

/// The `Claims` of units `1024 * page` and on of those that `evidence` shows.
pub fn claims(evidence: &Address, page: u32) -> Address {
    find(
        &[b"claims", evidence.as_ref(), &page.to_le_bytes()],
        &recall::ID,
    )
}

/// The address that signs for the recall program.
pub fn recall_authority() -> Address {
    find(&[b"authority"], &recall::ID)
}

/// The loader's `ProgramData` of `program`.
pub fn program_data(program: &Address) -> Address {
    find(
        &[program.as_ref()],
        &solana_sdk_ids::bpf_loader_upgradeable::ID,
    )
}

/// The bump that goes with `seeds`, the highest that gives an address off the curve.
pub fn bump(seeds: &[&[u8]], program: &Address) -> u8 {
    Address::find_program_address(seeds, program).1
}

fn find(seeds: &[&[u8]], program: &Address) -> Address {
    Address::find_program_address(seeds, program).0
}
