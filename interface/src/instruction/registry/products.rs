//! Products and who makes them.

use pedigree_domain::identifier::{Gln, Gtin};
use registry::{PrefixTable, accounts, instruction as data, instructions::ProductDescription};
use solana_instruction::Instruction;
use solana_pubkey::Pubkey;
use solana_sdk_ids::system_program;

use crate::{address, site::Site};

/// Registers the product `gtin`, which must lie under one of the company prefixes of the manufacturer's firm.
///
/// Signed by `payer` and by the manufacturer.
///
/// Refused with `NotPartnerKey`, `InvalidGtin`, `GtinNotUnderPrefix`, `NotManufacturer`,
/// `PartnerNotActive`, `LicenceLapsed`, `InvalidName`, `InvalidNationalCode`, `InvalidStorageRange`.
pub fn register_product(
    payer: Pubkey,
    manufacturer: Site,
    gtin: Gtin,
    description: ProductDescription,
) -> Instruction {
    let data = data::RegisterProduct {
        gtin: gtin.number(),
        description,
    };
    data.to_instruction(accounts::RegisterProduct {
        payer,
        manufacturer: manufacturer.partner,
        authority: manufacturer.key,
        prefixes: address::prefix_table(PrefixTable::leading_of_gtin(gtin.number())),
        product: address::product(gtin),
        system_program: system_program::ID,
    })
}

/// Replaces the description of the product `gtin`.
///
/// Signed by the product's manufacturer.
///
/// Refused with `NotPartnerKey`, `NotProductsManufacturer`, and for the description as
/// [`register_product`] is.
pub fn update_product(
    manufacturer: Site,
    gtin: Gtin,
    description: ProductDescription,
) -> Instruction {
    data::UpdateProduct { description }.to_instruction(accounts::UpdateProduct {
        manufacturer: manufacturer.partner,
        authority: manufacturer.key,
        product: address::product(gtin),
    })
}

/// Offers the product `gtin` to the manufacturer `to`, which [`accept_product_transfer`] makes its owner.
/// Naming the product's own manufacturer withdraws an earlier offer.
///
/// Signed by the product's manufacturer.
///
/// Refused with `NotPartnerKey`, `NotProductsManufacturer`.
pub fn propose_product_transfer(manufacturer: Site, to: Gln, gtin: Gtin) -> Instruction {
    data::ProposeProductTransfer {}.to_instruction(accounts::ProposeProductTransfer {
        manufacturer: manufacturer.partner,
        authority: manufacturer.key,
        pending_manufacturer: address::partner(to),
        product: address::product(gtin),
    })
}

/// Takes over the product `gtin` from the manufacturer `former`, who may act as one still. Lots that were
/// minted before stay their manufacturer's.
///
/// Signed by the manufacturer that it was offered to.
///
/// Refused with `NotPartnerKey`, `NotPendingManufacturer`, `NotProductsManufacturer`, and for either of the two
/// with `NotManufacturer`, `PartnerNotActive`, `PartnerRevoked`, `LicenceLapsed`.
pub fn accept_product_transfer(manufacturer: Site, former: Gln, gtin: Gtin) -> Instruction {
    data::AcceptProductTransfer {}.to_instruction(accounts::AcceptProductTransfer {
        manufacturer: manufacturer.partner,
        authority: manufacturer.key,
        former: address::partner(former),
        product: address::product(gtin),
    })
}

/// Gives the product `gtin` to the manufacturer `to`, after a dispute or because its own is gone.
///
/// Signed by the registry authority.
///
/// Refused with `NotRegistryAuthority`, `NotManufacturer`, `PartnerNotActive`, `PartnerRevoked`,
/// `LicenceLapsed`.
pub fn move_product(authority: Pubkey, to: Gln, gtin: Gtin) -> Instruction {
    data::MoveProduct {}.to_instruction(accounts::MoveProduct {
        registry: address::registry(),
        authority,
        manufacturer: address::partner(to),
        product: address::product(gtin),
    })
}
