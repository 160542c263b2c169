//! Instructions of the recall program: recalls, the sites' responses, and payment for units that came
//! back or were destroyed.
//!
//! [The module above](super) describes what they have in common; an operator needs the permission
//! `RECALL`. Where a regulator signs, `RegulatorSuspended`, `RegulatorRevoked` and `RegulatorLapsed` mean
//! that its licence is not in force.

use custody::RECALL_AUTHORITY;
pub use recall::instructions::{Count, Notice};
use recall::{
    CheckLevel, RecallClass, RecallDepth, RecallReason, accounts, instruction as data, instructions,
};
use solana_instruction::Instruction;
use solana_pubkey::Pubkey;
use solana_sdk_ids::system_program;

use super::signed;
use crate::{
    address,
    site::Site,
    units::{self, UnitRange},
};

/// How a recall is to be carried out: its strategy by 21 CFR 7.42.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RecallStrategy {
    /// The health hazard (21 CFR 7.3(m)).
    pub class: RecallClass,
    /// How far down the chain it reaches.
    pub depth: RecallDepth,
    /// How many of the sites concerned are asked whether they acted.
    pub check_level: CheckLevel,
    /// Percentage of the sites to ask at [`CheckLevel::B`], 11 to 99; 0 at the other levels, which have
    /// their own.
    pub check_percent: u8,
}

impl From<RecallStrategy> for instructions::RecallStrategy {
    fn from(strategy: RecallStrategy) -> Self {
        Self {
            class: strategy.class.code(),
            depth: strategy.depth.code(),
            check_level: strategy.check_level.code(),
            check_percent: strategy.check_percent,
        }
    }
}

/// What is recalled, and why.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RecallTerms {
    /// The units of the lot that are recalled.
    pub units: UnitRange,
    /// How the recall is to be carried out.
    pub strategy: RecallStrategy,
    /// Why.
    pub reason: RecallReason,
}

/// The token in which a recall pays, and its program.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Token {
    /// Address of the token's mint.
    pub mint: Pubkey,
    /// Address of the token program, Token or Token-2022.
    pub program: Pubkey,
}

/// Opens recall number `number` of the lot at `lot`: as many as it had so far. When it is processed, none
/// of the units moves down the chain any more, whoever holds them.
///
/// Signed by `payer` and by the lot's manufacturer or a regulator.
///
/// Refused with `NotOverseer`, `NoUnits`, `RangeOutsideLot`, `TooManyRecalls`, `InvalidClass`,
/// `InvalidDepth`, `InvalidCheckLevel`, `InvalidReason`, `InvalidNotice`.
pub fn open(
    payer: Pubkey,
    site: Site,
    lot: Pubkey,
    number: u8,
    terms: RecallTerms,
    notice: Notice,
) -> Instruction {
    let data = data::Open {
        terms: instructions::RecallTerms {
            first: terms.units.first,
            quantity: terms.units.quantity,
            strategy: terms.strategy.into(),
            reason: terms.reason.code(),
        },
        notice,
    };
    let accounts = accounts::Open {
        payer,
        authority: site.key,
        site: site.partner,
        lot,
        recall: address::recall(&lot, number),
        recall_authority: RECALL_AUTHORITY,
        custody_program: custody::ID,
        system_program: system_program::ID,
    };
    signed([site], data.to_instruction(accounts))
}

fn by_overseer(site: Site, lot: Pubkey, number: u8) -> accounts::ByOverseer {
    accounts::ByOverseer {
        authority: site.key,
        site: site.partner,
        recall: address::recall(&lot, number),
        lot,
        recall_authority: RECALL_AUTHORITY,
        custody_program: custody::ID,
    }
}

/// Makes `units`, which must hold all that are recalled so far, what recall number `number` of the lot
/// recalls.
///
/// Signed by the lot's manufacturer or a regulator.
///
/// Refused with `NotOverseer`, `RangeNotGrown`, `RangeOutsideLot`, `InvalidNotice`, `RecallTerminated`.
pub fn expand(
    site: Site,
    lot: Pubkey,
    number: u8,
    units: UnitRange,
    notice: Notice,
) -> Instruction {
    let data = data::Expand {
        first: units.first,
        quantity: units.quantity,
        notice,
    };
    let accounts = by_overseer(site, lot, number);
    signed([site], data.to_instruction(accounts))
}

