//! Single units: dispensing them, taking them out of the chain one by one, undoing that, and clearing them.

use custody::{Consignment, Disposition, ExceptionCode};
use pedigree_interface::{
    Located,
    identifier::Gln,
    instruction::custody as instruction,
    site::Site,
    units::{UnitBlock, blocks},
};
use solana_instruction::Instruction;
use solana_pubkey::Pubkey;

use super::{cases::open_case, grounds::Grounds, witness::Witness};
use crate::{
    actor::{Actor, acting_site},
    disposition::{RecordedUnit, inactive, unit},
    error::{Error, Result},
    plan::Plan,
};

/// Whether units may be dispensed.
#[derive(Clone, Debug)]
pub enum Dispensing {
    /// All are active on their lot's pages.
    Ready(Plan),
    /// Some are not, so nothing is to be dispensed.
    Gone(Box<GoneUnits>),
}

/// Units that are to be dispensed and are not active any more.
#[derive(Clone, Debug)]
pub struct GoneUnits {
    /// The first of them, with who has to be asked about it.
    pub first: RecordedUnit,
    /// How many they are.
    pub count: u32,
}

/// Dispenses units of a consignment to patients; `evidence_hash` is the SHA-256 of what they were
/// verified with. `units` are ascending indices of the lot. `owner_key` signs for the goods' owner where that is
/// another site; without it the actor's key does, which the owner may have made its operator.
///
/// # Errors
///
/// [`Error::Missing`] if a page of the units is not open, or if one of the keys may not act for its site.
pub async fn dispense(
    actor: &Actor<'_>,
    consignment: &Located<Consignment>,
    units: &[u32],
    owner_key: Option<Pubkey>,
    evidence_hash: Option<[u8; 32]>,
) -> Result<Dispensing> {
    let ledger = actor.ledger;
    let gone = inactive(ledger, &consignment.lot, units.iter().copied()).await?;
    if let Some(&first) = gone.first() {
        return Ok(Dispensing::Gone(Box::new(GoneUnits {
            first: unit(ledger, &consignment.lot, first).await?,
            count: u32::try_from(gone.len()).unwrap_or(u32::MAX),
        })));
    }
    let custodian = actor.site(consignment.custodian()).await?;
    let owner = owner(actor, consignment, owner_key).await?;
    let dispense = |block| {
        instruction::dispense(
            actor.payer.key,
            custodian,
            consignment,
            block,
            owner,
            evidence_hash,
        )
    };
    let purpose = format!("dispense {} units", units.len());
    Ok(Dispensing::Ready(
        actor.plan(purpose, each_block(units, dispense)),
    ))
}

/// Who signs for the goods' owner, if that is another site than their custodian: `key`, or the actor's.
///
/// # Errors
///
/// If the key may not act for the owner.
pub async fn owner(
    actor: &Actor<'_>,
    consignment: &Consignment,
    key: Option<Pubkey>,
) -> Result<Option<Site>> {
    if consignment.owner == consignment.custodian {
        return Ok(None);
    }
    let key = key.unwrap_or(actor.key);
    let owner = acting_site(actor.ledger, consignment.owner(), key).await?;
    Ok(Some(owner))
}

/// Takes back units that were dispensed and not handed out, within ten days (Delegated Regulation (EU)
/// 2016/161, article 13).
///
/// # Errors
///
/// If the actor may not act for the custodian.
pub async fn undo_dispense(
    actor: &Actor<'_>,
    consignment: &Located<Consignment>,
    units: &[u32],
) -> Result<Plan> {
    let custodian = actor.site(consignment.custodian()).await?;
    let undo = |block| instruction::undo_dispense(custodian, consignment, block);
    let purpose = format!("take {} dispensed units back", units.len());
    Ok(actor.plan(purpose, each_block(units, undo)))
}

