//! Instructions of the custody program.

use anchor_lang::{Id, pinocchio::sysvars::clock::CLOCK_ID, programs::System};
pub use custody::instructions::OfferTerms;
use custody::{ExceptionCode, ID, TransferKind, accounts, instruction as data};
use solana_instruction::Instruction;
use solana_pubkey::Pubkey;

use super::instruction;
use crate::{
    address,
    identifier::{Expiry, LotNumber},
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

pub fn mint_lot(
    payer: Pubkey,
    manufacturer: Pubkey,
    authority: Pubkey,
    product: Pubkey,
    label: &LotLabel,
) -> Instruction {
    let lot = address::lot(&product, label.lot_number);
    let accounts = accounts::MintLot {
        payer,
        manufacturer,
        authority,
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
    instruction(ID, accounts, data)
}

/// The two sites of a transfer, as addresses of their `Partner` accounts.
#[derive(Clone, Copy, Debug)]
pub struct Sides {
    pub from: Pubkey,
    pub to: Pubkey,
}

/// A consignment and the lot it belongs to.
#[derive(Clone, Copy, Debug)]
pub struct Goods {
    pub consignment: Pubkey,
    pub lot: Pubkey,
}

/// `authority` is the sender's key.
pub fn offer(
    payer: Pubkey,
    authority: Pubkey,
    sides: Sides,
    goods: Goods,
    terms: OfferTerms,
) -> Instruction {
    let accounts = accounts::Offer {
        payer,
        authority,
        from: sides.from,
        to: sides.to,
        lot: goods.lot,
        consignment: goods.consignment,
        transfer: address::transfer(&goods.consignment, terms.sequence),
        system_program: System::id(),
    };
    instruction(ID, accounts, data::Offer { terms })
}

/// `authority` is the receiver's key, `sequence` the transfer's.
pub fn accept(authority: Pubkey, sides: Sides, goods: Goods, sequence: u32) -> Instruction {
    let accounts = accounts::Accept {
        authority,
        to: sides.to,
        from: sides.from,
        lot: goods.lot,
        consignment: goods.consignment,
        transfer: address::transfer(&goods.consignment, sequence),
        clock: CLOCK_ID,
    };
    instruction(ID, accounts, data::Accept { sequence })
}

/// `authority` is the key of the receiver, `to`.
pub fn reject(
    authority: Pubkey,
    to: Pubkey,
    consignment: Pubkey,
    sequence: u32,
    exception: ExceptionCode,
) -> Instruction {
    let transfer = address::transfer(&consignment, sequence);
    let accounts = accounts::Reject {
        authority,
        to,
        consignment,
        transfer,
    };
    instruction(
        ID,
        accounts,
        data::Reject {
            exception: exception.code(),
        },
    )
}

/// `authority` is the key of the sender, `from`.
pub fn cancel(authority: Pubkey, from: Pubkey, consignment: Pubkey, sequence: u32) -> Instruction {
    let transfer = address::transfer(&consignment, sequence);
    let accounts = accounts::Cancel {
        authority,
        from,
        consignment,
        transfer,
    };
    instruction(ID, accounts, data::Cancel {})
}

/// Anyone may send it once the deadline has passed.
pub fn expire(consignment: Pubkey, sequence: u32) -> Instruction {
    let transfer = address::transfer(&consignment, sequence);
    instruction(
        ID,
        accounts::Expire {
            consignment,
            transfer,
        },
        data::Expire {},
    )
}

/// Both sides' keys sign; `document` is the hash of the transaction information.
pub fn handoff(
    from_authority: Pubkey,
    to_authority: Pubkey,
    sides: Sides,
    goods: Goods,
    kind: TransferKind,
    sequence: u32,
    document: [u8; 32],
) -> Instruction {
    let accounts = accounts::Handoff {
        from_authority,
        to_authority,
        from: sides.from,
        to: sides.to,
        lot: goods.lot,
        consignment: goods.consignment,
        clock: CLOCK_ID,
    };
    instruction(
        ID,
        accounts,
        data::Handoff {
            kind: kind.code(),
            sequence,
            document,
        },
    )
}
