//! `cargo xtask soak`: the tests that are worth hours, with more of everything than `cargo xtask test`
//! has time for.

use std::{
    hash::{BuildHasher as _, RandomState},
    time::Instant,
};

use anyhow::{Context as _, Result};
use clap::Args;

use crate::{cargo, fuzz::Fuzz, workspace::Workspace};

/// Long runs of what is random in the tests.
#[derive(Args)]
pub struct Soak {
    /// Steps to try on the programs and on the model of their rules.
    #[arg(long, value_name = "N", default_value_t = 1_000_000)]
    steps: u64,

    /// Mutated instructions that the hot path and Anchor's dispatcher must agree on.
    #[arg(long, value_name = "N", default_value_t = 250_000)]
    mutations: u64,

    /// Try the same steps and mutations as the run that printed this seed [default: a random one]
    #[arg(long, value_name = "N")]
    seed: Option<u64>,

    /// How many seconds to search for scans that the parser gets wrong.
    #[arg(long, value_name = "N", default_value_t = 3_600)]
    seconds: u64,
}

impl Soak {
    /// Runs everything on the programs in target/deploy, up to the first failure.
    pub fn run(self, workspace: &Workspace) -> Result<()> {
        let Self {
            steps,
            mutations,
            seed,
            seconds,
        } = self;
        let seed = seed.unwrap_or_else(|| RandomState::new().hash_one(()));
        eprintln!("==> `--seed {seed}` repeats the model's steps and the mutations");
        let runs = [
            ("model", "MODEL_STEPS", steps),
            ("hot_path", "HOT_PATH_MUTATIONS", mutations),
        ];
        for (test, amount, number) in runs {
            eprintln!("==> {test}, {amount}={number}");
            let start = Instant::now();
            cargo::run(
                cargo::command(workspace, "test")?
                    .args(["--workspace", "--test", test, "--", "--nocapture"])
                    .env(amount, number.to_string())
                    .env("MODEL_COMPLETE", "1")
                    .env("PROPTEST_RNG_SEED", seed.to_string()),
            )
            .with_context(|| format!("{test} failed with seed {seed}"))?;
            eprintln!("{} s", start.elapsed().as_secs());
        }

        eprintln!("==> fuzz");
        Fuzz { seconds }.run(workspace)
    }
}
