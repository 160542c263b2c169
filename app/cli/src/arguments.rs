//! Arguments that several commands take, read and checked.

use std::{str::FromStr, time::Duration};

use anyhow::{Context as _, Result, bail};
use chrono::{Days, NaiveDate, Utc};
use clap::{
    Args,
    builder::{PossibleValuesParser, TypedValueParser},
};
use pedigree_client::{
    Ledger, Located, TransferKind,
    custody::{Consignment, ExceptionCode},
    domain::Roles,
    reference::{ConsignmentRef, LotRef},
};

/// What a command is about: a consignment, or a whole lot.
#[derive(Args)]
#[group(required = true, multiple = false)]
pub struct Subject {
    /// The consignment: its address, GTIN/LOT[#UNIT], or its SSCC
    pub consignment: Option<ConsignmentRef>,
    /// The whole lot instead; for its manufacturer or a regulator
    #[arg(long, value_name = "GTIN/LOT")]
    pub lot: Option<LotRef>,
}

impl Subject {
    /// The consignment, if it is not about a lot.
    pub async fn consignment(&self, ledger: &Ledger) -> Result<Located<Consignment>> {
        let named = self
            .consignment
            .context("name a consignment, or a lot with --lot")?;
        Ok(named.resolve(ledger).await?)
    }
}

/// Reads an exception by its name.
pub fn exceptions() -> impl TypedValueParser<Value = ExceptionCode> {
    let names = ExceptionCode::ALL
        .iter()
        .filter(|code| **code != ExceptionCode::None)
        .filter_map(|code| code.name());
    PossibleValuesParser::new(names)
        .map(|name| ExceptionCode::parse(&name).unwrap_or(ExceptionCode::None))
}

/// A SHA-256 digest, as 64 hexadecimal digits.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Digest(pub [u8; 32]);

impl FromStr for Digest {
    type Err = anyhow::Error;

    fn from_str(text: &str) -> Result<Self> {
        let mut digest = [0; 32];
        hex::decode_to_slice(text, &mut digest).ok().with_context(|| {
            format!(
                "{text:?} is not a SHA-256 digest: give 64 hexadecimal digits, as `sha256sum` prints them"
            )
        })?;
        Ok(Self(digest))
    }
}

/// What a change of custody is for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, clap::ValueEnum)]
pub enum Kind {
    /// Title passes with the goods.
    #[default]
    Sale,
    /// Back up the chain; title passes if the sender has it.
    Return,
    /// Possession only: to a 3PL or onwards from it.
    Logistics,
    /// To be destroyed: to any site that may hold medicines but a dispenser or a laboratory.
    Disposal,
    /// To a laboratory, to be examined.
    Examination,
}

impl From<Kind> for TransferKind {
    fn from(kind: Kind) -> Self {
        match kind {
            Kind::Sale => Self::Sale,
            Kind::Return => Self::Return,
            Kind::Logistics => Self::Logistics,
            Kind::Disposal => Self::Disposal,
            Kind::Examination => Self::Examination,
        }
    }
}

/// One of the values of a list, or `any`, which stands for the list without limits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OrAny<T> {
    Any,
    One(T),
}

impl<T> OrAny<T> {
    /// What is listed; nothing if `any` is among it.
    pub fn listed(values: Vec<Self>) -> impl ExactSizeIterator<Item = T>
    where
        T: Clone,
    {
        let is_any = values.iter().any(|value| matches!(value, Self::Any));
        let listed: Vec<T> = values
            .into_iter()
            .filter_map(|value| match value {
                Self::One(value) if !is_any => Some(value),
                _ => None,
            })
            .collect();
        listed.into_iter()
    }
}

impl<T: FromStr> FromStr for OrAny<T> {
    type Err = T::Err;

    fn from_str(text: &str) -> Result<Self, T::Err> {
        if text == "any" {
            Ok(Self::Any)
        } else {
            text.parse().map(Self::One)
        }
    }
}

/// What a partner is licensed to do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub enum Role {
    Manufacturer,
    Repackager,
    Wholesaler,
    Logistics,
    Dispenser,
    Regulator,
    ReverseDistributor,
    Laboratory,
}

impl Role {
    /// The bits of all `roles`.
    pub fn bits(roles: &[Self]) -> u16 {
        roles
            .iter()
            .fold(Roles::empty(), |bits, role| bits | role.flag())
            .bits()
    }

    fn flag(self) -> Roles {
        match self {
            Self::Manufacturer => Roles::MANUFACTURER,
            Self::Repackager => Roles::REPACKAGER,
            Self::Wholesaler => Roles::WHOLESALER,
            Self::Logistics => Roles::LOGISTICS,
            Self::Dispenser => Roles::DISPENSER,
            Self::Regulator => Roles::REGULATOR,
            Self::ReverseDistributor => Roles::REVERSE_DISTRIBUTOR,
            Self::Laboratory => Roles::LABORATORY,
        }
    }
}

/// The last day, `YYYY-MM-DD`, on which something is valid.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LastDay(NaiveDate);

impl LastDay {
    /// Unix seconds: the first moment after the day, UTC.
    pub fn end(self) -> i64 {
        let next = self
            .0
            .checked_add_days(Days::new(1))
            .unwrap_or(NaiveDate::MAX);
        next.and_hms_opt(0, 0, 0)
            .unwrap_or_default()
            .and_utc()
            .timestamp()
    }
}

impl FromStr for LastDay {
    type Err = anyhow::Error;

    fn from_str(text: &str) -> Result<Self> {
        NaiveDate::parse_from_str(text, "%Y-%m-%d")
            .map(Self)
            .with_context(|| format!("{text:?} is not a calendar day: write it as YYYY-MM-DD"))
    }
}

/// The terms of a transfer, for `ship` and `handoff`.
#[derive(Args)]
pub struct TransferTerms {
    /// What the change of custody is for
    #[arg(long, value_enum, default_value_t)]
    pub kind: Kind,
    #[command(flatten)]
    pub document: Document,
}

/// The document behind a step.
#[derive(Args)]
pub struct Document {
    /// Salted SHA-256 of the document behind this step; only the hash is published [default: none]
    #[arg(long = "document", value_name = "SHA-256")]
    digest: Option<Digest>,
}

impl Document {
    /// The hash, if a document was named.
    pub fn hash(&self) -> Option<[u8; 32]> {
        self.digest.map(|digest| digest.0)
    }
}

/// Unix seconds at `wait` from now.
pub fn deadline(wait: Duration) -> Result<i64> {
    let seconds = i64::try_from(wait.as_secs())?;
    let Some(deadline) = Utc::now().timestamp().checked_add(seconds) else {
        bail!("the deadline is too far ahead: choose at most 90 days");
    };
    Ok(deadline)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_digest_has_64_digits() {
        let text = "00ff".repeat(16);
        assert_eq!(hex::encode(text.parse::<Digest>().unwrap().0), text);
        for text in ["", "00", &"0g".repeat(32), &"é".repeat(32)] {
            assert!(text.parse::<Digest>().is_err(), "{text}");
        }
    }

    #[test]
    fn a_licence_is_valid_through_its_last_day() {
        assert_eq!(
            "2026-11-22".parse::<LastDay>().unwrap().end(),
            1_795_392_000
        );
        assert!("2027-02-30".parse::<LastDay>().is_err());
    }
}
