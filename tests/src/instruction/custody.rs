//! The custody program's instructions.

use anchor_lang::{
    Address,
    solana_program::instruction::{AccountMeta, Instruction},
};
use custody::{
    BLOCK_UNITS, PAGE_UNITS, UnitBlock, accounts, instruction,
    instructions::{Finding, LotLabel, OfferTerms},
};
use solana_sdk_ids::{system_program, sysvar};

use crate::{
    address,
    instruction::Alter,
    world::{Parcel, Site},
};

/// Mints a lot of `product` and its first consignment.
pub fn mint_lot(
    payer: Address,
    manufacturer: Site,
    product: Address,
    label: &LotLabel,
) -> Instruction {
    let LotLabel {
        lot_number,
        expiry,
        quantity,
        serial_root,
        manifest_hash,
    } = *label;
    let lot = address::lot(&product, &lot_number);
    instruction::MintLot {
        lot_number,
        expiry,
        quantity,
        serial_root,
        manifest_hash,
    }
    .to_instruction(accounts::MintLot {
        payer,
        manufacturer: manufacturer.partner,
        authority: manufacturer.key,
        product,
        lot,
        consignment: address::consignment(&lot, 0),
        system_program: system_program::ID,
    })
}

/// Offers a parcel to the partner at the address `to`.
pub fn offer(
    payer: Address,
    from: Site,
    to: Address,
    parcel: Parcel,
    terms: OfferTerms,
) -> Instruction {
    instruction::Offer { terms }.to_instruction(accounts::Offer {
        payer,
        authority: from.key,
        from: from.partner,
        to,
        lot: parcel.lot,
        consignment: parcel.consignment,
        transfer: address::transfer(&parcel.consignment, terms.sequence),
        reverses: None,
        system_program: system_program::ID,
    })
}

/// Offers a return that undoes the accepted sale at `reverses`, if one is named.
pub fn offer_reversing(
    payer: Address,
    from: Site,
    to: Address,
    parcel: Parcel,
    terms: OfferTerms,
    reverses: Option<Address>,
) -> Instruction {
    let offer = offer(payer, from, to, parcel, terms);
    match reverses {
        // Anchor's sign for an absent account is the program itself.
        Some(sale) => offer.replacing(custody::ID, sale),
        None => offer,
    }
}

/// Accepts the offer that the partner at the address `from` made when the sequence was `sequence`.
pub fn accept(to: Site, from: Address, parcel: Parcel, sequence: u32) -> Instruction {
    instruction::Accept { sequence }.to_instruction(accounts::Accept {
        authority: to.key,
        to: to.partner,
        from,
        lot: parcel.lot,
        consignment: parcel.consignment,
        transfer: address::transfer(&parcel.consignment, sequence),
        clock: sysvar::clock::ID,
    })
}

/// Rejects the offer of `sequence` for the reason with the code `exception`.
pub fn reject(to: Site, consignment: Address, sequence: u32, exception: u8) -> Instruction {
    instruction::Reject { exception }.to_instruction(accounts::Reject {
        authority: to.key,
        to: to.partner,
        consignment,
        transfer: address::transfer(&consignment, sequence),
    })
}

/// Takes the offer of `sequence` back.
pub fn cancel(from: Site, consignment: Address, sequence: u32) -> Instruction {
    instruction::Cancel {}.to_instruction(accounts::Cancel {
        authority: from.key,
        from: from.partner,
        consignment,
        transfer: address::transfer(&consignment, sequence),
    })
}

/// Ends the offer of `sequence` after its deadline.
pub fn expire(consignment: Address, sequence: u32) -> Instruction {
    instruction::Expire {}.to_instruction(accounts::Expire {
        consignment,
        transfer: address::transfer(&consignment, sequence),
    })
}

/// Hands a parcel over at once; `kind` is the code of a `Change`.
pub fn handoff(
    from: Site,
    to: Site,
    parcel: Parcel,
    kind: u8,
    sequence: u32,
    document: [u8; 32],
) -> Instruction {
    instruction::Handoff {
        kind,
        sequence,
        document,
    }
    .to_instruction(accounts::Handoff {
        from_authority: from.key,
        to_authority: to.key,
        from: from.partner,
        to: to.partner,
        lot: parcel.lot,
        consignment: parcel.consignment,
        clock: sysvar::clock::ID,
    })
}

