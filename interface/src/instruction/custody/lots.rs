//! Lots: how they begin, and which of their units are recalled.

use custody::{RECALL_AUTHORITY, accounts, instruction as data};
use pedigree_domain::identifier::{Expiry, LotNumber};
use solana_instruction::Instruction;
use solana_pubkey::Pubkey;
use solana_sdk_ids::system_program;

use crate::{address, instruction::signed, series::LotSeries, site::Site, units::UnitRange};

/// What the manufacturer prints on the packs of a lot, and the commitment to their serial numbers.
#[derive(Clone, Copy, Debug)]
pub struct LotLabel {
    /// The lot number: up to 20 characters.
    pub lot_number: LotNumber,
    /// The expiry date: a day, or a month and year, which ends with the month's last day.
    pub expiry: Expiry,
    /// Units in the lot, numbered from 0 in packing order.
    pub quantity: u32,
    /// Root of the manifest's Merkle tree; `None` if the lot is not serialised.
    pub serial_root: Option<[u8; 32]>,
    /// SHA-256 of the manifest, if there is one.
    pub manifest_hash: Option<[u8; 32]>,
}

/// Creates the lot that `label` describes in a product's newest `series`, and the consignment that holds all its
/// units in the manufacturer's custody: [`Goods::minted`](crate::Goods::minted).
///
/// Signed by `payer` and by the product's manufacturer, an operator with the permission `COMMISSION`.
/// The address of a `Product` that the registry authority never moved stands for the series.
///
/// Refused with `NotProductsManufacturer`, `InvalidLotNumber`, `InvalidExpiry`, `LotExpired` (the
/// expiry has passed), `NoUnits`. A lot number that the series had before fails in the System program, as
/// the account exists; a series other than the newest fails when the address is derived.
pub fn mint_lot(
    payer: Pubkey,
    manufacturer: Site,
    series: impl Into<LotSeries>,
    label: &LotLabel,
) -> Instruction {
    let series = series.into();
    let lot = address::lot(series, label.lot_number);
    let data = data::MintLot {
        lot_number: label.lot_number.bytes(),
        expiry: label.expiry.label(),
        quantity: label.quantity,
        serial_root: label.serial_root.unwrap_or_default(),
        manifest_hash: label.manifest_hash.unwrap_or_default(),
    };
    let accounts = accounts::MintLot {
        payer,
        manufacturer: manufacturer.partner,
        authority: manufacturer.key,
        product: series.product,
        lot,
        consignment: address::consignment(&lot, 0),
        system_program: system_program::ID,
    };
    signed([manufacturer], data.to_instruction(accounts))
}

/// Sets the units that a lot's recall number `number` stops.
///
/// Only the recall program sends it, as a cross-program invocation signed by its address
/// [`RECALL_AUTHORITY`]; no transaction can. The builder serves tests and tools that recognise it.
///
/// Refused with `NotRecallAuthority`, `InvalidRecallNumber`, `RangeOutsideLot`.
pub fn set_recalled_range(lot: Pubkey, number: u8, units: UnitRange) -> Instruction {
    let data = data::SetRecalledRange {
        number,
        first: units.first,
        quantity: units.quantity,
    };
    data.to_instruction(accounts::SetRecalledRange {
        recall_authority: RECALL_AUTHORITY,
        lot,
    })
}

/// Makes the site that holds the product now responsible for one of its lots: it oversees and recalls it, and
/// takes it back. Who minted it stays on record.
///
/// Signed by the product's manufacturer, an operator with `COMMISSION`.
///
/// Refused with `NotProductsManufacturer`, `NotLotsProduct`, `LotAdopted`.
pub fn adopt_lot(manufacturer: Site, product: Pubkey, lot: Pubkey) -> Instruction {
    let accounts = accounts::AdoptLot {
        authority: manufacturer.key,
        manufacturer: manufacturer.partner,
        product,
        lot,
    };
    signed([manufacturer], data::AdoptLot {}.to_instruction(accounts))
}
