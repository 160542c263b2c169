//! Instructions of the recall program: recalls, the sites' responses, and payment for units that came
//! back or were destroyed.
//!
//! [The module above](super) describes what they have in common; an operator needs the permission
//! `RECALL`. Where a regulator signs, `RegulatorSuspended`, `RegulatorRevoked` and `RegulatorLapsed` mean
//! that its licence is not in force.

use custody::{Lot, RECALL_AUTHORITY};
pub use recall::instructions::{Count, Notice};
use recall::{
    CheckLevel, Claims, Recall, RecallClass, RecallDepth, RecallReason, accounts,
    instruction as data, instructions,
};
use solana_instruction::{AccountMeta, Instruction};
use solana_pubkey::Pubkey;
use solana_sdk_ids::system_program;

use super::signed;
use crate::{
    address,
    identifier::Gln,
    located::Located,
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

/// The token in which a tranche pays, and its program.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Token {
    /// Address of the token's mint.
    pub mint: Pubkey,
    /// Address of the token program, Token or Token-2022.
    pub program: Pubkey,
}

/// A recall of a lot, by its number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LotRecall {
    /// Address of the lot's product.
    pub product: Pubkey,
    /// Address of the lot.
    pub lot: Pubkey,
    /// How many recalls the lot had before it.
    pub number: u8,
}

impl LotRecall {
    /// The lot's next recall.
    pub fn next(lot: &Located<Lot>) -> Self {
        Self {
            product: lot.product,
            lot: lot.address,
            number: lot.recalls,
        }
    }

    /// The recall's address.
    pub fn address(&self) -> Pubkey {
        address::recall(&self.lot, self.number)
    }
}

impl From<&Recall> for LotRecall {
    fn from(recall: &Recall) -> Self {
        Self {
            product: address::product(recall.gtin()),
            lot: recall.lot,
            number: recall.number,
        }
    }
}

/// Opens a recall of a lot, its next one. When it is processed, none of the units moves down the chain any
/// more, whoever holds them.
///
/// Signed by `payer` and by the lot's manufacturer, who holds its product now, or a regulator. The last two
/// of a lot's eight recalls are for regulators.
///
/// Refused with `NotOverseer`, `SiteSuspended`, `ManufacturerRevoked`, `ManufacturerLapsed`, `NoUnits`,
/// `RangeOutsideLot`, `TooManyRecalls`, `InvalidClass`, `InvalidDepth`, `InvalidCheckLevel`,
/// `InvalidReason`, `InvalidNotice`.
pub fn open(
    payer: Pubkey,
    site: Site,
    recall: LotRecall,
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
    let address = recall.address();
    let accounts = accounts::Open {
        payer,
        authority: site.key,
        site: site.partner,
        product: recall.product,
        lot: recall.lot,
        recall: address,
        scope: address::scope(&address, 0),
        recall_authority: RECALL_AUTHORITY,
        custody_program: custody::ID,
        system_program: system_program::ID,
    };
    signed([site], data.to_instruction(accounts))
}

fn by_overseer(payer: Pubkey, site: Site, recall: LotRecall, scopes: u32) -> accounts::ByOverseer {
    let address = recall.address();
    accounts::ByOverseer {
        payer,
        authority: site.key,
        site: site.partner,
        product: recall.product,
        recall: address,
        lot: recall.lot,
        scope: address::scope(&address, scopes),
        recall_authority: RECALL_AUTHORITY,
        custody_program: custody::ID,
        system_program: system_program::ID,
    }
}

/// Makes `units`, which must hold all that are recalled so far, what the recall recalls. It had `scopes`
/// ranges so far.
///
/// Signed by `payer` and by the lot's manufacturer, who holds its product now, or a regulator. If a regulator
/// published the recall's notice, others name that one.
///
/// Refused with `NotOverseer`, `SiteSuspended`, `ManufacturerRevoked`, `ManufacturerLapsed`,
/// `RegulatorsNotice`, `RangeNotGrown`, `RangeOutsideLot`, `InvalidNotice`, `RecallTerminated`.
pub fn expand(
    payer: Pubkey,
    site: Site,
    recall: impl Into<LotRecall>,
    scopes: u32,
    units: UnitRange,
    notice: Notice,
) -> Instruction {
    let data = data::Expand {
        first: units.first,
        quantity: units.quantity,
        notice,
    };
    let accounts = by_overseer(payer, site, recall.into(), scopes);
    signed([site], data.to_instruction(accounts))
}