/// Leaves only `units` recalled by recall number `number` of the lot, and releases its others.
/// `document_hash` is that of the decision.
///
/// Signed by a regulator.
///
/// Refused with `NotRegulator`, `RangeNotNarrowed`.
pub fn narrow(
    site: Site,
    lot: Pubkey,
    number: u8,
    units: UnitRange,
    document_hash: Option<[u8; 32]>,
) -> Instruction {
    let data = data::Narrow {
        first: units.first,
        quantity: units.quantity,
        document_hash: document_hash.unwrap_or_default(),
    };
    let accounts = by_overseer(site, lot, number);
    signed([site], data.to_instruction(accounts))
}

fn by_site(site: Site, recall: Pubkey) -> accounts::BySite {
    accounts::BySite {
        authority: site.key,
        site: site.partner,
        recall,
    }
}

/// Changes the strategy of the recall at `recall`. `document_hash` is that of the decision.
///
/// Signed by a regulator; by the lot's manufacturer, as long as class, depth and checks become no
/// weaker.
///
/// Refused with `NotOverseer`, `NotStricter`, `InvalidClass`, `InvalidDepth`, `InvalidCheckLevel`,
/// `RecallTerminated`.
pub fn reclassify(
    site: Site,
    recall: Pubkey,
    strategy: RecallStrategy,
    document_hash: Option<[u8; 32]>,
) -> Instruction {
    let data = data::Reclassify {
        strategy: strategy.into(),
        document_hash: document_hash.unwrap_or_default(),
    };
    let accounts = by_site(site, recall);
    signed([site], data.to_instruction(accounts))
}

/// Declares that everything reasonable was done to carry the recall out. A regulator confirms it with
/// [`terminate`].
///
/// Signed by the site that opened the recall or by the lot's manufacturer.
///
/// Refused with `NotOpener`, `RecallCompleted`, `RecallTerminated`.
pub fn complete(site: Site, recall: Pubkey, document_hash: Option<[u8; 32]>) -> Instruction {
    let data = data::Complete {
        document_hash: document_hash.unwrap_or_default(),
    };
    let accounts = by_site(site, recall);
    signed([site], data.to_instruction(accounts))
}

/// Ends the recall (21 CFR 7.55). Its units stay stopped.
///
/// Signed by a regulator.
///
/// Refused with `NotRegulator`, `RecallTerminated`.
pub fn terminate(site: Site, recall: Pubkey, document_hash: Option<[u8; 32]>) -> Instruction {
    let data = data::Terminate {
        document_hash: document_hash.unwrap_or_default(),
    };
    let accounts = by_site(site, recall);
    signed([site], data.to_instruction(accounts))
}

/// Records the response of `site` to the recall, or replaces an earlier one.
///
/// Signed by `payer` and by a site that may hold medicines, whether or not its licence is in force.
///
/// Refused with `NotHolder`, `CountTooHigh`, `CountFell`, `CountBelowShown`, `InvalidCountDate`,
/// `RecallTerminated`.
pub fn respond(payer: Pubkey, site: Site, recall: Pubkey, count: Count) -> Instruction {
    let data = data::Respond { count };
    let accounts = accounts::Respond {
        payer,
        authority: site.key,
        site: site.partner,
        recall,
        response: address::response(&recall, &site.partner),
        system_program: system_program::ID,
    };
    signed([site], data.to_instruction(accounts))
}

/// Counts `units`, all on one page, as returned or destroyed by the site. `evidence` is
/// the address of an accepted return's `Transfer` or of a destroyed `Consignment`.
///
/// Signed by `payer` and by the site, which has answered the recall.
///
/// Refused with `NotEvidence`, `NotRecallsEvidence`, `NotSitesEvidence`, `EvidenceTooOld`,
/// `RangeOutsideEvidence`, `RangeOutsideRecall`, `RangeOutsidePage` (the units are on two pages),
/// `AlreadyShown`, `RecallTerminated`.
pub fn prove(
    payer: Pubkey,
    site: Site,
    recall: Pubkey,
    evidence: Pubkey,
    units: UnitRange,
) -> Instruction {
    let page = units::page_of(units.first);
    let data = data::Prove {
        page,
        first: units.first,
        quantity: units.quantity,
    };
    let accounts = accounts::Prove {
        payer,
        authority: site.key,
        site: site.partner,
        recall,
        response: address::response(&recall, &site.partner),
        claims: address::claims(&recall, page),
        evidence,
        system_program: system_program::ID,
    };
    signed([site], data.to_instruction(accounts))
}

