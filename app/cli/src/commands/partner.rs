//! `pedigree partner`

use anyhow::Result;
use clap::{Args, Subcommand};
use pedigree_client::{
    Located, Plan, address,
    identifier::{CompanyPrefix, Gln},
    instruction::registry::Licence,
    lists,
    planning::{
        partners::{self, Admission, Belongings, HeadOffice},
        site_keys,
    },
    prefixes,
    registry::{self, PrefixClaim},
    text::{field_text, text_field},
};
use pedigree_scan::Country;
use serde::Serialize;
use solana_pubkey::Pubkey;

use crate::{
    answer::Answer,
    arguments::{Digest, LastDay, Role},
    context::{Context, parse_address},
    output::{Report, fields, rows},
    sending::{send, send_with},
    signing_key::{Key, KeySource},
    words::{country_name, role_names, time},
};

#[derive(Subcommand)]
pub enum Partner {
    /// Admit a site; signed by an issuer
    Admit {
        #[command(flatten)]
        admission: AdmissionArguments,
        /// GLN of the head office whose firm the site joins [default: the site is its own firm's head
        /// office]
        #[arg(long, value_name = "GLN")]
        firm: Option<Gln>,
        /// Keypair of that head office, or the address of one that signs later [default: the acting keypair is
        /// its key, too]
        #[arg(long, value_name = "KEYPAIR", requires = "firm")]
        head_office_keypair: Option<KeySource>,
        /// GS1 company prefixes of the firm whose head office the site is
        #[arg(
            long,
            value_delimiter = ',',
            value_name = "PREFIX",
            conflicts_with = "firm"
        )]
        company_prefixes: Vec<CompanyPrefix>,
    },
    /// Correct an admission before the site has confirmed it
    CorrectAdmission {
        #[command(flatten)]
        admission: AdmissionArguments,
    },
    /// Take an admission back before the site has confirmed it, when the GLN was mistyped for instance
    WithdrawAdmission { gln: Gln },
    /// Confirm a site's admission with its own key; from then on it may trade
    Confirm { gln: Gln },
    /// Replace a site's licence: roles, country, last day and document
    Renew {
        gln: Gln,
        #[command(flatten)]
        licence: LicenceArguments,
    },
    /// Suspend a site
    Suspend { gln: Gln },
    /// End a suspension
    Reinstate { gln: Gln },
    /// Revoke a site's licence
    Revoke { gln: Gln },
    /// Undo what was done to a site in its issuer's name: revocation, suspension, licence; signed by the
    /// registry authority
    Restore {
        gln: Gln,
        #[command(flatten)]
        licence: LicenceArguments,
    },
    /// Add a site to a firm; signed by the site's issuer, the site and the firm's head office
    JoinFirm {
        gln: Gln,
        /// GLN of the firm's head office
        #[arg(long, value_name = "GLN")]
        firm: Gln,
        /// Keypair of the head office, or the address of one that signs later [default: the acting keypair is
        /// its key, too]
        #[arg(long, value_name = "KEYPAIR")]
        head_office_keypair: Option<KeySource>,
        /// Keypair of the site, or the address of one that signs later [default: the acting keypair signs for
        /// it, as its issuer's may until the site has confirmed its admission]
        #[arg(long, value_name = "KEYPAIR")]
        site_keypair: Option<KeySource>,
    },
    /// Make a site its own firm's head office again; signed by its issuer and the head office of the firm, or
    /// by the registry authority
    LeaveFirm {
        gln: Gln,
        /// Keypair of the head office, or the address of one that signs later [default: the acting keypair
        /// suffices]
        #[arg(long, value_name = "KEYPAIR")]
        head_office_keypair: Option<KeySource>,
    },
    /// Put a site under another issuer; signed by the registry authority
    Reassign {
        gln: Gln,
        /// The new issuer's key, or the address of its account
        #[arg(long, value_parser = parse_address)]
        issuer: Pubkey,
    },
    /// Propose the site's next key, which completes the rotation with accept-key
    ProposeKey {
        gln: Gln,
        /// The next key; 11111111111111111111111111111111 withdraws a proposal
        #[arg(value_parser = parse_address)]
        key: Pubkey,
    },
    /// Become the site's key, if it was proposed
    AcceptKey { gln: Gln },
    /// Give a GLN, with the goods and products that name it, to the site that proved to own it; signed by the
    /// registry authority
    MoveGln {
        #[command(flatten)]
        admission: AdmissionArguments,
        /// Key of the issuer that answers for the owner, or the address of its account
        #[arg(long, value_parser = parse_address)]
        issuer: Pubkey,
    },
    /// Propose the key that recovers a site in seven days; signed by its issuer and the registry authority
    ProposeRecovery {
        gln: Gln,
        /// The site's new key
        #[arg(value_parser = parse_address)]
        key: Pubkey,
        /// Keypair of the registry authority, or the address of one that signs later [default: the acting
        /// keypair is both]
        #[arg(long, value_name = "KEYPAIR")]
        authority_keypair: Option<KeySource>,
    },
    /// Become the site's key, if it was proposed for its recovery seven days ago
    CompleteRecovery { gln: Gln },
    /// Cancel a recovery; signed by the site's issuer or the registry authority
    CancelRecovery { gln: Gln },
    /// Show a site
    Show { gln: Gln },
    /// List all sites
    List,
}

