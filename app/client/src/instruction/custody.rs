//! Instructions of the custody program.
//!
//! Where a site acts, it is given as a [`Site`]: if an operator signs for it, the operator's account
//! goes behind the instruction's own accounts, as the program wants it.

use anchor_lang::{
    Id, InstructionData, ToAccountMetas, pinocchio::sysvars::clock::CLOCK_ID, programs::System,
};
pub use custody::instructions::{Finding, OfferTerms};
use custody::{Change, Disposition, ExceptionCode, ID, UnitBlock, accounts, instruction as data};
use solana_instruction::{AccountMeta, Instruction};
use solana_pubkey::Pubkey;

use super::instruction;
use crate::{
    address,
    identifier::{Expiry, Gln, LotNumber, Sscc},
    site::Site,
    units,
};

/// What the manufacturer prints on the packs of a lot, and the commitment to their serials.
#[derive(Clone, Copy, Debug)]
pub struct LotLabel {
    pub lot_number: LotNumber,
    pub expiry: Expiry,
    /// Units in the lot.
    pub quantity: u32,
    /// Root of the manifest's Merkle tree; zeros if the lot is not serialised.
    pub serial_root: [u8; 32],
    /// SHA-256 of the manifest; zeros if there is none.
    pub manifest_hash: [u8; 32],
}

/// A consignment and the lot it belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Goods {
    pub consignment: Pubkey,
    pub lot: Pubkey,
}

/// An instruction signed by `sites`, in the order in which the program checks them.
fn signed(
    sites: &[Site],
    accounts: impl ToAccountMetas,
    data: impl InstructionData,
) -> Instruction {
    let mut instruction = instruction(ID, accounts, data);
    let operators = sites.iter().filter_map(|site| site.operator);
    instruction
        .accounts
        .extend(operators.map(|operator| AccountMeta::new_readonly(operator, false)));
    instruction
}

pub fn mint_lot(
    payer: Pubkey,
    manufacturer: Site,
    product: Pubkey,
    label: &LotLabel,
) -> Instruction {
    let lot = address::lot(&product, label.lot_number);
    let accounts = accounts::MintLot {
        payer,
        manufacturer: manufacturer.partner,
        authority: manufacturer.key,
        product,
        lot,
        consignment: address::consignment(&lot, 0),
        system_program: System::id(),
    };
    let data = data::MintLot {
        lot_number: label.lot_number.bytes(),
        expiry: label.expiry.label(),
        quantity: label.quantity,
        serial_root: label.serial_root,
        manifest_hash: label.manifest_hash,
    };
    signed(&[manufacturer], accounts, data)
}

/// `to` is the address of the receiver's `Partner`; `reverses` that of the sale that a return
/// undoes, needed if it goes to nobody to whom the goods may go back anyway.
pub fn offer(
    payer: Pubkey,
    from: Site,
    to: Pubkey,
    goods: Goods,
    reverses: Option<Pubkey>,
    terms: OfferTerms,
) -> Instruction {
    let accounts = accounts::Offer {
        payer,
        authority: from.key,
        from: from.partner,
        to,
        lot: goods.lot,
        consignment: goods.consignment,
        transfer: address::transfer(&goods.consignment, terms.sequence),
        reverses,
        system_program: System::id(),
    };
    signed(&[from], accounts, data::Offer { terms })
}

/// `from` is the address of the sender's `Partner`, `sequence` the transfer's.
pub fn accept(to: Site, from: Pubkey, goods: Goods, sequence: u32) -> Instruction {
    let accounts = accounts::Accept {
        authority: to.key,
        to: to.partner,
        from,
        lot: goods.lot,
        consignment: goods.consignment,
        transfer: address::transfer(&goods.consignment, sequence),
        clock: CLOCK_ID,
    };
    signed(&[to], accounts, data::Accept { sequence })
}

/// Accepts as [`accept`] does, and opens the consignment's case number `case`.
pub fn accept_with_discrepancy(
    payer: Pubkey,
    to: Site,
    from: Pubkey,
    goods: Goods,
    sequence: u32,
    case: u32,
    finding: Finding,
) -> Instruction {
    let accounts = accounts::AcceptWithDiscrepancy {
        payer,
        authority: to.key,
        to: to.partner,
        from,
        lot: goods.lot,
        consignment: goods.consignment,
        transfer: address::transfer(&goods.consignment, sequence),
        case: address::case(&goods.consignment, case),
        system_program: System::id(),
    };
    let data = data::AcceptWithDiscrepancy { sequence, finding };
    signed(&[to], accounts, data)
}