/// Leaves only `units` recalled by the recall, which had `scopes` ranges so far, and releases its others.
/// What was proven of it no longer counts: prove it again. `document_hash` is that of the decision.
///
/// Signed by `payer` and by a regulator.
///
/// Refused with `NotRegulator`, `RangeNotNarrowed`.
pub fn narrow(
    payer: Pubkey,
    site: Site,
    recall: impl Into<LotRecall>,
    scopes: u32,
    units: UnitRange,
    document_hash: Option<[u8; 32]>,
) -> Instruction {
    let data = data::Narrow {
        first: units.first,
        quantity: units.quantity,
        document_hash: document_hash.unwrap_or_default(),
    };
    let accounts = by_overseer(payer, site, recall.into(), scopes);
    signed([site], data.to_instruction(accounts))
}

fn by_site(site: Site, recall: LotRecall) -> accounts::BySite {
    accounts::BySite {
        authority: site.key,
        site: site.partner,
        product: recall.product,
        recall: recall.address(),
        lot: recall.lot,
    }
}

fn by_regulator(site: Site, recall: Pubkey) -> accounts::ByRegulator {
    accounts::ByRegulator {
        authority: site.key,
        site: site.partner,
        recall,
    }
}

/// Changes the strategy of a recall. A regulator assigns the class by naming it. `document_hash` is that of
/// the decision.
///
/// Signed by a regulator; by the lot's manufacturer or who holds its product now, as long as class, depth
/// and checks become no weaker, and no regulator assigned another class.
///
/// Refused with `NotOverseer`, `SiteSuspended`, `ManufacturerRevoked`, `ManufacturerLapsed`,
/// `NotStricter`, `ClassAssigned`, `InvalidClass`, `InvalidDepth`, `InvalidCheckLevel`,
/// `RecallTerminated`.
pub fn reclassify(
    site: Site,
    recall: impl Into<LotRecall>,
    strategy: RecallStrategy,
    document_hash: Option<[u8; 32]>,
) -> Instruction {
    let data = data::Reclassify {
        strategy: strategy.into(),
        document_hash: document_hash.unwrap_or_default(),
    };
    let accounts = by_site(site, recall.into());
    signed([site], data.to_instruction(accounts))
}

/// Declares that everything reasonable was done to carry the recall out. A regulator confirms it with
/// [`terminate`].
///
/// Signed by the recalling firm: the lot's manufacturer or who holds its product now.
///
/// Refused with `NotRecallingFirm`, `RecallCompleted`, `RecallTerminated`.
pub fn complete(
    site: Site,
    recall: impl Into<LotRecall>,
    document_hash: Option<[u8; 32]>,
) -> Instruction {
    let data = data::Complete {
        document_hash: document_hash.unwrap_or_default(),
    };
    let accounts = by_site(site, recall.into());
    signed([site], data.to_instruction(accounts))
}

/// Ends the recall (21 CFR 7.55). Its units stay blocked, and for 180 days what is reserved stays for those
/// who claim it.
///
/// Signed by a regulator.
///
/// Refused with `NotRegulator`, `RecallTerminated`.
pub fn terminate(site: Site, recall: Pubkey, document_hash: Option<[u8; 32]>) -> Instruction {
    let data = data::Terminate {
        document_hash: document_hash.unwrap_or_default(),
    };
    let accounts = by_regulator(site, recall);
    signed([site], data.to_instruction(accounts))
}

/// Takes a terminated recall up again, so that it can be expanded and answered.
///
/// Signed by a regulator.
///
/// Refused with `NotRegulator`, `RecallNotTerminated`.
pub fn reopen(site: Site, recall: Pubkey, document_hash: Option<[u8; 32]>) -> Instruction {
    let data = data::Reopen {
        document_hash: document_hash.unwrap_or_default(),
    };
    let accounts = by_regulator(site, recall);
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

/// Since when units are recalled, by the numbers of their recall's scopes.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Since {
    /// The scope that added them.
    pub scope: u32,
    /// Those after it that released others, in their order.
    pub narrowings: Vec<u32>,
}