#[derive(Args)]
pub struct AdmissionArguments {
    gln: Gln,
    /// The site's name
    #[arg(long)]
    name: String,
    /// The site's key
    #[arg(long, value_parser = parse_address)]
    key: Pubkey,
    #[command(flatten)]
    licence: LicenceArguments,
}

impl TryFrom<AdmissionArguments> for Admission {
    type Error = anyhow::Error;

    fn try_from(arguments: AdmissionArguments) -> Result<Self> {
        Ok(Self {
            gln: arguments.gln,
            key: arguments.key,
            name: text_field("site name", &arguments.name)?,
            licence: arguments.licence.into(),
        })
    }
}

#[derive(Args)]
pub struct LicenceArguments {
    /// What the site is licensed to do
    #[arg(long, value_enum, required = true, value_delimiter = ',')]
    roles: Vec<Role>,
    /// Where the site is, as a code of ISO 3166-1: CH
    #[arg(long)]
    country: Country,
    /// The licence's last day, YYYY-MM-DD (UTC)
    #[arg(long, value_name = "DAY")]
    valid_until: LastDay,
    /// Salted SHA-256 of the licence document
    #[arg(long, value_name = "SHA-256")]
    licence_hash: Digest,
}

impl From<LicenceArguments> for Licence {
    fn from(arguments: LicenceArguments) -> Self {
        Self {
            roles: Role::bits(&arguments.roles),
            country: arguments.country.numeric(),
            valid_until: arguments.valid_until.end(),
            hash: arguments.licence_hash.0,
        }
    }
}