/// Hands parcels over at once, each with its sequence; those of one lot stand together.
pub fn handoff_batch(
    from: Site,
    to: Site,
    parcels: &[(Parcel, u32)],
    kind: u8,
    document: [u8; 32],
) -> Instruction {
    let sequences = parcels.iter().map(|&(_, sequence)| sequence).collect();
    let mut instruction = instruction::HandoffBatch {
        kind,
        document,
        sequences,
    }
    .to_instruction(accounts::HandoffBatch {
        from_authority: from.key,
        to_authority: to.key,
        from: from.partner,
        to: to.partner,
        clock: sysvar::clock::ID,
    });
    for of_one_lot in parcels.chunk_by(|(a, _), (b, _)| a.lot == b.lot) {
        let lot = of_one_lot[0].0.lot;
        instruction
            .accounts
            .push(AccountMeta::new_readonly(lot, false));
        for (parcel, _) in of_one_lot {
            instruction
                .accounts
                .push(AccountMeta::new(parcel.consignment, false));
        }
    }
    instruction
}

/// Cuts the last `quantity` units off into the child number `index`.
pub fn split(
    payer: Address,
    custodian: Site,
    consignment: Address,
    index: u32,
    sequence: u32,
    quantity: u32,
    sscc: u64,
) -> Instruction {
    instruction::Split {
        sequence,
        quantity,
        sscc,
    }
    .to_instruction(accounts::Split {
        payer,
        authority: custodian.key,
        custodian: custodian.partner,
        consignment,
        child: address::consignment(&consignment, index),
        system_program: system_program::ID,
    })
}

/// Joins `neighbour` to `consignment`, each with its sequence; `payer` gets the rent back.
pub fn merge(
    payer: Address,
    custodian: Site,
    (consignment, sequence): (Address, u32),
    (neighbour, neighbour_sequence): (Address, u32),
) -> Instruction {
    instruction::Merge {
        sequence,
        neighbour_sequence,
    }
    .to_instruction(accounts::Merge {
        authority: custodian.key,
        custodian: custodian.partner,
        consignment,
        neighbour,
        payer,
    })
}

fn by_custodian(custodian: Site, consignment: Address) -> accounts::ByCustodian {
    accounts::ByCustodian {
        authority: custodian.key,
        custodian: custodian.partner,
        consignment,
    }
}

/// Names the package that a consignment is in.
pub fn pack(custodian: Site, consignment: Address, sscc: u64) -> Instruction {
    instruction::Pack { sscc }.to_instruction(by_custodian(custodian, consignment))
}

/// Takes a consignment out of its package.
pub fn unpack(custodian: Site, consignment: Address) -> Instruction {
    instruction::Unpack {}.to_instruction(by_custodian(custodian, consignment))
}

/// Sets a consignment aside.
pub fn quarantine(custodian: Site, consignment: Address) -> Instruction {
    instruction::Quarantine {}.to_instruction(by_custodian(custodian, consignment))
}

/// Ends a consignment's quarantine.
pub fn release(custodian: Site, consignment: Address) -> Instruction {
    instruction::Release {}.to_instruction(by_custodian(custodian, consignment))
}

/// Takes a consignment out of the chain as samples.
pub fn sample(
    custodian: Site,
    consignment: Address,
    sequence: u32,
    document: [u8; 32],
) -> Instruction {
    instruction::Sample { sequence, document }.to_instruction(by_custodian(custodian, consignment))
}

/// Takes a consignment out of the chain as stolen.
pub fn report_stolen(
    custodian: Site,
    consignment: Address,
    sequence: u32,
    document: [u8; 32],
) -> Instruction {
    instruction::ReportStolen { sequence, document }
        .to_instruction(by_custodian(custodian, consignment))
}

/// Has a manufacturer or a regulator quarantine a lot.
pub fn quarantine_lot(site: Site, lot: Address) -> Instruction {
    instruction::QuarantineLot {}.to_instruction(accounts::ByOverseer {
        authority: site.key,
        site: site.partner,
        lot,
    })
}

/// Ends a lot's quarantine.
pub fn release_lot(site: Site, lot: Address) -> Instruction {
    instruction::ReleaseLot {}.to_instruction(accounts::ByOverseer {
        authority: site.key,
        site: site.partner,
        lot,
    })
}