impl Since {
    /// Since the recall was opened, if no units were released from it.
    pub const OPENING: Self = Self {
        scope: 0,
        narrowings: Vec::new(),
    };

    /// Adds the scopes that released units to an instruction, after the accounts that it lists.
    fn with_narrowings(&self, recall: &Pubkey, mut instruction: Instruction) -> Instruction {
        let narrowings = self.narrowings.iter();
        let narrowings = narrowings.map(|&number| address::scope(recall, number));
        instruction
            .accounts
            .extend(narrowings.map(|scope| AccountMeta::new_readonly(scope, false)));
        instruction
    }
}

/// Counts `units`, all on one page, as returned or destroyed by the site. `evidence` is
/// the address of an accepted return's `Transfer` or of a destroyed `Consignment`.
///
/// Signed by `payer` and by the site, which has answered the recall.
///
/// Refused with `NotEvidence`, `NotRecallsEvidence`, `NotSitesEvidence`, `EvidenceTooOld`,
/// `RangeOutsideEvidence`, `RangeOutsideRecall`, `RangeOutsidePage` (the units are on two pages),
/// `NotAddedByScope`, `NotNextNarrowing`, `ReleasedSince`, `AlreadyShown`, `RecallTerminated`.
pub fn prove(
    payer: Pubkey,
    site: Site,
    recall: Pubkey,
    evidence: Pubkey,
    units: UnitRange,
    since: &Since,
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
        proofs: address::proofs(&recall, page),
        evidence,
        scope: address::scope(&recall, since.scope),
        system_program: system_program::ID,
    };
    since.with_narrowings(&recall, signed([site], data.to_instruction(accounts)))
}

/// What a site claims to be paid for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Claimed {
    /// Address of the accepted return's `Transfer`, or of the destroyed `Consignment`.
    pub evidence: Pubkey,
    /// Index of the first unit that it shows.
    pub evidence_first: u32,
    /// The units that are claimed, all on one page of 1,024 that is counted from there.
    pub units: UnitRange,
    /// Since when they are recalled.
    pub since: Since,
    /// Number of the tranche that pays.
    pub tranche: u32,
}

impl Claimed {
    /// How many units a page of claims is for.
    pub const PAGE_UNITS: u32 = Claims::UNITS;

    /// The page of claims that the units are on.
    pub const fn page(&self) -> u32 {
        self.units.first.saturating_sub(self.evidence_first) / Self::PAGE_UNITS
    }
}

/// Pays `site` for units that it had title to when they were recalled, and gave up: into `receiver`, a
/// token account of the site's own key.
///
/// Signed by `payer` and by the site's own key, no operator's.
///
/// Refused with `NotOwner`, `TitleKept`, `TitleTakenLater`, `ManufacturerPays`, `AlreadyPaid`,
/// `RangeOutsideTranche`, `FundedBefore`, `NotTranchesMint`, `OtherMint`, `NotMintsProgram`,
/// `NotSitesTokenAccount`, `ReceiverFrozen`, `VaultFrozen`, `SiteSuspended`, `OwnKeyOnly`,
/// `TrancheWithdrawn`; and with what [`prove`] is refused with for the same evidence and scopes.
pub fn claim(
    payer: Pubkey,
    site: Site,
    recall: Pubkey,
    claimed: &Claimed,
    token: Token,
    receiver: Pubkey,
) -> Instruction {
    let page = claimed.page();
    let data = data::Claim {
        page,
        first: claimed.units.first,
        quantity: claimed.units.quantity,
    };
    let tranche = address::tranche(&recall, claimed.tranche);
    let accounts = accounts::Claim {
        payer,
        authority: site.key,
        site: site.partner,
        recall,
        tranche,
        claims: address::claims(&claimed.evidence, page),
        evidence: claimed.evidence,
        scope: address::scope(&recall, claimed.since.scope),
        mint: token.mint,
        vault: address::vault(&tranche),
        receiver,
        token_program: token.program,
        system_program: system_program::ID,
    };
    let instruction = data.to_instruction(accounts);
    claimed.since.with_narrowings(&recall, instruction)
}

/// What is reserved for units of a recall. The price is in the token's smallest part: at 6 decimals,
/// 1,000,000 is one token.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Funding {
    /// The units that it pays for.
    pub units: UnitRange,
    /// What it pays for each.
    pub unit_price: u64,
}

