//! The bodies that vouch for partners. Signed by the registry authority.

use pedigree_domain::{Roles, gs1::LeadingDigits};
use pedigree_interface::{
    IssuerSigner, Located, address,
    identifier::Gln,
    instruction::registry::{self as instruction, IssuerScope},
    text::field_text,
};
use registry::{Issuer, Partner};
use solana_pubkey::Pubkey;

use crate::{
    actor::Actor,
    error::{Error, Result},
    ledger::{Filter, Ledger, missing},
    plan::Plan,
};

/// What changes of an issuer's scope; `None` stays as it is.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ScopeChanges {
    /// The roles that it may license.
    pub roles: Option<Roles>,
    /// Numeric codes of ISO 3166-1: the countries whose sites it may license; none: any.
    pub countries: Option<Vec<u16>>,
    /// What the company prefixes begin with that it may claim for firms; none: any.
    pub prefixes: Option<Vec<LeadingDigits>>,
}

impl ScopeChanges {
    /// The scope that `scope` becomes.
    ///
    /// # Errors
    ///
    /// [`Error::ScopeTooLong`] if there are more countries or prefixes than an issuer's account holds.
    pub fn apply(&self, mut scope: IssuerScope) -> Result<IssuerScope> {
        if let Some(roles) = self.roles {
            scope.roles = roles.bits();
        }
        if let Some(countries) = &self.countries {
            scope.countries = filled("countries", countries.iter().copied())?;
        }
        if let Some(prefixes) = &self.prefixes {
            scope.prefixes = filled("prefixes", prefixes.iter().map(|it| it.value))?;
            scope.prefix_digits = filled("prefixes", prefixes.iter().map(|it| it.digits))?;
        }
        Ok(scope)
    }
}

/// The values, then zeros.
fn filled<T: Copy + Default, const N: usize>(
    what: &'static str,
    values: impl ExactSizeIterator<Item = T>,
) -> Result<[T; N]> {
    if values.len() > N {
        return Err(Error::ScopeTooLong { what, most: N });
    }
    let mut places = [T::default(); N];
    for (place, value) in places.iter_mut().zip(values) {
        *place = value;
    }
    Ok(places)
}

/// Every role but that of a regulator, in every country, and every company prefix: what an issuer may vouch
/// for unless the registry authority says otherwise.
pub fn usual_scope() -> IssuerScope {
    IssuerScope::everywhere(Roles::all().difference(Roles::REGULATOR))
}

/// The issuer that signs with the key `named`, or else whose account is at that address.
///
/// # Errors
///
/// [`Error::Missing`] if there is neither.
pub async fn named(ledger: &Ledger, named: &Pubkey) -> Result<Located<Issuer>> {
    let found = find(ledger, named).await?;
    found.ok_or_else(|| missing::<Issuer>(&address::issuer(named)))
}

/// The same, if there is one.
///
/// # Errors
///
/// If the ledger cannot be read.
pub async fn find(ledger: &Ledger, named: &Pubkey) -> Result<Option<Located<Issuer>>> {
    let by_key: Vec<Located<Issuer>> = ledger.list(&[Filter::issuer_key(named)]).await?;
    let first = address::issuer(named);
    // The one whose first key it is, if several issuers have it.
    match by_key.into_iter().min_by_key(|it| it.address != first) {
        Some(issuer) => Ok(Some(issuer)),
        None => match ledger.find(named).await {
            Err(Error::NotA { .. }) => Ok(None),
            found => found,
        },
    }
}

/// The issuer for which the actor's key signs.
///
/// # Errors
///
/// [`Error::Missing`] if it signs for none.
pub async fn signer(actor: &Actor<'_>) -> Result<IssuerSigner> {
    let issuer = named(actor.ledger, &actor.key).await?;
    Ok(IssuerSigner {
        issuer: issuer.address,
        key: actor.key,
    })
}