impl Partner {
    pub async fn run(self, context: &Context) -> Result<Answer> {
        let plan = match self {
            Self::Admit {
                admission,
                firm,
                head_office_keypair,
                company_prefixes,
            } => {
                let cosigners = Cosigners::load([head_office_keypair])?;
                let actor = context.actor()?;
                let [head_office_key] = cosigners.keys();
                let belongings = Belongings {
                    head_office: firm.map(|gln| HeadOffice {
                        gln,
                        key: head_office_key,
                    }),
                    company_prefixes,
                };
                let plan = partners::admit(&actor, &admission.try_into()?, &belongings).await?;
                return cosigners.send(context, plan).await;
            }
            Self::CorrectAdmission { admission } => {
                partners::correct(&context.actor()?, &admission.try_into()?).await?
            }
            Self::WithdrawAdmission { gln } => partners::withdraw(&context.actor()?, gln).await?,
            Self::Confirm { gln } => partners::confirm(&context.actor()?, gln).await?,
            Self::Renew { gln, licence } => {
                partners::renew(&context.actor()?, gln, licence.into()).await?
            }
            Self::Suspend { gln } => partners::suspend(&context.actor()?, gln).await?,
            Self::Reinstate { gln } => partners::reinstate(&context.actor()?, gln).await?,
            Self::Revoke { gln } => partners::revoke(&context.actor()?, gln).await?,
            Self::Restore { gln, licence } => {
                partners::restore(&context.actor()?, gln, licence.into())
            }
            Self::JoinFirm {
                gln,
                firm,
                head_office_keypair,
                site_keypair,
            } => {
                let cosigners = Cosigners::load([head_office_keypair, site_keypair])?;
                let actor = context.actor()?;
                let [head_office_key, site_key] = cosigners.keys();
                let head_office = HeadOffice {
                    gln: firm,
                    key: head_office_key,
                };
                let plan = partners::join_firm(&actor, gln, site_key, head_office).await?;
                return cosigners.send(context, plan).await;
            }
            Self::LeaveFirm {
                gln,
                head_office_keypair,
            } => {
                let cosigners = Cosigners::load([head_office_keypair])?;
                let [key] = cosigners.keys();
                let plan = partners::leave_firm(&context.actor()?, gln, key).await?;
                return cosigners.send(context, plan).await;
            }
            Self::Reassign { gln, issuer } => {
                partners::reassign(&context.actor()?, gln, &issuer).await?
            }
            Self::ProposeKey { gln, key } => {
                let key = (key != Pubkey::default()).then_some(key);
                site_keys::propose(&context.actor()?, gln, key)
            }
            Self::AcceptKey { gln } => site_keys::accept(&context.actor()?, gln),
            Self::ProposeRecovery {
                gln,
                key,
                authority_keypair,
            } => {
                let cosigners = Cosigners::load([authority_keypair])?;
                let actor = context.actor()?;
                let [authority] = cosigners.keys();
                let plan = site_keys::propose_recovery(&actor, gln, key, authority).await?;
                return cosigners.send(context, plan).await;
            }
            Self::CompleteRecovery { gln } => site_keys::complete_recovery(&context.actor()?, gln),
            Self::CancelRecovery { gln } => {
                site_keys::cancel_recovery(&context.actor()?, gln).await?
            }
            Self::MoveGln { admission, issuer } => {
                partners::move_gln(&context.actor()?, &issuer, &admission.try_into()?).await?
            }
            Self::Show { gln } => {
                let partner: Located<registry::Partner> =
                    context.ledger.get(&address::partner(gln)).await?;
                let claims = prefixes::of_firm(&context.ledger, partner.firm()).await?;
                context.print(&PartnerReport::new(&partner, &claims));
                return Ok(Answer::Yes);
            }
            Self::List => {
                let partners = lists::partners(&context.ledger).await?;
                let claims = prefixes::all(&context.ledger).await?;
                let reports = partners
                    .iter()
                    .map(|partner| PartnerReport::new(partner, &claims));
                context.print(&PartnerList(reports.collect()));
                return Ok(Answer::Yes);
            }
        };
        send(context, plan).await?;
        Ok(Answer::Yes)
    }
}

/// Keys that sign beside the acting one, each if it was named.
struct Cosigners<const N: usize>([Option<Key>; N]);

impl<const N: usize> Cosigners<N> {
    fn load(sources: [Option<KeySource>; N]) -> Result<Self> {
        let mut loaded = [const { None }; N];
        for (place, source) in loaded.iter_mut().zip(sources) {
            *place = source.as_ref().map(KeySource::load).transpose()?;
        }
        Ok(Self(loaded))
    }

    fn keys(&self) -> [Option<Pubkey>; N] {
        self.0.each_ref().map(|it| it.as_ref().map(Key::address))
    }

