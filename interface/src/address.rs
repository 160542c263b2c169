//! Where the programs keep their accounts: one function for each account type.
//!
//! Each address is a program-derived address of the program that owns the account. Deriving one
//! takes some tens of microseconds, so keep it where it is needed often.

use custody::{Case, Consignment, Lot, Transfer, UnitPage, UnitRecord};
use pedigree_domain::identifier::{Gln, Gtin, LotNumber};
use recall::{Claims, Proofs, Recall, Response, Scope, Tranche};
use registry::{Issuer, Operator, Partner, PrefixTable, Product, Registry};
use solana_pubkey::Pubkey;
use solana_sdk_ids::bpf_loader_upgradeable;

use crate::series::LotSeries;

fn of(program: &Pubkey, seeds: &[&[u8]]) -> Pubkey {
    Pubkey::find_program_address(seeds, program).0
}

/// The `Registry`. There is one.
pub fn registry() -> Pubkey {
    of(&registry::ID, &[Registry::SEED])
}

/// The `Issuer` whose first key was `key`.
pub fn issuer(key: &Pubkey) -> Pubkey {
    of(&registry::ID, &[Issuer::SEED, key.as_ref()])
}

/// The `Partner` account of the site with this GLN.
pub fn partner(gln: Gln) -> Pubkey {
    of(&registry::ID, &[Partner::SEED, &gln.number().to_le_bytes()])
}

/// The `Operator` account by which `key` signs for the site whose `Partner` account is at `partner`.
pub fn operator(partner: &Pubkey, key: &Pubkey) -> Pubkey {
    of(
        &registry::ID,
        &[Operator::SEED, partner.as_ref(), key.as_ref()],
    )
}

/// The `PrefixTable` of the company prefixes that begin with these four digits.
pub fn prefix_table(leading: u16) -> Pubkey {
    of(&registry::ID, &[PrefixTable::SEED, &leading.to_le_bytes()])
}

/// The `Product` with this GTIN.
pub fn product(gtin: Gtin) -> Pubkey {
    of(
        &registry::ID,
        &[Product::SEED, &gtin.number().to_le_bytes()],
    )
}

/// The `Lot` with this number in a series of lots; the address of a product's account stands for its first.
pub fn lot(series: impl Into<LotSeries>, lot_number: LotNumber) -> Pubkey {
    let LotSeries { product, number } = series.into();
    of(
        &custody::ID,
        &[
            Lot::SEED,
            product.as_ref(),
            &lot_number.bytes(),
            &number.to_le_bytes(),
        ],
    )
}

/// The `Consignment` number `index` of its `parent`, counted from 0. A lot is the parent of its first
/// consignment; a consignment is the parent of those that were split off from it.
pub fn consignment(parent: &Pubkey, index: u32) -> Pubkey {
    consignment_with_bump(parent, index).0
}

/// The address of [`consignment`] and its bump, which the account holds.
pub fn consignment_with_bump(parent: &Pubkey, index: u32) -> (Pubkey, u8) {
    let seeds = [Consignment::SEED, parent.as_ref(), &index.to_le_bytes()];
    Pubkey::find_program_address(&seeds, &custody::ID)
}

/// The `Transfer` that was created when `consignment` was offered at this sequence.
pub fn transfer(consignment: &Pubkey, sequence: u32) -> Pubkey {
    of(
        &custody::ID,
        &[
            Transfer::SEED,
            consignment.as_ref(),
            &sequence.to_le_bytes(),
        ],
    )
}

/// The `Case` number `number` of `subject`, a consignment or a lot, counted from 0.
pub fn case(subject: &Pubkey, number: u32) -> Pubkey {
    of(
        &custody::ID,
        &[Case::SEED, subject.as_ref(), &number.to_le_bytes()],
    )
}

/// The `UnitPage` number `number` of a lot: units 8,192 × `number` and the 8,191 after it.
pub fn unit_page(lot: &Pubkey, number: u32) -> Pubkey {
    of(
        &custody::ID,
        &[UnitPage::SEED, lot.as_ref(), &number.to_le_bytes()],
    )
}

/// The `UnitRecord` of what the site `gln` took out of the chain of a lot's block number `block`: units
/// 64 × `block` and the 63 after it.
pub fn unit_record(lot: &Pubkey, gln: Gln, block: u32) -> Pubkey {
    of(
        &custody::ID,
        &[
            UnitRecord::SEED,
            lot.as_ref(),
            &gln.number().to_le_bytes(),
            &block.to_le_bytes(),
        ],
    )
}

/// The `Recall` number `number` of a lot, counted from 0.
pub fn recall(lot: &Pubkey, number: u8) -> Pubkey {
    of(&recall::ID, &[Recall::SEED, lot.as_ref(), &[number]])
}

/// The `Response` to `recall` of the site whose `Partner` account is at `partner`.
pub fn response(recall: &Pubkey, partner: &Pubkey) -> Pubkey {
    of(
        &recall::ID,
        &[Response::SEED, recall.as_ref(), partner.as_ref()],
    )
}

/// The `Scope` number `number` of a recall, counted from 0: its opening's.
pub fn scope(recall: &Pubkey, number: u32) -> Pubkey {
    of(
        &recall::ID,
        &[Scope::SEED, recall.as_ref(), &number.to_le_bytes()],
    )
}

/// The `Proofs` number `page` of a recall: for the same units as the lot's `UnitPage` of that number.
pub fn proofs(recall: &Pubkey, page: u32) -> Pubkey {
    of(
        &recall::ID,
        &[Proofs::SEED, recall.as_ref(), &page.to_le_bytes()],
    )
}

/// The `Tranche` number `number` of a recall, counted from 0.
pub fn tranche(recall: &Pubkey, number: u32) -> Pubkey {
    of(
        &recall::ID,
        &[Tranche::SEED, recall.as_ref(), &number.to_le_bytes()],
    )
}

/// The token account from which a tranche pays.
pub fn vault(tranche: &Pubkey) -> Pubkey {
    of(&recall::ID, &[Tranche::VAULT_SEED, tranche.as_ref()])
}

/// The `Claims` number `page` for what `evidence` shows, a `Transfer` or a `Consignment`: for the 1,024 of
/// its units that come after 1,024 × `page`.
pub fn claims(evidence: &Pubkey, page: u32) -> Pubkey {
    of(
        &recall::ID,
        &[Claims::SEED, evidence.as_ref(), &page.to_le_bytes()],
    )
}

/// The upgradeable loader's `ProgramData` of `program`, which names its upgrade authority.
pub fn program_data(program: &Pubkey) -> Pubkey {
    of(&bpf_loader_upgradeable::ID, &[program.as_ref()])
}
