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

    /// Try the same steps as the run that printed this seed [default: a random one]
    #[arg(long, value_name = "N")]
    seed: Option<u64>,

    /// How many seconds to search for scans that the parser gets wrong.
    #[arg(long, value_name = "N", default_value_t = 3_600)]
    seconds: u64,
}

impl Soak {
    /// Runs everything on the programs in target/deploy, up to the first failure.
    pub fn run(self, workspace: &Workspace) -> Result<()> {
        let seed = self.seed.unwrap_or_else(|| RandomState::new().hash_one(()));
        let steps = self.steps;
        eprintln!("==> model, {steps} steps; `--steps {steps} --seed {seed}` repeats them");
        let start = Instant::now();
        cargo::run(
            cargo::command(workspace, "test")?
                .args(["--workspace", "--test", "model", "--", "--nocapture"])
                .env("MODEL_STEPS", steps.to_string())
                .env("MODEL_COMPLETE", "1")
                .env("PROPTEST_RNG_SEED", seed.to_string()),
        )
        .with_context(|| format!("the model failed with seed {seed}"))?;
        eprintln!("{} s", start.elapsed().as_secs());

        eprintln!("==> fuzz");
        let seconds = self.seconds;
        Fuzz { seconds }.run(workspace)
    }
}
