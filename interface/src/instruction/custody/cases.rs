//! Cases: findings about suspect or illegitimate goods, from opening to resolution.

use custody::{ExceptionCode, accounts, instruction as data, instructions};
use pedigree_domain::identifier::Gln;
use solana_instruction::Instruction;
use solana_pubkey::Pubkey;
use solana_sdk_ids::system_program;

use crate::{address, goods::Goods, instruction::signed, site::Site};

/// What is wrong with goods.
#[derive(Clone, Copy, Debug)]
pub struct Finding {
    /// [`ExceptionCode::None`] for product that is suspect.
    pub exception: ExceptionCode,
    /// How many units it concerns.
    pub units: u32,
    /// SHA-256 of the finding with a salt.
    pub document_hash: Option<[u8; 32]>,
}

impl From<Finding> for instructions::Finding {
    fn from(finding: Finding) -> Self {
        Self {
            exception: finding.exception.code(),
            units: finding.units,
            document_hash: finding.document_hash.unwrap_or_default(),
        }
    }
}

/// Freezes a consignment until its case number `case`, as many as it had so far, is resolved. The site
/// `custodian`, which has the consignment, has to answer.
///
/// Signed by `payer` and by the custodian, the owner, the lot's manufacturer or a regulator, an operator
/// with `QUARANTINE`.
///
/// Refused with `NotOverseer`, `NotCustodian` (`custodian` does not have the goods), `InvalidException`,
/// `TooManyCases`.
pub fn open_case(
    payer: Pubkey,
    site: Site,
    custodian: Gln,
    goods: impl Into<Goods>,
    case: u32,
    finding: Finding,
) -> Instruction {
    let goods = goods.into();
    let data = data::OpenCase {
        finding: finding.into(),
    };
    let accounts = accounts::OpenCase {
        payer,
        authority: site.key,
        site: site.partner,
        custodian: address::partner(custodian),
        lot: goods.lot,
        consignment: goods.consignment,
        case: address::case(&goods.consignment, case),
        system_program: system_program::ID,
    };
    signed([site], data.to_instruction(accounts))
}

/// Freezes a whole lot until its case number `case`, as many as it had so far, is resolved.
///
/// Signed by `payer` and by the lot's manufacturer or a regulator, an operator with `QUARANTINE`.
///
/// Refused with `NotOverseer`, `InvalidException`, `TooManyCases`.
pub fn open_lot_case(
    payer: Pubkey,
    site: Site,
    lot: Pubkey,
    case: u32,
    finding: Finding,
) -> Instruction {
    let data = data::OpenLotCase {
        finding: finding.into(),
    };
    let accounts = accounts::OpenLotCase {
        payer,
        authority: site.key,
        site: site.partner,
        lot,
        case: address::case(&lot, case),
        system_program: system_program::ID,
    };
    signed([site], data.to_instruction(accounts))
}

fn by_investigator(site: Site, case: Pubkey) -> accounts::ByInvestigator {
    accounts::ByInvestigator {
        authority: site.key,
        site: site.partner,
        case,
    }
}

/// Determines that a case's product is illegitimate, which starts the 24 hours to notify the regulator
/// and the trading partners. `document_hash` is that of the determination.
///
/// Signed by the site that opened the case or by a regulator, an operator with `QUARANTINE`.
///
/// Refused with `NotInvestigator`, `CaseResolved`, `CaseDetermined`.
pub fn determine_case(site: Site, case: Pubkey, document_hash: Option<[u8; 32]>) -> Instruction {
    let data = data::DetermineCase {
        document_hash: document_hash.unwrap_or_default(),
    };
    let accounts = by_investigator(site, case);
    signed([site], data.to_instruction(accounts))
}

/// Records that the regulator and the trading partners were notified (Form FDA 3911).
///
/// Signed by the site that opened the case or by a regulator, an operator with `QUARANTINE`.
///
/// Refused with `NotInvestigator`, `CaseNotDetermined`, `CaseNotified`.
pub fn notify_case(site: Site, case: Pubkey, document_hash: Option<[u8; 32]>) -> Instruction {
    let data = data::NotifyCase {
        document_hash: document_hash.unwrap_or_default(),
    };
    let accounts = by_investigator(site, case);
    signed([site], data.to_instruction(accounts))
}

/// Ends the case at `case` on a consignment, which moves again; `condemned`, only to disposal.
///
/// Signed by the site that opened the case or by a regulator, an operator with `QUARANTINE`.
///
/// Refused with `NotInvestigator`, `NotCasesSubject`, `CaseResolved`, `CaseDetermined` (product that was
/// found illegitimate is condemned; only a regulator clears it), `CustodiansCase` (another's goods are condemned
/// by its custodian's case).
pub fn resolve_case(
    site: Site,
    case: Pubkey,
    consignment: Pubkey,
    condemned: bool,
    document_hash: Option<[u8; 32]>,
) -> Instruction {
    let data = data::ResolveCase {
        condemned,
        document_hash: document_hash.unwrap_or_default(),
    };
    let accounts = accounts::ResolveCase {
        authority: site.key,
        site: site.partner,
        case,
        consignment,
    };
    signed([site], data.to_instruction(accounts))
}

/// Ends the case at `case` on a whole lot, as [`resolve_case`] does on a consignment. A lot that is
/// condemned stays so until a regulator releases it.
pub fn resolve_lot_case(
    site: Site,
    case: Pubkey,
    lot: Pubkey,
    condemned: bool,
    document_hash: Option<[u8; 32]>,
) -> Instruction {
    let data = data::ResolveLotCase {
        condemned,
        document_hash: document_hash.unwrap_or_default(),
    };
    let accounts = accounts::ResolveLotCase {
        authority: site.key,
        site: site.partner,
        case,
        lot,
    };
    signed([site], data.to_instruction(accounts))
}