pub fn reject(
    to: Site,
    consignment: Pubkey,
    sequence: u32,
    exception: ExceptionCode,
) -> Instruction {
    let accounts = accounts::Reject {
        authority: to.key,
        to: to.partner,
        consignment,
        transfer: address::transfer(&consignment, sequence),
    };
    let exception = exception.code();
    signed(&[to], accounts, data::Reject { exception })
}

pub fn cancel(from: Site, consignment: Pubkey, sequence: u32) -> Instruction {
    let accounts = accounts::Cancel {
        authority: from.key,
        from: from.partner,
        consignment,
        transfer: address::transfer(&consignment, sequence),
    };
    signed(&[from], accounts, data::Cancel {})
}

/// Anyone may send it once the deadline has passed.
pub fn expire(consignment: Pubkey, sequence: u32) -> Instruction {
    let accounts = accounts::Expire {
        consignment,
        transfer: address::transfer(&consignment, sequence),
    };
    signed(&[], accounts, data::Expire {})
}

/// Both sites sign; `document` is the hash of the transaction information.
pub fn handoff(
    from: Site,
    to: Site,
    goods: Goods,
    kind: Change,
    sequence: u32,
    document: [u8; 32],
) -> Instruction {
    let accounts = accounts::Handoff {
        from_authority: from.key,
        to_authority: to.key,
        from: from.partner,
        to: to.partner,
        lot: goods.lot,
        consignment: goods.consignment,
        clock: CLOCK_ID,
    };
    let data = data::Handoff {
        kind: kind.code(),
        sequence,
        document,
    };
    signed(&[from, to], accounts, data)
}

/// Hands over all of `goods`, each with its sequence, or none. Those of one lot should stand
/// together, because the lot is named again wherever it changes.
pub fn handoff_batch(
    from: Site,
    to: Site,
    goods: &[(Goods, u32)],
    kind: Change,
    document: [u8; 32],
) -> Instruction {
    let accounts = accounts::HandoffBatch {
        from_authority: from.key,
        to_authority: to.key,
        from: from.partner,
        to: to.partner,
        clock: CLOCK_ID,
    };
    let data = data::HandoffBatch {
        kind: kind.code(),
        document,
        sequences: goods.iter().map(|(_, sequence)| *sequence).collect(),
    };
    let mut instruction = signed(&[from, to], accounts, data);
    for of_one_lot in goods.chunk_by(|(one, _), (next, _)| one.lot == next.lot) {
        let lot = of_one_lot[0].0.lot;
        let lot = std::iter::once(AccountMeta::new_readonly(lot, false));
        let consignments = of_one_lot
            .iter()
            .map(|(goods, _)| AccountMeta::new(goods.consignment, false));
        instruction.accounts.extend(lot.chain(consignments));
    }
    instruction
}

/// Cuts the last `quantity` units off into the child number `index`, packed in `sscc` if there is
/// one.
pub fn split(
    payer: Pubkey,
    custodian: Site,
    consignment: Pubkey,
    index: u32,
    sequence: u32,
    quantity: u32,
    sscc: Option<Sscc>,
) -> Instruction {
    let accounts = accounts::Split {
        payer,
        authority: custodian.key,
        custodian: custodian.partner,
        consignment,
        child: address::consignment(&consignment, index),
        system_program: System::id(),
    };
    let data = data::Split {
        sequence,
        quantity,
        sscc: sscc.map_or(0, Sscc::number),
    };
    signed(&[custodian], accounts, data)
}

/// Joins the neighbour, which is the next run of units, to the consignment; each comes with its
/// sequence. `payer` is the neighbour's, who gets its rent back.
pub fn merge(
    custodian: Site,
    (consignment, sequence): (Pubkey, u32),
    (neighbour, neighbour_sequence): (Pubkey, u32),
    payer: Pubkey,
) -> Instruction {
    let accounts = accounts::Merge {
        authority: custodian.key,
        custodian: custodian.partner,
        consignment,
        neighbour,
        payer,
    };
    let data = data::Merge {
        sequence,
        neighbour_sequence,
    };
    signed(&[custodian], accounts, data)
}

