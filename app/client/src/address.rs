//! Where the programs keep their accounts: one function for each account type.

use custody::{Case, Consignment, DispenseRecord, Lot, Transfer, UnitPage};
use recall::{Claims, Recall, Response};
use registry::{Issuer, Operator, Partner, Product, Registry};
use solana_pubkey::Pubkey;

use crate::identifier::{Gln, Gtin, LotNumber};

fn of(program: &Pubkey, seeds: &[&[u8]]) -> Pubkey {
    Pubkey::find_program_address(seeds, program).0
}

/// The registry: one for the program.
pub fn registry() -> Pubkey {
    of(&registry::ID, &[Registry::SEED])
}

/// The issuer that signs with `key`.
pub fn issuer(key: &Pubkey) -> Pubkey {
    of(&registry::ID, &[Issuer::SEED, key.as_ref()])
}

/// The partner's site with this GLN.
pub fn partner(gln: Gln) -> Pubkey {
    of(&registry::ID, &[Partner::SEED, &gln.number().to_le_bytes()])
}

/// The operator that signs with `key` for the site at `partner`.
pub fn operator(partner: &Pubkey, key: &Pubkey) -> Pubkey {
    of(
        &registry::ID,
        &[Operator::SEED, partner.as_ref(), key.as_ref()],
    )
}

/// The product with this GTIN.
pub fn product(gtin: Gtin) -> Pubkey {
    of(
        &registry::ID,
        &[Product::SEED, &gtin.number().to_le_bytes()],
    )
}

/// The lot of this product with this number.
pub fn lot(product: &Pubkey, lot_number: LotNumber) -> Pubkey {
    of(
        &custody::ID,
        &[Lot::SEED, product.as_ref(), &lot_number.bytes()],
    )
}

/// The consignment at place `index` under a lot (its first consignment: 0) or a consignment.
pub fn consignment(parent: &Pubkey, index: u32) -> Pubkey {
    consignment_with_bump(parent, index).0
}

/// The same, with the bump that the account holds.
pub(crate) fn consignment_with_bump(parent: &Pubkey, index: u32) -> (Pubkey, u8) {
    let seeds = [Consignment::SEED, parent.as_ref(), &index.to_le_bytes()];
    Pubkey::find_program_address(&seeds, &custody::ID)
}

/// The offer of a consignment at this sequence.
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

/// Case number `number` about a consignment or a lot, counted from 0.
pub fn case(subject: &Pubkey, number: u32) -> Pubkey {
    of(
        &custody::ID,
        &[Case::SEED, subject.as_ref(), &number.to_le_bytes()],
    )
}

/// Page `number` of a lot's units.
pub fn unit_page(lot: &Pubkey, number: u32) -> Pubkey {
    of(
        &custody::ID,
        &[UnitPage::SEED, lot.as_ref(), &number.to_le_bytes()],
    )
}

/// The record of what a site dispensed of a block of 64 units.
pub fn dispense_record(lot: &Pubkey, dispenser: Gln, block: u32) -> Pubkey {
    of(
        &custody::ID,
        &[
            DispenseRecord::SEED,
            lot.as_ref(),
            &dispenser.number().to_le_bytes(),
            &block.to_le_bytes(),
        ],
    )
}

/// Recall `number` of a lot, counted from 0.
pub fn recall(lot: &Pubkey, number: u8) -> Pubkey {
    of(&recall::ID, &[Recall::SEED, lot.as_ref(), &[number]])
}

/// What the site at `partner` answers to a recall.
pub fn response(recall: &Pubkey, partner: &Pubkey) -> Pubkey {
    of(
        &recall::ID,
        &[Response::SEED, recall.as_ref(), partner.as_ref()],
    )
}

/// Page `page` of a recall's claims.
pub fn claims(recall: &Pubkey, page: u32) -> Pubkey {
    of(
        &recall::ID,
        &[Claims::SEED, recall.as_ref(), &page.to_le_bytes()],
    )
}

/// The token account out of which a recall pays.
pub fn vault(recall: &Pubkey) -> Pubkey {
    of(&recall::ID, &[Recall::VAULT_SEED, recall.as_ref()])
}
