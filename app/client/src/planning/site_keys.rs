//! Replacing a site's key: by itself, or by its issuer and the registry authority when it was lost or stolen.

use pedigree_interface::{Site, identifier::Gln, instruction::registry as instruction};
use solana_pubkey::Pubkey;

use crate::{actor::Actor, error::Result, plan::Plan, planning::issuers};

/// Proposes the next key of the site `gln`, whose own key the actor's is; `None` withdraws a proposal.
pub fn propose(actor: &Actor<'_>, gln: Gln, key: Option<Pubkey>) -> Plan {
    let purpose = match key {
        Some(key) => format!("propose {key} as the key of {gln}"),
        None => format!("withdraw the next key of {gln}"),
    };
    let site = Site::own(gln, actor.key);
    Plan::new(purpose, instruction::propose_partner_key(site, key))
}

/// Makes the actor's key, which was proposed, the key of the site `gln`.
pub fn accept(actor: &Actor<'_>, gln: Gln) -> Plan {
    Plan::new(
        format!("make {} the key of {gln}", actor.key),
        instruction::accept_partner_key(gln, actor.key),
    )
}

/// Proposes `key` for the recovery of a site's key. The actor is the site's issuer; the registry `authority`
/// signs as well, with the actor's key if none is given.
///
/// # Errors
///
/// [`Error::Missing`](crate::Error::Missing) if there is no such site.
pub async fn propose_recovery(
    actor: &Actor<'_>,
    gln: Gln,
    key: Pubkey,
    authority: Option<Pubkey>,
) -> Result<Plan> {
    let authority = authority.unwrap_or(actor.key);
    let issuer = issuers::of_site(actor, gln).await?;
    Ok(Plan::new(
        format!("propose {key} for the recovery of {gln}'s key in seven days"),
        instruction::propose_recovery(authority, issuer, gln, key),
    ))
}

/// Makes the actor's key, which was proposed for the recovery, the key of the site `gln`.
pub fn complete_recovery(actor: &Actor<'_>, gln: Gln) -> Plan {
    Plan::new(
        format!(
            "make {} the key of {gln}, and dismiss all of its operators",
            actor.key
        ),
        instruction::complete_recovery(gln, actor.key),
    )
}

/// Withdraws the recovery of a site's key. The actor is the site's issuer, or the registry authority.
///
/// # Errors
///
/// [`Error::Missing`](crate::Error::Missing) if there is no such site.
pub async fn cancel_recovery(actor: &Actor<'_>, gln: Gln) -> Result<Plan> {
    let overseer = issuers::of_site(actor, gln).await?;
    Ok(Plan::new(
        format!("cancel the recovery of {gln}'s key"),
        instruction::cancel_recovery(overseer, gln),
    ))
}
