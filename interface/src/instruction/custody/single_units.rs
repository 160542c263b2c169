//! Single units: dispensed, decommissioned, destroyed.

use custody::{Disposition, accounts, instruction as data};
use solana_instruction::Instruction;
use solana_pubkey::Pubkey;
use solana_sdk_ids::system_program;

use super::witness::{Witness, accounts_of, signers};
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
/// block. `evidence_hash` is that of what the units were verified with. `owner` is the goods' owner, where that
/// is another site than the custodian.
///
/// Signed by `payer`, by the custodian, who must be a dispenser, and by the owner; operators with `DISPENSE`.
/// One key may sign for both.
///
/// Refused with `UnitNotActive` (dispensed or decommissioned before), `UnitOutsideConsignment`,
/// `NoUnits`, `NotCustodian`, `OwnerNotAsked`, and with what keeps goods from being sold.
pub fn dispense(
    payer: Pubkey,
    custodian: Site,
    goods: impl Into<Goods>,
    block: UnitBlock,
    owner: Option<Site>,
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
        record: address::unit_record(&goods.lot, custodian.gln, block.number),
        system_program: system_program::ID,
        owner_authority: owner.map(|owner| owner.key),
        owner: owner.map(|owner| owner.partner),
    };
    let sites = core::iter::once(custodian).chain(owner);
    signed(sites, data.to_instruction(accounts))
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
        record: address::unit_record(&goods.lot, custodian.gln, block.number),
    };
    signed([custodian], data.to_instruction(accounts))
}

/// Takes the units of `block` out of the chain as `disposition`: any but active, dispensed and
/// destroyed. The record of samples and exports is created if the site has none for the block.
/// `document_hash` is that of the reason.
///
/// Signed by `payer`, by the custodian, an operator with `WITHDRAW`, and by the `witness` where another site
/// has to agree: to sample what it owns, declare it illegitimate or damaged or report it stolen, or to take away what
/// a case holds.
///
/// Refused with `InvalidDisposition`, `UnitNotActive`, `UnitOutsideConsignment`, `NotCustodian`,
/// `OwnerNotAsked`, `LeavesNoRecord` (a theft of what another site owns, which does not sign: split it off and report
/// that), `CondemnedGoods`, `HeldByCase`, `WitnessIsActor`; an export also with `SenderNotOwner`, and with what keeps
/// goods from being sold.
pub fn decommission(
    payer: Pubkey,
    custodian: Site,
    goods: impl Into<Goods>,
    block: UnitBlock,
    disposition: Disposition,
    witness: Option<Witness>,
    document_hash: Option<[u8; 32]>,
) -> Instruction {
    let goods = goods.into();
    let data = data::Decommission {
        block,
        disposition: disposition.code(),
        document_hash: document_hash.unwrap_or_default(),
    };
    let (witness_key, witness_site, case) = accounts_of(witness);
    let is_recorded = [Disposition::Sampled, Disposition::Exported].contains(&disposition);
    let accounts = accounts::Decommission {
        payer,
        authority: custodian.key,
        custodian: custodian.partner,
        lot: goods.lot,
        consignment: goods.consignment,
        page: page_of(goods, block),
        record: is_recorded.then(|| address::unit_record(&goods.lot, custodian.gln, block.number)),
        system_program: system_program::ID,
        witness: witness_key,
        witness_site,
        case,
    };
    signed(signers(custodian, witness), data.to_instruction(accounts))
}

/// Takes back that units of `block` were sampled or exported, within ten days (Delegated Regulation (EU)
/// 2016/161, article 13).
///
/// Signed by the custodian that did it, an operator with `WITHDRAW`.
///
/// Refused with `UnitNotRestorable`, `UnitNotDispensed` (not by this site), `NotDispenser`, `UndoTooLate`,
/// `UnitOutsideConsignment`, and with what keeps goods from being sold.
pub fn undo_decommission(
    custodian: Site,
    goods: impl Into<Goods>,
    block: UnitBlock,
) -> Instruction {
    let goods = goods.into();
    let data = data::UndoDecommission { block };
    let accounts = accounts::UndoDecommission {
        authority: custodian.key,
        custodian: custodian.partner,
        lot: goods.lot,
        consignment: goods.consignment,
        page: page_of(goods, block),
        record: address::unit_record(&goods.lot, custodian.gln, block.number),
    };
    signed([custodian], data.to_instruction(accounts))
}

/// Makes units of `block` active again that were cleared. `document_hash` is that of the reason.
///
/// Signed by the custodian, for suspect units, or by a regulator, also for illegitimate ones and for those
/// that were reported stolen by mistake; an operator with `QUARANTINE`.
///
/// Refused with `NotCustodian`, `UnitNotRestorable`, `UnderCase`, `LotUnderCase` (by the custodian),
/// `UnitOutsideConsignment`.
pub fn restore_units(
    site: Site,
    goods: impl Into<Goods>,
    block: UnitBlock,
    document_hash: Option<[u8; 32]>,
) -> Instruction {
    let goods = goods.into();
    let data = data::RestoreUnits {
        block,
        document_hash: document_hash.unwrap_or_default(),
    };
    let accounts = accounts::RestoreUnits {
        authority: site.key,
        site: site.partner,
        lot: goods.lot,
        consignment: goods.consignment,
        page: page_of(goods, block),
    };
    signed([site], data.to_instruction(accounts))
}

/// Records that the units of `block` were destroyed in the presence of a witness, as
/// [`destroy`](super::destroy) does of a whole consignment.
///
/// Refused with `UnitNotActive` (dispensed, destroyed, sampled or exported before),
/// `UnitOutsideConsignment`, `LeavesNoRecord` (recalled units, and those of another site that does not sign, nor a
/// regulator: split them off and destroy that), and as [`destroy`](super::destroy) is.
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

/// Closes the `UnitRecord` at `record` and gives its rent to `rent_payer`: the `payer` that the account names.
///
/// With `is_signed` that key signs, and the record may be closed once nothing in it can be undone: ten days
/// after its last entry. Otherwise nobody signs, and anyone may send it after six years.
///
/// Refused with `RecordRetained`, `NotPayer`.
pub fn close_unit_record(record: Pubkey, rent_payer: Pubkey, is_signed: bool) -> Instruction {
    let accounts = accounts::CloseUnitRecord {
        record,
        payer: rent_payer,
    };
    let mut instruction = data::CloseUnitRecord {}.to_instruction(accounts);
    for account in &mut instruction.accounts {
        account.is_signer |= is_signed && account.pubkey == rent_payer;
    }
    instruction
}

fn page_of(goods: Goods, block: UnitBlock) -> Pubkey {
    address::unit_page(&goods.lot, units::page_of_block(block.number))
}