/// The issuer that answers for the site `gln`, with the actor's key as its key.
///
/// # Errors
///
/// [`Error::Missing`] if there is no such site.
pub async fn of_site(actor: &Actor<'_>, gln: Gln) -> Result<IssuerSigner> {
    let partner: Located<Partner> = actor.ledger.get(&address::partner(gln)).await?;
    Ok(IssuerSigner {
        issuer: partner.issuer,
        key: actor.key,
    })
}

/// Lets the body `name` with this key vouch for partners within `scope`. `name` is UTF-8 followed by
/// zeros.
pub fn add(actor: &Actor<'_>, key: Pubkey, name: [u8; 64], scope: IssuerScope) -> Plan {
    Plan::new(
        format!("make {} ({key}) an issuer", field_text(&name)),
        instruction::add_issuer(actor.payer.key, actor.key, key, name, scope),
    )
}

/// Changes what the issuer may vouch for.
///
/// # Errors
///
/// Those of [`named`] and [`ScopeChanges::apply`].
pub async fn set_scope(actor: &Actor<'_>, issuer: &Pubkey, changes: &ScopeChanges) -> Result<Plan> {
    let issuer = named(actor.ledger, issuer).await?;
    let scope = changes.apply(issuer.scope())?;
    Ok(Plan::new(
        format!(
            "change what issuer {} may vouch for",
            field_text(&issuer.name)
        ),
        instruction::set_issuer_scope(actor.key, issuer.address, scope),
    ))
}

/// Has the issuer sign with `key` from now on.
///
/// # Errors
///
/// Those of [`named`].
pub async fn rotate_key(actor: &Actor<'_>, issuer: &Pubkey, key: Pubkey) -> Result<Plan> {
    let issuer = named(actor.ledger, issuer).await?;
    Ok(Plan::new(
        format!("make {key} the key of issuer {}", field_text(&issuer.name)),
        instruction::rotate_issuer_key(actor.key, issuer.address, key),
    ))
}

/// Takes the right to vouch from the issuer.
///
/// # Errors
///
/// Those of [`named`].
pub async fn remove(actor: &Actor<'_>, issuer: &Pubkey) -> Result<Plan> {
    let issuer = named(actor.ledger, issuer).await?;
    Ok(Plan::new(
        format!("remove issuer {}", field_text(&issuer.name)),
        instruction::remove_issuer(actor.key, issuer.address),
    ))
}

#[cfg(test)]
mod tests {
    use registry::SCOPE_COUNTRIES;

    use super::*;

    #[test]
    fn only_what_is_named_changes() {
        let scope = usual_scope();
        let changes = ScopeChanges {
            countries: Some(vec![756, 276]),
            prefixes: Some(vec![LeadingDigits {
                value: 76,
                digits: 2,
            }]),
            ..ScopeChanges::default()
        };
        let changed = changes.apply(scope).unwrap();
        assert_eq!(changed.roles, scope.roles);
        assert_eq!(changed.countries[..3], [756, 276, 0]);
        assert_eq!((changed.prefixes[0], changed.prefix_digits[0]), (76, 2));

        let anywhere = ScopeChanges {
            roles: Some(Roles::DISPENSER),
            countries: Some(Vec::new()),
            ..ScopeChanges::default()
        };
        let changed = anywhere.apply(changed).unwrap();
        assert_eq!(changed.roles, Roles::DISPENSER.bits());
        assert_eq!(changed.countries, [0; SCOPE_COUNTRIES]);
        assert_eq!(changed.prefix_digits[0], 2);
    }

    #[test]
    fn a_scope_has_limits() {
        let changes = ScopeChanges {
            countries: Some(vec![756; SCOPE_COUNTRIES + 1]),
            ..ScopeChanges::default()
        };
        let error = changes.apply(usual_scope()).unwrap_err();
        assert!(
            error.to_string().contains("at most 32 countries"),
            "{error}"
        );
    }
}
