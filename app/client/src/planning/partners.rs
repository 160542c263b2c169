//! Admitting sites and overseeing them. Signed by an issuer, unless a function says otherwise.

use std::iter;

use pedigree_domain::gs1::CompanyPrefix;
use pedigree_interface::{
    IssuerSigner, Located, Site, address,
    identifier::Gln,
    instruction::registry::{self as instruction, Licence},
    text::field_text,
};
use registry::Partner;
use solana_pubkey::Pubkey;

use crate::{
    actor::Actor,
    error::{Error, Result},
    plan::Plan,
    planning::issuers,
};

/// A site as an issuer enters it into the register.
#[derive(Clone, Copy, Debug)]
pub struct Admission {
    /// The site's GLN.
    pub gln: Gln,
    /// The site's key.
    pub key: Pubkey,
    /// The site's name, UTF-8 followed by zeros.
    pub name: [u8; 64],
    /// What the issuer vouches for.
    pub licence: Licence,
}

/// The head office of a firm, which agrees to who joins it.
#[derive(Clone, Copy, Debug)]
pub struct HeadOffice {
    /// GLN of the head office.
    pub gln: Gln,
    /// The head office's own key; `None` if that is the actor's.
    pub key: Option<Pubkey>,
}

impl HeadOffice {
    fn site(self, actor: &Actor<'_>) -> Site {
        Site::own(self.gln, self.key.unwrap_or(actor.key))
    }
}

/// What a new site brings along or joins.
#[derive(Clone, Debug, Default)]
pub struct Belongings {
    /// The head office of the firm that it joins.
    pub head_office: Option<HeadOffice>,
    /// Company prefixes that are claimed for the site as its own firm's head office.
    pub company_prefixes: Vec<CompanyPrefix>,
}

/// Enters a site into the register, which its key then confirms; adds it to its firm, and claims its
/// company prefixes.
///
/// # Errors
///
/// Those of [`issuers::signer`].
pub async fn admit(
    actor: &Actor<'_>,
    admission: &Admission,
    belongings: &Belongings,
) -> Result<Plan> {
    let Admission {
        gln,
        key,
        name,
        licence,
    } = *admission;
    let issuer = issuers::signer(actor).await?;
    let payer = actor.payer.key;
    let admission = instruction::admit_partner(payer, issuer, gln, key, name, licence);
    let joining = belongings.head_office.map(|head_office| {
        instruction::join_firm(issuer, head_office.site(actor), Site::own(gln, actor.key))
    });
    let claims = belongings
        .company_prefixes
        .iter()
        .map(|prefix| instruction::claim_prefix(payer, issuer, gln, *prefix));
    let steps = iter::once(admission).chain(joining).chain(claims);
    let purpose = format!("admit {} ({gln})", field_text(&name));
    Ok(actor.plan(purpose, steps.collect()))
}

/// Corrects an admission that the site's key has not confirmed, the GLN excepted.
///
/// # Errors
///
/// [`Error::Missing`] if there is no such site.
pub async fn correct(actor: &Actor<'_>, admission: &Admission) -> Result<Plan> {
    let Admission {
        gln,
        key,
        name,
        licence,
    } = *admission;
    let issuer = issuers::of_site(actor, gln).await?;
    Ok(Plan::new(
        format!("correct the admission of {} ({gln})", field_text(&name)),
        instruction::correct_admission(issuer, gln, key, name, licence),
    ))
}

/// Takes back an admission that the site's key has not confirmed.
///
/// # Errors
///
/// [`Error::Missing`] if there is no such site.
pub async fn withdraw(actor: &Actor<'_>, gln: Gln) -> Result<Plan> {
    let issuer = issuers::of_site(actor, gln).await?;
    Ok(Plan::new(
        format!("take back the admission of {gln}"),
        instruction::withdraw_admission(issuer, gln),
    ))
}

/// Confirms the admission of the site `gln`, whose own key the actor's is.
///
/// # Errors
///
/// [`Error::Missing`] if there is no such site.
pub async fn confirm(actor: &Actor<'_>, gln: Gln) -> Result<Plan> {
    let partner: Located<Partner> = actor.ledger.get(&address::partner(gln)).await?;
    let site = Site::own(gln, actor.key);
    Ok(Plan::new(
        format!("confirm the admission of {gln}"),
        instruction::confirm_partner(partner.issuer, site),
    ))
}

/// Replaces a site's licence.
///
/// # Errors
///
/// [`Error::Missing`] if there is no such site.
pub async fn renew(actor: &Actor<'_>, gln: Gln, licence: Licence) -> Result<Plan> {
    let issuer = issuers::of_site(actor, gln).await?;
    Ok(Plan::new(
        format!("renew the licence of {gln}"),
        instruction::renew_partner(issuer, gln, licence),
    ))
}

