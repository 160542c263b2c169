//! The steps on a local ledger that runs the programs which `cargo xtask build` left in
//! `target/deploy`.

use std::{collections::BTreeSet, fs, path::Path, time::Duration};

use pedigree_client::{
    Ledger, Located, address,
    registry::{Issuer, Registry, RegistryError},
};
use pedigree_localnet::{DeployedProgram, Localnet, LocalnetConfig};
use pedigree_migrations::{Error, FirstIssuer, Outcome, Program, Setup, Step, run};
use solana_commitment_config::CommitmentConfig;
use solana_keypair::Keypair;
use solana_pubkey::Pubkey;
use solana_signer::Signer;

const ISSUER: FirstIssuer<'static> = FirstIssuer {
    key: Pubkey::new_from_array([7; 32]),
    name: "Board of Pharmacy",
};

/// A cluster and the keypairs that set it up.
struct Cluster {
    ledger: Ledger,
    payer: Keypair,
    upgrade_authority: Keypair,
    authority: Keypair,
    _localnet: Localnet,
}

impl Cluster {
    fn start(programs: &[Program]) -> Self {
        let (payer, upgrade_authority) = (Keypair::new(), Keypair::new());
        let programs = programs
            .iter()
            .map(|program| DeployedProgram {
                id: program.id(),
                upgrade_authority: upgrade_authority.pubkey(),
                elf: elf(*program).into(),
            })
            .collect();
        let localnet = Localnet::start(LocalnetConfig {
            rpc_port: 0,
            ws_port: 0,
            slot_time: Duration::from_millis(50),
            programs,
            airdrops: vec![
                (payer.pubkey(), 1_000_000_000),
                // Anybody may send lamports to an address before it is used.
                (address::registry(), 1_000_000),
                (address::issuer(&ISSUER.key), 1_000_000),
            ],
            ..LocalnetConfig::default()
        })
        .unwrap();
        Self {
            ledger: Ledger::new(localnet.rpc_url(), CommitmentConfig::confirmed()),
            payer,
            upgrade_authority,
            authority: Keypair::new(),
            _localnet: localnet,
        }
    }

    fn setup(&self) -> Setup<'_> {
        Setup {
            ledger: &self.ledger,
            payer: &self.payer,
            upgrade_authority: &self.upgrade_authority,
            authority: &self.authority,
            issuer: Some(ISSUER),
            priority_fee: 0,
        }
    }
}

fn elf(program: Program) -> Vec<u8> {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("../target/deploy/{program}.so"));
    fs::read(&file)
        .unwrap_or_else(|error| panic!("{}: {error}; run `cargo xtask build`", file.display()))
}

#[test]
fn the_idl_of_every_program_is_published() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../programs");
    let in_workspace: BTreeSet<String> = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap())
        .filter(|entry| entry.path().is_dir())
        .map(|entry| entry.file_name().into_string().unwrap())
        .collect();
    let published = |step| match step {
        Step::PublishIdl(program) => Some(program.to_string()),
        _ => None,
    };
    let published: BTreeSet<String> = Step::ALL.into_iter().filter_map(published).collect();
    assert_eq!(published, in_workspace);
}

#[tokio::test]
async fn a_fresh_cluster_becomes_a_working_registry_once() {
    let cluster = Cluster::start(&Program::ALL);
    let outcomes = run(cluster.setup()).await.unwrap();
    let (steps, outcomes): (Vec<Step>, Vec<Outcome>) = outcomes.into_iter().unzip();
    assert_eq!(steps, Step::ALL);
    assert!(
        matches!(outcomes[..2], [Outcome::Done(_), Outcome::Done(_)]),
        "{outcomes:?}"
    );
    let no_host = Outcome::Skipped("the Program Metadata program is not on this cluster");
    assert_eq!(outcomes[2..], [no_host; 3]);

    let registry: Located<Registry> = cluster.ledger.get(&address::registry()).await.unwrap();
    assert_eq!(registry.authority, cluster.authority.pubkey());
    let issuer: Located<Issuer> = cluster
        .ledger
        .get(&address::issuer(&ISSUER.key))
        .await
        .unwrap();
    assert_eq!(issuer.key, ISSUER.key);
    assert!(issuer.name.starts_with(ISSUER.name.as_bytes()));

    let outcomes = run(cluster.setup())
        .await
        .unwrap()
        .into_iter()
        .map(|(_, outcome)| outcome);
    let again: Vec<Outcome> = outcomes.collect();
    assert_eq!(again[..2], [Outcome::AlreadyDone; 2]);
    assert_eq!(again[2..], [no_host; 3]);
}

#[tokio::test]
async fn a_cluster_that_differs_from_the_setup_is_reported() {
    let cluster = Cluster::start(&Program::ALL);
    Step::InitializeRegistry
        .run(&cluster.setup())
        .await
        .unwrap();
    let outcome = Step::AddIssuer
        .run(&Setup {
            issuer: None,
            ..cluster.setup()
        })
        .await
        .unwrap();
    assert!(matches!(outcome, Outcome::Skipped(_)), "{outcome}");

    Step::AddIssuer.run(&cluster.setup()).await.unwrap();
    let renamed = FirstIssuer {
        name: "Another Board",
        ..ISSUER
    };
    let setup = Setup {
        issuer: Some(renamed),
        ..cluster.setup()
    };
    let outcome = Step::AddIssuer.run(&setup).await.unwrap();
    assert!(matches!(outcome, Outcome::Skipped(_)), "{outcome}");

    let stranger = Keypair::new();
    let error = run(Setup {
        authority: &stranger,
        ..cluster.setup()
    })
    .await
    .unwrap_err();
    let (held, wanted) = (cluster.authority.pubkey(), stranger.pubkey());
    assert!(
        matches!(error, Error::OtherAuthority { actual, asked } if actual == held && asked == wanted),
        "{error}"
    );
}

#[tokio::test]
async fn only_the_upgrade_authority_initialises_the_registry() {
    let cluster = Cluster::start(&Program::ALL);
    let stranger = Keypair::new();
    let error = run(Setup {
        upgrade_authority: &stranger,
        ..cluster.setup()
    })
    .await
    .unwrap_err();
    assert!(
        matches!(&error, Error::Client(pedigree_client::Error::Refused(refusal))
            if refusal.is(RegistryError::NotUpgradeAuthority)),
        "{error}"
    );
}

#[tokio::test]
async fn nothing_is_written_while_a_program_is_missing() {
    let cluster = Cluster::start(&[Program::Registry]);
    let error = run(cluster.setup()).await.unwrap_err();
    assert!(
        matches!(
            error,
            Error::NotDeployed {
                program: Program::Custody
            }
        ),
        "{error}"
    );
    let (_, accounts) = cluster
        .ledger
        .accounts(&[address::registry()])
        .await
        .unwrap();
    assert!(accounts[0].is_none());
}