/// Counts units as [`prove`] does, if they are not counted yet, and has the vault pay for them into
/// `receiver`, a token account of the site's own key.
///
/// Signed by `payer` and by the site, which has answered the recall and is not the manufacturer.
///
/// Refused with `NoEscrow`, `NotRecallsMint`, `OtherMint`, `NotMintsProgram`, `NotSitesTokenAccount`,
/// `AlreadyPaid`, `VaultShort`, `ReceiverFrozen`, `ManufacturerPays`, and as [`prove`] is.
pub fn claim(
    payer: Pubkey,
    site: Site,
    recall: Pubkey,
    evidence: Pubkey,
    units: UnitRange,
    token: Token,
    receiver: Pubkey,
) -> Instruction {
    let page = units::page_of(units.first);
    let data = data::Claim {
        page,
        first: units.first,
        quantity: units.quantity,
    };
    let accounts = accounts::Claim {
        payer,
        authority: site.key,
        site: site.partner,
        recall,
        response: address::response(&recall, &site.partner),
        claims: address::claims(&recall, page),
        evidence,
        mint: token.mint,
        vault: address::vault(&recall),
        receiver,
        token_program: token.program,
        system_program: system_program::ID,
    };
    signed([site], data.to_instruction(accounts))
}

/// What is put into a recall's vault. Amounts are in the token's smallest part: at 6 decimals, 1,000,000
/// is one token.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Funding {
    /// How much goes into the vault.
    pub amount: u64,
    /// What the recall pays for each unit from now on; it may be raised only.
    pub unit_price: u64,
}

/// Puts tokens from the token account `source` into the recall's vault; the first funding creates the
/// vault, and decides in which token the recall pays.
///
/// Signed by `payer` and by the lot's manufacturer, whose signing key must be able to spend from
/// `source`.
///
/// Refused with `NotManufacturer`, `NothingFunded`, `PriceLowered`, `NotRecallsMint`, `OtherMint`,
/// `NotMintsProgram`, `SourceFrozen`, `AmountTooLarge`; with `MintTakesFees`, `MintHasDelegate` and the
/// other errors of that kind where less may arrive than was sent, or somebody else may move the tokens
/// or stop them.
pub fn fund(
    payer: Pubkey,
    site: Site,
    recall: Pubkey,
    token: Token,
    source: Pubkey,
    funding: Funding,
) -> Instruction {
    let data = data::Fund {
        amount: funding.amount,
        unit_price: funding.unit_price,
    };
    let accounts = accounts::Fund {
        payer,
        authority: site.key,
        site: site.partner,
        recall,
        mint: token.mint,
        vault: address::vault(&recall),
        source,
        token_program: token.program,
        system_program: system_program::ID,
    };
    signed([site], data.to_instruction(accounts))
}

/// Moves what is left in the vault of a terminated recall to `receiver`, a token account of the
/// manufacturer's own key, and closes the vault. Its rent goes to `rent_payer`: the `vault_payer` that
/// the `Recall` names.
///
/// Signed by the lot's manufacturer.
///
/// Refused with `NotManufacturer`, `RecallNotTerminated`, `NoEscrow`, `NotSitesTokenAccount`,
/// `NotPayer`, `VaultFrozen`, `ReceiverFrozen`.
pub fn withdraw(
    site: Site,
    recall: Pubkey,
    token: Token,
    receiver: Pubkey,
    rent_payer: Pubkey,
) -> Instruction {
    let accounts = accounts::Withdraw {
        authority: site.key,
        site: site.partner,
        recall,
        mint: token.mint,
        vault: address::vault(&recall),
        receiver,
        payer: rent_payer,
        token_program: token.program,
    };
    signed([site], data::Withdraw {}.to_instruction(accounts))
}

/// Closes page number `page` of a terminated recall's claims, and gives its rent to `rent_payer`: the
/// `payer` that the page names. Nobody signs: anyone may send it.
///
/// Refused with `RecallNotTerminated`, `NotPayer`.
pub fn close_claims(recall: Pubkey, page: u32, rent_payer: Pubkey) -> Instruction {
    data::CloseClaims {}.to_instruction(accounts::CloseClaims {
        recall,
        claims: address::claims(&recall, page),
        payer: rent_payer,
    })
}
