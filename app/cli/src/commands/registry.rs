//! `pedigree registry`

use anyhow::Result;
use clap::Subcommand;
use pedigree_client::{
    Located, Plan, address,
    instruction::registry as instruction,
    registry::{Issuer, Registry as Account},
    text::{field_text, text_field},
};
use serde::Serialize;
use solana_pubkey::Pubkey;
use solana_signer::Signer;

use crate::{
    answer::Answer,
    context::{Context, parse_address},
    output::{Report, fields, rows},
    sending::send,
    words::time,
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
    },
    /// Remove an issuer; its partners stay until they are reassigned
    RemoveIssuer {
        #[arg(value_parser = parse_address)]
        key: Pubkey,
    },
}

impl Registry {
    pub async fn run(self, context: &Context) -> Result<Answer> {
        let acting = || context.keypair().map(Signer::pubkey);
        let payer = || context.fee_payer().map(Signer::pubkey);
        let (purpose, instruction) = match self {
            Self::Show => {
                show(context).await?;
                return Ok(Answer::Yes);
            }
            Self::Initialize { authority } => {
                let authority = authority.map_or_else(acting, Ok)?;
                (
                    format!("initialise the registry under {authority}"),
                    instruction::initialize(payer()?, acting()?, authority),
                )
            }
            Self::ProposeAuthority { key } => (
                format!("propose {key} as registry authority"),
                instruction::propose_authority(acting()?, key),
            ),
            Self::AcceptAuthority => {
                let acting = acting()?;
                (
                    format!("make {acting} the registry authority"),
                    instruction::accept_authority(acting),
                )
            }
            Self::AddIssuer { key, name } => {
                let field = text_field("issuer name", &name)?;
                (
                    format!("make {name} ({key}) an issuer"),
                    instruction::add_issuer(payer()?, acting()?, key, field),
                )
            }
            Self::RemoveIssuer { key } => (
                format!("remove issuer {key}"),
                instruction::remove_issuer(acting()?, key),
            ),
        };
        send(context, Plan::new(purpose, instruction)).await?;
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
    added_at: i64,
}

impl Report for RegistryReport {
    fn text(&self) -> String {
        let issuers = self.issuers.iter().map(|issuer| {
            [
                issuer.name.clone(),
                issuer.key.clone(),
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
            rows(["Name", "Key", "Added"], issuers),
        )
    }
}

async fn show(context: &Context) -> Result<()> {
    let registry: Located<Account> = context.ledger.get(&address::registry()).await?;
    let mut issuers: Vec<Located<Issuer>> = context.ledger.list(&[]).await?;
    issuers.sort_by_key(|issuer| (issuer.added_at, issuer.key));
    let is_proposed = registry.pending_authority != Pubkey::default();
    context.print(&RegistryReport {
        address: registry.address.to_string(),
        authority: registry.authority.to_string(),
        pending_authority: is_proposed.then(|| registry.pending_authority.to_string()),
        issuers: issuers
            .into_iter()
            .map(|issuer| IssuerReport {
                name: field_text(&issuer.name),
                key: issuer.key.to_string(),
                added_at: issuer.added_at,
            })
            .collect(),
    });
    Ok(())
}
