//! Consignments cut apart and joined, and the packages that they are in.

use custody::{accounts, instruction as data};
use pedigree_domain::identifier::Sscc;
use solana_instruction::{AccountMeta, Instruction};
use solana_pubkey::Pubkey;
use solana_sdk_ids::system_program;

use super::custodian::by_custodian;
use crate::{address, goods::Goods, instruction::signed, site::Site, units::UnitRange};

/// The part that a split cuts off a consignment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Cut {
    /// Its place among the consignment's children: how often that was split so far.
    pub index: u32,
    /// How many of the consignment's last units.
    pub quantity: u32,
    /// The package that it is in.
    pub sscc: Option<Sscc>,
}

impl Cut {
    /// The loose units that are cut off first.
    pub const fn first(quantity: u32) -> Self {
        Self {
            index: 0,
            quantity,
            sscc: None,
        }
    }
}

/// Cuts the last units of a consignment off into one of their own, at
/// [`address::consignment`]`(&consignment, cut.index)`. What stays is in no package any more.
///
/// If some of the consignment's units are gone one by one, add the pages of those that are cut off:
/// [`with_pages`].
///
/// Signed by `payer` and by the custodian, an operator with `PACK`.
///
/// Refused with `NotCustodian`, `SplitQuantity` (each side keeps at least one unit), `InvalidSscc`,
/// `ConsignmentOffered`, `UnitsGone`, `UnderCase`, `NotUnitsPage` (a page is missing).
pub fn split(payer: Pubkey, custodian: Site, goods: impl Into<Goods>, cut: Cut) -> Instruction {
    let goods = goods.into();
    let data = data::Split {
        sequence: goods.sequence,
        quantity: cut.quantity,
        sscc: cut.sscc.map_or(0, Sscc::number),
    };
    let accounts = accounts::Split {
        payer,
        authority: custodian.key,
        custodian: custodian.partner,
        consignment: goods.consignment,
        child: address::consignment(&goods.consignment, cut.index),
        system_program: system_program::ID,
    };
    signed([custodian], data.to_instruction(accounts))
}

/// Adds to a [`split`] the pages that say which of the units it cuts off, `units` of the lot at `lot`,
/// are gone.
#[must_use]
pub fn with_pages(mut split: Instruction, lot: &Pubkey, units: UnitRange) -> Instruction {
    let pages = units.pages().map(|page| address::unit_page(lot, page));
    split
        .accounts
        .extend(pages.map(|page| AccountMeta::new_readonly(page, false)));
    split
}

/// Joins `neighbour`, which has the units right after those of `goods`, to them and closes its account.
/// The rent goes to `rent_payer`: the `payer` that the neighbour's account names.
///
/// Signed by the custodian, an operator with `PACK`.
///
/// Refused with `NotCustodian`, `NotNeighbours`, `UnlikeNeighbours` (another custodian, owner, supplier
/// or other restrictions, or the lot's recalls changed between their purchases), `NotPayer`,
/// `ConsignmentOffered`, `UnitsGone`, `UnderCase`, `NamedByCase`, `PartlyGone` (of what another site owns, single
/// units are gone), and if the custodian is not in good standing.
pub fn merge(
    custodian: Site,
    goods: impl Into<Goods>,
    neighbour: impl Into<Goods>,
    rent_payer: Pubkey,
) -> Instruction {
    let (goods, neighbour) = (goods.into(), neighbour.into());
    let data = data::Merge {
        sequence: goods.sequence,
        neighbour_sequence: neighbour.sequence,
    };
    let accounts = accounts::Merge {
        authority: custodian.key,
        custodian: custodian.partner,
        consignment: goods.consignment,
        neighbour: neighbour.consignment,
        payer: rent_payer,
    };
    signed([custodian], data.to_instruction(accounts))
}

/// Names the outermost package that a consignment is in.
///
/// Signed by the custodian, an operator with `PACK`.
///
/// Refused with `NotCustodian`, `InvalidSscc`, `ConsignmentOffered`, `UnitsGone`.
pub fn pack(custodian: Site, consignment: Pubkey, sscc: Sscc) -> Instruction {
    let data = data::Pack {
        sscc: sscc.number(),
    };
    let accounts = by_custodian(custodian, consignment);
    signed([custodian], data.to_instruction(accounts))
}

/// Takes a consignment out of its package.
///
/// Signed by the custodian, an operator with `PACK`.
///
/// Refused with `NotCustodian`, `ConsignmentOffered`, `UnitsGone`.
pub fn unpack(custodian: Site, consignment: Pubkey) -> Instruction {
    let accounts = by_custodian(custodian, consignment);
    signed([custodian], data::Unpack {}.to_instruction(accounts))
}
