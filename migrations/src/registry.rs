//! The registry's first two accounts: the registry itself and its first issuer.

use pedigree_client::{
    address, instruction, planning::issuers, registry::Registry, text::text_field,
};

use crate::{
    deployment,
    error::{Error, Result},
    outcome::Outcome,
    plan::Plan,
};

pub async fn initialize(plan: &Plan<'_>) -> Result<Outcome> {
    deployment::check(plan.ledger).await?;
    let authority = plan.authority.pubkey();
    if let Some(registry) = plan.ledger.find::<Registry>(&address::registry()).await? {
        if registry.authority != authority {
            return Err(Error::OtherAuthority {
                actual: registry.authority,
                asked: authority,
            });
        }
        return Ok(Outcome::AlreadyDone);
    }
    let upgrade_authority = plan.upgrade_authority.pubkey();
    let initialize =
        instruction::registry::initialize(plan.payer.pubkey(), upgrade_authority, authority);
    let receipt = plan
        .submitter()
        .send(&[initialize], &[plan.upgrade_authority])
        .await?;
    Ok(Outcome::Done(receipt.signature))
}

pub async fn add_issuer(plan: &Plan<'_>) -> Result<Outcome> {
    let Some(issuer) = plan.issuer else {
        return Ok(Outcome::Skipped(
            "no issuer is named, so nobody can admit partners yet",
        ));
    };
    let name = text_field("issuer's name", issuer.name).map_err(pedigree_client::Error::from)?;
    if let Some(existing) = issuers::find(plan.ledger, &issuer.key).await? {
        return Ok(if existing.name == name {
            Outcome::AlreadyDone
        } else {
            Outcome::Skipped("this key already belongs to an issuer with another name")
        });
    }
    let (payer, authority) = (plan.payer.pubkey(), plan.authority.pubkey());
    let scope = issuers::usual_scope();
    let add = instruction::registry::add_issuer(payer, authority, issuer.key, name, scope);
    let receipt = plan.submitter().send(&[add], &[plan.authority]).await?;
    Ok(Outcome::Done(receipt.signature))
}