fn by_custodian(custodian: Site, consignment: Pubkey, data: impl InstructionData) -> Instruction {
    let accounts = accounts::ByCustodian {
        authority: custodian.key,
        custodian: custodian.partner,
        consignment,
    };
    signed(&[custodian], accounts, data)
}

pub fn pack(custodian: Site, consignment: Pubkey, sscc: Sscc) -> Instruction {
    let sscc = sscc.number();
    by_custodian(custodian, consignment, data::Pack { sscc })
}

pub fn unpack(custodian: Site, consignment: Pubkey) -> Instruction {
    by_custodian(custodian, consignment, data::Unpack {})
}

pub fn quarantine(custodian: Site, consignment: Pubkey) -> Instruction {
    by_custodian(custodian, consignment, data::Quarantine {})
}

pub fn release(custodian: Site, consignment: Pubkey) -> Instruction {
    by_custodian(custodian, consignment, data::Release {})
}

pub fn sample(
    custodian: Site,
    consignment: Pubkey,
    sequence: u32,
    document: [u8; 32],
) -> Instruction {
    by_custodian(custodian, consignment, data::Sample { sequence, document })
}

pub fn report_stolen(
    custodian: Site,
    consignment: Pubkey,
    sequence: u32,
    document: [u8; 32],
) -> Instruction {
    by_custodian(
        custodian,
        consignment,
        data::ReportStolen { sequence, document },
    )
}

pub fn export(custodian: Site, goods: Goods, sequence: u32, document: [u8; 32]) -> Instruction {
    let accounts = accounts::Export {
        authority: custodian.key,
        custodian: custodian.partner,
        lot: goods.lot,
        consignment: goods.consignment,
    };
    signed(&[custodian], accounts, data::Export { sequence, document })
}

/// `witness` signs for its own site, or as an operator for the custodian's.
pub fn destroy(
    custodian: Site,
    witness: Site,
    goods: Goods,
    sequence: u32,
    document: [u8; 32],
) -> Instruction {
    let accounts = accounts::Destroy {
        authority: custodian.key,
        witness: witness.key,
        custodian: custodian.partner,
        witness_site: witness.partner,
        lot: goods.lot,
        consignment: goods.consignment,
    };
    let data = data::Destroy { sequence, document };
    signed(&[custodian, witness], accounts, data)
}

/// Sells goods that stay where they are; both sites sign.
pub fn transfer_title(
    seller: Site,
    buyer: Site,
    goods: Goods,
    sequence: u32,
    document: [u8; 32],
) -> Instruction {
    let accounts = accounts::TransferTitle {
        seller_authority: seller.key,
        buyer_authority: buyer.key,
        seller: seller.partner,
        buyer: buyer.partner,
        lot: goods.lot,
        consignment: goods.consignment,
    };
    let data = data::TransferTitle { sequence, document };
    signed(&[seller, buyer], accounts, data)
}

pub fn verify_return(custodian: Site, goods: Goods, sequence: u32) -> Instruction {
    let accounts = accounts::VerifyReturn {
        authority: custodian.key,
        custodian: custodian.partner,
        lot: goods.lot,
        consignment: goods.consignment,
    };
    signed(&[custodian], accounts, data::VerifyReturn { sequence })
}

fn by_overseer(site: Site, lot: Pubkey, data: impl InstructionData) -> Instruction {
    let accounts = accounts::ByOverseer {
        authority: site.key,
        site: site.partner,
        lot,
    };
    signed(&[site], accounts, data)
}

/// `site` is the lot's manufacturer or a regulator.
pub fn quarantine_lot(site: Site, lot: Pubkey) -> Instruction {
    by_overseer(site, lot, data::QuarantineLot {})
}

/// `site` is who quarantined the lot, or a regulator.
pub fn release_lot(site: Site, lot: Pubkey) -> Instruction {
    by_overseer(site, lot, data::ReleaseLot {})
}