/// Sells a parcel that stays where it is.
pub fn transfer_title(
    seller: Site,
    buyer: Site,
    parcel: Parcel,
    sequence: u32,
    document: [u8; 32],
) -> Instruction {
    instruction::TransferTitle { sequence, document }.to_instruction(accounts::TransferTitle {
        seller_authority: seller.key,
        buyer_authority: buyer.key,
        seller: seller.partner,
        buyer: buyer.partner,
        lot: parcel.lot,
        consignment: parcel.consignment,
    })
}

/// Makes a returned parcel saleable again.
pub fn verify_return(custodian: Site, parcel: Parcel, sequence: u32) -> Instruction {
    instruction::VerifyReturn { sequence }.to_instruction(accounts::VerifyReturn {
        authority: custodian.key,
        custodian: custodian.partner,
        lot: parcel.lot,
        consignment: parcel.consignment,
    })
}

/// Records a destruction that `witness` signs for its site.
pub fn destroy(
    custodian: Site,
    witness: Site,
    parcel: Parcel,
    sequence: u32,
    document: [u8; 32],
) -> Instruction {
    instruction::Destroy { sequence, document }.to_instruction(accounts::Destroy {
        authority: custodian.key,
        witness: witness.key,
        custodian: custodian.partner,
        witness_site: witness.partner,
        lot: parcel.lot,
        consignment: parcel.consignment,
    })
}

/// Records an export.
pub fn export(custodian: Site, parcel: Parcel, sequence: u32, document: [u8; 32]) -> Instruction {
    instruction::Export { sequence, document }.to_instruction(accounts::Export {
        authority: custodian.key,
        custodian: custodian.partner,
        lot: parcel.lot,
        consignment: parcel.consignment,
    })
}

/// Has `site` open case number `number` on a parcel in the custody of the partner at `custodian`.
pub fn open_case(
    payer: Address,
    site: Site,
    custodian: Address,
    parcel: Parcel,
    number: u32,
    finding: Finding,
) -> Instruction {
    instruction::OpenCase { finding }.to_instruction(accounts::OpenCase {
        payer,
        authority: site.key,
        site: site.partner,
        custodian,
        lot: parcel.lot,
        consignment: parcel.consignment,
        case: address::case(&parcel.consignment, number),
        system_program: system_program::ID,
    })
}

/// Has `site` open case number `number` on a whole lot.
pub fn open_lot_case(
    payer: Address,
    site: Site,
    lot: Address,
    number: u32,
    finding: Finding,
) -> Instruction {
    instruction::OpenLotCase { finding }.to_instruction(accounts::OpenLotCase {
        payer,
        authority: site.key,
        site: site.partner,
        lot,
        case: address::case(&lot, number),
        system_program: system_program::ID,
    })
}

/// Determines that a case's product is illegitimate.
pub fn determine_case(site: Site, case: Address, document: [u8; 32]) -> Instruction {
    instruction::DetermineCase { document }.to_instruction(accounts::ByInvestigator {
        authority: site.key,
        site: site.partner,
        case,
    })
}

/// Records the notification that a determination asks for.
pub fn notify_case(site: Site, case: Address, document: [u8; 32]) -> Instruction {
    instruction::NotifyCase { document }.to_instruction(accounts::ByInvestigator {
        authority: site.key,
        site: site.partner,
        case,
    })
}

/// Ends case number `number` of a consignment.
pub fn resolve_case(
    site: Site,
    consignment: Address,
    number: u32,
    condemned: bool,
    document: [u8; 32],
) -> Instruction {
    instruction::ResolveCase {
        condemned,
        document,
    }
    .to_instruction(accounts::ResolveCase {
        authority: site.key,
        site: site.partner,
        case: address::case(&consignment, number),
        consignment,
    })
}

/// Ends case number `number` of a whole lot.
pub fn resolve_lot_case(
    site: Site,
    lot: Address,
    number: u32,
    condemned: bool,
    document: [u8; 32],
) -> Instruction {
    instruction::ResolveLotCase {
        condemned,
        document,
    }
    .to_instruction(accounts::ResolveLotCase {
        authority: site.key,
        site: site.partner,
        case: address::case(&lot, number),
        lot,
    })
}

