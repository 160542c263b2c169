//! The custody program's instructions.

use anchor_lang::{Address, solana_program::instruction::Instruction};
use custody::{
    accounts, instruction,
    instructions::{LotLabel, OfferTerms},
};
use solana_sdk_ids::{system_program, sysvar};

use crate::{
    address,
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
        system_program: system_program::ID,
    })
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

/// Hands a parcel over at once; `kind` is the code of a `TransferKind`.
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
