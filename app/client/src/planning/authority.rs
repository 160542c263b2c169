//! The registry, and handing its authority over.

use pedigree_interface::instruction::registry as instruction;
use solana_pubkey::Pubkey;

use crate::{actor::Actor, plan::Plan};

/// Creates the registry, with `authority` as its authority; without one, the actor. The actor is the upgrade
/// authority of the registry program.
pub fn initialize(actor: &Actor<'_>, authority: Option<Pubkey>) -> Plan {
    let authority = authority.unwrap_or(actor.key);
    Plan::new(
        format!("initialise the registry under {authority}"),
        instruction::initialize(actor.payer.key, actor.key, authority),
    )
}

/// Proposes the next registry authority, which [`accept`] makes it; `None` withdraws a proposal. The actor is
/// the registry authority.
pub fn propose(actor: &Actor<'_>, key: Option<Pubkey>) -> Plan {
    let purpose = match key {
        Some(key) => format!("propose {key} as registry authority"),
        None => "withdraw the next registry authority".to_owned(),
    };
    Plan::new(
        purpose,
        instruction::propose_authority(actor.key, key.unwrap_or_default()),
    )
}

/// Makes the actor, which was proposed, the registry authority.
pub fn accept(actor: &Actor<'_>) -> Plan {
    Plan::new(
        format!("make {} the registry authority", actor.key),
        instruction::accept_authority(actor.key),
    )
}
