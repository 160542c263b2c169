//! `pedigree demo`: the main use case, played once on a ledger of its own.

mod dock;

use std::{net::Ipv4Addr, path::PathBuf, time::Duration};

use anstyle::AnsiColor;
use anyhow::{Result, bail};
use chrono::{Datelike, Utc};
use clap::Args;
use pedigree_client::{
    Error, Goods, Ledger, Located, Offered, Site, TransferKind, address,
    custody::Consignment,
    domain::{Roles, gs1::CompanyPrefix},
    identifier::{Gln, Gtin},
    instruction::{
        custody::{LotLabel, OfferTerms, accept, handoff, mint_lot, offer},
        registry::{
            Licence, ProductDescription, admit_partner, claim_prefix, confirm_partner,
            register_product, revoke_partner,
        },
    },
    registry::PrefixTable,
    text::text_field,
    trace::{TrailCheck, trace},
    transaction::Submitter,
};
use pedigree_localnet::{Localnet, LocalnetConfig};
use pedigree_migrations::{FirstIssuer, Setup, run as migrate};
use pedigree_verify::{
    verdict::{Label, Question},
    verification::verify,
};
use serde::Serialize;
use sha2::{Digest, Sha256};
use solana_commitment_config::CommitmentConfig;
use solana_instruction::Instruction;
use solana_keypair::{Keypair, write_keypair_file};
use solana_pubkey::Pubkey;
use solana_signer::Signer;
use tokio::task::spawn_blocking;

use self::dock::{Dock, HandedOver};
use super::{
    localnet::{start, until_interrupted},
    verify::VerificationReport,
};
use crate::{
    answer::Answer,
    context::Context,
    output::{Report, paint},
    programs,
};

const GTIN: &str = "09506000134352";
/// The company prefix of the manufacturer's firm.
const PREFIX: CompanyPrefix = CompanyPrefix {
    value: 9_506_000,
    digits: 7,
};
const LOT_NUMBER: &str = "PDG-2026-11";
const UNITS: u32 = 10_000;
const POCKET_MONEY: u64 = 10_000_000_000;
const YEAR: i64 = 365 * 86_400;
/// Short slots, so that confirmations are quick.
const SLOT_TIME: Duration = Duration::from_millis(100);

/// Demonstrate a lot's way from manufacturer to pharmacy on a local ledger.
///
/// With real keys: admission, a product, a lot of 10,000 units, an offer and its acceptance, a
/// handoff that is refused, one between two processes that have one key each, verification and trace.
#[derive(Args)]
pub struct Demo {
    /// Keep the ledger running afterwards, until Ctrl-C, with all keypairs in this folder
    #[arg(long, value_name = "FOLDER", num_args = 0..=1, default_missing_value = "pedigree-demo")]
    keep: Option<PathBuf>,
    /// Port of the ledger's JSON-RPC; 0 takes a free one
    #[arg(long, default_value_t = 0)]
    rpc_port: u16,
}

impl Demo {
    pub async fn run(self, context: &Context) -> Result<Answer> {
        let cast = Cast::new()?;
        if let Some(folder) = &self.keep {
            cast.write_keypairs(folder)?;
        }
        let config = LocalnetConfig {
            bind: Ipv4Addr::LOCALHOST.into(),
            rpc_port: self.rpc_port,
            ws_port: 0,
            ledger: None,
            slot_time: SLOT_TIME,
            programs: programs::all(cast.authority.pubkey())?,
            airdrops: cast
                .keypairs()
                .map(|(_, keypair)| (keypair.pubkey(), POCKET_MONEY))
                .to_vec(),
            accounts: Vec::new(),
        };
        let node = start(config).await?;
        let ledger = Ledger::new(node.rpc_url(), CommitmentConfig::confirmed());
        let mut story = Story {
            is_told: context.is_for_people(),
            ..Story::default()
        };
        play(&mut story, &ledger, &cast, &node).await?;
        if !story.is_told {
            context.print(&story);
        }
        if let Some(folder) = &self.keep {
            let folder = folder.display();
            anstream::eprintln!(
                "\nThe ledger is still running. In another terminal, for instance:\n\
                 \n  export PEDIGREE_URL={}\
                 \n  pedigree lot show {GTIN} {LOT_NUMBER}\
                 \n  pedigree --keypair {folder}/pharmacy.json return {GTIN}/{LOT_NUMBER} --yes\
                 \n  pedigree --keypair {folder}/wholesaler.json receive {GTIN}/{LOT_NUMBER} --yes\
                 \n\nCtrl-C stops it.",
                node.rpc_url(),
            );
            until_interrupted(node).await?;
        } else {
            spawn_blocking(move || node.stop()).await??;
        }
        Ok(Answer::Yes)
    }
}