/// Stops a site's trade until it is reinstated.
///
/// # Errors
///
/// [`Error::Missing`] if there is no such site.
pub async fn suspend(actor: &Actor<'_>, gln: Gln) -> Result<Plan> {
    let issuer = issuers::of_site(actor, gln).await?;
    Ok(Plan::new(
        format!("suspend {gln}"),
        instruction::suspend_partner(issuer, gln),
    ))
}

/// Ends a suspension.
///
/// # Errors
///
/// [`Error::Missing`] if there is no such site.
pub async fn reinstate(actor: &Actor<'_>, gln: Gln) -> Result<Plan> {
    let issuer = issuers::of_site(actor, gln).await?;
    Ok(Plan::new(
        format!("reinstate {gln}"),
        instruction::reinstate_partner(issuer, gln),
    ))
}

/// Ends a site's trade, until the registry authority restores it.
///
/// # Errors
///
/// [`Error::Missing`] if there is no such site.
pub async fn revoke(actor: &Actor<'_>, gln: Gln) -> Result<Plan> {
    let issuer = issuers::of_site(actor, gln).await?;
    Ok(Plan::new(
        format!("revoke the licence of {gln}"),
        instruction::revoke_partner(issuer, gln),
    ))
}

/// Undoes what was done to a site in its issuer's name. Signed by the registry authority.
pub fn restore(actor: &Actor<'_>, gln: Gln, licence: Licence) -> Plan {
    Plan::new(
        format!("restore {gln}"),
        instruction::restore_partner(actor.key, gln, licence),
    )
}

/// Adds the site `gln` to the firm of `head_office`; both sites' own keys sign beside the issuer's. Without
/// `site_key` the actor's key signs for the site: the issuer's suffices until the site has confirmed its
/// admission.
///
/// # Errors
///
/// [`Error::Missing`] if there is no such site.
pub async fn join_firm(
    actor: &Actor<'_>,
    gln: Gln,
    site_key: Option<Pubkey>,
    head_office: HeadOffice,
) -> Result<Plan> {
    let issuer = issuers::of_site(actor, gln).await?;
    let site = Site::own(gln, site_key.unwrap_or(actor.key));
    Ok(Plan::new(
        format!("add {gln} to the firm {}", head_office.gln),
        instruction::join_firm(issuer, head_office.site(actor), site),
    ))
}

/// Makes a site its own firm's head office. The head office of the firm that it leaves signs with
/// `head_office_key`; without it the actor's key does: the registry authority's suffices, and the issuer's
/// until the site has confirmed its admission.
///
/// # Errors
///
/// [`Error::Missing`] if there is no such site, [`Error::NoFirm`] if it is its own firm's head office.
pub async fn leave_firm(
    actor: &Actor<'_>,
    gln: Gln,
    head_office_key: Option<Pubkey>,
) -> Result<Plan> {
    let partner: Located<Partner> = actor.ledger.get(&address::partner(gln)).await?;
    if partner.firm() == gln {
        return Err(Error::NoFirm(gln));
    }
    let issuer = IssuerSigner {
        issuer: partner.issuer,
        key: actor.key,
    };
    let head_office = HeadOffice {
        gln: partner.firm(),
        key: head_office_key,
    };
    Ok(Plan::new(
        format!("take {gln} out of its firm"),
        instruction::leave_firm(issuer, head_office.site(actor), gln),
    ))
}

/// Gives the GLN of a site to its owner, who is admitted by the issuer that is given by its key or its
/// account's address. Signed by the registry authority.
///
/// # Errors
///
/// Those of [`issuers::named`].
pub async fn move_gln(actor: &Actor<'_>, issuer: &Pubkey, admission: &Admission) -> Result<Plan> {
    let Admission {
        gln,
        key,
        name,
        licence,
    } = *admission;
    let issuer = issuers::named(actor.ledger, issuer).await?;
    Ok(Plan::new(
        format!("give {gln} to {}", field_text(&name)),
        instruction::move_gln(actor.key, issuer.address, gln, key, name, licence),
    ))
}

/// Puts a site under another issuer, given by its key or its account's address. Signed by the registry
/// authority.
///
/// # Errors
///
/// Those of [`issuers::named`].
pub async fn reassign(actor: &Actor<'_>, gln: Gln, issuer: &Pubkey) -> Result<Plan> {
    let issuer = issuers::named(actor.ledger, issuer).await?;
    Ok(Plan::new(
        format!("put {gln} under issuer {}", field_text(&issuer.name)),
        instruction::reassign_partner(actor.key, issuer.address, gln),
    ))
}