    async fn send(&self, context: &Context, plan: Plan) -> Result<Answer> {
        let keys: Vec<_> = self.0.iter().flatten().collect();
        send_with(context, plan, &keys).await?;
        Ok(Answer::Yes)
    }
}

#[derive(Serialize)]
struct PartnerReport {
    gln: Gln,
    name: String,
    address: String,
    key: String,
    pending_key: Option<String>,
    recovery: Option<RecoveryReport>,
    firm: Gln,
    country: String,
    roles: Vec<String>,
    status: String,
    licence_valid_until: i64,
    licence_hash: String,
    company_prefixes: Vec<String>,
    issuer: String,
    admitted_at: i64,
    confirmed_at: Option<i64>,
    status_changed_at: i64,
}

/// A recovery of the site's key that may be completed from Unix time `from` on.
#[derive(Serialize)]
struct RecoveryReport {
    key: String,
    from: i64,
}

impl PartnerReport {
    /// `claims` has all company prefixes of the site's firm, and may have others'.
    fn new(partner: &Located<registry::Partner>, claims: &[PrefixClaim]) -> Self {
        Self {
            gln: partner.gln(),
            name: field_text(&partner.name),
            address: partner.address.to_string(),
            key: partner.authority.to_string(),
            pending_key: partner.pending_authority().map(Pubkey::to_string),
            recovery: partner.recovery().map(|(key, from)| RecoveryReport {
                key: key.to_string(),
                from,
            }),
            firm: partner.firm(),
            country: country_name(partner.country),
            roles: role_names(partner.roles),
            status: partner.status.to_string(),
            licence_valid_until: partner.licence_valid_until,
            licence_hash: hex::encode(partner.licence_hash),
            company_prefixes: prefixes::among(claims, partner.firm())
                .map(|claim| claim.prefix().to_string())
                .collect(),
            issuer: partner.issuer.to_string(),
            admitted_at: partner.admitted_at,
            confirmed_at: (partner.confirmed_at != 0).then_some(partner.confirmed_at),
            status_changed_at: partner.status_changed_at,
        }
    }
}

impl Report for PartnerReport {
    fn text(&self) -> String {
        fields([
            ("Name", self.name.clone()),
            ("GLN", self.gln.to_string()),
            (
                "Status",
                format!("{} since {}", self.status, time(self.status_changed_at)),
            ),
            ("Firm", self.firm.to_string()),
            ("Country", self.country.clone()),
            ("Roles", self.roles.join(", ")),
            ("Licence until", time(self.licence_valid_until)),
            ("Licence hash", self.licence_hash.clone()),
            ("Prefixes", self.company_prefixes.join(", ")),
            ("Key", self.key.clone()),
            (
                "Proposed key",
                self.pending_key
                    .clone()
                    .unwrap_or_else(|| "none".to_owned()),
            ),
            (
                "Recovery",
                self.recovery.as_ref().map_or_else(
                    || "none".to_owned(),
                    |recovery| format!("by {} from {} on", recovery.key, time(recovery.from)),
                ),
            ),
            ("Issuer", self.issuer.clone()),
            ("Admitted", time(self.admitted_at)),
            (
                "Confirmed",
                self.confirmed_at.map_or_else(|| "not yet".to_owned(), time),
            ),
            ("Account", self.address.clone()),
        ])
    }
}

#[derive(Serialize)]
#[serde(transparent)]
struct PartnerList(Vec<PartnerReport>);

impl Report for PartnerList {
    fn text(&self) -> String {
        let partners = self.0.iter().map(|partner| {
            [
                partner.gln.to_string(),
                partner.name.clone(),
                partner.roles.join(", "),
                partner.status.clone(),
                time(partner.licence_valid_until),
            ]
        });
        rows(
            ["GLN", "Name", "Roles", "Status", "Licence until"],
            partners,
        )
    }
}