/// Opens the consignment's case number `case`. `site` is its custodian, its owner, the lot's
/// manufacturer or a regulator; `custodian` is the address of the custodian's `Partner`.
pub fn open_case(
    payer: Pubkey,
    site: Site,
    custodian: Pubkey,
    goods: Goods,
    case: u32,
    finding: Finding,
) -> Instruction {
    let accounts = accounts::OpenCase {
        payer,
        authority: site.key,
        site: site.partner,
        custodian,
        lot: goods.lot,
        consignment: goods.consignment,
        case: address::case(&goods.consignment, case),
        system_program: System::id(),
    };
    signed(&[site], accounts, data::OpenCase { finding })
}

/// Opens the lot's case number `case`. `site` is its manufacturer or a regulator.
pub fn open_lot_case(
    payer: Pubkey,
    site: Site,
    lot: Pubkey,
    case: u32,
    finding: Finding,
) -> Instruction {
    let accounts = accounts::OpenLotCase {
        payer,
        authority: site.key,
        site: site.partner,
        lot,
        case: address::case(&lot, case),
        system_program: System::id(),
    };
    signed(&[site], accounts, data::OpenLotCase { finding })
}

fn by_investigator(site: Site, case: Pubkey, data: impl InstructionData) -> Instruction {
    let accounts = accounts::ByInvestigator {
        authority: site.key,
        site: site.partner,
        case,
    };
    signed(&[site], accounts, data)
}

/// `site` is who opened the case, or a regulator, here and in what follows.
pub fn determine_case(site: Site, case: Pubkey, document: [u8; 32]) -> Instruction {
    by_investigator(site, case, data::DetermineCase { document })
}

pub fn notify_case(site: Site, case: Pubkey, document: [u8; 32]) -> Instruction {
    by_investigator(site, case, data::NotifyCase { document })
}

pub fn resolve_case(
    site: Site,
    case: Pubkey,
    consignment: Pubkey,
    condemned: bool,
    document: [u8; 32],
) -> Instruction {
    let accounts = accounts::ResolveCase {
        authority: site.key,
        site: site.partner,
        case,
        consignment,
    };
    let data = data::ResolveCase {
        condemned,
        document,
    };
    signed(&[site], accounts, data)
}

pub fn resolve_lot_case(
    site: Site,
    case: Pubkey,
    lot: Pubkey,
    condemned: bool,
    document: [u8; 32],
) -> Instruction {
    let accounts = accounts::ResolveLotCase {
        authority: site.key,
        site: site.partner,
        case,
        lot,
    };
    let data = data::ResolveLotCase {
        condemned,
        document,
    };
    signed(&[site], accounts, data)
}

/// Anyone may send it six years after the transfer was settled; `payer` is the transfer's, who gets
/// its rent back.
pub fn archive(transfer: Pubkey, payer: Pubkey) -> Instruction {
    signed(&[], accounts::Archive { transfer, payer }, data::Archive {})
}

/// Opens page `number` of a lot's units.
pub fn open_unit_page(payer: Pubkey, lot: Pubkey, number: u32) -> Instruction {
    let accounts = accounts::OpenUnitPage {
        payer,
        lot,
        page: address::unit_page(&lot, number),
        system_program: System::id(),
    };
    signed(&[], accounts, data::OpenUnitPage { number })
}

/// Has a split bring the pages that say which of the units it cuts off are gone: those from
/// `first_unit` on.
pub fn with_pages(
    mut split: Instruction,
    lot: &Pubkey,
    first_unit: u32,
    quantity: u32,
) -> Instruction {
    split.accounts.extend(
        units::pages(first_unit, quantity)
            .map(|page| AccountMeta::new_readonly(address::unit_page(lot, page), false)),
    );
    split
}

/// Gives the units of `block` to patients; `evidence` is the hash of what they were verified with.
pub fn dispense(
    payer: Pubkey,
    custodian: Site,
    gln: Gln,
    goods: Goods,
    block: UnitBlock,
    evidence: [u8; 32],
) -> Instruction {
    let accounts = accounts::Dispense {
        payer,
        authority: custodian.key,
        custodian: custodian.partner,
        lot: goods.lot,
        consignment: goods.consignment,
        page: page_of(&goods.lot, block),
        record: address::dispense_record(&goods.lot, gln, block.number),
        system_program: System::id(),
    };
    signed(&[custodian], accounts, data::Dispense { block, evidence })
}