/// Takes back that units were sampled or exported, within ten days (Delegated Regulation (EU) 2016/161, article
/// 13).
///
/// # Errors
///
/// If the actor may not act for the custodian.
pub async fn undo_decommission(
    actor: &Actor<'_>,
    consignment: &Located<Consignment>,
    units: &[u32],
) -> Result<Plan> {
    let custodian = actor.site(consignment.custodian()).await?;
    let undo = |block| instruction::undo_decommission(custodian, consignment, block);
    let purpose = format!("take {} decommissioned units back", units.len());
    Ok(actor.plan(purpose, each_block(units, undo)))
}

/// Makes units active again that were cleared: suspect ones, by the custodian if the actor may act for it;
/// else, also illegitimate ones and those that were reported stolen, by the actor's only site, which must be a
/// regulator.
///
/// # Errors
///
/// If it is not clear for which site the actor acts.
pub async fn restore_units(
    actor: &Actor<'_>,
    consignment: &Located<Consignment>,
    units: &[u32],
    site: Option<Gln>,
    document_hash: Option<[u8; 32]>,
) -> Result<Plan> {
    let site = actor.likely_site(site, &[consignment.custodian()]).await?;
    let restore = |block| instruction::restore_units(site, consignment, block, document_hash);
    let purpose = format!("make {} units active again", units.len());
    Ok(actor.plan(purpose, each_block(units, restore)))
}

/// Opens a case of suspect product on the consignment that units were to be dispensed from, for the
/// site that holds it. `because` says why.
///
/// # Errors
///
/// If the actor may not act for the custodian.
pub async fn open_case_on_gone_units(
    actor: &Actor<'_>,
    consignment: &Located<Consignment>,
    gone: &GoneUnits,
    because: &str,
    document_hash: Option<[u8; 32]>,
) -> Result<Plan> {
    let grounds = Grounds {
        exception: ExceptionCode::None,
        units: Some(gone.count),
        document_hash,
    };
    let custodian = consignment.custodian();
    let plan = open_case(actor, consignment, grounds, Some(custodian)).await?;
    Ok(Plan {
        purpose: format!("open a case of suspect product: {because}"),
        ..plan
    })
}

/// Takes units of a consignment out of the chain as `disposition`, or marks them as suspect, illegitimate
/// or damaged. A destruction needs a witness, who signs too; so does what another site owns and is sampled or
/// called illegitimate or damaged, and what a case holds.
///
/// # Errors
///
/// [`Error::WitnessNeeded`] if units are to be destroyed without a witness, or if one of the keys may not
/// act for its site.
pub async fn decommission(
    actor: &Actor<'_>,
    consignment: &Located<Consignment>,
    units: &[u32],
    disposition: Disposition,
    witness: Option<&Witness>,
    document_hash: Option<[u8; 32]>,
) -> Result<Plan> {
    let custodian = actor.site(consignment.custodian()).await?;
    let purpose = format!("record {} units as {disposition}", units.len());
    if disposition != Disposition::Destroyed {
        let witness = match witness {
            Some(witness) => Some(witness.of_withdrawal(actor.ledger, consignment).await?),
            None => None,
        };
        let decommission = |block| {
            instruction::decommission(
                actor.payer.key,
                custodian,
                consignment,
                block,
                disposition,
                witness,
                document_hash,
            )
        };
        return Ok(actor.plan(purpose, each_block(units, decommission)));
    }
    let witness = witness.ok_or(Error::WitnessNeeded)?;
    let witness = witness.of_destruction(actor.ledger, consignment).await?;
    let destroy =
        |block| instruction::destroy_units(custodian, witness, consignment, block, document_hash);
    Ok(actor.plan(purpose, each_block(units, destroy)))
}

/// An instruction for each block of 64 that holds some of the units.
fn each_block(units: &[u32], instruction: impl Fn(UnitBlock) -> Instruction) -> Vec<Instruction> {
    let blocks = blocks(units.iter().copied());
    blocks.into_iter().map(instruction).collect()
}
