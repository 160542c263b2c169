//! Single units: dispensed, decommissioned, destroyed.

use custody::{Disposition, accounts, instruction as data};
use solana_instruction::Instruction;
use solana_pubkey::Pubkey;
use solana_sdk_ids::system_program;

use crate::{
    address,
    goods::Goods,
    instruction::signed,
    site::Site,
    units::{self, UnitBlock},
};

/// Opens page `number` of a lot's units, so that they can be dispensed and decommissioned one by one.
///
/// Signed by `payer`, whoever that is.
///
/// Refused with `NotUnitsPage` for a page beyond the lot's last unit.
pub fn open_unit_page(payer: Pubkey, lot: Pubkey, number: u32) -> Instruction {
    let data = data::OpenUnitPage { number };
    data.to_instruction(accounts::OpenUnitPage {
        payer,
        lot,
        page: address::unit_page(&lot, number),
        system_program: system_program::ID,
    })
}

/// Gives the units of `block` to patients, and creates the record of it if the site has none for the
/// block. `evidence_hash` is that of what the units were verified with; only the transaction keeps it.
///
/// Signed by `payer` and by the custodian, who must be a dispenser, an operator with `DISPENSE`.
///
/// Refused with `UnitNotActive` (dispensed or decommissioned before), `UnitOutsideConsignment`,
/// `NoUnits`, `NotCustodian`, and with what keeps goods from being sold.
pub fn dispense(
    payer: Pubkey,
    custodian: Site,
    goods: impl Into<Goods>,
    block: UnitBlock,
    evidence_hash: Option<[u8; 32]>,
) -> Instruction {
    let goods = goods.into();
    let data = data::Dispense {
        block,
        evidence: evidence_hash.unwrap_or_default(),
    };
    let accounts = accounts::Dispense {
        payer,
        authority: custodian.key,
        custodian: custodian.partner,
        lot: goods.lot,
        consignment: goods.consignment,
        page: page_of(goods, block),
        record: address::dispense_record(&goods.lot, custodian.gln, block.number),
        system_program: system_program::ID,
    };
    signed([custodian], data.to_instruction(accounts))
}

/// Takes dispensed units of `block` back, within ten days (Delegated Regulation (EU) 2016/161, article
/// 13).
///
/// Signed by the custodian that dispensed them, an operator with `DISPENSE`.
///
/// Refused with `UnitNotDispensed`, `NotDispenser`, `UndoTooLate`, `UnitOutsideConsignment`.
pub fn undo_dispense(custodian: Site, goods: impl Into<Goods>, block: UnitBlock) -> Instruction {
    let goods = goods.into();
    let data = data::UndoDispense { block };
    let accounts = accounts::UndoDispense {
        authority: custodian.key,
        custodian: custodian.partner,
        lot: goods.lot,
        consignment: goods.consignment,
        page: page_of(goods, block),
        record: address::dispense_record(&goods.lot, custodian.gln, block.number),
    };
    signed([custodian], data.to_instruction(accounts))
}

/// Takes the units of `block` out of the chain as `disposition`: any but active, dispensed and
/// destroyed. `document_hash` is that of the reason; only the transaction keeps it.
///
/// Signed by the custodian, an operator with `WITHDRAW`.
///
/// Refused with `InvalidDisposition`, `UnitNotActive`, `UnitOutsideConsignment`, `NotCustodian`; an
/// export also with `SenderNotOwner`, and with what keeps goods from being sold.
pub fn decommission(
    custodian: Site,
    goods: impl Into<Goods>,
    block: UnitBlock,
    disposition: Disposition,
    document_hash: Option<[u8; 32]>,
) -> Instruction {
    let goods = goods.into();
    let data = data::Decommission {
        block,
        disposition: disposition.code(),
        document_hash: document_hash.unwrap_or_default(),
    };
    let accounts = accounts::Decommission {
        authority: custodian.key,
        custodian: custodian.partner,
        lot: goods.lot,
        consignment: goods.consignment,
        page: page_of(goods, block),
    };
    signed([custodian], data.to_instruction(accounts))
}

/// Records that the units of `block` were destroyed in the presence of a witness, as
/// [`destroy`](super::destroy) does of a whole consignment.
///
/// Refused with `UnitNotActive` (unless they are damaged, suspect or illegitimate),
/// `UnitOutsideConsignment`, and as [`destroy`](super::destroy) is.
pub fn destroy_units(
    custodian: Site,
    witness: Site,
    goods: impl Into<Goods>,
    block: UnitBlock,
    document_hash: Option<[u8; 32]>,
) -> Instruction {
    let goods = goods.into();
    let data = data::DestroyUnits {
        block,
        document_hash: document_hash.unwrap_or_default(),
    };
    let accounts = accounts::DestroyUnits {
        authority: custodian.key,
        witness: witness.key,
        custodian: custodian.partner,
        witness_site: witness.partner,
        lot: goods.lot,
        consignment: goods.consignment,
        page: page_of(goods, block),
    };
    signed([custodian, witness], data.to_instruction(accounts))
}

/// Closes the `DispenseRecord` at `record` once none of its dispenses can be undone any more, and gives
/// its rent to `rent_payer`: the `payer` that the account names. Nobody signs: anyone may send it.
///
/// Refused with `RecordRetained`, `NotPayer`.
pub fn close_dispense_record(record: Pubkey, rent_payer: Pubkey) -> Instruction {
    data::CloseDispenseRecord {}.to_instruction(accounts::CloseDispenseRecord {
        record,
        payer: rent_payer,
    })
}

fn page_of(goods: Goods, block: UnitBlock) -> Pubkey {
    address::unit_page(&goods.lot, units::page_of_block(block.number))
}