pub fn undo_dispense(custodian: Site, gln: Gln, goods: Goods, block: UnitBlock) -> Instruction {
    let accounts = accounts::UndoDispense {
        authority: custodian.key,
        custodian: custodian.partner,
        lot: goods.lot,
        consignment: goods.consignment,
        page: page_of(&goods.lot, block),
        record: address::dispense_record(&goods.lot, gln, block.number),
    };
    signed(&[custodian], accounts, data::UndoDispense { block })
}

/// Takes the units of `block` out of the chain as `disposition`: anything but active, dispensed and
/// destroyed.
pub fn decommission(
    custodian: Site,
    goods: Goods,
    block: UnitBlock,
    disposition: Disposition,
    document: [u8; 32],
) -> Instruction {
    let accounts = accounts::Decommission {
        authority: custodian.key,
        custodian: custodian.partner,
        lot: goods.lot,
        consignment: goods.consignment,
        page: page_of(&goods.lot, block),
    };
    let data = data::Decommission {
        block,
        disposition: disposition.code(),
        document,
    };
    signed(&[custodian], accounts, data)
}

pub fn destroy_units(
    custodian: Site,
    witness: Site,
    goods: Goods,
    block: UnitBlock,
    document: [u8; 32],
) -> Instruction {
    let accounts = accounts::DestroyUnits {
        authority: custodian.key,
        witness: witness.key,
        custodian: custodian.partner,
        witness_site: witness.partner,
        lot: goods.lot,
        consignment: goods.consignment,
        page: page_of(&goods.lot, block),
    };
    let data = data::DestroyUnits { block, document };
    signed(&[custodian, witness], accounts, data)
}

/// Closes a record of dispenses that can no longer be undone; `payer` paid its rent.
pub fn close_dispense_record(record: Pubkey, payer: Pubkey) -> Instruction {
    let accounts = accounts::CloseDispenseRecord { record, payer };
    signed(&[], accounts, data::CloseDispenseRecord {})
}

fn page_of(lot: &Pubkey, block: UnitBlock) -> Pubkey {
    address::unit_page(lot, units::page_of_block(block.number))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn addresses<const N: usize>() -> [Pubkey; N] {
        std::array::from_fn(|_| Pubkey::new_unique())
    }

    fn by_operator(site: Site) -> Site {
        Site {
            operator: Some(Pubkey::new_unique()),
            ..site
        }
    }

    #[test]
    fn operators_follow_in_the_order_of_the_signers() {
        let [from, to, key, other_key, consignment, lot] = addresses();
        let goods = Goods { consignment, lot };
        let (from, to) = (Site::own(from, key), Site::own(to, other_key));
        let direct = handoff(from, to, goods, Change::Sale, 0, [0; 32]);
        assert_eq!(direct.accounts.len(), 7);

        let (from, to) = (by_operator(from), by_operator(to));
        let followers: Vec<AccountMeta> = [from, to]
            .into_iter()
            .filter_map(|site| site.operator)
            .map(|operator| AccountMeta::new_readonly(operator, false))
            .collect();
        let by_operators = handoff(from, to, goods, Change::Sale, 0, [0; 32]);
        assert_eq!(by_operators.accounts[..7], direct.accounts);
        assert_eq!(by_operators.accounts[7..], followers);

        let batch = handoff_batch(from, to, &[(goods, 0)], Change::Sale, [0; 32]);
        assert_eq!(batch.accounts[5..7], followers);
    }

    #[test]
    fn a_batch_names_each_lot_before_its_consignments() {
        let [from, to, key, lot, other_lot, a, b, c] = addresses();
        let goods = [(a, lot), (b, lot), (c, other_lot)]
            .map(|(consignment, lot)| (Goods { consignment, lot }, 7));
        let (from, to) = (Site::own(from, key), Site::own(to, key));
        let batch = handoff_batch(from, to, &goods, Change::Sale, [0; 32]);
        let followers: Vec<(Pubkey, bool)> = batch.accounts[5..]
            .iter()
            .map(|meta| (meta.pubkey, meta.is_writable))
            .collect();
        assert_eq!(
            followers,
            [
                (lot, false),
                (a, true),
                (b, true),
                (other_lot, false),
                (c, true)
            ]
        );
    }
}
