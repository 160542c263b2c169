//! The registry's first two accounts: the registry itself and its first issuer.

use pedigree_client::{
    address, instruction, planning::issuers, registry::Registry, text::text_field,
};

use crate::{
    deployment,
    error::{Error, Result},
    outcome::Outcome,
    setup::Setup,
};

pub async fn initialize(setup: &Setup<'_>) -> Result<Outcome> {
    deployment::check(setup.ledger).await?;
    let authority = setup.authority.pubkey();
    if let Some(registry) = setup.ledger.find::<Registry>(&address::registry()).await? {
        if registry.authority != authority {
            return Err(Error::OtherAuthority {
                actual: registry.authority,
                asked: authority,
            });
        }
        return Ok(Outcome::AlreadyDone);
    }
    let upgrade_authority = setup.upgrade_authority.pubkey();
    let initialize =
        instruction::registry::initialize(setup.payer.pubkey(), upgrade_authority, authority);
    let receipt = setup
        .submitter()
        .send(&[initialize], &[setup.upgrade_authority])
        .await?;
    Ok(Outcome::Done(receipt.signature))
}

pub async fn add_issuer(setup: &Setup<'_>) -> Result<Outcome> {
    let Some(issuer) = setup.issuer else {
        return Ok(Outcome::Skipped(
            "no issuer is named, so nobody can admit partners yet",
        ));
    };
    let name = text_field("issuer's name", issuer.name).map_err(pedigree_client::Error::from)?;
    if let Some(existing) = issuers::find(setup.ledger, &issuer.key).await? {
        return Ok(if existing.name == name {
            Outcome::AlreadyDone
        } else {
            Outcome::Skipped("this key already belongs to an issuer with another name")
        });
    }
    let (payer, authority) = (setup.payer.pubkey(), setup.authority.pubkey());
    let scope = issuers::usual_scope();
    let add = instruction::registry::add_issuer(payer, authority, issuer.key, name, scope);
    let receipt = setup.submitter().send(&[add], &[setup.authority]).await?;
    Ok(Outcome::Done(receipt.signature))
}