/// A trading partner of the story.
struct Partner {
    name: &'static str,
    gln: Gln,
    roles: Roles,
    keypair: Keypair,
}

impl Partner {
    fn new(name: &'static str, gln: &str, roles: Roles) -> Result<Self> {
        Ok(Self {
            name,
            gln: gln.parse()?,
            roles,
            keypair: Keypair::new(),
        })
    }

    fn address(&self) -> Pubkey {
        address::partner(self.gln)
    }

    fn key(&self) -> Pubkey {
        self.keypair.pubkey()
    }

    /// Its site, signing with its own key.
    fn site(&self) -> Site {
        Site::own(self.gln, self.key())
    }
}

/// Everyone in the story.
struct Cast {
    authority: Keypair,
    board: Keypair,
    manufacturer: Partner,
    wholesaler: Partner,
    pharmacy: Partner,
    backstreet: Partner,
}

impl Cast {
    fn new() -> Result<Self> {
        Ok(Self {
            authority: Keypair::new(),
            board: Keypair::new(),
            manufacturer: Partner::new(
                "Aurora Pharma, Basel plant",
                "9506000000015",
                Roles::MANUFACTURER,
            )?,
            wholesaler: Partner::new(
                "Meridian Wholesale, Lyon",
                "9506000000022",
                Roles::WHOLESALER,
            )?,
            pharmacy: Partner::new("Pharmacie du Marché", "9506000000039", Roles::DISPENSER)?,
            backstreet: Partner::new("Backstreet Trading", "9506000000046", Roles::WHOLESALER)?,
        })
    }

    fn keypairs(&self) -> [(&'static str, &Keypair); 6] {
        [
            ("authority", &self.authority),
            ("board", &self.board),
            ("manufacturer", &self.manufacturer.keypair),
            ("wholesaler", &self.wholesaler.keypair),
            ("pharmacy", &self.pharmacy.keypair),
            ("backstreet", &self.backstreet.keypair),
        ]
    }

    fn write_keypairs(&self, folder: &std::path::Path) -> Result<()> {
        for (name, keypair) in self.keypairs() {
            let file = folder.join(name).with_extension("json");
            write_keypair_file(keypair, &file)
                .map_err(|error| anyhow::anyhow!("cannot write {}: {error}", file.display()))?;
        }
        Ok(())
    }
}

/// What happened so far.
#[derive(Default, Serialize)]
struct Story {
    #[serde(skip)]
    is_told: bool,
    steps: Vec<StoryStep>,
}

#[derive(Serialize)]
struct StoryStep {
    what: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    account: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    signature: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    compute_units: Option<u64>,
}

impl Report for Story {
    fn text(&self) -> String {
        self.steps
            .iter()
            .map(|step| format!("{}\n", step.what))
            .collect()
    }
}

impl Story {
    fn chapter(&self, title: &str) {
        if self.is_told {
            anstream::println!("\n{}", paint(AnsiColor::Cyan, title));
        }
    }

    fn tell(&mut self, step: StoryStep) {
        if self.is_told {
            let units = step
                .compute_units
                .map_or_else(String::new, |units| format!("{units:>6} CU"));
            anstream::println!("  {units:>9}  {}", step.what);
            if let Some(account) = &step.account {
                anstream::println!("  {:>9}  at {account}", "");
            }
        }
        self.steps.push(step);
    }

    fn say(&mut self, what: String) {
        self.tell(StoryStep {
            what,
            account: None,
            signature: None,
            compute_units: None,
        });
    }

