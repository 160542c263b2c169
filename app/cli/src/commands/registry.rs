//! `pedigree registry`

use anyhow::Result;
use clap::{Args, Subcommand};
use pedigree_client::{
    Located, address,
    domain::Roles,
    identifier::LeadingDigits,
    lists,
    planning::{
        authority,
        issuers::{self, ScopeChanges},
    },
    registry::{Issuer, Registry as Account},
    text::{field_text, text_field},
};
use pedigree_scan::Country;
use serde::Serialize;
use solana_pubkey::Pubkey;

use crate::{
    answer::Answer,
    arguments::{OrAny, Role},
    context::{Context, parse_address},
    output::{Report, fields, rows},
    sending::send,
    words::{country_name, role_names, time},
};

#[derive(Subcommand)]
pub enum Registry {
    /// Show the registry and its issuers
    Show,
    /// Create the registry; signed by the registry program's upgrade authority
    Initialize {
        /// The registry authority, a multisig in practice [default: the acting keypair]
        #[arg(long, value_parser = parse_address)]
        authority: Option<Pubkey>,
    },
    /// Propose the next registry authority, who completes the hand-over with accept-authority
    ProposeAuthority {
        /// Its key; the zero address 11111111111111111111111111111111 withdraws a proposal
        #[arg(value_parser = parse_address)]
        key: Pubkey,
    },
    /// Become the registry authority, if it was proposed
    AcceptAuthority,
    /// Let a key admit and oversee partners
    AddIssuer {
        #[arg(value_parser = parse_address)]
        key: Pubkey,
        /// Name of the authority that the key belongs to
        #[arg(long)]
        name: String,
        #[command(flatten)]
        scope: ScopeArguments,
    },
    /// Change what an issuer may vouch for; what is not named stays
    SetIssuerScope {
        /// Its key, or the address of its account
        #[arg(value_parser = parse_address)]
        issuer: Pubkey,
        #[command(flatten)]
        scope: ScopeArguments,
    },
    /// Replace an issuer's key, after it was stolen for instance; its partners stay
    RotateIssuerKey {
        /// Its key, or the address of its account
        #[arg(value_parser = parse_address)]
        issuer: Pubkey,
        /// The next key
        #[arg(value_parser = parse_address)]
        key: Pubkey,
    },
    /// Remove an issuer; its partners stay until they are reassigned
    RemoveIssuer {
        /// Its key, or the address of its account
        #[arg(value_parser = parse_address)]
        issuer: Pubkey,
    },
}

#[derive(Args)]
pub struct ScopeArguments {
    /// Roles that it may license [default of a new issuer: all but regulator]
    #[arg(long, value_enum, value_delimiter = ',')]
    roles: Option<Vec<Role>>,
    /// Countries whose sites it may license, as codes of ISO 3166-1, or any [default of a new issuer: any]
    #[arg(long, value_delimiter = ',', value_name = "COUNTRY")]
    countries: Option<Vec<OrAny<Country>>>,
    /// What the company prefixes begin with that it may claim for firms, or any [default of a new issuer:
    /// any]
    #[arg(long, value_delimiter = ',', value_name = "DIGITS")]
    prefixes: Option<Vec<OrAny<LeadingDigits>>>,
}

impl From<ScopeArguments> for ScopeChanges {
    fn from(arguments: ScopeArguments) -> Self {
        let roles = arguments.roles.as_deref().map(Role::bits);
        Self {
            roles: roles.map(Roles::from_bits_retain),
            countries: arguments
                .countries
                .map(|named| OrAny::listed(named).map(Country::numeric).collect()),
            prefixes: arguments
                .prefixes
                .map(|named| OrAny::listed(named).collect()),
        }
    }
}

impl Registry {
    pub async fn run(self, context: &Context) -> Result<Answer> {
        let plan = match self {
            Self::Show => {
                show(context).await?;
                return Ok(Answer::Yes);
            }
            Self::Initialize { authority: key } => authority::initialize(&context.actor()?, key),
            Self::ProposeAuthority { key } => {
                let key = (key != Pubkey::default()).then_some(key);
                authority::propose(&context.actor()?, key)
            }
            Self::AcceptAuthority => authority::accept(&context.actor()?),
            Self::AddIssuer { key, name, scope } => {
                let name = text_field("issuer name", &name)?;
                let scope = ScopeChanges::from(scope).apply(issuers::usual_scope())?;
                issuers::add(&context.actor()?, key, name, scope)
            }
            Self::SetIssuerScope { issuer, scope } => {
                issuers::set_scope(&context.actor()?, &issuer, &scope.into()).await?
            }
            Self::RotateIssuerKey { issuer, key } => {
                issuers::rotate_key(&context.actor()?, &issuer, key).await?
            }
            Self::RemoveIssuer { issuer } => issuers::remove(&context.actor()?, &issuer).await?,
        };
        send(context, plan).await?;
        Ok(Answer::Yes)
    }
}

#[derive(Serialize)]
struct RegistryReport {
    address: String,
    authority: String,
    pending_authority: Option<String>,
    issuers: Vec<IssuerReport>,
}

#[derive(Serialize)]
struct IssuerReport {
    name: String,
    key: String,
    address: String,
    roles: Vec<String>,
    countries: Vec<String>,
    prefixes: Vec<LeadingDigits>,
    added_at: i64,
}

impl IssuerReport {
    fn new(issuer: &Located<Issuer>) -> Self {
        Self {
            name: field_text(&issuer.name),
            key: issuer.key.to_string(),
            address: issuer.address.to_string(),
            roles: role_names(issuer.roles),
            countries: issuer.countries().map(country_name).collect(),
            prefixes: issuer.prefixes().collect(),
            added_at: issuer.added_at,
        }
    }
}

/// What a scope lists, or that it lists nothing.
fn or_any(listed: &[impl ToString]) -> String {
    let listed: Vec<String> = listed.iter().map(ToString::to_string).collect();
    if listed.is_empty() {
        "any".to_owned()
    } else {
        listed.join(", ")
    }
}

impl Report for RegistryReport {
    fn text(&self) -> String {
        let issuers = self.issuers.iter().map(|issuer| {
            [
                issuer.name.clone(),
                issuer.key.clone(),
                issuer.roles.join(", "),
                or_any(&issuer.countries),
                or_any(&issuer.prefixes),
                time(issuer.added_at),
            ]
        });
        format!(
            "{}\n\nIssuers\n{}",
            fields([
                ("Registry", self.address.clone()),
                ("Authority", self.authority.clone()),
                (
                    "Proposed",
                    self.pending_authority
                        .clone()
                        .unwrap_or_else(|| "none".to_owned())
                ),
            ]),
            rows(
                ["Name", "Key", "Roles", "Countries", "Prefixes", "Added"],
                issuers
            ),
        )
    }
}

async fn show(context: &Context) -> Result<()> {
    let registry: Located<Account> = context.ledger.get(&address::registry()).await?;
    let issuers = lists::issuers(&context.ledger).await?;
    context.print(&RegistryReport {
        address: registry.address.to_string(),
        authority: registry.authority.to_string(),
        pending_authority: registry.pending_authority().map(Pubkey::to_string),
        issuers: issuers.iter().map(IssuerReport::new).collect(),
    });
    Ok(())
}
