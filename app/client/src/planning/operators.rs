//! Appointing operators of a site. Signed by the site's own key.

use pedigree_domain::Permissions;
use pedigree_interface::{
    Located, Site, address,
    identifier::Gln,
    instruction::registry::{self as instruction, OperatorTerms},
    text::field_text,
};
use registry::Operator;
use solana_pubkey::Pubkey;

use crate::{actor::Actor, error::Result, plan::Plan};

/// What changes of an operator's terms; `None` stays as it is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct OperatorChanges {
    /// What the operator may do.
    pub permissions: Option<Permissions>,
    /// Unix seconds: from when.
    pub valid_from: Option<i64>,
    /// Unix seconds: the first moment after the last.
    pub valid_until: Option<i64>,
    /// A badge or a device, UTF-8 followed by zeros.
    pub name: Option<[u8; 32]>,
}

impl OperatorChanges {
    /// The new terms of `operator`.
    pub fn terms(&self, operator: &Operator) -> OperatorTerms {
        let permissions = self.permissions.map(|it| it.bits());
        OperatorTerms {
            permissions: permissions.unwrap_or(operator.permissions),
            valid_from: self.valid_from.unwrap_or(operator.valid_from),
            valid_until: self.valid_until.unwrap_or(operator.valid_until),
            name: self.name.unwrap_or(operator.name),
        }
    }
}

/// Lets `key` act for the site `gln`, whose own key the actor's is.
pub fn appoint(actor: &Actor<'_>, gln: Gln, key: Pubkey, terms: OperatorTerms) -> Plan {
    let site = Site::own(gln, actor.key);
    Plan::new(
        format!(
            "appoint {} ({key}) as an operator of {gln}",
            field_text(&terms.name)
        ),
        instruction::appoint_operator(actor.payer.key, site, key, terms),
    )
}

/// Changes what the operator with this key may do for the site `gln`, when, or its name.
///
/// # Errors
///
/// [`Error::Missing`](crate::Error::Missing) if the site did not appoint it.
pub async fn update(
    actor: &Actor<'_>,
    gln: Gln,
    key: Pubkey,
    changes: &OperatorChanges,
) -> Result<Plan> {
    let site = Site::own(gln, actor.key);
    let operator = operator(actor, &site, &key).await?;
    Ok(Plan::new(
        format!("update operator {} of {gln}", field_text(&operator.name)),
        instruction::update_operator(site, key, changes.terms(&operator)),
    ))
}

/// Ends the appointment of the operator with this key; its rent goes back to whoever paid it.
///
/// # Errors
///
/// [`Error::Missing`](crate::Error::Missing) if the site did not appoint it.
pub async fn dismiss(actor: &Actor<'_>, gln: Gln, key: Pubkey) -> Result<Plan> {
    let site = Site::own(gln, actor.key);
    let operator = operator(actor, &site, &key).await?;
    Ok(Plan::new(
        format!("dismiss operator {} of {gln}", field_text(&operator.name)),
        instruction::dismiss_operator(site, key, operator.payer),
    ))
}

/// Ends all appointments that the site `gln`, whose own key the actor's is, has made so far.
pub fn dismiss_all(actor: &Actor<'_>, gln: Gln) -> Plan {
    Plan::new(
        format!("dismiss all operators of {gln}"),
        instruction::dismiss_all_operators(Site::own(gln, actor.key)),
    )
}

async fn operator(actor: &Actor<'_>, site: &Site, key: &Pubkey) -> Result<Located<Operator>> {
    let address = address::operator(&site.partner, key);
    actor.ledger.get(&address).await
}