    /// Sends one instruction, paid and signed by `payer` and `others`, and adds it to the story.
    async fn send(
        &mut self,
        ledger: &Ledger,
        what: String,
        account: Pubkey,
        instruction: Instruction,
        payer: &Keypair,
        others: &[&dyn Signer],
    ) -> Result<()> {
        let receipt = Submitter::new(ledger, payer, 0)
            .send(&[instruction], others)
            .await?;
        self.tell(StoryStep {
            what,
            account: Some(account.to_string()),
            signature: Some(receipt.signature.to_string()),
            compute_units: Some(receipt.simulation.compute_units),
        });
        Ok(())
    }
}

async fn play(story: &mut Story, ledger: &Ledger, cast: &Cast, node: &Localnet) -> Result<()> {
    story.chapter("A ledger, and somebody to vouch for its users");
    story.say(format!(
        "A local ledger answers at {}, the programs deployed.",
        node.rpc_url()
    ));
    set_up(story, ledger, cast).await?;

    story.chapter("The board of pharmacy admits four sites, and revokes one");
    for site in [
        &cast.manufacturer,
        &cast.wholesaler,
        &cast.pharmacy,
        &cast.backstreet,
    ] {
        let what = format!("{} ({}) is admitted.", site.name, site.gln);
        let admission = admission(cast, site)?;
        story
            .send(ledger, what, site.address(), admission, &cast.board, &[])
            .await?;
        let what = format!("{} confirms it with its own key.", site.name);
        let confirmation = confirm_partner(address::issuer(&cast.board.pubkey()), site.site());
        story
            .send(
                ledger,
                what,
                site.address(),
                confirmation,
                &site.keypair,
                &[],
            )
            .await?;
    }
    let revoked = cast.backstreet.address();
    let revocation = revoke_partner(cast.board.pubkey(), cast.backstreet.gln);
    let what = format!("{} loses its licence.", cast.backstreet.name);
    story
        .send(ledger, what, revoked, revocation, &cast.board, &[])
        .await?;

    story.chapter("The manufacturer registers a product and mints a lot");
    let (gtin, lot_number) = (GTIN.parse::<Gtin>()?, LOT_NUMBER.parse()?);
    let product = address::product(gtin);
    let maker = &cast.manufacturer;
    let (board, table) = (
        cast.board.pubkey(),
        address::prefix_table(PrefixTable::leading_of(PREFIX)),
    );
    let claim = claim_prefix(board, board, maker.gln, PREFIX);
    let what = format!(
        "The board vouches for the company prefix of {}.",
        maker.name
    );
    story
        .send(ledger, what, table, claim, &cast.board, &[])
        .await?;
    let description = ProductDescription {
        name: text_field("product name", "Auroxin 5 mg, 30 tablets")?,
        national_code: text_field("national drug code", "12345-678-90")?,
        storage_min: 20,
        storage_max: 80,
    };
    let registration = register_product(maker.key(), maker.site(), gtin, description);
    let what = format!("Auroxin 5 mg, 30 tablets (GTIN {gtin}) is registered.");
    story
        .send(ledger, what, product, registration, &maker.keypair, &[])
        .await?;

    let label = LotLabel {
        lot_number,
        expiry: format!("{}-12", Utc::now().year() + 2).parse()?,
        quantity: UNITS,
        serial_root: None,
        manifest_hash: Some(Sha256::digest(b"the demo's packing list").into()),
    };
    let lot = address::lot(product, lot_number);
    let minting = mint_lot(maker.key(), maker.site(), product, &label);
    let what = format!(
        "Lot {lot_number}: {UNITS} units, expiry {}, in one transaction.",
        label.expiry
    );
    story
        .send(ledger, what, lot, minting, &maker.keypair, &[])
        .await?;

    story.chapter("The lot goes down the chain");
    let goods = Goods::minted(lot);
    deliver(story, ledger, cast, goods).await?;

    story.chapter("At the counter");
    let label = Label {
        gtin,
        lot_number,
        expiry: Some(label.expiry),
        serial: None,
    };
    let question = Question::about(label);
    let verification = verify(ledger, question, Utc::now().timestamp()).await?;
    if !verification.is_verified() {
        bail!("the demo's pack should have been verified");
    }
    let report = VerificationReport::read(ledger, &verification).await?;
    story.say(report.text());

    story.chapter("At the inspector's desk");
    let trace = trace(ledger, &goods.consignment).await?;
    if trace.check != TrailCheck::Proven {
        bail!("the demo's trail should have been proven");
    }
    story.say(format!(
        "{} events since minting; the trail computed from the transactions equals the account's: proven.",
        trace.entries.len()
    ));
    Ok(())
}

async fn set_up(story: &mut Story, ledger: &Ledger, cast: &Cast) -> Result<()> {
    let setup = Setup {
        ledger,
        payer: &cast.authority,
        upgrade_authority: &cast.authority,
        authority: &cast.authority,
        issuer: Some(FirstIssuer {
            key: cast.board.pubkey(),
            name: "Board of Pharmacy",
        }),
        priority_fee: 0,
    };
    for (step, outcome) in migrate(setup).await? {
        story.say(format!("{step}: {outcome}"));
    }
    Ok(())
}

fn admission(cast: &Cast, site: &Partner) -> Result<Instruction> {
    let licence = Licence {
        roles: site.roles.bits(),
        country: 756,
        valid_until: Utc::now().timestamp() + YEAR,
        hash: Sha256::digest(site.name).into(),
    };
    let board = cast.board.pubkey();
    let name = text_field("site name", site.name)?;
    Ok(admit_partner(
        board,
        board,
        site.gln,
        site.key(),
        name,
        licence,
    ))
}

/// From the manufacturer by offer to the wholesaler, then by a handoff to the pharmacy, after one to the
/// revoked site is refused.
async fn deliver(story: &mut Story, ledger: &Ledger, cast: &Cast, goods: Goods) -> Result<()> {
    let (maker, wholesaler, pharmacy) = (&cast.manufacturer, &cast.wholesaler, &cast.pharmacy);
    let at = goods.consignment;

    let terms = OfferTerms {
        kind: TransferKind::Sale,
        statement: true,
        deadline: Utc::now().timestamp() + 86_400,
        document_hash: Some(Sha256::digest(b"the demo's first invoice").into()),
        reverses: None,
    };
    let offered = offer(maker.key(), maker.site(), wholesaler.gln, goods, terms);
    let what = format!(
        "{} offers {UNITS} units to {}.",
        maker.name, wholesaler.name
    );
    story
        .send(ledger, what, at, offered, &maker.keypair, &[])
        .await?;

    let from = maker.gln;
    let accepted = accept(wholesaler.site(), Offered { goods, from });
    let what = format!("{} accepts.", wholesaler.name);
    story
        .send(ledger, what, at, accepted, &wholesaler.keypair, &[])
        .await?;

    let held: Located<Consignment> = ledger.get(&at).await?;
    let invoice: [u8; 32] = Sha256::digest(b"the demo's second invoice").into();
    let hand_to = |to: &Partner| {
        let (from, to) = (wholesaler.site(), to.site());
        handoff(from, to, &held, TransferKind::Sale, Some(invoice))
    };
    let backstreet = &cast.backstreet;
    let submitter = Submitter::new(ledger, &wholesaler.keypair, 0);
    match submitter
        .send(&[hand_to(backstreet)], &[&backstreet.keypair])
        .await
    {
        Err(Error::Refused(refusal)) => story.say(format!(
            "{} tries to hand them to {}: {refusal}",
            wholesaler.name, backstreet.name
        )),
        Err(error) => return Err(error.into()),
        Ok(_) => bail!("the handoff to an unlicensed site should have been refused"),
    }

    let dock = Dock {
        url: ledger.rpc().url(),
        sender: wholesaler.keypair.insecure_clone(),
        receiver: pharmacy.keypair.insecure_clone(),
        from: wholesaler.gln,
        to: pharmacy.gln,
        consignment: at.to_string(),
        document: hex::encode(invoice),
    };
    let HandedOver {
        signature,
        compute_units,
    } = spawn_blocking(move || dock.hand_over()).await??;
    story.tell(StoryStep {
        what: format!(
            "{} shows a link; {} fetches the handoff, compares it and signs. Neither has the other's key.",
            wholesaler.name, pharmacy.name
        ),
        account: Some(at.to_string()),
        signature: Some(signature),
        compute_units: Some(compute_units),
    });
    Ok(())
}