/// Accepts the offer of `sequence`, made by the partner at `from`, and opens case number `number`.
pub fn accept_with_discrepancy(
    payer: Address,
    to: Site,
    from: Address,
    parcel: Parcel,
    sequence: u32,
    number: u32,
    finding: Finding,
) -> Instruction {
    instruction::AcceptWithDiscrepancy { sequence, finding }.to_instruction(
        accounts::AcceptWithDiscrepancy {
            payer,
            authority: to.key,
            to: to.partner,
            from,
            lot: parcel.lot,
            consignment: parcel.consignment,
            transfer: address::transfer(&parcel.consignment, sequence),
            case: address::case(&parcel.consignment, number),
            system_program: system_program::ID,
        },
    )
}

/// Closes the transfer of `sequence` six years after it was settled.
pub fn archive(payer: Address, consignment: Address, sequence: u32) -> Instruction {
    instruction::Archive {}.to_instruction(accounts::Archive {
        transfer: address::transfer(&consignment, sequence),
        payer,
    })
}

/// Sets a recall's run of units, signed by `authority`.
pub fn set_recalled_run(
    authority: Address,
    lot: Address,
    number: u8,
    first: u32,
    quantity: u32,
) -> Instruction {
    instruction::SetRecalledRun {
        number,
        first,
        quantity,
    }
    .to_instruction(accounts::SetRecalledRun {
        recall_authority: authority,
        lot,
    })
}

/// Opens the page number `number` of `lot`.
pub fn open_unit_page(payer: Address, lot: Address, number: u32) -> Instruction {
    instruction::OpenUnitPage { number }.to_instruction(accounts::OpenUnitPage {
        payer,
        lot,
        page: address::unit_page(&lot, number),
        system_program: system_program::ID,
    })
}

/// Dispenses units of a parcel.
pub fn dispense(payer: Address, custodian: Site, parcel: Parcel, block: UnitBlock) -> Instruction {
    instruction::Dispense {
        block,
        evidence: [0; 32],
    }
    .to_instruction(accounts::Dispense {
        payer,
        authority: custodian.key,
        custodian: custodian.partner,
        lot: parcel.lot,
        consignment: parcel.consignment,
        page: page_of(parcel, block),
        record: address::dispense_record(&parcel.lot, custodian.gln, block.number),
        system_program: system_program::ID,
    })
}

/// Takes dispensed units of a parcel back.
pub fn undo_dispense(custodian: Site, parcel: Parcel, block: UnitBlock) -> Instruction {
    instruction::UndoDispense { block }.to_instruction(accounts::UndoDispense {
        authority: custodian.key,
        custodian: custodian.partner,
        lot: parcel.lot,
        consignment: parcel.consignment,
        page: page_of(parcel, block),
        record: address::dispense_record(&parcel.lot, custodian.gln, block.number),
    })
}

/// Takes units of a parcel out of the chain, as the disposition with this code.
pub fn decommission(
    custodian: Site,
    parcel: Parcel,
    block: UnitBlock,
    disposition: u8,
) -> Instruction {
    instruction::Decommission {
        block,
        disposition,
        document: [0; 32],
    }
    .to_instruction(accounts::Decommission {
        authority: custodian.key,
        custodian: custodian.partner,
        lot: parcel.lot,
        consignment: parcel.consignment,
        page: page_of(parcel, block),
    })
}

/// Destroys units of a parcel before a witness.
pub fn destroy_units(
    custodian: Site,
    witness: Site,
    parcel: Parcel,
    block: UnitBlock,
) -> Instruction {
    instruction::DestroyUnits {
        block,
        document: [0; 32],
    }
    .to_instruction(accounts::DestroyUnits {
        authority: custodian.key,
        witness: witness.key,
        custodian: custodian.partner,
        witness_site: witness.partner,
        lot: parcel.lot,
        consignment: parcel.consignment,
        page: page_of(parcel, block),
    })
}

/// Closes the `DispenseRecord` at `record`; `payer` paid its rent.
pub fn close_dispense_record(record: Address, payer: Address) -> Instruction {
    instruction::CloseDispenseRecord {}
        .to_instruction(accounts::CloseDispenseRecord { record, payer })
}

fn page_of(parcel: Parcel, block: UnitBlock) -> Address {
    address::unit_page(&parcel.lot, block.number / (PAGE_UNITS / BLOCK_UNITS))
}