/// A recall that is funded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FundedRecall {
    /// The recall.
    pub recall: LotRecall,
    /// The lot's manufacturer.
    pub manufacturer: Gln,
    /// How many tranches it has so far.
    pub tranches: u32,
}

impl From<&Recall> for FundedRecall {
    fn from(recall: &Recall) -> Self {
        Self {
            recall: recall.into(),
            manufacturer: recall.manufacturer(),
            tranches: recall.tranches,
        }
    }
}

/// Reserves a price for units of a recall: moves the price of all of them from the token account `source`
/// into a new vault, whose terms never change.
///
/// Signed by `payer` and by the own key of a site of the manufacturer's firm, of its head office, or of who holds the
/// product now; the key must be able to spend from `source`.
///
/// Refused with `NotManufacturer`, `OwnKeyOnly`, `SiteSuspended`, `NoUnits`, `RangeOutsideRecall`,
/// `NoPrice`, `OtherMint`, `NotMintsProgram`, `SourceFrozen`, `AmountTooLarge`, `RecallTerminated`; with
/// `MintTakesFees`, `MintHasDelegate` and the other errors of that kind where less may arrive than was
/// sent, or somebody else may move the tokens or stop them.
pub fn fund(
    payer: Pubkey,
    site: Site,
    recall: impl Into<FundedRecall>,
    token: Token,
    source: Pubkey,
    funding: Funding,
) -> Instruction {
    let FundedRecall {
        recall,
        manufacturer,
        tranches,
    } = recall.into();
    let data = data::Fund {
        funding: instructions::Funding {
            first: funding.units.first,
            quantity: funding.units.quantity,
            unit_price: funding.unit_price,
        },
    };
    let tranche = address::tranche(&recall.address(), tranches);
    let accounts = accounts::Fund {
        payer,
        authority: site.key,
        site: site.partner,
        manufacturer: address::partner(manufacturer),
        product: recall.product,
        recall: recall.address(),
        tranche,
        mint: token.mint,
        vault: address::vault(&tranche),
        source,
        token_program: token.program,
        system_program: system_program::ID,
    };
    data.to_instruction(accounts)
}

/// Moves what is left of a terminated recall's tranche number `tranche` to `receiver`, a token account of
/// the own key of the site that funded it, and closes the vault. Its rent goes to `rent_payer`: the `payer`
/// that the `Tranche` names.
///
/// Signed by the site that funded it.
///
/// Refused with `NotManufacturer`, `SiteSuspended`, `RecallNotTerminated`, `ClaimsOpen` (less than 180
/// days ago), `NotSitesTokenAccount`, `NotPayer`, `VaultFrozen`, `ReceiverFrozen`.
pub fn withdraw(
    site: Site,
    recall: Pubkey,
    tranche: u32,
    token: Token,
    receiver: Pubkey,
    rent_payer: Pubkey,
) -> Instruction {
    let tranche = address::tranche(&recall, tranche);
    let accounts = accounts::Withdraw {
        authority: site.key,
        site: site.partner,
        recall,
        tranche,
        mint: token.mint,
        vault: address::vault(&tranche),
        receiver,
        payer: rent_payer,
        token_program: token.program,
    };
    signed([site], data::Withdraw {}.to_instruction(accounts))
}

/// Closes page number `page` of the claims for a return whose `Transfer`, at `evidence`, was archived, and
/// gives its rent to `rent_payer`: the `payer` that the page names. Nobody signs: anyone may send it.
///
/// Refused with `EvidenceKept`, `NotPayer`.
pub fn close_claims(evidence: Pubkey, page: u32, rent_payer: Pubkey) -> Instruction {
    data::CloseClaims {}.to_instruction(accounts::CloseClaims {
        evidence,
        claims: address::claims(&evidence, page),
        payer: rent_payer,
    })
}

/// Closes page number `page` of a terminated recall's proofs, and gives its rent to `rent_payer`: the
/// `payer` that the page names. Nobody signs: anyone may send it.
///
/// Refused with `RecallNotTerminated`, `NotPayer`.
pub fn close_proofs(recall: Pubkey, page: u32, rent_payer: Pubkey) -> Instruction {
    data::CloseProofs {}.to_instruction(accounts::CloseProofs {
        recall,
        proofs: address::proofs(&recall, page),
        payer: rent_payer,
    })
}
