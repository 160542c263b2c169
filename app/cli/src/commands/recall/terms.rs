//! The terms of a recall: its public notice, and how it is carried out.

use std::{fs, path::PathBuf};

use anyhow::{Context as _, Result, bail};
use clap::{
    Args,
    builder::{PossibleValuesParser, TypedValueParser},
};
use pedigree_client::{
    instruction::recall::{Notice, RecallStrategy},
    recall::{CheckLevel, RecallClass, RecallDepth, RecallReason},
    text::address_field,
};
use sha2::{Digest as _, Sha256};

use crate::arguments::Digest;

/// The public notice of a recall.
#[derive(Args)]
pub struct NoticeArguments {
    /// Where the public can read the notice
    #[arg(long, value_name = "URL")]
    notice_address: String,
    /// The notice as published; its SHA-256 is recorded on the ledger
    #[arg(long, value_name = "FILE", required_unless_present = "notice_hash")]
    notice: Option<PathBuf>,
    /// SHA-256 of the notice, instead of the file
    #[arg(long, value_name = "SHA-256", conflicts_with = "notice")]
    notice_hash: Option<Digest>,
}

impl NoticeArguments {
    pub fn notice(&self) -> Result<Notice> {
        let address = address_field("address of a notice", &self.notice_address)?;
        let hash = match (&self.notice, self.notice_hash) {
            (Some(file), _) => {
                let content =
                    fs::read(file).with_context(|| format!("could not read {}", file.display()))?;
                Sha256::digest(content).into()
            }
            (None, Some(hash)) => hash.0,
            (None, None) => bail!("give the notice with --notice"),
        };
        Ok(Notice { hash, address })
    }
}

/// How a recall is carried out (21 CFR 7.42).
#[derive(Args)]
pub struct StrategyArguments {
    /// Health hazard: I, II or III (21 CFR 7.3(m)), or unclassified
    #[arg(long, value_parser = classes())]
    class: RecallClass,
    /// How far down the chain it reaches (21 CFR 7.42(b)(1))
    #[arg(long, value_parser = depths())]
    depth: RecallDepth,
    /// Effectiveness checks: A all sites, B --percent, C 10 %, D 2 %, E none (21 CFR 7.42(b)(3))
    #[arg(long, value_parser = levels(), default_value = "A")]
    level: CheckLevel,
    /// Percentage of sites to ask at level B
    #[arg(
        long,
        value_name = "N",
        required_if_eq("level", "B"),
        default_value_t = 0,
        hide_default_value = true
    )]
    percent: u8,
}

impl StrategyArguments {
    pub const fn strategy(&self) -> RecallStrategy {
        RecallStrategy {
            class: self.class,
            depth: self.depth,
            check_level: self.level,
            check_percent: self.percent,
        }
    }
}

macro_rules! parser {
    ($name:ident, $code:ident) => {
        pub fn $name() -> impl TypedValueParser<Value = $code> {
            let names = $code::ALL.iter().filter_map(|code| code.name());
            PossibleValuesParser::new(names)
                .map(|name| $code::parse(&name).unwrap_or($code::from_code(u8::MAX)))
        }
    };
}
parser!(classes, RecallClass);
parser!(depths, RecallDepth);
parser!(levels, CheckLevel);
parser!(reasons, RecallReason);
